"""Lets those who stand in line start, as far as queues, limits, locks and resources allow.

Who may is the engine's decision (``admit``); here the rows are read, and what was decided is
written in the same transaction: nobody is granted twice, and no limit is passed by two who look
at the same time. Whoever changes something that counts here adds a signal and rings.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from jobnet.definition import Overlap
from jobnet.engine import Verdict, admit
from jobnet.engine.inputs import Input, OrderGiven, SlotDelayed, SlotGranted, SlotRefused
from jobnet.engine.orders import Cancel, Skip
from jobnet.engine.states import State, WaitReason
from jobnet.ids import EditionId, OperatorName, RunId
from jobnet.ports.store import (
    LiveNote,
    MessageRow,
    NewInput,
    RunRow,
    Signal,
    SignalKind,
    SlotRow,
    SlotState,
    Store,
    Transaction,
)
from jobnet.services.controller.bells import Bells, Name, Worker
from jobnet.services.controller.circles import in_line_for
from jobnet.services.controller.inputs import to_input
from jobnet.services.controller.limits import Defined
from jobnet.services.controller.lines import (
    Definitions,
    Line,
    asked_networks,
    defined_for,
    is_rung_for,
    read_line,
)
from jobnet.services.controller.occasions import notice_of_missed, notice_signals
from jobnet.services.controller.starts import begin_inputs
from jobnet.services.controller.turns import WHOLE_RUN
from jobnet.services.controller.windows.book import WindowSheet, counting
from jobnet.services.controller.windows.gate import NOTHING, Gate, Gated
from jobnet.services.controller.working import Pass

CONTROLLER = OperatorName("jobnet")
LOOK_AGAIN_SECONDS = 1.0
"""So soon a line is read again in which somebody asked for a network that was not known yet."""


@dataclass(slots=True)
class _Writing:
    """What is written because of a verdict."""

    puts: list[SlotRow] = field(default_factory=list)
    drops: list[SlotRow] = field(default_factory=list)
    inputs: list[NewInput] = field(default_factory=list)
    runs: list[RunRow] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)
    started_in: list[str] = field(default_factory=list)
    notices: list[MessageRow] = field(default_factory=list)
    notes: list[LiveNote] = field(default_factory=list)

    @property
    def has_news(self) -> bool:
        return bool(self.puts or self.drops or self.inputs or self.runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """What one decision came to."""

    runs: tuple[RunId, ...]
    rings: tuple[Name, ...]
    has_news: bool
    again_at: datetime | None
    started_in: tuple[str, ...]
    is_whole: bool


class Admissions:
    """The worker that grants slots, and executions of networks that have a limit."""

    name = "admissions"
    bells: Collection[Name] = (SignalKind.ADMIT,)

    def __init__(
        self,
        store: Store,
        definitions: Definitions,
        bells: Bells,
        *,
        jobs_max: int,
        gate: Gate | None = None,
    ) -> None:
        """Begin; ``gate`` knows the maintenance windows, without it there are none."""
        self._store, self._definitions, self._bells = store, definitions, bells
        self._jobs_max, self._gate = jobs_max, gate
        self._again_at: datetime | None = None
        self._last_starts: dict[str, datetime] = {}
        self._is_fresh = True

    def work_once(self) -> Pass:
        """Decide once about everybody in line, if anything has changed or the time has come."""
        now = self._store.now()
        is_due = self._is_fresh or (self._again_at is not None and now >= self._again_at)
        if not is_due and not self._store.read(is_rung_for):
            return Pass(again_seconds=_seconds_until(self._again_at, now))
        defined = defined_for(self._definitions, self._store.read(asked_networks))
        sheet = None if self._gate is None else self._gate.by_rules(EditionId(defined.edition), now)
        done = self._store.write(lambda tx: self._decide(tx, defined, sheet))
        self._bells.ring_runs(done.runs)
        self._bells.ring(done.rings)
        self._again_at = done.again_at
        self._is_fresh = not done.is_whole
        now = self._store.now()
        self._last_starts.update(dict.fromkeys(done.started_in, now))
        again = _seconds_until(done.again_at, now) if done.is_whole else LOOK_AGAIN_SECONDS
        return Pass(found=int(done.has_news and not is_due), again_seconds=again)

    def _decide(self, tx: Transaction, defined: Defined, sheet: WindowSheet | None) -> _Done:
        now = self._store.now()
        line = read_line(
            tx, defined, now=now, jobs_max=self._jobs_max, last_starts=self._last_starts
        )
        writing = _Writing()
        again_at = line.next_change if line.asking else None
        if line.asking:
            gated = self._gated(tx, line, sheet, now)
            asking = [each for each in line.asking if each.id not in gated.skipped]
            limits = replace(line.limits, held=gated.held, held_queues=gated.held_queues)
            verdict = admit(asking, line.holding, limits, now=now)
            _grant(tx, writing, line, verdict, now)
            _warn(writing, line, verdict, gated, now)
            _refuse(tx, writing, line, dict.fromkeys(verdict.refused, ""), now)
            _skip(tx, writing, line, gated.skipped, now)
            _delay(tx, writing, line, verdict, now)
            _cancel(writing, line, verdict, now)
            ats = [at for at in (again_at, verdict.again_at) if at is not None]
            again_at = min(ats, default=None)
        _write(tx, writing)
        if line.is_whole:
            tx.signals.done(line.signals)
        return _Done(
            runs=tuple(dict.fromkeys(each.run for each in writing.inputs)),
            rings=_rings(writing),
            has_news=writing.has_news,
            again_at=again_at,
            started_in=tuple(writing.started_in),
            is_whole=line.is_whole,
        )

    def _gated(
        self, tx: Transaction, line: Line, sheet: WindowSheet | None, now: datetime
    ) -> Gated:
        """Return what maintenance windows say of those in line."""
        if self._gate is None or sheet is None:
            return NOTHING
        return self._gate.look(tx, line.rows, counting(sheet, now, line.settings).spans, now)


def _seconds_until(at: datetime | None, now: datetime) -> float | None:
    return None if at is None else max(0.0, (at - now).total_seconds())


def _rings(writing: _Writing) -> tuple[Name, ...]:
    more = tuple(dict.fromkeys(signal.kind for signal in writing.signals))
    if writing.runs:
        return (*more, Worker.OUTCOMES, Worker.LIVE)
    return (*more, Worker.LIVE) if writing.notes else more


def _grant(tx: Transaction, writing: _Writing, line: Line, verdict: Verdict, now: datetime) -> None:
    for name in verdict.granted:
        row = line.rows[name]
        queue = verdict.queues.get(name, row.queue)
        if _is_free(row, line):
            writing.drops.append(row)
        else:
            held = replace(row, state=SlotState.HOLDING, granted_at=now, told="", queue=queue)
            writing.puts.append(held)
        if row.part == WHOLE_RUN:
            run = tx.runs.find(row.run)
            writing.inputs.extend(() if run is None else begin_inputs(run, at=now))
        else:
            if row.is_job and queue is not None:
                writing.started_in.append(queue)
            granted = SlotGranted(part=row.part, attempt=row.attempt)
            _tell(writing, row, granted, now)


def _is_free(row: SlotRow, line: Line) -> bool:
    """Return whether a run asked for a window's sake only: its network has no limit to hold."""
    rule = None if row.network is None else line.limits.networks.get(row.network)
    if row.part != WHOLE_RUN or rule is None:
        return False
    return rule.limit is None and rule.overlap in {Overlap.QUEUE, Overlap.PARALLEL}


