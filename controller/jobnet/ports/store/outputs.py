"""States how what jobs print is kept: in pieces, bounded, beside the database of runs.

No transaction spans both. A piece that comes twice is kept once, so an adopted job may tell all
that it has printed from the beginning.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from jobnet.ids import PartKey, RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputPiece:
    """Some whole lines of one attempt; ``offset`` is where they begin, in characters."""

    run: RunId
    part: PartKey
    attempt: int
    offset: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputRange:
    """A piece of an attempt's output; ``total`` characters are there so far.

    ``is_cut``: more was printed than is kept.
    """

    offset: int
    text: str
    total: int
    is_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputHit:
    """A line of output that a search has found; lines count from 1."""

    offset: int
    line: int
    text: str


class OutputStore(Protocol):
    """What jobs printed."""

    def append(self, pieces: Sequence[OutputPiece]) -> None:
        """Keep pieces; what is there already is passed over, what is too much is cut visibly."""

    def read(
        self, run: RunId, part: PartKey, attempt: int, *, offset: int, limit: int
    ) -> OutputRange:
        """Return up to ``limit`` characters from ``offset``; negative counts from the end.

        Where what begins there is not kept, the range begins with what is kept next; it never
        reaches over a gap.
        """

    def search(
        self, run: RunId, part: PartKey, attempt: int, *, text: str, limit: int
    ) -> Sequence[OutputHit]:
        """Return the first lines that contain a text, whatever its case."""

    def size(self, run: RunId) -> int:
        """Return how many characters are kept of a run."""

    def forget(self, run: RunId) -> None:
        """Remove all output of a run."""

    def close(self) -> None:
        """Finish what was begun."""
