"""The last lines of a failed play: the command that continues it is pasted and works."""

import json
import shlex
from pathlib import Path

import pytest
from jobnet.cli.entry import run

from tests.cli.conftest import Place

FAILS = """
kind: network
name: night
flow:
  - {id: first, wait_for: 1s}
  - {id: bad, wait_event: {name: never, timeout: 1m}}
  - {id: last, wait_for: 1s}
"""
LATE = """
kind: network
name: night
flow:
  - {id: slow, wait_for: 2h, end_by: "+1h"}
"""
CANCELLED = """
kind: network
name: night
flow:
  - {id: ask, dialog: {message: Go?, choices: {go: 0}}}
  - {id: last, wait_for: 1s}
"""
NIGHT = """
kind: network
name: night
owner: storage-team
runbook: docs/night.md
late_end: "+1s"
flow:
  - {id: first, wait_for: 2s}
  - {id: bad, wait_event: {name: never, timeout: 1m}, runbook: docs/bad.md}
  - {id: middle, wait_for: 1s}
  - {id: last, wait_for: 1s}
"""
TYPO = """
kind: network
name: night
flow:
  - {id: first, wait_for: 1s}
  - id: load
    hosts: h1
    tasks:
      - name: Both
        ansible.builtin.command: echo
        nosuch: 1
"""


@pytest.fixture(autouse=True)
def _here(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in place.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(place.project)


def played(place: Place, text: str, capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    """Play a network that fails and return its last lines."""
    place.network(text)
    assert run(["play", "night.yml", "--fast-forward", "-q", *options]) == 4
    return capsys.readouterr().out.splitlines()


def next_command(lines: list[str]) -> list[str]:
    name, command = lines[-1].split(maxsplit=1)
    assert name == "next:"
    return shlex.split(command)


def test_a_failed_run_names_the_command_that_runs_the_failed_parts_again(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    command = next_command(played(place, FAILS, capsys))

    assert command[:3] == ["jobnet", "play", "--rerun"]
    assert command[4:] == ["--failed", "--fast-forward"]
    assert run([*command[1:], "-q"]) == 4
    assert capsys.readouterr().out.splitlines()[-1].split(maxsplit=1)[1] == shlex.join(command)
    (folder,) = (place.home / "runs").iterdir()
    assert (folder / "journal.jsonl").read_text().count("RunReopened") == 1


def test_the_output_of_the_failure_is_one_command_away(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = played(place, FAILS, capsys)

    (output,) = [line for line in lines if line.startswith("output: less ")]
    assert Path(shlex.split(output)[-1]).read_text()


def test_a_run_that_nobody_answered_goes_on_at_the_question(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    command = next_command(played(place, CANCELLED, capsys))

    assert run([*command[1:], "-q", "--answer", "ask=go"]) == 0


def test_a_part_that_ended_by_its_deadline_says_so_to_programs(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = played(place, LATE, capsys, "-o", "json")

    (part,) = json.loads("\n".join(lines))["parts"]
    assert (part["state"], part["reason"]) == ("abnormal", "end_by")


def test_a_job_that_did_not_start_is_told_where_its_author_wrote_it(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = played(place, TYPO, capsys)

    assert "night.yml:9)" in lines[0]
    assert "play.jobnet.yml" not in "\n".join(lines)


def test_whoever_reads_the_end_of_a_bad_night_sees_what_is_not_done_and_who_knows_what_to_do(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = played(place, NIGHT, capsys)

    assert ": Abnormal, late end in " in lines[0]
    assert lines[1:4] == [
        "not done: middle, last",
        "owner:   storage-team",
        "runbook: docs/bad.md, docs/night.md",
    ]


def test_a_good_end_says_nothing_of_it(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.network(NIGHT.replace("timeout: 1m", "timeout: 1m, on_timeout: continue"))

    assert run(["play", "night.yml", "--fast-forward", "-q"]) == 3

    said = capsys.readouterr().out
    assert "not done" not in said
    assert "runbook" not in said
