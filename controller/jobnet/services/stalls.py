"""Says why a run cannot go on by itself, and what a person may do about it.

A run stalls when nothing is at work, no timer will move it on, and each open part waits
for something that this process will never bring.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from jobnet.engine.orders import Cancel, ClearWait, Kill, Order, Release, Resume
from jobnet.engine.states import State, WaitReason
from jobnet.engine.tracker import PartRecord, Tracker

_OUTSIDE = frozenset({WaitReason.EVENT, WaitReason.NETWORK, WaitReason.PART})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """One line about what is stuck, and the orders that could help, by choice."""

    text: str
    ways_out: Mapping[str, tuple[str, Order]]


def stall_of(tracker: Tracker) -> Stall:
    """Return the first thing, in order of the keys, that waits for somebody."""
    assert tracker.run is not None, "a run that has not started cannot stall"
    for _, record in sorted(tracker.parts.items()):
        found = _stall_of_part(record)
        if found is not None:
            return found
    if tracker.run.is_suspended:
        return _stall("the run is suspended", resume=("let it go on", Resume()))
    return _stall("nothing in this process will move the run on")


def _stall_of_part(record: PartRecord) -> Stall | None:
    key = record.key
    if record.awaits_operator:
        return _stall(
            f"{key} ended {record.state.value} and waits for a decision",
            release=("go on; the end counts as warning", Release(part=key)),
            cancel=("judge the end as it stands", Cancel(part=key)),
        )
    if record.state is State.HELD:
        return _stall(f"{key} is held", release=("let it start", Release(part=key)))
    if record.reason is WaitReason.DEADLOCK:
        if record.blocked in _OUTSIDE:
            way: tuple[str, Order] = ("take it as fulfilled", ClearWait(part=key))
            return _stall(f"{key} is in a deadlock: {record.detail}", clear_wait=way)
        way = ("cancel this call", Cancel(part=key))
        return _stall(f"{key} is in a deadlock: {record.detail}", cancel=way)
    if record.state is State.WAITING and record.reason in _OUTSIDE:
        waits = f"{key} waits for {_awaited(record)}, which nothing in this process can bring"
        return _stall(waits, clear_wait=("take it as fulfilled", ClearWait(part=key)))
    if record.state is State.QUEUED:
        return _stall(f"{key} stands in line ({_awaited(record)}) and nothing will be given back")
    if record.is_suspended:
        return _stall(f"{key} is suspended", resume=("let it go on", Resume(part=key)))
    return None


def _awaited(record: PartRecord) -> str:
    reason = record.reason.value if record.reason is not None else "something"
    return f"{reason} ({record.detail})" if record.detail else reason


def _stall(text: str, **ways_out: tuple[str, Order]) -> Stall:
    kill: tuple[str, Order] = ("end the run", Kill())
    return Stall(text=text, ways_out={**ways_out, "kill": kill})
