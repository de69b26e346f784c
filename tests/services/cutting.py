"""Cuts a play off at a write to its journal, and goes on from what is left: with fakes."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from jobnet.calendars import compile_calendar
from jobnet.definition import Bundle
from jobnet.ids import OperatorName, RunId
from jobnet.project import bundle, read_file, select_network
from jobnet.services.answers import read_answers
from jobnet.services.play import Play, World, play
from jobnet.services.reruns import Past, read_past

from tests.services.playing import START, Ended, NoThreads, Stage


class PowerCut(Exception):
    """The process is gone."""


@dataclass
class CutLines:
    """A journal in memory whose process dies at its n-th write, before or after it is kept."""

    writes_max: int
    keeps_last: bool
    batches: list[list[str]] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        return [line for batch in self.batches for line in batch]

    def keep(self, lines: Sequence[str]) -> None:
        is_last = len(self.batches) == self.writes_max
        if not is_last or self.keeps_last:
            self.batches.append(list(lines))
        if is_last:
            raise PowerCut


def pinned_of(stage: Stage) -> Bundle:
    reading = read_file(stage.folder / "night.yml")
    return bundle(reading, select_network(reading, None))


def past_of(stage: Stage, lines: Sequence[str]) -> Past:
    made = pinned_of(stage)
    calendars = {
        name: compile_calendar(each, parents=made.calendars)
        for name, each in made.calendars.items()
    }
    return read_past("r-1", made, calendars, [f"{line}\n" for line in lines])


def cut_off(stage: Stage, write: int, *, keeps_last: bool) -> bool:
    """Play until the process dies; tell whether it did, or the run had ended before."""
    journal = CutLines(write, keeps_last)
    stage.journal = journal  # type: ignore[assignment]
    try:
        stage.play()
    except PowerCut:
        return True
    return False


def go_on(first: Stage, second: Stage) -> Ended:
    """Continue the run of the first stage on the second, by what its spools say."""
    second.runner.orphans = first.runner.ended
    _give_lines(second, first.journal.lines)
    made = pinned_of(first)
    past = past_of(first, first.journal.lines)
    if past.tracker.last_at is not None and past.tracker.last_at > second.clock.now():
        second.clock.jump(past.tracker.last_at)
    request = Play(
        run=RunId("r-1"),
        bundle=made,
        calendars=past.tracker.layout.calendars,
        operator=OperatorName(second.operator),
        operating_day=START.date(),
        start=START,
        zone="UTC",
        answers=read_answers(second.answers, made),
        cut_off=past,
    )
    world = World(
        clock=second.clock,
        runner=second.runner,
        files=second.looks,
        messenger=second.post,
        journal=second.journal,
        history=second.memory,
        pieces=second.pieces,
        desk=second.desk,
        threads=NoThreads(second.clock),
    )
    return Ended(play(request, world, second.inbox))


def _give_lines(stage: Stage, lines: Sequence[str]) -> None:
    if isinstance(stage.journal, CutLines):
        stage.journal.batches = [list(lines)]
    else:
        stage.journal.lines = list(lines)
