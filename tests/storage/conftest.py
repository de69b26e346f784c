"""Opens a store and outputs over each kind of database, for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jobnet.storage import (
    Place,
    PostgresPlace,
    SqlitePlace,
    SqlStore,
    open_store,
)

from tests.storage.postgres import PostgresServer

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.parts)]


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    """Run one server for all tests of a session."""
    with PostgresServer() as running:
        yield running


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Return an empty place of each kind."""
    if request.param == "sqlite":
        return SqlitePlace(path=tmp_path / "jobnet.sqlite3")
    server: PostgresServer = request.getfixturevalue("server")
    return PostgresPlace(url=server.new_database(), connections_max=10)


@pytest.fixture
def store(place: Place) -> Iterator[SqlStore]:
    opened = open_store(place)
    yield opened
    opened.close()
