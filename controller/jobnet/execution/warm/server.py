"""The warm server's process: ``python -P -m jobnet.execution.warm.server DESCRIPTOR``.

It loads Ansible and ansible-runner under the environment it was started with, says so, and
then forks one supervisor for each request that comes through the descriptor. It runs no job,
no play and no code of a project itself, has one thread, and ends when the other end of the
descriptor is closed; its supervisors stay and finish.
"""

import ctypes
import gc
import os
import select
import signal
import socket
import sys
import warnings
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, NoReturn

from jobnet.execution.spool import Spool
from jobnet.execution.supervisor import attend
from jobnet.execution.warm.channel import ChannelClosed, receive, send
from jobnet.execution.warm.fingerprint import digest_of, server_environment
from jobnet.execution.warm.naming import show_mark, show_title
from jobnet.execution.warm.playbook import run_playbook
from jobnet.execution.warm.preload import environment_of_runner, preload
from jobnet.execution.warm.renewal import adopt_environment, close_logs

_PR_SET_DUMPABLE: Final = 4
_DESCRIPTORS_MAX: Final = 1_048_576
_WAKE_BYTES: Final = 4096
_BROKEN: Final = 70


class Server:
    """Forks supervisors and tells their exit statuses."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._listeners: dict[int, int] = {}  # pid -> descriptor for its exit status
        self._wake, wake_end = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake_end, warn_on_full_buffer=False)

    def serve(self) -> None:
        """Answer requests until nobody can ask any more."""
        poll = select.poll()
        poll.register(self._channel, select.POLLIN)
        poll.register(self._wake, select.POLLIN)
        while True:
            for descriptor, _ in poll.poll():
                if descriptor == self._wake:
                    self._reap()
                    continue
                try:
                    self._fork(*receive(self._channel))
                except ChannelClosed:
                    return

    def _fork(self, request: dict[str, Any], descriptors: list[int]) -> None:
        ticks, status, log, leash = descriptors
        try:
            pid = os.fork()
        except OSError as error:
            os.write(status, f"error {error.strerror}\n".encode())
            pid = -1
        if pid == 0:
            _supervise(request, ticks=ticks, log=log, leash=leash)
        for descriptor in (ticks, log, leash):
            os.close(descriptor)
        if pid < 0:
            os.close(status)
            return
        self._listeners[pid] = status
        with suppress(OSError):
            os.write(status, f"pid {pid}\n".encode())

    def _reap(self) -> None:
        with suppress(BlockingIOError):
            os.read(self._wake, _WAKE_BYTES)
        while self._listeners:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            listener = self._listeners.pop(pid, None)
            if listener is None:
                continue
            with suppress(OSError):  # nobody may be interested any more
                os.write(listener, f"status {os.waitstatus_to_exitcode(status)}\n".encode())
            os.close(listener)


def _supervise(request: dict[str, Any], *, ticks: int, log: int, leash: int) -> NoReturn:
    """Be the supervisor of one attempt, as if its program had been started."""
    status = _BROKEN
    try:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        ticks, leash = os.dup2(ticks, 3, inheritable=False), os.dup2(leash, 4, inheritable=False)
        os.closerange(5, _DESCRIPTORS_MAX)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)
        spool = Spool(folder=Path(request["spool"]))
        show_mark(spool.mark)
        show_title(f"python -m jobnet.execution.supervisor {spool.folder}")
        os.chdir(spool.folder)
        loaded_under = digest_of(server_environment(os.environ))
        adopt_environment(request["environment"])
        status = attend(
            spool,
            environment=request["environment"],
            ticks=ticks,
            leash=leash if request["is_leashed"] else None,
            run_playbook=partial(run_playbook, loaded_under=loaded_under),
        )
    except BaseException:  # noqa: BLE001 - the log of the spool is where it is looked for
        import traceback  # noqa: PLC0415

        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(Exception):
                stream.flush()
        os._exit(status)


def main(arguments: list[str]) -> int:
    """Load, say ``ready`` and serve."""
    channel = socket.socket(fileno=int(arguments[0]))
    channel.set_inheritable(False)
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    os.environ.update(environment_of_runner(os.environ))
    said = _preload_and_listen()
    show_title("python -m jobnet.execution.warm.server")
    gc.collect()
    gc.freeze()
    server = Server(channel)
    try:
        send(channel, {"ready": not said, "said": said}, [])
        server.serve()
    except ChannelClosed:
        return 0
    return 0


def _preload_and_listen() -> str:
    """Return what Ansible said while it was loaded: a job would have to say it as well."""
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 0)
    kept, heard = os.dup(2), os.memfd_create("said")
    os.dup2(heard, 1)
    os.dup2(heard, 2)
    trouble = ""
    try:
        with warnings.catch_warnings():
            preload()
        close_logs()
    except BaseException as error:  # noqa: BLE001 - Ansible exits where it cannot be loaded
        trouble = repr(error)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os.dup2(kept, 1)
    os.dup2(kept, 2)
    os.close(kept)
    text = os.pread(heard, 2000, 0).decode("utf-8", "replace").strip()
    os.close(heard)
    return " ".join((text or trouble).split())[:400]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
