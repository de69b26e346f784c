"""States how the plan is kept: starts that were fixed, what was changed of them, how far it goes.

The near plan (48 hours) stands here as rows, each fired once: who fires one changes its state in
the transaction that makes its run. What lies further ahead is worked out when somebody asks.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from jobnet.ids import EditionId, NetworkName, OperatorName, RunId
from jobnet.schedules import OccurrenceKey


class PlanState(StrEnum):
    """What has become of a planned start."""

    FIXED = "fixed"
    HELD = "held"  # by an operator, or because a misfire asks
    STARTED = "started"  # ``run`` has it
    SKIPPED = "skipped"  # by an operator
    MISSED = "missed"  # outage, calendar change, misfire: ``detail`` says why
    MERGED = "merged"
    UNRESOLVED = "unresolved"


class ChangeKind(StrEnum):
    """What an operator changed of one start, without touching the rule."""

    MOVE = "move"
    SKIP = "skip"
    HOLD = "hold"
    ADD = "add"  # also copies: a start that no rule gives
    PARAMS = "params"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One start of the near plan or of the past. ``start`` is where it stands now, moves included.

    ``nominal_start`` is where the rule put it. ``params``, ``steps`` are JSON. ``misfire`` is
    JSON of policy and grace. ``repeat_seconds``: the next start is planned so long after the end
    of this one's run, not after ``repeat_until``.
    """

    key: OccurrenceKey
    start: datetime
    nominal_start: datetime
    state: PlanState
    zone: str
    edition: EditionId
    params: str = "{}"
    steps: str = "[]"
    merged: int = 0
    misfire: str = ""
    repeat_seconds: float | None = None
    repeat_until: datetime | None = None
    run: RunId | None = None
    detail: str = ""
    is_changed: bool = False
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChange:
    """A change on the day. ``value`` is JSON: a new instant, params, or {}.

    ``is_lost``: the rules give no such start any more; it is reported and changes nothing.
    """

    id: str
    key: OccurrenceKey
    kind: ChangeKind
    value: str
    by: OperatorName
    at: datetime
    reason: str = ""
    is_lost: bool = False


class PlanTable(Protocol):
    """The near plan and the changes on the day."""

    def find(self, key: OccurrenceKey) -> PlanRow | None:
        """Return one start."""

    def add(self, rows: Collection[PlanRow]) -> None:
        """Add starts; one that is there already stays as it is."""

    def replace(self, row: PlanRow, *, expected: Collection[PlanState]) -> bool:
        """Replace a start if its state is one of those expected; False where it is not."""

    def drop(self, keys: Collection[OccurrenceKey], *, expected: Collection[PlanState]) -> None:
        """Take starts away that are in a state that is expected; others are passed over."""

    def next_due(self) -> datetime | None:
        """Return when the next fixed start is due."""

    def due(self, now: datetime, limit: int) -> Sequence[PlanRow]:
        """Return fixed starts that are due, the earliest first."""

    def between(
        self,
        first: datetime,
        last: datetime,
        *,
        network: NetworkName | None = None,
        schedule: str | None = None,
        states: Collection[PlanState] = (),
        after: OccurrenceKey | None = None,
        limit: int = 10_000,
    ) -> Sequence[PlanRow]:
        """Return starts from an instant to before another, by start and key; no states: all.

        ``after`` leaves out those at ``first`` up to this key: where a page before this ended.
        """

    def of_day(self, network: NetworkName, day: date) -> Sequence[PlanRow]:
        """Return the starts of a network on an operating day."""

    def repeating(self) -> Sequence[PlanRow]:
        """Return settled starts after which another is still to be planned, by start and key."""

    def of_run(self, run: RunId) -> PlanRow | None:
        """Return the start that made a run."""

    def changes(self, keys: Collection[OccurrenceKey] | None = None) -> Sequence[PlanChange]:
        """Return changes on the day, the oldest first; of some starts, or all."""

    def put_change(self, change: PlanChange) -> None:
        """Add a change, or replace the one of the same start and kind."""

    def drop_change(self, id: str) -> bool:  # noqa: A002 - the word of the port
        """Take a change back; False where there is none."""

    def forget(self, *, settled_before: datetime) -> int:
        """Remove what was settled before an instant, changes included; return how many."""
