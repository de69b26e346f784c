"""A controller that is served, anew for every test."""

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
