"""Reads how long things took on this machine, without making or changing anything.

Where there is no history, or no home at all, nothing is known.
"""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import platformdirs

from jobnet.ids import NetworkName
from jobnet.machine.history import HistoryFile

HISTORY_NAME = "history.sqlite3"


class KnownDurations:
    """The history of a state home, for reading only."""

    def __init__(self, configured: str) -> None:
        """Find the home: the configured one, else the user's."""
        self._file = _file(configured)

    def usual(self, network: NetworkName, part: str) -> timedelta | None:
        """Return the median, or None where nothing is known or may be read."""
        try:
            return None if self._file is None else self._file.usual(network, part)
        except OSError:
            return None

    def remember(self, network: NetworkName, durations: Sequence[tuple[str, timedelta]]) -> None:
        """Do nothing: what was only simulated says nothing of how long it takes."""


def _file(configured: str) -> HistoryFile | None:
    try:
        home = (
            Path(configured).expanduser()
            if configured
            else Path(platformdirs.user_state_dir("jobnet", appauthor=False))
        )
    except RuntimeError:  # there is no home, and nobody knows of one
        return None
    return HistoryFile(home / HISTORY_NAME)
