"""Keeps the few warm servers that are in use, and says why a job starts cold.

At most one server per core is kept; the one that was not used for the longest time goes. Each
has a bound on its jobs, its age and its memory, and goes when it idles. A server that
could not be used is not tried again for a while.
"""

import os
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from jobnet.execution.prepare import PreparedJob
from jobnet.execution.supervisor_process import WarmSupervisor
from jobnet.execution.warm.fingerprint import Fingerprint, fingerprint
from jobnet.execution.warm.server_handle import ServerUnusable, WarmServer

_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How many servers are kept, and for how long."""

    servers_max: int = field(default_factory=lambda: max(1, os.cpu_count() or 1))
    jobs_max: int = 5_000
    age_seconds_max: float = 24 * 3600.0
    idle_seconds_max: float = 15 * 60.0
    memory_bytes_max: int = 512 * 1024 * 1024
    cold_seconds_after_trouble: float = 300.0


class WarmPool:
    """The warm servers of one runner; closed with it."""

    def __init__(self, *, logs: Path, bounds: Bounds | None = None) -> None:
        self._logs = logs
        self._bounds = bounds or Bounds()
        self._servers: OrderedDict[Fingerprint, WarmServer] = OrderedDict()
        self._troubles: dict[Fingerprint, tuple[float, str]] = {}
        self._lock = threading.Lock()
        self._keeper: threading.Timer | None = None
        self._is_closed = False
        self.counts: Counter[str] = Counter()

    def supervise(self, prepared: PreparedJob, *, ticks: int, is_leashed: bool) -> WarmSupervisor:
        """Have the job's supervisor forked; ServerUnusable says why it must start cold."""
        key = fingerprint(prepared.environment, prepared.manifest.working_folder)
        server = self._server(key, prepared.environment, prepared.manifest.working_folder)
        try:
            return server.supervise(prepared, ticks=ticks, is_leashed=is_leashed)
        except ServerUnusable as unusable:
            self._give_up(key, server, str(unusable))
            raise

    def expect(self, environment: Mapping[str, str], project_root: str) -> None:
        """Start the server of an environment whose jobs are to come soon."""
        key = fingerprint(environment, project_root)
        try:
            self._server(key, environment, project_root)
        except ServerUnusable:
            return  # the job itself will say so

    def close(self) -> None:
        """End all servers; starts none any more."""
        with self._lock:
            self._is_closed = True
            servers = list(self._servers.values())
            self._servers.clear()
            if self._keeper is not None:
                self._keeper.cancel()
        for server in servers:
            server.close()

    def _server(
        self, key: Fingerprint, environment: Mapping[str, str], project_root: str
    ) -> WarmServer:
        retired: list[WarmServer] = []
        with self._lock:
            if self._is_closed:
                raise ServerUnusable("the runner is closing")
            at, trouble = self._troubles.get(key, (0.0, ""))
            if trouble and time.monotonic() - at < self._bounds.cold_seconds_after_trouble:
                raise ServerUnusable(trouble)
            retired += self._take_expired()
            server = self._servers.get(key)
            if server is None:
                while len(self._servers) >= self._bounds.servers_max:
                    retired.append(self._servers.popitem(last=False)[1])
                server = self._start(environment, project_root)
                self._servers[key] = server
            self._servers.move_to_end(key)
            self._keep_looking()
        for old in retired:
            old.close()
        return server

    def _start(self, environment: Mapping[str, str], project_root: str) -> WarmServer:
        self._logs.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.counts["started"] += 1
        log = self._logs / "warm-server.log"
        return WarmServer(environment, project_root=project_root, log=log)

    def _give_up(self, key: Fingerprint, server: WarmServer, trouble: str) -> None:
        with self._lock:
            if self._servers.get(key) is server:
                del self._servers[key]
                if server.is_alive:  # a server that died gets a successor, one that cannot does not
                    self._troubles[key] = (time.monotonic(), trouble)
        server.close()

    def _take_expired(self) -> list[WarmServer]:
        """Take out what has served, lived, idled or grown enough; called with the lock held."""
        now = time.monotonic()
        expired = [key for key, server in self._servers.items() if self._has_expired(server, now)]
        return [self._servers.pop(key) for key in expired]

    def _has_expired(self, server: WarmServer, now: float) -> bool:
        bounds = self._bounds
        return (
            not server.is_alive
            or server.jobs >= bounds.jobs_max
            or now - server.started_at > bounds.age_seconds_max
            or now - server.used_at > bounds.idle_seconds_max
            or _memory_of(server.pid) > bounds.memory_bytes_max
        )

    def _keep_looking(self) -> None:
        """Look again when a server may have idled enough; called with the lock held."""
        if self._keeper is not None and self._keeper.is_alive():
            return
        self._keeper = threading.Timer(self._bounds.idle_seconds_max, self._look)
        self._keeper.daemon = True
        self._keeper.start()

    def _look(self) -> None:
        with self._lock:
            self._keeper = None
            expired = self._take_expired()
            if self._servers and not self._is_closed:
                self._keep_looking()
        for server in expired:
            server.close()


def _memory_of(pid: int) -> int:
    """Return the resident memory of a process in bytes; 0 if it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES
    except (OSError, IndexError):
        return 0
