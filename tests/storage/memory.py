"""Finds room in memory for what tests store: syncing a busy disk is what they would wait for."""

import shutil
from pathlib import Path

FREE_MIN = 1024**3


def memory_folder() -> str | None:
    """Return a folder that lies in memory, None where there is none with room."""
    folder = Path("/dev/shm")  # noqa: S108 - what it holds has a folder of its own
    try:
        return str(folder) if shutil.disk_usage(folder).free >= FREE_MIN else None
    except OSError:
        return None
