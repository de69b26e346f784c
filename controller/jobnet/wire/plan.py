"""States the shapes of the plan: starts, changes on the day, and how it would differ."""

import json
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, JsonValue, StringConstraints

from jobnet.ports.store.plan import ChangeKind, PlanChange
from jobnet.schedules import OccurrenceKey
from jobnet.services.controller.plan.entries import MovedEntry, PlanDiff, PlanEntry
from jobnet.wire.shapes import NAME_MAX, Answer, GivenInstant, Instant, Name, Reason, Request

NOMINAL_MAX = 40

EntryState = Literal[
    "planned", "fixed", "held", "started", "skipped", "missed", "merged", "unresolved"
]
"""``planned``: worked out, not fixed yet; all others are those of a start that is kept."""

OptionalName = Annotated[str, StringConstraints(max_length=NAME_MAX, pattern=r"^[^\x00]*$")]
Nominal = Annotated[
    str,
    StringConstraints(min_length=1, max_length=NOMINAL_MAX, pattern=r"^[^\x00]+$"),
    Field(description="The clock time of the operating day as people write it: 25:30."),
]


class GivenKey(Request):
    """What a start is known by; it stays the same whatever becomes of it."""

    schedule: OptionalName = Field(default="", description="Empty: it was added by hand.")
    network: Name
    operating_day: date
    nominal: Nominal

    def key(self) -> OccurrenceKey:
        """Return it as the services know it."""
        return OccurrenceKey(
            schedule=self.schedule,
            network=self.network,
            operating_day=self.operating_day,
            nominal=self.nominal,
        )


class AddStartRequest(Request):
    """A start that no rule gives."""

    network: Name
    start: GivenInstant
    operating_day: date | None = Field(default=None, description="None: that of its start.")
    params: dict[str, JsonValue] = Field(default={}, description="Params by name.")
    reason: Reason = ""


class ChangeStartRequest(Request):
    """One start, and why it is changed."""

    key: GivenKey
    reason: Reason = ""


class MoveStartRequest(ChangeStartRequest):
    """Start it at another instant."""

    to: GivenInstant


class CopyStartRequest(ChangeStartRequest):
    """Start it on another operating day as well."""

    operating_day: date


class ChangeParamsRequest(ChangeStartRequest):
    """Start it with other params; those that are not named stay."""

    params: dict[str, JsonValue]


class Key(Answer):
    """What a start is known by."""

    schedule: str = Field(description="Empty: it was added by hand.")
    network: str
    operating_day: date
    nominal: str = Field(description="The clock time of the operating day: 25:30.")


class DayChange(Answer):
    """A change on the day: what an operator changed of one start, without touching the rule."""

    id: str
    key: Key
    kind: ChangeKind
    value: JsonValue
    by: str
    at: Instant
    reason: str
    is_lost: bool = Field(description="The rules give no such start any more.")


class Start(Answer):
    """One start of the plan."""

    key: Key
    start: Instant
    nominal_start: Instant = Field(description="Where the rule put it.")
    state: EntryState
    zone: str
    params: dict[str, JsonValue]
    steps: list[str] = Field(description="How it came about, step by step.")
    merged: int = Field(description="So many other starts it stands for.")
    run: str | None
    detail: str
    is_fixed: bool = Field(description="It is kept, and will be started as it stands.")
    changes: list[DayChange]


class PlanPage(Answer):
    """Starts in order of time; ``next`` is the address of the following page."""

    items: list[Start]
    next: str | None
    lost: list[DayChange] = Field(description="Changes whose start is there no more.")
    problems: list[str] = Field(description="What could not be worked out.")


class MovedStart(Answer):
    """A start that would stand elsewhere."""

    key: Key
    before: Instant
    after: Instant
    zone: str


class PlanDifference(Answer):
    """How the plan would differ if definitions were applied."""

    first: Instant
    last: Instant
    has_changed: bool
    added: list[Start]
    removed: list[Start]
    moved: list[MovedStart]
    would_start_now: list[Start] = Field(description="Added, of today, and still to come.")
    already_passed: list[Start] = Field(description="Added, of today, and passed: none is run.")
    problems: list[str]
    is_cut: bool = Field(description="There is more than is told.")


def start_of(entry: PlanEntry) -> Start:
    """Return the shape of a start."""
    return Start(
        key=Key.model_validate(entry.key),
        start=entry.start,
        nominal_start=entry.nominal_start,
        state=entry.state,
        zone=entry.zone,
        params=dict(entry.params),
        steps=list(entry.steps),
        merged=entry.merged,
        run=entry.run,
        detail=entry.detail,
        is_fixed=entry.is_fixed,
        changes=[change_of(one) for one in entry.changes],
    )


def change_of(change: PlanChange) -> DayChange:
    """Return the shape of a change on the day."""
    return DayChange(
        id=change.id,
        key=Key.model_validate(change.key),
        kind=change.kind,
        value=json.loads(change.value),
        by=change.by,
        at=change.at,
        reason=change.reason,
        is_lost=change.is_lost,
    )


def difference_of(diff: PlanDiff) -> PlanDifference:
    """Return the shape of a plan diff."""
    return PlanDifference(
        first=diff.first,
        last=diff.last,
        has_changed=not diff.is_empty,
        added=[start_of(one) for one in diff.added],
        removed=[start_of(one) for one in diff.removed],
        moved=[_moved(one) for one in diff.moved],
        would_start_now=[start_of(one) for one in diff.would_start_now],
        already_passed=[start_of(one) for one in diff.already_passed],
        problems=list(diff.problems),
        is_cut=diff.is_cut,
    )


def _moved(moved: MovedEntry) -> MovedStart:
    return MovedStart(
        key=Key.model_validate(moved.key), before=moved.before, after=moved.after, zone=moved.zone
    )
