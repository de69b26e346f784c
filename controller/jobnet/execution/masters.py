"""Finds the processes that hold SSH connections which jobs have in common.

A job that ends, or is ended, leaves them: another job may be at work through the same connection.
They end by themselves a minute after the last one, and with the runner.
"""

import os
from collections.abc import Iterable
from typing import Final

from jobnet.execution.processes import descendants, program_of

SHARED_SOCKETS: Final = ".cp"  # a folder beside those of the runs, of which none begins with a dot


def without_masters(pids: Iterable[int]) -> list[int]:
    """Return the processes but for the masters of shared connections and what is below them."""
    given = list(pids)
    kept = set(masters(given))
    kept |= {below for master in list(kept) for below in descendants(master)}
    return [pid for pid in given if pid not in kept]


def masters(pids: Iterable[int]) -> list[int]:
    """Return those of the processes that are ssh and wait for jobs at a shared socket."""
    return [pid for pid in pids if _is_master(pid)]


def _is_master(pid: int) -> bool:
    title = program_of(pid).rstrip()
    shown = title.startswith("ssh: ") and title.endswith("[mux]")
    if not shown or f"/{SHARED_SOCKETS}/" not in title:
        return False
    try:
        return os.readlink(f"/proc/{pid}/exe").endswith("/ssh")  # noqa: PTH115 - a magic link
    except OSError:
        return False
