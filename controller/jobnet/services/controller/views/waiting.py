"""Says what every part that is not running waits for, since when, until when, and who can end it.

The run itself knows most of it. Who stands before it in a line is known to the line alone, and
what an operator has suspended beside the run to the settings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from jobnet.engine import Tracker, TrackLine
from jobnet.engine.clocks import jump_text
from jobnet.engine.keys import part_key
from jobnet.engine.layout import address_of
from jobnet.engine.standing import parts_in, run_of
from jobnet.engine.states import QueueReason, State, WaitReason, has_ended
from jobnet.engine.tracker import PartRecord
from jobnet.ids import PartKey, RunId
from jobnet.ports.store import SlotRow, SlotState

HOLDERS_SHOWN_MAX = 5


class Resolver(StrEnum):
    """Who can end a wait."""

    OPERATOR = "operator"
    TIME = "time"
    PART = "another part"
    RUN = "another run"
    SENDER = "whoever sends the event"
    HOST = "whoever makes the file"
    QUEUE = "whoever holds the queue, lock or resource"


_RESOLVERS: Mapping[str, Resolver] = {
    WaitReason.START_TIME: Resolver.TIME,
    WaitReason.TIME: Resolver.TIME,
    WaitReason.RETRY: Resolver.TIME,
    WaitReason.INTERVAL: Resolver.TIME,
    WaitReason.WINDOW: Resolver.TIME,
    WaitReason.PREDECESSOR: Resolver.PART,
    WaitReason.PART: Resolver.PART,
    WaitReason.NETWORK: Resolver.RUN,
    WaitReason.NETWORK_LIMIT: Resolver.RUN,
    WaitReason.FILE: Resolver.HOST,
    WaitReason.EVENT: Resolver.SENDER,
    State.QUEUED: Resolver.QUEUE,
    QueueReason.QUEUE_LIMIT: Resolver.QUEUE,
    QueueReason.LOCK: Resolver.QUEUE,
    QueueReason.RESOURCE: Resolver.QUEUE,
}
_AT_WORK = frozenset({State.STARTING, State.RUNNING})


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingOn:
    """One thing that keeps a run or part from running; ``kind`` is a reason of the glossary."""

    kind: str
    what: str
    who_can_resolve: Resolver
    since: datetime | None = None
    expected_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is known outside of a run: who stands in lines, and what is suspended.

    ``suspensions`` say what is suspended for whole networks or everything, by network name; ""
    is everything.
    """

    slots: Sequence[SlotRow] = ()
    suspensions: Mapping[str, WaitingOn] = field(default_factory=dict)


def waits_of_run(tracker: Tracker, around: Surroundings) -> tuple[WaitingOn, ...]:
    """Return what keeps the whole run from going on."""
    run = tracker.run
    if run is None or run.ended is not None:
        return ()
    found = [each for name in ("", run.network) if (each := around.suspensions.get(name))]
    if run.clock_jump_seconds:
        what = jump_text(run.clock_jump_seconds)
        found.append(_of_operator(QueueReason.PAUSED.value, what, run.clock_jumped_at))
    if run.is_suspended:
        what = "the run is suspended; nothing new starts in it"
        found.append(_of_operator(WaitReason.SUSPENDED.value, what, None))
    return tuple(found)


def waits_of_part(tracker: Tracker, line: TrackLine, around: Surroundings) -> tuple[WaitingOn, ...]:
    """Return what keeps a part from running; nothing for one that runs or has ended for good."""
    record = line.record
    if record is not None and record.awaits_operator:
        what = f"{line.message or line.state.value}; release, rerun or cancel it"
        return (_of_operator(WaitReason.OPERATOR.value, what, record.since),)
    if record is not None and record.is_suspended and not has_ended(line.state):
        what = f"{line.key} is suspended; nothing new starts in it"
        return (_of_operator(WaitReason.SUSPENDED.value, what, record.since),)
    if has_ended(line.state) or line.state in _AT_WORK:
        return ()
    if record is None or line.state is State.FIXED:
        return (_before_its_turn(tracker, line),)
    return (_of_record(tracker, line, record, around.slots),)


def _of_operator(kind: str, what: str, since: datetime | None) -> WaitingOn:
    return WaitingOn(kind=kind, what=what, since=since, who_can_resolve=Resolver.OPERATOR)


def _of_record(
    tracker: Tracker, line: TrackLine, record: PartRecord, slots: Sequence[SlotRow]
) -> WaitingOn:
    kind = line.state.value if line.reason is None else line.reason.value
    what = line.message or record.detail
    if line.state is State.QUEUED and line.reason in {None, QueueReason.QUEUE_LIMIT}:
        what = _in_line(slots_of_run(slots, run_of(tracker).run), record, what, slots)
    return WaitingOn(
        kind=kind,
        what=what or _WORDS.get(kind, ""),
        since=record.since,
        expected_at=record.until,
        who_can_resolve=_RESOLVERS.get(kind, Resolver.OPERATOR),
    )


_WORDS: Mapping[str, str] = {
    State.HELD.value: "held; release lets it go on",
    State.PROMPTING.value: "an answer",
    State.QUEUED.value: "a slot; it has just asked",
}


def _in_line(
    own: Sequence[SlotRow], record: PartRecord, what: str, slots: Sequence[SlotRow]
) -> str:
    """Return what a part in line waits for, with those who hold a slot of the same queue."""
    mine = next((each for each in own if _is_of(each, record)), None)
    if mine is None or mine.state is SlotState.HOLDING:
        return what
    holders = [
        f"{each.run}/{each.part}"
        for each in slots
        if each.state is SlotState.HOLDING and each.is_job and each.queue == mine.queue
    ]
    if not holders:
        return what
    more = len(holders) - HOLDERS_SHOWN_MAX
    shown = ", ".join(holders[:HOLDERS_SHOWN_MAX]) + (f" and {more} more" if more > 0 else "")
    return f"{what or 'a slot'}; held by {shown}"


def _is_of(slot: SlotRow, record: PartRecord) -> bool:
    return slot.part == record.key and slot.attempt == record.attempt


def _before_its_turn(tracker: Tracker, line: TrackLine) -> WaitingOn:
    before = current_before(tracker, line.key)
    marks = None if line.record is None else line.record.marks
    ordered = "; held when its turn comes" if marks is not None and marks.hold else ""
    return WaitingOn(
        kind=WaitReason.PREDECESSOR.value,
        what=f"{before or 'what stands before it'}{ordered}",
        who_can_resolve=Resolver.PART,
    )


def current_before(tracker: Tracker, key: PartKey) -> PartKey | None:
    """Return the part whose turn it is in the innermost open flow around a part.

    That is the part before it, or the container that it stands in.
    """
    address = address_of(tracker.layout, key)
    while address is not None:
        flow = tracker.flows.get(address.flow)
        if flow is not None:
            parts = parts_in(tracker, flow)
            is_there = flow.is_open and flow.next < len(parts)
            return part_key(flow.scope, parts[flow.next].id) if is_there else flow.owner
        owner = PartKey(address.flow.rpartition("/")[0])
        record = tracker.parts.get(owner)
        if record is not None and record.state is not State.FIXED:
            return owner
        address = address_of(tracker.layout, owner) if owner else None
    return None


def slots_of_run(slots: Sequence[SlotRow], run: RunId) -> tuple[SlotRow, ...]:
    """Return who of a run stands in line or holds a slot."""
    return tuple(each for each in slots if each.run == run)
