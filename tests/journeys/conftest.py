"""Hosts for the journeys: started once, put in order before each test."""

from collections.abc import Iterator

import pytest

from tests.demo_hosts import DemoHosts, demo_hosts


@pytest.fixture(scope="session")
def started_hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoHosts]:
    """Three running hosts; ask for ``hosts`` instead, unless their state does not matter."""
    with demo_hosts(tmp_path_factory.mktemp("hosts")) as hosts:
        yield hosts


@pytest.fixture
def hosts(started_hosts: DemoHosts) -> DemoHosts:
    """The hosts with the application serving, the database up and no fault planted."""
    started_hosts.reset()
    return started_hosts
