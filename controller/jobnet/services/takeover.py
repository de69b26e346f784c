"""Gives the hands of a new process what those of one that was cut off had in theirs.

What the engine still wants follows from the tracker; how far the old process came with it is
known to the spools alone. So jobs are adopted and not started, and a message that may have been
sent is LOST. Nothing here runs anything a second time.
"""

from dataclasses import replace
from datetime import datetime

from jobnet.engine import Tracker, open_commands
from jobnet.engine.commands import Command, SendMessage, StartJob
from jobnet.engine.inputs import AttemptAnswered
from jobnet.engine.results import JobEnd, JobResult
from jobnet.engine.states import Flag, State
from jobnet.engine.tracker import PartRecord
from jobnet.ports.jobs import JobOver, JobReport
from jobnet.services.hands import Hands
from jobnet.services.under_way import handed_over, holds_slot, slot_of

NOBODY_KNOWS = "its play was cut off while the message was sent; it may have arrived"
TAKEN_ALONG = "it was ended when its play was cut off; nobody can say how far it came"


def take_over(tracker: Tracker, hands: Hands, now: datetime) -> None:
    """Hold the slots that are held, adopt what is under way, and open all waits again."""
    records = [record for _, record in sorted(tracker.parts.items())]
    for record in records:
        if holds_slot(tracker, record):
            for command in slot_of(tracker, record):
                hands.line.ask(command, record.since)
    hands.line.verdicts()  # they had been granted before: all of them fit beside each other
    for record in records:
        if record.is_live:
            _adopt(tracker, record, hands)
    hands.carry_out([each for each in open_commands(tracker) if not _is_start(each)], now, tracker)


def _is_start(command: Command) -> bool:
    return isinstance(command, StartJob | SendMessage)


def _adopt(tracker: Tracker, record: PartRecord, hands: Hands) -> None:
    for command in handed_over(tracker, record):
        match command:
            case StartJob():
                has_begun = record.state is not State.STARTING
                is_killed = Flag.KILL_REQUESTED in record.flags
                seen = _as_asked if is_killed else _as_taken_along
                hands.jobs.adopt(command, has_begun=has_begun, seen=seen)
            case SendMessage(digest=True):
                hands.letters.send(command)
            case SendMessage():
                lost = JobResult(end=JobEnd.LOST, message=NOBODY_KNOWS)
                answer = AttemptAnswered(part=record.key, attempt=record.attempt, result=lost)
                hands.inbox.put(answer)


def _as_asked(report: JobReport) -> JobReport:
    return report


def _as_taken_along(report: JobReport) -> JobReport:
    """Return the report; a job that died with its play, unasked, is as good as lost.

    It is the same as after a power cut, so ``on_lost`` decides, and no ``KILLED`` which says
    that somebody wanted it.
    """
    if isinstance(report, JobOver) and report.result.end is JobEnd.KILLED:
        lost = replace(report.result, end=JobEnd.LOST, message=TAKEN_ALONG)
        return replace(report, result=lost)
    return report
