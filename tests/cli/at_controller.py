"""The command as it is typed, against a controller of this process whose jobs are scripts."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from jobnet.cli.entry import run
from jobnet.ports.projects import Projects
from jobnet.testing import Script

from tests.rest.serving import TOKEN, Served, eventually, served

NIGHT = """
kind: network
name: night
title: The night
flow:
  - {id: load, name: Load, hosts: h, queue: tape, ansible.builtin.command: x}
  - {id: ask, dialog: {message: Go on?, choices: {'yes': 0, 'no': 8}}}
  - {id: pause, wait_for: 5h}
  - {id: report, hosts: h, ansible.builtin.command: x}
"""
QUICK = {"load": Script(seconds=0, output="loaded\n"), "report": Script(seconds=0)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a command came to."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:  # noqa: ANN401 - JSON
        """Return what ``-o json`` printed."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody who types commands, without a terminal."""

    served: Served
    capture: pytest.CaptureFixture[str]
    project: Path

    def type(self, *arguments: str) -> Typed:
        """Run a command in this process."""
        status = run(arguments)
        said = self.capture.readouterr()
        return Typed(status=status, out=said.out, err=said.err)

    def say(self, *arguments: str) -> str:
        """Run a command that must do what was asked, and return what it printed."""
        done = self.type(*arguments)
        assert done.status == 0, done.err
        return done.out

    def write(self, text: str, name: str = "night.yml") -> None:
        """Write a file of the project."""
        (self.project / name).write_text(dedent(text), encoding="utf-8")

    def started(self, network: str = "night", at: str = "ask") -> str:
        """Start a run and return its id once one of its parts asks or waits."""
        started = self.say("start", network).strip()
        self.until(started, at, {"prompting", "waiting", "held"})
        return started

    def until(self, run_id: str, part: str, states: set[str]) -> None:
        """Wait until a part of a run is in one of these states."""
        eventually(lambda: self._state(run_id, part) in states)

    def _state(self, run_id: str, part: str) -> object:
        """Return the state of a part, None while the run has not begun."""
        answer = self.served.client.get(f"/runs/{run_id}/parts/{part}")
        return answer.json()["state"] if answer.is_success else None


@contextmanager
def desk(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capture: pytest.CaptureFixture[str],
    scripts: Mapping[str, Script | Sequence[Script]] | None = None,
    projects: Projects | None = None,
) -> Iterator[Desk]:
    """Serve a controller and let somebody sit down; the night is applied."""
    project = folder / "project"
    project.mkdir()
    with served(folder, QUICK if scripts is None else scripts, projects=projects) as found:
        for name, value in {
            "JOBNET_URL": found.url,
            "JOBNET_TOKEN": TOKEN,
            "JOBNET_HOME": str(folder / "home"),
            "TZ": "Asia/Tokyo",
        }.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(project)
        sitting = Desk(found, capture, project)
        sitting.write(NIGHT)
        sitting.say("apply", ".", "--base", str(project))
        yield sitting
