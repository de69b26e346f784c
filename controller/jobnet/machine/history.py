"""Remembers in a small SQLite file how long networks and parts usually take.

It only feeds estimates, so nothing here stops a run: a file that is broken, locked for long
or not writable knows nothing and remembers nothing.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from statistics import median

from jobnet.ids import NetworkName

REMEMBERED = 50

_TABLE = """
CREATE TABLE IF NOT EXISTS duration (
  position INTEGER PRIMARY KEY, network TEXT NOT NULL, part TEXT NOT NULL, seconds REAL NOT NULL
) STRICT
"""
_INDEX = "CREATE INDEX IF NOT EXISTS ix_duration ON duration (network, part, position)"
_ADD = "INSERT INTO duration (network, part, seconds) VALUES (?, ?, ?)"
_LATEST = (
    "SELECT seconds FROM duration WHERE network = ? AND part = ? ORDER BY position DESC LIMIT ?"
)
_FORGET = """
DELETE FROM duration WHERE network = :network AND part = :part AND position NOT IN (
  SELECT position FROM duration WHERE network = :network AND part = :part
  ORDER BY position DESC LIMIT :kept
)
"""


class HistoryFile:
    """Durations of the latest ``REMEMBERED`` normal ends per network and part."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def usual(self, network: NetworkName, part: str) -> timedelta | None:
        """Return the median, or None where nothing is known."""
        if not self._path.exists():
            return None
        try:
            with closing(self._open()) as file:
                rows = file.execute(_LATEST, (network, part, REMEMBERED)).fetchall()
        except sqlite3.Error:
            return None
        return timedelta(seconds=median(row[0] for row in rows)) if rows else None

    def remember(self, network: NetworkName, durations: Sequence[tuple[str, timedelta]]) -> None:
        """Add durations and forget what is older than the latest ``REMEMBERED``."""
        try:
            with closing(self._open()) as file, file:
                for part, duration in durations:
                    file.execute(_ADD, (network, part, duration.total_seconds()))
                    keys = {"network": network, "part": part, "kept": REMEMBERED}
                    file.execute(_FORGET, keys)
        except sqlite3.Error:
            return

    def _open(self) -> sqlite3.Connection:
        file = sqlite3.connect(self._path, timeout=2.0)
        file.execute(_TABLE)
        file.execute(_INDEX)
        return file
