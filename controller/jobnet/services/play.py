"""Plays one network in this process, from its first fact to its last letter.

What only shows or only helps (history, letters of notification documents) never changes how
a run ends; what must not be lost (the journal) stops it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from jobnet.calendars import Calendar
from jobnet.definition import Bundle, Notification
from jobnet.engine import Tracker, begin
from jobnet.engine.facts import Fact
from jobnet.engine.inputs import GoOn, OrderGiven, StartRun
from jobnet.engine.orders import Answer, Comment, Order
from jobnet.ids import OperatorName, RunId
from jobnet.ports.clock import Clock
from jobnet.ports.desk import Desk
from jobnet.ports.files import FileLooker
from jobnet.ports.jobs import JobRunner
from jobnet.ports.journals import History, JournalWriter
from jobnet.ports.messages import Messenger
from jobnet.ports.pieces import RunPieces
from jobnet.ports.warmth import Warmer, Warmth
from jobnet.services.answers import GivenAnswers
from jobnet.services.appointments import Appointments
from jobnet.services.board import Board
from jobnet.services.dialogs import Dialogs
from jobnet.services.durations import Durations
from jobnet.services.expected_jobs import first_expected
from jobnet.services.file_waits import FileWaits
from jobnet.services.hands import Hands
from jobnet.services.inbox import Inbox
from jobnet.services.jobs import Jobs
from jobnet.services.letters import Letters
from jobnet.services.line import Line
from jobnet.services.notifications import addressed, letter_text, occasions
from jobnet.services.pump import Pump
from jobnet.services.reruns import Again, Past
from jobnet.services.stops import Stops
from jobnet.services.takeover import take_over

LETTERS_SECONDS_MAX = 60.0
JOBS_MAX = 8
CUT_OFF = "its play was cut off before its end, and goes on"


class Aside(Protocol):
    """Runs short work on other threads."""

    def aside(self, work: Callable[[], None]) -> None:
        """Start the work and return."""

    def join(self, *, seconds_max: float) -> bool:
        """Wait for all work; tell whether all of it has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that a run needs from outside, by its port; ``warmer`` only makes it faster."""

    clock: Clock
    runner: JobRunner
    files: FileLooker
    messenger: Messenger
    journal: JournalWriter
    history: History
    pieces: RunPieces
    desk: Desk
    threads: Aside
    jobs_max: int = JOBS_MAX
    warmer: Warmer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """One run as it was asked for; params are complete and of their declared types.

    ``listeners`` are the notification documents that are told without being named; ``again`` is
    given for a run that has ended and goes on, in the same journal, ``cut_off`` for one whose
    play was cut off before its end.
    """

    run: RunId
    bundle: Bundle
    calendars: Mapping[str, Calendar]
    operator: OperatorName
    operating_day: date
    start: datetime
    zone: str
    params: Mapping[str, object] = field(default_factory=dict)
    answers: GivenAnswers = field(default_factory=dict)
    assumed_exit_codes: Mapping[str, int] = field(default_factory=dict)
    listeners: tuple[Notification, ...] = ()
    fast_forward: bool = False
    check: bool = False
    diff: bool = False
    again: Again | None = None
    cut_off: Past | None = None

    @property
    def past(self) -> Past | None:
        """What is known of the run from before this process, if it goes on with one."""
        return self.cut_off if self.again is None else self.again.past


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """How it ended; ``stop_reason`` says why somebody or something stopped it, if so."""

    tracker: Tracker
    stop_reason: str
    took: timedelta
    warmth: Warmth = field(default_factory=Warmth)


def play(request: Play, world: World, inbox: Inbox) -> Played:
    """Run the network to its end; no process of it is left when this returns or raises."""
    began = world.clock.real_seconds()
    durations = Durations(world.history, request.bundle.main, jumps=request.fast_forward)
    with _closing(world):
        _expect(request.bundle, world.warmer)
        player = _Player(request, world, inbox, durations)
        tracker = player.run()
    took = timedelta(seconds=world.clock.real_seconds() - began)
    if not request.check:
        durations.learn(tracker, took)
    warmth = Warmth() if world.warmer is None else world.warmer.warmth()
    return Played(tracker=tracker, stop_reason=player.stops.reason, took=took, warmth=warmth)


def _expect(bundle: Bundle, warmer: Warmer | None) -> None:
    """Have Ansible loaded while the run begins, if it has jobs that may start warm."""
    job = first_expected(bundle)
    if warmer is not None and job is not None:
        warmer.expect(project_root=job.project_root, environment=job.environment)


@contextmanager
def _closing(world: World) -> Iterator[None]:
    try:
        yield
    finally:
        world.runner.close()


def _board(request: Play) -> Board:
    """Return a board that knows what the rounds before have sent and ended."""
    board = Board()
    if request.past is not None:
        board.add_ends(request.past.ends)
        for event in request.past.events:
            board.publish(event)
    return board


class _Player:
    """Wires one run together."""

    def __init__(self, request: Play, world: World, inbox: Inbox, durations: Durations) -> None:
        self._request, self._world, self._inbox = request, world, inbox
        self._durations = durations
        self._orders = 0
        tracker = begin(request.bundle, request.calendars)
        self._order_prefix = f"{request.run}:order"
        if request.past is not None:
            tracker = request.past.tracker
            self._order_prefix = f"{request.run}:{tracker.facts}:order"
        desk = world.desk
        self._letters = Letters(
            notifications=request.bundle.notifications,
            details=self._details,
            messenger=world.messenger,
            pieces=world.pieces,
            desk=desk,
            inbox=inbox,
            aside=world.threads.aside,
            is_check=request.check,
        )
        self.stops = Stops(desk=desk, give_order=self._give, replied=inbox.put)
        self._hands = self._make_hands(Appointments())
        self._pump = Pump(
            tracker,
            clock=world.clock,
            journal=world.journal,
            desk=desk,
            inbox=inbox,
            hands=self._hands,
            stops=self.stops,
            told=self._tell,
            jumps=request.fast_forward or request.check,
        )

    def run(self) -> Tracker:
        """Start the run and pump until it is over, then send the last letters."""
        self._begin()
        try:
            tracker = self._pump.run()
        finally:
            self._hands.file_waits.close_all()
        self._letters.send_digests()
        self._world.threads.join(seconds_max=LETTERS_SECONDS_MAX)
        return tracker

    def _begin(self) -> None:
        request = self._request
        if request.again is not None:
            if request.again.note:
                self._give(Comment(text=request.again.note), "")
            self._give(request.again.order, request.again.reason)
            self.stops.is_operated = request.again.order.held
            return
        if request.cut_off is not None:
            self._take_over(request.cut_off)
            return
        start = StartRun(
            run=request.run,
            by=request.operator,
            operating_day=request.operating_day,
            planned_start=request.start,
            zone=request.zone,
            params=request.params,
            check=request.check,
            diff=request.diff,
            usual_seconds=self._durations.usual_seconds(request.bundle.networks.values()),
            assumed_exit_codes=request.assumed_exit_codes,
        )
        self._inbox.put(start)

    def _take_over(self, past: Past) -> None:
        """Go on where the journal ends; it says so first."""
        self._give(Comment(text=past.note or CUT_OFF), "jobnet play --continue")
        self._inbox.put(GoOn())
        for message in past.digests:
            self._letters.collect(message)
        take_over(past.tracker, self._hands, self._world.clock.now())

    def _make_hands(self, appointments: Appointments) -> Hands:
        request, world = self._request, self._world
        return Hands(
            appointments=appointments,
            jobs=Jobs(
                bundle=request.bundle,
                run=request.run,
                runner=world.runner,
                desk=world.desk,
                inbox=self._inbox,
            ),
            line=Line(request.bundle, jobs_max=world.jobs_max),
            file_waits=FileWaits(
                bundle=request.bundle,
                run=request.run,
                clock=world.clock,
                inbox=self._inbox,
                files=world.files,
                runner=world.runner,
                pieces=world.pieces,
                aside=world.threads.aside,
                appointments=appointments,
                is_hurried=request.fast_forward,
            ),
            dialogs=Dialogs(
                desk=world.desk,
                given=request.answers,
                is_check=request.check,
                answer=self._answer,
                operator=request.operator,
                replied=self._inbox.put,
            ),
            letters=self._letters,
            board=_board(request),
            inbox=self._inbox,
            give_order=self._give,
            kill=self.stops.kill,
            is_operated=lambda: self.stops.is_operated,
            is_check=request.check,
        )

    def _give(self, order: Order, reason: str) -> None:
        self._put(order, reason=reason, by=self._request.operator)

    def _answer(self, answer: Answer, by: OperatorName) -> None:
        self._put(answer, reason="", by=by)

    def _put(self, order: Order, *, reason: str, by: OperatorName) -> None:
        self._orders += 1
        key = f"{self._order_prefix}:{self._orders}"
        self._inbox.put(OrderGiven(order=order, by=by, key=key, reason=reason))

    def _details(self) -> Mapping[str, object]:
        request = self._request
        return {
            "network": request.bundle.main,
            "run": request.run,
            "operating_day": request.operating_day.isoformat(),
        }

    def _tell(self, fact: Fact, tracker: Tracker) -> None:
        """Send what the notification documents ask for."""
        network = self._request.bundle.network
        for occasion in occasions(fact, tracker):
            to = addressed(self._request.listeners, occasion, folder=network.folder)
            if to:
                care = network.care
                text = letter_text(
                    occasion, tracker, owner=care.owner or "", runbook=care.runbook or ""
                )
                subject = f"[jobnet] {occasion.text}"
                self._letters.tell(to, subject=subject, text=text, part=occasion.part)
