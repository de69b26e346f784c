"""Starts and kills the unit jobs of a run, and knows which of them are still there."""

from collections.abc import Callable

from jobnet.definition import NOWHERE, Bundle, Position, walk
from jobnet.engine.commands import KillJob, StartJob
from jobnet.engine.inputs import AttemptAnswered, AttemptBegan, Input
from jobnet.engine.keys import id_of
from jobnet.ids import NetworkName, PartId, PartKey, RunId
from jobnet.ports.desk import Desk, Note, NoteKind
from jobnet.ports.jobs import (
    JobBegan,
    JobOrder,
    JobOutput,
    JobOver,
    JobProgress,
    JobReport,
    JobRunner,
)
from jobnet.services.inbox import Inbox
from jobnet.services.job_orders import job_order


class Jobs:
    """The unit jobs of one run."""

    def __init__(
        self, *, bundle: Bundle, run: RunId, runner: JobRunner, desk: Desk, inbox: Inbox
    ) -> None:
        self._bundle, self._run = bundle, run
        self._runner, self._desk, self._inbox = runner, desk, inbox
        self._positions: dict[tuple[NetworkName, PartId], Position] = {}
        self.active: set[tuple[PartKey, int]] = set()

    def start(self, command: StartJob) -> None:
        """Hand an attempt to the runner; started twice it runs once."""
        key = (command.part, command.attempt)
        if key not in self.active:
            self.active.add(key)
            order = self._order(command)
            self._runner.start(order, self._inbox.put)

    def adopt(
        self, command: StartJob, *, has_begun: bool, seen: Callable[[JobReport], JobReport]
    ) -> None:
        """Take over an attempt that a process before this one has handed to its runner.

        ``seen`` makes of each of its reports the one that the run gets.
        """
        self.active.add((command.part, command.attempt))
        order = self._order(command)
        self._runner.adopt(order, lambda report: self._inbox.put(seen(report)), has_begun=has_begun)

    def _order(self, command: StartJob) -> JobOrder:
        if not self._positions:
            self._positions = {
                (name, part.id): part.position
                for name, network in self._bundle.networks.items()
                for part in walk(network.flow)
            }
        position = self._positions.get((command.network, id_of(command.part)), NOWHERE)
        written_at = f"{position.file}:{position.line}" if position.file else ""
        return job_order(command, run=self._run, bundle=self._bundle, written_at=written_at)

    def kill(self, command: KillJob) -> None:
        """Ask an attempt to end."""
        if (command.part, command.attempt) in self.active:
            self._runner.kill(run=self._run, part=command.part, attempt=command.attempt)

    def reported(self, report: JobReport) -> Input | None:
        """Return what a report means to the engine; the rest is for people."""
        part, attempt = report.part, report.attempt
        match report:
            case JobBegan():
                return AttemptBegan(part=part, attempt=attempt)
            case JobOver(result=result):
                self.active.discard((part, attempt))
                return AttemptAnswered(part=part, attempt=attempt, result=result)
            case JobOutput(text=text):
                self._desk.note(Note(kind=NoteKind.OUTPUT, text=text, part=part))
            case JobProgress():
                self._desk.note(Note(kind=NoteKind.PROGRESS, text=_progress(report), part=part))
        return None


def _progress(report: JobProgress) -> str:
    words = [report.task]
    if report.host is not None:
        words.append(f"{report.host}: {report.state}" if report.state else report.host)
    return ", ".join(words)
