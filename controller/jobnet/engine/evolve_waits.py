"""Applies the facts about what a part waits for in other parts and runs."""

from jobnet.engine.facts import DeadlockFound, DeadlockResolved, ExecutionsAwaited
from jobnet.engine.recording import put
from jobnet.engine.replacing import replace
from jobnet.engine.standing import record_of
from jobnet.engine.states import WaitReason
from jobnet.engine.tracker import Tracker


def executions_awaited(tracker: Tracker, fact: ExecutionsAwaited) -> Tracker:
    """Keep what a wait still waits for; in a deadlock the circle goes on being shown."""
    record = record_of(tracker, fact.part)
    detail = record.detail if record.reason is WaitReason.DEADLOCK else fact.detail
    seen = replace(record, awaited=fact.executions, is_planned=fact.is_planned, detail=detail)
    return put(tracker, seen)


def deadlock_found(tracker: Tracker, fact: DeadlockFound) -> Tracker:
    """Say that a part waits in a circle; what it waits for stays what it was."""
    record = record_of(tracker, fact.part)
    awaits = record.awaits
    assert isinstance(awaits, WaitReason), "only what waits can be in a deadlock"
    stuck = replace(
        record, reason=WaitReason.DEADLOCK, blocked=awaits, circle=fact.circle, detail=fact.detail
    )
    return put(tracker, stuck)


def deadlock_resolved(tracker: Tracker, fact: DeadlockResolved) -> Tracker:
    """Let a part wait as before."""
    record = record_of(tracker, fact.part)
    free = replace(record, reason=record.awaits, blocked=None, circle=(), detail=fact.detail)
    return put(tracker, free)
