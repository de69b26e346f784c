"""Plays many runs on one virtual clock: with the queues, locks, limits and waits that they share.

What happens next is whatever is due next. The same engine and the same rules of admission and
matching as in a controller decide; only how long things last is taken from a table.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from jobnet.engine import Tracker, begin, ends_of, open_commands
from jobnet.engine.commands import StartJob
from jobnet.engine.facts import Fact, RunEnded, RunStarted
from jobnet.engine.inputs import Input, OrderGiven, SlotDelayed, SlotGranted
from jobnet.engine.orders import Cancel
from jobnet.engine.standing import run_of
from jobnet.engine.states import State, WaitReason
from jobnet.ids import NetworkName
from jobnet.services.forecast.agenda import Agenda
from jobnet.services.forecast.asked import OpenRun, PlannedStart, Situation
from jobnet.services.forecast.awaited import Awaited
from jobnet.services.forecast.carrying_out import CarryingOut
from jobnet.services.forecast.expected_times import Rate
from jobnet.services.forecast.run_at_work import OPERATOR, RunAtWork
from jobnet.services.forecast.run_names import RunNames, repeated_key
from jobnet.services.forecast.shared_board import SharedBoard
from jobnet.services.forecast.shared_line import WHOLE_RUN, SharedLine, Told, asker_name, run_asker
from jobnet.services.forecast.shared_things import SharedThings
from jobnet.services.under_way import handed_over, holds_slot, slot_of

RUNS_MAX = 100_000
INPUTS_MAX = 20_000_000
"""So much is played in one forecast; what has not ended then is left as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What became of the runs; ``is_cut``: there was more to play than is played."""

    runs: tuple[RunAtWork, ...]
    is_cut: bool


class House:
    """Runs that share what there is, from the instant of a situation on."""

    def __init__(
        self,
        situation: Situation,
        rate: Rate,
        *,
        names: RunNames | None = None,
        inputs_max: int = INPUTS_MAX,
        ends_known: bool = True,
    ) -> None:
        """Begin; ``ends_known`` False: waits do not hear what of other networks is to come."""
        self._situation, self._inputs_max = situation, inputs_max
        self._agenda = Agenda(situation.now)
        self._things = SharedThings([limits for _, limits in situation.limits])
        self._line = SharedLine(situation.limits[0][1])
        self._awaited = Awaited(situation)
        self._board = SharedBoard(
            self._awaited.names, self._awaited.executions, ends_known=ends_known
        )
        self._carrying_out = CarryingOut(
            self._agenda,
            self._line,
            self._board,
            things=self._things,
            times=situation.times,
            rate=rate,
        )
        self._runs: dict[str, RunAtWork] = {}
        self._names = names or RunNames()
        self._empty: dict[NetworkName, Tracker] = {}
        self._looks_again_at: datetime | None = None
        self._is_cut = False

    def play(self) -> Played:
        """Go on until nothing is left that could happen."""
        situation = self._situation
        self._board.add_ends(situation.ends)
        for event in situation.events:
            self._board.publish(event, None)
        for at, limits in situation.limits[1:]:
            self._agenda.at(at, lambda limits=limits: self._line.set_limits(limits))  # type: ignore[misc]
        for each in situation.open_runs:
            self._resume(each)
        for start in sorted(situation.starts, key=lambda each: (each.start, each.key)):
            self._plan(start)
        taken = 0
        while taken < self._inputs_max and self._go_on():
            taken += 1
        self._is_cut = self._is_cut or taken >= self._inputs_max
        return Played(runs=tuple(self._runs.values()), is_cut=self._is_cut)

    def _go_on(self) -> bool:
        """Let the next thing happen; tell whether there was one."""
        if self._agenda.ready:
            self._give(*self._agenda.ready.popleft())
            return True
        doing = self._agenda.take_next()
        if doing is None:
            return False
        doing()
        if not self._agenda.ready:
            self._hand_on()
        return True

    def _plan(self, start: PlannedStart) -> None:
        if len(self._runs) >= RUNS_MAX:
            self._is_cut = True
            return
        run = RunAtWork(
            self._names.name(start),
            self._begun(start.network),
            zero=start.start,
            planned=start,
        )
        self._runs[run.name] = run
        self._awaited.plan(run)
        self._agenda.at(max(start.start, self._agenda.now), lambda: self._start(run))

    def _begun(self, network: NetworkName) -> Tracker:
        if network not in self._empty:
            defined = self._situation.networks[network]
            self._empty[network] = begin(defined.bundle, defined.calendars)
        return self._empty[network]

    def _start(self, run: RunAtWork) -> None:
        """Let a run begin, or stand in line for its network."""
        things = self._things.of_run(run.tracker.layout.bundle.network)
        if things:
            self._line.ask(run_asker(run.name, run.network, things, self._agenda.now))
        else:
            self._agenda.give(run, run.first_input())

    def _resume(self, one: OpenRun) -> None:
        """Take a run over as it stands now."""
        record = run_of(one.tracker)
        run = RunAtWork(str(record.run), one.tracker, zero=record.planned_start)
        self._runs[run.name] = run
        self._names.take(run.name)
        run.log.resume(one.tracker)
        self._awaited.begin(run)
        things = self._things.of_run(run.tracker.layout.bundle.network)
        if things:
            self._line.hold(run_asker(run.name, run.network, things, record.started))
        for part in one.tracker.parts.values():
            if holds_slot(one.tracker, part):
                for asked in slot_of(one.tracker, part):
                    self._carrying_out.hold(run, asked)
            if part.is_live and part.state is State.RUNNING:
                for job in handed_over(one.tracker, part):
                    if isinstance(job, StartJob):
                        left = self._carrying_out.left(run, job)
                        self._carrying_out.end_later(run, job, left)
        for command in open_commands(one.tracker):
            self._carrying_out.do(run, command)

    def _give(self, run: RunAtWork, given: Input) -> None:
        """Let a run take an input, and do at once what it asks for."""
        facts, commands = run.take(given, self._agenda.now)
        if self._awaited.publishes(run):
            self._board.add_ends(end for fact in facts for end in ends_of(run.tracker, fact))
        for command in commands:
            self._carrying_out.do(run, command)
        for fact in facts:
            self._follow(run, fact)
        self._hand_on()

    def _follow(self, run: RunAtWork, fact: Fact) -> None:
        if isinstance(fact, RunStarted):
            self._awaited.begin(run)
        elif isinstance(fact, RunEnded):
            self._over(run)

    def _over(self, run: RunAtWork) -> None:
        """Give back what the run held, and plan the next one where that is counted from its end."""
        name = asker_name(run.name, WHOLE_RUN, 0)
        self._line.give_back(name, self._agenda.now)
        self._board.forget_run(run.name)
        for network in self._awaited.end(run):
            self._board.changed(network)
        planned, ended = run.planned, run.ended
        if planned is None or planned.repeat_after is None or ended is None:
            return
        start = ended + planned.repeat_after
        if planned.repeat_until is None or start <= planned.repeat_until:
            self._plan(replace(planned, key=repeated_key(planned.key), start=start))

    def _hand_on(self) -> None:
        now = self._agenda.now
        for told in self._line.verdicts(now):
            self._tell(told)
        for asker in self._line.take_cancelled():
            part = None if asker.part == WHOLE_RUN else asker.part
            key = f"cancel_previous:{asker.candidate.id}"
            given = OrderGiven(order=Cancel(part=part), by=OPERATOR, key=key)
            self._agenda.give(self._runs[asker.run], given)
        for delivered in self._board.deliveries(now):
            run = self._runs[delivered.run]
            run.log.goes_on(delivered.input.part, delivered.cause)
            self._agenda.give(run, delivered.input)
        again_at = self._line.again_at
        if again_at is not None and again_at != self._looks_again_at:
            self._looks_again_at = again_at
            self._agenda.at(again_at, self._line.look_again)

    def _tell(self, told: Told) -> None:
        run, given = self._runs[told.asker.run], told.input
        run.log.waits(told.asker.part, told.behind)
        if isinstance(given, SlotGranted):
            run.log.goes_on(told.asker.part, told.cause)
        if told.asker.part != WHOLE_RUN:
            self._agenda.give(run, given)
            return
        now = self._agenda.now
        if isinstance(given, SlotGranted):
            run.log.run_begins(now)
            self._agenda.give(run, run.first_input())
        elif isinstance(given, SlotDelayed):
            run.log.run_waits(WaitReason.NETWORK_LIMIT.value, given.detail, now)
        else:
            run.missed_at = now
            self._over(run)
