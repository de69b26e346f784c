"""Shows parts to expressions and to jobs: ``parts.<id>`` with the attributes of the language.

A part that has not run is never undefined: it has its real state, no exit code, empty outputs
and a message that says why. No attribute has the name of a dictionary's method, since Ansible
would find the method instead.
"""

from dataclasses import dataclass
from itertools import zip_longest

from jobnet.definition import ContinueFrom, ForEach, Part, SubNetwork
from jobnet.engine.keys import (
    call_scope,
    flow_key,
    id_of,
    item_scope,
    item_slot,
    owner_of_scope,
    part_key,
)
from jobnet.engine.layout import Place, address_of
from jobnet.engine.results import HostResult, HostState
from jobnet.engine.standing import state_in_flow, state_in_unopened
from jobnet.engine.states import CLASS_OF_END, EndClass, State, has_ended
from jobnet.engine.tracker import FlowRecord, PartRecord, Tracker
from jobnet.errors.expressions import ExpressionFailed, UnknownName
from jobnet.ids import NetworkName, PartId, PartKey

ATTRIBUTES = (
    "state",
    "normal",
    "warning",
    "abnormal",
    "exit_code",
    "outputs",
    "artifacts",
    "hosts",
    "failed",
    "unreachable",
    "started",
    "ended",
    "attempts",
    "iterations",
    "message",
)
LOOP_ATTRIBUTES = ("by_key", "results")
CALL_ATTRIBUTES = ("parts",)

_WHY: dict[State, str] = {
    State.FIXED: "its turn has not come",
    State.NOT_RUN: "not run: a part before it ended abnormally",
    State.BYPASSED: "bypassed: its branch was not taken",
    State.CANCELLED: "cancelled before it started",
    State.SKIPPED: "skipped by an operator",
}


@dataclass(frozen=True, slots=True)
class PartsView:
    """The parts that one scope sees: those of its document, outer scopes included.

    ``is_item``: only the parts of the innermost scope, for ``by_key['ann'].parts``.
    """

    tracker: Tracker
    network: NetworkName
    scopes: tuple[str, ...]
    is_item: bool = False

    def attribute(self, name: str) -> object:
        """Return the view of a part by its id."""
        place = self.tracker.layout.places.get((self.network, PartId(name)))
        if place is None or not place.part.is_named:
            raise UnknownName(name, self.names(), owner="parts")
        around = self._loops()
        if place.loops != around[: len(place.loops)]:
            pairs = zip_longest(place.loops, around[: len(place.loops)])
            inner = next(loop for loop, other in pairs if loop != other)
            raise ExpressionFailed(
                f"part {name!r} runs once per item of {inner!r}; "
                f"write parts.{inner}.by_key['KEY'].parts.{name}"
            )
        return view_of(self.tracker, self.scopes[: len(place.loops) + 1], place)

    def names(self) -> tuple[str, ...]:
        """Return the ids of the parts that are seen from here."""
        around = self._loops()
        least = len(around) if self.is_item else 0
        places = self.tracker.layout.places
        return tuple(
            name
            for name in self.tracker.layout.named[self.network]
            if len(loops := places[self.network, PartId(name)].loops) >= least
            and loops == around[: len(loops)]
        )

    def _loops(self) -> tuple[PartId, ...]:
        """Return the for-each parts that the scopes belong to, outermost first."""
        return tuple(id_of(owner_of_scope(scope)) for scope in self.scopes[1:])


@dataclass(frozen=True, slots=True)
class PartView:
    """One part as expressions see it.

    The iterations of a continuity are its jumps back so far, those of another part how often its
    turn has come.
    """

    tracker: Tracker
    key: PartKey
    part: Part
    network: NetworkName
    scopes: tuple[str, ...]
    state: State
    record: PartRecord | None

    def attribute(self, name: str) -> object:
        """Return one attribute; raise ``UnknownName`` for one that parts do not have."""
        if name == "iterations" and isinstance(self.part.body, ContinueFrom):
            return 0 if self.record is None else self.record.times
        if name == "exit_code" and self._is_unknown():
            raise ExpressionFailed(
                f"the exit code of {self.key!r} is unknown in check mode; "
                f"give it with --answer {self.part.id}=0"
            )
        if name in ATTRIBUTES:
            return attribute_of(self.state, self.record, name)
        if name in self.names():
            return self._inside(name)
        raise UnknownName(name, self.names(), owner=f"parts.{id_of(self.key)}")

    def names(self) -> tuple[str, ...]:
        """Return the attributes that this kind of part has."""
        match self.part.body:
            case ForEach():
                return ATTRIBUTES + LOOP_ATTRIBUTES
            case SubNetwork():
                return ATTRIBUTES + CALL_ATTRIBUTES
            case _:
                return ATTRIBUTES

    def _is_unknown(self) -> bool:
        """Return whether check mode has skipped the job, and nobody assumes its exit code."""
        result = None if self.record is None else self.record.result
        is_skipped = result is not None and result.skipped_by_check_mode
        return is_skipped and self.record is not None and self.record.exit_code is None

    def _inside(self, name: str) -> object:
        if name == "parts":
            assert isinstance(self.part.body, SubNetwork), "only a call has parts of its own"
            called = NetworkName(self.part.body.network)
            return PartsView(self.tracker, called, (call_scope(self.key),))
        items = () if self.record is None or self.record.items is None else self.record.items
        if name == "results":
            return [item_result(self.tracker, self.key, key, value) for key, value in items]
        return {key: self._item(key, value) for key, value in items}

    def _item(self, key: str, value: object) -> object:
        return ItemView(self, key, value)


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item of a for-each: ``parts.loop.by_key['ann']``."""

    loop: PartView
    key: str
    value: object

    def attribute(self, name: str) -> object:
        """Return the item's parts, or what is known of it as a whole."""
        if name == "parts":
            scopes = (*self.loop.scopes, item_scope(self.loop.key, self.key))
            return PartsView(self.loop.tracker, self.loop.network, scopes, is_item=True)
        result = item_result(self.loop.tracker, self.loop.key, self.key, self.value)
        if name not in result:
            raise UnknownName(name, self.names(), owner=f"item {self.key!r}")
        return result[name]

    def names(self) -> tuple[str, ...]:
        """Return the attributes of an item."""
        return ("key", "item", "state", "exit_code", "outputs", "message", "parts")


