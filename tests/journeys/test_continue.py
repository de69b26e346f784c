"""A play is killed while its jobs are at work, and goes on: with real Ansible, counted."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.journeys.playing import Project, new_project, processes_with, wait_until

pytestmark = pytest.mark.journey

NIGHT = """
kind: network
name: night
outputs: {rows: "{{ parts.load.outputs.rows }}"}
flow:
  - id: load
    hosts: h1
    tasks:
      - shell: echo load >> FOLDER/seen
      - set_stats: {data: {rows: 7}}
  - parallel:
      branches:
        - flow:
            - id: careful
              hosts: h1
              on_error: continue
              on_lost: abnormal
              tasks:
                - shell: echo careful >> FOLDER/seen; while ! test -e FOLDER/go; do sleep 0.2; done
        - flow:
            - id: again
              hosts: h1
              on_lost: retry
              rerun: safe
              retry: {count: 1, delay: 1s}
              tasks:
                - shell: echo again >> FOLDER/seen; while ! test -e FOLDER/go; do sleep 0.2; done
        - flow:
            - id: file
              wait_file: {hosts: h1, path: FOLDER/go, existing: accept, poll: 1s}
  - id: report
    hosts: h1
    tasks:
      - shell: echo report {{ parts.load.outputs.rows }} >> FOLDER/seen
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = new_project(tmp_path)
    made.write("night.yml", NIGHT.replace("FOLDER", str(tmp_path)))
    return made


@contextmanager
def playing(project: Project) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "jobnet", "play", "night.yml", "-q"],
        cwd=project.folder,
        env={**os.environ, "JOBNET_HOME": str(project.folder / "home")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def seen(project: Project) -> list[str]:
    path = project.folder / "seen"
    return path.read_text().splitlines() if path.exists() else []


def test_what_had_ended_is_kept_what_was_at_work_is_judged_and_the_rest_runs_once(
    project: Project,
) -> None:
    with playing(project) as process:
        wait_until(lambda: {"careful", "again"} <= set(seen(project)), seconds=90)
        os.kill(process.pid, signal.SIGKILL)
    project.write("go", "")

    ended = project.run("play", "--continue", "@last", "-o", "json")

    assert ended.status == 3, ended.said
    assert sorted(seen(project)) == ["again", "again", "careful", "load", "report 7"]
    states = {part["key"]: part["state"] for part in ended.track["parts"]}
    assert (states["load"], states["again"], states["report"]) == ("normal", "normal", "normal")
    assert states["file"] == "normal"
    assert states["careful"] == "abnormal"
    assert "when its play was cut off" in ended.part("careful")["message"]
    assert ended.part("again")["attempt"] == 2
    assert ended.track["outputs"] == {"rows": 7}
    assert not processes_with(str(project.folder / "home"))


def test_a_job_that_was_about_to_begin_runs_once(project: Project) -> None:
    with playing(project) as process:
        journals = project.folder / "home" / "runs"
        wait_until(
            lambda: any("PartStarted" in each.read_text() for each in journals.glob("*/*.jsonl")),
            seconds=60,
        )
        os.kill(process.pid, signal.SIGKILL)
    project.write("go", "")

    ended = project.run("play", "--continue", "@last", "-o", "json")

    assert ended.track["parts"][0]["attempt"] == 1
    assert seen(project).count("load") <= 1
    if ended.part("load")["state"] == "normal":
        assert sorted(seen(project)) == ["again", "careful", "load", "report 7"]
    else:
        assert ended.part("load")["state"] == "lost"
