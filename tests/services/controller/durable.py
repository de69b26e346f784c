"""A run that lives in a database: every input goes through its inbox and a turn.

After each turn the rows of what the run has open are compared with what the engine says is open.
``forget`` makes a new process of it: only what the database holds is left.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from jobnet.calendars import Calendar
from jobnet.definition import Bundle, SubNetwork, UnitJob
from jobnet.engine import Tracker, begin, evolve, open_commands
from jobnet.engine import commands as c
from jobnet.engine import inputs as i
from jobnet.engine.begin_containers import is_limited
from jobnet.engine.facts import Fact
from jobnet.engine.standing import part_of
from jobnet.engine.states import State
from jobnet.ids import EditionId, NetworkName, OperatorName, RunId
from jobnet.ports.store import (
    DialogRow,
    Errand,
    ErrandKey,
    ErrandKind,
    FileWaitRow,
    JobRow,
    MessageRow,
    NewInput,
    RunRow,
    SlotRow,
    SlotState,
    Store,
    TimerRow,
    Transaction,
    WaitRow,
)
from jobnet.services.controller.bells import Bells
from jobnet.services.controller.inputs import to_input
from jobnet.services.controller.occasions import PREFIX
from jobnet.services.controller.projections import rebuilt
from jobnet.services.controller.trackers import Trackers
from jobnet.services.controller.turns import Turns
from jobnet.services.journal import fact_from_line

from tests.engine.building import DAY, NOON
from tests.services.controller.stores import AtInstant

EDITION = EditionId(1)


class OneDefinition:
    """The definition of one network, whatever is asked for."""

    def __init__(self, pinned: Bundle, calendars: Mapping[str, Calendar]) -> None:
        self._bundle, self._calendars = pinned, calendars

    def bundle(self, edition: EditionId, network: NetworkName) -> Bundle:
        return self._bundle

    def calendars(self, bundle: Bundle) -> Mapping[str, Calendar]:
        return self._calendars


class DurableRun:
    """One run in a database; ``take`` brings it an input as the workers of a controller would."""

    def __init__(
        self, pinned: Bundle, calendars: Mapping[str, Calendar], store: Store, run: RunId
    ) -> None:
        self._pins = OneDefinition(pinned, calendars)
        self.now = NOON
        self._store = AtInstant(store, lambda: self.now)
        self._run = run
        self._keys = count(1)
        self.tracker = begin(pinned, calendars)
        self.facts: list[Fact] = []
        self.forget()
        store.write(self._add)

    def forget(self) -> None:
        """Forget all that is not in the database."""
        self.trackers = Trackers(self._pins)
        self.turns = Turns(self._store, self.trackers, Bells(), answers_checks=False)

    def take_only(self, given: i.Input, now: datetime) -> None:
        """Bring an input and make its turn; nothing is compared."""
        self.now = now
        put = to_input(given, run=self._run, at=now, key=f"{next(self._keys)}")
        self._store.write(lambda tx: self._arrived(tx, given, put))
        self.turns.take(self._run)

    def take(self, given: i.Input, now: datetime) -> None:
        """Bring an input at an instant, and make turns until there is nothing for it."""
        self.now = now
        put = to_input(given, run=self._run, at=now, key=f"{next(self._keys)}")
        self._store.write(lambda tx: self._arrived(tx, given, put))
        is_pending = True
        while is_pending:
            is_pending = self.turns.take(self._run).is_pending
            self._catch_up()
        self._compare()

    def row(self) -> RunRow:
        found: RunRow | None = self._store.read(lambda tx: tx.runs.find(self._run))
        assert found is not None, "the run has been added"
        return found

    def _add(self, tx: Transaction) -> None:
        main = self._pins.bundle(EDITION, NetworkName("")).main
        row = RunRow(
            run=self._run,
            network=main,
            edition=EDITION,
            state=State.FIXED,
            by=OperatorName("bob"),
            operating_day=DAY,
            planned_start=NOON,
            zone="UTC",
            created_at=NOON,
        )
        assert tx.runs.add(row)

    def _arrived(self, tx: Transaction, given: i.Input, put: NewInput) -> None:
        """Do what the workers do in the transaction of their cause."""
        tx.runs.put_inputs([put])
        tx.errands.drop(list(self._over(tx, given)))
        if isinstance(given, i.SlotGranted):
            slot = self._slot(tx, given)
            if slot is not None:
                tx.errands.put([replace(slot, state=SlotState.HOLDING, granted_at=self.now)])
        if isinstance(given, i.SlotRefused):
            slot = self._slot(tx, given)
            tx.errands.drop([] if slot is None else [slot])

    def _slot(self, tx: Transaction, given: i.SlotGranted | i.SlotRefused) -> SlotRow | None:
        for errand in tx.errands.of_run(self._run):
            is_it = isinstance(errand, SlotRow) and errand.part == given.part
            if is_it and errand.attempt == given.attempt:
                assert isinstance(errand, SlotRow)
                return errand
        return None

    def _over(self, tx: Transaction, given: i.Input) -> Iterator[Errand]:
        for errand in tx.errands.of_run(self._run):
            key = key_of(errand)
            if isinstance(given, i.TimerFired) and isinstance(errand, TimerRow):
                timer = given.timer
                told = (timer.part, timer.attempt, timer.kind, timer.generation)
                if told == (errand.part, errand.attempt, errand.kind, errand.generation):
                    yield errand
            is_handed = key.kind in {ErrandKind.JOB, ErrandKind.MESSAGE}
            if is_handed and isinstance(given, i.AttemptAnswered | i.MessageAnswered):
                is_it = (errand.part, errand.attempt) == (given.part, given.attempt)
                yield from [errand] if is_it else []

    def _catch_up(self) -> None:
        """Follow the journal with the plain functions of the engine, as a reader would."""
        row = self.row()
        entries = self._store.read(lambda tx: tx.runs.entries(self._run, self.tracker.facts))
        for entry in entries:
            fact = fact_from_line(entry.payload, position=entry.position)
            self.tracker = evolve(self.tracker, fact)
            self.facts.append(fact)
        assert row.position == self.tracker.facts
        kept = self._store.read(lambda tx: self.trackers.current(tx, row))
        assert kept == self.tracker, "the tracker that was kept is another than that of the journal"

    def _compare(self) -> None:
        """Ask that rows are what the engine says is open, and projections what it says is."""
        if self.tracker.run is None:
            return
        found = self._store.read(lambda tx: tx.errands.of_run(self._run))
        keys = {key_of(errand) for errand in found if not isinstance(errand, JobRow)}
        keys = {key for key in keys if not key.part.startswith(PREFIX)}  # they have left the run
        open_now = set(expected_keys(self.tracker))
        there = keys - self._held_only(found)
        too_many, missing = there - open_now, open_now - there
        assert all(_is_timer(each) for each in too_many), "only timers are cancelled by generation"
        is_doubted = bool(self.tracker.run.clock_jump_seconds)
        assert not {each for each in missing if not (is_doubted and _is_timer(each))}
        jobs = {(row.part, row.attempt) for row in found if isinstance(row, JobRow)}
        starting = {(each.part, each.attempt) for each in started(self.tracker)}
        assert starting <= jobs, "a job that was ordered has no row"
        row = self.row()
        again, parts = rebuilt(row, self.trackers.empty(row), self.tracker)
        assert again == row, "the row of the run is not what its journal says"
        shown = self._store.read(lambda tx: tx.runs.parts(self._run))
        assert sorted(shown, key=lambda each: each.part) == sorted(parts, key=lambda p: p.part)

    def _held_only(self, found: Sequence[Errand]) -> set[ErrandKey]:
        """Return the slots that are held by attempts that have started: no open command."""
        rows = [each for each in found if isinstance(each, SlotRow)]
        held = {key_of(each) for each in rows if each.state is SlotState.HOLDING}
        for record in self.tracker.parts.values():
            body = part_of(self.tracker, record).body
            key = ErrandKey(kind=ErrandKind.SLOT, part=record.key, attempt=record.attempt)
            is_call = isinstance(body, SubNetwork) and is_limited(
                self.tracker.layout.network(NetworkName(body.network))
            )
            needs = (record.is_live and isinstance(body, UnitJob)) or (
                is_call and record.state is State.RUNNING
            )
            assert not needs or key in held, f"{record.key} runs and holds no slot"
        return held - set(expected_keys(self.tracker))


def _is_timer(key: ErrandKey) -> bool:
    return key.kind is ErrandKind.TIMER


def key_of(errand: Errand) -> ErrandKey:
    """Return the key of an errand."""
    kind = ErrandKind(
        type(errand).__name__.removesuffix("Row").replace("FileWait", "file_wait").lower()
    )
    if isinstance(errand, TimerRow):
        return ErrandKey(
            kind=kind,
            part=errand.part,
            attempt=errand.attempt,
            timer=errand.kind,
            generation=errand.generation,
        )
    return ErrandKey(kind=kind, part=errand.part, attempt=errand.attempt)


_KIND_OF: Mapping[type, ErrandKind] = {
    TimerRow: ErrandKind.TIMER,
    SlotRow: ErrandKind.SLOT,
    JobRow: ErrandKind.JOB,
    MessageRow: ErrandKind.MESSAGE,
    FileWaitRow: ErrandKind.FILE_WAIT,
    WaitRow: ErrandKind.WAIT,
    DialogRow: ErrandKind.DIALOG,
}
_KINDS: Mapping[type, ErrandKind] = {
    c.AskSlot: ErrandKind.SLOT,
    c.SendMessage: ErrandKind.MESSAGE,
    c.WatchFile: ErrandKind.FILE_WAIT,
    c.OpenDialog: ErrandKind.DIALOG,
}


def expected_keys(tracker: Tracker) -> Iterator[ErrandKey]:
    """Yield the keys of what the engine says is open, jobs left out."""
    for command in open_commands(tracker):
        match command:
            case c.ArmTimer(timer=armed):
                timer = armed.timer
                yield ErrandKey(
                    kind=ErrandKind.TIMER,
                    part=timer.part,
                    attempt=timer.attempt,
                    timer=timer.kind,
                    generation=timer.generation,
                )
            case c.OpenWait(wait=wait):
                yield ErrandKey(kind=ErrandKind.WAIT, part=wait.part, attempt=wait.attempt)
            case c.AskSlot() | c.SendMessage() | c.WatchFile() | c.OpenDialog():
                kind = _KINDS[type(command)]
                yield ErrandKey(kind=kind, part=command.part, attempt=command.attempt)


def started(tracker: Tracker) -> Iterator[c.StartJob]:
    """Yield the jobs that were ordered and have not begun."""
    return (each for each in open_commands(tracker) if isinstance(each, c.StartJob))
