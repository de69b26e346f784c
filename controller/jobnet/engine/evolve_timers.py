"""Applies the facts about timers to a tracker."""

from datetime import datetime

from jobnet.engine.facts import TimerArmed, TimerOver, TimersArmed, TimersDropped
from jobnet.engine.recording import put, touch
from jobnet.engine.replacing import replace
from jobnet.engine.standing import record_of, run_of
from jobnet.engine.timers import RUN, ArmedTimer, Timer, TimerKind
from jobnet.engine.tracker import Tracker
from jobnet.ids import PartKey


def timer_armed(tracker: Tracker, fact: TimerArmed) -> Tracker:
    """Remember a timer; an armed one of the same kind is replaced."""
    return _armed(tracker, fact.armed, fact.at)


def timers_armed(tracker: Tracker, fact: TimersArmed) -> Tracker:
    """Remember many timers."""
    for armed in fact.armed:
        tracker = _armed(tracker, armed, fact.at)
    return tracker


def timer_over(tracker: Tracker, fact: TimerOver) -> Tracker:
    """Forget a timer."""
    return _over(tracker, fact.timer)


def timers_dropped(tracker: Tracker, fact: TimersDropped) -> Tracker:
    """Forget many timers."""
    for timer in fact.timers:
        tracker = _over(tracker, timer)
    return tracker


def _armed(tracker: Tracker, armed: ArmedTimer, at: datetime) -> Tracker:
    timer = armed.timer
    if timer.part == RUN:
        run = run_of(tracker)
        run = replace(run, timers=(*_without(run.timers, timer), armed))
        if timer.kind is TimerKind.OVERRUN:
            run = replace(run, overrun_armed=at, overrun_left=None)
        return replace(tracker, run=run)
    record = touch(tracker, PartKey(timer.part), at)
    record = replace(record, timers=(*_without(record.timers, timer), armed))
    if timer.kind is TimerKind.OVERRUN:
        record = replace(record, overrun_armed=at, overrun_left=None)
    return put(tracker, record)


def _over(tracker: Tracker, timer: Timer) -> Tracker:
    if timer.part == RUN:
        run = run_of(tracker)
        return replace(tracker, run=replace(run, timers=_without(run.timers, timer)))
    record = record_of(tracker, PartKey(timer.part))
    return put(tracker, replace(record, timers=_without(record.timers, timer)))


def _without(timers: tuple[ArmedTimer, ...], timer: Timer) -> tuple[ArmedTimer, ...]:
    return tuple(each for each in timers if each.timer.kind is not timer.kind)
