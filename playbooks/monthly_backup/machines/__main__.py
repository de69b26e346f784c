"""Is one process of the demo: ``python -m machines FOLDER NAME READY_FD``.

Only ``processes.spawn`` calls this. It takes the lock that says "alive", listens, says so
through the pipe, and serves until SIGTERM.
"""

import asyncio
import ctypes
import fcntl
import os
import signal
import sys
from pathlib import Path
from typing import TextIO

from . import mailbox, ssh_host
from .places import GROUPS, Place
from .processes import end, marked

PR_SET_CHILD_SUBREAPER = 36


def main() -> int:
    """Serve as the process that the command line names."""
    folder, name, ready = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    if os.fork():
        # The caller waits for this process only; the other one belongs to nobody.
        os._exit(0)
    place = Place(folder=folder)
    lock = _lock(place, name)
    if lock is None:
        return 1
    asyncio.run(_serve(place, name, ready))
    return 0


def _lock(place: Place, name: str) -> TextIO | None:
    """Return the open, locked pid file; None if such a process lives already."""
    place.running.mkdir(parents=True, exist_ok=True)
    file = (place.running / f"{name}.pid").open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


async def _serve(place: Place, name: str, ready: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if name in GROUPS:
        await _serve_host(place, name, ready, stop)
        return
    async with mailbox.listening(place):
        _say_ready(ready)
        await stop.wait()


async def _serve_host(place: Place, name: str, ready: int, stop: asyncio.Event) -> None:
    """Serve SSH as the host's owner; end all processes of the host with it."""
    demo = place.read()
    assert demo is not None, "the demo is written before its processes start"
    os.umask(0o022)
    settings = ssh_host.read_settings(place, name, Path(demo.ground) / name)
    _adopt_orphans()
    async with ssh_host.listening(settings, demo.owner):
        _say_ready(ready)
        await stop.wait()
    end(marked(settings.folder))


def _adopt_orphans() -> None:
    """Become the parent of this host's daemons, as the init of a real host is."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _say_ready(ready: int) -> None:
    os.write(ready, b"ready\n")
    os.close(ready)


if __name__ == "__main__":
    sys.exit(main())
