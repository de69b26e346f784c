"""A process that is killed in the middle of writing has lost nothing that it was answered."""

import signal
import subprocess
import sys

import pytest
from jobnet.ports.store import Transaction
from jobnet.storage import Place, PostgresPlace, open_store

from tests.storage.rows import RUN, add_run

THREADS = 4
ACKNOWLEDGED = 150
PROGRAM = """
import sys, threading
from pathlib import Path
from jobnet.storage import *
from tests.storage.rows import *

kind, where = sys.argv[1:]
place = PostgresPlace(url=where) if kind == "postgresql" else SqlitePlace(path=Path(where))
store = open_store(place)
say = threading.Lock()

def work(thread):
    number = 0
    while True:
        name = f"{thread}-{number}"
        advance(store, name, "second of " + name, parts=(part_row(name),))
        with say:
            print(name, flush=True)
        number += 1

for thread in range(4):
    threading.Thread(target=work, args=(thread,)).start()
"""


@pytest.mark.parametrize("kills", range(3))
def test_exactly_what_was_acknowledged_is_there_and_nothing_is_torn(
    place: Place, kills: int
) -> None:
    store = open_store(place)
    add_run(store)
    store.close()

    acknowledged = killed_after(place, ACKNOWLEDGED + kills * 37)

    again = open_store(place)
    written, positions = again.read(what_is_there)
    again.close()
    assert acknowledged <= written
    assert len(written - acknowledged) <= THREADS
    assert positions == list(range(1, 2 * len(written) + 1))


def killed_after(place: Place, count: int) -> set[str]:
    """Let a process write, kill it once it has told so many; return all that it told."""
    kind = "postgresql" if isinstance(place, PostgresPlace) else "sqlite"
    where = place.url if isinstance(place, PostgresPlace) else str(place.path)
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, kind, where], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(count)]
        process.send_signal(signal.SIGKILL)
        told += process.stdout.readlines()
    assert all(told), "it ended by itself"
    return {line.strip() for line in told if line.endswith("\n")}


def what_is_there(tx: Transaction) -> tuple[set[str], list[int]]:
    entries = tx.runs.entries(RUN, 0)
    firsts = [each.payload for each in entries[::2]]
    seconds = [each.payload for each in entries[1::2]]
    assert seconds == [f"second of {first}" for first in firsts]
    row = tx.runs.find(RUN)
    assert row is not None
    assert row.position == len(entries)
    assert {part.part for part in tx.runs.parts(RUN)} == set(firsts)
    return set(firsts), [each.position for each in entries]
