"""Writes ansible-runner's events as JSON lines, bounded, and takes out what may leak.

ansible-runner's stats event carries ``set_stats`` data of ``no_log`` tasks, and a censored
result of ansible-core 2.19 still has its exception and warnings: they go.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jobnet.execution.bounds import EVENTS_BYTES_MAX, EVENTS_MAX
from jobnet.execution.output import is_disk_full

_LEAKS = ("artifact_data",)


class EventFile:
    """The events of one attempt; after its bounds are reached it takes no more."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb", buffering=0)
        path.chmod(0o600)
        self._left = EVENTS_BYTES_MAX
        self.count = 0
        self.is_disk_full = False

    @property
    def is_full(self) -> bool:
        """Whether further events are left out."""
        return self.count >= EVENTS_MAX or self._left <= 0 or self.is_disk_full

    def add(self, event: Mapping[str, object]) -> bool:
        """Write an event; always False, which tells ansible-runner not to keep it as well."""
        if self.is_full or event.get("event") == "EOF":
            return False
        line = json.dumps(_without_leaks(event), default=str).encode() + b"\n"
        self.count += 1
        self._left -= len(line)
        if self._left > 0:
            self._put(line)
        return False

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _put(self, line: bytes) -> None:
        try:
            while line:
                line = line[self._file.write(line) or 0 :]
        except OSError as error:
            if not is_disk_full(error):
                raise
            self.is_disk_full = True


def _without_leaks(event: Mapping[str, object]) -> dict[str, Any]:
    kept: dict[str, Any] = {key: value for key, value in event.items() if key != "stdout"}
    data = event.get("event_data")
    if isinstance(data, dict):
        kept["event_data"] = {key: value for key, value in data.items() if key not in _LEAKS}
        result = data.get("res")
        if isinstance(result, dict) and "censored" in result:
            kept["event_data"]["res"] = {"censored": result["censored"]}
    return kept
