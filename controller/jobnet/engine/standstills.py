"""Says of one run which executions are open in it, and who in it cannot end before whom.

The standings of all runs together are what ``deadlocks`` looks at. Only what waits for the end of
something can close a circle; a running job, a dialog and a time wait end by themselves, so nobody
who stands in line for a slot or a lock of a job is stuck for ever.
"""

from collections.abc import Iterable, Iterator, Sequence

from jobnet.definition import AnyOf, Block, Flow, SubNetwork, WaitNetwork, WaitPart, flows_of, walk
from jobnet.engine.deadlocks import Standing, deadlocks
from jobnet.engine.deriving import outside_wait
from jobnet.engine.inputs import DeadlockSeen
from jobnet.engine.keys import ROOT_FLOW, part_key
from jobnet.engine.layout import address_of
from jobnet.engine.matching import awaited_by, ends_meant
from jobnet.engine.standing import children, part_of, parts_in, run_of
from jobnet.engine.states import State, WaitReason, has_ended
from jobnet.engine.tracker import FlowRecord, PartRecord, Tracker
from jobnet.engine.waits import EndWait, ExecutionEnd, OpenExecution, Outlook
from jobnet.ids import FlowKey, NetworkName, PartKey

_FOR_ENDS = frozenset({WaitReason.NETWORK, WaitReason.PART})
_UNBEGUN = frozenset({State.FIXED, State.HELD})


def open_executions(tracker: Tracker) -> tuple[OpenExecution, ...]:
    """Return the executions of a run that have not ended: its own, its calls and those to come.

    A call that a flow has not come to yet is possible; the name of one that is hidden in a part
    that has not begun is that part's.
    """
    run = run_of(tracker)
    if run.ended is not None:
        return ()
    found = [_open(tracker, run.network, None, Outlook.RUNNING)]
    for record in tracker.parts.values():
        body = part_of(tracker, record).body
        if not isinstance(body, SubNetwork) or has_ended(record.state):
            continue
        if record.state is State.RUNNING or record.open_flows:
            found.append(_open(tracker, NetworkName(body.network), record.key, Outlook.RUNNING))
        elif record.state not in _UNBEGUN:
            found.append(_open(tracker, NetworkName(body.network), record.key, Outlook.PLANNED))
    root = tracker.flows.get(ROOT_FLOW)
    for key, network in () if root is None else _possible(tracker, root):
        found.append(_open(tracker, network, key, Outlook.POSSIBLE))
    return tuple(found)


def _open(
    tracker: Tracker, network: NetworkName, key: PartKey | None, outlook: Outlook
) -> OpenExecution:
    run = run_of(tracker)
    return OpenExecution(
        network=network,
        execution=str(run.run) if key is None else f"{run.run}/{key}",
        run=run.run,
        outlook=outlook,
        operating_day=run.operating_day,
        planned_start=run.planned_start,
    )


def _possible(tracker: Tracker, flow: FlowRecord) -> Iterator[tuple[PartKey, NetworkName]]:
    """Yield the calls that an open flow may still come to, by the part that would begin them."""
    parts = parts_in(tracker, flow)
    for part in parts[flow.next : flow.stopped_at]:
        key = part_key(flow.scope, part.id)
        record = tracker.parts.get(key)
        if record is None or record.state in _UNBEGUN:
            for network in _calls_in(tracker, (part,)):
                yield key, network
            continue
        opened = set()
        for child in children(tracker, record):
            opened.add(child.slot)
            if child.is_open:
                yield from _possible(tracker, child)
        if not has_ended(record.state):
            later = [inner for slot, inner in flows_of(part) if slot not in opened]
            for inner in later:
                for network in _calls_in(tracker, inner):
                    yield PartKey(f"{key}/later"), network


def _calls_in(tracker: Tracker, flow: Flow) -> tuple[NetworkName, ...]:
    """Return the networks that the parts of a text call, those that they call included."""
    found: list[NetworkName] = []
    pending = [flow]
    while pending:
        for part in walk(pending.pop()):
            if isinstance(part.body, SubNetwork) and part.body.network not in found:
                found.append(NetworkName(part.body.network))
                pending.append(tracker.layout.flow_called_by(part.body))
    return tuple(found)


def deadlocks_in(
    tracker: Tracker, ends: Sequence[ExecutionEnd], executions: Sequence[OpenExecution]
) -> tuple[DeadlockSeen, ...]:
    """Return what the run has to be told about deadlocks inside it, where that is news."""
    return deadlock_news(tracker, standings_of(tracker, ends, executions))


def deadlock_news(tracker: Tracker, standings: Iterable[Standing]) -> tuple[DeadlockSeen, ...]:
    """Return what one run has to be told, by the standings of all runs."""
    circles = deadlocks(standings)
    news = []
    for record in _standing_still(tracker):
        circle = circles.get(_name(tracker, record.key), ())
        if circle != record.circle:
            seen = DeadlockSeen(part=record.key, attempt=record.attempt, circle=circle)
            news.append(seen)
    return tuple(news)


