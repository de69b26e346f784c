"""`jobnet play --continue`, in this process: a play that was cut off goes on."""

import fcntl
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jobnet.cli.entry import run

from tests.cli.conftest import Place
from tests.journeys.playing import wait_until

NIGHT = """
kind: network
name: night
flow:
  - {id: first, wait_for: 1s}
  - {id: second, wait_for: 1h}
  - {id: third, wait_event: {name: never, timeout: 1h, on_timeout: continue}}
  - {id: fourth, dialog: {message: Go?, choices: {go: 0}}}
"""


@pytest.fixture(autouse=True)
def _here(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in place.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(place.project)


def folder(place: Place) -> Path:
    (found,) = (place.home / "runs").iterdir()
    return found


def entries(place: Place) -> list[dict[str, Any]]:
    lines = (folder(place) / "journal.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def cut_off(place: Place, *, after: str = "second") -> str:
    """Play until a part waits, and kill the play as nothing in it could help; return its run."""
    place.network(NIGHT)
    playing = subprocess.Popen(
        [sys.executable, "-m", "jobnet", "play", "night.yml", "-q"],
        cwd=place.project,
        env=place.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    journal = place.home / "runs"
    try:
        wait_until(lambda: any(_waits(each, after) for each in journal.glob("*/journal.jsonl")))
    finally:
        os.kill(playing.pid, signal.SIGKILL)
        playing.wait()
    return folder(place).name


def _waits(journal: Path, part: str) -> bool:
    text = journal.read_text()
    return '"PartWaited","version":1,"fact":{"at":' in text and f'"part":"{part}"' in text


def go_on(*options: str) -> int:
    return run(["play", "night.yml", "--continue", "@last", "--fast-forward", "-q", *options])


def test_a_run_that_was_cut_off_goes_on_to_its_end(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    name = cut_off(place)
    had = len(entries(place))

    status = go_on("--answer", "fourth=go")

    assert status == 3
    assert "1 parts had ended" in capsys.readouterr().err
    result = json.loads((folder(place) / "result.json").read_text())
    assert (result["run"], result["state"]) == (name, "warning")
    kinds = [entry["kind"] for entry in entries(place)]
    assert "RunReopened" not in kinds
    assert [
        each["fact"]["text"] for each in entries(place)[had:] if each["kind"] == "Commented"
    ] == ["its play was cut off before its end, and goes on"]
    ended = [e["fact"]["part"] for e in entries(place) if e["kind"] == "PartEnded"]
    assert ended == ["first", "second", "third", "fourth"]


def test_a_torn_last_line_is_left_out(place: Place) -> None:
    cut_off(place)
    with (folder(place) / "journal.jsonl").open("a") as journal:
        journal.write('{"position":99,"kind":"PartEnded","version":1,"fact":{"at":"20')

    assert go_on("--answer", "fourth=go") == 3


def test_a_rerun_of_it_names_the_command_that_goes_on(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    name = cut_off(place)

    assert run(["play", "--rerun", name, "--yes"]) == 1
    said = capsys.readouterr().err
    assert said.rstrip().endswith(f"jobnet play --continue {name}")
    assert run([*said.rstrip().split("jobnet ")[-1].split(), "--fast-forward", "-q"]) == 4


def test_only_one_process_can_go_on_with_it(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    cut_off(place)
    with (folder(place) / "journal.jsonl").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)

        assert go_on() == 1

    assert "being played by another process" in capsys.readouterr().err


def test_a_run_that_has_ended_was_not_cut_off(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    cut_off(place)
    assert go_on("--answer", "fourth=go") == 3

    assert go_on() == 1
    assert "it has ended; run it again with jobnet play --rerun" in capsys.readouterr().err


def test_a_run_that_was_cut_off_before_its_first_fact_is_played_anew(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    cut_off(place)
    (folder(place) / "journal.jsonl").write_text('{"position":1,"ki')

    assert go_on() == 1
    assert "the run was stopped before it began" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options", [("--failed",), ("-e", "a=1"), ("--hosts", "h1"), ("--held",), ("--check",)]
)
def test_what_would_change_the_run_is_refused(
    place: Place, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    place.network(NIGHT)

    assert go_on(*options) == 2
    assert "see jobnet play --help" in capsys.readouterr().err


def test_a_changed_definition_is_refused_until_it_is_wanted(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    cut_off(place)
    place.network(NIGHT.replace("timeout: 1h", "timeout: 2h"))

    assert go_on("--answer", "fourth=go") == 1
    assert "add --current" in capsys.readouterr().err
    assert go_on("--answer", "fourth=go", "--current") == 3
    (note,) = [e["fact"]["text"] for e in entries(place) if e["kind"] == "Commented"]
    assert note.startswith("its play was cut off before its end, and goes on; it goes on with")
