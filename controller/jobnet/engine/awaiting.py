"""Decides what a wait for a network or a part does with what it is told of it.

The matcher says what has ended and what is still open; here it becomes an end of the wait, or
the line that tells an operator why it goes on waiting.
"""

from jobnet.definition import AwaitedResult, OnTimeout, WaitNetwork, WaitPart
from jobnet.engine.answers import current
from jobnet.engine.bounds import ENDS_KEPT_MAX, ENDS_MAX_BYTES, line, line_size_of
from jobnet.engine.ending import End, end_part
from jobnet.engine.facts import DeadlockFound, DeadlockResolved, EndsSeen, ExecutionsAwaited
from jobnet.engine.inputs import DeadlockSeen, EndDelivered
from jobnet.engine.names import zone_of
from jobnet.engine.replacing import replace
from jobnet.engine.standing import part_of, record_of, run_of
from jobnet.engine.states import State, WaitReason
from jobnet.engine.tracker import PartRecord
from jobnet.engine.turn import Turn
from jobnet.engine.waits import ExecutionEnd, Outlook

NAMED_MAX = 3
CIRCLE_SHOWN_MAX = 10
_FOR_ENDS = frozenset({WaitReason.NETWORK, WaitReason.PART})
_IN_CIRCLES = _FOR_ENDS | {WaitReason.NETWORK_LIMIT}
_NOT_PLANNED = frozenset({State.MISSED.value, State.CANCELLED.value})


def end_delivered(turn: Turn, given: EndDelivered) -> None:
    """End a wait for a network or part when it is satisfied; else show what it has seen."""
    record = current(turn, given.part, given.attempt)
    if record is None or record.awaits not in _FOR_ENDS:
        return
    ends = _bounded(given.ends)
    if record.ends != ends:
        turn.record(EndsSeen(at=turn.now, part=given.part, attempt=given.attempt, ends=ends))
    outputs = _outputs(given)
    if given.is_satisfied:
        end_part(turn, given.part, End(state=State.NORMAL, exit_code=0, outputs=outputs))
        return
    body = part_of(turn.tracker, record).body
    assert isinstance(body, WaitNetwork | WaitPart), "only these wait for ends"
    other = _other_end(body, given)
    if other is None or body.on_other is None:
        _keep_waiting(turn, record_of(turn.tracker, given.part), body, given)
        return
    goes_on = body.on_other is OnTimeout.CONTINUE
    state = State.WARNING if goes_on else State.ABNORMAL
    message = f"{name_of(body)} ended {other.state}"
    end_part(turn, given.part, End(state=state, message=message, outputs=outputs))


def _bounded(ends: tuple[ExecutionEnd, ...]) -> tuple[ExecutionEnd, ...]:
    """Return the latest ends, where they are large only the last one with its outputs."""
    kept = ends[-ENDS_KEPT_MAX:]
    if line_size_of([end.outputs for end in kept]) <= ENDS_MAX_BYTES - ENDS_KEPT_MAX * 2_000:
        return kept
    return (*(replace(end, outputs={}) for end in kept[:-1]), *kept[-1:])


def name_of(body: WaitNetwork | WaitPart) -> str:
    """Return what a wait waits for, as people read it."""
    if isinstance(body, WaitNetwork):
        return body.network
    return body.part if body.network is None else f"{body.network}: {body.part}"


def _outputs(given: EndDelivered) -> dict[str, object]:
    if not given.ends:
        return {}
    last = given.ends[-1]
    return {"result": last.state, "run": str(last.run), "outputs": dict(last.outputs)}


def _other_end(body: WaitNetwork | WaitPart, given: EndDelivered) -> ExecutionEnd | None:
    """Return the last end that is none of those that the wait is for."""
    needs_normal = body.result is AwaitedResult.NORMAL
    others = [
        end
        for end in given.ends
        if end.state in _NOT_PLANNED or (needs_normal and not end.is_fine_or_warning)
    ]
    return others[-1] if others else None


def _keep_waiting(
    turn: Turn, record: PartRecord, body: WaitNetwork | WaitPart, given: EndDelivered
) -> None:
    """Record what the wait still waits for, where that is news."""
    detail = line(_detail(turn, body, given))
    is_same = (record.awaited, record.is_planned) == (given.awaited, given.is_planned)
    if is_same and (record.detail == detail or record.reason is WaitReason.DEADLOCK):
        return
    turn.record(
        ExecutionsAwaited(
            at=turn.now,
            part=record.key,
            attempt=record.attempt,
            executions=given.awaited,
            is_planned=given.is_planned,
            detail=detail,
        )
    )


def _detail(turn: Turn, body: WaitNetwork | WaitPart, given: EndDelivered) -> str:
    """Return in one line why a wait goes on."""
    name, run = name_of(body), run_of(turn.tracker)
    other = _other_end(body, given)
    if not given.is_planned:
        return f"{name} is not planned for {run.operating_day.isoformat()}"
    if other is not None:
        ended = other.ended_at.astimezone(zone_of(turn.tracker))
        return f"{name} ended {other.state} {ended:%H:%M}, rerun awaited"
    certain = [each for each in given.awaited if each.outlook is not Outlook.POSSIBLE]
    if not certain:
        return name
    shown = ", ".join(each.execution for each in certain[:NAMED_MAX])
    more = f" and {len(certain) - NAMED_MAX} more" if len(certain) > NAMED_MAX else ""
    return f"{name}: {shown}{more} not ended"


def deadlock_seen(turn: Turn, given: DeadlockSeen) -> None:
    """Show a deadlock beside what is in it, or take the sign away when it is resolved."""
    record = current(turn, given.part, given.attempt)
    if record is None or record.awaits not in _IN_CIRCLES or record.circle == given.circle:
        return
    if given.circle:
        turn.record(
            DeadlockFound(
                at=turn.now,
                part=given.part,
                attempt=given.attempt,
                circle=given.circle,
                detail=line(_told(given.circle)),
            )
        )
        return
    body = part_of(turn.tracker, record).body
    detail = name_of(body) if isinstance(body, WaitNetwork | WaitPart) else _called(body)
    turn.record(
        DeadlockResolved(at=turn.now, part=given.part, attempt=given.attempt, detail=detail)
    )


def _called(body: object) -> str:
    return str(getattr(body, "network", ""))


def _told(circle: tuple[str, ...]) -> str:
    """Return the circle as a sentence that says what to do.

    >>> _told(("r/a", "r/b"))
    'each waits for the next: r/a, r/b, r/a; clear a wait of them, cancel or kill one'
    """
    shown = list(circle[:CIRCLE_SHOWN_MAX])
    if len(circle) > CIRCLE_SHOWN_MAX:
        shown.append("…")
    names = ", ".join((*shown, circle[0]))
    return f"each waits for the next: {names}; clear a wait of them, cancel or kill one"
