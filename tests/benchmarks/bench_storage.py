"""Measures commits to journals against the bare database and what the disk itself can sync.

A turn here adds one entry to a journal and writes the run's row and one part's row with it. The
references, measured in the same process between the rounds: the disk's own rate of synced
appends, and bare inserts of the same entry, a transaction each, on the driver's own connection.
The best of some rounds counts, since other work on the machine only makes it slower.
"""

import dataclasses
import os
import sqlite3
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import psycopg
from jobnet.ids import RunId
from jobnet.ports.store import RunChange, RunTurn
from jobnet.storage import Place, PostgresPlace, SqlitePlace, SqlStore, open_store

from tests.storage.postgres import PostgresServer
from tests.storage.rows import add_run, entry, part_row, run_row

ROUNDS = 3
SECONDS = 1.0
THREADS = 16
PAGE = b"x" * 4096
PAYLOAD = '{"part": "load", "attempt": 1, "exit_code": 0, "message": "' + "x" * 200 + '"}'
Ways = dict[str, Callable[[], float]]


def rate(act: Callable[[int], object], *, threads: int = 1) -> float:
    """Return how often a second something can be done by so many threads at once."""

    def repeat(thread: int) -> int:
        done = 0
        while perf_counter() - began < SECONDS:
            act(thread)
            done += 1
        return done

    began = perf_counter()
    if threads == 1:
        count = repeat(0)
    else:
        with ThreadPoolExecutor(threads) as pool:
            count = sum(pool.map(repeat, range(threads)))
    return count / (perf_counter() - began)


def synced_appends(folder: Path) -> Callable[[], float]:
    """Return what measures the disk's own rate of appends, each synced."""
    file = os.open(folder / "appended", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def append(_: int) -> None:
        os.write(file, PAGE)
        os.fdatasync(file)

    return lambda: rate(append)


def bare_sqlite(folder: Path, *, synchronous: str) -> Callable[[], float]:
    """Return what measures inserts on a connection of ``sqlite3``, a transaction each."""
    connection = sqlite3.connect(folder / f"bare-{synchronous}", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    connection.execute(
        "CREATE TABLE entry (run_id TEXT, position INTEGER, payload TEXT,"
        " PRIMARY KEY (run_id, position))"
    )
    position = iter(range(10**9))

    def insert(_: int) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO entry VALUES (?, ?, ?)", ("r", next(position), PAYLOAD))
        connection.execute("COMMIT")

    return lambda: rate(insert)


def bare_postgresql(url: str, *, threads: int) -> Callable[[], float]:
    """Return what measures inserts on so many connections of ``psycopg``, a transaction each."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS bare (run_id TEXT, position INTEGER, payload TEXT,"
            " PRIMARY KEY (run_id, position))"
        )
    connections = [psycopg.connect(url, autocommit=True) for _ in range(threads)]
    position = iter(range(10**9))

    def insert(thread: int) -> None:
        values = (f"r-{threads}", next(position), PAYLOAD)
        connections[thread].execute("INSERT INTO bare VALUES (%s, %s, %s)", values)

    return lambda: rate(insert, threads=threads)


def turns(store: SqlStore, *, threads: int, name: str) -> Callable[[], float]:
    """Return what measures turns, each thread on a run of its own."""
    runs = [RunId(f"{name}-{thread}") for thread in range(threads)]
    for run in runs:
        add_run(store, run_row(run))

    def decide(turn: RunTurn) -> RunChange:
        position = turn.row.position + 1
        return RunChange(
            row=dataclasses.replace(turn.row, position=position),
            entries=(entry(position, PAYLOAD),),
            parts=(part_row(f"part-{position % 100}", run=turn.row.run),),
        )

    return lambda: rate(
        lambda thread: store.turn(runs[thread], decide, inputs_max=100), threads=threads
    )


def best_of(ways: Ways) -> dict[str, float]:
    """Return the best rate of each way; their rounds take turns."""
    best = dict.fromkeys(ways, 0.0)
    for _ in range(ROUNDS):
        for name, way in ways.items():
            best[name] = max(best[name], way())
    return best


def say(title: str, found: dict[str, float], reference: str) -> None:
    """Print rates, and how they stand to a reference."""
    sys.stdout.write(f"{title}\n")
    for name, value in found.items():
        sys.stdout.write(f"  {name:44}{value:10,.0f}/s {value / found[reference]:7.2f} x\n")


def stores(folder: Path, url: str) -> dict[str, SqlStore]:
    """Open a store of each kind."""
    places: dict[str, Place] = {
        "full": SqlitePlace(path=folder / "full" / "jobnet.sqlite3"),
        "normal": SqlitePlace(path=folder / "normal" / "jobnet.sqlite3", is_synced=False),
        "postgresql": PostgresPlace(url=url, connections_max=THREADS),
    }
    return {name: open_store(place) for name, place in places.items()}


def main() -> int:
    """Print the figures."""
    server = PostgresServer(
        is_on_disk=True, fsync="on", full_page_writes="on", shared_buffers="256MB"
    )
    with TemporaryDirectory() as name, server:
        folder, url = Path(name), server.new_database()
        opened = stores(folder, url)
        disk = "disk, synced appends of 4 KiB"
        sqlite: Ways = {
            disk: synced_appends(folder),
            "SQLite bare, FULL": bare_sqlite(folder, synchronous="FULL"),
            "turns, FULL, one caller": turns(opened["full"], threads=1, name="one"),
            f"turns, FULL, {THREADS} callers": turns(opened["full"], threads=THREADS, name="many"),
            "SQLite bare, NORMAL": bare_sqlite(folder, synchronous="NORMAL"),
            "turns, NORMAL, one caller": turns(opened["normal"], threads=1, name="one"),
            f"turns, NORMAL, {THREADS} callers": turns(
                opened["normal"], threads=THREADS, name="many"
            ),
        }
        say("SQLite (goal: FULL 0.7 of the disk, NORMAL 20,000/s)", best_of(sqlite), disk)
        bare = bare_postgresql(url, threads=1)
        postgresql: Ways = {
            disk: synced_appends(folder),
            "PostgreSQL bare, one connection": bare,
            f"PostgreSQL bare, {THREADS} connections": bare_postgresql(url, threads=THREADS),
            "turns, one caller": turns(opened["postgresql"], threads=1, name="one"),
            f"turns, {THREADS} callers": turns(opened["postgresql"], threads=THREADS, name="many"),
        }
        say("PostgreSQL (goal: 0.4 and 1.2 of the disk)", best_of(postgresql), disk)
        for store in opened.values():
            store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
