"""Applies the facts about flows, containers and the run as a whole to a tracker."""

from datetime import datetime

from jobnet.definition import AnyOf, SubNetwork
from jobnet.engine.facts import (
    FlowAdvanced,
    FlowEnded,
    FlowOpened,
    HaltCarriedOut,
    HaltOrdered,
    IterationStarted,
    RestCancelled,
    RestNotRun,
    RunEnded,
    RunStarted,
    SuspensionChanged,
)
from jobnet.engine.folding import Count, worse
from jobnet.engine.recording import (
    begin_anew,
    change,
    due_first,
    fold_into_owner,
    not_due,
    put,
    put_flow,
    settle_owner,
    shift_lingering,
    touch,
)
from jobnet.engine.replacing import replace
from jobnet.engine.standing import children, descendants, flow_of, parts_in, place_of, record_of
from jobnet.engine.states import EndClass, State, WaitReason, has_ended
from jobnet.engine.tracker import FlowRecord, PartRecord, RunRecord, Tracker
from jobnet.engine.work import flows_to_open


def run_started(tracker: Tracker, fact: RunStarted) -> Tracker:
    """Make the run's record."""
    run = RunRecord(
        run=fact.run,
        network=fact.network,
        by=fact.by,
        state=State.RUNNING,
        operating_day=fact.operating_day,
        planned_start=fact.planned_start,
        zone=fact.zone,
        params=fact.params,
        started=fact.at,
        check=fact.check,
        diff=fact.diff,
        usual_seconds=fact.usual_seconds,
        assumed_exit_codes=fact.assumed_exit_codes,
    )
    return replace(tracker, run=run)


def run_ended(tracker: Tracker, fact: RunEnded) -> Tracker:
    """Close the run; nothing is due any more."""
    assert tracker.run is not None, "a run ends after it has started"
    run = replace(
        tracker.run,
        state=fact.state,
        exit_code=fact.exit_code,
        message=fact.message,
        outputs=fact.outputs,
        ended=fact.at,
        timers=(),
    )
    return replace(tracker, run=run, due=())


def flow_opened(tracker: Tracker, fact: FlowOpened) -> Tracker:
    """Open a flow and let its container count it."""
    owner = None if fact.owner is None else record_of(tracker, fact.owner)
    flow = FlowRecord(
        key=fact.flow,
        owner=fact.owner,
        slot=fact.slot,
        order=0 if owner is None else owner.next_child,
        scope=fact.scope,
        scopes=_scopes(tracker, fact, owner),
        network=fact.network,
        is_called=owner is not None and isinstance(place_of(tracker, owner).part.body, SubNetwork),
        item=_item(owner),
    )
    tracker = put_flow(tracker, flow)
    if owner is None:
        return due_first(tracker, fact.flow)
    counted = replace(
        owner,
        open_flows=owner.open_flows + 1,
        next_child=owner.next_child + 1,
        taken=owner.taken if _is_any(tracker, owner) else fact.slot,
    )
    tracker = put(tracker, counted)
    if flows_to_open(tracker, counted) > 0:
        return due_first(tracker, fact.flow, counted.key)
    return due_first(not_due(tracker, counted.key), fact.flow)


def _is_any(tracker: Tracker, owner: PartRecord) -> bool:
    return isinstance(place_of(tracker, owner).part.body, AnyOf)


def _item(owner: PartRecord | None) -> object:
    if owner is None or owner.items is None:
        return None
    return owner.items[owner.next_child][1]


def _scopes(tracker: Tracker, fact: FlowOpened, owner: PartRecord | None) -> tuple[str, ...]:
    if owner is None:
        return (fact.scope,)
    outer = flow_of(tracker, owner.flow)
    if fact.network != outer.network or isinstance(place_of(tracker, owner).part.body, SubNetwork):
        return (fact.scope,)
    return outer.scopes if fact.scope == outer.scope else (*outer.scopes, fact.scope)


def flow_advanced(tracker: Tracker, fact: FlowAdvanced) -> Tracker:
    """Pass the turn to the next part and count the end of this one."""
    flow = flow_of(tracker, fact.flow)
    so_far = Count(end_class=flow.worst, exit_code=flow.exit_code, culprit=flow.culprit, order=0)
    new = Count(end_class=fact.counts, exit_code=fact.exit_code, culprit=fact.culprit, order=1)
    count = worse(so_far, new)
    advanced = replace(
        flow,
        next=flow.next + 1,
        worst=count.end_class,
        exit_code=count.exit_code,
        culprit=count.culprit,
        has_cancelled=flow.has_cancelled or fact.was_cancelled,
    )
    return due_first(put_flow(tracker, advanced), fact.flow)


