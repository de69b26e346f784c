"""Shows a run as a live tree and asks questions below it; a desk with somebody at it.

A thread of its own draws and reads keys, from the latest tracker it was given: trackers
never change, so it may read them while the pump goes on.
"""

import termios
import threading
from collections import deque
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.live import Live

from jobnet.cli.asking import Asking
from jobnet.cli.keyboard import Keyboard
from jobnet.cli.tree import Scene, TreeLine, draw, draw_end
from jobnet.cli.tree_lines import tree_lines
from jobnet.cli.wording import shown, shown_lines
from jobnet.engine.states import State
from jobnet.engine.tracker import Tracker
from jobnet.ids import PartKey
from jobnet.ports.clock import Clock
from jobnet.ports.desk import Note, NoteKind, Question, Reply

FRAME_SECONDS = 0.2
OUTPUT_LINES_MAX = 1000

UsualTimes = tuple[timedelta | None, Mapping[PartKey, timedelta]]
Usual = Callable[[Tracker], UsualTimes]
"""Returns how long the run and its parts usually take."""


class Screen:
    """The live tree of one run. Use as a context; ``close`` leaves the whole tree behind."""

    def __init__(
        self,
        console: Console,
        *,
        clock: Clock,
        zone: ZoneInfo,
        title: str,
        keys: int,
        usual: Usual,
        shows_output: bool,
        gone: Callable[[], None],
    ) -> None:
        self._console, self._clock, self._zone = console, clock, zone
        self._title, self._keys = title, keys
        self._usual, self._shows_output, self._gone = usual, shows_output, gone
        self._tracker: Tracker | None = None
        self._drawn: tuple[Tracker, tuple[TreeLine, ...], UsualTimes] | None = None
        self._began = clock.real_seconds()
        self._progress: dict[PartKey, str] = {}
        self._news: deque[str] = deque(maxlen=3)
        self._output: SimpleQueue[str] = SimpleQueue()
        self._asked: dict[str, tuple[Asking, Callable[[Reply], None]]] = {}
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobnet-screen", daemon=True)

    @property
    def is_attended(self) -> bool:
        """Whether somebody can answer a question here."""
        return self._thread.is_alive()

    def open(self) -> None:
        """Begin to draw."""
        self._thread.start()

    def close(self) -> None:
        """Stop drawing, leave the whole tree behind and give the terminal back."""
        self._is_over.set()
        self._thread.join(timeout=10)
        if self._tracker is not None:
            with suppress(OSError):
                self._console.print(draw_end(self._scene(self._tracker)), soft_wrap=True)

    def show(self, tracker: Tracker, now: datetime, changed: Collection[PartKey]) -> None:
        """Draw this tracker from now on."""
        self._tracker = tracker

    def note(self, note: Note) -> None:
        """Show a note where it belongs: beside its part, below the tree, or above it."""
        match note.kind:
            case NoteKind.PROGRESS if note.part is not None:
                self._progress[note.part] = shown(note.text)
            case NoteKind.OUTPUT:
                if self._shows_output:
                    for line in shown_lines(note.text)[-OUTPUT_LINES_MAX:]:
                        self._output.put(f"{shown(note.part or '')} | {line}")
            case _:
                self._news.append(note.text)

    def ask(self, question: Question, answer: Callable[[Reply], None]) -> None:
        """Ask below the tree, one question after the other, in the order of their coming."""
        with self._lock:
            self._asked.pop(question.key, None)
            self._asked[question.key] = (Asking(question), answer)

    def withdraw(self, key: str) -> None:
        """Take a question back."""
        with self._lock:
            self._asked.pop(key, None)

    def _run(self) -> None:
        """Draw until the run is over. Without a screen nobody can answer, so the run ends."""
        try:
            self._draw()
        except (OSError, EOFError, termios.error):
            self._gone()

    def _draw(self) -> None:
        with (
            Keyboard(self._keys) as keyboard,
            Live(console=self._console, auto_refresh=False, transient=True) as live,
        ):
            while not self._is_over.is_set():
                for key in keyboard.read(FRAME_SECONDS):
                    self._typed(key)
                self._print_output(live)
                if self._tracker is not None:
                    size = self._console.size
                    scene = self._scene(self._tracker)
                    live.update(draw(scene, width=size.width, height=size.height), refresh=True)
            self._print_output(live)

    def _typed(self, key: str) -> None:
        with self._lock:
            asked = self._first_asked()
            reply = None if asked is None else asked[0].key(key)
            if asked is None or reply is None:
                return
            del self._asked[reply.key]
        asked[1](reply)

    def _first_asked(self) -> tuple[Asking, Callable[[Reply], None]] | None:
        """Return the question whose turn it is; one about stopping comes before all others."""
        urgent = [key for key in self._asked if not key.startswith("dialog:")]
        first = next(iter(urgent or self._asked), None)
        return None if first is None else self._asked[first]

    def _print_output(self, live: Live) -> None:
        lines: list[str] = []
        while len(lines) < OUTPUT_LINES_MAX:
            try:
                lines.append(self._output.get_nowait())
            except Empty:
                break
        if lines:
            live.console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)

    def _scene(self, tracker: Tracker) -> Scene:
        if self._drawn is None or self._drawn[0] is not tracker:
            self._drawn = (tracker, tree_lines(tracker), self._usual(tracker))
        _, lines, (usual, usual_of_parts) = self._drawn
        with self._lock:
            asked = self._first_asked()
        return Scene(
            title=self._title,
            lines=lines,
            state=State.FIXED if tracker.run is None else tracker.run.state,
            now=self._clock.now(),
            zone=self._zone,
            elapsed=timedelta(seconds=self._clock.real_seconds() - self._began),
            usual=usual,
            usual_of_parts=usual_of_parts,
            progress=dict(self._progress),
            news=list(self._news),
            asking=None if asked is None else asked[0],
            is_unicode=(self._console.encoding or "").lower().startswith("utf"),
        )
