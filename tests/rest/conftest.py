"""A controller that is served: anew for every test, or one for tests that leave no trace."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rest.serving import ASK, Caller, Served, served


@pytest.fixture
def controller(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as found:
        found.apply(ASK)
        yield found


@pytest.fixture
def client(controller: Served) -> Caller:
    return controller.client


@pytest.fixture(scope="module")
def one_controller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("controller")) as found:
        found.apply(ASK)
        yield found


@pytest.fixture
def visitor(one_controller: Served) -> Iterator[Caller]:
    headers = dict(one_controller.client.headers)
    yield one_controller.client
    one_controller.client.headers = headers
