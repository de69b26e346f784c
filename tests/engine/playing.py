"""A scripted shell: plays a network without a machine, and checks every fact on the way.

For each fact ``evolve`` is asked once more: replay has to give the tracker that ``step`` gave,
and no part may change its state in a way that the table of moves does not know.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any

from jobnet.calendars import Calendar
from jobnet.definition import Bundle, Network, Queue
from jobnet.engine import (
    Candidate,
    Limits,
    NetworkRule,
    Tracker,
    admit,
    begin,
    deadlocks_in,
    ends_of,
    evolve,
    match,
    open_executions,
    step,
)
from jobnet.engine import commands as c
from jobnet.engine import inputs as i
from jobnet.engine.facts import Fact
from jobnet.engine.orders import Order
from jobnet.engine.results import JobEnd, JobResult
from jobnet.engine.states import MOVES, State
from jobnet.engine.timers import Timer
from jobnet.engine.waits import EndWait, EventWait, ExecutionEnd, OpenExecution, SentEvent
from jobnet.ids import OperatorName, PartKey, RunId

from tests.engine.building import DAY, NOON, bundle
from tests.engine.played import Played
from tests.engine.scripting import Does, Script

STEPS_MAX = 50_000
OPERATOR = OperatorName("ann")
SUBMITTER = OperatorName("bob")


Arrival = i.Input | SentEvent | ExecutionEnd | OpenExecution


class Shell:
    """Carries out commands by the script, on a clock that jumps from one instant to the next."""

    def __init__(
        self, pinned: Bundle, script: Script, calendars: Mapping[str, Calendar] | None = None
    ) -> None:
        self.tracker = begin(pinned, calendars or {})
        self.now = NOON
        self.facts: list[Fact] = []
        self.commands: list[c.Command] = []
        self._script = script
        self._bundle = pinned
        self._agenda: list[tuple[datetime, int, Arrival]] = []
        self._numbers = count()
        self._timers: dict[Timer, datetime] = {}
        self._waits: dict[tuple[PartKey, int], EventWait | EndWait] = {}
        self._events: list[SentEvent] = []
        self._ends: list[ExecutionEnd] = []
        self._open: dict[str, OpenExecution] = {}
        self._shown: dict[tuple[PartKey, int], i.EndDelivered] = {}
        self._asking: dict[tuple[PartKey, int], Candidate] = {}
        self._holding: dict[tuple[PartKey, int], Candidate] = {}
        self._made: dict[PartKey, int] = defaultdict(int)
        self.stop_at: datetime | None = None

    @property
    def holding(self) -> set[tuple[PartKey, int]]:
        """The attempts that hold a slot."""
        return set(self._holding)

    @property
    def asking(self) -> set[tuple[PartKey, int]]:
        """The attempts that stand in line."""
        return set(self._asking)

    def put(self, at: datetime, arrival: Arrival) -> None:
        """Let something arrive at an instant."""
        heappush(self._agenda, (at, next(self._numbers), arrival))

    def play(self) -> Played:
        """Go on until nothing is left that could happen."""
        for _ in range(STEPS_MAX):
            if not self._next():
                return Played(self.tracker, self.facts, self.commands, self.now)
        msg = f"no end after {STEPS_MAX} steps"
        raise AssertionError(msg)

    def _next(self) -> bool:
        timer = min(self._timers, key=lambda each: (self._timers[each], each.part), default=None)
        due = None if timer is None else self._timers[timer]
        coming = [at for at in (due, self._agenda[0][0] if self._agenda else None) if at]
        if self.stop_at is not None and (not coming or min(coming) > self.stop_at):
            return False
        if self._agenda and (due is None or self._agenda[0][0] <= max(due, self.now)):
            at, _, arrival = heappop(self._agenda)
            self.now = max(self.now, at)
            self._arrive(arrival)
            return True
        if timer is None or due is None:
            return False
        self.now = max(self.now, due)
        del self._timers[timer]
        self.give(i.TimerFired(timer=timer, due=due))
        return True

    def _arrive(self, arrival: Arrival) -> None:
        match arrival:
            case SentEvent():
                self._events.append(arrival)
                self._deliver()
            case ExecutionEnd():
                self._ends.append(arrival)
                if arrival.part is None:
                    self._open.pop(arrival.execution, None)
                self._deliver()
            case OpenExecution():
                self._open[arrival.execution] = arrival
                self._deliver()
            case _:
                self.give(arrival)

    def give(self, given: i.Input) -> None:
        """Let the engine take an input, and do at once what it asks for."""
        commands: list[c.Command] = []
        each = given
        while True:
            decision = step(self.tracker, each, self.now)
            self._check(decision.facts, decision.tracker)
            self.tracker = decision.tracker
            self.facts.extend(decision.facts)
            commands.extend(decision.commands)
            if decision.is_complete:
                break
            each = i.GoOn()
        self.commands.extend(commands)
        for command in commands:
            self._carry_out(command)
        self._admit()
        self._deliver()

    def _check(self, facts: Sequence[Fact], result: Tracker) -> None:
        tracker = self.tracker
        for fact in facts:
            after = evolve(tracker, fact)
            _check_moves(tracker, after, fact)
            self._ends.extend(ends_of(after, fact))
            tracker = after
        assert tracker == result, "replay gives another tracker than step"

    def _carry_out(self, command: c.Command) -> None:  # noqa: C901 - a line per command
        match command:
            case c.AskSlot(part=part, attempt=attempt):
                if (part, attempt) not in self._holding:
                    before = self._asking.get((part, attempt))
                    self._asking[part, attempt] = Candidate(
                        id=f"{part}:{attempt}",
                        asked_at=self.now if before is None else before.asked_at,
                        placement=command.placement,
                        network=command.network,
                    )
            case c.ReturnSlot(part=part, attempt=attempt):
                self._asking.pop((part, attempt), None)
                self._holding.pop((part, attempt), None)
            case c.StartJob():
                self._start(command)
            case c.KillJob():
                self._kill(command)
            case c.ArmTimer(timer=armed):
                self._timers[armed.timer] = armed.due
            case c.DropTimer(timer=timer):
                self._timers.pop(timer, None)
            case c.OpenWait(wait=wait):
                self._waits[wait.part, wait.attempt] = wait
            case c.StopWaiting(part=part, attempt=attempt):
                self._waits.pop((part, attempt), None)
            case c.PublishEvent(event=event):
                self._events.append(event)
            case c.SendMessage(part=part, attempt=attempt):
                said = self._says(part)
                self.put(
                    self.now + timedelta(seconds=said.seconds),
                    i.MessageAnswered(part=part, attempt=attempt, error=said.message),
                )
            case c.WatchFile() | c.OpenDialog():
                pass  # files and answers arrive as the test says

    def _says(self, part: PartKey) -> Does:
        said = self._script.get(part, 0)
        self._made[part] += 1
        if isinstance(said, list | tuple):
            said = said[min(self._made[part], len(said)) - 1]
        if isinstance(said, Does):
            return said
        assert isinstance(said, int), f"the script says {said!r} of {part}"
        return Does(exit_code=said)

    def _start(self, command: c.StartJob) -> None:
        said = self._says(command.part)
        if said.begins:
            self.put(self.now, i.AttemptBegan(part=command.part, attempt=command.attempt))
        if said.answers:
            answer = i.AttemptAnswered(
                part=command.part, attempt=command.attempt, result=said.result
            )
            self.put(self.now + timedelta(seconds=said.seconds), answer)

    def _kill(self, command: c.KillJob) -> None:
        said = self._script.get(command.part, 0)
        if isinstance(said, Does) and not said.dies:
            return
        killed = JobResult(end=JobEnd.KILLED, message="killed")
        answer = i.AttemptAnswered(part=command.part, attempt=command.attempt, result=killed)
        self._agenda = [
            entry
            for entry in self._agenda
            if entry[0] <= self.now or not _is_answer(entry[2], command)
        ]
        heapify(self._agenda)
        self.put(self.now, answer)

    def _admit(self) -> None:
        limits = Limits(
            queues=self._bundle.queues,
            resources={"tape": 1},
            networks={
                name: NetworkRule(limit=each.limit, overlap=each.overlap)
                for name, each in self._bundle.networks.items()
            },
        )
        verdict = admit(list(self._asking.values()), list(self._holding.values()), limits)
        for key, candidate in list(self._asking.items()):
            part, attempt = key
            if candidate.id in verdict.granted:
                self._holding[key] = self._asking.pop(key)
                self.put(self.now, i.SlotGranted(part=part, attempt=attempt))
            elif candidate.id in verdict.refused:
                del self._asking[key]
                self.put(
                    self.now, i.SlotRefused(part=part, attempt=attempt, message="it is running")
                )

    def _deliver(self) -> None:
        executions = self._executions()
        deliveries = match(
            list(self._waits.values()), self._events, self._ends, self.now, executions=executions
        )
        self._events = [each for each in self._events if each.keep_until]
        for delivery in deliveries:
            if isinstance(delivery, i.EventDelivered) or delivery.is_satisfied:
                self._waits.pop((delivery.part, delivery.attempt), None)
            elif self._shown.get((delivery.part, delivery.attempt)) == delivery:
                continue
            else:
                self._shown[delivery.part, delivery.attempt] = delivery
            self.give(delivery)
        if self.tracker.run is not None:
            for seen in deadlocks_in(self.tracker, self._ends, self._executions()):
                self.give(seen)

    def _executions(self) -> tuple[OpenExecution, ...]:
        own = () if self.tracker.run is None else open_executions(self.tracker)
        return (*own, *self._open.values())


def _is_answer(arrival: Arrival, command: c.KillJob) -> bool:
    """Return whether this is what the killed job would have said later."""
    return (
        isinstance(arrival, i.AttemptAnswered)
        and arrival.part == command.part
        and arrival.attempt == command.attempt
    )


def _check_moves(before: Tracker, after: Tracker, fact: Fact) -> None:
    for key, record in after.parts.items():
        old = before.parts.get(key)
        if old is record:
            continue
        was = State.FIXED if old is None else old.state
        if was is not record.state:
            assert record.state in MOVES[was], f"{fact}: {key} moves {was} to {record.state}"
    if before.run is not None and after.run is not None:
        was, now = before.run.state, after.run.state
        assert was is now or now in MOVES_OF_RUN[was], f"{fact}: the run moves {was} to {now}"


MOVES_OF_RUN = {**MOVES, **{state: (*MOVES[state], State.RUNNING) for state in MOVES}}
"""A run that is reopened by a rerun is RUNNING again at once."""


def play(
    main: Network,
    script: Script | None = None,
    *,
    orders_at: Mapping[float, Sequence[Order]] | None = None,
    arrivals_at: Mapping[float, Sequence[Arrival]] | None = None,
    networks: Sequence[Network] = (),
    queues: tuple[Queue, ...] = (),
    calendars: Mapping[str, Calendar] | None = None,
    **start: Any,  # noqa: ANN401 - the fields of StartRun that matter to a test
) -> Played:
    """Play a network from noon until nothing can happen any more; keys of ``_at`` are seconds.

    ``stop_at`` (seconds) leaves the run as it stands then.
    """
    shell = Shell(bundle(main, *networks, queues=queues), script or {}, calendars)
    values = {"by": SUBMITTER, "operating_day": DAY, "planned_start": NOON, "zone": "UTC", **start}
    given_by = values.pop("ordered_by", OPERATOR)
    stop_at = values.pop("stop_at", None)
    shell.stop_at = None if stop_at is None else NOON + timedelta(seconds=stop_at)
    shell.put(NOON, i.StartRun(run=RunId("r-1"), **values))
    numbers = count(1)
    for second, orders in (orders_at or {}).items():
        for order in orders:
            given = i.OrderGiven(
                order=order, by=given_by, key=f"o-{next(numbers)}", reason="a test"
            )
            shell.put(NOON + timedelta(seconds=second), given)
    for second, arrivals in (arrivals_at or {}).items():
        for arrival in arrivals:
            shell.put(NOON + timedelta(seconds=second), arrival)
    return shell.play()
