"""Works out what has to be done so that the near plan is what the rules and the changes say.

What is past stays as it was. A start that is still to come follows the rules, and keeps what
people have changed of it. A change whose start is gone is marked lost; it counts again when the
rules give its start again. Starts that the rules would have given before they were changed are
told as missed: nothing is run because a calendar was corrected.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from jobnet.errors import ControllerError
from jobnet.ids import EditionId
from jobnet.ports.store.plan import PlanChange, PlanRow, PlanState
from jobnet.schedules import OccurrenceKey
from jobnet.services.controller.plan.changed import by_key, with_changes
from jobnet.services.controller.plan.drawn import FOLLOWING, Drawn, row_of

MISSED_BY_CHANGE: Final = (
    "missed by calendar change: the rules were changed when its time had passed"
)
REPLACEABLE: Final = (
    PlanState.FIXED,
    PlanState.HELD,
    PlanState.SKIPPED,
    PlanState.MERGED,
    PlanState.UNRESOLVED,
)
"""States in which a start that is still to come follows its rules."""
FORGOTTEN_AFTER: Final = timedelta(days=3)
"""A change of a day so long ago, of which there is no start, is left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What is worked out anew: starts of ``drawn`` lie from ``first`` to before ``last``.

    Starts before ``owed_from`` were planned already, or never: those missing are told as missed
    where their schedule is in ``known``, for it was there before. Others owe starts from
    ``applied_at`` only. Rows of schedules in ``silent`` stay as they are.
    """

    first: datetime
    last: datetime
    owed_from: datetime
    applied_at: datetime
    now: datetime
    edition: EditionId
    known: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalculated:
    """What has to be written. ``replaced`` and ``dropped`` only where nobody has fired them."""

    added: tuple[PlanRow, ...] = ()
    replaced: tuple[PlanRow, ...] = ()
    dropped: tuple[OccurrenceKey, ...] = ()
    changes: tuple[PlanChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to write."""
        return not (self.added or self.replaced or self.dropped or self.changes)


def recalculated(
    drawn: Sequence[Drawn],
    rows: Collection[PlanRow],
    changes: Collection[PlanChange],
    span: Span,
    start_of: Callable[[OccurrenceKey], Drawn | None],
) -> Recalculated:
    """Return what to write; ``rows`` are those of the span, open ones and changed ones.

    ``start_of`` asks the rules for one start outside of the span; it may raise.
    """
    work = _Recalculation(drawn, rows, changes, span, start_of)
    for each in drawn:
        work.take(each)
    for row in rows:
        work.keep(row)
    for change in changes:
        work.check(change)
    return Recalculated(
        added=tuple(work.added),
        replaced=tuple(work.replaced),
        dropped=tuple(work.dropped),
        changes=tuple(work.marked),
    )


class _Recalculation:
    """One recalculation that is under way."""

    def __init__(
        self,
        drawn: Sequence[Drawn],
        rows: Collection[PlanRow],
        changes: Collection[PlanChange],
        span: Span,
        start_of: Callable[[OccurrenceKey], Drawn | None],
    ) -> None:
        self.span, self._start_of = span, start_of
        self.drawn: Mapping[OccurrenceKey, Drawn] = {each.key: each for each in drawn}
        self.rows = {row.key: row for row in rows}
        self.changes = by_key(changes)
        self.added: list[PlanRow] = []
        self.replaced: list[PlanRow] = []
        self.dropped: list[OccurrenceKey] = []
        self.marked: list[PlanChange] = []
        self._asked: dict[OccurrenceKey, Drawn | None] = {}

    def take(self, each: Drawn) -> None:
        """Add or adapt the row of a start that the rules give in the span."""
        row = self.rows.get(each.key)
        is_known = each.key.schedule in self.span.known
        owed_from = self.span.owed_from if is_known else self.span.applied_at
        if row is not None:
            self._adapt(row, each)
        elif each.start >= owed_from:
            self.added.append(self._wanted(each))
        elif is_known:
            self.added.append(self._missed(each))

    def keep(self, row: PlanRow) -> None:
        """Let a row follow its rules that the span did not give."""
        if row.key in self.drawn or not self._follows(row):
            return
        if FOLLOWING in row.key.nominal:
            self._ask(row, self._keep_following)
        elif row.is_changed:
            self._ask(row, self._keep_changed)
        elif self.span.first <= row.nominal_start < self.span.last:
            self.dropped.append(row.key)

    def check(self, change: PlanChange) -> None:
        """Mark a change as lost, or as found again."""
        row = self.rows.get(change.key)
        is_by_hand = not change.key.schedule
        if is_by_hand or (row is not None and not self._follows(row)):
            return
        if row is None and change.key.operating_day < (self.span.now - FORGOTTEN_AFTER).date():
            return
        try:
            is_lost = self._found(change.key) is None
        except ControllerError:
            return
        if is_lost is not change.is_lost:
            self.marked.append(replace(change, is_lost=is_lost))

    def _follows(self, row: PlanRow) -> bool:
        """Return whether a row still goes by its rules: what is past stays as it was."""
        is_of_rules = row.key.schedule and row.key.schedule not in self.span.silent
        return bool(is_of_rules) and row.state in REPLACEABLE and row.start > self.span.now

    def _ask(self, row: PlanRow, settle: Callable[[PlanRow, Drawn | None], None]) -> None:
        """Ask the rules for a start; where nobody knows, the row stays and a problem is told."""
        try:
            found = self._found(row.key)
        except ControllerError:
            return
        settle(row, found)

    def _keep_changed(self, row: PlanRow, found: Drawn | None) -> None:
        if found is None:
            self.dropped.append(row.key)
        else:
            self._adapt(row, found)

    def _adapt(self, row: PlanRow, each: Drawn) -> None:
        if not self._follows(row):
            return
        wanted = replace(self._wanted(each), edition=row.edition)
        if wanted.state is PlanState.FIXED and wanted.start <= self.span.now:
            wanted = self._missed(each)  # its rules have put it where its time has passed
        if wanted.settled_at is not None and row.settled_at is not None:
            wanted = replace(wanted, settled_at=row.settled_at)
        if wanted != row:
            self.replaced.append(replace(wanted, edition=self.span.edition))

    def _keep_following(self, row: PlanRow, root: Drawn | None) -> None:
        until = None if root is None else root.occurrence.repeat_until
        is_over = until is not None and row.nominal_start > until
        if root is None or root.occurrence.repeat_after is None or is_over:
            self.dropped.append(row.key)

    def _found(self, key: OccurrenceKey) -> Drawn | None:
        if key in self.drawn:
            return self.drawn[key]
        if key not in self._asked:
            self._asked[key] = self._start_of(key)
        return self._asked[key]

    def _wanted(self, each: Drawn) -> PlanRow:
        plain = self._plain(each)
        row = with_changes(plain, self.changes.get(each.key, ()))
        is_open = row.state in {PlanState.FIXED, PlanState.HELD}
        return row if is_open else replace(row, settled_at=self.span.now)

    def _missed(self, each: Drawn) -> PlanRow:
        row = self._plain(each)
        if row.state is PlanState.FIXED:
            row = replace(row, state=PlanState.MISSED, detail=MISSED_BY_CHANGE, repeat_seconds=None)
        return replace(row, settled_at=self.span.now)

    def _plain(self, each: Drawn) -> PlanRow:
        return row_of(each, self.span.edition, json.dumps(each.occurrence.steps))
