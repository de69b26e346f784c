"""Holds on to the supervisor of an attempt, however it was started.

``ColdSupervisor`` is a program that was started; ``WarmSupervisor`` a fork of a warm server,
which is no child of this process: a pidfd stands for it, its server tells its exit status.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol

from jobnet.execution.prepare import PreparedJob
from jobnet.execution.spool import SUPERVISOR_LOG

_STATUS_SECONDS_MAX: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a supervisor ended.

    ``status`` is its exit status or minus the number of a signal; None if nobody knows.
    """

    status: int | None
    was_warm: bool = False

    @property
    def words(self) -> str:
        """What to tell people."""
        return (
            "ended, nobody knows how" if self.status is None else f"ended with status {self.status}"
        )


class SupervisorProcess(Protocol):
    """A supervisor that was started."""

    def terminate(self) -> None:
        """Ask it to end its job; one that has ended is left as it is."""

    def kill(self) -> None:
        """End it at once."""

    def wait(self) -> Ending:
        """Wait until it has ended and return how; asking twice gives the same."""


class ColdSupervisor:
    """A supervisor with an interpreter of its own; the environment goes through its stdin."""

    def __init__(self, prepared: PreparedJob, *, ticks: int, is_leashed: bool) -> None:
        leash = [str(os.getpid())] if is_leashed else []
        # -P: a file of the project, such as json.py, must never be imported here.
        command = [sys.executable, "-P", "-m", "jobnet.execution.supervisor"]
        spool = prepared.spool
        with spool[SUPERVISOR_LOG].open("ab") as log:  # a warm one may have left its last words
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [*command, str(spool.folder), str(ticks), *leash],
                cwd=spool.folder,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=(ticks,),
            )
        self._send(prepared.environment)

    def _send(self, environment: Mapping[str, str]) -> None:
        assert self._process.stdin is not None, "the supervisor was started with a pipe"
        try:
            with self._process.stdin as pipe:
                pipe.write(json.dumps(dict(environment)).encode())
        except BrokenPipeError:
            return  # it has ended already; its end is read like any other

    def terminate(self) -> None:
        """Ask it to end its job."""
        self._process.terminate()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def wait(self) -> Ending:
        """Wait for its end."""
        return Ending(status=self._process.wait())


class WarmSupervisor:
    """A fork of a warm server; ``statuses`` is where the server tells of its exit."""

    def __init__(self, pid: int, statuses: socket.socket) -> None:
        self._pidfd = _open(pid)
        self._statuses = statuses
        self._ending: Ending | None = None

    def terminate(self) -> None:
        """Ask it to end its job."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self._send(signal.SIGKILL)

    def wait(self) -> Ending:
        """Wait for its end; how it ended is unknown where its server has died before it."""
        if self._ending is None:
            self._await_end()
            self._ending = Ending(status=self._told(), was_warm=True)
            self._statuses.close()
        return self._ending

    def _await_end(self) -> None:
        if self._pidfd >= 0:
            poll = select.poll()
            poll.register(self._pidfd, select.POLLIN)
            poll.poll()

    def _told(self) -> int | None:
        self._statuses.settimeout(_STATUS_SECONDS_MAX)
        try:
            word, _, status = self._statuses.recv(100).decode().strip().partition(" ")
        except OSError:
            return None
        return int(status) if word == "status" else None

    def __del__(self) -> None:
        self._statuses.close()  # nobody has waited: a bug had its way
        if self._pidfd >= 0:
            os.close(self._pidfd)

    def _send(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            if self._pidfd >= 0:
                signal.pidfd_send_signal(self._pidfd, number)


def _open(pid: int) -> int:
    try:
        return os.pidfd_open(pid)
    except ProcessLookupError:
        return -1  # it has ended already, and was reaped
