"""Applies the facts that operators make: reruns, votes, notes and the orders taken."""

from jobnet.definition import AnyOf
from jobnet.engine.evolve_flows import reset
from jobnet.engine.facts import Commented, OrderTaken, RerunListed, RunReopened, VoteCast
from jobnet.engine.folding import Count, worse
from jobnet.engine.keys import flow_key, part_key
from jobnet.engine.recording import change, due_first, put, put_flow, refold, touch
from jobnet.engine.replacing import replace
from jobnet.engine.results import HostState
from jobnet.engine.standing import (
    children,
    descendants,
    flow_of,
    later_slots,
    parts_in,
    place_of,
    record_of,
)
from jobnet.engine.states import EndClass, Flag, State
from jobnet.engine.tracker import FlowRecord, Marks, PartRecord, Tracker
from jobnet.ids import FlowKey, PartKey

ORDERS_MAX = 1_000
NOTES_MAX = 50


def run_reopened(tracker: Tracker, fact: RunReopened) -> Tracker:
    """Reset the set of a rerun, and open the flows around it again, inner ones first."""
    assert tracker.run is not None, "only a run that has started can be run again"
    if tracker.listed:
        fact = _whole(tracker.listed, fact)
        tracker = replace(tracker, listed=())
    again = frozenset((*fact.reset, *(_owner(tracker, each) for each in fact.reopened)))
    for key in fact.reset:
        record = tracker.parts.get(key)
        if record is not None:
            tracker = _reset_part(tracker, record, fact)
    for key in fact.held:
        tracker = change(tracker, key, fact.at, marks=Marks(hold=True))
    for key, slot in fact.cases.items():
        tracker = change(tracker, key, fact.at, chosen=slot)
    for key in fact.narrowed:
        tracker = change(tracker, key, fact.at, only_hosts=fact.hosts)
    for key in fact.passed:
        tracker = change(tracker, key, fact.at, handled="release")
    tracker = _reopen_all(tracker, fact, again)
    assert tracker.run is not None, "a reset keeps the run"
    recovered = tuple(key for key in tracker.run.recovered if record_of(tracker, key).handled)
    run = replace(
        tracker.run,
        state=State.RUNNING,
        ended=None,
        exit_code=None,
        message="",
        outputs={},
        round=fact.round,
        halt="",
        halt_reason="",
        params={**tracker.run.params, **fact.params},
        flags=tuple(flag for flag in tracker.run.flags if flag not in _ABOUT_ENDS),
        recovered=recovered,
    )
    if recovered:
        run = replace(run, flags=tuple(sorted((*run.flags, Flag.RECOVERED))))
    return due_first(replace(tracker, run=run), *_inner(tracker, fact))


def _whole(listed: tuple[RerunListed, ...], fact: RunReopened) -> RunReopened:
    """Return the fact with all that was listed before it."""
    lists = {
        name: tuple(key for each in (*listed, fact) for key in getattr(each, name))
        for name in ("reset", "reopened", "held", "only", "passed", "narrowed")
    }
    return replace(fact, **lists)


def _owner(tracker: Tracker, key: FlowKey) -> PartKey | None:
    return flow_of(tracker, key).owner


_ABOUT_ENDS = frozenset({Flag.HAS_FAILED_PART, Flag.RECOVERED})


def _forget_later(tracker: Tracker, key: FlowKey) -> Tracker:
    """Drop the rescue and ``always`` that ran after a flow of a block: they begin anew."""
    flow = flow_of(tracker, key)
    for slot in () if flow.owner is None else later_slots(flow.slot):
        later = flow_key(PartKey(str(flow.owner)), slot)
        tracker = replace(tracker, flows=tracker.flows.drop(later))
    return tracker


def _inner(tracker: Tracker, fact: RunReopened) -> list[FlowKey]:
    """Return the reopened flows whose turn is not a container that waits for another one."""
    owners = {flow_of(tracker, key).owner for key in fact.reopened}
    found = []
    for key in fact.reopened:
        flow = flow_of(tracker, key)
        parts = parts_in(tracker, flow)
        at = part_key(flow.scope, parts[flow.next].id) if flow.next < len(parts) else None
        if at is None or at not in owners:
            found.append(key)
    return found


