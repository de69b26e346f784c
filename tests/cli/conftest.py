"""A project whose jobs run on this machine, and the command as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from tests.cli.at_controller import Desk, desk

INVENTORY = "h1 ansible_connection=local ansible_python_interpreter=/usr/bin/python3\n"
SECONDS_MAX = 90


@dataclass(frozen=True)
class Place:
    """A project folder and a state home of its own."""

    project: Path
    home: Path

    def network(self, text: str, name: str = "night.yml") -> str:
        """Write a file of the project."""
        (self.project / name).write_text(dedent(text))
        return name

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the environment for a command of this place."""
        return {
            **os.environ,
            "JOBNET_HOME": str(self.home),
            "TERM": "xterm",
            "PYTHONUTF8": "1",
            "TZ": "Asia/Tokyo",
            "LOGNAME": "ann",
            **(more or {}),
        }

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run the command and wait for its end."""
        return subprocess.run(
            [sys.executable, "-m", "jobnet", *arguments],
            cwd=self.project,
            env=self.environment(more),
            capture_output=True,
            text=True,
            timeout=SECONDS_MAX,
            check=False,
            stdin=subprocess.DEVNULL,
        )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    project, home = tmp_path / "project", tmp_path / "home"
    project.mkdir()
    (project / "ansible.cfg").write_text("[defaults]\ninventory = hosts.ini\n")
    (project / "hosts.ini").write_text(INVENTORY)
    return Place(project=project, home=home)


@pytest.fixture
def at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Desk]:
    """Somebody who types commands against a controller."""
    with desk(tmp_path, monkeypatch, capsys) as sitting:
        yield sitting
