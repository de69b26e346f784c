"""Says what there is to be had: what the definitions say, and above it what was set at run time.

A setting counts until it is taken back or until its ``until``. One that cannot be read counts for
nothing, and the definition does.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from jobnet.definition import Network, Queue
from jobnet.engine import Limits, NetworkRule
from jobnet.ids import NetworkName
from jobnet.ports.store.queues import SettingRow

QUEUE: Final = "queue"
NETWORK: Final = "network"
RESOURCE: Final = "resource"
EVERYTHING: Final = "everything"
LIMIT: Final = "limit"
IS_HELD: Final = "is_held"
PRIORITY: Final = "priority"
IS_SUSPENDED: Final = "is_suspended"
CAPACITY: Final = "capacity"
DISK_FULL: Final = "disk_full"

Settings = Mapping[tuple[str, str, str], SettingRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Defined:
    """Queues and networks by their qualified names, as the definitions of an edition say."""

    queues: Mapping[str, Queue]
    networks: Mapping[NetworkName, Network]
    edition: int = 0


def limits_of(
    defined: Defined, settings: Settings, *, now: datetime, jobs_max: int | None = None
) -> Limits:
    """Return what counts now."""
    counting = {key: row for key, row in settings.items() if counts(row, now)}
    return Limits(
        queues=_queues(defined, counting),
        resources=_capacities(counting),
        networks={
            name: NetworkRule(limit=_limit(counting, network), overlap=network.overlap)
            for name, network in defined.networks.items()
        },
        jobs_max=jobs_max,
        suspended={
            NetworkName(name): _why(f"network {name} is suspended", row)
            for (kind, name, field), row in sorted(counting.items())
            if (kind, field) == (NETWORK, IS_SUSPENDED) and value_of(row) is True
        },
        standstill=_standstill(counting),
    )


def _standstill(counting: Settings) -> str:
    """Return why nothing may start, "" where something may."""
    for field, what in (
        (IS_SUSPENDED, "everything is suspended"),
        (DISK_FULL, "the disk is nearly full"),
    ):
        row = counting.get((EVERYTHING, "", field))
        if row is not None and value_of(row) is True:
            return _why(what, row)
    return ""


def counts(row: SettingRow, now: datetime) -> bool:
    """Return whether a setting has not run out."""
    return row.until is None or row.until > now


def is_suspended(settings: Settings, network: NetworkName, now: datetime) -> bool:
    """Return whether nothing of a network starts, or nothing at all."""
    things = ((EVERYTHING, ""), (NETWORK, str(network)))
    rows = (settings.get((kind, name, IS_SUSPENDED)) for kind, name in things)
    return any(row is not None and counts(row, now) and value_of(row) is True for row in rows)


def next_change(settings: Settings, now: datetime) -> datetime | None:
    """Return when the next setting runs out."""
    untils = (row.until for row in settings.values() if row.until is not None)
    return min((until for until in untils if until > now), default=None)


def value_of(row: SettingRow) -> object:
    """Return the value of a setting, None where it cannot be read."""
    try:
        return json.loads(row.value)
    except ValueError:
        return None


def _queues(defined: Defined, settings: Settings) -> Mapping[str, Queue]:
    """Return all queues; one that was only set at run time has no other limits."""
    known = dict(defined.queues)
    for kind, name, _ in settings:
        if kind == QUEUE and name not in known:
            known[name] = Queue(name=name)
    return {
        name: _queue(queue, name, settings, _forwarded(queue, known))
        for name, queue in known.items()
    }


def _forwarded(queue: Queue, known: Mapping[str, Queue]) -> tuple[str, ...]:
    """Return the qualified names of where a queue forwards to: of its folder, or from above."""
    folders = [queue.folder]
    while folders[-1]:
        folders.append(folders[-1].rpartition("/")[0])
    return tuple(
        next((found for found in (_joined(each, name) for each in folders) if found in known), name)
        for name in queue.forward_to
    )


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _queue(queue: Queue, name: str, settings: Settings, forward_to: tuple[str, ...]) -> Queue:
    """Return a queue under its qualified name, with what was set."""
    own = replace(queue, name=name, forward_to=forward_to)
    limit = _set(settings, (QUEUE, name, LIMIT))
    if limit is not None:
        own = replace(own, limit=_limit_in(limit, queue.limit))
    held = _set(settings, (QUEUE, name, IS_HELD))
    if held is not None:
        own = replace(own, is_held=value_of(held) is True)
    priority = _set(settings, (QUEUE, name, PRIORITY))
    if priority is not None:
        own = replace(own, priority=_number(value_of(priority)) or 0)
    return own


def _set(settings: Settings, key: tuple[str, str, str]) -> SettingRow | None:
    row = settings.get(key)
    return row if row is not None and _is_readable(row) else None


def _is_readable(row: SettingRow) -> bool:
    value = value_of(row)
    return value is not None or row.value.strip() == "null"


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _limit(settings: Settings, network: Network) -> int | None:
    row = _set(settings, (NETWORK, str(network.name), LIMIT))
    return network.limit if row is None else _limit_in(row, network.limit)


def _limit_in(row: SettingRow, defined: int | None) -> int | None:
    """Return the limit that was set; null takes it away, what is no number counts for nothing."""
    value = value_of(row)
    if value is None:
        return None
    number = _number(value)
    return defined if number is None else number


def _capacities(settings: Settings) -> Mapping[str, int]:
    found = {
        name: _number(value_of(row))
        for (kind, name, field), row in sorted(settings.items())
        if (kind, field) == (RESOURCE, CAPACITY)
    }
    return {name: capacity for name, capacity in found.items() if capacity is not None}


def _why(what: str, row: SettingRow) -> str:
    return f"{what} by {row.by}" + (f": {row.reason}" if row.reason else "")
