"""Schedules on the command line: of files without a controller, and of a controller."""

import json
from pathlib import Path
from textwrap import dedent

import pytest
from jobnet.cli.entry import run

from tests.cli.at_controller import Desk

MONTHLY = """
kind: calendar
name: head_office
week: {open: [mon, tue, wed, thu, fri]}
days: {2026-05-29: closed}
timezone: Asia/Tokyo
---
kind: network
name: backup
flow:
  - {id: pause, wait_for: 1m}
---
kind: schedule
name: month_end
title: The end of the month
networks: [backup]
calendar: head_office
rules:
  - {nth_open_day: -1, at: ["21:55", "25:30"]}
"""
CHANGES = 7


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "backup.yml").write_text(dedent(MONTHLY), encoding="utf-8")
    return folder


def typed(*arguments: str | Path) -> int:
    return run([str(one) for one in arguments])


def test_a_day_with_starts_is_explained(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typed("schedule", "explain", "month_end", "2026-05-28", "--project", project)

    told = capsys.readouterr().out
    assert told.startswith("month_end starts on Thu 2026-05-28.\nrule 1:\n")
    assert "Planned: backup Thu 2026-05-28 25:30 (Fri 01:30 JST)" in told
    assert "candidate Thu 2026-05-28 is open (week, calendar head_office)" in told


def test_a_day_without_starts_says_why(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = typed("schedule", "explain", "month_end", "2026-05-29", "--project", project)

    told = capsys.readouterr().out
    assert status == 0
    assert told.startswith("month_end starts nothing on Fri 2026-05-29.")
    assert "Fri 2026-05-29 is closed (single date, calendar head_office)" in told


def test_the_next_starts_are_listed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typed("schedule", "next", "month_end", "-n", "3", "--project", project, "-o", "json")

    items = json.loads(capsys.readouterr().out)["items"]
    assert len(items) == 3
    assert [one["key"]["nominal"] for one in items[:2]] in (["21:55", "25:30"], ["25:30", "21:55"])
    assert sorted(one["start"] for one in items) == [one["start"] for one in items]


def test_a_schedule_is_shown_with_what_comes_next(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed("schedule", "show", "month_end", "--project", project)

    told = capsys.readouterr().out
    assert "starts backup in the zone Asia/Tokyo" in told
    assert "1 rule, misfire run_latest" in told
    assert told.count("backup\n") == 5


def test_a_schedule_that_gives_no_starts_says_why(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (project / "backup.yml").read_text().replace("calendar: head_office", "calendar: hed")
    (project / "backup.yml").write_text(text)

    shown = typed("schedule", "show", "month_end", "--project", project)
    following = typed("schedule", "next", "month_end", "--project", project)

    said = capsys.readouterr()
    assert (shown, following) == (0, 1)
    assert "It gives no starts: No calendar is called `hed`" in said.out
    assert "No calendar is called `hed`" in said.err


def test_two_folders_with_the_same_plan_differ_in_nothing(project: Path) -> None:
    assert typed("schedule", "diff", "--project", project, "--against", project) == 0


def test_two_folders_with_other_plans_end_with_a_status_of_its_own(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    text = dedent(MONTHLY).replace("21:55", "22:10")
    (other / "backup.yml").write_text(text, encoding="utf-8")

    status = typed("schedule", "diff", "--project", other, "--against", project, "-o", "json")

    found = json.loads(capsys.readouterr().out)
    assert status == CHANGES
    assert {one["key"]["nominal"] for one in found["added"]} == {"22:10"}
    assert {one["key"]["nominal"] for one in found["removed"]} == {"21:55"}
    assert len(found["added"]) == len(found["removed"]) >= 12


def test_a_folder_that_cannot_be_read_is_no_empty_plan(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "backup.yml").write_text("kind: schedule\nname: odd\nrules: 3\n", encoding="utf-8")

    assert typed("schedule", "diff", "--project", project, "--against", other) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("x.yml", "--against", "y"),
        ("--project", "x"),
        ("x.yml", "--project", "y", "--against", "z"),
    ],
)
def test_a_comparison_with_nothing_to_compare_is_refused(arguments: tuple[str, ...]) -> None:
    assert typed("schedule", "diff", *arguments) == 2


@pytest.mark.parts
def test_a_controller_gives_the_same_answers(at: Desk, project: Path) -> None:
    at.write(MONTHLY, "backup.yml")
    at.say("apply", ".", "--base", str(at.project))

    for words in (("next", "month_end"), ("explain", "month_end", "2026-05-28")):
        over_there = at.say("schedule", *words)
        here = at.say("schedule", *words, "--project", str(project))
        assert over_there == here
    assert "The end of the month" in at.say("schedule", "list")
    assert "starts backup in the zone Asia/Tokyo" in at.say("schedule", "show", "month_end")
