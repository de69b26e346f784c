"""Brings what is active inside a halted container, or the whole run, to its end.

``kill``, ``timeout``, ``end_by`` and ``now`` kill running jobs; ``cancel`` lets them finish and
ends what only waits; ``losers`` kills the jobs of the branches that came too late. What has
not begun is stopped by the flows themselves. ``always`` is left alone by all but ``now``.
"""

from collections.abc import Iterator

from jobnet.engine.bounds import FACTS_PER_STEP_MAX
from jobnet.engine.ending import End, end_part
from jobnet.engine.facts import KillRequested, OperatorDecided, PartOpened
from jobnet.engine.keys import part_key
from jobnet.engine.standing import children, descendants, parts_in, run_of, waits_for_limit
from jobnet.engine.states import Flag, State, has_ended
from jobnet.engine.tracker import FlowRecord, PartRecord, Tracker
from jobnet.engine.turn import Turn
from jobnet.ids import OperatorName, PartKey

KILLS = frozenset({"kill", "now", "timeout", "end_by", "losers"})


def halt(turn: Turn, part: PartKey | None) -> bool:
    """End what is active below a halted part (None: in the run); return whether all is asked.

    False means that the bound of one step was reached: call again in the next step.
    """
    record = None if part is None else turn.tracker.parts.get(part)
    how = run_of(turn.tracker).halt if record is None else record.halt
    leaves = list(_active_leaves(turn.tracker, record, how))
    if record is not None and waits_for_limit(record):
        leaves = [record, *leaves]
    if how != "losers":
        leaves += _losers(turn.tracker, record)
    for leaf in leaves:
        if len(turn.facts) >= FACTS_PER_STEP_MAX:
            return False
        stop_leaf(turn, leaf, how)
    return True


def _active_leaves(tracker: Tracker, record: PartRecord | None, how: str) -> Iterator[PartRecord]:
    if record is None:
        root = tracker.flows.get("/flow")
        flows = iter(() if root is None else (root,))
    else:
        flows = children(tracker, record)
    for flow in flows:
        if flow.is_open and (flow.slot != "always" or how == "now"):
            yield from _active_in(tracker, flow, how)


def _active_in(tracker: Tracker, flow: FlowRecord, how: str) -> Iterator[PartRecord]:
    parts = parts_in(tracker, flow)
    if flow.next >= len(parts):
        return
    record = tracker.parts.get(part_key(flow.scope, parts[flow.next].id))
    if record is not None and record.awaits_operator:
        yield record
    if record is None or has_ended(record.state) or record.state is State.FIXED:
        return
    if waits_for_limit(record):
        yield record
    if record.open_flows or record.next_child:
        yield from _active_leaves(tracker, record, how)
    elif record.state is not State.RUNNING or record.is_live:
        yield record


def _losers(tracker: Tracker, halted: PartRecord | None) -> Iterator[PartRecord]:
    """Yield what is active in OR branches inside a halted part that have ended already."""
    if not (run_of(tracker).lingering if halted is None else halted.lingering):
        return
    inside = tracker.parts.values() if halted is None else descendants(tracker, halted)
    for record in list(inside):
        if has_ended(record.state) and record.open_flows:
            for flow in children(tracker, record):
                if flow.is_open:
                    yield from _active_in(tracker, flow, "losers")


def stop_leaf(turn: Turn, record: PartRecord, how: str) -> None:
    """Ask a running job to end, or end a part that only waits."""
    if waits_for_limit(record):
        # Nothing inside it starts any more, so it needs no place: its flows come to their end.
        turn.record(PartOpened(at=turn.now, part=record.key, attempt=record.attempt))
        return
    if record.awaits_operator:
        by = OperatorName("jobnet")
        turn.record(OperatorDecided(at=turn.now, part=record.key, by=by, goes_on=False))
        return
    if record.is_live:
        if how in KILLS and Flag.KILL_REQUESTED not in record.flags:
            request_kill(turn, record, how)
        return
    if how in KILLS and how != "losers":
        end_part(turn, record.key, End(state=State.KILLED, message="killed", reason="kill"))
    else:
        end_part(turn, record.key, End(state=State.CANCELLED, message="cancelled"))


def request_kill(turn: Turn, record: PartRecord, reason: str) -> None:
    """Ask a started job to end; its end comes as an answer like any other."""
    turn.record(KillRequested(at=turn.now, part=record.key, attempt=record.attempt, reason=reason))
