"""Shows a run as a list of lines, in the order of the text: what people and programs read.

Every part of the definition has a line, also those that have not begun; the parts of called
networks, items and cases appear when their flow has been opened.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from jobnet.definition import Part, flows_of
from jobnet.engine.keys import flow_key, part_key, shown
from jobnet.engine.kinds import kind_of
from jobnet.engine.results import HostResult
from jobnet.engine.standing import children, parts_in, state_in_flow, state_in_unopened
from jobnet.engine.states import Flag, QueueReason, State, WaitReason, has_ended
from jobnet.engine.tracker import FlowRecord, PartRecord, Tracker
from jobnet.ids import FlowKey, HostName, PartKey


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackLine:
    """One part as it stands. ``slot`` says in which flow of its container it is."""

    depth: int
    key: PartKey
    shown_key: str
    name: str
    kind: str
    slot: str
    state: State
    record: PartRecord | None

    @property
    def reason(self) -> WaitReason | QueueReason | None:
        """Return why it is WAITING or QUEUED; a part before its turn waits for those before."""
        if self.record is not None and self.record.reason is not None:
            return self.record.reason
        return WaitReason.PREDECESSOR if self.state is State.FIXED else None

    @property
    def hosts(self) -> Mapping[HostName, HostResult]:
        """Return the results per host."""
        return {} if self.record is None else self.record.hosts

    @property
    def flags(self) -> tuple[Flag, ...]:
        """Return the flags."""
        return () if self.record is None else self.record.flags

    @property
    def started(self) -> datetime | None:
        """Return when it began."""
        return None if self.record is None else self.record.started

    @property
    def ended(self) -> datetime | None:
        """Return when it ended."""
        return self.record.ended if self.record is not None and has_ended(self.state) else None

    @property
    def message(self) -> str:
        """Return the message of its end, or what it is waiting for."""
        if self.record is None:
            return ""
        return self.record.message if has_ended(self.state) else self.record.detail


def track(tracker: Tracker) -> tuple[TrackLine, ...]:
    """Return a line for every part of the run."""
    root = tracker.flows.get("/flow")
    return () if root is None else tuple(_lines(tracker, root, 0))


def _lines(tracker: Tracker, flow: FlowRecord, depth: int) -> Iterator[TrackLine]:
    for index, part in enumerate(parts_in(tracker, flow)):
        key = part_key(flow.scope, part.id)
        record = tracker.parts.get(key)
        state = state_in_flow(tracker, flow, index, key)
        yield _line(part, key, state, record, flow.slot, depth)
        opened = {} if record is None else {each.key: each for each in children(tracker, record)}
        yield from _inside(tracker, part, record, key, state, opened, depth + 1)


def _inside(
    tracker: Tracker,
    part: Part,
    record: PartRecord | None,
    key: PartKey,
    state: State,
    opened: Mapping[FlowKey, FlowRecord],
    depth: int,
) -> Iterator[TrackLine]:
    static = flows_of(part)
    if record is not None and (record.items is not None or not static):
        static = ()
    taken = None if record is None else record.taken
    for slot, flow in static:
        known = opened.get(flow_key(key, slot))
        if known is not None:
            yield from _lines(tracker, known, depth)
            continue
        inner = state_in_unopened(state, taken, slot)
        scope = key[: len(key) - len(part.id)]
        for each in flow:
            yield from _unopened(each, scope, inner, slot, depth)
    if not static:
        for flow_record in opened.values():
            yield from _lines(tracker, flow_record, depth)


def _unopened(part: Part, scope: str, state: State, slot: str, depth: int) -> Iterator[TrackLine]:
    yield _line(part, part_key(scope, part.id), state, None, slot, depth)
    for inner_slot, flow in flows_of(part):
        for each in flow:
            yield from _unopened(each, scope, state, inner_slot, depth + 1)


def _line(
    part: Part, key: PartKey, state: State, record: PartRecord | None, slot: str, depth: int
) -> TrackLine:
    return TrackLine(
        depth=depth,
        key=key,
        shown_key=shown(key, 1 if record is None else record.iteration),
        name=part.name or str(part.id),
        kind=kind_of(part.body),
        slot=slot,
        state=state,
        record=record,
    )