def _warn(writing: _Writing, line: Line, verdict: Verdict, gated: Gated, now: datetime) -> None:
    """Tell those who watch that something starts although a window says that it should not."""
    for name in verdict.granted:
        if name in gated.warned:
            row = line.rows[name]
            payload = json.dumps({"part": row.part, "what": gated.warned[name]})
            writing.notes.append(LiveNote(run=row.run, kind="window", payload=payload, at=now))


def _skip(
    tx: Transaction, writing: _Writing, line: Line, skipped: Mapping[str, str], now: datetime
) -> None:
    """Leave out what a window skips: jobs end SKIPPED, executions of networks MISSED."""
    _refuse(
        tx,
        writing,
        line,
        {name: what for name, what in skipped.items() if not line.rows[name].is_job},
        now,
    )
    for name, what in skipped.items():
        row = line.rows[name]
        if row.is_job:
            given = OrderGiven(
                order=Skip(part=row.part), by=CONTROLLER, key=f"window:{name}", reason=what
            )
            _tell(writing, row, given, now)


def _refuse(
    tx: Transaction, writing: _Writing, line: Line, refused: Mapping[str, str], now: datetime
) -> None:
    """Let executions of networks not take place, with what is said of each."""
    for name, because in refused.items():
        row = line.rows[name]
        message = because or f"{row.network} is executing already and its overlap is skip"
        writing.drops.append(row)
        if row.part == WHOLE_RUN:
            run = tx.runs.find(row.run)
            if run is not None:
                missed = replace(run, state=State.MISSED, ended=now, detail=message)
                writing.runs.append(missed)
                notice = notice_of_missed(run, message)
                writing.notices.append(notice)
                writing.signals.extend(notice_signals((notice,)))
            ended = Signal(kind=SignalKind.MATCH_END, name=str(row.network), run=row.run)
            writing.signals.append(ended)
        else:
            given = SlotRefused(part=row.part, attempt=row.attempt, message=message)
            _tell(writing, row, given, now)


