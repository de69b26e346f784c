"""Reads the records of our callback plugin: what each host's tasks gave, in order.

The last line of a file that is being written, or was cut off, may be half a record: it is
left for the next look. A file without an ``end`` record was not finished.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Record = dict[str, Any]


class RecordReader:
    """Reads further in a growing file each time it is asked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._position = 0

    def new_records(self) -> Iterator[Record]:
        """Yield the records written since the last call."""
        try:
            file = self._path.open("rb")
        except FileNotFoundError:
            return
        with file:
            file.seek(self._position)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                self._position += len(line)
                record = _parsed(line)
                if record is not None:
                    yield record


def _parsed(line: bytes) -> Record | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) and isinstance(record.get("kind"), str) else None
