"""What goes wrong with a file is said clearly, and passes when its cause has."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from jobnet.errors.storage import (
    DatabaseAway,
    DatabaseDamaged,
    DatabaseForeign,
    DatabaseFull,
    DatabaseInUse,
    DatabaseReadOnly,
    DatabaseTooNew,
    DatabaseTooOld,
)
from jobnet.ports.store import Transaction
from jobnet.storage import SqlitePlace, SqlStore, open_store
from jobnet.storage.transactions import OpenTransaction

from tests.storage.rows import RUN, add_run, advance, run_row

PROGRAM_SECONDS_MAX = 60


@pytest.fixture
def place(sqlite_place: SqlitePlace) -> SqlitePlace:
    """Return a place in an empty folder."""
    return sqlite_place


def set_pragma(store: SqlStore, words: str) -> None:
    """Change the connection that writes, as a full disk or a change of the mount would."""

    def work(tx: Transaction) -> None:
        assert isinstance(tx, OpenTransaction)
        tx.connection.driver.execute(f"PRAGMA {words}")

    store.write(work)


def test_a_full_disk_is_said_and_work_goes_on_once_there_is_room(place: SqlitePlace) -> None:
    store = open_store(place)
    add_run(store)
    set_pragma(store, "max_page_count = 1")
    large = '"' + "x" * 200_000 + '"'

    with pytest.raises(DatabaseFull, match="make room"):
        advance(store, large)
    set_pragma(store, "max_page_count = 100000")

    assert advance(store, large)
    assert len(store.read(lambda tx: tx.runs.entries(RUN, 0))) == 1
    store.close()


def test_a_file_that_can_only_be_read_is_said_and_can_be_read(place: SqlitePlace) -> None:
    store = open_store(place)
    add_run(store)
    set_pragma(store, "query_only = 1")

    with pytest.raises(DatabaseReadOnly):
        advance(store, "1")

    assert store.read(lambda tx: tx.runs.find(RUN)) is not None
    store.close()


def test_a_file_that_is_no_database_is_damaged(place: SqlitePlace) -> None:
    place.path.write_bytes(b"this is no database" * 1000)

    with pytest.raises(DatabaseDamaged, match="restore"):
        open_store(place)


def test_a_damaged_page_is_said_by_who_meets_it(place: SqlitePlace) -> None:
    store = open_store(place)
    for number in range(300):
        add_run(store, run_row(f"run-{number:04}", detail="x" * 500))
    store.close()
    size = place.path.stat().st_size
    with place.path.open("r+b") as file:
        file.seek(4096 * 2)
        file.write(os.urandom(size - 4096 * 3))

    with pytest.raises((DatabaseDamaged, DatabaseForeign)):
        read_all(place)


def read_all(place: SqlitePlace) -> None:
    store = open_store(place)
    try:
        store.read(lambda tx: [tx.runs.find(row.run) for row in tx.runs.unended()])
    finally:
        store.close()


def test_a_file_of_a_newer_version_is_refused_and_left_as_it_is(place: SqlitePlace) -> None:
    open_store(place).close()
    with sqlite3.connect(place.path) as connection:
        connection.execute("UPDATE schema_version SET version_num = 'main_99'")

    with pytest.raises(DatabaseTooNew, match="main_99"):
        open_store(place)
    with pytest.raises(DatabaseTooNew, match="main_99"):
        open_store(SqlitePlace(path=place.path, is_read_only=True))


def test_a_file_of_another_program_is_refused(place: SqlitePlace) -> None:
    with sqlite3.connect(place.path) as connection:
        connection.execute("CREATE TABLE invoice (id INTEGER)")

    with pytest.raises(DatabaseForeign, match="invoice"):
        open_store(place)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(DatabaseAway, match="cannot be used"):
        open_store(SqlitePlace(path=tmp_path / "file" / "jobnet.sqlite3"))


def test_a_second_store_is_refused_with_the_process_that_has_the_first(
    place: SqlitePlace,
) -> None:
    store = open_store(place)

    with pytest.raises(DatabaseInUse, match=str(os.getpid())) as refusal:
        open_store(place)
    store.close()
    again = open_store(place)
    again.close()

    assert refusal.value.pid == os.getpid()


def test_a_second_process_is_refused(place: SqlitePlace) -> None:
    store = open_store(place)
    program = (
        "from pathlib import Path; from jobnet.storage import *\n"
        f"open_store(SqlitePlace(path=Path({str(place.path)!r})))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=PROGRAM_SECONDS_MAX,
        check=False,
    )
    store.close()

    assert f"DatabaseInUse: The database {place.path} is in use by process" in done.stderr
    assert done.returncode == 1


def test_a_refused_store_lets_go_of_the_lock(place: SqlitePlace) -> None:
    place.path.write_bytes(b"this is no database" * 1000)
    with pytest.raises(DatabaseDamaged):
        open_store(place)
    place.path.unlink()

    store = open_store(place)

    add_run(store)
    store.close()


def test_a_store_that_only_reads_stands_beside_the_one_that_writes(place: SqlitePlace) -> None:
    store = open_store(place)
    reader = open_store(SqlitePlace(path=place.path, is_read_only=True))
    add_run(store)

    found = reader.read(lambda tx: tx.runs.find(RUN))
    with pytest.raises(DatabaseReadOnly):
        reader.write(lambda tx: tx.runs.add(run_row("other")))
    reader.close()
    store.close()

    assert found == run_row()


def test_a_store_that_only_reads_makes_no_file(place: SqlitePlace) -> None:
    with pytest.raises(DatabaseAway):
        open_store(SqlitePlace(path=place.path, is_read_only=True))

    assert not place.path.exists()


def test_a_store_that_only_reads_refuses_an_older_file(place: SqlitePlace) -> None:
    open_store(place).close()
    with sqlite3.connect(place.path) as connection:
        connection.execute("UPDATE schema_version SET version_num = 'main_1'")

    with pytest.raises(DatabaseTooOld, match="start the controller"):
        open_store(SqlitePlace(path=place.path, is_read_only=True))


def test_a_store_that_was_closed_leaves_one_tidy_file(place: SqlitePlace) -> None:
    store = open_store(place)
    add_run(store)
    store.read(lambda tx: tx.runs.find(RUN))
    store.close()

    assert {path.name for path in place.path.parent.iterdir()} == {place.path.name, "lock"}


def test_a_path_with_odd_characters_is_a_path(tmp_path: Path) -> None:
    path = tmp_path / "a ?mode=ro#100% ü" / "jobnet.sqlite3"

    store = open_store(SqlitePlace(path=path))
    add_run(store)
    store.close()

    assert path.exists()
