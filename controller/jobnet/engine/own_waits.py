"""Tells waits for a part of their own run whether that part can still come.

A wait for another network hears it from the matcher. A part of the own run that will not begin
(its branch was not taken, the flow before it stopped) has no end that anybody could match, so
the step that passes it by says so itself.
"""

from jobnet.definition import WaitPart
from jobnet.engine import facts as f
from jobnet.engine.bounds import FACTS_PER_STEP_MAX, line
from jobnet.engine.deriving import own_part
from jobnet.engine.layout import address_of
from jobnet.engine.part_views import state_at
from jobnet.engine.standing import part_of
from jobnet.engine.states import State, WaitReason, has_ended
from jobnet.engine.tracker import PartRecord, Tracker
from jobnet.engine.turn import Turn
from jobnet.ids import PartKey

_DECIDES = (
    f.PartWaited,
    f.PartEnded,
    f.BranchTaken,
    f.RestNotRun,
    f.RestCancelled,
    f.FlowEnded,
    f.FlowOpened,
    f.IterationStarted,
    f.RunReopened,
    f.DeadlockResolved,
)
"""The facts that may let a part never begin, begin after all, or be waited for."""


def tell_own_waits(turn: Turn) -> bool:
    """Record for each own wait what is news about its part; return whether all was said.

    The rest is said in the next step, where the bound of facts in this one is reached.
    """
    if not _is_asked(turn):
        return True
    for record in _own_waits(turn.tracker):
        if len(turn.facts) >= FACTS_PER_STEP_MAX:
            return False
        body = part_of(turn.tracker, record).body
        assert isinstance(body, WaitPart), "only these wait for parts"
        why = never_begins(turn.tracker, record, body)
        if record.is_planned is bool(why):
            _tell(turn, record, f"{body.part} is not planned: {why}" if why else body.part, why)
    return True


def _is_asked(turn: Turn) -> bool:
    """Return whether anything was decided; a step without facts goes on with the one before."""
    if not turn.tracker.layout.has_own_waits:
        return False
    return not turn.facts or any(isinstance(fact, _DECIDES) for fact in turn.facts)


def _own_waits(tracker: Tracker) -> list[PartRecord]:
    return [
        record
        for record in tracker.parts.values()
        if record.state is State.WAITING
        and record.reason is WaitReason.PART
        and _is_own(part_of(tracker, record).body)
    ]


def _is_own(body: object) -> bool:
    return isinstance(body, WaitPart) and body.network is None


def _tell(turn: Turn, record: PartRecord, detail: str, why: str) -> None:
    turn.record(
        f.ExecutionsAwaited(
            at=turn.now,
            part=record.key,
            attempt=record.attempt,
            executions=(),
            is_planned=not why,
            detail=line(detail),
        )
    )


_WHY = {
    State.BYPASSED: "its branch was not taken",
    State.NOT_RUN: "the one before it ended abnormally",
    State.CANCELLED: "it was cancelled",
}


def never_begins(tracker: Tracker, record: PartRecord, body: WaitPart) -> str:
    """Return why the part that a wait is for does not begin any more, or "".

    A loop or a rerun may still begin it: then it is planned again.
    """
    key = PartKey(own_part(tracker, record, body.part))
    address = address_of(tracker.layout, key)
    known = tracker.parts.get(key)
    if address is None or (known is not None and known.state is not State.FIXED):
        return ""
    state = state_at(tracker, key[: len(key) - len(address.place.part.id)], address.place)
    return _WHY.get(state, "it was passed by") if has_ended(state) else ""
