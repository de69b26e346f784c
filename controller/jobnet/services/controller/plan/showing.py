"""Shows the plan page by page: rows of the past and of the near plan, then what the rules give.

Behind the near plan nothing is kept, so starts are worked out for whoever asks, a stretch at a
time and no further than the page goes.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from jobnet.errors.plan import PlanCursorRefused, PlanSpanRefused, StartNotPlanned
from jobnet.ports.plain_values import from_json
from jobnet.ports.store import Store, Transaction
from jobnet.ports.store.plan import PlanChange, PlanRow, PlanState
from jobnet.schedules import OccurrenceKey
from jobnet.services.controller.plan.changed import by_key
from jobnet.services.controller.plan.drawn import Drawn
from jobnet.services.controller.plan.entries import (
    PAGE_ENTRIES_MAX,
    PLANNED,
    SPAN_MAX,
    PlanEntry,
    PlanPage,
    PlanWish,
)
from jobnet.services.controller.plan.materialising import mark_of
from jobnet.services.controller.plan.schedules import ScheduleBook, Sources

STRETCH_FIRST: Final = timedelta(days=1)
STRETCH_MAX: Final = timedelta(days=32)
_STATES: Final = frozenset(PlanState)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What the database says about a page."""

    rows: tuple[PlanRow, ...]
    changes: Mapping[OccurrenceKey, tuple[PlanChange, ...]]
    until: datetime


class Showing:
    """Makes entries and pages of the plan."""

    def __init__(self, store: Store, book: ScheduleBook) -> None:
        self._store, self._book = store, book

    def page(self, wish: PlanWish) -> PlanPage:
        """Return a page; raises ``PlanSpanRefused`` and ``PlanCursorRefused``."""
        if not wish.first < wish.last or wish.last - wish.first > SPAN_MAX:
            raise PlanSpanRefused(wish.first, wish.last, span_max=SPAN_MAX)
        first, after = _place(wish)
        limit = min(max(wish.limit, 1), PAGE_ENTRIES_MAX)
        kept = self._store.read(lambda tx: self._kept(tx, wish, first, after, limit + 1))
        entries = [entry_of_row(row, kept.changes.get(row.key, ())) for row in kept.rows]
        _, sources = self._book.current()
        problems = dict(sources.problems)
        if not wish.states or wish.states - {state.value for state in _STATES - _AHEAD}:
            begin = (max(first, kept.until), after)
            entries += _ahead(sources, wish, begin, kept, limit + 1, problems)
        entries.sort(key=lambda entry: (entry.start, entry.key))
        shown = tuple(entries[:limit])
        return PlanPage(
            entries=shown,
            next=_cursor(shown[-1]) if len(entries) > limit else "",
            lost=tuple(one for some in kept.changes.values() for one in some if one.is_lost),
            problems=tuple(f"{name}: {what}" for name, what in sorted(problems.items())),
        )

    def entry(self, key: OccurrenceKey) -> PlanEntry:
        """Return one start; raises ``StartNotPlanned``, and what is wrong with its schedule."""
        row, changes = self._store.read(
            lambda tx: (tx.plan.find(key), tuple(tx.plan.changes([key])))
        )
        if row is not None:
            return entry_of_row(row, changes)
        start = self.start_of(key)
        if start is None or start.start < self._store.now():
            raise StartNotPlanned(key)
        return entry_of_start(start, changes)

    def start_of(self, key: OccurrenceKey) -> Drawn | None:
        """Return what the rules give for a key."""
        found = self._book.current()[1].start_of(key)
        return found if found is not None and found.key == key else None

    def _kept(
        self,
        tx: Transaction,
        wish: PlanWish,
        first: datetime,
        after: OccurrenceKey | None,
        limit: int,
    ) -> _Kept:
        states = [state for state in PlanState if state.value in wish.states]
        is_wanted = bool(states) or not wish.states
        rows = tx.plan.between(
            first,
            wish.last,
            network=wish.network,
            schedule=wish.schedule,
            states=states,
            after=after,
            limit=limit if is_wanted else 0,
        )
        now = self._store.now()
        return _Kept(
            rows=tuple(rows),
            changes=by_key(tx.plan.changes()),
            until=max(mark_of(tx, now).until, now),
        )


