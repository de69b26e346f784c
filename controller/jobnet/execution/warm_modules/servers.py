"""Routes payloads to module servers, one server per Python and start environment.

It belongs to the process that forks the jobs, never waits, and never lets an error out: what
cannot be served at once is closed, and the worker takes the stock path. A server is started
by the first request for it, which is not served by it.
"""

import json
import re
import select
import socket
import sys
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jobnet.execution.warm_modules.module_server import ModuleServer
from jobnet.execution.warm_modules.server import requests

_BATCH_MAX: Final = 64
_PYTHON: Final = re.compile(r"/.*/python[0-9.]*")
_ELF: Final = b"\x7fELF"
_KNOWN_MAX: Final = 64
_REAP_SECONDS_MAX: Final = 1.0
_Key = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerLimits:
    """What module servers may use; sizes in bytes."""

    servers_max: int = 4
    requests_max: int = 10_000  # then a server is replaced
    idle_seconds_max: float = 1800.0
    memory_bytes_max: int = 512 * 1024 * 1024
    starting_seconds_max: float = 60.0
    starts_max: int = 5  # of one kind within ``starts_within_seconds``
    starts_within_seconds: float = 600.0


class ModuleServers:
    """The servers of one forking process; watch ``fileno()`` and call ``on_readable()``."""

    def __init__(self, ansible_folder: Path, limits: ServerLimits = ServerLimits()) -> None:
        """Use the package ``ansible`` in this folder; call ``close`` at the end."""
        self._ansible_folder = ansible_folder
        self._limits = limits
        self._servers: dict[_Key, ModuleServer] = {}
        self._starts: dict[_Key, deque[float]] = {}
        self._ending: list[ModuleServer] = []
        self._mine, self._workers = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._mine.setblocking(False)  # noqa: FBT003
        self._poll = select.epoll()
        self._poll.register(self._mine, select.EPOLLIN)

    @property
    def channel(self) -> int:
        """The descriptor that a job's process keeps over fork and gives to ``install``."""
        return self._workers.fileno()

    def fileno(self) -> int:
        """Return what becomes readable when there is something to do."""
        return self._poll.fileno()

    def on_readable(self) -> None:
        """Do what there is to do; call it also now and then when nothing is readable."""
        for _ in range(_BATCH_MAX):
            try:
                text, descriptors = requests.receive_descriptors(self._mine, socket.MSG_DONTWAIT)
            except OSError:
                break
            try:
                self._route(text, descriptors)
            except Exception:  # noqa: BLE001, S110 - whatever a worker sends, jobs go on
                pass  # a request that makes no sense is refused like any other
            finally:
                requests.close_all(descriptors)
        self._look_after()

    def prepare(self, interpreter: str, start: dict[str, str]) -> None:
        """Start the server for an interpreter before the first request for it.

        ``start`` is what ``start_environment`` returns for the jobs to come.
        """
        try:
            self._find_or_start((interpreter, tuple(sorted(start.items()))))
        except (OSError, ValueError):
            return

    def close(self) -> None:
        """End all servers; modules that run go on to their end. Twice is as good as once."""
        left = [*self._servers.values(), *self._ending]
        for server in left:
            server.kill()
        self.forget()
        self._workers.close()
        deadline = time.monotonic() + _REAP_SECONDS_MAX
        while (left := [s for s in left if not s.reaped()]) and time.monotonic() < deadline:
            time.sleep(0.002)

    def forget(self) -> None:
        """In a forked child: close what is the parent's, all but ``channel``."""
        for server in [*self._servers.values(), *self._ending]:
            server.forget()
        self._servers.clear()
        self._ending.clear()
        self._poll.close()
        self._mine.close()

    def servers(self) -> dict[str, list[int]]:
        """Return the processes of the servers that are ready, by interpreter."""
        found: dict[str, list[int]] = {}
        for (interpreter, _), server in self._servers.items():
            if server.is_ready:
                found.setdefault(interpreter, []).append(server.pid)
        return found

    def _route(self, text: bytes, descriptors: list[int]) -> None:
        call = json.loads(text)
        start = tuple(sorted((str(n), str(v)) for n, v in call["start"].items()))
        if len(descriptors) != requests.STREAMS:
            return
        server = self._find_or_start((str(call["interpreter"]), start))
        if server is not None and server.is_ready:
            server.send(descriptors)
            if server.requests >= self._limits.requests_max:
                self._retire(server)

    def _find_or_start(self, key: _Key) -> ModuleServer | None:
        self._look_after()
        server = self._servers.get(key)
        if server is not None and server.is_of_another_file():
            self._retire(server)
            server = None
        if server is None and self._may_start(key):
            server = self._start(key)
        return server

    def _may_start(self, key: _Key) -> bool:
        """Tell whether this kind is sound and was not started too often lately."""
        interpreter, _ = key
        now = time.monotonic()
        starts = self._starts.setdefault(key, deque(maxlen=self._limits.starts_max))
        if len(self._starts) > _KNOWN_MAX:
            del self._starts[next(iter(self._starts))]
        if len(starts) == starts.maxlen and now - starts[0] < self._limits.starts_within_seconds:
            return False
        if sys.platform != "linux" or not _PYTHON.fullmatch(interpreter):
            return False
        with open(interpreter, "rb") as file:  # noqa: PTH123 - a shell script would be another Python by folder
            return file.read(len(_ELF)) == _ELF

    def _start(self, key: _Key) -> ModuleServer:
        if len(self._servers) >= self._limits.servers_max:
            self._retire(min(self._servers.values(), key=lambda server: server.used_at))
        self._starts[key].append(time.monotonic())
        interpreter, start = key
        server = ModuleServer.started(interpreter, dict(start), str(self._ansible_folder))
        self._servers[key] = server
        self._poll.register(server.fileno(), select.EPOLLIN)
        return server

    def _look_after(self) -> None:
        """Hear what servers say, end those past their limits, and reap."""
        now = time.monotonic()
        for server in list(self._servers.values()):
            server.hear()
            is_late = not server.is_ready and now - server.started_at > (
                self._limits.starting_seconds_max
            )
            is_idle = now - server.used_at > self._limits.idle_seconds_max
            is_big = server.grew_beyond(self._limits.memory_bytes_max)
            if server.is_over or is_late or is_idle or is_big:
                self._retire(server)
        self._ending = [server for server in self._ending if not server.reaped()]

    def _retire(self, server: ModuleServer) -> None:
        for key, known in list(self._servers.items()):
            if known is server:
                del self._servers[key]
        self._poll.unregister(server.fileno())
        server.kill()
        self._ending.append(server)
