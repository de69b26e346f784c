"""Plays one run on a virtual clock, as fast as the engine decides.

Everything here is in memory and in one thread: what happens next is whatever is due next. The
same engine, line, board and appointments as in ``jobnet play`` decide; only jobs, messages and
the world outside are made up, by the scenario.
"""

import heapq
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from jobnet.calendars import Calendar, ClockTime, format_duration, instant_at
from jobnet.definition import Bundle
from jobnet.engine import Tracker, begin, ends_of, step
from jobnet.engine import commands as c
from jobnet.engine import inputs as i
from jobnet.engine.commands import Command
from jobnet.engine.facts import Fact, VoteCast
from jobnet.engine.inputs import Input
from jobnet.engine.orders import Cancel, Order
from jobnet.engine.results import JobEnd, JobResult
from jobnet.engine.states import State
from jobnet.engine.timers import ArmedTimer
from jobnet.engine.waits import EndWait, EventWait
from jobnet.errors.engine import AnswerRefused, OrderRefused
from jobnet.ids import OperatorName, PartKey, RunId
from jobnet.project.scenarios import NODE_LOST_AFTER, Given, GivenOrder
from jobnet.services.answers import GivenAnswers
from jobnet.services.appointments import Appointments
from jobnet.services.board import Board
from jobnet.services.line import Line
from jobnet.services.requests import RequestUnfit
from jobnet.services.simulation.arrivals import end_for, event_for, looks_of
from jobnet.services.simulation.endless import endless_waits
from jobnet.services.simulation.ordering import Orders
from jobnet.services.simulation.outcomes import USUAL, Outcomes
from jobnet.services.simulation.record import Alert, Record, Stretch
from jobnet.services.simulation.voting import Voting

INPUTS_MAX = 200_000
JOBS_MAX = 1_000_000
RUN = RunId("simulated")
OPERATOR = OperatorName("simulation")

Doing = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One run as it was asked for; params are complete and of their declared types.

    ``usual_seconds`` by part id is how long its jobs take where ``given`` does not say.
    """

    bundle: Bundle
    calendars: Mapping[str, Calendar]
    operating_day: date
    start: datetime
    zone: str
    params: Mapping[str, object] = field(default_factory=dict)
    given: Given = field(default_factory=Given)
    answers: GivenAnswers = field(default_factory=dict)
    usual_seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What became of it; ``endless`` says what it waits for if it has not ended."""

    tracker: Tracker
    zone: str
    now: datetime
    stretches: tuple[Stretch, ...]
    alerts: tuple[Alert, ...]
    endless: tuple[str, ...]
    warnings: tuple[str, ...]


def simulate(night: Night) -> Simulated:
    """Play a run until it has ended or nothing is left that could happen."""
    return _Shell(night).play()


