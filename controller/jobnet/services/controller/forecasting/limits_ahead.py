"""Says what there is to be had from now on: settings that run out, windows that open and close.

A window that holds closes its queues, suspends its networks, or everything. Windows on hosts and
nodes, and those that skip, are told of and not counted: which part would meet them is known only
when it starts.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from jobnet.definition import Queue
from jobnet.engine import Limits
from jobnet.ids import NetworkName
from jobnet.schedules import WindowAction
from jobnet.schedules.windows import WindowSpan
from jobnet.services.controller.limits import Defined, Settings, limits_of, next_change

CHANGES_MAX: Final = 2_000
"""So often what there is may change within a forecast; what comes later is left out."""


def limits_ahead(
    defined: Defined,
    settings: Settings,
    windows: Collection[WindowSpan],
    *,
    now: datetime,
    last: datetime,
    jobs_max: int | None,
) -> tuple[tuple[datetime, Limits], ...]:
    """Return what there is from each instant on at which it changes, the first being now."""
    counted = [each for each in windows if is_counted(each)]
    instants = sorted({now, *_changes(settings, now, last), *_edges(counted, now, last)})
    return tuple(
        (at, _closed(limits_of(defined, settings, now=at, jobs_max=jobs_max), counted, at))
        for at in instants[:CHANGES_MAX]
    )


def is_counted(window: WindowSpan) -> bool:
    """Return whether a forecast knows what a window holds up."""
    targets = window.targets
    named = targets.hosts is None and not targets.nodes
    return window.action is WindowAction.HOLD and named


def uncounted(windows: Iterable[WindowSpan]) -> Iterator[str]:
    """Yield a sentence for each window that is not counted, though it may hold something up."""
    for name in dict.fromkeys(
        each.window
        for each in windows
        if not is_counted(each) and each.action is not WindowAction.WARN
    ):
        yield f"window {name}: what it covers is known only when a part starts; it is not counted"


def _changes(settings: Settings, now: datetime, last: datetime) -> Iterator[datetime]:
    at = next_change(settings, now)
    while at is not None and at < last:
        yield at
        at = next_change(settings, at)


def _edges(windows: Iterable[WindowSpan], now: datetime, last: datetime) -> Iterator[datetime]:
    for each in windows:
        yield from (at for at in (each.first, each.last) if now < at < last)
        if each.last >= last > each.first:
            yield each.last


def _closed(limits: Limits, windows: Iterable[WindowSpan], at: datetime) -> Limits:
    for each in windows:
        if not each.is_open(at):
            continue
        why = f"window {each.window}"
        if each.targets.is_everything:
            limits = replace(limits, standstill=why)
        queues = {
            name: replace(limits.queues.get(name, Queue(name=name)), is_held=True)
            for name in each.targets.queues
        }
        networks = {NetworkName(name): why for name in each.targets.networks}
        limits = replace(
            limits,
            queues={**limits.queues, **queues},
            suspended={**limits.suspended, **networks},
        )
    return limits
