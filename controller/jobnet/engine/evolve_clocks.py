"""Applies the facts about the run's clock, and about time that people take."""

from jobnet.engine.facts import ClockDoubted, ClockTrusted, OverrunPaused, StartPaused
from jobnet.engine.recording import enter, put
from jobnet.engine.replacing import replace
from jobnet.engine.standing import record_of, run_of
from jobnet.engine.states import QueueReason, State
from jobnet.engine.tracker import Tracker


def clock_doubted(tracker: Tracker, fact: ClockDoubted) -> Tracker:
    """Remember by how much the clock has jumped."""
    run = run_of(tracker)
    doubting = replace(run, clock_jump_seconds=fact.seconds, clock_jumped_at=fact.at)
    return replace(tracker, run=doubting)


def clock_trusted(tracker: Tracker, fact: ClockTrusted) -> Tracker:
    """Go by the clock again; what was paused stands in line once more."""
    assert fact.at is not None, "every fact has its instant"
    tracker = replace(tracker, run=replace(run_of(tracker), clock_jump_seconds=0.0))
    paused = [
        record
        for record in tracker.parts.values()
        if record.state is State.QUEUED and record.reason is QueueReason.PAUSED
    ]
    for record in paused:
        tracker = put(tracker, replace(record, reason=None, detail=""))
    return tracker


def start_paused(tracker: Tracker, fact: StartPaused) -> Tracker:
    """Keep an attempt in line that had its slot and may not start yet."""
    values = {"reason": QueueReason.PAUSED, "attempt": fact.attempt, "detail": fact.detail}
    return enter(tracker, fact.part, fact.at, State.QUEUED, values)


def overrun_paused(tracker: Tracker, fact: OverrunPaused) -> Tracker:
    """Remember how much of its own time a container or the run has left."""
    if fact.part is None:
        return replace(tracker, run=replace(run_of(tracker), overrun_left=fact.left_seconds))
    record = record_of(tracker, fact.part)
    return put(tracker, replace(record, overrun_left=fact.left_seconds))
