"""Tells which ends of a run other runs, and its own part waits, may be waiting for.

Everything is read from the fact and the definition, nothing from the part's record: by the time
somebody asks, a loop or a rerun may have begun the part anew.
"""

from collections.abc import Iterator, Mapping

from jobnet.definition import ForEach, SubNetwork
from jobnet.engine.facts import Fact, PartEnded, ResultChanged, RunEnded
from jobnet.engine.keys import owner_of_scope, scope_of
from jobnet.engine.layout import Place, address_of
from jobnet.engine.standing import run_of
from jobnet.engine.states import CLASS_OF_END, EndClass
from jobnet.engine.tracker import Tracker
from jobnet.engine.waits import ExecutionEnd
from jobnet.ids import NetworkName, PartKey


def ends_of(tracker: Tracker, fact: Fact) -> Iterator[ExecutionEnd]:
    """Yield the ends that a fact publishes; the tracker already has the fact."""
    match fact:
        case RunEnded(outputs=outputs):
            run = run_of(tracker)
            yield _end(tracker, fact, run.network, str(run.run), None, outputs)
        case PartEnded(outputs=outputs):
            yield from _ends_of_part(tracker, fact, outputs)
        case ResultChanged():
            record = tracker.parts.get(fact.part)
            yield from _ends_of_part(tracker, fact, {} if record is None else record.outputs)
        case _:
            pass


def _ends_of_part(
    tracker: Tracker, fact: PartEnded | ResultChanged, outputs: Mapping[str, object]
) -> Iterator[ExecutionEnd]:
    key, run = fact.part, str(run_of(tracker).run)
    place = _place(tracker, key)
    if isinstance(place.part.body, SubNetwork):
        called = NetworkName(place.part.body.network)
        yield _end(tracker, fact, called, f"{run}/{key}", None, outputs)
    yield _end(tracker, fact, place.network, _execution(tracker, key), str(place.part.id), outputs)
    yield _end(tracker, fact, place.network, f"{run}:own", str(key), outputs, is_own_key=True)


def _place(tracker: Tracker, key: PartKey) -> Place:
    address = address_of(tracker.layout, key)
    assert address is not None, f"no part has the key {key!r}"
    return address.place


def _execution(tracker: Tracker, key: PartKey) -> str:
    """Return the execution of the network that a part belongs to."""
    return executions_around(tracker, key)[0]


def executions_around(tracker: Tracker, key: PartKey) -> tuple[str, ...]:
    """Return the executions that a part stands in, from the inside out; the last is the run."""
    run, found, scope = str(run_of(tracker).run), [], scope_of(key)
    while scope:
        owner = owner_of_scope(scope)
        if not isinstance(_place(tracker, owner).part.body, ForEach):
            found.append(f"{run}/{owner}")
        scope = scope_of(owner)
    return (*found, run)


def _end(
    tracker: Tracker,
    fact: PartEnded | ResultChanged | RunEnded,
    network: NetworkName,
    execution: str,
    part: str | None,
    outputs: Mapping[str, object],
    *,
    is_own_key: bool = False,
) -> ExecutionEnd:
    run = run_of(tracker)
    return ExecutionEnd(
        network=network,
        execution=execution,
        part=part,
        run=run.run,
        state=fact.state.value,
        is_fine_or_warning=CLASS_OF_END.get(fact.state) in {EndClass.FINE, EndClass.WARNING},
        operating_day=run.operating_day,
        planned_start=run.planned_start,
        ended_at=fact.at,
        outputs=dict(outputs),
        is_own_key=is_own_key,
    )
