"""Starts a controller in the background and waits until it has announced itself, or has ended."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import Final

from jobnet.errors.server import ControllerDidNotStart, ControllerFolderNotMade
from jobnet.machine.server_home import read_server
from jobnet.ports.server_place import ServerPlace

START_SECONDS_MAX: Final = 60.0
LOG_BYTES_MAX: Final = 8 * 1024 * 1024
TAIL_BYTES: Final = 4096
_LOOK_AGAIN_SECONDS: Final = 0.03


def start_in_background(
    command: Sequence[str],
    place: ServerPlace,
    *,
    environment: Mapping[str, str],
    seconds_max: float = START_SECONDS_MAX,
) -> Mapping[str, object]:
    """Start a command in a session of its own; return what it has announced.

    One that ends before, or takes longer, is told with the last line that it has written. What
    takes too long is ended: nobody would know of it.
    """
    log = _open_log(place)
    began = os.fstat(log).st_size
    try:
        process = subprocess.Popen(  # noqa: S603 - this very program
            list(command),
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    finally:
        os.close(log)
    until = time.monotonic() + seconds_max
    while process.poll() is None and time.monotonic() < until:
        server = read_server(place)
        if server.get("pid") == process.pid:
            process.returncode = 0  # it goes on without us, and is no longer our child to wait for
            return server
        time.sleep(_LOOK_AGAIN_SECONDS)
    process.terminate()
    process.wait()
    raise ControllerDidNotStart(str(place.log), last_line=_last_line(place, began))


def _open_log(place: ServerPlace) -> int:
    """Open the log to be appended to; one that has become long is put aside first."""
    try:
        place.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if place.log.exists() and place.log.stat().st_size > LOG_BYTES_MAX:
            place.log.replace(place.log.with_name("log.1"))
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        return os.open(place.log, flags, 0o600)
    except OSError as error:
        problem = str(error.strerror or error)
        raise ControllerFolderNotMade(str(place.log), problem=problem) from error


def _last_line(place: ServerPlace, began: int) -> str:
    try:
        with place.log.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(began, size - TAIL_BYTES))
            lines = file.read(TAIL_BYTES).decode(errors="replace").split("\n")
    except OSError:
        return ""
    said = [line.strip() for line in lines if line.strip()]
    return said[-1].removeprefix("jobnet: ")[:500] if said else ""
