"""Collects what has come for triggers: ends and events by their signals, files by their looks."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from jobnet.ids import EventName, HostName, NetworkName
from jobnet.ports.store import Transaction
from jobnet.ports.store.triggers import SeenRow, TriggerRow
from jobnet.schedules import EventArrived, FileArrived, Leaf, NetworkEnded
from jobnet.schedules.file_memory import Change, FolderLook, HostMemory, Mark, after_look
from jobnet.services.controller.effects import ENDED, SENT
from jobnet.services.controller.triggers.book import Trigger
from jobnet.services.controller.triggers.seen import of_end, of_event, of_file

LOOKED_BACK: Final = timedelta(days=4)
"""So far back ends and events are read again when a signal says that there are new ones."""
SEEN_MAX: Final = 1_000
"""So much may wait to be used up for one leaf; what comes beyond is passed over and told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look at files comes to for a trigger; ``again`` is when something has settled."""

    row: TriggerRow
    rows: tuple[SeenRow, ...] = ()
    problem: str = ""
    again: datetime | None = None


def of_signal(
    tx: Transaction, trigger: Trigger, row: TriggerRow, name: str, now: datetime
) -> Iterator[SeenRow]:
    """Yield what a signal tells a trigger of; most of it may be known already."""
    since = max(row.since, now - LOOKED_BACK)
    kind, _, meant = name.partition(":")
    for leaf in trigger.leaves:
        source = leaf.source
        if isinstance(source, NetworkEnded) and (kind, meant) == (ENDED[:-1], source.network):
            ends = tx.board.ends(NetworkName(meant), None, run=None, since=since)
            yield from _some(of_end(trigger, leaf, end) for end in ends)
        elif isinstance(source, EventArrived) and (kind, meant) == (SENT[:-1], source.name):
            events = tx.board.events(EventName(meant), since=since)
            sent = (event for event in events if event.sent_at >= row.since)
            yield from _some(of_event(trigger, leaf, event) for event in sent)


def of_looks(
    trigger: Trigger,
    row: TriggerRow,
    leaf: Leaf,
    looks: Mapping[HostName, FolderLook],
    now: datetime,
) -> Looked:
    """Return what a look at hosts comes to, with what the trigger has to remember of it."""
    source = leaf.source
    assert isinstance(source, FileArrived), "only such a leaf is looked for"
    memory = read_memory(row)
    of_leaf = dict(memory.get(leaf.id, {}))
    arrived: list[SeenRow] = []
    agains: list[datetime] = []
    for host, look in sorted(looks.items()):
        before = of_leaf.get(host)
        looked = after_look(source.event, before, look, settle=source.settle, now=now)
        if not look.problem:
            of_leaf[host] = looked.memory
        for arrival in looked.arrivals:
            arrived.extend(_some((of_file(trigger, leaf, host, arrival, now),)))
        agains.extend(() if looked.again is None else (looked.again,))
    problems = [
        f"{host or 'hosts'}: {look.problem}" for host, look in looks.items() if look.problem
    ]
    written = write_memory({**memory, leaf.id: of_leaf})
    return Looked(
        row=replace(row, memory=written),
        rows=tuple(arrived),
        problem="; ".join(sorted(problems)[:3]),
        again=min(agains, default=None),
    )


def with_room(tx: Transaction, rows: Iterable[SeenRow]) -> tuple[SeenRow, ...]:
    """Return the rows that there is room for, the oldest first."""
    room: dict[tuple[str, str], int] = {}
    found = []
    for row in sorted(rows, key=lambda each: (each.at, each.key)):
        key = (row.trigger, row.leaf)
        if key not in room:
            room[key] = SEEN_MAX - tx.triggers.count_unused(*key)
        if room[key] > 0:
            found.append(row)
            room[key] -= 1
    return tuple(found)


Memory = dict[str, dict[str, HostMemory]]


def read_memory(row: TriggerRow) -> Memory:
    """Return what a trigger remembers of files, by leaf and host; nothing where it is damaged."""
    try:
        document = json.loads(row.memory)
        return {
            leaf: {host: _host_memory(one) for host, one in hosts.items()}
            for leaf, hosts in document.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_memory(memory: Memory) -> str:
    """Return what a trigger remembers, as JSON."""
    document = {
        leaf: {
            host: {
                "known": one.known,
                "settling": {
                    path: [change.mark, change.since.isoformat()]
                    for path, change in one.settling.items()
                },
            }
            for host, one in hosts.items()
        }
        for leaf, hosts in memory.items()
    }
    return json.dumps(document, separators=(",", ":"), sort_keys=True)


def _host_memory(document: Mapping[str, Any]) -> HostMemory:
    return HostMemory(
        known={path: _mark(mark) for path, mark in document["known"].items()},
        settling={
            path: Change(
                mark=None if mark is None else _mark(mark), since=datetime.fromisoformat(since)
            )
            for path, (mark, since) in document["settling"].items()
        },
    )


def _mark(value: Sequence[Any]) -> Mark:
    size, mtime, inode = value
    return (int(size), float(mtime), int(inode))


def _some(rows: Iterable[SeenRow | None]) -> Iterator[SeenRow]:
    return (row for row in rows if row is not None)
