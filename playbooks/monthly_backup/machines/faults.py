"""Breaks things on the demo hosts, so that one can see what a network does about it.

Each fault is real for the program that meets it: a tool that fails or hangs, a process that
does not react, a full disk. None is known to the playbooks or to Jobnet.
"""

import os
import signal
from contextlib import suppress
from pathlib import Path

from .making import POSTGRES_TOOLS, link_tool, write_shop_launcher
from .places import Demo, Place
from .privileges import hand_over
from .processes import DemoRefused
from .ssh_host import QUOTA

FAULTS = {
    "stop_app": "The shop's pid file on ap1 cannot be read: nobody can stop the shop.",
    "hang_app": "The shop on ap1 hangs: it does not react when it is asked to stop.",
    "start_app": "The shop on ap1 does not start the first time.",
    "slow_app": "The shop on ap1 takes for ever to start the first time.",
    "stop_db": "pg_ctl on db1 fails when it should stop the database.",
    "slow_stop_db": "pg_ctl on db1 hangs the first time it should stop the database.",
    "start_db": "pg_ctl on db1 fails the first time it should start the database.",
    "slow_start_db": "pg_ctl on db1 hangs the first time it should start the database.",
    "backup": "The disk of bk1 is full after 32 KiB: the dump does not fit.",
    "dump": "pg_dump on db1 is killed half way.",
    "slow_backup": "pg_dump on db1 hangs.",
}
QUOTA_BYTES = 32 * 1024
HANG = "exec sleep 600"
FAIL = 'echo "$(basename "$0"): out of order" >&2; exit 1'
HALF = '"$real" "$@" | head -c 4096; kill -KILL $$'


def plant(place: Place, fault: str) -> None:
    """Break what ``fault`` names; ``repair_all`` undoes it."""
    demo = _demo(place)
    ap1, db1, bk1 = (Path(demo.ground) / name for name in ("ap1", "db1", "bk1"))
    match fault:
        case "stop_app":
            _pid_file(ap1).chmod(0)
        case "hang_app":
            os.kill(int(_pid_file(ap1).read_text("ascii")), signal.SIGSTOP)
        case "start_app" | "slow_app":
            _break_shop(ap1, demo, FAIL if fault == "start_app" else HANG)
        case "stop_db" | "slow_stop_db":
            _break_tool(db1, demo, "pg_ctl", "stop", FAIL if fault == "stop_db" else HANG)
        case "start_db" | "slow_start_db":
            # Only the start for everybody: a backup starts it too, on another port.
            port = f"-p {place.ports()['database']}"
            _break_tool(db1, demo, "pg_ctl", port, FAIL if fault == "start_db" else HANG)
        case "dump" | "slow_backup":
            _break_tool(db1, demo, "pg_dump", "", HALF if fault == "dump" else HANG)
        case "backup":
            (bk1 / QUOTA).write_text(str(QUOTA_BYTES), "ascii")
        case _:
            raise DemoRefused(f"There is no fault '{fault}'; there are {', '.join(FAULTS)}.")


def repair_all(place: Place) -> None:
    """Undo every fault; a host without faults stays as it is."""
    demo = _demo(place)
    ap1, db1, bk1 = (Path(demo.ground) / name for name in ("ap1", "db1", "bk1"))
    (bk1 / QUOTA).unlink(missing_ok=True)
    for tool in POSTGRES_TOOLS:
        link_tool(db1, tool, demo)
    write_shop_launcher(ap1, demo)
    for folder in (ap1, db1):
        hand_over(folder / "bin", demo.owner)
        for used in (folder / "bin").glob("*.used"):
            used.rmdir()
    with suppress(OSError, ValueError):
        _pid_file(ap1).chmod(0o644)
        os.kill(int(_pid_file(ap1).read_text("ascii")), signal.SIGCONT)


def _break_tool(folder: Path, demo: Demo, tool: str, word: str, effect: str) -> None:
    link = folder / "bin" / tool
    link.unlink(missing_ok=True)
    _write_broken(link, Path(demo.postgres) / tool, word, effect)
    hand_over(folder / "bin", demo.owner)


def _break_shop(folder: Path, demo: Demo, effect: str) -> None:
    write_shop_launcher(folder, demo)
    launcher = folder / "bin" / "shop"
    real = launcher.rename(folder / "bin" / "shop.real")
    _write_broken(launcher, real, "", effect)
    hand_over(folder / "bin", demo.owner)


def _write_broken(path: Path, real: Path, word: str, effect: str) -> None:
    """Write a tool that goes wrong the first time it is called with ``word``."""
    pattern = f'*"{word} "*' if word else "*"
    path.write_text(
        "#!/bin/sh\n"
        "# Planted by 'hosts.py break': goes wrong once, then does its work.\n"
        f"real='{real}'\n"
        f'case " $* " in {pattern})\n'
        f'  if mkdir "$0.used" 2>/dev/null; then {effect}; fi ;;\n'
        "esac\n"
        'exec "$real" "$@"\n',
        "utf-8",
    )
    path.chmod(0o755)


def _pid_file(ap1: Path) -> Path:
    return ap1 / "srv" / "shop" / "shop.pid"


def _demo(place: Place) -> Demo:
    demo = place.read()
    if demo is None:
        raise DemoRefused("The demo hosts are not there yet; start them with 'hosts.py up'.")
    return demo
