"""A whole controller on a real database, whose jobs are scripts; used by the tests of its workers.

``Office`` is what one process has; ``reopened`` makes the next one of the same folder, as after a
crash when ``is_killed``: nobody says goodbye.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

from jobnet.engine.states import State, has_ended
from jobnet.engine.waits import FileLook
from jobnet.errors.play import MessageNotSent
from jobnet.execution.kept_artifacts import SpoolArtifacts
from jobnet.execution.remains import SpoolRemains
from jobnet.ids import OperatorName, PartKey, RunId
from jobnet.machine import MachineClock, MachineFiles, MachineFolders, Pieces, Threads
from jobnet.ports.messages import Letter
from jobnet.ports.store import PartRow, RunRow, RunTurn, Store, StoredInput
from jobnet.ports.store.outputs import OutputHit, OutputPiece, OutputRange
from jobnet.services.controller.assembly import ControllerWorld, assemble
from jobnet.services.controller.clock_doubt import ClockDoubt
from jobnet.services.controller.controller import Controller
from jobnet.services.controller.events import EventWish
from jobnet.services.controller.starts import StartWish
from jobnet.services.controller.timekeeper import Timekeeper
from jobnet.storage import Place, SqlitePlace, open_store
from jobnet.testing import FakeRunner, Script

from tests.services.controller.stores import AtInstant

BOB = OperatorName("bob")
PATIENCE_SECONDS = 60.0


def wait_until(holds: Callable[[], object], what: str = "it") -> None:
    """Return when something holds; whoever never gets there fails."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < until, f"{what} never came to be"
        time.sleep(0.005)


def now() -> datetime:
    return datetime.fromtimestamp(time.clock_gettime(time.CLOCK_REALTIME), UTC)


def later(seconds: float, call: Callable[[], None]) -> None:
    """Call on another thread after some real seconds."""
    timer = threading.Timer(seconds, call)
    timer.daemon = True
    timer.start()


@dataclass
class Letters:
    """A messenger that keeps what it is given."""

    sent: list[Letter] = field(default_factory=list)
    problem: str = ""

    def send(self, letter: Letter) -> None:
        if self.problem:
            raise MessageNotSent(letter.to.target, problem=self.problem)
        self.sent.append(letter)


@dataclass
class Files:
    """The files of this machine, and how often they were looked at."""

    real: MachineFiles = field(default_factory=MachineFiles)
    looks: int = 0

    def look(self, path: str) -> FileLook:
        found = self.real.look(path)
        self.looks += 1
        return found

    def watch(self, path: str, changed: Callable[[], None]) -> Callable[[], None]:
        return self.real.watch(path, changed)


@dataclass
class Printed:
    """What jobs printed, in memory; a piece that comes twice is kept once."""

    kept: dict[tuple[RunId, PartKey, int, int], str] = field(default_factory=dict)
    problem: Exception | None = None

    def append(self, pieces: Sequence[OutputPiece]) -> None:
        if self.problem is not None:
            raise self.problem
        for piece in pieces:
            self.kept.setdefault((piece.run, piece.part, piece.attempt, piece.offset), piece.text)

    def read(
        self, run: RunId, part: PartKey, attempt: int, *, offset: int, limit: int
    ) -> OutputRange:
        wanted = (run, part, attempt)
        text = "".join(text for key, text in sorted(self.kept.items()) if key[:3] == wanted)
        begin = max(0, len(text) + offset) if offset < 0 else min(offset, len(text))
        return OutputRange(offset=begin, text=text[begin : begin + limit], total=len(text))

    def search(
        self, run: RunId, part: PartKey, attempt: int, *, text: str, limit: int
    ) -> Sequence[OutputHit]:
        printed = self.read(run, part, attempt, offset=0, limit=2**30).text
        lines = printed.splitlines(keepends=True)
        hits = (
            OutputHit(offset=sum(map(len, lines[:index])), line=index + 1, text=line.rstrip())
            for index, line in enumerate(lines)
            if text.lower() in line.lower()
        )
        return tuple(hits)[:limit]

    def size(self, run: RunId) -> int:
        return sum(len(text) for key, text in self.kept.items() if key[0] == run)

    def forget(self, run: RunId) -> None:
        self.kept = {key: text for key, text in self.kept.items() if key[0] != run}

    def close(self) -> None:
        pass


