"""Brings the rows of the near plan up to what the rules say, two days ahead.

How far it has come, by which edition and since when stands beside the rows, written in the same
transaction. After an outage it goes on from there, so that starts which were never rows are seen
too; the misfire policy of their schedule then says what becomes of them.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from jobnet.ids import EditionId, RunId
from jobnet.ports.store import Signal, SignalKind, Store, Transaction, WaitKind
from jobnet.ports.store.plan import PlanChange, PlanRow, PlanState
from jobnet.services.controller.plan.drawn import Drawn
from jobnet.services.controller.plan.recalculation import (
    REPLACEABLE,
    Recalculated,
    Span,
    recalculated,
)
from jobnet.services.controller.plan.schedules import ScheduleBook, Sources

HORIZON: Final = timedelta(hours=48)
LOOKED_BACK: Final = timedelta(hours=24)
"""So far back starts are told that a change of the rules has missed."""
OUTAGE_MAX: Final = timedelta(days=31)
"""Starts of a longer outage than this are not looked at; how many days were left out is told."""
NEAR_STARTS_MAX: Final = 100_000
"""So many starts are made rows at once; the near plan is shorter where there are more."""
CHANGES_MAX: Final = 10_000
OPEN: Final = (PlanState.FIXED, PlanState.HELD)
UNTIL: Final = "plan_until"
SINCE: Final = "plan_since"
EDITION: Final = "plan_edition"
LOCK: Final = "plan_lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far the near plan has come; ``edition`` None: nothing was ever planned."""

    until: datetime
    since: datetime
    edition: EditionId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Materialised:
    """What came of it; ``problems`` say by schedule what nobody knows, "" is the plan itself."""

    until: datetime
    edition: EditionId
    added: int
    problems: dict[str, str]


def mark_of(tx: Transaction, now: datetime) -> Mark:
    """Return how far the near plan has come."""
    edition = tx.installation.get(EDITION)
    if not edition:
        return Mark(until=now, since=now, edition=None)
    return Mark(
        until=datetime.fromisoformat(tx.installation.get(UNTIL) or ""),
        since=datetime.fromisoformat(tx.installation.get(SINCE) or ""),
        edition=EditionId(int(edition)),
    )


class Materialising:
    """Makes rows of what the rules give."""

    def __init__(self, store: Store, book: ScheduleBook) -> None:
        self._store, self._book = store, book

    def catch_up(self) -> Materialised:
        """Bring the near plan up to now and two days ahead; doing it twice changes nothing."""
        now = self._store.now()
        edition, sources = self._book.current()
        mark, applied_at = self._store.read(lambda tx: _read(tx, now))
        span, left_out = _span(mark, edition, applied_at, now)
        found, problems = sources.between(span.first, span.last)
        if len(found) > NEAR_STARTS_MAX:
            span = replace(span, last=max(found[NEAR_STARTS_MAX].start, now))
            found = [each for each in found if each.start < span.last]
            problems[""] = (
                f"there are more than {NEAR_STARTS_MAX:,} starts, so the near plan goes"
                f" to {span.last.isoformat()} only"
            )
        if left_out:
            problems[""] = left_out
        known = self._known(mark, edition, sources)
        span = replace(span, known=known, silent=sources.silent(problems))
        added = self._store.write(lambda tx: _write(tx, found, span, mark, sources))
        told = {**sources.problems, **problems}
        return Materialised(until=span.last, edition=edition, added=added, problems=told)

    def _known(self, mark: Mark, edition: EditionId, sources: Sources) -> frozenset[str]:
        """Return the schedules that there were already when the plan was last worked out."""
        if mark.edition is None:
            return frozenset()
        before = mark.edition
        is_kept = not before or self._store.read(lambda tx: tx.editions.find(before)) is not None
        if before == edition or not is_kept:  # it was forgotten: nobody knows which are new
            return sources.names
        return self._book.of(before).names


def _read(tx: Transaction, now: datetime) -> tuple[Mark, datetime]:
    """Return the mark, and when the first edition was applied that it does not know."""
    mark = mark_of(tx, now)
    if mark.edition is None:
        return mark, now
    current = tx.editions.current()
    first = tx.editions.find(EditionId(mark.edition + 1)) or current
    return mark, min(first.at, now) if current.id != mark.edition else now


def _span(mark: Mark, edition: EditionId, applied_at: datetime, now: datetime) -> tuple[Span, str]:
    """Return what is worked out anew, and what had to be left out of it."""
    owed_from = min(mark.until, now)
    first = min(owed_from, applied_at)
    if mark.edition is not None and mark.edition != edition:
        owed_from = first
        first = min(first, max(mark.since, applied_at - LOOKED_BACK))
    oldest, left_out = now - OUTAGE_MAX, ""
    if owed_from < oldest:
        left_out = (
            f"nothing was planned from {owed_from.isoformat()} to {oldest.isoformat()}:"
            f" starts of more than {OUTAGE_MAX.days} days ago are left out"
        )
        owed_from = first = oldest
    span = Span(
        first=first,
        last=now + HORIZON,
        owed_from=owed_from,
        applied_at=max(applied_at, oldest),
        now=now,
        edition=edition,
    )
    return span, left_out


def _write(tx: Transaction, found: list[Drawn], span: Span, mark: Mark, sources: Sources) -> int:
    lock_plan(tx)
    changes = tx.plan.changes()
    rows = rows_in(tx, span.first, max(span.last, mark.until), changes)
    done = recalculated(found, rows, changes, span, sources.start_of)
    write(tx, done)
    tx.installation.set(UNTIL, max(span.last, span.now).isoformat())
    tx.installation.set(EDITION, str(span.edition))
    if mark.edition is None:
        tx.installation.set(SINCE, span.now.isoformat())
    return len(done.added)


def lock_plan(tx: Transaction) -> None:
    """Let nobody else work the plan out or change a day of it until the commit.

    Who fires a start needs no lock: a row is only ever replaced in a state that was seen.
    """
    tx.installation.set(LOCK, "")


def rows_in(
    tx: Transaction, first: datetime, last: datetime, changes: Collection[PlanChange]
) -> list[PlanRow]:
    """Return the rows of a span, all that are open, and those that somebody has changed."""
    found = {row.key: row for row in tx.plan.between(first, last, limit=2 * NEAR_STARTS_MAX)}
    ahead = tx.plan.between(last, last + OUTAGE_MAX, states=OPEN, limit=NEAR_STARTS_MAX)
    found.update({row.key: row for row in ahead})
    for change in changes:
        row = None if change.key in found else tx.plan.find(change.key)
        if row is not None:
            found[row.key] = row
    return list(found.values())


def write(tx: Transaction, done: Recalculated) -> None:
    """Write what was worked out, where nobody has fired a start meanwhile."""
    tx.plan.drop(done.dropped, expected=REPLACEABLE)
    tx.plan.add(done.added)
    for row in done.replaced:
        tx.plan.replace(row, expected=REPLACEABLE)
    for change in done.changes:
        tx.plan.put_change(change)
    rows = (*done.added, *done.replaced)
    tell_waits(tx, {*(row.key.network for row in rows), *(key.network for key in done.dropped)})


def tell_waits(tx: Transaction, networks: Collection[str]) -> bool:
    """Leave word for those that wait for ends of networks whose plan has changed."""
    awaited = [name for name in sorted(networks) if tx.errands.waits(WaitKind.END, name)]
    tx.signals.add(
        [Signal(kind=SignalKind.MATCH_END, name=name, run=RunId("")) for name in awaited]
    )
    return bool(awaited)
