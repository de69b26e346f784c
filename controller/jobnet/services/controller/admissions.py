"""Lets those who stand in line start, as far as queues, limits, locks and resources allow.

Who may is the engine's decision (``admit``); here the rows are read, and what was decided is
written in the same transaction: nobody is granted twice, and no limit is passed by two who look
at the same time. Whoever changes something that counts here adds a signal and rings.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from jobnet.definition import Network, Queue
from jobnet.engine import Candidate, Limits, Verdict, admit
from jobnet.engine.inputs import Input, OrderGiven, SlotDelayed, SlotGranted, SlotRefused
from jobnet.engine.orders import Cancel
from jobnet.engine.states import State, WaitReason
from jobnet.ids import EditionId, NetworkName, OperatorName, RunId
from jobnet.ports.store import (
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
from jobnet.services.controller.inputs import to_input
from jobnet.services.controller.limits import Defined, limits_of, next_change
from jobnet.services.controller.payloads import placement_from_payload
from jobnet.services.controller.starts import begin_inputs
from jobnet.services.controller.turns import WHOLE_RUN
from jobnet.services.controller.working import Pass

CONTROLLER = OperatorName("jobnet")


class Definitions(Protocol):
    """What admission needs of the definitions that have been applied."""

    def current(self) -> EditionId:
        """Return the latest edition."""

    def network(self, name: NetworkName, *, edition: EditionId | None = None) -> Network | None:
        """Return a network of an edition; None where it is not in it."""

    def queues(self, edition: EditionId | None = None) -> Mapping[str, Queue]:
        """Return the queues of an edition by their qualified names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """Everybody who asks or holds, by the name that the engine knows them by."""

    rows: Mapping[str, SlotRow]
    runs: Mapping[RunId, RunRow]
    limits: Limits
    next_change: datetime | None
    signals: tuple[int, ...]


