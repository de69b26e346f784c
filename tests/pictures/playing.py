"""Plays the network of a file with fakes on a virtual clock, so that its picture has states."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from jobnet.calendars import compile_calendar
from jobnet.engine import Tracker
from jobnet.engine.results import JobEnd, JobResult
from jobnet.engine.waits import FileLook
from jobnet.ids import OperatorName, RunId
from jobnet.ports.desk import Reply
from jobnet.project import convert_params
from jobnet.services.inbox import Inbox
from jobnet.services.play import Play, World, play
from jobnet.testing import FakeDesk, FakeRunner, Script, VirtualClock

from tests.pictures.reading import read_bundle
from tests.services.playing import Lines, Looks, Memory, NoPieces, NoThreads, Post

EVENING = datetime(2026, 5, 29, 12, 55, tzinfo=UTC)


def failing(exit_code: int, message: str = "it broke", seconds: float = 1.0) -> Script:
    """Return an attempt that ends badly."""
    result = JobResult(end=JobEnd.ENDED, exit_code=exit_code, message=message)
    return Script(seconds=seconds, result=result)


def play_file(
    path: Path,
    scripts: Mapping[str, Sequence[Script] | Script],
    *,
    replies: Mapping[str, Reply] | None = None,
    run: str = "r-1",
) -> tuple[Tracker, list[str]]:
    """Return how the run ended, and its journal."""
    pinned = read_bundle(path)
    clock = VirtualClock(EVENING)
    journal = Lines()
    there = {"/var/spool/orders.csv": lambda _now: FileLook(exists=True, size=7)}
    request = Play(
        run=RunId(run),
        bundle=pinned,
        calendars={
            name: compile_calendar(each, parents=pinned.calendars)
            for name, each in pinned.calendars.items()
        },
        operator=OperatorName("ann"),
        operating_day=date(2026, 5, 29),
        start=EVENING,
        zone="Asia/Tokyo",
        params=convert_params(pinned.network, {}),
    )
    world = World(
        clock=clock,
        runner=FakeRunner(clock.call_later, clock.now, scripts),
        files=Looks(clock, there),
        messenger=Post(),
        journal=journal,
        history=Memory(),
        pieces=NoPieces(),
        desk=FakeDesk(clock.call_later, replies or {}, is_attended=True),
        threads=NoThreads(clock),
    )
    return play(request, world, Inbox()).tracker, journal.lines
