"""Keeps the few warm servers that are in use, and says why a job starts cold.

At most one server per core is kept; the one that was not used for the longest time goes. Each
has a bound on its jobs, its age and its memory, and goes when it idles. A server that
could not be used is not tried again for a while.
"""

import os
import signal
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from jobnet.execution.prepare import PreparedJob
from jobnet.execution.supervisor_process import Ending, SupervisorProcess
from jobnet.execution.warm.canary import Canary
from jobnet.execution.warm.fingerprint import Fingerprint, fingerprint
from jobnet.execution.warm.outside import Kept, Outside
from jobnet.execution.warm.server_handle import ServerUnusable
from jobnet.ports.warmth import ColdReason

_TROUBLES_MAX: Final = 64
_KILLED: Final = (None, -signal.SIGKILL, -signal.SIGTERM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How many servers are kept, and for how long; none is started with less memory free."""

    servers_max: int = field(default_factory=lambda: max(1, os.cpu_count() or 1))
    jobs_max: int = 5_000
    age_seconds_max: float = 24 * 3600.0
    idle_seconds_max: float = 15 * 60.0
    memory_bytes_max: int = 512 * 1024 * 1024
    free_bytes_min: int = 256 * 1024 * 1024
    cold_seconds_after_trouble: float = 300.0


class WarmPool:
    """The warm servers of one runner; closed with it.

    ``canary`` is asked before the first job; without one every server is trusted.
    """

    def __init__(
        self,
        *,
        logs: Path,
        canary: Canary | None = None,
        bounds: Bounds | None = None,
        outside: Outside | None = None,
    ) -> None:
        self._logs = logs
        self._canary = canary
        self._bounds = bounds or Bounds()
        self._outside = outside or Outside()
        self._servers: OrderedDict[Fingerprint, Kept] = OrderedDict()
        self._kept_until: dict[Fingerprint, float] = {}
        self._troubles: dict[Fingerprint, tuple[float, ServerUnusable]] = {}
        self._lock = threading.Lock()
        self._keeper: threading.Timer | None = None
        self._is_closed = False

    def supervise(
        self, prepared: PreparedJob, *, ticks: int, is_leashed: bool
    ) -> SupervisorProcess:
        """Have the job's supervisor forked; ServerUnusable says why it must start cold."""
        root = prepared.manifest.working_folder
        key = fingerprint(prepared.environment, root)
        server = self._ready_server(key, prepared.environment, root)
        try:
            return server.supervise(prepared, ticks=ticks, is_leashed=is_leashed)
        except ServerUnusable as unusable:
            self._give_up(key, server, unusable)
            raise

    def note_broken(self, prepared: PreparedJob, ending: Ending) -> None:
        """Start jobs of this environment cold for a while, since a fork of its server broke.

        One that somebody has killed, or whose server died with it, says nothing about the next.
        """
        if ending.status in _KILLED:
            return
        key = fingerprint(prepared.environment, prepared.manifest.working_folder)
        with self._lock:
            server = self._servers.get(key)
        if server is not None:
            text = f"the supervisor of a job before this one {ending.words} before it had begun"
            self._give_up(key, server, ServerUnusable(text, reason=ColdReason.ENDED_EARLY))

    def expect(
        self, environment: Mapping[str, str], project_root: str, *, keep_seconds: float = 0.0
    ) -> None:
        """Have a server ready for jobs that are to come; return when it is, or never will be.

        It is kept for ``keep_seconds`` however long it idles, unless more servers are in use
        than may be kept.
        """
        key = fingerprint(environment, project_root)
        if keep_seconds > 0:
            with self._lock:
                until = self._outside.seconds() + keep_seconds
                self._kept_until[key] = max(until, self._kept_until.get(key, 0.0))
        try:
            self._ready_server(key, environment, project_root)
        except ServerUnusable:
            return  # the job itself will say so

    def try_out(self, environment: Mapping[str, str], project_root: str) -> None:
        """Raise ServerUnusable if a job of this environment would start cold."""
        key = fingerprint(environment, project_root)
        self._ready_server(key, environment, project_root, is_patient=True)

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
        if self._canary is not None:
            self._canary.close()

    def _ready_server(
        self,
        key: Fingerprint,
        environment: Mapping[str, str],
        project_root: str,
        *,
        is_patient: bool = False,
    ) -> Kept:
        server = self._server(key, environment, project_root)
        if self._canary is not None:
            self._canary.begin()
        try:
            server.await_ready()
        except ServerUnusable as unusable:
            self._give_up(key, server, unusable)
            raise
        if self._canary is not None:
            if is_patient:
                self._canary.settle()
            self._canary.admit()
        return server

    def _server(self, key: Fingerprint, environment: Mapping[str, str], project_root: str) -> Kept:
        retired: list[Kept] = []
        with self._lock:
            if self._is_closed:
                raise ServerUnusable("the runner is closing", reason=ColdReason.CLOSING)
            self._refuse_after_trouble(key)
            retired += self._take_expired()
            server = self._servers.get(key)
            if server is None:
                self._refuse_low_memory()
                while len(self._servers) >= self._bounds.servers_max:
                    retired.append(self._servers.pop(self._least_needed()))
                server = self._start(environment, project_root)
                self._servers[key] = server
            self._servers.move_to_end(key)
            self._keep_looking()
        for old in retired:
            old.close()
        return server

    def _refuse_after_trouble(self, key: Fingerprint) -> None:
        at, trouble = self._troubles.get(key, (0.0, None))
        if trouble is None:
            return
        if self._outside.seconds() - at < self._bounds.cold_seconds_after_trouble:
            raise ServerUnusable(str(trouble), reason=trouble.reason)
        del self._troubles[key]

    def _refuse_low_memory(self) -> None:
        free, least = self._outside.memory_free(), self._bounds.free_bytes_min
        if free < least:
            text = f"{free // 2**20} MiB of memory are free, and {least // 2**20} are asked for"
            raise ServerUnusable(text, reason=ColdReason.LOW_MEMORY)

    def _least_needed(self) -> Fingerprint:
        """Return the one that was not used for the longest time, of those not to be kept."""
        now = self._outside.seconds()
        free = (key for key in self._servers if self._kept_until.get(key, 0.0) <= now)
        return next(free, next(iter(self._servers)))

    def _start(self, environment: Mapping[str, str], project_root: str) -> Kept:
        self._logs.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self._outside.start(environment, project_root, self._logs / "warm-server.log")

    def _give_up(self, key: Fingerprint, server: Kept, trouble: ServerUnusable) -> None:
        with self._lock:
            if self._servers.get(key) is server:
                del self._servers[key]
                if server.is_alive:  # a server that died gets a successor, one that cannot does not
                    if len(self._troubles) >= _TROUBLES_MAX:
                        self._troubles.clear()
                    self._troubles[key] = (self._outside.seconds(), trouble)
        server.close()

    def _take_expired(self) -> list[Kept]:
        """Take out what has served, lived, idled or grown enough; called with the lock held."""
        now = self._outside.seconds()
        self._kept_until = {key: until for key, until in self._kept_until.items() if until > now}
        expired = [key for key, server in self._servers.items() if self._has_expired(key, now)]
        return [self._servers.pop(key) for key in expired]

    def _has_expired(self, key: Fingerprint, now: float) -> bool:
        bounds, server = self._bounds, self._servers[key]
        idles = now - server.used_at > bounds.idle_seconds_max and key not in self._kept_until
        return (
            idles
            or not server.is_alive
            or server.jobs >= bounds.jobs_max
            or now - server.started_at > bounds.age_seconds_max
            or self._outside.memory_of(server.pid) > bounds.memory_bytes_max
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
