"""Turns what comes back to a run into facts: slots, answers of jobs, deliveries.

One that comes twice, late or for another attempt changes nothing; an answer of a job that
is over is kept as a note.
"""

from datetime import timedelta

from jobnet.definition import OnLost, RerunRule, RetryHosts
from jobnet.engine.appointments import arm, drop, watch_run_time
from jobnet.engine.bounds import ATTEMPTS_MAX, ENTRIES_MAX, bounded_result, cut_of_hosts
from jobnet.engine.clocks import is_clock_doubted, jump_text
from jobnet.engine.ending import End, end_part, is_abnormal, judged
from jobnet.engine.evolve_parts import describe, has_failed
from jobnet.engine.facts import (
    AttemptEnded,
    AttemptRunning,
    EventTaken,
    HaltOrdered,
    LateAnswer,
    PartOpened,
    PartQueued,
    PartStarted,
    PartWaited,
    RetryPlanned,
    StartPaused,
)
from jobnet.engine.inputs import (
    AttemptAnswered,
    AttemptBegan,
    EventDelivered,
    MessageAnswered,
    SlotDelayed,
    SlotGranted,
    SlotRefused,
)
from jobnet.engine.keys import id_of
from jobnet.engine.replacing import replace
from jobnet.engine.results import JobEnd, JobResult
from jobnet.engine.standing import flow_of, halt_of, is_suspended, part_of, record_of, run_of
from jobnet.engine.states import QueueReason, State, WaitReason, has_ended
from jobnet.engine.timers import TimerKind
from jobnet.engine.tracker import PartRecord
from jobnet.engine.turn import Turn
from jobnet.ids import HostName, PartKey

_KILL_MESSAGES = {
    "timeout": "killed: its time was up",
    "end_by": "killed: it had not ended by its deadline",
    "losers": "killed: another branch was first",
}


def current(turn: Turn, key: PartKey, attempt: int) -> PartRecord | None:
    """Return the record of a part if this is its present attempt and it has not ended."""
    record = turn.tracker.parts.get(key)
    is_present = record is not None and record.attempt == attempt
    return record if is_present and record and not has_ended(record.state) else None


def slot_granted(turn: Turn, given: SlotGranted) -> None:
    """Start the attempt, or open the called network, that waited for its slot."""
    record = current(turn, given.part, given.attempt)
    if record is None or not _awaits_slot(record):
        return
    part = part_of(turn.tracker, record)
    if is_suspended(turn.tracker, flow_of(turn.tracker, record.flow)):
        turn.record(
            PartWaited(
                at=turn.now,
                part=given.part,
                attempt=given.attempt,
                reason=WaitReason.SUSPENDED,
            )
        )
    elif record.state is State.QUEUED and is_clock_doubted(turn.tracker):
        _pause_start(turn, record)
    elif record.state is State.QUEUED:
        turn.record(
            PartStarted(at=turn.now, part=given.part, attempt=given.attempt, node=given.node)
        )
        watch_run_time(turn, part, given.part)
    else:
        turn.record(PartOpened(at=turn.now, part=given.part, attempt=given.attempt))
        watch_run_time(turn, part, given.part)


def _pause_start(turn: Turn, record: PartRecord) -> None:
    """Give a slot back that came while the clock is doubted; it is asked for again later."""
    if record.reason is not QueueReason.PAUSED:
        detail = jump_text(run_of(turn.tracker).clock_jump_seconds)
        turn.record(
            StartPaused(at=turn.now, part=record.key, attempt=record.attempt, detail=detail)
        )


def _awaits_slot(record: PartRecord) -> bool:
    return record.state is State.QUEUED or record.awaits is WaitReason.NETWORK_LIMIT


def slot_delayed(turn: Turn, given: SlotDelayed) -> None:
    """Keep why an attempt does not start yet."""
    record = current(turn, given.part, given.attempt)
    if record is None or record.state is not State.QUEUED:
        return
    if (record.reason, record.detail) != (given.reason, given.detail):
        turn.record(
            PartQueued(
                at=turn.now,
                part=given.part,
                attempt=given.attempt,
                reason=given.reason,
                detail=given.detail,
            )
        )


def slot_refused(turn: Turn, given: SlotRefused) -> None:
    """End a call MISSED whose network does not execute a second time."""
    record = current(turn, given.part, given.attempt)
    if record is None or record.awaits is not WaitReason.NETWORK_LIMIT:
        return
    if record.open_flows:  # a rerun had opened it again: what it carries keeps its ends
        turn.record(HaltOrdered(at=turn.now, part=given.part, how="cancel", reason=given.message))
    else:
        end_part(turn, given.part, End(state=State.MISSED, message=given.message))


def attempt_began(turn: Turn, given: AttemptBegan) -> None:
    """Set a starting attempt RUNNING."""
    record = current(turn, given.part, given.attempt)
    if record is not None and record.state is State.STARTING:
        turn.record(AttemptRunning(at=turn.now, part=given.part, attempt=given.attempt))


def attempt_answered(turn: Turn, given: AttemptAnswered) -> None:
    """Conclude the attempt; an answer for one that is over is only noted."""
    record = current(turn, given.part, given.attempt)
    if record is None or not record.is_live:
        _note_late(turn, given)
        return
    result = bounded_result(given.result)
    turn.record(AttemptEnded(at=turn.now, part=given.part, attempt=given.attempt, result=result))
    conclude(turn, record_of(turn.tracker, given.part), result)