_AHEAD: Final = frozenset({PlanState.MERGED, PlanState.UNRESOLVED})
"""States that a start may have which is no row yet, beside ``planned``."""


def entry_of_row(row: PlanRow, changes: tuple[PlanChange, ...]) -> PlanEntry:
    """Return the entry of a start that has a row."""
    return PlanEntry(
        key=row.key,
        start=row.start,
        nominal_start=row.nominal_start,
        state=row.state.value,
        zone=row.zone,
        params=_params(row.params),
        steps=tuple(json.loads(row.steps)),
        merged=row.merged,
        run=row.run,
        detail=row.detail,
        is_fixed=True,
        changes=changes,
        repeat_after=None if row.repeat_seconds is None else timedelta(seconds=row.repeat_seconds),
        repeat_until=row.repeat_until,
    )


def entry_of_start(start: Drawn, changes: tuple[PlanChange, ...] = ()) -> PlanEntry:
    """Return the entry of a start that only the rules know."""
    occurrence = start.occurrence
    return PlanEntry(
        key=start.key,
        start=start.start,
        nominal_start=start.start,
        state=PLANNED if start.state is PlanState.FIXED else start.state.value,
        zone=occurrence.zone,
        params=_params(start.params),
        steps=occurrence.steps,
        merged=occurrence.merged,
        changes=changes,
        repeat_after=occurrence.repeat_after,
        repeat_until=occurrence.repeat_until,
    )


def parse_key(text: str) -> OccurrenceKey:
    """Return the key that its text names; raises ``StartNotPlanned``.

    >>> parse_key("nightly|pay|2026-05-29|21:55").nominal
    '21:55'
    """
    try:
        schedule, network, day, nominal = text.split("|")
        return OccurrenceKey(
            schedule=schedule,
            network=network,
            operating_day=date.fromisoformat(day),
            nominal=nominal,
        )
    except ValueError as error:
        raise StartNotPlanned(text) from error


def _ahead(
    sources: Sources,
    wish: PlanWish,
    begin: tuple[datetime, OccurrenceKey | None],
    kept: _Kept,
    count: int,
    problems: dict[str, str],
) -> list[PlanEntry]:
    """Return the first starts that the rules give behind the near plan."""
    seen = {row.key for row in kept.rows} | {
        key for key, changes in kept.changes.items() if not all(one.is_lost for one in changes)
    }
    found: list[PlanEntry] = []
    for first, last in _stretches(begin[0], wish.last):
        starts, silent = sources.between(first, last, network=wish.network)
        problems |= silent
        entries = (entry_of_start(start) for start in starts if start.key not in seen)
        found += [entry for entry in entries if _is_meant(entry, wish, begin)]
        if len(found) >= count:
            break
    return found[:count]


def _is_meant(
    entry: PlanEntry, wish: PlanWish, begin: tuple[datetime, OccurrenceKey | None]
) -> bool:
    at, after = begin
    if after is not None and (entry.start, entry.key) <= (at, after):
        return False
    is_of_schedule = wish.schedule in {None, entry.key.schedule}
    return is_of_schedule and (not wish.states or entry.state in wish.states)


def _stretches(first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Split a span, the longer the further ahead."""
    length = STRETCH_FIRST
    while first < last:
        until = min(first + length, last)
        yield first, until
        first, length = until, min(2 * length, STRETCH_MAX)


def _place(wish: PlanWish) -> tuple[datetime, OccurrenceKey | None]:
    if not wish.after:
        return wish.first, None
    instant, _, key = wish.after.partition(" ")
    try:
        start = datetime.fromisoformat(instant)
        if start.tzinfo is None or not wish.first <= start < wish.last:
            raise PlanCursorRefused(wish.after)
        return start, parse_key(key)
    except (ValueError, StartNotPlanned) as error:
        raise PlanCursorRefused(wish.after) from error


def _cursor(entry: PlanEntry) -> str:
    return f"{entry.start.isoformat()} {entry.key}"


def _params(text: str) -> Mapping[str, object]:
    found = from_json(json.loads(text))
    assert isinstance(found, Mapping), "params are a mapping"
    return found
