"""The world around one run, out of a seed: queues, jobs, files, events, operators' habits.

It keeps what the controller's process knows (timers, who stands in line, open waits), which a
death loses, apart from what goes on without it (jobs, sent messages).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import assert_never

from jobnet.definition import Bundle, Overlap
from jobnet.engine import (
    Candidate,
    Limits,
    NetworkRule,
    Tracker,
    admit,
    deadlocks_in,
    match,
    open_executions,
)
from jobnet.engine import commands as c
from jobnet.engine import inputs as i
from jobnet.engine.orders import Answer
from jobnet.engine.results import HostResult, HostState, JobEnd, JobResult
from jobnet.engine.timers import Timer
from jobnet.engine.waits import (
    EndWait,
    ExecutionEnd,
    FileLook,
    OpenExecution,
    Outlook,
    SentEvent,
    Wait,
)
from jobnet.ids import HostName, NetworkName, OperatorName, PartKey, RunId

Attempt = tuple[PartKey, int]
Arrivals = Iterable[i.Input]
HOSTS = (HostName("ap"), HostName("db"))
OPERATORS = tuple(map(OperatorName, ("ann", "bob", "cy")))
LOOKS_MAX = 12
DURATIONS = (0, 1, 5, 40, 200, 4000)


@dataclass(kw_only=True)
class Job:
    """A process somewhere: it goes on whether its controller lives or not."""

    is_message: bool
    is_over: bool = False
    is_killed: bool = False


@dataclass(order=True)
class _Appointment:
    at: datetime
    number: int
    make: Callable[[], Arrivals] = field(compare=False)


class World:
    """Does what the engine commands, and tells what comes of it."""

    def __init__(self, random: Random, bundle: Bundle, now: datetime) -> None:
        self.random = random
        self.now = now
        self.offset = timedelta(0)
        self.limits = limits_of(bundle)
        self.jobs: dict[Attempt, Job] = {}
        self.events: list[SentEvent] = []
        self.ends: list[ExecutionEnd] = []
        self.others: dict[str, OpenExecution] = {}
        self.holding: dict[Attempt, Candidate] = {}
        self._numbers = count()
        self._outside: list[_Appointment] = []
        self.forget()

    def forget(self) -> None:
        """Lose what only the controller's process knew."""
        self.timers: dict[Timer, datetime] = {}
        self.asking: dict[Attempt, Candidate] = {}
        self.waits: dict[Attempt, Wait] = {}
        self.watches: dict[Attempt, c.WatchFile] = {}
        self.dialogs: dict[Attempt, c.OpenDialog] = {}
        self.told: dict[Attempt, i.Input] = {}
        self.own: list[_Appointment] = []

    @property
    def wall(self) -> datetime:
        """The clock on the wall, which may jump."""
        return self.now + self.offset

    def chance(self, percent: int) -> bool:
        """Return true in so many cases of a hundred."""
        return self.random.randint(1, 100) <= percent

    def soon(self, make: Callable[[], Arrivals], *, seconds: float, survives: bool) -> None:
        """Let something arrive after a while; what survives is not lost with the controller."""
        at = self.now + timedelta(seconds=seconds)
        heappush(
            self._outside if survives else self.own, _Appointment(at, next(self._numbers), make)
        )

    def later(self, given: i.Input, seconds: float, *, survives: bool = True) -> None:
        """Let an input arrive after a while."""
        self.soon(lambda: (given,), seconds=seconds, survives=survives)

    def next(self) -> tuple[i.Input, ...] | None:
        """Let time pass until something arrives, and return it; None when nothing ever will."""
        due = [(at, str(timer), timer) for timer, at in self.timers.items()]
        timer_at = min(due)[0] - self.offset if due else None
        heaps = [heap for heap in (self.own, self._outside) if heap]
        heap = min(heaps, key=lambda each: each[0]) if heaps else None
        if heap is not None and (timer_at is None or heap[0].at <= timer_at):
            appointment = heappop(heap)
            self.now = max(self.now, appointment.at)
            return tuple(appointment.make())
        if timer_at is None:
            return None
        self.now = max(self.now, timer_at)
        at, _, timer = min(due)
        del self.timers[timer]
        return (i.TimerFired(timer=timer, due=at),)

    def do(self, command: c.Command) -> None:  # noqa: C901, PLR0912 - a line per command
        """Carry out one command; carrying it out twice is harmless."""
        match command:
            case c.AskSlot():
                self._ask(command)
            case c.ReturnSlot(part=part, attempt=attempt):
                self.asking.pop((part, attempt), None)
                self.holding.pop((part, attempt), None)
            case c.StartJob(part=part, attempt=attempt):
                self._start((part, attempt))
            case c.KillJob(part=part, attempt=attempt):
                self._kill((part, attempt))
            case c.ArmTimer(timer=armed):
                self.timers[armed.timer] = armed.due
            case c.DropTimer(timer=timer):
                self.timers.pop(timer, None)
            case c.WatchFile(part=part, attempt=attempt):
                self.watches[part, attempt] = command
                self._look_in((part, attempt), 0, LOOKS_MAX)
            case c.OpenWait(wait=wait):
                self._open(wait)
            case c.StopWaiting(part=part, attempt=attempt):
                for kept in (self.waits, self.watches, self.dialogs):
                    kept.pop((part, attempt), None)
            case c.OpenDialog(part=part, attempt=attempt):
                self._ask_operators(command)
            case c.PublishEvent():
                pass  # written together with its fact
            case c.SendMessage(part=part, attempt=attempt):
                self._send((part, attempt))
            case _:
                assert_never(command)

    def executions(self, tracker: Tracker) -> tuple[OpenExecution, ...]:
        """Return what has not ended, of this run and of others."""
        return (*open_executions(tracker), *self.others.values())

    def hand_on(self, tracker: Tracker) -> None:
        """Let those start who may, and match what waits with what is there."""
        verdict = admit(tuple(self.asking.values()), tuple(self.holding.values()), self.limits)
        names = {candidate.id: key for key, candidate in self.asking.items()}
        for name in verdict.granted:
            part, attempt = key = names[name]
            self.holding[key] = self.asking.pop(key)
            self.later(i.SlotGranted(part=part, attempt=attempt), self._pause(), survives=False)
        for name in verdict.refused:
            part, attempt = key = names[name]
            del self.asking[key]
            told = i.SlotRefused(part=part, attempt=attempt, message="it executes already")
            self.later(told, self._pause(), survives=False)
        executions = self.executions(tracker)
        for delivery in match(
            tuple(self.waits.values()), self.events, self.ends, self.wall, executions=executions
        ):
            key = (delivery.part, delivery.attempt)
            if self.told.get(key) != delivery or self.chance(5):
                self.told[key] = delivery
                self.later(delivery, self._pause(), survives=False)
        for seen in deadlocks_in(tracker, self.ends, self.executions(tracker)):
            self.later(seen, self._pause(), survives=False)

    def restart(self, tracker: Tracker, holding: dict[Attempt, Candidate]) -> None:
        """Begin anew beside jobs that went on; those that nobody knows are lost."""
        self.forget()
        self.holding = holding
        for record in tracker.parts.values():
            job = self.jobs.get((record.key, record.attempt))
            if record.is_live and job is not None and job.is_over:
                self._report((record.key, record.attempt), lost(), 1)

    def confirm_dead(self, key: Attempt) -> None:
        """Let somebody find out that a silent job is no more."""
        self._report(key, JobResult(end=JobEnd.KILLED, message="found dead"), 1)

    def _pause(self) -> float:
        return self.random.choice((0, 0, 0, 2))

    def _ask(self, command: c.AskSlot) -> None:
        key = (command.part, command.attempt)
        if key not in self.holding:
            before = self.asking.get(key)
            since = self.now if before is None else before.asked_at
            self.asking[key] = candidate_of(command, since)

    def _start(self, key: Attempt) -> None:
        if key in self.jobs:
            return
        self.jobs[key] = Job(is_message=False)
        duration = self.random.choice(DURATIONS)
        part, attempt = key
        for _ in range(self.random.choice((0, 1, 1, 1, 2))):
            began = i.AttemptBegan(part=part, attempt=attempt)
            self.later(began, self.random.choice((0, 1, duration + 2)))
        if self.chance(4):
            return  # silent: an operator has to find out
        self._report(key, self._result(), duration)
        if self.chance(15):
            self._report(key, self._result(), duration + self.random.choice((0, 7, 100)))

    def _report(self, key: Attempt, result: JobResult, seconds: float) -> None:
        part, attempt = key

        def over() -> Arrivals:
            job = self.jobs.setdefault(key, Job(is_message=False))
            job.is_over = True
            if job.is_message:
                return (i.MessageAnswered(part=part, attempt=attempt, error=result.message),)
            return (i.AttemptAnswered(part=part, attempt=attempt, result=result),)

        self.soon(over, seconds=seconds, survives=True)

    def _result(self) -> JobResult:
        fate = self.random.randint(1, 100)
        if fate <= 4:
            return JobResult(end=JobEnd.FAILED_TO_START, message="no host matched all")
        if fate <= 8:
            return JobResult(end=JobEnd.KILLED)
        if fate <= 13:
            return lost()
        exit_code = self.random.choice((0, 0, 0, 0, 1, 2, 7))
        states = (HostState.OK, HostState.FAILED if exit_code else HostState.CHANGED)
        hosts = {host: HostResult(state=state) for host, state in zip(HOSTS, states, strict=True)}
        outputs = {"rows": exit_code, "log": "x" * (70_000 if self.chance(3) else 3)}
        return JobResult(
            end=JobEnd.ENDED,
            is_normal=exit_code == 0,
            exit_code=exit_code,
            hosts=hosts,
            outputs=outputs,
        )

    def _kill(self, key: Attempt) -> None:
        job = self.jobs.get(key)
        if job is None or job.is_over or job.is_killed:
            return
        job.is_killed = True
        if self.chance(85):
            self._report(key, JobResult(end=JobEnd.KILLED), self.random.choice((0, 10)))

    def _send(self, key: Attempt) -> None:
        if key in self.jobs:
            return
        self.jobs[key] = Job(is_message=True)
        message = "" if self.chance(80) else "mailbox unavailable"
        result = JobResult(end=JobEnd.ENDED, message=message)
        for _ in range(self.random.choice((1, 1, 2))):
            self._report(key, result, self.random.choice((0, 3)))

    def _look_in(self, key: Attempt, seconds: float, left: int) -> None:
        def look() -> Arrivals:
            if key not in self.watches or left == 0:
                return ()
            self._look_in(key, self.random.choice((5, 60)), left - 1)
            looks = {host: self._look() for host in HOSTS}
            return (i.FilesSeen(part=key[0], attempt=key[1], looks=looks),)

        self.soon(look, seconds=seconds, survives=False)

    def _look(self) -> FileLook:
        if self.chance(15):
            return FileLook(error="unreachable")
        if self.chance(50):
            return FileLook()
        return FileLook(exists=True, size=self.random.randint(0, 2), inode=1)

    def _open(self, wait: Wait) -> None:
        self.waits[wait.part, wait.attempt] = wait
        if isinstance(wait, EndWait) and wait.network is not None:
            network = wait.network
            for _ in range(self.random.choice((0, 1, 2))):
                other = self._other(network, wait)
                if self.chance(50):
                    self.others[other.execution] = other
                self.soon(
                    lambda other=other: self._ended_elsewhere(other, wait),  # type: ignore[misc]
                    seconds=self.random.choice((0, 50, 3000)),
                    survives=True,
                )

    def _other(self, network: NetworkName, wait: EndWait) -> OpenExecution:
        name = f"other-{self.random.randint(1, 3)}"
        return OpenExecution(
            network=network,
            execution=name,
            run=RunId(name),
            outlook=self.random.choice((Outlook.RUNNING, Outlook.PLANNED)),
            operating_day=wait.operating_day,
            planned_start=wait.planned_start,
        )

    def _ended_elsewhere(self, other: OpenExecution, wait: EndWait) -> Arrivals:
        self.others.pop(other.execution, None)
        state = self.random.choice(("normal", "abnormal", "missed"))
        end = ExecutionEnd(
            network=other.network,
            execution=other.execution,
            part=wait.awaited_part,
            run=other.run,
            state=state,
            is_fine_or_warning=state == "normal",
            operating_day=wait.operating_day,
            planned_start=wait.planned_start,
            ended_at=self.wall,
        )
        self.ends.append(end)
        return ()

    def _ask_operators(self, command: c.OpenDialog) -> None:
        self.dialogs[command.part, command.attempt] = command
        if self.chance(70):
            for _ in range(2):
                choice = self.random.choice((*command.dialog.choices, "nonsense"))
                order = Answer(part=command.part, choice=choice)
                by = self.random.choice(OPERATORS)
                key = f"answer-{next(self._numbers)}"
                given = i.OrderGiven(order=order, by=by, key=key)
                self.later(given, self.random.choice((1, 90, 4000)))


def candidate_of(command: c.AskSlot, now: datetime) -> Candidate:
    """Return how a request stands in line."""
    name = f"{command.part}:{command.attempt}"
    return Candidate(id=name, asked_at=now, placement=command.placement, network=command.network)


def limits_of(bundle: Bundle) -> Limits:
    """Return what there is for the parts of a bundle."""
    rules = {
        name: NetworkRule(limit=network.limit, overlap=network.overlap)
        for name, network in bundle.networks.items()
        if network.limit is not None or network.overlap is not Overlap.QUEUE
    }
    return Limits(queues=bundle.queues, networks=rules)


def lost() -> JobResult:
    """Return the result of a job of which nobody knows how it ended."""
    return JobResult(end=JobEnd.LOST, message="its node is gone")
