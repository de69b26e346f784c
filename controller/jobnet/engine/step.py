"""Decides what a run does next: an input in, facts and commands out.

The input is taken first, then everything that became due is decided until nothing is, or
until the bound of facts in one step is reached; then ``GoOn`` continues. Nothing waits here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jobnet.calendars import Calendar
from jobnet.definition import Bundle
from jobnet.engine import answers, awaiting, clocks, firing, inputs
from jobnet.engine.bounds import FACTS_PER_STEP_MAX
from jobnet.engine.commands import Command
from jobnet.engine.containers import decide
from jobnet.engine.facts import Fact, HaltCarriedOut
from jobnet.engine.files import files_seen
from jobnet.engine.halting import halt
from jobnet.engine.layout import compile_layout
from jobnet.engine.ordering import carry_out
from jobnet.engine.own_waits import tell_own_waits
from jobnet.engine.runs import end_run, start_run
from jobnet.engine.sequences import advance_flow
from jobnet.engine.standing import flow_of, record_of
from jobnet.engine.tracker import Tracker
from jobnet.engine.turn import Turn
from jobnet.ids import FlowKey, PartKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What one step decided; ``is_complete`` False: feed ``GoOn`` at the same instant."""

    tracker: Tracker
    facts: tuple[Fact, ...]
    commands: tuple[Command, ...]
    is_complete: bool


_TAKE: Mapping[type, Callable[[Turn, Any], None]] = {
    inputs.StartRun: start_run,
    inputs.SlotGranted: answers.slot_granted,
    inputs.SlotDelayed: answers.slot_delayed,
    inputs.SlotRefused: answers.slot_refused,
    inputs.AttemptBegan: answers.attempt_began,
    inputs.AttemptAnswered: answers.attempt_answered,
    inputs.MessageAnswered: answers.message_answered,
    inputs.TimerFired: firing.timer_fired,
    inputs.FilesSeen: files_seen,
    inputs.EventDelivered: answers.event_delivered,
    inputs.EndDelivered: awaiting.end_delivered,
    inputs.DeadlockSeen: awaiting.deadlock_seen,
    inputs.ClockJumped: clocks.clock_jumped,
    inputs.ClockAgreed: clocks.clock_agreed,
    inputs.OrderGiven: carry_out,
    inputs.GoOn: lambda _turn, _input: None,
}


def begin(bundle: Bundle, calendars: Mapping[str, Calendar]) -> Tracker:
    """Return the empty tracker of a run; ``calendars`` holds every calendar of the bundle."""
    return Tracker(layout=compile_layout(bundle, calendars))


def step(tracker: Tracker, given: inputs.Input, now: datetime) -> Decision:
    """Take an input at an instant; raise ``OrderRefused`` for an order that is not allowed.

    ``now`` is never before the last fact: an earlier one is read as that.
    """
    is_started = tracker.run is not None
    if not is_started and not isinstance(given, inputs.StartRun):
        return Decision(tracker=tracker, facts=(), commands=(), is_complete=True)
    if tracker.last_at is not None and now < tracker.last_at:
        now = tracker.last_at
    turn = Turn(tracker, now)
    _TAKE[type(given)](turn, given)
    is_complete = settle(turn) and tell_own_waits(turn)
    return Decision(
        tracker=turn.tracker,
        facts=tuple(turn.facts),
        commands=tuple(turn.commands),
        is_complete=is_complete,
    )


def settle(turn: Turn) -> bool:
    """Decide whatever is due, one thing after the other; return whether nothing is left."""
    while turn.tracker.due:
        if len(turn.facts) >= FACTS_PER_STEP_MAX:
            return False
        before = len(turn.facts)
        _decide_next(turn, turn.tracker.due[0])
        assert len(turn.facts) > before, f"{turn.tracker.due[0]!r} is due and nothing happened"
    return True


def _decide_next(turn: Turn, key: str) -> None:
    if key == "":
        end_run(turn)
    elif key.startswith("!"):
        part = PartKey(key[1:]) or None
        if halt(turn, part):
            turn.record(HaltCarriedOut(at=turn.now, part=part))
    elif turn.tracker.flows.get(key) is not None:
        advance_flow(turn, flow_of(turn.tracker, FlowKey(key)))
    else:
        decide(turn, record_of(turn.tracker, PartKey(key)))
