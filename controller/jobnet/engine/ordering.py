"""Carries out operators' orders, or refuses them with the reason.

An order is one ``OrderTaken`` fact with the facts that follow from it. The same key twice
changes nothing. ``ALLOWED`` says in which states an order makes sense; what depends on more
than the state is said where it is done.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from jobnet.engine import ordering_parts as parts
from jobnet.engine import ordering_runs as runs
from jobnet.engine import orders as o
from jobnet.engine.bounds import ORDER_MAX_BYTES, line_size_of
from jobnet.engine.facts import OrderTaken
from jobnet.engine.inputs import OrderGiven
from jobnet.engine.keys import scope_of
from jobnet.engine.layout import address_of
from jobnet.engine.part_views import state_at
from jobnet.engine.standing import run_of
from jobnet.engine.states import ENDED, State
from jobnet.engine.turn import Turn
from jobnet.errors.engine import OrderRefused
from jobnet.ids import PartKey

NOT_BEGUN = frozenset({State.FIXED, State.WAITING, State.QUEUED, State.HELD})
BEGUN = frozenset({State.STARTING, State.RUNNING, State.PROMPTING, State.WAITING, State.QUEUED})
ANY = frozenset(State)

ALLOWED: Mapping[type, frozenset[State]] = {
    o.Hold: NOT_BEGUN,
    o.Release: frozenset({State.HELD, State.FIXED}) | ENDED,
    o.Suspend: BEGUN | NOT_BEGUN,
    o.Resume: BEGUN | NOT_BEGUN,
    o.Skip: NOT_BEGUN,
    o.Unskip: frozenset({State.FIXED, State.HELD}),
    o.NoExec: NOT_BEGUN,
    o.RunNow: frozenset({State.WAITING}),
    o.ChangeTime: frozenset({State.WAITING}),
    o.ClearWait: frozenset({State.WAITING}),
    o.Answer: frozenset({State.PROMPTING}),
    o.Kill: BEGUN | {State.HELD},
    o.ForceEnd: frozenset({State.STARTING, State.RUNNING}),
    o.ChangeResult: ENDED | {State.STARTING, State.RUNNING},
    o.Cancel: BEGUN | NOT_BEGUN | ENDED,
    o.SetPriority: NOT_BEGUN,
    o.MoveQueue: NOT_BEGUN,
    o.Comment: ANY,
}

CARRY_OUT: Mapping[type, Callable[[Turn, Any, OrderGiven], None]] = {
    o.Hold: parts.hold,
    o.Release: parts.release,
    o.Suspend: runs.suspend,
    o.Resume: runs.resume,
    o.Skip: parts.skip,
    o.Unskip: parts.unskip,
    o.NoExec: parts.no_exec,
    o.RunNow: parts.run_now,
    o.ChangeTime: parts.change_time,
    o.ClearWait: parts.clear_wait,
    o.Answer: parts.answer_dialog,
    o.Kill: runs.kill,
    o.ForceEnd: parts.force_end,
    o.ChangeResult: parts.change_result,
    o.Cancel: runs.cancel,
    o.Rerun: runs.rerun,
    o.SetPriority: parts.set_priority,
    o.MoveQueue: parts.move_queue,
    o.Comment: runs.comment,
}


def carry_out(turn: Turn, given: OrderGiven) -> None:
    """Carry out an order once; raise ``OrderRefused`` and change nothing if it may not be."""
    if given.key in turn.tracker.orders:
        return
    _check(turn, given)
    name = type(given.order).__name__
    turn.record(
        OrderTaken(
            at=turn.now,
            key=given.key,
            order=name,
            part=getattr(given.order, "part", None),
            by=given.by,
            reason=given.reason,
        )
    )
    CARRY_OUT[type(given.order)](turn, given.order, given)


def _check(turn: Turn, given: OrderGiven) -> None:
    order = given.order
    name = type(order).__name__.lower()
    part: PartKey | None = getattr(order, "part", None)
    if size := _too_large(given):
        bound = f"{size // 1024} KiB; {ORDER_MAX_BYTES // 1024} KiB are allowed"
        raise OrderRefused(name, str(part or run_of(turn.tracker).run)[:100], f"it takes {bound}")
    run = run_of(turn.tracker)
    if part is None:
        runs.check(turn, order, name)
        return
    address = address_of(turn.tracker.layout, part)
    if address is None:
        raise OrderRefused(name, str(part), "this run has no such part")
    state = state_at(turn.tracker, scope_of(part), address.place)
    if run.ended is not None and not isinstance(order, o.Comment | o.ChangeResult | o.Rerun):
        raise OrderRefused(name, str(part), f"the run has ended {run.state.value}")
    if state not in ALLOWED[type(order)]:
        raise OrderRefused(name, str(part), f"it is {state.value}")
    parts.check(turn, order, name, state)


def _too_large(given: OrderGiven) -> int:
    """Return how many bytes an order takes if that is too much, else 0.

    The parts of a rerun are not counted: those that it knows are told in several entries. An
    answer is refused by its dialog, which then stays open.
    """
    order = given.order
    if isinstance(order, o.Answer):
        return 0
    values = [getattr(order, each.name) for each in fields(order) if each.name != "parts"]
    size = line_size_of(repr((values, given.by, given.key, given.reason)))
    return size if size > ORDER_MAX_BYTES else 0
