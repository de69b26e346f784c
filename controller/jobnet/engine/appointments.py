"""Arms and drops the timers of parts and of the run.

A deadline on the operating-day clock becomes an instant in the run's zone; one after the
planned start counts from there. A timer that is armed in the past fires at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from jobnet.calendars import ClockTime, instant_at
from jobnet.definition import Deadline, Deadlines, Estimate, Part
from jobnet.engine.bounds import TIMERS_PER_FACT_MAX
from jobnet.engine.facts import FlagRaised, TimerArmed, TimerOver, TimersArmed, TimersDropped
from jobnet.engine.keys import part_key
from jobnet.engine.layout import deadlines_of, timeout_of
from jobnet.engine.names import zone_of
from jobnet.engine.standing import flow_of, parts_in, record_of, run_of
from jobnet.engine.states import Flag, State, has_ended
from jobnet.engine.timers import RUN, ArmedTimer, Timer, TimerKind
from jobnet.engine.tracker import FlowRecord, PartRecord, Tracker
from jobnet.engine.turn import Turn
from jobnet.ids import FlowKey, PartKey


def instant_of(tracker: Tracker, deadline: Deadline) -> datetime:
    """Return the instant of a deadline of this run."""
    run = run_of(tracker)
    if deadline.after_start is not None:
        return run.planned_start + deadline.after_start
    assert deadline.clock is not None, "a deadline has a clock time or a time after the start"
    return clock_instant(tracker, deadline.clock)


def clock_instant(tracker: Tracker, clock: ClockTime) -> datetime:
    """Return the instant of a clock time of this run's operating day."""
    return instant_at(run_of(tracker).operating_day, clock, zone=zone_of(tracker)).instant


def arm(turn: Turn, record: PartRecord | None, kind: TimerKind, due: datetime) -> None:
    """Arm a timer for a part, or with None for the run."""
    if record is None:
        timer = Timer(part=RUN, attempt=0, kind=kind, generation=run_of(turn.tracker).round)
    else:
        timer = Timer(
            part=record.key, attempt=record.attempt, kind=kind, generation=record.generation
        )
    turn.record(TimerArmed(at=turn.now, armed=ArmedTimer(timer=timer, due=due)))


def arm_after(turn: Turn, record: PartRecord, kind: TimerKind, pause: timedelta | None) -> None:
    """Arm a timer some time from now, if there is a time."""
    if pause is not None:
        arm(turn, record, kind, turn.now + pause)


def drop_all(turn: Turn, key: PartKey) -> None:
    """Forget every timer of a part."""
    record = turn.tracker.parts.get(key)
    for armed in () if record is None else record.timers:
        turn.record(TimerOver(at=turn.now, timer=armed.timer, has_fired=False))


def drop(turn: Turn, key: PartKey, kind: TimerKind) -> None:
    """Forget one timer of a part, if it is armed."""
    record = turn.tracker.parts.get(key)
    for armed in () if record is None else record.timers:
        if armed.timer.kind is kind:
            turn.record(TimerOver(at=turn.now, timer=armed.timer, has_fired=False))


def drop_run_timers(turn: Turn) -> None:
    """Forget every timer of the run itself."""
    for armed in run_of(turn.tracker).timers:
        turn.record(TimerOver(at=turn.now, timer=armed.timer, has_fired=False))


def watch_again(turn: Turn, keys: Iterable[FlowKey], *, is_run_over: bool) -> None:
    """Arm the deadlines of what a rerun takes anew; those that have passed are left alone."""
    wanted: list[ArmedTimer] = []
    for key in keys:
        flow = flow_of(turn.tracker, key)
        for part in parts_in(turn.tracker, flow)[flow.next : flow.stopped_at]:
            record = turn.tracker.parts.get(part_key(flow.scope, part.id))
            if record is not None and not has_ended(record.state):
                wanted += _wanted(turn, record.key, _deadlines(turn, part), only_future=True)
    _arm_all(turn, wanted)
    if is_run_over:
        watch_run(turn, only_future=True)


def watch_flow(turn: Turn, flow: FlowRecord, first: int = 0, last: int | None = None) -> None:
    """Arm the deadlines of the parts of a flow that has opened, or of a range of it."""
    wanted: list[ArmedTimer] = []
    for index, part in enumerate(parts_in(turn.tracker, flow)):
        if index < first or (last is not None and index > last):
            continue
        key = part_key(flow.scope, part.id)
        known = turn.tracker.parts.get(key)
        if known is None or not has_ended(known.state):
            wanted += _wanted(turn, key, _deadlines(turn, part))
    _arm_all(turn, wanted)


