"""Keeps the folder of a controller: private, one process at a time, with its token and address.

The lock goes with its process, however that ends. Its text names the process by number, start and
boot, so that nobody is ever taken for the controller who has got its number later.
"""

import fcntl
import json
import os
import secrets
import select
import signal
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from jobnet.errors.server import (
    ControllerFolderNotMade,
    ControllerFolderUnsafe,
    ControllerRunsAlready,
)
from jobnet.ports.server_place import ServerPlace, place_in

TOKEN_BYTES = 32
_LOCK_BYTES_MAX = 1000
_START_FIELD = 19  # of /proc/PID/stat, counted behind the name


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One process of this machine, for ever: its number alone is given to others later."""

    pid: int
    start: int
    boot: str


@contextmanager
def held_place(home: Path) -> Iterator[ServerPlace]:
    """Make the controller's folder and hold it; raise ``ControllerRunsAlready`` if it is held."""
    place = place_in(home)
    descriptor = _open_lock(place)
    try:
        _take(descriptor, place)
        yield place
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def token_of(place: ServerPlace) -> str:
    """Return the token; the first call makes it. Only its owner can read the file."""
    try:
        if token := place.token.read_text(encoding="ascii", errors="replace").strip():
            place.token.chmod(0o600)
            return token
    except FileNotFoundError:
        pass
    except OSError as error:
        raise _not_made(place.token, error) from error
    token = secrets.token_urlsafe(TOKEN_BYTES)
    write_whole(place.token, token + "\n")
    return token


def announce(place: ServerPlace, document: Mapping[str, object]) -> None:
    """Write where the controller listens."""
    write_whole(place.server, json.dumps(document, indent=2) + "\n")


def write_whole(path: Path, text: str) -> None:
    """Replace a file by another that only its owner reads; nobody sees half of it."""
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _not_made(path, error) from error


def holder_of(place: ServerPlace) -> Process | None:
    """Return the living process that is the controller of this place."""
    try:
        with place.lock.open("rb") as file:
            said = json.loads(file.read(_LOCK_BYTES_MAX))
        process = Process(pid=int(said["pid"]), start=int(said["start"]), boot=str(said["boot"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return process if process.pid > 0 and _process(process.pid) == process else None


def end_process(process: Process, *, seconds_max: float) -> bool:
    """Ask exactly this process to end; return whether it has ended within the time."""
    try:
        descriptor = os.pidfd_open(process.pid)
    except OSError:
        return True
    try:
        if _process(process.pid) != process:
            return True
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(descriptor, signal.SIGTERM)
        waiting = select.poll()
        waiting.register(descriptor, select.POLLIN)
        return bool(waiting.poll(seconds_max * 1000))
    finally:
        os.close(descriptor)


def _open_lock(place: ServerPlace) -> int:
    try:
        place.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = place.folder.stat()
        if found.st_uid != os.geteuid():
            raise ControllerFolderUnsafe(str(place.folder))
        if stat.S_IMODE(found.st_mode) != stat.S_IRWXU:
            place.folder.chmod(stat.S_IRWXU)
        return os.open(place.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _not_made(place.folder, error) from error


def _take(descriptor: int, place: ServerPlace) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = holder_of(place)
        url = str(read_server(place).get("url", ""))
        pid = None if holder is None else holder.pid
        raise ControllerRunsAlready(str(place.folder), pid=pid, url=url) from error
    me = _process(os.getpid())
    assert me is not None, "a process can look at itself"
    try:
        os.ftruncate(descriptor, 0)
        text = json.dumps({"pid": me.pid, "start": me.start, "boot": me.boot})
        os.pwrite(descriptor, text.encode(), 0)
    except OSError as error:
        raise _not_made(place.lock, error) from error


def read_server(place: ServerPlace) -> Mapping[str, object]:
    """Return what the controller has announced, {} where there is nothing that can be read."""
    try:
        found = json.loads(place.server.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _process(pid: int) -> Process | None:
    """Return the process that has this number now; None if there is none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    if fields[0] in {"Z", "X"}:
        return None
    return Process(pid=pid, start=int(fields[_START_FIELD]), boot=boot)


def _not_made(path: Path, error: OSError) -> ControllerFolderNotMade:
    return ControllerFolderNotMade(str(path), problem=str(error.strerror or error))
