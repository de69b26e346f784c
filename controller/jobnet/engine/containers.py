"""Decides what a container does next: opens its flows, joins them, ends.

Parallel ends when all branches have ended. An OR branch goes on when its first branch has
ended fine or with warning. A rescue runs once, when nothing in its block is active any more,
and ``always`` runs whatever happened before.
"""

from itertools import islice

from jobnet.definition import AnyOf, Block, Losers, Network, SubNetwork
from jobnet.engine.appointments import watch_flow
from jobnet.engine.binding import plain
from jobnet.engine.bounds import RECOVERED_MAX
from jobnet.engine.ending import End, end_part, exit_code_of, is_abnormal, judged, judged_by
from jobnet.engine.facts import FlagRaised, FlowOpened, HaltOrdered, PartHandled
from jobnet.engine.keys import call_scope, flow_key, id_of, item_scope, item_slot
from jobnet.engine.names import Names
from jobnet.engine.standing import (
    children,
    flow_of,
    halt_of,
    part_of,
    record_of,
    records_in,
)
from jobnet.engine.states import STATE_OF_CLASS, EndClass, Flag, State, has_ended
from jobnet.engine.tracker import PartRecord
from jobnet.engine.turn import Turn
from jobnet.engine.work import flows_to_open, is_won
from jobnet.errors.expressions import ExpressionFailed
from jobnet.expressions import render
from jobnet.ids import FlowKey, NetworkName, PartKey


def decide(turn: Turn, record: PartRecord) -> None:
    """Do the next thing of a container that is due."""
    body = part_of(turn.tracker, record).body
    if has_ended(record.state):
        _notice_failed_loser(turn, record)
    elif isinstance(body, Block):
        _decide_block(turn, record, body)
    elif flows_to_open(turn.tracker, record) > 0:
        _open_next(turn, record)
    elif isinstance(body, AnyOf) and is_won(turn.tracker, record):
        _end_won(turn, record, body)
    elif record.next_child == 0 and not record.halt and not _is_halted(turn, record):
        open_flow(turn, record, record.taken or "flow")
    else:
        _end(turn, record)


def _is_halted(turn: Turn, record: PartRecord) -> bool:
    return bool(halt_of(turn.tracker, flow_of(turn.tracker, record.flow)))


def _decide_block(turn: Turn, record: PartRecord, body: Block) -> None:
    """Run the flow, then the rescue if it is needed, then ``always``."""
    halt = record.halt or halt_of(turn.tracker, flow_of(turn.tracker, record.flow))
    done = record.taken
    if done is None:
        open_flow(turn, record, "flow")
        return
    if done == "flow" and record.worst is EndClass.ABNORMAL and body.rescue and not halt:
        open_flow(turn, record, "rescue")
        return
    if done == "rescue" and record.worst is not EndClass.ABNORMAL:
        for key in _rescued(turn, record):
            turn.record(PartHandled(at=turn.now, part=key, how="rescue"))
    if done != "always" and body.always and halt != "now":
        open_flow(turn, record_of(turn.tracker, record.key), "always")
        return
    _end(turn, record_of(turn.tracker, record.key))


def _rescued(turn: Turn, record: PartRecord) -> list[PartKey]:
    """Return the parts in a block's flow whose abnormal ends its rescue has made good."""
    flow = flow_of(turn.tracker, flow_key(record.key, "flow"))
    leaves = (
        each.key
        for each in records_in(turn.tracker, flow)
        if is_abnormal(each.state) and not each.handled and not each.next_child
    )
    return list(islice(leaves, RECOVERED_MAX))


def open_flow(turn: Turn, record: PartRecord, slot: str) -> None:
    """Open a flow of a container."""
    outer = flow_of(turn.tracker, record.flow)
    body = part_of(turn.tracker, record).body
    network, scope = outer.network, outer.scope
    if isinstance(body, SubNetwork):
        network, scope = NetworkName(body.network), call_scope(record.key)
    elif slot.startswith("item["):
        scope = item_scope(record.key, slot[5:-1])
    key = flow_key(record.key, slot)
    turn.record(
        FlowOpened(at=turn.now, flow=key, owner=record.key, slot=slot, scope=scope, network=network)
    )
    watch_opened(turn, key)


def watch_opened(turn: Turn, key: FlowKey) -> None:
    """Arm the deadlines inside a flow that has just been opened, if it has any."""
    flow = flow_of(turn.tracker, key)
    owner = None if flow.owner is None or flow.is_called else id_of(flow.owner)
    if turn.tracker.layout.watched_in(flow.network, owner, flow.slot):
        watch_flow(turn, flow)


