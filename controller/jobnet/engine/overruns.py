"""Takes the time that people take off what counts for an overrun.

A container, or the run, waits for people while parts in it are HELD or PROMPTING and no other
part in it is active: nothing stands in line, waits, starts or runs. Such time counts for
``late_end``, not for ``overrun``.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from jobnet.engine.appointments import arm
from jobnet.engine.facts import OverrunPaused
from jobnet.engine.keys import ROOT_FLOW, part_key
from jobnet.engine.standing import chain, children, flow_of, parts_in, records_in, run_of
from jobnet.engine.states import State, has_ended
from jobnet.engine.timers import ArmedTimer, TimerKind
from jobnet.engine.tracker import FlowRecord, PartRecord, RunRecord, Tracker
from jobnet.engine.turn import Turn

_BY_PEOPLE = frozenset({State.HELD, State.PROMPTING})


def people_go_on(turn: Turn, record: PartRecord) -> None:
    """Take the time off that everything around a part has waited for people, as it ends now."""
    if record.state not in _BY_PEOPLE or turn.tracker.flows.get(record.flow) is None:
        return
    for _, owner in list(chain(turn.tracker, flow_of(turn.tracker, record.flow))):
        _take_off(turn, owner)


def _take_off(turn: Turn, owner: PartRecord | None) -> None:
    of = run_of(turn.tracker) if owner is None else owner
    armed = _armed(of)
    is_done = of.overrun_armed == turn.now
    if is_done or (armed is None and of.overrun_left is None):
        return
    since = idle_since(turn.tracker, owner)
    if since is None or since >= turn.now:
        return
    if of.overrun_left is not None:
        arm(turn, owner, TimerKind.OVERRUN, turn.now + timedelta(seconds=of.overrun_left))
    elif armed is not None:
        arm(turn, owner, TimerKind.OVERRUN, armed.due + (turn.now - since))


def _armed(of: PartRecord | RunRecord) -> ArmedTimer | None:
    return next((each for each in of.timers if each.timer.kind is TimerKind.OVERRUN), None)


def pause_overrun(turn: Turn, owner: PartRecord | None, due: datetime) -> bool:
    """Put an overrun off if nothing but people is waited for; return whether that was so."""
    since = idle_since(turn.tracker, owner)
    if since is None or since >= due:
        return False
    part = None if owner is None else owner.key
    left = (due - since).total_seconds()
    turn.record(OverrunPaused(at=turn.now, part=part, left_seconds=left))
    return True


def idle_since(tracker: Tracker, owner: PartRecord | None) -> datetime | None:
    """Return since when a container (None: the run) only waits for people; None: it does not.

    Time that has been taken off before is not counted again.
    """
    of = run_of(tracker) if owner is None else owner
    root = tracker.flows.get(ROOT_FLOW)
    flows = list(children(tracker, owner)) if owner is not None else [root] if root else []
    states = list(_states(tracker, flows))
    if not states or any(state not in _BY_PEOPLE for state in states):
        return None
    begun = [
        record.since
        for flow in flows
        for record in records_in(tracker, flow)
        if record.state is not State.FIXED
    ]
    return max([*begun, of.overrun_armed or of.started or begun[0]])


def _states(tracker: Tracker, flows: Iterable[FlowRecord]) -> Iterator[State]:
    """Yield the states of the leaves whose turn it is."""
    for flow in flows:
        parts = parts_in(tracker, flow)
        if not flow.is_open or flow.next >= len(parts):
            continue
        record = tracker.parts.get(part_key(flow.scope, parts[flow.next].id))
        if record is None:
            yield State.FIXED
        elif record.open_flows and not has_ended(record.state):
            yield from _states(tracker, children(tracker, record))
        else:
            yield record.state
