"""One module server as seen by the process that has started it."""

import json
import os
import signal
import socket
import time
from pathlib import Path
from typing import Final

from jobnet.execution.warm_modules.server import requests
from jobnet.execution.warm_modules.server.naming import MARK_LENGTH_MAX, MARK_VARIABLE

_FOLDER: Final = Path(__file__).parent / "server"
_CHANNEL: Final = 3
_READY: Final = b"ready"
_MEMORY_LOOKS: Final = 100  # one look at its memory in so many requests
_PAGE: Final = os.sysconf("SC_PAGESIZE")


class ModuleServer:
    """A running server, or one that was; nothing here waits."""

    def __init__(self, pid: int, channel: socket.socket, interpreter: str) -> None:
        self.pid = pid
        self.requests = 0
        self.is_ready = False
        self.is_over = False
        self.started_at = self.used_at = time.monotonic()
        self._channel = channel
        self._descriptor = channel.fileno()
        self._interpreter = interpreter
        self._file = _identity(interpreter)

    @classmethod
    def started(
        cls, interpreter: str, start: dict[str, str], ansible_folder: str
    ) -> "ModuleServer":
        """Start a server; OSError if that cannot be."""
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        mine.setblocking(False)  # noqa: FBT003
        with theirs:
            setup = {
                "program": str(_FOLDER),
                "ansible": ansible_folder,
                "start": list(start),
                "parent": os.getpid(),
            }
            mine.send(json.dumps(setup).encode())
            try:
                pid = _spawned(interpreter, start, theirs.fileno())
            except OSError:
                mine.close()
                raise
        return cls(pid, mine, interpreter)

    def fileno(self) -> int:
        """Return the descriptor on which it speaks; the number stays after it is closed."""
        return self._descriptor

    def send(self, descriptors: list[int]) -> None:
        """Hand a request over; OSError if it does not take it at once."""
        try:
            requests.send_descriptors(self._channel, b"run", descriptors)
        except BlockingIOError:
            raise
        except OSError:
            self.is_over = True
            raise
        self.requests += 1
        self.used_at = time.monotonic()

    def hear(self) -> None:
        """Take what it has said."""
        try:
            text = self._channel.recv(64)
        except BlockingIOError:
            return
        except OSError:
            text = b""
        if text == _READY:
            self.is_ready = True
        else:
            self.is_over = True

    def is_of_another_file(self) -> bool:
        """Tell whether the interpreter's file was replaced since it was started."""
        return _identity(self._interpreter) != self._file

    def grew_beyond(self, limit: int) -> bool:
        """Tell whether it uses more than ``limit`` bytes; looks now and then only."""
        if self.requests % _MEMORY_LOOKS != _MEMORY_LOOKS - 1:
            return False
        try:
            pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        except (OSError, IndexError, ValueError):
            return False
        return pages * _PAGE > limit

    def kill(self) -> None:
        """End it, and let the modules that it has started run on."""
        self._channel.close()
        self.is_over = True
        try:
            os.kill(self.pid, 9)
        except ProcessLookupError:
            return

    def forget(self) -> None:
        """Close what belongs to the parent, in a child of the parent."""
        self._channel.close()

    def reaped(self) -> bool:
        """Take its exit status if it has ended; True if nothing is left to take."""
        try:
            return os.waitpid(self.pid, os.WNOHANG)[0] == self.pid
        except ChildProcessError:
            return True  # somebody else has taken it


def _spawned(interpreter: str, start: dict[str, str], channel: int) -> int:
    mark = {MARK_VARIABLE.encode(): b"-" * MARK_LENGTH_MAX}
    variables = {n.encode("latin-1"): v.encode("latin-1") for n, v in start.items()}
    with (_FOLDER / "boot.py").open("rb") as program, open(os.devnull, "wb") as nowhere:  # noqa: PTH123
        # A number that is not 3 makes dup2 clear the flag that closes it on exec.
        copy = os.dup(channel) if channel == _CHANNEL else channel
        try:
            return os.posix_spawn(
                interpreter,
                [interpreter],
                {**mark, **variables},
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, program.fileno(), 0),
                    (os.POSIX_SPAWN_DUP2, nowhere.fileno(), 1),
                    (os.POSIX_SPAWN_DUP2, nowhere.fileno(), 2),
                    (os.POSIX_SPAWN_DUP2, copy, _CHANNEL),
                ],
                setsigdef=sorted(signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}),
                setsigmask=(),
            )
        finally:
            if copy != channel:
                os.close(copy)


def _identity(interpreter: str) -> tuple[int, int, int, int] | None:
    try:
        found = os.stat(interpreter)  # noqa: PTH116 - called for each request
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
