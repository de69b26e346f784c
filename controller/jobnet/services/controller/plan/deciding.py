"""Decides what a change makes of a start, or why it cannot be made; pure.

What has started is over: nobody changes it. What was missed or skipped, or has no day, may still
be started now or put to an instant that is to come.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from jobnet.errors.plan import InstantPassed, InstantTooFar, StartSettled, StartUnchanged
from jobnet.ports.store.plan import ChangeKind, PlanRow, PlanState
from jobnet.services.controller.edition_writing import Act
from jobnet.services.controller.plan.changed import INSTANT, PARAMS, instant_text, with_params
from jobnet.services.controller.plan.entries import SPAN_MAX
from jobnet.services.controller.plan.misfire import ALWAYS

OPEN: Final = (PlanState.FIXED, PlanState.HELD)
UNSETTLED: Final = (*OPEN, PlanState.SKIPPED, PlanState.MISSED, PlanState.UNRESOLVED)
"""States from which an operator may still have a start run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What a change makes of a start; ``gone`` are kinds of changes that it takes the place of."""

    row: PlanRow
    kind: ChangeKind | None = None
    value: Mapping[str, object] = field(default_factory=dict)
    gone: tuple[ChangeKind, ...] = ()


def moved(row: PlanRow, now: datetime, to: datetime) -> Next:
    """Put a start elsewhere; one that was missed or has no day is planned again by that."""
    _refuse(row, "move", among=(*OPEN, PlanState.MISSED, PlanState.UNRESOLVED))
    check_instant(f"Start {row.key}", to, now)
    if to == row.start and row.state in OPEN:
        raise StartUnchanged(row.key, how=f"starts at {to.isoformat()}")
    is_waiting = row.state is PlanState.FIXED or (row.state is PlanState.HELD and row.start > now)
    after = row if is_waiting else replace(row, state=PlanState.FIXED, detail="", settled_at=None)
    after = replace(after, start=to, is_changed=True)
    return Next(row=after, kind=ChangeKind.MOVE, value={INSTANT: instant_text(to)})


def skipped(row: PlanRow, now: datetime, act: Act) -> Next:
    """Leave a start out."""
    _refuse_again(row, PlanState.SKIPPED)
    _refuse(row, "skip", among=OPEN)
    after = replace(
        row,
        state=PlanState.SKIPPED,
        detail=_said("skipped", act),
        is_changed=True,
        settled_at=now,
    )
    return Next(row=after, kind=ChangeKind.SKIP)


def held(row: PlanRow, act: Act) -> Next:
    """Keep a start back."""
    _refuse_again(row, PlanState.HELD)
    _refuse(row, "hold", among=OPEN)
    after = replace(row, state=PlanState.HELD, detail=_said("held", act), is_changed=True)
    return Next(row=after, kind=ChangeKind.HOLD)


def released(row: PlanRow, now: datetime) -> Next:
    """Let a start go that was held; it starts at once where its time has passed."""
    if row.state is PlanState.FIXED:
        raise StartUnchanged(row.key, how="is not held")
    _refuse(row, "release", among=(PlanState.HELD,))
    misfire = ALWAYS if row.start <= now else row.misfire
    after = replace(row, state=PlanState.FIXED, detail="", misfire=misfire)
    return Next(row=after, gone=(ChangeKind.HOLD,))


def started_now(row: PlanRow, now: datetime) -> Next:
    """Start it now, whatever has become of it, unless it has started."""
    _refuse(row, "start", among=UNSETTLED)
    after = replace(
        row,
        state=PlanState.FIXED,
        start=now,
        misfire=ALWAYS,
        detail="",
        settled_at=None,
        is_changed=True,
    )
    return Next(
        row=after,
        kind=ChangeKind.MOVE,
        value={INSTANT: instant_text(now)},
        gone=(ChangeKind.HOLD, ChangeKind.SKIP),
    )


def with_new_params(row: PlanRow, given: Mapping[str, object]) -> Next:
    """Start it with some other params."""
    _refuse(row, "change", among=OPEN)
    text = with_params(row.params, given)
    if text == row.params:
        raise StartUnchanged(row.key, how="has these params")
    after = replace(row, params=text, is_changed=True)
    return Next(row=after, kind=ChangeKind.PARAMS, value={PARAMS: dict(given)})


def check_instant(what: str, to: datetime, now: datetime) -> None:
    """Refuse an instant that has passed, or that the plan does not go to."""
    if to <= now:
        raise InstantPassed(what, to=to, now=now)
    if to - now > SPAN_MAX:
        raise InstantTooFar(what, to=to, span_max=SPAN_MAX)


def _refuse(row: PlanRow, verb: str, *, among: Collection[PlanState]) -> None:
    if row.state not in among:
        raise settled(row, verb)


def _refuse_again(row: PlanRow, state: PlanState) -> None:
    if row.state is state:
        raise StartUnchanged(row.key, how=f"is {state.value}")


def settled(row: PlanRow, verb: str) -> StartSettled:
    """Return the refusal to change what has become something already."""
    return StartSettled(row.key, state=row.state.value, wanted=verb, run=row.run or "")


def _said(what: str, act: Act) -> str:
    return f"{what} by {act.by}" + (f": {act.reason}" if act.reason else "")