def _reset_part(tracker: Tracker, record: PartRecord, fact: RunReopened) -> Tracker:
    hosts = tuple(
        name
        for name, host in record.hosts.items()
        if host.state in {HostState.FAILED, HostState.UNREACHABLE}
    )
    had_hosts = record.hosts
    inside = list(descendants(tracker, record))
    tracker = reset(tracker, record, fact.at, is_iteration=False, round_=fact.round)
    if fact.fresh_events:
        for each in [record, *inside]:
            tracker = change(tracker, each.key, fact.at, reusable=None)
    fresh = record_of(tracker, record.key)
    if fact.only_failed_hosts and hosts:
        fresh = replace(fresh, only_hosts=hosts, hosts=had_hosts)
    if record.key in fact.narrowed:
        fresh = replace(fresh, hosts=had_hosts)
    return put(tracker, fresh)


def _reopen(
    tracker: Tracker, key: FlowKey, fact: RunReopened, again: frozenset[PartKey | None]
) -> Tracker:
    flow = flow_of(tracker, key)
    keys = [part_key(flow.scope, part.id) for part in parts_in(tracker, flow)]
    first = next((index for index, part in enumerate(keys) if part in again), len(keys))
    count, has_cancelled = refold(tracker, keys[:first])
    is_only = bool(fact.only)
    opened = replace(
        flow,
        is_open=True,
        next=first,
        stopped_at=flow.stopped_at if is_only and (flow.stopped_at or 0) > first else None,
        worst=count.end_class,
        exit_code=count.exit_code,
        culprit=count.culprit,
        has_cancelled=has_cancelled,
    )
    return put_flow(tracker, opened)


def _reopen_all(tracker: Tracker, fact: RunReopened, again: frozenset[PartKey | None]) -> Tracker:
    """Open flows again; a container of thousands of them is counted once, at its last one."""
    last = {_owner(tracker, each): each for each in fact.reopened}
    for flow in fact.reopened:
        tracker = _reopen(tracker if fact.only else _forget_later(tracker, flow), flow, fact, again)
        if last[_owner(tracker, flow)] == flow:
            tracker = _reopen_owner(tracker, flow_of(tracker, flow), fact)
    return tracker


def _reopen_owner(tracker: Tracker, opened: FlowRecord, fact: RunReopened) -> Tracker:
    if opened.owner is None:
        return tracker
    owner = record_of(tracker, opened.owner)
    return put(tracker, _running_again(tracker, owner, opened, fact))


def _running_again(
    tracker: Tracker, owner: PartRecord, opened: FlowRecord, fact: RunReopened
) -> PartRecord:
    """Return the record of a container that runs once more, its carried flows counted."""
    flows = [flow for flow in children(tracker, owner) if flow.key != opened.key]
    is_any = isinstance(place_of(tracker, owner).part.body, AnyOf)
    won = next((flow for flow in flows if is_any and not flow.is_open and _is_good(flow)), None)
    count, taken = Count(), opened.slot if owner.items is None else owner.taken
    if is_any:
        taken = None if won is None else won.slot
    for flow in flows if won is None else (won,):
        if not flow.is_open:
            new = Count(
                end_class=flow.worst,
                exit_code=flow.exit_code,
                culprit=flow.culprit,
                order=flow.order,
            )
            count = worse(count, new)
    return replace(
        owner,
        state=State.RUNNING,
        since=fact.at,
        ended=None,
        round=fact.round,
        reason=None,
        handled="",
        halt="",
        message="",
        end_reason="",
        outputs={},
        open_flows=1 + sum(1 for flow in flows if flow.is_open),
        taken=taken,
        worst=count.end_class,
        worst_order=count.order,
        exit_code=count.exit_code,
        culprit=count.culprit,
    )


def _is_good(flow: FlowRecord) -> bool:
    return flow.worst in {EndClass.FINE, EndClass.WARNING}


def vote_cast(tracker: Tracker, fact: VoteCast) -> Tracker:
    """Count an operator's vote on a dialog; a second vote of the same one replaces the first."""
    record = record_of(tracker, fact.part)
    others = tuple(vote for vote in record.votes if vote[0] != fact.by)
    return put(tracker, replace(record, votes=(*others, (fact.by, fact.choice))))


def commented(tracker: Tracker, fact: Commented) -> Tracker:
    """Keep a note."""
    note = f"{fact.by}: {fact.text}"
    if fact.part is None:
        assert tracker.run is not None, "a note on the run needs the run"
        notes = (*tracker.run.notes, note)[-NOTES_MAX:]
        return replace(tracker, run=replace(tracker.run, notes=notes))
    record = touch(tracker, fact.part, fact.at)
    return change(tracker, fact.part, fact.at, notes=(*record.notes, note)[-NOTES_MAX:])


def order_taken(tracker: Tracker, fact: OrderTaken) -> Tracker:
    """Remember the key of an order, so that it is not carried out twice."""
    return replace(tracker, orders=(*tracker.orders, fact.key)[-ORDERS_MAX:])
