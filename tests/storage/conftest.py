"""Opens a store and outputs over each kind of database, for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from jobnet.storage import (
    Place,
    PostgresPlace,
    SqlitePlace,
    SqlStore,
    open_outputs,
    open_store,
)

from tests.storage.memory import memory_folder
from tests.storage.postgres import PostgresServer

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.parts)]


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    """Run one server for all tests of a session."""
    with PostgresServer() as running:
        yield running


@pytest.fixture(scope="session")
def template(server: PostgresServer) -> str:
    """Make a database with all tables once, from which tests have their own."""
    url = server.new_database()
    open_store(PostgresPlace(url=url)).close()
    open_outputs(PostgresPlace(url=url)).close()
    return url.rpartition("/")[2]


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest) -> Place:
    """Return a place of each kind in which nothing is kept yet."""
    found: Place = request.getfixturevalue(f"{request.param}_place")
    return found


@pytest.fixture
def sqlite_place() -> Iterator[SqlitePlace]:
    """Return a file that is not there yet."""
    with TemporaryDirectory(prefix="jobnet-sqlite-", dir=memory_folder()) as folder:
        yield SqlitePlace(path=Path(folder) / "jobnet.sqlite3")


@pytest.fixture
def postgresql_place(server: PostgresServer, template: str) -> Iterator[PostgresPlace]:
    """Return a database of the server in which nothing is kept yet."""
    url = server.new_database(template)
    yield PostgresPlace(url=url, connections_max=10)
    server.drop_database(url)


@pytest.fixture
def store(place: Place) -> Iterator[SqlStore]:
    opened = open_store(place)
    yield opened
    opened.close()
