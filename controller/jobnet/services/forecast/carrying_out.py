"""Carries out what the engine commands: jobs that end after their expected time, waits, timers.

Every job ends normally. A wait for the world outside ends only if somebody gave its duration; what
other runs of the forecast bring about comes by itself.
"""

from datetime import timedelta

from jobnet.engine import Tracker
from jobnet.engine import commands as c
from jobnet.engine import inputs as i
from jobnet.engine.commands import AskSlot, Command
from jobnet.engine.inputs import Input
from jobnet.engine.keys import id_of
from jobnet.engine.results import JobEnd, JobResult
from jobnet.engine.standing import flow_of, record_of
from jobnet.engine.timers import ArmedTimer
from jobnet.engine.waits import EndWait, EventWait
from jobnet.ids import NetworkName, PartKey
from jobnet.project.scenarios import Given
from jobnet.services.forecast.agenda import Agenda
from jobnet.services.forecast.course import Cause
from jobnet.services.forecast.expected_times import ExpectedTimes, Rate
from jobnet.services.forecast.run_at_work import RunAtWork
from jobnet.services.forecast.shared_board import SharedBoard
from jobnet.services.forecast.shared_line import Asker, SharedLine, asker_name, asker_of
from jobnet.services.forecast.shared_things import SharedThings
from jobnet.services.simulation.arrivals import end_for, event_for, looks_of
from jobnet.services.simulation.outcomes import Outcomes

_NORMALLY = Outcomes(Given(), {})


class CarryingOut:
    """What all runs of a forecast have carried out in the same way."""

    def __init__(
        self,
        agenda: Agenda,
        line: SharedLine,
        board: SharedBoard,
        *,
        things: SharedThings,
        times: ExpectedTimes,
        rate: Rate,
    ) -> None:
        self._agenda, self._line, self._board = agenda, line, board
        self._things, self._times, self._rate = things, times, rate

    def do(self, run: RunAtWork, command: Command) -> None:  # noqa: C901, PLR0915 - a flat table
        """Carry out one command of a run."""
        match command:
            case c.AskSlot():
                self._line.ask(self._asker(run, command))
            case c.ReturnSlot(part=part, attempt=attempt):
                self._line.give_back(asker_name(run.name, part, attempt), self._agenda.now)
            case c.StartJob():
                self._agenda.give(run, i.AttemptBegan(part=command.part, attempt=command.attempt))
                lasts = self._times.of_job(command.network, id_of(command.part), self._rate)
                self.end_later(run, command, lasts)
            case c.KillJob(part=part, attempt=attempt):
                self._kill(run, part, attempt)
            case c.ArmTimer(timer=armed):
                self._arm(run, armed)
            case c.DropTimer(timer=timer):
                run.armed.pop(timer, None)
            case c.WatchFile():
                self._watch(run, command)
            case c.OpenWait(wait=wait):
                self._board.open(run.name, wait)
                self._answer_wait(run, wait)
            case c.StopWaiting(part=part, attempt=attempt):
                self._board.close(run.name, part, attempt)
            case c.PublishEvent(event=event):
                sender = event.sender.removeprefix(f"{run.name}/")
                self._board.publish(event, Cause(run=run.name, part=sender))
            case c.SendMessage(part=part, attempt=attempt):
                given = i.MessageAnswered(part=part, attempt=attempt)
                self._agenda.later(timedelta(0), lambda: self._agenda.give(run, given))
            case c.OpenDialog():
                pass  # nobody assumes that somebody answers

    def hold(self, run: RunAtWork, command: AskSlot) -> None:
        """Let an attempt hold what it was granted before the clock began."""
        self._line.hold(self._asker(run, command))

    def end_later(self, run: RunAtWork, command: c.StartJob, after: timedelta) -> None:
        """Let a job end normally after some time, unless it is killed before."""
        attempt = (command.part, command.attempt)
        run.active.add(attempt)
        result = _NORMALLY.result(command)
        given = i.AttemptAnswered(part=command.part, attempt=command.attempt, result=result)

        def end() -> None:
            if attempt in run.active:
                run.active.discard(attempt)
                self._agenda.give(run, given)

        self._agenda.later(after, end)

    def left(self, run: RunAtWork, command: c.StartJob) -> timedelta:
        """Return how long a job goes on that has begun before the clock."""
        started = record_of(run.tracker, command.part).started or self._agenda.now
        elapsed = max(timedelta(0), self._agenda.now - started)
        part = id_of(command.part)
        return self._times.left(command.network, part, self._rate, elapsed=elapsed)

    def _asker(self, run: RunAtWork, command: AskSlot) -> Asker:
        things = self._things.of_attempt(command.placement, command.network, main=run.network)
        return asker_of(run.name, run.network, command, things, self._agenda.now)

    def _kill(self, run: RunAtWork, part: PartKey, attempt: int) -> None:
        if (part, attempt) in run.active:
            run.active.discard((part, attempt))
            killed = JobResult(end=JobEnd.KILLED, message="killed")
            given = i.AttemptAnswered(part=part, attempt=attempt, result=killed)
            self._agenda.give(run, given)

    def _arm(self, run: RunAtWork, armed: ArmedTimer) -> None:
        def fire(number: int) -> None:
            if run.is_armed(armed.timer, number):
                self._agenda.give(run, i.TimerFired(timer=armed.timer, due=armed.due))

        run.armed[armed.timer] = self._agenda.timer_at(armed.due, fire)

    def _watch(self, run: RunAtWork, command: c.WatchFile) -> None:
        after = self._given(run.tracker, command.part)
        if after is not None:
            before, seen = looks_of(command)
            self._agenda.give(run, before)
            self._later(run, after, seen)

    def _answer_wait(self, run: RunAtWork, wait: EventWait | EndWait) -> None:
        after = self._given(run.tracker, wait.part)
        if after is None:
            return
        if isinstance(wait, EventWait):
            self._agenda.later(after, lambda: self._send(wait))
        elif wait.network is not None:
            network = wait.network
            self._agenda.later(after, lambda: self._end(wait, network))

    def _send(self, wait: EventWait) -> None:
        self._board.publish(event_for(wait, _NORMALLY, self._agenda.now), None)

    def _end(self, wait: EndWait, network: NetworkName) -> None:
        self._board.add_ends((end_for(wait, network, _NORMALLY, self._agenda.now),))

    def _given(self, tracker: Tracker, part: PartKey) -> timedelta | None:
        network = flow_of(tracker, record_of(tracker, part).flow).network
        return self._times.of_wait(network, id_of(part))

    def _later(self, run: RunAtWork, after: timedelta, given: Input) -> None:
        self._agenda.later(after, lambda: self._agenda.give(run, given))
