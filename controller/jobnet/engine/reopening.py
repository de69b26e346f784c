"""Opens what has ended once more: for a rerun, or because an operator changed a result.

What begins anew takes its limits again and gets the deadlines that have not passed.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from jobnet.definition import SubNetwork
from jobnet.engine.appointments import watch_again
from jobnet.engine.begin_containers import is_limited
from jobnet.engine.bounds import KEYS_PER_FACT_MAX_BYTES, line_size_of
from jobnet.engine.facts import PartWaited, RerunListed, RunReopened
from jobnet.engine.replacing import replace
from jobnet.engine.standing import flow_of, part_of, record_of, run_of
from jobnet.engine.states import WaitReason, has_ended
from jobnet.engine.turn import Turn
from jobnet.ids import FlowKey, NetworkName, PartKey


def reopen(turn: Turn, fact: RunReopened) -> None:
    """Record that flows are open again, with what follows from that."""
    is_run_over = run_of(turn.tracker).ended is not None
    calls = _ended_calls(turn, fact.reopened)
    for each in in_pieces(fact):
        turn.record(each)
    watch_again(turn, fact.reopened, is_run_over=is_run_over)
    for key, network in calls:
        turn.record(
            PartWaited(
                at=turn.now,
                part=key,
                attempt=record_of(turn.tracker, key).attempt,
                reason=WaitReason.NETWORK_LIMIT,
                detail=network,
            )
        )


_LISTS = ("reset", "reopened", "held", "only", "passed", "narrowed")


def in_pieces(fact: RunReopened) -> Iterator[RerunListed | RunReopened]:
    """Yield a fact about thousands of parts as several that each fit into an entry.

    One that fits is yielded as it is.
    """
    sizes = {name: line_size_of(getattr(fact, name)) for name in _LISTS}
    if sum(sizes.values()) <= KEYS_PER_FACT_MAX_BYTES:
        yield fact
        return
    for name in _LISTS:
        for some in _slices(getattr(fact, name)):
            lists: dict[str, tuple[Any, ...]] = {name: some}
            yield RerunListed(at=fact.at, **lists)
    yield replace(fact, **dict.fromkeys(_LISTS, ()))


def _slices(keys: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield keys in slices that each fit into an entry."""
    some: list[str] = []
    size = 0
    for key in keys:
        taken = line_size_of(key) + 2
        if some and size + taken > KEYS_PER_FACT_MAX_BYTES:
            yield tuple(some)
            some, size = [], 0
        some.append(key)
        size += taken
    if some:
        yield tuple(some)


def _ended_calls(turn: Turn, reopened: Iterable[FlowKey]) -> list[tuple[PartKey, str]]:
    """Return the calls of limited networks that begin once more: they take their limits again."""
    found = []
    for key in reopened:
        owner = flow_of(turn.tracker, key).owner
        record = None if owner is None else record_of(turn.tracker, owner)
        if record is None or not has_ended(record.state):
            continue
        body = part_of(turn.tracker, record).body
        if isinstance(body, SubNetwork):
            network = turn.tracker.layout.network(NetworkName(body.network))
            if is_limited(network):
                found.append((record.key, str(network.name)))
    return found
