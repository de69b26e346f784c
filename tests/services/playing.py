"""Plays a network of a few lines with fakes on a virtual clock, and tells what came of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from textwrap import dedent

from jobnet.calendars import compile_calendar
from jobnet.engine import Tracker
from jobnet.engine.states import State
from jobnet.engine.waits import FileLook
from jobnet.errors.play import JournalNotWritten, MessageNotSent
from jobnet.ids import NetworkName, OperatorName, PartKey, RunId
from jobnet.ports.desk import Reply
from jobnet.ports.messages import Attachment, Letter
from jobnet.project import bundle, convert_params, read_file, select_network
from jobnet.services.answers import read_answers
from jobnet.services.inbox import Inbox
from jobnet.services.notifications import listeners_of
from jobnet.services.play import Play, Played, World, play
from jobnet.testing import FakeDesk, FakeRunner, Script, VirtualClock

START = datetime(2026, 5, 29, 12, tzinfo=UTC)


class Lines:
    """A journal in memory; ``full_at`` lets it refuse from that line on."""

    def __init__(self, full_at: int | None = None) -> None:
        self.lines: list[str] = []
        self.full_at = full_at

    def keep(self, lines: Sequence[str]) -> None:
        if self.full_at is not None and len(self.lines) + len(lines) > self.full_at:
            raise JournalNotWritten("journal.jsonl", problem="No space left on device")
        self.lines.extend(lines)


class Looks:
    """Files by path: each is a function of the clock's instant."""

    def __init__(
        self, clock: VirtualClock, files: Mapping[str, Callable[[datetime], FileLook]]
    ) -> None:
        self._clock, self._files = clock, files
        self.looked: list[datetime] = []
        self.changed: dict[str, Callable[[], None]] = {}

    def look(self, path: str) -> FileLook:
        self.looked.append(self._clock.now())
        return self._files[path](self._clock.now())

    def watch(self, path: str, changed: Callable[[], None]) -> Callable[[], None]:
        self.changed[path] = changed
        return lambda: self.changed.pop(path, None) and None


class Post:
    """Keeps letters; those to ``refused`` addresses are not sent."""

    def __init__(self, refused: Sequence[str] = ()) -> None:
        self.letters: list[Letter] = []
        self._refused = refused

    def send(self, letter: Letter) -> None:
        if letter.to.target in self._refused:
            raise MessageNotSent(letter.to.target, problem="the server said no.")
        self.letters.append(letter)


class NoPieces:
    """Pieces of which ``known`` paths are artifacts."""

    def __init__(self, known: Sequence[str] = ()) -> None:
        self._known = known
        self.discarded: list[str] = []

    def attachment(self, path: str) -> Attachment | str:
        if path in self._known:
            return Attachment(name=Path(path).name, path=path)
        return f"{path!r} is no artifact of this run"

    def discard(self, folder: str) -> None:
        self.discarded.append(folder)


class Memory:
    """A history in memory."""

    def __init__(self) -> None:
        self.durations: dict[tuple[str, str], list[timedelta]] = {}

    def usual(self, network: NetworkName, part: str) -> timedelta | None:
        known = self.durations.get((network, part))
        return known[-1] if known else None

    def remember(self, network: NetworkName, durations: Sequence[tuple[str, timedelta]]) -> None:
        for part, duration in durations:
            self.durations.setdefault((network, part), []).append(duration)


class NoThreads:
    """Runs work at the next turn of the clock, in the one thread that there is."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock

    def aside(self, work: Callable[[], None]) -> None:
        self._clock.call_later(0, work)

    def join(self, *, seconds_max: float) -> bool:
        inbox: Inbox = Inbox()
        self._clock.wait(inbox, self._clock.now())
        return True


@dataclass
class Stage:
    """A network and the fakes around it; ``play`` lets it happen."""

    text: str
    folder: Path
    scripts: Mapping[str, Sequence[Script] | Script] = field(default_factory=dict)
    replies: Mapping[str, Reply] = field(default_factory=dict)
    answers: Sequence[str] = ()
    params: Mapping[str, object] = field(default_factory=dict)
    files: Mapping[str, Callable[[datetime], FileLook]] = field(default_factory=dict)
    refused: Sequence[str] = ()
    artifacts: Sequence[str] = ()
    attended: bool = False
    fast_forward: bool = False
    zone: str = "UTC"
    check: bool = False
    operator: str = "ann"

    def __post_init__(self) -> None:
        self.clock = VirtualClock(START)
        self.desk = FakeDesk(self.clock.call_later, self.replies, is_attended=self.attended)
        self.runner = FakeRunner(self.clock.call_later, self.clock.now, self.scripts)
        self.journal = Lines()
        self.post = Post(self.refused)
        self.looks = Looks(self.clock, self.files)
        self.pieces = NoPieces(self.artifacts)
        self.memory = Memory()
        self.inbox: Inbox = Inbox()

    def at(self, seconds: float, call: Callable[[], None]) -> None:
        """Do something when the clock has come so far."""
        self.clock.call_later(seconds, call)

    def play(self) -> "Ended":
        path = self.folder / "night.yml"
        path.write_text(dedent(self.text))
        reading = read_file(path)
        pinned = bundle(reading, select_network(reading, None))
        request = Play(
            run=RunId("r-1"),
            bundle=pinned,
            calendars={
                name: compile_calendar(each, parents=pinned.calendars)
                for name, each in pinned.calendars.items()
            },
            operator=OperatorName(self.operator),
            operating_day=date(2026, 5, 29),
            start=START,
            zone=self.zone,
            params=convert_params(pinned.network, dict(self.params)),
            answers=read_answers(self.answers, pinned),
            listeners=listeners_of(reading, pinned.network.folder),
            fast_forward=self.fast_forward,
            check=self.check,
        )
        world = World(
            clock=self.clock,
            runner=self.runner,
            files=self.looks,
            messenger=self.post,
            journal=self.journal,
            history=self.memory,
            pieces=self.pieces,
            desk=self.desk,
            threads=NoThreads(self.clock),
        )
        return Ended(play(request, world, self.inbox))


@dataclass
class Ended:
    """How it ended, in the words of a test."""

    played: Played

    @property
    def tracker(self) -> Tracker:
        return self.played.tracker

    @property
    def state(self) -> State:
        assert self.tracker.run is not None
        return self.tracker.run.state

    def part(self, key: str) -> State:
        record = self.tracker.parts.get(key)
        return State.FIXED if record is None else record.state

    def message(self, key: str) -> str:
        record = self.tracker.parts.get(key)
        return "" if record is None else record.message

    def lasted(self) -> float:
        run = self.tracker.run
        assert run is not None
        assert run.ended is not None
        return (run.ended - run.started).total_seconds()


__all__ = ["START", "Ended", "FakeDesk", "PartKey", "Reply", "Script", "Stage"]
