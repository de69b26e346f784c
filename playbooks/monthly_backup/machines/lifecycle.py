"""Brings the hosts up, takes them down and says how they are.

Both directions may be asked twice, or after a command that was cut off: what lives is
recognised by its lock, what a dead host left behind is ended before the host starts anew.
"""

import asyncio
import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncssh
import psutil

from .making import choose_ports, make_demo, write_addresses
from .places import GROUPS, LOGIN, PROCESSES, Demo, Place
from .processes import DemoRefused, end, marked, running_pid, spawn

HANDSHAKE_SECONDS_MAX = 20
PORT_ATTEMPTS_MAX = 3


def bring_up(place: Place, say: Callable[[str], None]) -> Demo:
    """Return the demo when all its hosts answer over SSH; ``say`` hears each step."""
    with _alone(place):
        if _all_answer(place):
            demo = place.read()
            assert demo is not None, "hosts that answer have a demo"
            say("The three hosts are up already.")
            return demo
        _end_all(place)
        demo = make_demo(place)
        _spawn_all(place, demo)
        for name, port in place.ports().items():
            if name in GROUPS:
                who = asyncio.run(_knock(place, port))
                say(f"{name} answers on 127.0.0.1:{port} as {who}")
        return demo


def take_down(place: Place) -> None:
    """End every process of the demo, the hosts' services too; the data stays."""
    if not place.folder.is_dir():
        return
    with _alone(place):
        _end_all(place)
        place.inventory.unlink(missing_ok=True)


def remove(place: Place) -> None:
    """Take the demo down and delete all that it wrote."""
    take_down(place)
    if demo := place.read():
        shutil.rmtree(demo.ground, ignore_errors=True)
        shutil.rmtree(place.folder)


def status(place: Place) -> dict[str, str]:
    """Return one line per process: where it listens, or that it is down."""
    ports = place.ports()
    lines = {}
    for name in PROCESSES:
        pid = running_pid(place, name)
        port = ports.get(name if name in GROUPS else "mail")
        lines[name] = f"up, 127.0.0.1:{port}, pid {pid}" if pid else "down"
    return lines


def _spawn_all(place: Place, demo: Demo) -> None:
    """Start all processes; a port that somebody else took meanwhile is chosen anew."""
    for attempt in range(PORT_ATTEMPTS_MAX):
        ports = choose_ports(place)
        write_addresses(place, demo, ports)
        try:
            for name in PROCESSES:
                spawn(place, name)
        except DemoRefused:
            _end_all(place)
            if attempt == PORT_ATTEMPTS_MAX - 1:
                raise
        else:
            return


def _all_answer(place: Place) -> bool:
    if not place.inventory.is_file() or not all(running_pid(place, name) for name in PROCESSES):
        return False
    with suppress(OSError, asyncssh.Error, TimeoutError):
        for name in GROUPS:
            asyncio.run(_knock(place, place.ports()[name]))
        return True
    return False


async def _knock(place: Place, port: int) -> str:
    """Run a command over SSH, the host's key checked, and return as whom it ran."""
    async with (
        asyncio.timeout(HANDSHAKE_SECONDS_MAX),
        asyncssh.connect(
            "127.0.0.1",
            port,
            username=LOGIN,
            client_keys=[str(place.keys / "client")],
            known_hosts=str(place.known_hosts),
            config=None,
            agent_path=None,
            gss_host=None,
        ) as connection,
    ):
        done = await connection.run("id -u", check=True)
        return f"uid {str(done.stdout).strip()}"


def _end_all(place: Place) -> None:
    """End the demo's processes, the hosts first, then what hosts that were killed left."""
    pids = [pid for name in PROCESSES if (pid := running_pid(place, name))]
    end(_existing(pids), grace_seconds=15)
    if demo := place.read():
        left = [process for name in GROUPS for process in marked(Path(demo.ground) / name)]
        end(left)


def _existing(pids: list[int]) -> list[psutil.Process]:
    found = []
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            found.append(psutil.Process(pid))
    return found


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    """Let one command at a time change the demo; a second one waits."""
    place.folder.mkdir(parents=True, exist_ok=True)
    with (place.folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
