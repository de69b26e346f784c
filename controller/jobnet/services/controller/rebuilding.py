"""Makes the rows of a run anew from its journal, and says what was wrong with them.

What lists show of a run, its parts and what it has open are made of its facts, so they can be made
again. What no fact holds is left as it is: who arrived when in a line, jobs that linger, messages
that may have left, and everything of a run without a fact.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace

from jobnet.definition import UnitJob
from jobnet.engine import Tracker, ends_of, open_commands
from jobnet.engine.begin_containers import is_limited
from jobnet.engine.facts import RunStarted
from jobnet.engine.inputs import AttemptAnswered, MessageAnswered, TimerFired
from jobnet.engine.standing import part_of, run_of
from jobnet.engine.states import State, has_ended
from jobnet.engine.waits import ExecutionEnd
from jobnet.errors.storage import JournalIncomplete
from jobnet.ids import OperatorName, RunId
from jobnet.ports.store import (
    DialogRow,
    Errand,
    ErrandKey,
    ErrandKind,
    FileWaitRow,
    JobRow,
    MessageRow,
    RunChange,
    RunRow,
    RunTurn,
    SignalKind,
    SlotRow,
    SlotState,
    Store,
    StoredInput,
    TimerRow,
    WaitRow,
)
from jobnet.ports.store.audits import AuditRow
from jobnet.services.controller.bells import Bells, Worker
from jobnet.services.controller.effects import Effects, effects_of
from jobnet.services.controller.inputs import from_input
from jobnet.services.controller.projections import rebuilt
from jobnet.services.controller.trackers import Trackers, replayed
from jobnet.services.controller.turn_context import Context
from jobnet.services.controller.turns import place_of_run
from jobnet.services.journal import fact_from_line
from jobnet.services.under_way import handed_over, holds_slot, slot_of

INPUTS_MAX = 100_000
JOBNET = OperatorName("jobnet")

_KINDS: Mapping[type[Errand], ErrandKind] = {
    TimerRow: ErrandKind.TIMER,
    SlotRow: ErrandKind.SLOT,
    JobRow: ErrandKind.JOB,
    MessageRow: ErrandKind.MESSAGE,
    FileWaitRow: ErrandKind.FILE_WAIT,
    WaitRow: ErrandKind.WAIT,
    DialogRow: ErrandKind.DIALOG,
}
_NOT_IN_FACTS = frozenset(
    {
        "asked_at",
        "due",
        "granted_at",
        "has_begun",
        "is_sending",
        "kill_requested",
        "opened_at",
        "ordered_at",
        "state",
        "told",
    }
)
"""Fields of errands that the rows alone know; the instant of a timer is none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """What of a run's rows was not as its journal says; ``what`` are nouns such as ``row``."""

    run: RunId
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What a whole journal tells: where it ends, and the ends on its way."""

    row: RunRow
    tracker: Tracker
    empty: Tracker
    ends: tuple[ExecutionEnd, ...]


class Rebuilding:
    """Makes rows anew; a run at a time, so it may be done while others go on."""

    def __init__(self, store: Store, trackers: Trackers, bells: Bells) -> None:
        self._store, self._trackers, self._bells = store, trackers, bells

    def look(self, run: RunId) -> Wrong | None:
        """Return what is wrong with the rows of a run, None if nothing; nothing is written.

        Raises ``RunNotFound``, ``JournalIncomplete`` and what keeps a journal from being read.
        """
        return self._turn(run, writes=False)

    def mend(self, run: RunId, *, by: OperatorName = JOBNET, key: str = "") -> Wrong | None:
        """Make the rows of a run anew, and return what was wrong with them."""
        wrong = self._turn(run, writes=True)
        if wrong is not None:
            after = json.dumps(wrong.what)
            at = self._store.now()
            act = AuditRow(at=at, by=by, act="rebuild", subject=run, after=after, key=key)
            self._store.write(lambda tx: tx.snapshots.forget(run))
            self._store.write(lambda tx: tx.audits.add(act))
            self._trackers.forget(run)
            self._bells.ring([*SignalKind, Worker.TIMERS, Worker.LIVE])
            self._bells.ring_runs([run])
        return wrong

    def _turn(self, run: RunId, *, writes: bool) -> Wrong | None:
        seen: list[Wrong] = []

        def decide(turn: RunTurn) -> RunChange | None:
            seen.clear()
            change = self._change(turn)
            if change is None:
                return None
            seen.append(Wrong(run=run, what=tuple(_differences(turn, change))))
            return change if seen[0].what and writes else None

        self._store.turn(run, decide, inputs_max=INPUTS_MAX)
        return next((wrong for wrong in seen if wrong.what), None)

    def _change(self, turn: RunTurn) -> RunChange | None:
        told = self._told(turn)
        if told is None:
            return None
        row, parts = rebuilt(told.row, told.empty, told.tracker)
        effects = _effects(told)
        there = {_key(errand): errand for errand in turn.errands()}
        wanted = _wanted(told, effects, frozenset(_taken(turn.inputs)))
        shown = {part.part: part for part in turn.parts()}
        puts = tuple(_missing(wanted, there))
        return RunChange(
            row=row,
            parts=tuple(part for part in parts if shown.get(part.part) != part),
            parts_gone=tuple(shown.keys() - {part.part for part in parts}),
            puts=puts,
            drops=(*_left_over(wanted, there), *_placed_anew(puts, there)),
            kills=effects.kills,
            ends=told.ends,
            signals=effects.signals,
            mends=True,
        )

    def _told(self, turn: RunTurn) -> _Told | None:
        """Return what the journal tells, None for a run without a fact."""
        entries = turn.entries(0)
        positions = [entry.position for entry in entries]
        whole = range(1, max(len(entries), turn.row.position if not entries else 0) + 1)
        for position, found in zip(whole, [*positions, 0], strict=False):
            if position != found:
                raise JournalIncomplete(turn.row.run, position=position)
        if not entries:
            return None
        first = fact_from_line(entries[0].payload, position=1)
        assert isinstance(first, RunStarted), "a journal begins with the start of its run"
        row = replace(turn.row, network=first.network, by=first.by, zone=first.zone)
        row = replace(row, operating_day=first.operating_day, planned_start=first.planned_start)
        empty = tracker = self._trackers.empty(row)
        ends: list[ExecutionEnd] = []
        for entry in entries:
            tracker = replayed(row, tracker, [entry])
            fact = fact_from_line(entry.payload, position=entry.position)
            ends.extend(ends_of(tracker, fact))
        return _Told(row=row, tracker=tracker, empty=empty, ends=tuple(ends))


def _effects(told: _Told) -> Effects:
    context = Context(
        run=told.row.run,
        network=told.row.network,
        tracker=told.tracker,
        now=told.tracker.last_at or told.row.created_at,
    )
    return effects_of(tuple(open_commands(told.tracker)), context)


def _wanted(
    told: _Told, effects: Effects, taken: frozenset[ErrandKey]
) -> Mapping[ErrandKey, Errand]:
    """Return what a run has open by its facts, but for what an input has come for."""
    rows = [*_in_hand(told), *effects.puts]
    return {_key(row): row for row in rows if _key(row) not in taken}


def _in_hand(told: _Told) -> Iterator[Errand]:
    """Yield slots that are held and jobs that have begun, which no open command tells of."""
    tracker, run = told.tracker, run_of(told.tracker)
    if not has_ended(run.state) and is_limited(tracker.layout.network(run.network)):
        yield place_of_run(told.row, at=run.started, state=SlotState.HOLDING)
    for record in tracker.parts.values():
        context = Context(run=run.run, network=run.network, tracker=tracker, now=record.since)
        if holds_slot(tracker, record):
            asked = effects_of(tuple(slot_of(tracker, record)), context).puts
            yield from (_held(each) for each in asked)
        if record.is_live and isinstance(part_of(tracker, record).body, UnitJob):
            has_begun = record.state is not State.STARTING
            jobs = effects_of(tuple(handed_over(tracker, record)), context).puts
            yield from (_job(each, has_begun=has_begun) for each in jobs)


def _held(row: Errand) -> Errand:
    assert isinstance(row, SlotRow), "that is what AskSlot becomes"
    return replace(row, state=SlotState.HOLDING, granted_at=row.asked_at)


def _job(row: Errand, *, has_begun: bool) -> Errand:
    assert isinstance(row, JobRow), "that is what StartJob becomes"
    return replace(row, has_begun=has_begun)


def _taken(inputs: Iterable[StoredInput]) -> Iterator[ErrandKey]:
    """Yield what went when its input was written, and is not taken by a turn yet."""
    for stored in inputs:
        given = from_input(stored)
        if isinstance(given, TimerFired):
            yield ErrandKey(
                kind=ErrandKind.TIMER,
                part=given.timer.part,
                attempt=given.timer.attempt,
                timer=given.timer.kind,
                generation=given.timer.generation,
            )
        elif isinstance(given, AttemptAnswered):
            yield ErrandKey(kind=ErrandKind.JOB, part=given.part, attempt=given.attempt)
        if isinstance(given, AttemptAnswered | MessageAnswered):
            yield ErrandKey(kind=ErrandKind.MESSAGE, part=given.part, attempt=given.attempt)


def _missing(
    wanted: Mapping[ErrandKey, Errand], there: Mapping[ErrandKey, Errand]
) -> Iterator[Errand]:
    """Yield what is not there, or is there with something else inside."""
    for key, row in wanted.items():
        found = there.get(key)
        if found is None:
            yield replace(row, is_sending=True) if isinstance(row, MessageRow) else row
        elif _is_denied(row, found):
            yield row
        elif _by_facts(found) != _by_facts(row):
            yield _with_own(row, found)


def _is_denied(row: Errand, found: Errand) -> bool:
    """Return whether a slot that is held by the facts only stands in line."""
    states = [each.state for each in (row, found) if isinstance(each, SlotRow)]
    return states == [SlotState.HOLDING, SlotState.ASKING]


def _placed_anew(puts: Iterable[Errand], there: Mapping[ErrandKey, Errand]) -> Iterator[ErrandKey]:
    """Yield slots that are replaced: a turn that only puts one leaves its state as it is."""
    keys = (_key(row) for row in puts if isinstance(row, SlotRow))
    return (key for key in keys if key in there)


def _left_over(
    wanted: Mapping[ErrandKey, Errand], there: Mapping[ErrandKey, Errand]
) -> Iterator[ErrandKey]:
    """Yield what nothing speaks for; jobs that linger keep their slots, messages go out."""
    for key in there:
        is_job = replace(key, kind=ErrandKind.JOB) in there
        is_kept = key.kind in {ErrandKind.JOB, ErrandKind.MESSAGE} or (
            key.kind is ErrandKind.SLOT and is_job
        )
        if key not in wanted and not is_kept:
            yield key


def _by_facts(row: Errand) -> Mapping[str, object]:
    """Return the fields of an errand that follow from facts."""
    names = [field.name for field in fields(row) if field.name not in _NOT_IN_FACTS]
    more = ["due"] if isinstance(row, TimerRow) else []
    return {name: getattr(row, name) for name in [*names, *more]}


def _with_own(row: Errand, found: Errand) -> Errand:
    """Return a row with what the row that is there alone knows."""
    if isinstance(row, TimerRow):
        return row
    known = {name: getattr(found, name) for name in _NOT_IN_FACTS if hasattr(found, name)}
    return replace(row, **known)


def _differences(turn: RunTurn, change: RunChange) -> Iterator[str]:
    if change.row != turn.row:
        yield "row"
    if change.parts or change.parts_gone:
        yield "parts"
    if change.puts or change.drops:
        yield "errands"


def _key(row: Errand) -> ErrandKey:
    kind = _KINDS[type(row)]
    if isinstance(row, TimerRow):
        return ErrandKey(
            kind=kind, part=row.part, attempt=row.attempt, timer=row.kind, generation=row.generation
        )
    return ErrandKey(kind=kind, part=row.part, attempt=row.attempt)
