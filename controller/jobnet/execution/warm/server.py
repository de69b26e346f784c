"""The warm server's process: ``python -P -m jobnet.execution.warm.server DESCRIPTOR``.

It loads Ansible and ansible-runner under the environment it was started with, says so, and
then forks one supervisor for each request that comes through the descriptor. It runs no job,
no play and no code of a project itself, never reads what a job is about, since its memory is that
of all later forks, has one thread, and ends when the other end of the descriptor is closed; its
supervisors stay and finish.
"""

import ctypes
import fcntl
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
from jobnet.execution.warm.channel import ChannelClosed, read_in_memory, receive, send
from jobnet.execution.warm.fingerprint import digest_of, server_environment
from jobnet.execution.warm.naming import show_mark, show_title
from jobnet.execution.warm.playbook import run_playbook
from jobnet.execution.warm.preload import ansible_folder, environment_of_runner, preload
from jobnet.execution.warm.renewal import adopt_environment, close_logs
from jobnet.execution.warm_modules.servers import ModuleServers

_PR_SET_DUMPABLE: Final = 4
_DESCRIPTORS_MAX: Final = 1_048_576
_WAKE_BYTES: Final = 4096
_FIRST_PLACE: Final = 3
_APART: Final = 200
_LOOK_AFTER_MILLISECONDS: Final = 60_000
_BROKEN: Final = 70
_ASKING_TO_END: Final = {signal.SIGTERM}


class Server:
    """Forks supervisors and tells their exit statuses."""

    def __init__(self, channel: socket.socket, modules: ModuleServers) -> None:
        self._channel = channel
        self._modules = modules
        self._listeners: dict[int, int] = {}  # pid -> descriptor for its exit status
        self._wake, wake_end = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake_end, warn_on_full_buffer=False)

    def serve(self) -> None:
        """Answer requests until nobody can ask any more."""
        poll = select.poll()
        poll.register(self._channel, select.POLLIN)
        poll.register(self._wake, select.POLLIN)
        poll.register(self._modules, select.POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in poll.poll(_LOOK_AFTER_MILLISECONDS)}
            if self._wake in ready:
                self._reap()
            if self._modules.fileno() in ready or not ready:
                self._modules.on_readable()
            if self._channel.fileno() in ready:
                try:
                    _, descriptors = receive(self._channel)
                    self._fork(*descriptors)
                except ChannelClosed:
                    return

    def _fork(self, ticks: int, status: int, log: int, leash: int, request: int) -> None:
        # A signal that reaches the child before Python there is itself again would be forgotten.
        signal.pthread_sigmask(signal.SIG_BLOCK, _ASKING_TO_END)
        try:
            pid = os.fork()
        except OSError as error:
            os.write(status, f"error {error.strerror}\n".encode())
            pid = -1
        if pid == 0:
            modules = self._modules.channel
            _supervise(request, ticks=ticks, log=log, leash=leash, modules=modules)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ASKING_TO_END)
        for descriptor in (ticks, log, leash, request):
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
        for pid, listener in list(self._listeners.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended:
                continue
            del self._listeners[pid]
            with suppress(OSError):  # nobody may be interested any more
                os.write(listener, f"status {os.waitstatus_to_exitcode(status)}\n".encode())
            os.close(listener)


def _supervise(descriptor: int, *, ticks: int, log: int, leash: int, modules: int) -> NoReturn:
    """Be the supervisor of one attempt, as if its program had been started."""
    status = _BROKEN
    try:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        request = read_in_memory(descriptor)
        ticks, leash, modules = _keep_only(ticks, leash, modules)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ASKING_TO_END)
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)
        status = _attend(request, ticks=ticks, leash=leash, modules=modules)
    except BaseException:  # noqa: BLE001 - the log of the spool is where it is looked for
        import traceback  # noqa: PLC0415

        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(Exception):
                stream.flush()
        os._exit(status)


def _attend(request: dict[str, Any], *, ticks: int, leash: int, modules: int) -> int:
    """Run the attempt under the environment of its job, and return the supervisor's status."""
    spool, environment = Spool(folder=Path(request["spool"])), request["environment"]
    show_mark(spool.mark)
    show_title(f"python -m jobnet.execution.supervisor {spool.folder}")
    os.chdir(spool.folder)
    loaded_under = digest_of(server_environment(os.environ))
    adopt_environment(environment)
    return attend(
        spool,
        environment=environment,
        ticks=ticks,
        leash=leash if request["is_leashed"] else None,
        run_playbook=partial(
            run_playbook,
            loaded_under=loaded_under,
            modules=modules,
            kill_grace_seconds=request["kill_grace_seconds"],
        ),
        kept=(modules,),
    )


def _keep_only(*descriptors: int) -> list[int]:
    """Close all descriptors but the standard streams and these, which get new numbers."""
    apart = [fcntl.fcntl(each, fcntl.F_DUPFD_CLOEXEC, _APART) for each in descriptors]
    os.closerange(_FIRST_PLACE, min(apart))
    os.closerange(max(apart) + 1, _DESCRIPTORS_MAX)
    return apart


def main(arguments: list[str]) -> int:
    """Load, say ``ready`` and serve."""
    channel = socket.socket(fileno=int(arguments[0]))
    channel.set_inheritable(False)
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    signal.signal(signal.SIGTERM, _leave)
    os.environ.update(environment_of_runner(os.environ))
    said = _preload_and_listen()
    show_title("python -m jobnet.execution.warm.server")
    gc.collect()
    gc.freeze()
    modules = ModuleServers(ansible_folder())
    server = Server(channel, modules)
    try:
        send(channel, {"ready": not said, "said": said}, [])
        server.serve()
    except ChannelClosed:
        return 0
    finally:
        modules.close()
    return 0


def _leave(*_: object) -> NoReturn:
    """End as an interpreter does, so that Ansible's temporary folder goes as well."""
    sys.exit(0)


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
