"""Tables that were made step by step are those that the classes of the code say."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from jobnet.storage import PostgresPlace, SqlitePlace, open_outputs, open_store
from jobnet.storage.migrations import MAIN, OUTPUT, History
from jobnet.storage.migrations.steps import is_known, script_of
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from tests.storage.postgres import PostgresServer
from tests.storage.rows import add_run

HISTORIES = pytest.mark.parametrize("history", [MAIN, OUTPUT], ids=lambda each: each.steps)
TABLES = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, column_default, collation_name
FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2
"""
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2
"""
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"


@HISTORIES
def test_steps_follow_one_another_up_to_the_head(history: History) -> None:
    script = script_of(history)

    assert script.get_heads() == [history.head]
    assert is_known(history, history.head)
    assert not is_known(history, "from the future")


@HISTORIES
def test_tables_of_a_file_are_those_of_the_classes(history: History, tmp_path: Path) -> None:
    opened = open_store if history is MAIN else open_outputs
    opened(SqlitePlace(path=tmp_path / "by_steps.sqlite3")).close()
    engine = create_engine(f"sqlite:///{tmp_path}/by_classes.sqlite3", poolclass=NullPool)
    history.catalogue.create_all(engine)

    by_steps = tables_of(tmp_path / "by_steps.sqlite3", but=history.version_table)
    by_classes = tables_of(tmp_path / "by_classes.sqlite3", but="")

    assert by_steps == by_classes


def tables_of(path: Path, *, but: str) -> dict[tuple[str, str], object]:
    """Return what every table and index consists of; a table's lines may have any order."""
    connection = sqlite3.connect(path)
    rows = connection.execute(TABLES).fetchall()
    connection.close()
    return {
        (kind, name): (table, sorted(line.strip(" ,\t") for line in (sql or "").splitlines()))
        for kind, name, table, sql in rows
        if table != but
    }


@pytest.mark.parts
def test_tables_of_a_server_are_those_of_the_classes(server: PostgresServer) -> None:
    by_steps, by_classes = server.new_database(), server.new_database()
    open_store(PostgresPlace(url=by_steps)).close()
    open_outputs(PostgresPlace(url=by_steps)).close()
    url = by_classes.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url, poolclass=NullPool)
    for history in (MAIN, OUTPUT):
        history.catalogue.create_all(engine)

    assert described(by_steps) == described(by_classes)


def described(url: str) -> list[tuple[object, ...]]:
    versions = {history.version_table for history in (MAIN, OUTPUT)}
    with psycopg.connect(url) as connection:
        found: list[tuple[object, ...]] = []
        for query in (COLUMNS, CONSTRAINTS, INDEXES):
            found += sorted(connection.execute(query.encode()).fetchall(), key=repr)
    return [row for row in found if row[0] not in versions]


def test_every_constraint_has_a_name() -> None:
    for history in (MAIN, OUTPUT):
        for table in history.catalogue.tables.values():
            assert all(constraint.name for constraint in table.constraints)


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    place = SqlitePlace(path=tmp_path / "jobnet.sqlite3")
    store = open_store(place)
    row = add_run(store)
    store.close()
    before = tables_of(place.path, but="")

    again = open_store(place)
    found = again.read(lambda tx: tx.runs.find(row.run))
    again.close()

    assert found == row
    assert tables_of(place.path, but="") == before


def test_a_step_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    place = SqlitePlace(path=tmp_path / "jobnet.sqlite3")
    with sqlite3.connect(place.path) as connection:
        connection.execute("CREATE TABLE wait (other TEXT)")  # in the way of the first step

    with pytest.raises(Exception, match="table wait already exists"):
        open_store(place)
    with sqlite3.connect(place.path) as connection:
        connection.execute("DROP TABLE wait")
    store = open_store(place)

    add_run(store)
    store.close()


@pytest.mark.parts
def test_two_processes_that_start_at_once_make_the_tables_once(server: PostgresServer) -> None:
    place = PostgresPlace(url=server.new_database())

    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: open_store(place), range(4)))

    add_run(stores[0])
    for store in stores:
        store.close()