def standings_of(
    tracker: Tracker,
    ends: Sequence[ExecutionEnd],
    executions: Sequence[OpenExecution],
    *,
    asked: Iterable[str] = (),
) -> tuple[Standing, ...]:
    """Return who in this run cannot end before whom, as far as waits and limits reach.

    ``ends`` and ``executions`` are those of all runs, ``asked`` the names that other runs need.
    """
    root = tracker.flows.get(ROOT_FLOW)
    if root is None or run_of(tracker).ended is not None:
        return ()
    run = str(run_of(tracker).run)
    inside = _names(tracker, _current(tracker, (root,)))
    found = {run: Standing(name=run, needs=inside)}
    pending = [record.key for record in _standing_still(tracker)]
    pending.extend(_own(tracker, (*inside, *asked)))
    while pending:
        key = pending.pop()
        if _name(tracker, key) in found:
            continue
        standing = _standing(tracker, key, ends, executions)
        if standing is not None:
            found[standing.name] = standing
            pending.extend(_own(tracker, standing.needs))
    return tuple(found.values())


def _name(tracker: Tracker, key: PartKey) -> str:
    return f"{run_of(tracker).run}/{key}"


def _names(tracker: Tracker, keys: Iterable[PartKey]) -> tuple[str, ...]:
    return tuple(_name(tracker, key) for key in keys)


def _own(tracker: Tracker, names: Iterable[str]) -> Iterator[PartKey]:
    """Yield the parts of this run among the names."""
    start = f"{run_of(tracker).run}/"
    for name in names:
        if name.startswith(start) and not name.endswith("/later"):
            yield PartKey(name[len(start) :])


def _standing_still(tracker: Tracker) -> Iterator[PartRecord]:
    """Yield the parts that wait for the end of something."""
    for record in tracker.parts.values():
        if record.state is State.WAITING and (
            record.awaits in _FOR_ENDS or record.awaits is WaitReason.NETWORK_LIMIT
        ):
            yield record


def _standing(
    tracker: Tracker,
    key: PartKey,
    ends: Sequence[ExecutionEnd],
    executions: Sequence[OpenExecution],
) -> Standing | None:
    """Return what a part needs before it can end; None where it ends by itself."""
    name, record = _name(tracker, key), tracker.parts.get(key)
    if record is None or record.state is State.FIXED:
        before = _before(tracker, key)
        return None if before is None else Standing(name=name, needs=before[0], is_any=before[1])
    if has_ended(record.state):
        return None
    part = part_of(tracker, record)
    if record.awaits in _FOR_ENDS and isinstance(part.body, WaitNetwork | WaitPart):
        wait = outside_wait(tracker, record, part)
        assert isinstance(wait, EndWait), "these wait for ends"
        return _of_wait(name, wait, ends, executions)
    if record.awaits is WaitReason.NETWORK_LIMIT and not record.open_flows:
        holders = [
            each.execution
            for each in executions
            if isinstance(part.body, SubNetwork)
            and each.network == part.body.network
            and each.outlook is Outlook.RUNNING
        ]
        return Standing(name=name, needs=tuple(holders), is_any=True)
    flows = [flow for flow in children(tracker, record) if flow.is_open]
    if record.state is not State.RUNNING or not flows:
        return None
    needs = _names(tracker, _current(tracker, flows))
    return Standing(name=name, needs=needs, is_any=isinstance(part.body, AnyOf))


def _of_wait(
    name: str,
    wait: EndWait,
    ends: Sequence[ExecutionEnd],
    executions: Sequence[OpenExecution],
) -> Standing | None:
    """Return what a wait needs: all that it means, or any of what may still come."""
    if wait.network is None:
        return Standing(name=name, needs=(f"{wait.run}/{wait.awaited_part}",))
    awaited = awaited_by(wait, ends_meant(wait, ends), executions)
    if not awaited:
        return None
    needs = tuple(
        each.execution if wait.awaited_part is None else _part_in(each, wait.awaited_part)
        for each in awaited
    )
    return Standing(
        name=name, needs=needs, is_any=all(each.outlook is Outlook.POSSIBLE for each in awaited)
    )


def _part_in(execution: OpenExecution, part: str) -> str:
    """Return the name of a part in an execution; of one that has not begun, the execution's."""
    if execution.outlook is not Outlook.RUNNING:
        return execution.execution
    is_run = execution.execution == str(execution.run)
    return f"{execution.execution}{'/' if is_run else '.'}{part}"


def _current(tracker: Tracker, flows: Iterable[FlowRecord]) -> Iterator[PartKey]:
    """Yield the parts whose turn it is in these flows."""
    for flow in flows:
        parts = parts_in(tracker, flow)
        if flow.is_open and flow.next < len(parts):
            yield part_key(flow.scope, parts[flow.next].id)


def _before(tracker: Tracker, key: PartKey) -> tuple[tuple[str, ...], bool] | None:
    """Return what has to end before a part can begin, and whether any of it is enough."""
    address = address_of(tracker.layout, key)
    if address is None:
        return None
    flow = tracker.flows.get(address.flow)
    if flow is None:
        return _before_flow(tracker, address.flow)
    is_ahead = flow.is_open and flow.next < address.place.index
    if not is_ahead or flow.stopped_at is not None:
        return None
    return _names(tracker, _current(tracker, (flow,))), False


def _before_flow(tracker: Tracker, key: FlowKey) -> tuple[tuple[str, ...], bool] | None:
    """Return what has to end before a flow can open."""
    owner_key = key.rpartition("/")[0]
    owner = tracker.parts.get(owner_key)
    if owner is None or owner.state is State.FIXED:
        return _before(tracker, PartKey(owner_key))
    flows = [flow for flow in children(tracker, owner) if flow.is_open]
    if owner.state is not State.RUNNING or not flows:
        return None
    is_any = not isinstance(part_of(tracker, owner).body, Block)
    return _names(tracker, _current(tracker, flows)), is_any