@dataclass
class Office:
    """One process."""

    folder: Path
    store: Store
    runner: FakeRunner
    letters: Letters
    files: Files
    printed: Printed
    controller: Controller

    def apply(self, text: str, name: str = "networks.yml") -> None:
        project = self.folder / "project"
        project.mkdir(exist_ok=True)
        (project / name).write_text(dedent(text), encoding="utf-8")
        self.controller.definitions.apply([project], by=BOB)

    def start(self, network: str, *, key: str = "", **wish: object) -> RunId:
        key = key or f"{network} {time.monotonic_ns()}"
        asked = StartWish(network=network, by=BOB, key=key, **wish)  # type: ignore[arg-type]
        return self.controller.starts.start(asked).run

    def take_turns(self, run: RunId) -> None:
        """Make the turns of a run here, where nobody else does."""
        while self.controller.turns.take(run).is_pending:
            pass

    def give(self, run: RunId, order: str, **fields: object) -> None:
        """Give an order and make its turn here, where nobody else does."""
        thread = threading.Thread(target=lambda: self.order(run, order, **fields))
        thread.start()
        while thread.is_alive():
            self.take_turns(run)
            thread.join(0.02)

    def send(self, name: str, **wish: object) -> str:
        """Send an event from outside; the same words are the same event."""
        asked = EventWish(name=name, by=BOB, key=f"{name} {wish}", **wish)  # type: ignore[arg-type]
        return self.controller.events.send(asked).id

    def timekeeper(
        self, *, now: Callable[[], datetime] | None = None, doubt: ClockDoubt | None = None
    ) -> Timekeeper:
        """Return one whose clocks are those of a test."""
        right = ClockDoubt(wall_seconds=lambda: 0.0, real_seconds=lambda: 0.0)
        store = self.store if now is None else AtInstant(self.store, now)
        controller = self.controller
        return Timekeeper(store, controller.bells, controller.trackers, doubt or right)

    def order(self, run: RunId, order: str, **fields: object) -> str:
        request = {"order": order, "fields": fields}
        key = f"{order} {time.monotonic_ns()}"
        return self.controller.orders.give(run, request, by=BOB, key=key, reason="a test").sentence

    def row(self, run: RunId) -> RunRow:
        found = self.store.read(lambda tx: tx.runs.find(run))
        assert found is not None
        return found

    def parts(self, run: RunId) -> Mapping[str, PartRow]:
        return {row.part: row for row in self.store.read(lambda tx: tx.runs.parts(run))}

    def state(self, run: RunId, part: str) -> State | None:
        row = self.parts(run).get(part)
        return None if row is None else row.state

    def detail(self, run: RunId, part: str) -> str:
        row = self.parts(run).get(part)
        return "" if row is None else row.detail

    def reason(self, run: RunId, part: str) -> str:
        row = self.parts(run).get(part)
        return "" if row is None else row.reason

    def inputs(self, run: RunId) -> Sequence[StoredInput]:
        """Return what is in the inbox of a run, and leave it there."""
        seen: list[StoredInput] = []

        def look(turn: RunTurn) -> None:
            seen.extend(turn.inputs)

        self.store.turn(run, look, inputs_max=1000)
        return seen

    def wait_for(self, run: RunId, part: str, *states: State) -> None:
        wait_until(lambda: self.state(run, part) in states, f"{run}/{part} {states}")

    def ended(self, run: RunId) -> RunRow:
        wait_until(lambda: has_ended(self.row(run).state), f"the end of {run}")
        return self.row(run)

    def started(self) -> Sequence[str]:
        return [f"{order.run}/{order.part}:{order.attempt}" for order in self.runner.orders]

    @property
    def swept(self) -> Mapping[str, int]:
        return self.controller.health.report().swept


@contextmanager
def office(
    folder: Path,
    scripts: Mapping[str, Script | Sequence[Script]] | None = None,
    *,
    orphans: Mapping[tuple[RunId, PartKey, int], object] | None = None,
    is_started: bool = True,
    place: Place | None = None,
    **world: object,
) -> Iterator[Office]:
    """Open a controller in a folder; its threads are gone at the end.

    ``place`` is where its database is, a file in the folder if nothing else is said. ``world``
    is what ``ControllerWorld`` may be given.
    """
    folder.mkdir(exist_ok=True)
    runner = FakeRunner(later, now, scripts)
    runner.orphans.update(orphans or {})  # type: ignore[arg-type]
    store = open_store(place or SqlitePlace(path=folder / "jobnet.sqlite3"))
    made = _furnished(folder, store, runner, world)
    try:
        if is_started:
            made.controller.start()
        yield made
    finally:
        if is_started:
            assert made.controller.stop(), "somebody did not stop"
        store.close()
    faults = made.controller.health.report()
    assert not faults.faults, faults.last_fault
    assert not faults.swept, "a sweep found what nobody had announced"


def _furnished(
    folder: Path, store: Store, runner: FakeRunner, given: Mapping[str, object]
) -> Office:
    letters, files, printed = Letters(), Files(), Printed()
    world = ControllerWorld(
        store=store,
        outputs=printed,
        runner=runner,
        clock=MachineClock(),
        files=files,
        messenger=letters,
        pieces=Pieces(folder=folder),
        threads=Threads(),
        remains=SpoolRemains(folder / "jobs"),
        artifacts=SpoolArtifacts(folder / "jobs"),
        home=folder,
        zone="UTC",
        finder=MachineFolders(),
        **given,  # type: ignore[arg-type]
    )
    return Office(
        folder=folder,
        store=store,
        runner=runner,
        letters=letters,
        files=files,
        printed=printed,
        controller=assemble(world),
    )
