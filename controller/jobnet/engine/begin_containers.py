"""Begins the parts that have flows inside: takes a branch, fixes items, binds params."""

from collections.abc import Mapping

from jobnet.calendars import matches_day
from jobnet.definition import (
    AnyOf,
    Block,
    Branch,
    CalendarBranch,
    ForEach,
    Network,
    Overlap,
    Parallel,
    Part,
    SubNetwork,
)
from jobnet.engine.begin_leaves import next_attempt
from jobnet.engine.binding import bind, plain
from jobnet.engine.bounds import (
    ARGUMENTS_MAX_BYTES,
    DEPTH_MAX,
    ITEMS_MAX,
    ITEMS_MAX_BYTES,
    line_size_of,
)
from jobnet.engine.ending import End, end_part
from jobnet.engine.facts import ArgumentsBound, BranchTaken, ItemsFixed, PartOpened, PartWaited
from jobnet.engine.keys import clean_item_key
from jobnet.engine.names import Names, calendar_of
from jobnet.engine.param_values import fit_params
from jobnet.engine.standing import chain, run_of
from jobnet.engine.states import State, WaitReason
from jobnet.engine.tracker import FlowRecord
from jobnet.engine.turn import Turn
from jobnet.errors.expressions import ExpressionFailed
from jobnet.expressions import evaluate, evaluate_condition
from jobnet.ids import NetworkName, PartKey


def begin_container(turn: Turn, flow: FlowRecord, part: Part, key: PartKey, names: Names) -> None:
    """Begin a container; what cannot be evaluated is raised as ``ControllerError``."""
    body = part.body
    match body:
        case Branch():
            _take(turn, key, _chosen(turn, key) or _case_of(body, names))
        case CalendarBranch():
            _take(turn, key, _chosen(turn, key) or _day_case_of(turn, flow, body))
        case Parallel(branches=()) | AnyOf(branches=()):
            end_part(turn, key, End(state=State.NORMAL, exit_code=0, message="no branches"))
        case ForEach():
            _begin_loop(turn, body, key, names)
        case SubNetwork():
            _begin_call(turn, flow, body, key, names)
        case Block() | Parallel() | AnyOf():
            _open(turn, key)
        case _:
            msg = f"{type(body).__name__} is no container"
            raise AssertionError(msg)


def _open(turn: Turn, key: PartKey) -> None:
    turn.record(PartOpened(at=turn.now, part=key, attempt=next_attempt(turn, key)))


def _chosen(turn: Turn, key: PartKey) -> str | None:
    """Return the slot that an operator chose with a rerun; it counts once."""
    record = turn.tracker.parts.get(key)
    return None if record is None else record.chosen


def _case_of(body: Branch, names: Names) -> str | None:
    for index, case in enumerate(body.cases):
        if evaluate_condition(case.when, names):
            return f"case{index}"
    return "else" if body.else_flow else None


def _day_case_of(turn: Turn, flow: FlowRecord, body: CalendarBranch) -> str | None:
    calendar = calendar_of(turn.tracker, flow, body.calendar)
    day = run_of(turn.tracker).operating_day
    for index, case in enumerate(body.cases):
        if matches_day(case.on, day, calendar):
            return f"case{index}"
    return "else" if body.else_flow else None


def _take(turn: Turn, key: PartKey, slot: str | None) -> None:
    turn.record(BranchTaken(at=turn.now, part=key, slot=slot))
    if slot is None:
        end_part(turn, key, End(state=State.NORMAL, exit_code=0, message="no case was true"))
    else:
        _open(turn, key)


def _begin_loop(turn: Turn, body: ForEach, key: PartKey, names: Names) -> None:
    bound = bind(body.items, names)
    if not isinstance(bound, list):
        raise ExpressionFailed(f"items of a for-each are a list; this is a {type(bound).__name__}")
    if len(bound) > ITEMS_MAX:
        raise ExpressionFailed(f"{len(bound):,} items; at most {ITEMS_MAX:,} are allowed")
    items = tuple((_item_key(body, index, item, names), item) for index, item in enumerate(bound))
    if line_size_of(items) > ITEMS_MAX_BYTES:
        raise ExpressionFailed(
            f"{len(items):,} items take {line_size_of(items) // 1024} KiB with their keys; "
            f"{ITEMS_MAX_BYTES // 1024} KiB are allowed: pass large data by file"
        )
    seen: set[str] = set()
    for name, _ in items:
        if name in seen:
            raise ExpressionFailed(f"two items have the key {name!r}; give a key that differs")
        seen.add(name)
    turn.record(ItemsFixed(at=turn.now, part=key, items=items))
    if items:
        _open(turn, key)
    else:
        end_part(turn, key, End(state=State.NORMAL, exit_code=0, message="no items"))


def _item_key(body: ForEach, index: int, item: object, names: Names) -> str:
    value: object = item
    if body.key is not None:
        value = plain(evaluate(body.key, {**names, body.as_name: item}))
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ExpressionFailed(f"the key {value!r:.60} of item {index} is no text or number")
    is_usable = isinstance(value, str | int | float) and not isinstance(value, bool)
    text = str(value) if is_usable else str(index)
    return clean_item_key(text) or str(index)


def _begin_call(turn: Turn, flow: FlowRecord, body: SubNetwork, key: PartKey, names: Names) -> None:
    depth = sum(1 for _ in chain(turn.tracker, flow))
    if depth > DEPTH_MAX:
        raise ExpressionFailed(f"networks and containers are nested deeper than {DEPTH_MAX}")
    called = turn.tracker.layout.network(NetworkName(body.network))
    given = bind(body.params, names)
    assert isinstance(given, Mapping), "params of a call are a mapping"
    params = fit_params(called, given)
    if line_size_of(params) > ARGUMENTS_MAX_BYTES:
        raise ExpressionFailed(
            f"the params of {called.name} take {line_size_of(params) // 1024} KiB; "
            f"{ARGUMENTS_MAX_BYTES // 1024} KiB are allowed: pass large data by file"
        )
    attempt = next_attempt(turn, key)
    turn.record(ArgumentsBound(at=turn.now, part=key, attempt=attempt, values={"params": params}))
    if is_limited(called):
        turn.record(
            PartWaited(
                at=turn.now,
                part=key,
                attempt=attempt,
                reason=WaitReason.NETWORK_LIMIT,
                detail=str(called.name),
            )
        )
    else:
        turn.record(PartOpened(at=turn.now, part=key, attempt=attempt))


def is_limited(network: Network) -> bool:
    """Return whether executions of a network have to ask before they begin."""
    return network.limit is not None or network.overlap in {
        Overlap.SKIP,
        Overlap.CANCEL_PREVIOUS,
    }
