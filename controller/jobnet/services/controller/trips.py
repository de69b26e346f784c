"""Holds a queue whose jobs do not reach their hosts, instead of letting one after the other fail.

A queue with a ``trip`` trips when so many of its jobs have found hosts unreachable within some
time. Then nothing starts in it until an operator opens it: one job at a time tries, and the first
that reaches its hosts lets all others follow; one that does not holds the queue again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from jobnet.definition import Queue, Trip
from jobnet.engine.results import HostState, JobResult
from jobnet.ids import PartKey, RunId
from jobnet.ports.store import SlotRow, Transaction

KEPT_MAX: Final = 1_000
HELD: Final = 0
TRYING: Final = 1
_NAME: Final = "trips of queue "


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """When jobs of a queue did not reach hosts since one has, and when an operator opened it."""

    missed: tuple[datetime, ...] = ()
    opened: datetime | None = None


def tripped(queues: Mapping[str, Queue], reaches: Mapping[str, Reach]) -> Mapping[str, int]:
    """Return how many jobs may run in each queue that has tripped."""
    found = {}
    for name, queue in queues.items():
        reach = reaches.get(name)
        if queue.trip is not None and reach is not None and _has_tripped(queue.trip, reach):
            is_open = reach.opened is not None and reach.opened >= reach.missed[-1]
            found[name] = TRYING if is_open else HELD
    return found


def _has_tripped(trip: Trip, reach: Reach) -> bool:
    if not reach.missed:
        return False
    if reach.opened is not None:
        return True
    return any(
        last - first <= trip.within
        for first, last in zip(reach.missed, reach.missed[trip.unreachable - 1 :], strict=False)
    )


def read_reaches(tx: Transaction, queues: Mapping[str, Queue]) -> Mapping[str, Reach]:
    """Return what is known of queues that can trip."""
    names = [name for name, queue in queues.items() if queue.trip is not None]
    return {name: _read(tx, name) for name in names}


def note_end(
    tx: Transaction, run: RunId, part: PartKey, attempt: int, result: JobResult, at: datetime
) -> None:
    """Keep whether a job has reached its hosts, for the queue that it has run in."""
    missed = any(host.state is HostState.UNREACHABLE for host in result.hosts.values())
    if not missed and not result.is_normal:
        return  # it says nothing about the way to its hosts
    queue = _queue_of(tx, run, part, attempt)
    if queue is None:
        return
    before = _read(tx, queue)
    if missed:
        _write(tx, queue, replace(before, missed=(*before.missed, at)[-KEPT_MAX:]))
    elif before.missed:
        _write(tx, queue, Reach())


def open_again(tx: Transaction, queue: str, at: datetime) -> bool:
    """Let one job try; False where nothing has gone wrong in the queue."""
    before = _read(tx, queue)
    if not before.missed:
        return False
    _write(tx, queue, replace(before, opened=at))
    return True


def _queue_of(tx: Transaction, run: RunId, part: PartKey, attempt: int) -> str | None:
    for errand in tx.errands.of_run(run):
        if isinstance(errand, SlotRow) and (errand.part, errand.attempt) == (part, attempt):
            return errand.queue
    return None


def _read(tx: Transaction, queue: str) -> Reach:
    text = tx.installation.get(f"{_NAME}{queue}")
    if not text:
        return Reach()
    document = json.loads(text)
    opened = document["opened"]
    return Reach(
        missed=tuple(datetime.fromisoformat(each) for each in document["missed"]),
        opened=None if opened is None else datetime.fromisoformat(opened),
    )


def _write(tx: Transaction, queue: str, reach: Reach) -> None:
    document = {
        "missed": [each.isoformat() for each in reach.missed],
        "opened": None if reach.opened is None else reach.opened.isoformat(),
    }
    tx.installation.set(f"{_NAME}{queue}", json.dumps(document))