def item_result(tracker: Tracker, loop: PartKey, key: str, value: object) -> dict[str, object]:
    """Return one line of ``parts.loop.results``."""
    flow = tracker.flows.get(flow_key(loop, item_slot(key)))
    state, exit_code, message, outputs = State.FIXED, None, _WHY[State.FIXED], {}
    if flow is not None:
        state = _state_of_flow(flow)
        exit_code, message = flow.exit_code, ""
        last = None if flow.culprit is None else tracker.parts.get(flow.culprit)
        last = last or _last_record(tracker, flow)
        if last is not None:
            message, outputs = last.message, dict(last.outputs)
    return {
        "key": key,
        "item": value,
        "state": state.value,
        "exit_code": exit_code,
        "outputs": outputs,
        "message": message,
    }


def _state_of_flow(flow: FlowRecord) -> State:
    if flow.is_open:
        return State.RUNNING
    if flow.worst is EndClass.ABNORMAL:
        return State.ABNORMAL
    if flow.worst is EndClass.WARNING:
        return State.WARNING
    return State.CANCELLED if flow.has_cancelled and flow.worst is None else State.NORMAL


def _last_record(tracker: Tracker, flow: FlowRecord) -> PartRecord | None:
    parts = tracker.layout.flow(flow.network, id_of(flow.owner or PartKey("")), flow.slot)
    for part in reversed(parts[: flow.next]):
        record = tracker.parts.get(part_key(flow.scope, part.id))
        if record is not None and has_ended(record.state):
            return record
    return None


def view_of(tracker: Tracker, scopes: tuple[str, ...], place: Place) -> PartView:
    """Return the view of a part in these scopes, whether it has begun or not."""
    key = part_key(scopes[-1], place.part.id)
    return PartView(
        tracker=tracker,
        key=key,
        part=place.part,
        network=place.network,
        scopes=scopes,
        state=state_at(tracker, scopes[-1], place),
        record=tracker.parts.get(key),
    )


def state_at(tracker: Tracker, scope: str, place: Place) -> State:
    """Return the state of a part in a scope, from its record or from what is around it."""
    key = part_key(scope, place.part.id)
    address = address_of(tracker.layout, key)
    assert address is not None, "a place in a scope has an address"
    flow = tracker.flows.get(address.flow)
    if flow is not None:
        return state_in_flow(tracker, flow, place.index, key)
    record = tracker.parts.get(key)
    if record is not None and record.state is not State.FIXED:
        return record.state
    owner_key = PartKey(address.flow.rsplit("/", 1)[0])
    owner = tracker.parts.get(owner_key)
    if owner is not None:
        return state_in_unopened(owner.state, owner.taken, place.slot)
    outer = address_of(tracker.layout, owner_key) if owner_key else None
    if outer is None:
        return State.FIXED
    state = state_at(tracker, owner_key[: len(owner_key) - len(id_of(owner_key))], outer.place)
    return state_in_unopened(state, None, place.slot)


def attribute_of(state: State, record: PartRecord | None, name: str) -> object:  # noqa: C901, PLR0911
    """Return one attribute of a part from its state and record."""
    end_class = CLASS_OF_END.get(state)
    match name:
        case "state":
            return state.value
        case "normal":
            return end_class is EndClass.FINE
        case "warning":
            return end_class is EndClass.WARNING
        case "abnormal":
            return end_class is EndClass.ABNORMAL
        case "message":
            return (record.message if record and record.message else "") or _WHY.get(state, "")
        case "attempts":
            return 0 if record is None else record.attempt
        case "iterations":
            return 0 if record is None else record.iteration
        case "hosts":
            hosts = {} if record is None else record.hosts
            return {str(host): host_data(result) for host, result in hosts.items()}
        case "failed" | "unreachable":
            return _hosts_in(record, name)
        case "started" | "ended" | "exit_code":
            return None if record is None else getattr(record, name)
        case _:
            return {} if record is None else dict(getattr(record, name))


def _hosts_in(record: PartRecord | None, name: str) -> list[str]:
    hosts = {} if record is None else record.hosts
    wanted = HostState.FAILED if name == "failed" else HostState.UNREACHABLE
    return sorted(str(host) for host, result in hosts.items() if result.state is wanted)


def host_data(host: HostResult) -> dict[str, object]:
    """Return what ``parts.x.hosts['h']`` holds."""
    return {
        "state": host.state.value,
        "rc": host.rc,
        "changed": host.state is HostState.CHANGED,
        "failed": host.state is HostState.FAILED,
        "unreachable": host.state is HostState.UNREACHABLE,
        "message": host.message,
        "result": dict(host.result),
        "stats": dict(host.stats),
    }