def _delay(tx: Transaction, writing: _Writing, line: Line, verdict: Verdict, now: datetime) -> None:
    """Tell everybody once why it waits."""
    for name, reason in verdict.waiting.items():
        row = line.rows[name]
        detail = verdict.details.get(name, "")
        told = json.dumps([reason.value, detail])
        if row.told == told:
            continue
        writing.puts.append(replace(row, told=told))
        if row.part == WHOLE_RUN:
            shown = detail or WaitReason.NETWORK_LIMIT.value
            run = tx.runs.find(row.run)
            if run is not None:
                writing.runs.append(replace(run, detail=shown))
        else:
            if row.network is not None:
                about = in_line_for(row.network)
                signal = Signal(kind=SignalKind.MATCH_END, name=about, run=row.run)
                writing.signals.append(signal)
            delayed = SlotDelayed(part=row.part, attempt=row.attempt, reason=reason, detail=detail)
            _tell(writing, row, delayed, now)


def _cancel(writing: _Writing, line: Line, verdict: Verdict, now: datetime) -> None:
    """Ask executions to make room, each once."""
    for name in verdict.to_cancel:
        row = line.rows[name]
        if row.told == "cancelled":
            continue
        writing.puts.append(replace(row, told="cancelled"))
        given = OrderGiven(
            order=Cancel(part=None if row.part == WHOLE_RUN else row.part),
            by=CONTROLLER,
            key=f"cancel_previous:{name}",
            reason="a later execution of its network takes its place",
        )
        _tell(writing, row, given, now)


def _tell(writing: _Writing, row: SlotRow, given: Input, now: datetime) -> None:
    writing.inputs.append(to_input(given, run=row.run, at=now))


def _write(tx: Transaction, writing: _Writing) -> None:
    for run in writing.runs:
        tx.runs.replace_unstarted(run)
    if writing.puts:
        tx.errands.change(writing.puts)
    if writing.notices:
        tx.errands.put(writing.notices)
    if writing.drops:
        tx.errands.drop(writing.drops)
    if writing.inputs:
        tx.runs.put_inputs(writing.inputs)
    if writing.signals:
        tx.signals.add(writing.signals)
    if writing.notes:
        tx.live.add(writing.notes)