class _Shell:
    """Carries out what the engine commands, by what the scenario says."""

    def __init__(self, night: Night) -> None:
        self._night = night
        given = {part: usual.total_seconds() for part, usual in night.given.usual.items()}
        usual = {**night.usual_seconds, **given}
        self._usual = usual
        self._outcomes = Outcomes(night.given, usual)
        self._tracker = begin(night.bundle, night.calendars)
        self._now = night.start
        self._ready: deque[Input] = deque()
        self._agenda: list[tuple[datetime, int, Input | Doing]] = []
        self._numbers = count(1)
        self._appointments = Appointments()
        self._line = Line(night.bundle, jobs_max=JOBS_MAX)
        self._board = Board()
        self._voting = Voting(night.answers, give=self._order, operator=OPERATOR)
        self._active: set[tuple[PartKey, int]] = set()
        self._gone: dict[tuple[PartKey, int], tuple[datetime, timedelta]] = {}
        self._orders = Orders(night.given.orders, OPERATOR)
        self._record = Record()
        self._warnings: list[str] = []

    def play(self) -> Simulated:
        """Go on until the run is over, nothing can happen, or it has taken too many inputs."""
        night = self._night
        start = i.StartRun(
            run=RUN,
            by=OPERATOR,
            operating_day=night.operating_day,
            planned_start=night.start,
            zone=night.zone,
            params=night.params,
            usual_seconds=self._usual,
        )
        self._ready.append(start)
        for order in night.given.orders:
            at = max(self._instant(order.at), night.start)
            heapq.heappush(self._agenda, (at, next(self._numbers), self._giving(order)))
        taken = 0
        while taken < INPUTS_MAX and self._take_next():
            taken += 1
        return self._end(is_cut=taken >= INPUTS_MAX)

    def _end(self, *, is_cut: bool) -> Simulated:
        self._record.close(self._now)
        endless = tuple(endless_waits(self._tracker))
        if is_cut:
            endless = (f"the simulation was stopped after {INPUTS_MAX:,} inputs",)
        unused = (f"{what} was given and never used" for what in self._outcomes.unused())
        return Simulated(
            tracker=self._tracker,
            zone=self._night.zone,
            now=self._now,
            stretches=tuple(self._record.stretches),
            alerts=tuple(self._record.alerts),
            endless=endless,
            warnings=(*self._warnings, *unused, *self._orders.never_given()),
        )

    def _take_next(self) -> bool:
        """Let the next thing happen; tell whether there was one."""
        if self._ready:
            self._give(self._ready.popleft())
            return True
        run = self._tracker.run
        is_over = run is not None and run.ended is not None and not self._active
        if is_over and not self._orders.can_reopen:
            return False
        timer_due = self._appointments.next_timer_due()
        if self._agenda and (timer_due is None or self._agenda[0][0] <= timer_due):
            at, _, item = heapq.heappop(self._agenda)
            self._now = max(self._now, at)
            self._happen(item)
            return True
        if timer_due is None:
            return False
        self._now = max(self._now, timer_due)
        armed = self._appointments.take_due(self._now)
        assert isinstance(armed, ArmedTimer), "no looks are planned here"
        self._give(i.TimerFired(timer=armed.timer, due=armed.due))
        return True

    def _happen(self, item: Input | Doing) -> None:
        if isinstance(item, i.AttemptAnswered | i.MessageAnswered):
            if (item.part, item.attempt) in self._active:
                self._active.discard((item.part, item.attempt))
                self._give(item)
        elif callable(item):
            item()
            self._hand_on()
        else:
            self._give(item)

    def _give(self, given: Input) -> None:
        """Let the engine take an input, and do at once what it asks for."""
        each: Input = given
        facts: list[Fact] = []
        commands: list[Command] = []
        while True:
            try:
                decision = step(self._tracker, each, self._now)
            except (OrderRefused, AnswerRefused) as refusal:
                self._warnings.append(str(refusal))
                return
            self._tracker = decision.tracker
            facts += decision.facts
            commands += decision.commands
            if decision.is_complete:
                break
            each = i.GoOn()
        self._follow(facts, commands)

    def _follow(self, facts: Sequence[Fact], commands: Sequence[Command]) -> None:
        self._board.add_ends(end for fact in facts for end in ends_of(self._tracker, fact))
        self._record.take(facts, self._tracker, self._now)
        for command in commands:
            self._carry_out(command)
        for fact in facts:
            if isinstance(fact, VoteCast):
                self._voting.vote_cast(fact.part)
        self._hand_on()

    def _hand_on(self) -> None:
        self._ready.extend(self._line.verdicts())
        for part in self._line.take_cancelled():
            self._order(Cancel(part=part), OPERATOR)
        self._ready.extend(self._board.deliveries(self._now))

    def _carry_out(self, command: Command) -> None:  # noqa: C901 - a flat table
        match command:
            case c.AskSlot():
                self._line.ask(command, self._now)
            case c.ReturnSlot():
                self._line.give_back(command)
            case c.StartJob():
                self._start(command)
            case c.KillJob(part=part, attempt=attempt):
                self._kill(part, attempt)
            case c.ArmTimer(timer=armed):
                self._appointments.arm(armed)
            case c.DropTimer(timer=timer):
                self._appointments.drop(timer)
            case c.WatchFile():
                self._watch(command)
            case c.OpenWait(wait=wait):
                self._board.open(wait)
                self._answer_wait(wait)
            case c.StopWaiting(part=part, attempt=attempt):
                self._board.close(part, attempt)
                self._voting.close(part)
            case c.OpenDialog():
                self._open(command)
            case c.PublishEvent(event=event):
                self._board.publish(event)
            case c.SendMessage(part=part, attempt=attempt):
                self._send(part, attempt)

    def _later(self, after: timedelta, item: Input | Doing) -> None:
        try:
            at = self._now + after
        except OverflowError:
            return  # beyond the year 9999 nothing happens any more
        heapq.heappush(self._agenda, (at, next(self._numbers), item))

    def _start(self, command: c.StartJob) -> None:
        part, attempt = command.part, command.attempt
        self._active.add((part, attempt))
        self._ready.append(i.AttemptBegan(part=part, attempt=attempt))
        after = self._outcomes.duration_of_job(part, attempt)
        result = self._outcomes.result(command)
        gone_after = self._outcomes.node_gone_after(
            part, attempt, begun=self._now, lasts=after, clock=self._instant
        )
        if gone_after is not None:
            silent = self._night.given.node_lost_after or NODE_LOST_AFTER
            self._gone[part, attempt] = (self._now, gone_after)
            after = min(gone_after, timedelta.max - silent) + silent
            message = f"simulated: its node was not heard of for {format_duration(silent)}"
            result = JobResult(end=JobEnd.LOST, message=message)
        self._later(after, i.AttemptAnswered(part=part, attempt=attempt, result=result))

    def _kill(self, part: PartKey, attempt: int) -> None:
        begun, gone_after = self._gone.get((part, attempt), (self._now, timedelta.max))
        if (part, attempt) in self._active and self._now - begun < gone_after:
            self._active.discard((part, attempt))
            killed = JobResult(end=JobEnd.KILLED, message="killed")
            self._ready.append(i.AttemptAnswered(part=part, attempt=attempt, result=killed))

    def _send(self, part: PartKey, attempt: int) -> None:
        self._active.add((part, attempt))
        code = self._outcomes.exit_code(part, attempt)
        error = f"simulated: exit code {code}" if code else ""
        after = self._outcomes.duration(part, attempt) or timedelta(0)
        self._later(after, i.MessageAnswered(part=part, attempt=attempt, error=error))

    def _watch(self, command: c.WatchFile) -> None:
        after = self._outcomes.duration(command.part, command.attempt)
        if after is not None:
            before, seen = looks_of(command)
            self._ready.append(before)
            self._later(after, seen)

    def _answer_wait(self, wait: EventWait | EndWait) -> None:
        after = self._outcomes.duration(wait.part, wait.attempt)
        if after is not None and (isinstance(wait, EventWait) or wait.network is not None):
            self._later(after, lambda: self._arrive(wait))

    def _arrive(self, wait: EventWait | EndWait) -> None:
        if isinstance(wait, EventWait):
            self._board.publish(event_for(wait, self._outcomes, self._now))
        elif wait.network is not None:
            end = end_for(wait, wait.network, self._outcomes, self._now)
            self._board.add_ends((end,))

    def _open(self, command: c.OpenDialog) -> None:
        part, attempt = command.part, command.attempt
        after = self._outcomes.duration(part, attempt)

        def answer() -> None:
            record = self._tracker.parts.get(part)
            is_open = record is not None and record.state is State.PROMPTING
            if is_open and record is not None and record.attempt == attempt:
                self._voting.open(command)

        self._later(USUAL if after is None else after, answer)

    def _instant(self, clock: ClockTime) -> datetime:
        zone = ZoneInfo(self._night.zone)
        return instant_at(self._night.operating_day, clock, zone=zone).instant

    def _giving(self, given: GivenOrder) -> Doing:
        def give() -> None:
            try:
                order, by = self._orders.take(given, self._tracker, self._instant)
            except RequestUnfit as unfit:
                self._warnings.append(f"{given}: {unfit}")
            else:
                self._order(order, by)

        return give

    def _order(self, order: Order, by: OperatorName) -> None:
        key = f"{RUN}:order:{next(self._numbers)}"
        self._ready.append(i.OrderGiven(order=order, by=by, key=key, reason="simulated"))
