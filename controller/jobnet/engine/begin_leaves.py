"""Begins the parts that have no flow inside: jobs, waits, dialogs, events, messages."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from jobnet.calendars import parse_clock_time, parse_duration
from jobnet.definition import (
    Dialog,
    Notify,
    Part,
    SendEvent,
    UnitJob,
    WaitEvent,
    WaitFile,
    WaitFor,
    WaitNetwork,
    WaitPart,
    WaitUntil,
)
from jobnet.engine.appointments import arm, arm_after, clock_instant
from jobnet.engine.binding import bind, bind_hosts, bind_text
from jobnet.engine.bounds import (
    ARGUMENTS_MAX_BYTES,
    EVENT_DATA_MAX_BYTES,
    EVENTS_MAX,
    line_size_of,
    size_of,
)
from jobnet.engine.clocks import is_clock_doubted
from jobnet.engine.ending import End, end_part
from jobnet.engine.facts import (
    ArgumentsBound,
    AttemptRunning,
    EventSent,
    PartPrompted,
    PartQueued,
    PartStarted,
    PartWaited,
)
from jobnet.engine.handing import handed_over
from jobnet.engine.names import Names
from jobnet.engine.standing import record_of, run_of
from jobnet.engine.states import State, WaitReason
from jobnet.engine.timers import TimerKind
from jobnet.engine.turn import Turn
from jobnet.engine.waits import SentEvent
from jobnet.errors.expressions import ExpressionFailed
from jobnet.expressions import Template, render
from jobnet.ids import EventId, EventName, PartKey


def begin_leaf(turn: Turn, part: Part, key: PartKey, names: Names) -> None:
    """Begin a leaf; what cannot be evaluated is raised as ``ControllerError``."""
    body = part.body
    match body:
        case UnitJob():
            _begin_job(turn, body, key, names)
        case WaitUntil():
            _begin_clock_wait(turn, body, key, names)
        case WaitFor():
            _begin_duration_wait(turn, body, key, names)
        case WaitFile() | WaitEvent() | WaitNetwork() | WaitPart():
            _begin_outside_wait(turn, body, key, names)
        case Dialog():
            _begin_dialog(turn, body, key, names)
        case SendEvent():
            _send(turn, body, key, names)
        case Notify():
            _begin_message(turn, body, key, names)
        case _:
            msg = f"{type(body).__name__} is no leaf"
            raise AssertionError(msg)


def next_attempt(turn: Turn, key: PartKey) -> int:
    """Return the number of the attempt that begins now."""
    record = turn.tracker.parts.get(key)
    return 1 if record is None else record.attempt + 1


def _bind(turn: Turn, key: PartKey, attempt: int, values: Mapping[str, object]) -> None:
    turn.record(ArgumentsBound(at=turn.now, part=key, attempt=attempt, values=values))


def _begin_job(turn: Turn, job: UnitJob, key: PartKey, names: Names) -> None:
    attempt = next_attempt(turn, key)
    values: dict[str, object] = {
        "hosts": bind_hosts(job.content.hosts, names),
        "inventory": [bind_text(each, names, what="inventory") for each in job.inventory],
        "handed_over": handed_over(turn.tracker, job, key, names),
    }
    _refuse_large("the values that this job is handed", values)
    _bind(turn, key, attempt, values)
    turn.record(PartQueued(at=turn.now, part=key, attempt=attempt))


def _refuse_large(what: str, values: object) -> None:
    """Refuse values that no entry of the journal could hold."""
    size = line_size_of(values)
    if size > ARGUMENTS_MAX_BYTES:
        raise ExpressionFailed(
            f"{what} take {size // 1024} KiB; "
            f"{ARGUMENTS_MAX_BYTES // 1024} KiB are allowed: pass large data by file"
        )


def _begin_clock_wait(turn: Turn, wait: WaitUntil, key: PartKey, names: Names) -> None:
    clock = wait.clock
    if isinstance(clock, Template):
        clock = parse_clock_time(bind_text(clock, names, what="wait_until"))
    due = clock_instant(turn.tracker, clock)
    _wait_for_time(turn, key, due, passed=f"{clock} had passed already")


def _begin_duration_wait(turn: Turn, wait: WaitFor, key: PartKey, names: Names) -> None:
    duration = wait.duration
    if isinstance(duration, Template):
        value = render(duration, names)
        duration = value if isinstance(value, timedelta) else parse_duration(str(value))
    _wait_for_time(turn, key, turn.now + duration, passed="")


def _wait_for_time(turn: Turn, key: PartKey, due: datetime, *, passed: str) -> None:
    attempt = next_attempt(turn, key)
    has_come = due <= turn.now and not is_clock_doubted(turn.tracker)
    if has_come or run_of(turn.tracker).check:
        message = passed if has_come else "check mode: not waited for"
        end_part(turn, key, End(state=State.NORMAL, exit_code=0, message=message))
        return
    turn.record(
        PartWaited(at=turn.now, part=key, attempt=attempt, reason=WaitReason.TIME, until=due)
    )
    arm(turn, record_of(turn.tracker, key), TimerKind.WAIT, due)


def _begin_outside_wait(
    turn: Turn, wait: WaitFile | WaitEvent | WaitNetwork | WaitPart, key: PartKey, names: Names
) -> None:
    if run_of(turn.tracker).check:
        end_part(turn, key, End(state=State.NORMAL, message="check mode: not waited for"))
        return
    attempt = next_attempt(turn, key)
    match wait:
        case WaitFile():
            values: dict[str, object] = {
                "hosts": bind_hosts(wait.hosts, names),
                "inventory": [bind_text(each, names, what="inventory") for each in wait.inventory],
                "path": bind_text(wait.path, names, what="path"),
            }
            _refuse_large("the hosts and the path of this wait", values)
            _bind(turn, key, attempt, values)
            reason, detail = WaitReason.FILE, f"{wait.event.value}: {values['path']}"
        case WaitEvent() if (reusable := _reusable(turn, key)) is not None:
            message = "the event that it had before is reused"
            end = End(state=State.NORMAL, exit_code=0, message=message, outputs=reusable)
            end_part(turn, key, end)
            return
        case WaitEvent():
            reason, detail = WaitReason.EVENT, wait.name
        case WaitNetwork():
            reason, detail = WaitReason.NETWORK, wait.network
        case WaitPart():
            reason, detail = WaitReason.PART, _awaited(wait)
    turn.record(PartWaited(at=turn.now, part=key, attempt=attempt, reason=reason, detail=detail))
    arm_after(turn, record_of(turn.tracker, key), TimerKind.TIMEOUT, wait.limit.timeout)


def _reusable(turn: Turn, key: PartKey) -> Mapping[str, object] | None:
    record = turn.tracker.parts.get(key)
    return None if record is None else record.reusable


def _awaited(wait: WaitPart) -> str:
    return wait.part if wait.network is None else f"{wait.network}: {wait.part}"


def _begin_dialog(turn: Turn, dialog: Dialog, key: PartKey, names: Names) -> None:
    message = bind_text(dialog.message, names, what="message")
    _refuse_large("the words of this dialog", message)
    attempt = next_attempt(turn, key)
    turn.record(PartPrompted(at=turn.now, part=key, attempt=attempt, message=message))
    arm_after(turn, record_of(turn.tracker, key), TimerKind.TIMEOUT, dialog.timeout)


def _send(turn: Turn, body: SendEvent, key: PartKey, names: Names) -> None:
    data = bind(body.data, names)
    if size_of(data) > EVENT_DATA_MAX_BYTES:
        raise ExpressionFailed(
            f"the data of event {body.name!r} takes {size_of(data) // 1024} KiB; "
            f"{EVENT_DATA_MAX_BYTES // 1024} KiB are allowed: send a path, not the content"
        )
    run = run_of(turn.tracker)
    if run.events_sent >= EVENTS_MAX:
        raise ExpressionFailed(f"this run has sent {EVENTS_MAX:,} events, which is the limit")
    if run.check:
        end_part(turn, key, End(state=State.NORMAL, exit_code=0, message="check mode: not sent"))
        return
    event = SentEvent(
        id=EventId(f"{run.run}:{run.events_sent + 1}"),
        name=EventName(body.name),
        data=data,
        sender=f"{run.run}/{key}",
        sent_at=turn.now,
        operating_day=run.operating_day,
        keep_until=turn.now + body.keep if body.keep else None,
    )
    turn.record(EventSent(at=turn.now, part=key, event=event))
    end_part(turn, key, End(state=State.NORMAL, exit_code=0, outputs={"event": str(event.id)}))


def _begin_message(turn: Turn, body: Notify, key: PartKey, names: Names) -> None:
    values: dict[str, object] = {
        "to": [bind_text(each, names, what="to") for each in body.to],
        "message": bind_text(body.message, names, what="message"),
        "subject": "" if body.subject is None else bind_text(body.subject, names, what="subject"),
        "attach": [bind_text(each, names, what="attach") for each in body.attach],
    }
    _refuse_large("the words of this message", values)
    attempt = next_attempt(turn, key)
    _bind(turn, key, attempt, values)
    if run_of(turn.tracker).check:
        end_part(turn, key, End(state=State.NORMAL, exit_code=0, message="check mode: not sent"))
        return
    turn.record(PartStarted(at=turn.now, part=key, attempt=attempt))
    turn.record(AttemptRunning(at=turn.now, part=key, attempt=attempt))
