"""Plays a network with the real command, in a project of its own, without a terminal."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TIMEOUT_SECONDS = 120
INVENTORY = """\
[web]
h1 ansible_connection=local
h2 ansible_connection=local

[all:vars]
ansible_python_interpreter={python}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What a play has left: its exit status, what it said, and its track."""

    status: int
    said: str
    track: dict[str, Any]
    home: Path
    seconds: float

    def part(self, key: str) -> dict[str, Any]:
        """Return one part of the track."""
        found: dict[str, Any] = next(part for part in self.track["parts"] if part["key"] == key)
        return found


@dataclass(frozen=True, slots=True)
class Project:
    """A folder that Ansible knows: a configuration, two hosts of this machine."""

    folder: Path

    def write(self, name: str, text: str) -> Path:
        """Write a file of the project."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def play(self, text: str, *options: str, **environment: str) -> Played:
        """Write a network and play it; the track is empty where nothing was started."""
        network = self.write("night.yml", text)
        return self.run("play", network.name, "-o", "json", *options, **environment)

    def run(self, *arguments: str, **environment: str) -> Played:
        """Run the command in the project."""
        home = self.folder / "home"
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "jobnet", *arguments],
            cwd=self.folder,
            env={**os.environ, "JOBNET_HOME": str(home), **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        track = json.loads(done.stdout) if done.stdout.startswith("{") else {}
        return Played(
            status=done.returncode,
            said=done.stdout + done.stderr,
            track=track,
            home=home,
            seconds=time.monotonic() - began,
        )


def new_project(folder: Path) -> Project:
    """Make a project whose only hosts are this machine, twice."""
    project = Project(folder)
    folder.chmod(0o755)
    project.write("ansible.cfg", "[defaults]\ninventory = hosts.ini\n")
    project.write("hosts.ini", INVENTORY.format(python=sys.executable))
    return project


def processes_with(mark: str) -> list[str]:
    """Return the command lines of this machine's processes that hold a text."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # it has ended meanwhile
        if mark in line and "pytest" not in line:
            found.append(line)
    return found


def wait_until(is_so: Callable[[], bool], *, seconds: float = 40) -> None:
    """Look again and again until it is so; fail when it has not become so in time."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not is_so():
        assert time.monotonic() < deadline, "it has not become so in time"
        pause.wait(0.05)