def rest_stopped(tracker: Tracker, fact: RestNotRun | RestCancelled) -> Tracker:
    """Stop a flow at an index: what follows has no turn."""
    flow = flow_of(tracker, fact.flow)
    is_cancelled = isinstance(fact, RestCancelled)
    stopped = replace(
        flow,
        stopped_at=fact.first,
        stopped_as=State.CANCELLED if is_cancelled else State.NOT_RUN,
        has_cancelled=flow.has_cancelled or is_cancelled,
    )
    return due_first(put_flow(tracker, stopped), fact.flow)


def flow_ended(tracker: Tracker, fact: FlowEnded) -> Tracker:
    """Close a flow and let its container count its end."""
    flow = replace(flow_of(tracker, fact.flow), is_open=False)
    tracker = not_due(put_flow(tracker, flow), fact.flow)
    if flow.owner is None:
        assert tracker.run is not None, "the root flow belongs to a run"
        return tracker if tracker.run.lingering else due_first(tracker, "")
    before = record_of(tracker, flow.owner)
    is_decided = _is_any(tracker, before) and before.taken is not None  # losers never count
    owner = fold_into_owner(before, flow, None if is_decided else fact.end_class)
    if _is_any(tracker, owner) and owner.taken is None and _wins(fact.end_class):
        owner = replace(
            owner,
            taken=flow.slot,
            worst=fact.end_class,
            exit_code=flow.exit_code,
            culprit=flow.culprit,
            worst_order=flow.order,
        )
    tracker = put(tracker, owner)
    if not has_ended(owner.state):
        return settle_owner(tracker, owner)
    if owner.open_flows == 0:
        tracker = shift_lingering(tracker, owner, -1)
    is_bad = fact.end_class is EndClass.ABNORMAL and owner.halt != "losers"
    return due_first(tracker, owner.key) if is_bad else tracker


def _wins(end_class: EndClass | None) -> bool:
    return end_class is EndClass.FINE or end_class is EndClass.WARNING


def iteration_started(tracker: Tracker, fact: IterationStarted) -> Tracker:
    """Reset the parts from the target to the continuity, and give the turn to the target."""
    flow = flow_of(tracker, fact.flow)
    for part in parts_in(tracker, flow)[fact.target : flow.next + 1]:
        record = tracker.parts.get(f"{flow.scope}{part.id}")
        if record is not None:
            tracker = _reset(tracker, record, fact)
    again = replace(flow, next=fact.target, stopped_at=None)
    tracker = change(put_flow(tracker, again), fact.part, fact.at, times=fact.times)
    return due_first(not_due(tracker, record_of(tracker, fact.part).flow), fact.flow)


def _reset(tracker: Tracker, record: PartRecord, fact: IterationStarted) -> Tracker:
    assert tracker.run is not None, "an iteration belongs to a run"
    return reset(tracker, record, fact.at, is_iteration=True, round_=tracker.run.round)


def reset(
    tracker: Tracker, record: PartRecord, at: datetime, *, is_iteration: bool, round_: int
) -> Tracker:
    """Return a tracker in which a part and all inside it begin anew, their flows gone."""
    records = [record, *descendants(tracker, record)]
    flows = [flow.key for each in records for flow in children(tracker, each)]
    for each in records:
        fresh = begin_anew(each, at, is_iteration=is_iteration, round_=round_)
        tracker = not_due(put(tracker, fresh), each.key)
    for key in flows:
        tracker = not_due(replace(tracker, flows=tracker.flows.drop(key)), key)
    return tracker


def halt_ordered(tracker: Tracker, fact: HaltOrdered) -> Tracker:
    """Remember that a container or the run comes to its end early."""
    assert tracker.run is not None, "only a run that has started can be halted"
    if fact.part is None:
        run = replace(tracker.run, halt=fact.how, halt_reason=fact.reason)
        return due_first(replace(tracker, run=run), "!")
    record = touch(tracker, fact.part, fact.at)
    tracker = put(tracker, replace(record, halt=fact.how))
    return due_first(tracker, f"!{fact.part}")


def halt_carried_out(tracker: Tracker, fact: HaltCarriedOut) -> Tracker:
    """Take the halt off what is due; a container with nothing inside it can end."""
    if fact.part is None:
        return not_due(tracker, "!")
    tracker = not_due(tracker, f"!{fact.part}")
    record = record_of(tracker, fact.part)
    is_idle = record.state is State.RUNNING and not record.open_flows
    return settle_owner(tracker, record) if is_idle else tracker


def suspension_changed(tracker: Tracker, fact: SuspensionChanged) -> Tracker:
    """Suspend or resume; what waited for that has its turn again."""
    assert tracker.run is not None, "only a run that has started can be suspended"
    if fact.part is None:
        run = replace(tracker.run, is_suspended=fact.is_suspended)
        tracker = replace(tracker, run=run)
    else:
        tracker = change(tracker, fact.part, fact.at, is_suspended=fact.is_suspended)
    if fact.is_suspended:
        return tracker
    waiting = [
        record.flow
        for record in tracker.parts.values()
        if record.state is State.WAITING and record.reason is WaitReason.SUSPENDED
    ]
    return due_first(tracker, *sorted(waiting))
