"""Calendars on the command line: of a controller, and of files without any."""

import json
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest
from jobnet.cli.entry import run

from tests.cli.at_controller import Desk

OFFICE = """
kind: calendar
name: head_office
title: The head office
week: {open: [mon, tue, wed, thu, fri]}
days: {2026-05-04: closed, 2026-05-09: open}
timezone: Asia/Tokyo
valid: {from: 2026-01-01, to: 2026-12-20}
"""
MAY = """\
May 2026
 Mon  Tue  Wed  Thu  Fri  Sat  Sun
                      1  [ 2] [ 3]
[ 4]   5    6    7    8    9  [10]
 11   12   13   14   15  [16] [17]
 18   19   20   21   22  [23] [24]
 25   26   27   28   29  [30] [31]
21 open, 10 closed [in brackets]
"""


@pytest.fixture
def project(tmp_path: Path) -> str:
    (tmp_path / "calendars.yml").write_text(dedent(OFFICE), encoding="utf-8")
    return str(tmp_path)


def test_a_month_is_shown_as_a_sheet_with_its_special_days(
    project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(["calendar", "show", "head_office", "--month", "2026-05", "--project", project])

    told = capsys.readouterr().out
    assert status == 0
    assert MAY in told
    assert "Sat 2026-05-09 open (single date, calendar head_office)" in told


def test_days_of_which_nothing_is_known_are_marked(
    project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["calendar", "show", "head_office", "--month", "2026-12", "--project", project])

    told = capsys.readouterr().out
    assert "?21?" in told
    assert "11 unknown" in told
    assert told.count("says nothing about") == 1


def test_a_day_is_explained(project: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(["calendar", "explain", "head_office", "2026-05-05", "--project", project])

    told = capsys.readouterr().out.splitlines()
    assert told[0] == "Tue 2026-05-05 is open (week, calendar head_office)"
    assert told[-2:] == [
        "The previous open day is Fri 2026-05-01.",
        "The next open day is Wed 2026-05-06.",
    ]


def test_a_document_of_files_has_no_addresses(
    project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["calendar", "list", "--project", project, "-o", "json"])

    (found,) = json.loads(capsys.readouterr().out)["items"]
    assert (found["name"], found["related"]) == ("head_office", {})


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        (("show", "head_ofice"), 1),
        (("show", "head_office", "--month", "26-5"), 2),
        (("explain", "head_office", "2026-5-5"), 2),
    ],
)
def test_what_cannot_be_understood_is_refused(
    project: str, typed: tuple[str, ...], status: int
) -> None:
    assert run(["calendar", *typed, "--project", project]) == status


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert run(["calendar", "list", "--project", str(tmp_path / "gone")]) == 1


def test_an_exported_calendar_is_imported_as_the_same_days(
    project: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    span = ["--from", "2026-05-01", "--until", "2026-05-31"]
    there = str(tmp_path / "days.ics")

    exported = run(
        ["calendar", "export", "head_office", *span, "--to", there, "--project", project]
    )
    again = run(["calendar", "export", "head_office", *span, "--to", there, "--project", project])
    capsys.readouterr()
    imported = run(["calendar", "import", there, "--name", "copy", *span, "--zone", "Asia/Tokyo"])

    told = capsys.readouterr().out
    assert (exported, again, imported) == (0, 1, 0)
    assert "name: copy" in told
    assert "2026-05-04: closed" in told
    assert "2026-05-09: open" in told
    assert 'timezone: "Asia/Tokyo"' in told


def test_what_is_imported_is_a_calendar_that_can_be_asked(
    project: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    span = ["--from", "2026-05-01", "--until", "2026-05-31"]
    there, document = str(tmp_path / "days.ics"), str(tmp_path / "copy.yml")
    run(["calendar", "export", "head_office", *span, "--to", there, "--project", project])

    run(["calendar", "import", there, "--name", "copy", *span, "--to", document])
    capsys.readouterr()
    run(["calendar", "show", "copy", "--month", "2026-05", "--project", document])

    assert MAY in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"", b"kind: calendar", b"\xff\xfe", b"BEGIN:VCALENDAR"])
def test_a_file_that_is_no_calendar_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "days.ics").write_bytes(content)

    assert run(["calendar", "import", str(tmp_path / "days.ics"), "--name", "copy"]) == 1


def test_what_is_left_out_of_an_import_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        "DTSTART:20260504T100000Z\r\nDTEND:20260504T110000Z\r\nSUMMARY:A meeting\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    (tmp_path / "days.ics").write_text(text, encoding="utf-8")

    status = run(["calendar", "import", str(tmp_path / "days.ics"), "--name", "copy"])

    assert status == 3
    assert "left out: " in capsys.readouterr().err


def test_a_calendar_with_something_odd_ends_with_a_status_of_its_own(
    project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(["calendar", "check", "head_office", "--project", project, "-o", "json"])

    found = json.loads(capsys.readouterr().out)
    assert status == (3 if found["items"] else 0)
    assert found["sisters"] == []
    assert run(["calendar", "check", "head_office", "--country", "XX", "--project", project]) == 1


@pytest.mark.parts
def test_a_controller_gives_the_same_answers(at: Desk) -> None:
    at.write(OFFICE, "calendars.yml")
    at.say("apply", ".", "--base", str(at.project))

    shown = at.say("calendar", "show", "head_office", "--month", "2026-05")
    day = at.type("calendar", "explain", "head_office", "2026-05-04", "-o", "json").document

    assert MAY in shown
    assert (day["day"]["state"], day["day"]["day"]) == ("closed", str(date(2026, 5, 4)))
    assert "The head office" in at.say("calendar", "list")