@dataclass(slots=True)
class _Writing:
    """What is written because of a verdict."""

    puts: list[SlotRow] = field(default_factory=list)
    drops: list[SlotRow] = field(default_factory=list)
    inputs: list[NewInput] = field(default_factory=list)
    runs: list[RunRow] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)

    @property
    def has_news(self) -> bool:
        return bool(self.puts or self.drops or self.inputs or self.runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    runs: tuple[RunId, ...]
    has_ended: bool
    has_news: bool
    again_at: datetime | None


class Admissions:
    """The worker that grants slots, and executions of networks that have a limit."""

    name = "admissions"
    bells: Collection[Name] = (SignalKind.ADMIT,)

    def __init__(
        self, store: Store, definitions: Definitions, bells: Bells, *, jobs_max: int
    ) -> None:
        self._store, self._definitions, self._bells = store, definitions, bells
        self._jobs_max = jobs_max
        self._again_at: datetime | None = None

    def work_once(self) -> Pass:
        """Decide once about everybody in line."""
        is_asked, named = self._store.read(_named)
        if not is_asked:
            self._again_at = None
            return Pass()
        defined = self._defined(named)
        done = self._store.write(lambda tx: self._decide(tx, defined))
        self._bells.ring_runs(done.runs)
        if done.has_ended:
            self._bells.ring((Worker.OUTCOMES, Worker.LIVE, SignalKind.MATCH_END))
        now = self._store.now()
        is_by_the_clock = self._again_at is not None and now >= self._again_at
        self._again_at = done.again_at
        again = None if done.again_at is None else max(0.0, (done.again_at - now).total_seconds())
        return Pass(found=int(done.has_news and not is_by_the_clock), again_seconds=again)

    def _decide(self, tx: Transaction, defined: Defined) -> _Done:
        now = self._store.now()
        line = self._line(tx, defined, now)
        asking = _candidates(line, SlotState.ASKING)
        holding = _candidates(line, SlotState.HOLDING)
        writing = _Writing()
        again_at = line.next_change
        if asking:
            verdict = admit(asking, holding, line.limits, now=now)
            _grant(writing, line, verdict, now)
            _refuse(writing, line, verdict, now)
            _delay(writing, line, verdict, now)
            _cancel(writing, line, verdict, now)
            again_at = min(
                (at for at in (again_at, verdict.again_at) if at is not None), default=None
            )
        _write(tx, writing)
        tx.signals.done(line.signals)
        return _Done(
            runs=tuple(dict.fromkeys(each.run for each in writing.inputs)),
            has_ended=bool(writing.signals),
            has_news=writing.has_news,
            again_at=again_at,
        )

    def _line(self, tx: Transaction, defined: Defined, now: datetime) -> _Line:
        """Read everybody; who asks for a network that was not known yet waits for the next look."""
        signals = tuple(number for number, _ in tx.signals.pending((SignalKind.ADMIT,)))
        rows = tx.errands.slots()
        settings = tx.queues.settings()
        runs: dict[RunId, RunRow] = {}
        for run in dict.fromkeys(row.run for row in rows):
            found = tx.runs.find(run)
            if found is not None:
                runs[run] = found
        limits = limits_of(defined, settings, now=now, jobs_max=self._jobs_max)
        return _Line(
            rows={_name(row): row for row in rows if row.run in runs and _is_known(row, defined)},
            runs=runs,
            limits=replace(limits, last_starts=_last_starts(rows)),
            next_change=next_change(settings, now),
            signals=signals,
        )

    def _defined(self, named: Mapping[NetworkName, EditionId]) -> Defined:
        """Return what is defined now; of a network that is no more, what a run is pinned to."""
        edition = self._definitions.current()
        networks: dict[NetworkName, Network] = {}
        for name, pinned in named.items():
            found = self._definitions.network(name, edition=edition)
            found = found or self._definitions.network(name, edition=pinned)
            if found is not None:
                networks[name] = found
        return Defined(queues=self._definitions.queues(edition), networks=networks)


def _named(tx: Transaction) -> tuple[bool, Mapping[NetworkName, EditionId]]:
    """Return whether there is anything to decide, and the networks whose rules count."""
    rows = tx.errands.slots()
    is_asked = any(row.state is SlotState.ASKING for row in rows)
    is_rung = bool(tx.signals.pending((SignalKind.ADMIT,)))
    named: dict[NetworkName, EditionId] = {}
    for row in rows if is_asked else ():
        if row.network is not None and row.network not in named:
            run = tx.runs.find(row.run)
            if run is not None:
                named[row.network] = run.edition
    return is_asked or is_rung, named


def _is_known(row: SlotRow, defined: Defined) -> bool:
    is_asking = row.state is SlotState.ASKING
    return not is_asking or row.network is None or row.network in defined.networks


def _name(row: SlotRow) -> str:
    return f"{row.run}/{row.part}:{row.attempt}"


def _last_starts(rows: Sequence[SlotRow]) -> Mapping[str, datetime]:
    """Return when the last of the jobs that still hold a slot started, by queue."""
    found: dict[str, datetime] = {}
    for row in rows:
        if row.queue is not None and row.granted_at is not None and row.is_job:
            found[row.queue] = max(row.granted_at, found.get(row.queue, row.granted_at))
    return found


def _candidates(line: _Line, state: SlotState) -> list[Candidate]:
    return [
        Candidate(
            id=name,
            asked_at=row.asked_at,
            placement=replace(placement_from_payload(row.placement), queue=row.queue),
            network=row.network,
            within=(line.runs[row.run].network,),
        )
        for name, row in line.rows.items()
        if row.state is state
    ]


def _grant(writing: _Writing, line: _Line, verdict: Verdict, now: datetime) -> None:
    for name in verdict.granted:
        row = line.rows[name]
        queue = verdict.queues.get(name, row.queue)
        writing.puts.append(
            replace(row, state=SlotState.HOLDING, granted_at=now, told="", queue=queue)
        )
        if row.part == WHOLE_RUN:
            writing.inputs.extend(begin_inputs(line.runs[row.run], at=now))
        else:
            granted = SlotGranted(part=row.part, attempt=row.attempt)
            _tell(writing, row, granted, now)


def _refuse(writing: _Writing, line: _Line, verdict: Verdict, now: datetime) -> None:
    for name in verdict.refused:
        row = line.rows[name]
        message = f"{row.network} is executing already and its overlap is skip"
        writing.drops.append(row)
        if row.part == WHOLE_RUN:
            missed = replace(line.runs[row.run], state=State.MISSED, ended=now, detail=message)
            writing.runs.append(missed)
            ended = Signal(kind=SignalKind.MATCH_END, name=str(row.network), run=row.run)
            writing.signals.append(ended)
        else:
            refused = SlotRefused(part=row.part, attempt=row.attempt, message=message)
            _tell(writing, row, refused, now)


def _delay(writing: _Writing, line: _Line, verdict: Verdict, now: datetime) -> None:
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
            writing.runs.append(replace(line.runs[row.run], detail=shown))
        else:
            delayed = SlotDelayed(part=row.part, attempt=row.attempt, reason=reason, detail=detail)
            _tell(writing, row, delayed, now)


def _cancel(writing: _Writing, line: _Line, verdict: Verdict, now: datetime) -> None:
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
        tx.errands.put(writing.puts)
    if writing.drops:
        tx.errands.drop(writing.drops)
    if writing.inputs:
        tx.runs.put_inputs(writing.inputs)
    if writing.signals:
        tx.signals.add(writing.signals)
