"""Lets a second terminal of the same user reach a running play, through a socket in its folder.

One line is one request, one line its answer. Only the user who plays, or root, is listened to:
the operating system says who calls. Every bound has a name, so that a client which hangs,
floods or sends garbage costs the run nothing.
"""

import os
import pwd
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from jobnet.errors.control import AnswerNotUnderstood, PlayNotReached
from jobnet.machine.pieces import Pieces

SOCKET_NAME = "control.sock"
LINE_BYTES_MAX = 64 * 1024
ANSWER_BYTES_MAX = 64 * 1024 * 1024
CLIENTS_MAX = 8
IDLE_SECONDS_MAX = 30.0
ASK_SECONDS_MAX = 20.0
FAREWELL_SECONDS_MAX = 2.0
_CREDENTIALS = struct.Struct("3i")


class ControlSocket:
    """Listens until it is closed; ``answer`` gets a line and the name of who sent it."""

    def __init__(
        self,
        pieces: Pieces,
        answer: Callable[[bytes, str], bytes],
        *,
        idle_seconds_max: float = IDLE_SECONDS_MAX,
    ) -> None:
        self._answer, self._idle = answer, idle_seconds_max
        self._room = threading.BoundedSemaphore(CLIENTS_MAX)
        self._clients: set[socket.socket] = set()
        self._left = threading.Condition()
        self._path = pieces.folder / SOCKET_NAME
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with suppress(FileNotFoundError):  # of a play that died; this one holds the journal
            self._path.unlink()
        with _short(pieces.folder) as path:
            self._socket.bind(path)
        self._path.chmod(0o600)
        self._socket.listen(CLIENTS_MAX)
        self._thread = threading.Thread(target=self._serve, name="jobnet-control", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening, let answers that are being written arrive, and remove the socket."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._hang_up(socket.SHUT_RD)
        with self._left:
            self._left.wait_for(lambda: not self._clients, timeout=FAREWELL_SECONDS_MAX)
        self._hang_up(socket.SHUT_RDWR)
        self._path.unlink(missing_ok=True)
        self._thread.join(timeout=5)

    def _hang_up(self, direction: int) -> None:
        with self._left:
            clients = list(self._clients)
        for client in clients:
            with suppress(OSError):
                client.shutdown(direction)

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            if not self._room.acquire(blocking=False):
                client.close()
                continue
            with self._left:
                self._clients.add(client)
            threading.Thread(
                target=self._talk, args=(client,), name="jobnet-control-client", daemon=True
            ).start()

    def _talk(self, client: socket.socket) -> None:
        try:
            with client, suppress(OSError):
                client.settimeout(self._idle)
                peer = _peer(client)
                if peer in {os.geteuid(), 0}:
                    self._lines(client, _name_of(peer))
        finally:
            self._room.release()
            with self._left:
                self._clients.discard(client)
                self._left.notify_all()

    def _lines(self, client: socket.socket, peer: str) -> None:
        with client.makefile("rb") as lines:
            while line := lines.readline(LINE_BYTES_MAX + 1):
                if not line.endswith(b"\n"):
                    return  # too long, or cut off
                client.sendall(self._answer(line, peer) + b"\n")


def ask_play(pieces: Pieces, request: bytes, *, seconds_max: float = ASK_SECONDS_MAX) -> bytes:
    """Return the answer of a running play; ``PlayNotReached`` if nobody plays the run."""
    name = pieces.folder.name
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        asking.settimeout(seconds_max)
        try:
            with _short(pieces.folder) as path:
                asking.connect(path)
        except OSError as error:
            raise PlayNotReached(name) from error
        if _peer(asking) not in {os.geteuid(), 0}:
            raise PlayNotReached(name)
        try:
            asking.sendall(request + b"\n")
            with asking.makefile("rb") as lines:
                answer = lines.readline(ANSWER_BYTES_MAX)
        except OSError as error:
            raise AnswerNotUnderstood(name) from error
    if not answer.endswith(b"\n"):
        raise AnswerNotUnderstood(name)
    return answer


@contextmanager
def _short(folder: Path) -> Iterator[str]:
    """Give the socket in the folder a name of few bytes: a socket's own may have 107 at most."""
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{descriptor}/{SOCKET_NAME}"
    finally:
        os.close(descriptor)


def _peer(connection: socket.socket) -> int:
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _, user, _ = _CREDENTIALS.unpack(credentials)
    return int(user)


def _name_of(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"uid {user}"
