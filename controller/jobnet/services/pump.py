"""Moves one run on: takes inputs in order, steps, keeps the facts, then carries out commands.

One thread owns the tracker. Facts are on the disk before anything acts on them; where they
cannot be kept the run stops. The pump is over when the run has ended and nothing of it is
active any more, late losers included.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from queue import Empty

from jobnet.engine import Tracker, ends_of, step
from jobnet.engine.clocks import jump_text
from jobnet.engine.commands import Command
from jobnet.engine.facts import ClockDoubted, Fact, VoteCast
from jobnet.engine.inputs import GoOn, Input, MessageAnswered, OrderGiven, TimerFired
from jobnet.engine.names import zone_of
from jobnet.engine.orders import Answer
from jobnet.engine.timers import ArmedTimer
from jobnet.errors.engine import AnswerRefused, OrderRefused
from jobnet.ids import PartKey
from jobnet.ports.clock import Clock
from jobnet.ports.desk import Desk, Note, NoteKind, Reply
from jobnet.ports.jobs import JobBegan, JobOutput, JobOver, JobProgress
from jobnet.ports.journals import JournalWriter
from jobnet.services.clock_watch import LOOK_AGAIN, ClockWatch
from jobnet.services.fast_forward import holds_clock
from jobnet.services.hands import Hands
from jobnet.services.inbox import Asked, Inbox, Item, LookHint, LookMade, LooksDue, LooksMade, Urged
from jobnet.services.journal import fact_to_line
from jobnet.services.stalls import stall_of
from jobnet.services.stops import Stops

BATCH_MAX = 100


class Pump:
    """The pump of one run; ``told`` is called for every fact once it has been kept."""

    def __init__(  # noqa: PLR0913 - the ends of all pipes
        self,
        tracker: Tracker,
        *,
        clock: Clock,
        journal: JournalWriter,
        desk: Desk,
        inbox: Inbox,
        hands: Hands,
        stops: Stops,
        told: Callable[[Fact, Tracker], None],
        jumps: bool,
    ) -> None:
        self.tracker = tracker
        self._clock, self._journal, self._desk = clock, journal, desk
        self._inbox, self._hands, self._stops = inbox, hands, stops
        self._told, self._jumps = told, jumps
        self._facts: list[Fact] = []
        self._commands: list[Command] = []
        self._answers: list[tuple[Asked, str]] = []
        self._position = tracker.facts
        self._watch = ClockWatch(clock)

    def run(self) -> Tracker:
        """Go on until the run is over, and return its last tracker.

        What is there at first comes first: a run that had ended is opened again by it.
        """
        if not self._inbox.empty():
            self._take_batch(self._inbox.get_nowait())
            self._flush()
        while not self._is_over():
            first = self._next()
            if first is not None:
                self._take_batch(first)
                self._flush()
        return self.tracker

    def _is_over(self) -> bool:
        run = self.tracker.run
        if run is None or run.ended is None:
            return False
        return not self._hands.jobs.active and not self._hands.letters.under_way

    def _now(self) -> datetime:
        now = self._clock.now()
        last = self.tracker.last_at
        return now if last is None or now > last else last

    def _take_batch(self, first: Item) -> None:
        item: Item | None = first
        for _ in range(BATCH_MAX):
            if item is None:
                return
            self._take(item)
            try:
                item = self._inbox.get_nowait()
            except Empty:
                return
        if item is not None:
            self._take(item)

    def _next(self) -> Item | None:
        """Return what comes next: what has arrived, else what is due, else wait for either."""
        try:
            return self._inbox.get_nowait()
        except Empty:
            pass
        doubt = self._watch.news(self.tracker)
        if doubt is not None:
            return doubt
        appointments = self._hands.appointments
        appointment = appointments.take_due(self._now())
        if isinstance(appointment, ArmedTimer):
            return TimerFired(timer=appointment.timer, due=appointment.due)
        if appointment is not None:
            return appointment
        if self._is_clock_doubted():
            due = appointments.next_due()
            again = self._clock.now() + LOOK_AGAIN
            return self._clock.wait(self._inbox, again if due is None else min(due, again))
        self._stall_or_jump()
        return self._clock.wait(self._inbox, appointments.next_due())

    def _is_clock_doubted(self) -> bool:
        run = self.tracker.run
        return run is not None and bool(run.clock_jump_seconds)

    def _stall_or_jump(self) -> None:
        work = self._hands.work()
        if holds_clock(work) or self._stops.is_asking or not self._inbox.empty():
            return
        appointments = self._hands.appointments
        if not appointments.has_waking() and not len(self._hands.file_waits):
            self._stops.stalled(stall_of(self.tracker), goes_on=self._hands.is_check)
            return
        due = appointments.next_timer_due()
        if self._jumps and due is not None and due > self._clock.now():
            self._clock.jump(due)
            local = due.astimezone(zone_of(self.tracker))
            self._desk.note(Note(kind=NoteKind.CLOCK, text=f"the clock jumps to {local:%F %T %Z}"))

    def _take(self, item: Item) -> None:  # noqa: C901 - a flat table
        match item:
            case LookHint() | LooksDue():
                self._hands.file_waits.look(item, self._now())
            case LookMade() | LooksMade():
                for seen in self._hands.file_waits.looked(item, self._now()):
                    self._step(seen)
            case JobBegan() | JobOutput() | JobProgress() | JobOver():
                answer = self._hands.jobs.reported(item)
                if answer is not None:
                    self._step(answer)
            case Reply():
                if not self._hands.dialogs.replied(item):
                    self._stops.answered(item)
            case Urged(urge=urge):
                self._stops.urged(urge)
            case Asked():
                self._asked(item)
            case MessageAnswered():
                self._hands.letters.answered(item)
                self._step(item)
            case _:
                self._step(item)

    def _asked(self, item: Asked) -> None:
        """Take an order of a second terminal; who gave it hears when its facts are kept."""
        refusal = ""
        if item.given is not None:
            try:
                self._decide(item.given)
                self._stops.is_operated = True
            except (OrderRefused, AnswerRefused) as error:
                refusal = str(error)
        self._answers.append((item, refusal))

    def _step(self, first: Input) -> None:
        """Let the engine decide; what it refuses is said."""
        try:
            self._decide(first)
        except (OrderRefused, AnswerRefused) as refusal:
            self._refused(first, refusal)

    def _decide(self, first: Input) -> None:
        """Step as often as the engine's bound of facts in one step asks for."""
        now = self._now()
        each: Input = first
        while True:
            decision = step(self.tracker, each, now)
            self.tracker = decision.tracker
            self._facts.extend(decision.facts)
            self._commands.extend(decision.commands)
            if decision.is_complete:
                return
            each = GoOn()

    def _refused(self, given: Input, refusal: OrderRefused | AnswerRefused) -> None:
        """Say it; an answer that was refused is asked for again, or ends the run."""
        self._desk.note(Note(kind=NoteKind.WARNING, text=str(refusal)))
        if isinstance(given, OrderGiven) and isinstance(given.order, Answer):
            if self._desk.is_attended:
                self._hands.dialogs.ask_again(given.order.part)
            else:
                self._stops.kill(str(refusal))

    def _flush(self) -> None:
        """Keep the facts, tell them, and only then do what follows from them."""
        facts, self._facts = self._facts, []
        commands, self._commands = self._commands, []
        if facts:
            self._keep(facts)
            self._stops.moved_on()
        now = self._now()
        self._hands.board.add_ends(end for fact in facts for end in ends_of(self.tracker, fact))
        self._hands.carry_out(commands, now, self.tracker)
        for fact in facts:
            self._told(fact, self.tracker)
            if isinstance(fact, ClockDoubted):
                self._desk.note(Note(kind=NoteKind.WARNING, text=jump_text(fact.seconds)))
            if isinstance(fact, VoteCast):
                self._hands.dialogs.vote_cast(fact.part)
        self._desk.show(self.tracker, now, _parts_of(facts))
        answers, self._answers = self._answers, []
        for item, refusal in answers:
            item.answered(self.tracker, now, refusal)

    def _keep(self, facts: Sequence[Fact]) -> None:
        lines = [
            fact_to_line(fact, position=self._position + number)
            for number, fact in enumerate(facts, start=1)
        ]
        self._journal.keep(lines)
        self._position += len(facts)


def _parts_of(facts: Sequence[Fact]) -> Collection[PartKey]:
    """Return the parts that facts are about, each once, in the order of the facts."""
    named = (getattr(fact, "part", None) for fact in facts)
    return dict.fromkeys(PartKey(part) for part in named if part is not None)
