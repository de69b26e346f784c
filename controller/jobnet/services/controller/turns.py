"""Moves one run on: takes what is in its inbox in order, steps, and writes all of it at once.

This is the only place that writes a journal. The facts, what people see of them, what has to be
carried out and the inputs that are used up go into one transaction: after a crash the run stands
before the turn or behind it, never between.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from jobnet.definition import Placement
from jobnet.engine import Tracker, ends_of, step
from jobnet.engine.begin_containers import is_limited
from jobnet.engine.commands import Command
from jobnet.engine.facts import Fact, RunEnded, RunReopened
from jobnet.engine.inputs import GoOn, Input, OrderGiven
from jobnet.engine.states import State
from jobnet.errors import ControllerError
from jobnet.errors.controller import RunStuck
from jobnet.errors.engine import AnswerRefused, OrderRefused
from jobnet.ids import EditionId, PartKey, RunId
from jobnet.ports.store import (
    Entry,
    ErrandKey,
    ErrandKind,
    LiveNote,
    OrderOutcome,
    PartRow,
    RunChange,
    RunRow,
    RunTurn,
    Signal,
    SignalKind,
    SlotRow,
    SlotState,
    Store,
    StoredInput,
    TimerRow,
)
from jobnet.services.controller.bells import Bells, Worker
from jobnet.services.controller.check_mode import checked
from jobnet.services.controller.effects import Effects, effects_of, end_signals
from jobnet.services.controller.folding import SnapshotUnfit
from jobnet.services.controller.inputs import from_input, to_input
from jobnet.services.controller.lasted import lasted_in
from jobnet.services.controller.occasions import notice_signals, notices_of
from jobnet.services.controller.payloads import placement_payload
from jobnet.services.controller.projections import changed_parts, run_row
from jobnet.services.controller.redefinition import redefined, wanted_edition
from jobnet.services.controller.snapshots import Snapshots
from jobnet.services.controller.trackers import Trackers
from jobnet.services.controller.turn_context import Context
from jobnet.services.journal import VERSION, fact_to_line

INPUTS_MAX = 200
ENTRIES_MAX = 2000
"""A turn takes no further input after so many facts, so that it holds nobody up for long."""
PARTS_TOLD_MAX = 200
WHOLE_RUN = PartKey("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """What a turn did; ``is_pending``: there is more in the inbox."""

    has_written: bool
    is_pending: bool


@dataclass(slots=True)
class _Stepping:
    """A turn that is under way."""

    tracker: Tracker
    now: datetime
    facts: list[Fact] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    outcomes: list[OrderOutcome] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    goes_on: bool = False

    @property
    def is_full(self) -> bool:
        return len(self.facts) >= ENTRIES_MAX


class Turns:
    """Makes the turns of all runs; one of a run at a time, the store sees to that.

    ``answers_checks`` False: somebody else answers what check runs wait for.
    """

    def __init__(
        self, store: Store, trackers: Trackers, bells: Bells, *, answers_checks: bool = True
    ) -> None:
        self._store, self._trackers, self._bells = store, trackers, bells
        self._answers_checks = answers_checks
        self._snapshots = Snapshots(store)

    def take(self, run: RunId) -> Turned:
        """Take what is in the inbox of a run, up to a bound.

        Raises ``RunStuck`` where an input is more than Jobnet can take: it stays in the inbox,
        with all that came before it done.
        """
        try:
            return self._turn(run)
        except SnapshotUnfit:  # a chunk of it is damaged: the journal has everything
            self._trackers.forget(run)
            self._store.write(lambda tx: tx.snapshots.forget(run))
            return self._turn(run)

    def _turn(self, run: RunId) -> Turned:
        told: list[tuple[RunChange, Tracker]] = []
        pending: list[bool] = []

        def decide(turn: RunTurn) -> RunChange | None:
            told.clear()
            pending.clear()
            if not turn.inputs:
                pending.append(False)
                return None
            change, tracker = self._decide(turn)
            told.append((change, tracker))
            pending.append(bool(change.inputs) or len(change.taken) < len(turn.inputs))
            return change

        has_written = self._store.turn(run, decide, inputs_max=INPUTS_MAX + 1)
        for change, tracker in told:
            self._trackers.keep(change.row, tracker)
            self._ring(change)
            self._snapshots.grown(run, tracker)
        return Turned(has_written=has_written, is_pending=any(pending))

    def _decide(self, turn: RunTurn) -> tuple[RunChange, Tracker]:
        row = turn.row
        before = self._trackers.caught_up(row, turn.entries, turn.snapshot)
        now = self._store.now()
        if before.last_at is not None and now < before.last_at:
            now = before.last_at
        stepping = _Stepping(tracker=before, now=now)
        for stored in turn.inputs[:INPUTS_MAX]:
            if stepping.is_full or stepping.goes_on:
                break
            edition = wanted_edition(stored, row)
            if edition is None:
                _take(stepping, stored, row.run)
                continue
            if not stepping.taken:  # a turn of its own
                row, before = self._take_redefined(stepping, stored, turn, edition)
            break
        change = _change(row, before, stepping)
        if self._answers_checks:
            change = checked(change, stepping.commands, stepping.tracker, row)
        return change, stepping.tracker

    def _take_redefined(
        self, stepping: _Stepping, stored: StoredInput, turn: RunTurn, edition: EditionId
    ) -> tuple[RunRow, Tracker]:
        """Take a rerun with other definitions; return row and tracker that the turn goes by."""
        row, before = turn.row, stepping.tracker
        try:
            found = redefined(row, edition, turn.entries(0), self._trackers.pins)
        except ControllerError as error:
            stepping.taken.append(stored.id)
            outcome = OrderOutcome(key=stored.key, refusal=str(error), at=stepping.now)
            stepping.outcomes.append(outcome)
            return row, before
        stepping.tracker = found.tracker
        _take(stepping, stored, row.run)
        if not stepping.facts:
            stepping.tracker = before
            return row, before
        self._snapshots.forget(row.run)
        return found.row, found.tracker

    def _ring(self, change: RunChange) -> None:
        names: set[SignalKind | Worker] = {signal.kind for signal in change.signals}
        if any(isinstance(each, TimerRow) for each in change.puts):
            names.add(Worker.TIMERS)
        if change.outcomes or change.row.ended is not None:
            names.add(Worker.OUTCOMES)
        names.add(Worker.LIVE)
        self._bells.ring(names)


def _take(stepping: _Stepping, stored: StoredInput, run: RunId) -> None:
    """Step through one input; what the engine refuses has its outcome and changes nothing."""
    refusal = ""
    try:
        _step(stepping, from_input(stored))
    except (OrderRefused, AnswerRefused) as error:
        refusal = str(error)
    except SnapshotUnfit:
        raise
    except Exception as error:
        if stepping.taken:
            stepping.goes_on = True  # what came before is kept; the next turn stops here
            return
        raise RunStuck(run, what=stored.kind, problem=repr(error)[:300]) from error
    stepping.taken.append(stored.id)
    if stored.kind == OrderGiven.__name__:
        outcome = OrderOutcome(key=stored.key, refusal=refusal, at=stepping.now)
        stepping.outcomes.append(outcome)


def _step(stepping: _Stepping, given: Input) -> None:
    """Step until nothing is left, or until the turn has enough."""
    each = given
    facts: list[Fact] = []
    commands: list[Command] = []
    tracker = stepping.tracker
    while True:
        decision = step(tracker, each, stepping.now)
        tracker = decision.tracker
        facts.extend(decision.facts)
        commands.extend(decision.commands)
        if decision.is_complete or len(facts) >= ENTRIES_MAX:
            break
        each = GoOn()
    stepping.goes_on = not decision.is_complete
    stepping.tracker = tracker
    stepping.facts.extend(facts)
    stepping.commands.extend(commands)


def _change(row: RunRow, before: Tracker, stepping: _Stepping) -> RunChange:
    tracker, now = stepping.tracker, stepping.now
    if tracker is before:
        return RunChange(row=row, taken=tuple(stepping.taken), outcomes=tuple(stepping.outcomes))
    changed = changed_parts(before, tracker)
    after = run_row(row, before, tracker, changed)
    context = Context(run=row.run, network=row.network, tracker=tracker, now=now)
    effects = effects_of(stepping.commands, context)
    ends = tuple(end for fact in stepping.facts for end in ends_of(tracker, fact))
    left_places, taken_places = _own_place(stepping.facts, tracker, row)
    notices = notices_of(stepping.facts, tracker, row)
    go_on = (to_input(GoOn(), run=row.run, at=now),) if stepping.goes_on else ()
    return RunChange(
        row=after,
        entries=_entries(stepping.facts, row.position),
        taken=tuple(stepping.taken),
        parts=changed.parts,
        parts_gone=changed.gone,
        puts=(*effects.puts, *taken_places, *notices),
        drops=(*effects.drops, *left_places),
        kills=effects.kills,
        ends=ends,
        events=effects.events,
        outcomes=tuple(stepping.outcomes),
        signals=(
            *_signals(effects, stepping.facts, row.run),
            *end_signals(row.run, ends),
            *notice_signals(notices),
        ),
        notes=(live_note(after, changed.parts, now),),
        inputs=go_on,
        durations=tuple(lasted_in(tracker)) if left_places else (),
    )


def _entries(facts: Sequence[Fact], position: int) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            position=number,
            kind=type(fact).__name__,
            version=VERSION,
            at=fact.at,
            payload=fact_to_line(fact, position=number),
        )
        for number, fact in enumerate(facts, start=position + 1)
    )


def _own_place(
    facts: Sequence[Fact], tracker: Tracker, row: RunRow
) -> tuple[tuple[ErrandKey, ...], tuple[SlotRow, ...]]:
    """Return what becomes of the run's place among the executions of its network.

    An end gives it back. A run that an operator opens again takes it whatever the limit says.
    """
    last = next(
        (fact for fact in reversed(facts) if isinstance(fact, RunEnded | RunReopened)), None
    )
    if isinstance(last, RunEnded):
        return (ErrandKey(kind=ErrandKind.SLOT, part=WHOLE_RUN, attempt=0),), ()
    if last is None or not is_limited(tracker.layout.network(row.network)):
        return (), ()
    return (), (place_of_run(row, at=last.at, state=SlotState.HOLDING),)


def place_of_run(row: RunRow, *, at: datetime, state: SlotState) -> SlotRow:
    """Return the row with which a run asks for or holds an execution of its network."""
    return SlotRow(
        run=row.run,
        part=WHOLE_RUN,
        attempt=0,
        state=state,
        asked_at=at,
        queue=None,
        priority=None,
        network=row.network,
        is_job=False,
        placement=placement_payload(Placement()),
        granted_at=at if state is SlotState.HOLDING else None,
    )


def _signals(effects: Effects, facts: Sequence[Fact], run: RunId) -> tuple[Signal, ...]:
    has_ended = any(isinstance(fact, RunEnded) for fact in facts)
    admit = Signal(kind=SignalKind.ADMIT, name="", run=run)
    more = (admit,) if has_ended and admit not in effects.signals else ()
    return (*effects.signals, *more)


def live_note(row: RunRow, parts: Sequence[PartRow], now: datetime) -> LiveNote:
    """Return what a screen may show at once of a turn: the run's state and the changed parts."""
    document = {
        "network": row.network,
        "state": row.state.value,
        "position": row.position,
        "parts": [
            {"part": part.part, "state": part.state.value, "reason": part.reason}
            for part in parts[:PARTS_TOLD_MAX]
        ],
        "is_cut": len(parts) > PARTS_TOLD_MAX,
    }
    payload = json.dumps(document, separators=(",", ":"))
    kind = "run_ended" if row.ended is not None and row.state is not State.RUNNING else "run"
    return LiveNote(run=row.run, kind=kind, payload=payload, at=now)
