"""Runs the demo's own controller by the commands that its reader would type.

Its state home is in the demo folder, so that it is nobody else's. It listens where a controller
usually does, or at any free port where that one is taken.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from .places import Place
from .processes import DemoRefused

JOBNET: Final = Path(sys.executable).with_name("jobnet")
SECONDS_MAX: Final = 300
NIGHT_SECONDS_MAX: Final = 600
LOOK_SECONDS: Final = 0.5
OTHERS: Final = ("JOBNET_URL", "JOBNET_TOKEN", "JOBNET_DATABASE", "JOBNET_HOST", "JOBNET_PORT")
WAIT: Final = "wait_until"

Say = Callable[[str], None]


def environment(place: Place) -> dict[str, str]:
    """Return an environment in which nothing is written outside the demo's folder."""
    kept = {name: value for name, value in os.environ.items() if name not in OTHERS}
    return {
        **kept,
        "ANSIBLE_HOME": str(place.folder / "ansible"),
        "JOBNET_DEMO": str(place.folder),
        "JOBNET_HOME": str(home(place)),
        "JOBNET_SMTP_URL": f"smtp://127.0.0.1:{place.ports()['mail']}",
        "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '/usr/bin:/bin')}",
    }


def home(place: Place) -> Path:
    """Return the state home of the demo's controller."""
    return place.folder / "jobnet"


def start(place: Place) -> str:
    """Start the controller in the background, unless it runs; return its address."""
    done = type_in(place, "up", "--detach", "-o", "json")
    if _code(done) == "address_in_use":
        done = type_in(place, "up", "--detach", "--port", "0", "-o", "json")
    if _code(done) == "controller_did_not_start" and "listens there" in done.stderr:
        done = type_in(place, "up", "--detach", "--port", "0", "-o", "json")
    if _code(done) == "controller_runs_already":
        end(place)
        return start(place)
    if done.returncode:
        raise DemoRefused(done.stderr.strip())
    return str(json.loads(done.stdout)["url"])


def end(place: Place) -> bool:
    """End the controller by its own lock; return whether there was one."""
    if not place.ports():
        return False
    done = type_in(place, "down", "-o", "json")
    if done.returncode and _code(done) != "no_controller_here":
        raise DemoRefused(done.stderr.strip())
    return done.returncode == 0


def type_in(place: Place, *words: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end and return what it said."""
    return subprocess.run(  # noqa: S603 -- ours
        [str(JOBNET), *words],
        env=environment(place),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )


def drop_waits(place: Place, run: str, *, is_watched: Callable[[], bool]) -> None:
    """Let no wait for a time hold a run up: the order run-now, as an operator would give it."""
    until = time.monotonic() + NIGHT_SECONDS_MAX
    while is_watched():
        if time.monotonic() > until:
            raise DemoRefused(f"{run} takes longer than {NIGHT_SECONDS_MAX} s; jobnet why {run}")
        for part in _waits(place, run):
            type_in(place, "run-now", f"{run}/{part}", "--reason", "the demo does not wait")
        time.sleep(LOOK_SECONDS)


def _waits(place: Place, run: str) -> list[str]:
    shown = type_in(place, "run", "show", run, "-o", "json")
    if shown.returncode:
        return []
    parts: list[Mapping[str, Any]] = json.loads(shown.stdout)["parts"]
    return [part["key"] for part in parts if (part["kind"], part["state"]) == (WAIT, "waiting")]


def _code(done: subprocess.CompletedProcess[str]) -> str:
    """Return the code of a refusal, "" for none."""
    try:
        return str(json.loads(done.stdout)["error"]["code"]) if done.returncode else ""
    except (ValueError, KeyError, TypeError):
        return ""