def _arm_all(turn: Turn, wanted: Sequence[ArmedTimer]) -> None:
    """Arm timers, many of them in one fact."""
    if len(wanted) == 1:
        turn.record(TimerArmed(at=turn.now, armed=wanted[0]))
        return
    for first in range(0, len(wanted), TIMERS_PER_FACT_MAX):
        some = tuple(wanted[first : first + TIMERS_PER_FACT_MAX])
        turn.record(TimersArmed(at=turn.now, armed=some))


def drop_deadlines(turn: Turn, flow: FlowRecord, first: int) -> None:
    """Forget the timers of the parts of a flow from an index on: they will not run."""
    timers: list[Timer] = []
    for part in parts_in(turn.tracker, flow)[first:]:
        record = turn.tracker.parts.get(part_key(flow.scope, part.id))
        timers += () if record is None else (armed.timer for armed in record.timers)
    if len(timers) == 1:
        turn.record(TimerOver(at=turn.now, timer=timers[0], has_fired=False))
        return
    for begin in range(0, len(timers), TIMERS_PER_FACT_MAX):
        some = tuple(timers[begin : begin + TIMERS_PER_FACT_MAX])
        turn.record(TimersDropped(at=turn.now, timers=some))


def _deadlines(turn: Turn, part: Part) -> Deadlines:
    return deadlines_of(turn.tracker.layout.bundle, part)


def watch_run_time(turn: Turn, part: Part, key: PartKey) -> None:
    """Arm what is counted from the start of an attempt: its timeout and its overrun."""
    record = record_of(turn.tracker, key)
    arm_after(turn, record, TimerKind.TIMEOUT, timeout_of(turn.tracker.layout.bundle, part))
    if record.state is not State.PROMPTING:
        overrun = estimated(turn.tracker, _deadlines(turn, part).overrun, str(part.id))
        arm_after(turn, record, TimerKind.OVERRUN, overrun)


def _wanted(
    turn: Turn, key: PartKey, deadlines: Deadlines, *, only_future: bool = False
) -> Iterator[ArmedTimer]:
    """Yield the timers for the deadlines of a part."""
    latest = deadlines.latest_start
    wanted = (
        (TimerKind.END_BY, deadlines.end_by),
        (TimerKind.LATE_START, deadlines.late_start),
        (TimerKind.LATE_END, deadlines.late_end),
        (TimerKind.LATEST_START, None if latest is None else latest.at),
    )
    for kind, deadline in wanted:
        if deadline is None:
            continue
        known = turn.tracker.parts.get(key)
        generation = 0 if known is None else known.generation
        timer = Timer(part=key, attempt=0, kind=kind, generation=generation)
        due = instant_of(turn.tracker, deadline)
        if only_future and due <= turn.now:
            continue
        yield ArmedTimer(timer=timer, due=due)


def watch_run(turn: Turn, *, only_future: bool = False) -> None:
    """Arm the deadlines of the run's network; a late start is seen at once."""
    tracker = turn.tracker
    network = tracker.layout.bundle.network
    deadlines = network.deadlines
    for kind, deadline in (
        (TimerKind.END_BY, deadlines.end_by),
        (TimerKind.LATE_END, deadlines.late_end),
    ):
        due = None if deadline is None else instant_of(tracker, deadline)
        if due is not None and (due > turn.now or not only_future):
            arm(turn, None, kind, due)
    late = deadlines.late_start
    if late is not None and not only_future and turn.now > instant_of(tracker, late):
        turn.record(FlagRaised(at=turn.now, part=None, flag=Flag.LATE_START))
    if network.errors.timeout is not None:
        arm(turn, None, TimerKind.TIMEOUT, turn.now + network.errors.timeout)
    overrun = estimated(tracker, deadlines.overrun, "")
    if overrun is not None:
        arm(turn, None, TimerKind.OVERRUN, turn.now + overrun)


def estimated(tracker: Tracker, estimate: Estimate | None, part: str) -> timedelta | None:
    """Return the duration that an estimate means; None while there is no history for it."""
    if estimate is None:
        return None
    if estimate.duration is not None:
        return estimate.duration
    usual = run_of(tracker).usual_seconds.get(part)
    percent = estimate.percent or 100
    return None if usual is None else timedelta(seconds=usual * percent / 100)
