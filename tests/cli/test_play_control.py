"""`jobnet play-control`: a play in one process, operated from another."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import SECONDS_MAX, Place
from tests.journeys.playing import wait_until

NIGHT = """
kind: network
name: night
flow:
  - {id: pause, wait_for: 2h}
  - {id: check, wait_for: 1s}
  - {id: report, wait_for: 1s}
"""


@contextmanager
def playing(
    place: Place, *options: str, text: str = NIGHT, until: str = "PartWaited"
) -> Iterator[subprocess.Popen[str]]:
    """Play the night without a terminal; it is ended by its own pid if it has not ended."""
    place.network(text)
    process = subprocess.Popen(
        [sys.executable, "-m", "jobnet", "play", "night.yml", "--plain", *options],
        cwd=place.project,
        env=place.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_until(lambda: bool(list(place.home.glob("runs/*/control.*"))))
        wait_until(lambda: until in journal(place))
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=SECONDS_MAX)


def journal(place: Place) -> str:
    (path,) = place.home.glob("runs/night-*/journal.jsonl")
    return path.read_text()


def test_a_running_play_is_operated_to_its_end(place: Place) -> None:
    with playing(place) as play:
        status = place.run("play-control", "@last", "status", "-o", "json")
        text = place.run("play-control", "@last", "status")
        held = place.run("play-control", "@last", "hold", "report", "--reason", "ask the bank")
        skipped = place.run("play-control", "@last", "skip", "check")
        refused = place.run("play-control", "@last", "skip", "nobody")
        unsaid = place.run("play-control", "@last", "kill")
        now = place.run("play-control", "@last", "run-now", "pause", "--key", "once")
        wait_until(lambda: "PartHeld" in journal(place))
        released = place.run("play-control", "@last", "release", "report", "-o", "json")
        play.wait(timeout=SECONDS_MAX)

    standing = json.loads(status.stdout)
    assert standing["state"] == "running"
    assert [wait["part"] for wait in standing["waiting_on"]] == ["pause"]
    assert "waits: pause for time" in text.stdout
    assert held.stdout.startswith("Hold: report does not start before it is released")
    assert "Skip: report starts when the turn of check has come" in skipped.stdout
    assert (refused.returncode, unsaid.returncode) == (1, 1)
    assert "no such part" in refused.stderr
    assert "add --yes" in unsaid.stderr
    assert (now.returncode, json.loads(released.stdout)["done"][:8]) == (0, "Release:")
    assert play.returncode == 0
    assert '"reason":"ask the bank"' in journal(place)
    assert not list(place.home.glob("runs/*/control*"))


def test_a_play_is_killed_from_a_second_terminal(place: Place) -> None:
    with playing(place) as play:
        done = place.run("play-control", "@last", "kill", "--yes")
        play.wait(timeout=SECONDS_MAX)

    assert (done.returncode, play.returncode) == (0, 4)


def test_a_rerun_that_is_held_waits_for_its_release(place: Place) -> None:
    short = NIGHT.replace("2h", "1s")
    place.network(short)
    first = place.run("play", "night.yml", "--fast-forward")

    with playing(place, "--from", "report", "--held", text=short, until="PartHeld") as play:
        twice = place.run("play", "night.yml", "--failed")
        released = place.run("play-control", "@last", "release", "report")
        play.wait(timeout=SECONDS_MAX)

    assert (first.returncode, released.returncode, play.returncode) == (0, 0, 0)
    assert "is being played by another process" in twice.stderr


def test_the_last_run_is_the_one_that_is_played(place: Place) -> None:
    place.network(NIGHT.replace("2h", "1s").replace("night", "other"), "other.yml")

    with playing(place):
        other = place.run("play", "other.yml", "--fast-forward")
        done = place.run("play-control", "@last", "status")

    assert other.returncode == 0
    assert done.stdout.startswith("night-")


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["status"], 1, "is not being played"),
        (["explode"], 2, "There is no order 'explode'"),
        (["skip", "check", "value"], 2, "takes no value"),
        (["answer", "check"], 2, "needs a choice"),
        (["set-priority", "check", "high"], 2, "no whole number"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(
    place: Place, arguments: list[str], status: int, says: str
) -> None:
    folder: Path = place.home / "runs" / "night-2026-05-29-2155"
    folder.mkdir(parents=True)
    (folder / "journal.jsonl").touch()

    done = place.run("play-control", folder.name, *arguments)

    assert done.returncode == status
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_nobody_is_reached_where_no_run_is(place: Place) -> None:
    done = place.run("play-control", "@last", "status", HOME=os.devnull)

    assert done.returncode == 1
    assert "There is no run" in done.stderr


HELD = """
kind: network
name: night
flow:
  - {id: pause, wait_for: 2h}
  - id: load
    hosts: h1
    ansible.builtin.command: test -e FOLDER/there
    on_error: hold
  - {id: report, wait_for: 1s}
"""


def test_a_part_that_waits_for_a_decision_runs_again_when_somebody_says_yes(place: Place) -> None:
    text = HELD.replace("FOLDER", str(place.project))
    with playing(place, text=text) as play:
        active = place.run("play-control", "@last", "rerun", "pause", "--yes")
        place.run("play-control", "@last", "run-now", "pause")
        wait_until(lambda: "OperatorAwaited" in journal(place))
        (place.project / "there").touch()
        unsaid = place.run("play-control", "@last", "rerun", "load")
        done = place.run("play-control", "@last", "rerun", "load", "--yes")
        play.wait(timeout=SECONDS_MAX)

    assert (active.returncode, unsaid.returncode, done.returncode) == (1, 1, 0)
    assert "still active: pause" in active.stderr
    assert "load asks before it runs again" in unsaid.stdout
    assert "add --yes" in unsaid.stderr
    assert done.stdout.startswith("Rerun: load, report as new attempts; 1 parts are carried.")
    assert play.returncode == 0
