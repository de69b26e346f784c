"""Matches what runs wait for with what was sent and what has ended.

Pure functions over bounded lists: storage, the play shell and the simulator call the same ones.
One event releases all receivers that match; of two events for one wait the older is given;
a receiver that had an event does not get it again.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from jobnet.definition import Match
from jobnet.engine.inputs import EndDelivered, EventDelivered
from jobnet.engine.names import Record
from jobnet.engine.waits import (
    EndWait,
    EventWait,
    ExecutionEnd,
    OpenExecution,
    Outlook,
    SentEvent,
    Wait,
)
from jobnet.errors.expressions import ExpressionFailed
from jobnet.expressions import evaluate_condition

AWAITED_MAX = 20
"""So many executions that have not ended are told to a wait, and kept in its run."""

Delivery = EventDelivered | EndDelivered


def match(
    waits: Sequence[Wait],
    events: Iterable[SentEvent],
    ends: Sequence[ExecutionEnd],
    now: datetime,
    *,
    executions: Sequence[OpenExecution] | None = None,
) -> tuple[Delivery, ...]:
    """Return what each open wait is given now; a wait without anything new is left out.

    ``executions`` are those that have not ended; None where nobody can tell.
    """
    kept = sorted(events, key=lambda event: (event.sent_at, event.id))
    deliveries: list[Delivery] = []
    for wait in waits:
        if isinstance(wait, EventWait):
            given = first_event(wait, kept, now)
            if given is not None:
                delivery = EventDelivered(part=wait.part, attempt=wait.attempt, event=given)
                deliveries.append(delivery)
        elif delivered := ends_for(wait, ends, executions):
            deliveries.append(delivered)
    return tuple(deliveries)


def first_event(wait: EventWait, events: Iterable[SentEvent], now: datetime) -> SentEvent | None:
    """Return the oldest event that this wait may have, or None.

    An event that is not kept is only for waits that were open when it was sent.
    """
    for event in events:
        if event.name == wait.name and _may_have(wait, event, now) and _fits(wait, event):
            return event
    return None


def _may_have(wait: EventWait, event: SentEvent, now: datetime) -> bool:
    if event.id in wait.taken:
        return False
    is_open_then = wait.opened_at <= event.sent_at
    is_kept = event.keep_until is not None and now <= event.keep_until
    if not (is_open_then or is_kept):
        return False
    match wait.match:
        case Match.SAME_DAY:
            return event.operating_day == wait.operating_day
        case Match.WITHIN:
            return wait.within is None or wait.opened_at - event.sent_at <= wait.within
        case Match.LATEST | Match.ANY:
            return True


def _fits(wait: EventWait, event: SentEvent) -> bool:
    """Return whether ``where`` is true of the event; one that has no value is not."""
    if wait.where is None:
        return True
    values = {
        "name": str(event.name),
        "data": event.data,
        "sender": event.sender,
        "sent_at": event.sent_at,
    }
    try:
        return evaluate_condition(wait.where, {**wait.names, "event": Record("event", values)})
    except ExpressionFailed:
        return False


def ends_for(
    wait: EndWait,
    ends: Sequence[ExecutionEnd],
    executions: Sequence[OpenExecution] | None = None,
) -> EndDelivered | None:
    """Return what a wait for ends is told of those that it means, or None if nothing.

    It is satisfied when each of them has ended with the awaited result. What is only possible
    holds nobody back: a flow may never come to it.
    """
    meant = ends_meant(wait, ends)
    awaited = awaited_by(wait, meant, executions or ())
    if not meant and not awaited and (executions is None or wait.network is None):
        return None
    deciding = [end for end in meant if end.state not in {"missed", "cancelled"}]
    certain = {each.execution for each in awaited if each.outlook is not Outlook.POSSIBLE}
    if wait.network is not None:
        ended = [end for end in deciding if end.execution not in certain]
        deciding = _chosen(wait, ended, is_alone=not certain)
    is_good = bool(deciding) and all(
        end.is_fine_or_warning or not wait.needs_normal for end in deciding
    )
    return EndDelivered(
        part=wait.part,
        attempt=wait.attempt,
        ends=tuple(deciding or (() if certain else meant)),
        is_satisfied=is_good and not certain,
        awaited=awaited[:AWAITED_MAX],
        is_planned=bool(deciding or awaited or wait.network is None or executions is None),
    )


def ends_meant(wait: EndWait, ends: Sequence[ExecutionEnd]) -> list[ExecutionEnd]:
    """Return the last end of each execution that a wait means, by their plan."""
    return [end for end in _latest_of_each(ends) if _is_meant(wait, end)]


def awaited_by(
    wait: EndWait, ends: Sequence[ExecutionEnd], executions: Iterable[OpenExecution]
) -> tuple[OpenExecution, ...]:
    """Return the executions that have not ended and that a wait means, by their plan.

    Only of the same day it waits for what is still to come, and for an execution that it stands
    in itself. A part may have ended in an execution that has not.
    """
    if wait.network is None:
        return ()
    over = {end.execution for end in ends} if wait.awaited_part is not None else set()
    found = sorted(
        (each for each in executions if each.execution not in over and _may_mean(wait, each)),
        key=lambda each: (each.planned_start, each.execution),
    )
    certain = [each for each in found if each.outlook is not Outlook.POSSIBLE]
    possible = [each for each in found if each.outlook is Outlook.POSSIBLE]
    if wait.match is Match.LATEST:
        last = max((end.planned_start for end in ends), default=None)
        certain = [each for each in certain[-1:] if last is None or each.planned_start >= last]
    if wait.match is Match.SAME_DAY:
        certain = _of_the_day(wait, ends, certain)
    return tuple(certain or possible)


def _of_the_day(
    wait: EndWait, ends: Sequence[ExecutionEnd], certain: list[OpenExecution]
) -> list[OpenExecution]:
    """Return those planned at or before the waiting run, or the first of the day if it is open."""
    known = [end.planned_start for end in ends if end.state not in {"missed", "cancelled"}]
    before = [each for each in certain if each.planned_start <= wait.planned_start]
    if before or any(planned <= wait.planned_start for planned in known):
        return before
    is_first = not known or not certain or certain[0].planned_start <= min(known)
    return certain[:1] if is_first else []


def _may_mean(wait: EndWait, execution: OpenExecution) -> bool:
    if execution.network != wait.network:
        return False
    if wait.match is Match.SAME_DAY:
        return execution.operating_day == wait.operating_day
    return execution.outlook is Outlook.RUNNING and execution.execution not in wait.inside


def _chosen(wait: EndWait, ends: list[ExecutionEnd], *, is_alone: bool) -> list[ExecutionEnd]:
    """Return the executions that decide, of those that ended; they come in order of their plan.

    Of the same day: those planned at or before the start of the waiting run, or the first of
    the day if there is none such (``is_alone``: none that is open either).
    """
    match wait.match:
        case Match.SAME_DAY:
            before = [end for end in ends if end.planned_start <= wait.planned_start]
            return before or (ends[:1] if is_alone else [])
        case Match.LATEST:
            return ends[-1:]
        case Match.WITHIN | Match.ANY:
            return ends


def _latest_of_each(ends: Sequence[ExecutionEnd]) -> list[ExecutionEnd]:
    """Return the last end of each execution and part: a rerun replaces what it had before."""
    latest: dict[tuple[str, str | None], ExecutionEnd] = {}
    for end in sorted(ends, key=lambda end: end.ended_at):
        latest[end.execution, end.part] = end
    return sorted(latest.values(), key=lambda end: (end.planned_start, end.ended_at))


def _is_meant(wait: EndWait, end: ExecutionEnd) -> bool:
    if wait.network is None:
        return end.run == wait.run and end.part == wait.awaited_part and end.is_own_key
    if end.network != wait.network or end.part != wait.awaited_part or end.is_own_key:
        return False
    match wait.match:
        case Match.SAME_DAY:
            return end.operating_day == wait.operating_day
        case Match.WITHIN:
            return wait.within is None or wait.opened_at - end.ended_at <= wait.within
        case Match.LATEST | Match.ANY:
            return True
