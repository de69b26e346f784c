"""States how a tracker is kept beside its journal, so that it need not be replayed from the start.

A snapshot is only a shortcut: it may be missing, old or of another version of the code, and then
the journal is replayed. It is written chunk by chunk, only those that have changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from jobnet.ids import RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotRow:
    """The tracker of a run at a position; ``chunks`` are by place, ``parts/3`` or ``flows/0``.

    ``version`` names the shape of what is inside; ``head`` is all that lies in no chunk.
    """

    run: RunId
    position: int
    version: str
    head: bytes
    chunks: Mapping[str, bytes]


class SnapshotTable(Protocol):
    """The latest snapshot of each run."""

    def find(self, run: RunId) -> SnapshotRow | None:
        """Return the snapshot of a run with all of its chunks."""

    def save(self, row: SnapshotRow, *, since: int | None) -> bool:
        """Keep a snapshot.

        ``since`` is the position of the one whose other chunks it shares, None: it brings all.
        False where that is not the one that is kept: nothing was written.
        """

    def forget(self, run: RunId) -> None:
        """Remove the snapshot of a run."""