def _note_late(turn: Turn, given: AttemptAnswered) -> None:
    record = turn.tracker.parts.get(given.part)
    if record is None or given.attempt > record.attempt:
        return
    result = bounded_result(given.result)
    is_known = record.result == result and not record.is_live
    note = f"late answer of attempt {given.attempt}: {describe(result)}"
    if not is_known and note not in record.notes:
        turn.record(LateAnswer(at=turn.now, part=given.part, attempt=given.attempt, result=result))


def conclude(turn: Turn, record: PartRecord, result: JobResult) -> None:
    """End a part by the result of its attempt, or plan the next attempt."""
    end = _end_of(turn, record, result)
    if is_abnormal(end.state) and _may_retry(turn, record, end):
        _plan_retry(turn, record)
    else:
        end_part(turn, record.key, end)


def _end_of(turn: Turn, record: PartRecord, result: JobResult) -> End:
    match result.end:
        case JobEnd.KILLED:
            by_clock = record.kill_reason in {"timeout", "end_by"}
            return End(
                state=State.ABNORMAL if by_clock else State.KILLED,
                message=_KILL_MESSAGES.get(record.kill_reason, "killed"),
                reason=record.kill_reason or "kill",
                outputs=result.outputs,
            )
        case JobEnd.FAILED_TO_START:
            return End(state=State.FAILED_TO_START, message=result.message)
        case JobEnd.LOST:
            return _end_of_lost(turn, record, result)
        case JobEnd.ENDED:
            return _end_of_ended(turn, record, result)


def _end_of_ended(turn: Turn, record: PartRecord, result: JobResult) -> End:
    """Return the end of a job that ran; hosts that were cut make a good end a WARNING."""
    end = End(
        state=State.NORMAL if result.is_normal else State.ABNORMAL,
        exit_code=result.exit_code,
        message=result.message,
        outputs=result.outputs,
    )
    if result.skipped_by_check_mode:
        end = _end_of_skipped(turn, record)
    end = judged(turn, record.key, end)
    cut = cut_of_hosts(result)
    if not cut:
        return end
    state = State.WARNING if end.state is State.NORMAL else end.state
    return replace(end, state=state, message="; ".join(each for each in (end.message, cut) if each))


def _end_of_skipped(turn: Turn, record: PartRecord) -> End:
    """Return the end of a job that check mode skipped: as whoever plays assumes, else unknown."""
    assumed = run_of(turn.tracker).assumed_exit_codes
    exit_code = assumed.get(str(record.key), assumed.get(str(id_of(record.key))))
    state = State.ABNORMAL if exit_code else State.NORMAL
    message = "check mode: its exit code is assumed" if exit_code is not None else ""
    return End(state=state, exit_code=exit_code, message=message)


def _end_of_lost(turn: Turn, record: PartRecord, result: JobResult) -> End:
    on_lost = part_of(turn.tracker, record).errors.on_lost
    state = State.ABNORMAL if on_lost is OnLost.ABNORMAL else State.LOST
    message = result.message or "nobody can say how it ended"
    return End(state=state, message=message, reason="lost")


def _may_retry(turn: Turn, record: PartRecord, end: End) -> bool:
    errors = part_of(turn.tracker, record).errors
    was_killed = record.kill_reason not in {"", "timeout"}
    if end.state in {State.FAILED_TO_START, State.KILLED} or was_killed:
        return False
    if end.reason == "lost":
        is_allowed = errors.on_lost is OnLost.RETRY and errors.rerun is RerunRule.SAFE
        if not is_allowed:
            return False
    made = record.attempt - record.first_attempt
    is_left = made <= errors.retry.count and record.attempt < ATTEMPTS_MAX
    has_room = turn.tracker.facts < ENTRIES_MAX
    return is_left and has_room and not halt_of(turn.tracker, flow_of(turn.tracker, record.flow))


def _plan_retry(turn: Turn, record: PartRecord) -> None:
    retry = part_of(turn.tracker, record).errors.retry
    made = record.attempt - record.first_attempt
    pause = min(retry.delay * retry.backoff ** (made - 1), timedelta(days=1))
    only: tuple[HostName, ...] = ()
    if retry.hosts is RetryHosts.FAILED:
        only = tuple(name for name, host in record.hosts.items() if has_failed(host))
    until = turn.now + pause
    drop(turn, record.key, TimerKind.TIMEOUT)
    drop(turn, record.key, TimerKind.OVERRUN)
    turn.record(
        RetryPlanned(
            at=turn.now,
            part=record.key,
            attempt=record.attempt + 1,
            until=until,
            only_hosts=tuple(str(host) for host in only),
        )
    )
    arm(turn, record_of(turn.tracker, record.key), TimerKind.RETRY, until)


def message_answered(turn: Turn, given: MessageAnswered) -> None:
    """End a notify part by what became of its message."""
    result = JobResult(
        end=JobEnd.ENDED,
        is_normal=not given.error,
        exit_code=1 if given.error else 0,
        message=given.error,
    )
    attempt_answered(turn, AttemptAnswered(part=given.part, attempt=given.attempt, result=result))


def event_delivered(turn: Turn, given: EventDelivered) -> None:
    """End an event wait with the event that it was given."""
    record = current(turn, given.part, given.attempt)
    is_waiting = record is not None and record.reason is WaitReason.EVENT
    if record is None or not is_waiting or given.event.id in record.events:
        return
    event = given.event
    turn.record(EventTaken(at=turn.now, part=given.part, attempt=given.attempt, event=event.id))
    outputs = {"data": event.data, "sender": event.sender, "sent_at": event.sent_at.isoformat()}
    end_part(turn, given.part, End(state=State.NORMAL, exit_code=0, outputs=outputs))
