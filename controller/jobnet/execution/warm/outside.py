"""Names what the pool of warm servers touches outside of itself, so that tests can give others."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import psutil

from jobnet.execution.prepare import PreparedJob
from jobnet.execution.supervisor_process import SupervisorProcess
from jobnet.execution.warm.server_handle import WarmServer

_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")


class Kept(Protocol):
    """What the pool has to know of a server; ``WarmServer`` is one."""

    jobs: int
    started_at: float
    used_at: float

    @property
    def pid(self) -> int:
        """Its process."""

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked at all."""

    def supervise(
        self, prepared: PreparedJob, *, ticks: int, is_leashed: bool
    ) -> SupervisorProcess:
        """Have a supervisor forked."""

    def await_ready(self) -> None:
        """Wait until it has loaded everything."""

    def close(self) -> None:
        """Let it end."""


def _memory_of(pid: int) -> int:
    """Return the resident memory of a process in bytes; 0 if it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES
    except (OSError, IndexError):
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What the pool touches outside of itself; tests give others."""

    start: Callable[[Mapping[str, str], str, Path], Kept] = lambda environment, root, log: (
        WarmServer(environment, project_root=root, log=log)
    )
    seconds: Callable[[], float] = time.monotonic
    memory_of: Callable[[int], int] = _memory_of
    memory_free: Callable[[], int] = lambda: int(psutil.virtual_memory().available)