def _open_next(turn: Turn, record: PartRecord) -> None:
    if record.items is not None:
        slot = item_slot(record.items[record.next_child][0])
    else:
        slot = f"branch{record.next_child}"
    open_flow(turn, record, slot)


def _end_won(turn: Turn, record: PartRecord, body: AnyOf) -> None:
    """End an OR branch with the class of its first good branch; losers go on or are cancelled."""
    if any(flow.worst is EndClass.ABNORMAL for flow in children(turn.tracker, record)):
        _notice_failed_loser(turn, record)
    _end(turn, record_of(turn.tracker, record.key))
    if body.losers is Losers.CANCEL and record.open_flows > 0:
        turn.record(HaltOrdered(at=turn.now, part=record.key, how="losers"))


def _notice_failed_loser(turn: Turn, record: PartRecord) -> None:
    turn.record(FlagRaised(at=turn.now, part=record.key, flag=Flag.LOSER_FAILED))


_HALT_ENDS = {
    "kill": (State.KILLED, "killed"),
    "now": (State.KILLED, "killed"),
    "timeout": (State.ABNORMAL, "its time was up"),
    "end_by": (State.ABNORMAL, "it had not ended by its deadline"),
}


def _end(turn: Turn, record: PartRecord) -> None:
    """End a container by what counts of it, its own rules and the order that ended it early."""
    state = _state(record)
    reason = record.halt if record.halt in _HALT_ENDS else ""
    message = _HALT_ENDS[record.halt][1] if reason else _message(turn, record)
    end = End(
        state=state,
        exit_code=record.exit_code,
        message=message,
        reason=reason,
        culprit=record.culprit if is_abnormal(state) else None,
    )
    part = part_of(turn.tracker, record)
    if isinstance(part.body, SubNetwork):
        called = turn.tracker.layout.network(NetworkName(part.body.network))
        end = _end_of_call(turn, record.key, called, end)
    end_part(turn, record.key, end if reason else judged(turn, record.key, end))


def _state(record: PartRecord) -> State:
    if record.halt in _HALT_ENDS:
        return _HALT_ENDS[record.halt][0]
    return state_of_counts(
        record.worst, has_cancelled=record.has_cancelled, was_cancelled=record.halt == "cancel"
    )


def state_of_counts(worst: EndClass | None, *, has_cancelled: bool, was_cancelled: bool) -> State:
    """Return the state of a container or run by what counts of the ends inside it."""
    if worst is EndClass.ABNORMAL:
        return State.ABNORMAL
    if has_cancelled and (was_cancelled or worst is None):
        return State.CANCELLED
    return State.NORMAL if worst is None else STATE_OF_CLASS[worst]


def _message(turn: Turn, record: PartRecord) -> str:
    culprit = None if record.culprit is None else turn.tracker.parts.get(record.culprit)
    if culprit is None or record.worst is not EndClass.ABNORMAL:
        return ""
    return f"{culprit.key}: {culprit.message or culprit.state.value}"


def _end_of_call(turn: Turn, key: PartKey, called: Network, end: End) -> End:
    """Return the end of a called network: its own exit code, rules and outputs count."""
    flow = turn.tracker.flows.get(flow_key(key, "flow"))
    if flow is None:
        return end
    names = Names(turn.tracker, flow, turn.now)
    return end_of_network(called, end, names)


def end_of_network(network: Network, end: End, names: Names) -> End:
    """Return how an execution of a network ends: with ``exit_code:`` by it, else by its parts.

    ``exit_code`` and ``outputs`` are evaluated on every end; one that has no value makes the
    execution abnormal and says why.
    """
    try:
        outputs = {name: plain(render(text, names)) for name, text in network.outputs.items()}
        if network.exit_code is not None and not end.reason:
            exit_code = exit_code_of(network.exit_code, names)
            state = State.NORMAL if exit_code == 0 else State.ABNORMAL
            end = End(state=state, exit_code=exit_code, message=end.message, culprit=end.culprit)
    except ExpressionFailed as error:
        return End(
            state=State.ABNORMAL,
            exit_code=end.exit_code,
            message=f"outputs of {network.name}: {error}",
            reason=end.reason,
            culprit=end.culprit,
        )
    end = End(
        state=end.state,
        exit_code=end.exit_code,
        message=end.message,
        reason=end.reason,
        outputs=outputs,
        culprit=end.culprit,
    )
    return end if end.reason else judged_by(network.errors, end, names)
