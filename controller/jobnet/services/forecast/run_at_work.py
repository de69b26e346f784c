"""Holds one run of a forecast: its tracker, its timers, its jobs under way, its course."""

from datetime import datetime

from jobnet.engine import Tracker, step
from jobnet.engine.commands import Command
from jobnet.engine.facts import Fact
from jobnet.engine.inputs import GoOn, Input, StartRun
from jobnet.engine.timers import Timer
from jobnet.errors.engine import AnswerRefused, OrderRefused
from jobnet.ids import NetworkName, OperatorName, PartKey, RunId
from jobnet.services.forecast.asked import PlannedStart
from jobnet.services.forecast.course import Course
from jobnet.services.forecast.course_log import CourseLog
from jobnet.services.simulation.endless import endless_waits

OPERATOR = OperatorName("forecast")
INPUTS_MAX = 50_000
"""So much may reach one run; then it goes round in circles and is left alone."""


class RunAtWork:
    """One run; ``planned`` None: it had begun before the clock of the forecast."""

    def __init__(
        self,
        name: str,
        tracker: Tracker,
        *,
        zero: datetime,
        planned: PlannedStart | None = None,
    ) -> None:
        """Begin with a tracker that is empty, or that of a run that is open."""
        self.name, self.tracker, self.planned, self.zero = name, tracker, planned, zero
        self.log = CourseLog(name, zero)
        self.active: set[tuple[PartKey, int]] = set()
        self.armed: dict[Timer, int] = {}
        self.missed_at: datetime | None = None
        self._taken = 0

    @property
    def network(self) -> NetworkName:
        """Return the network that it executes."""
        return self.tracker.layout.bundle.main

    @property
    def has_begun(self) -> bool:
        """Return whether it waits no more for its network."""
        return self.tracker.run is not None

    @property
    def is_over(self) -> bool:
        """Return whether it has ended, or will never begin."""
        run = self.tracker.run
        return self.missed_at is not None or (run is not None and run.ended is not None)

    @property
    def ended(self) -> datetime | None:
        """Return when it ended."""
        return self.missed_at if self.tracker.run is None else self.tracker.run.ended

    @property
    def is_cut(self) -> bool:
        """Return whether too much has reached it."""
        return self._taken >= INPUTS_MAX

    def first_input(self) -> StartRun:
        """Return what begins it."""
        planned = self.planned
        assert planned is not None, "a run that has begun is not begun again"
        return StartRun(
            run=RunId(self.name),
            by=OPERATOR,
            operating_day=planned.operating_day,
            planned_start=planned.start,
            zone=planned.zone,
            params=planned.params,
        )

    def take(self, given: Input, now: datetime) -> tuple[list[Fact], list[Command]]:
        """Let the engine take an input; return what it decided, nothing where that is refused."""
        each = given
        facts: list[Fact] = []
        commands: list[Command] = []
        if self.is_cut:
            return facts, commands
        self._taken += 1
        while True:
            try:
                decision = step(self.tracker, each, now)
            except (OrderRefused, AnswerRefused):
                return facts, commands
            self.tracker = decision.tracker
            facts += decision.facts
            commands += decision.commands
            if decision.is_complete:
                break
            each = GoOn()
        self.log.take(facts, self.tracker, now)
        return facts, commands

    def is_armed(self, timer: Timer, number: int) -> bool:
        """Return whether a timer is still the one of a number; it is over then."""
        if self.armed.get(timer) != number:
            return False
        del self.armed[timer]
        return True

    def course(self) -> Course:
        """Return how it went, when nothing is left that could happen."""
        if self.missed_at is not None:
            return self.log.missed(self.missed_at)
        return self.log.course(self.tracker, endless=self._endless())

    def _endless(self) -> tuple[str, ...]:
        if self.is_over:
            return ()
        if not self.has_begun:
            return ("it waits for ever until its network may execute once more",)
        if self.is_cut:
            return (f"it was left alone after {INPUTS_MAX:,} inputs",)
        return tuple(endless_waits(self.tracker))
