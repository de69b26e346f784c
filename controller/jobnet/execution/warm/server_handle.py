"""Speaks to one warm server from the controller's side.

A server that cannot be reached is no failure of a job: whoever asked starts it cold. The spool's
``started`` decides between the two if both should come about.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

from jobnet.execution.prepare import PreparedJob
from jobnet.execution.spool import SUPERVISOR_LOG
from jobnet.execution.supervisor_process import WarmSupervisor
from jobnet.execution.warm.channel import ChannelClosed, in_memory, receive, send
from jobnet.execution.warm.fingerprint import server_environment
from jobnet.execution.warm.naming import room_for_mark, room_for_title
from jobnet.ports.warmth import ColdReason

READY_SECONDS_MAX: Final = 60.0
FORK_SECONDS_MAX: Final = 20.0
_END_SECONDS: Final = 5.0


class ServerUnusable(Exception):
    """A warm server that cannot be used; the text says why, ``reason`` which kind of why."""

    def __init__(self, text: str, *, reason: ColdReason = ColdReason.NO_SERVER) -> None:
        self.reason = reason
        super().__init__(text)


class WarmServer:
    """One server process; many threads may ask it at once."""

    def __init__(self, environment: Mapping[str, str], *, project_root: str, log: Path) -> None:
        self._channel, theirs = socket.socketpair()
        self._lock = threading.Lock()
        self._is_ready = self._is_closed = False
        self.jobs = 0
        self.started_at = self.used_at = time.monotonic()
        with theirs, open(log, "ab", opener=_for_owner) as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "jobnet.execution.warm.server",
                    str(theirs.fileno()),
                    room_for_title(),
                ],
                cwd=project_root,
                env={**server_environment(environment), **room_for_mark()},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                pass_fds=(theirs.fileno(),),
            )

    @property
    def pid(self) -> int:
        """The server's process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked at all."""
        return self._process.poll() is None

    def supervise(self, prepared: PreparedJob, *, ticks: int, is_leashed: bool) -> WarmSupervisor:
        """Have a supervisor forked for the job; ServerUnusable if that did not come about."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                self._ask(prepared, ticks=ticks, status=theirs.fileno(), is_leashed=is_leashed)
        except ChannelClosed as closed:
            ours.close()
            raise ServerUnusable(f"the warm server has gone: {closed}") from closed
        except ServerUnusable:
            ours.close()
            raise
        except OSError as error:  # whatever it is, a cold start may still do
            ours.close()
            raise ServerUnusable(f"the warm server could not be asked: {error}") from error
        return _forked(ours)

    def _ask(self, prepared: PreparedJob, *, ticks: int, status: int, is_leashed: bool) -> None:
        """Send a request; what later forks must not inherit is for the fork's eyes only."""
        with ExitStack() as opened:

            def closing(descriptor: int) -> int:
                opened.callback(os.close, descriptor)
                return descriptor

            request = {
                "spool": str(prepared.spool.folder),
                "environment": dict(prepared.environment),
                "is_leashed": is_leashed,
                "kill_grace_seconds": prepared.manifest.kill_grace_seconds,
            }
            log = os.open(prepared.spool[SUPERVISOR_LOG], os.O_WRONLY | os.O_CREAT, 0o600)
            given = (closing(log), closing(os.pidfd_open(os.getpid())), closing(in_memory(request)))
            with self._lock:
                self._await_ready()
                send(self._channel, {}, [ticks, status, *given])
                self.jobs += 1
                self.used_at = time.monotonic()

    def close(self) -> None:
        """Let it end; the supervisors that it forked stay."""
        with suppress(OSError):  # who waits for an answer in another thread is woken
            self._channel.shutdown(socket.SHUT_RDWR)
        if not self._is_ready:
            self._process.terminate()  # it is still loading, and does not look at the channel
        with self._lock:
            self._is_closed = True
            self._channel.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def await_ready(self) -> None:
        """Wait until it has loaded everything; ServerUnusable if it never will."""
        try:
            with self._lock:
                self._await_ready()
        except ChannelClosed as closed:
            raise ServerUnusable(f"the warm server has gone: {closed}") from closed

    def _await_ready(self) -> None:
        """Wait for its word, with the lock held; whoever waited longer may find it closed."""
        if self._is_closed:
            raise ChannelClosed("it was given up meanwhile")
        if self._is_ready:
            return
        self._channel.settimeout(READY_SECONDS_MAX)
        message, _ = receive(self._channel)
        if not message.get("ready"):
            said = f"Ansible says while it is loaded: {message.get('said')}"
            raise ServerUnusable(said, reason=ColdReason.ANSIBLE_SPEAKS)
        self._channel.settimeout(FORK_SECONDS_MAX)
        self._is_ready = True


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _forked(statuses: socket.socket) -> WarmSupervisor:
    statuses.settimeout(FORK_SECONDS_MAX)
    line = bytearray()
    try:
        while not line.endswith(b"\n") and (byte := statuses.recv(1)):
            line += byte
    except OSError as error:
        statuses.close()
        raise ServerUnusable(f"the warm server gives no answer: {error}") from error
    word, _, value = line.decode().strip().partition(" ")
    if word != "pid":
        statuses.close()
        raise ServerUnusable(f"the warm server could not fork: {value or 'it has ended'}")
    return WarmSupervisor(int(value), statuses)
