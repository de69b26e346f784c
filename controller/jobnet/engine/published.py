"""Tells which ends of a run other runs, and its own part waits, may be waiting for."""

from collections.abc import Iterator

from jobnet.definition import SubNetwork
from jobnet.engine.facts import Fact, PartEnded, ResultChanged, RunEnded
from jobnet.engine.keys import id_of
from jobnet.engine.standing import chain, flow_of, part_of, record_of, run_of
from jobnet.engine.states import CLASS_OF_END, EndClass, State
from jobnet.engine.tracker import FlowRecord, PartRecord, Tracker
from jobnet.engine.waits import ExecutionEnd
from jobnet.ids import NetworkName, PartKey


def ends_of(tracker: Tracker, fact: Fact) -> Iterator[ExecutionEnd]:
    """Yield the ends that a fact publishes; the tracker already has the fact."""
    match fact:
        case RunEnded():
            run = run_of(tracker)
            yield _end(tracker, run.network, str(run.run), None, fact.state, dict(run.outputs))
        case PartEnded() | ResultChanged():
            yield from _ends_of_part(tracker, record_of(tracker, fact.part))
        case _:
            pass


def _ends_of_part(tracker: Tracker, record: PartRecord) -> Iterator[ExecutionEnd]:
    flow = flow_of(tracker, record.flow)
    outputs = dict(record.outputs)
    execution = _execution(tracker, flow)
    body = part_of(tracker, record).body
    if isinstance(body, SubNetwork):
        own = f"{run_of(tracker).run}/{record.key}"
        yield _end(tracker, NetworkName(body.network), own, None, record.state, outputs)
    yield _end(tracker, flow.network, execution, str(id_of(record.key)), record.state, outputs)
    yield _end(
        tracker,
        flow.network,
        f"{run_of(tracker).run}:own",
        str(record.key),
        record.state,
        outputs,
        is_own_key=True,
    )


def _execution(tracker: Tracker, flow: FlowRecord) -> str:
    """Return the execution of the network that a flow belongs to."""
    run = str(run_of(tracker).run)
    for each, owner in chain(tracker, flow):
        if each.is_called and owner is not None:
            return f"{run}/{PartKey(owner.key)}"
    return run


def _end(
    tracker: Tracker,
    network: NetworkName,
    execution: str,
    part: str | None,
    state: State,
    outputs: dict[str, object],
    *,
    is_own_key: bool = False,
) -> ExecutionEnd:
    run = run_of(tracker)
    assert tracker.last_at is not None, "an end is a fact"
    return ExecutionEnd(
        network=network,
        execution=execution,
        part=part,
        run=run.run,
        state=state.value,
        is_fine_or_warning=CLASS_OF_END.get(state) in {EndClass.FINE, EndClass.WARNING},
        operating_day=run.operating_day,
        planned_start=run.planned_start,
        ended_at=tracker.last_at,
        outputs=outputs,
        is_own_key=is_own_key,
    )
