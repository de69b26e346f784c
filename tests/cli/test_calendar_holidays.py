"""The holidays of a calendar as a list to keep, and what a newer library says otherwise."""

import json
from datetime import date
from pathlib import Path

import pytest
from jobnet.cli.entry import run
from jobnet.cli.typed_days import today

OFFICE = """
kind: calendar
name: office
week: {open: [mon, tue, wed, thu, fri, sat, sun]}
holidays: {country: JP}
"""


@pytest.fixture
def project(tmp_path: Path) -> str:
    (tmp_path / "calendars.yml").write_text(OFFICE, encoding="utf-8")
    return str(tmp_path)


def new_year() -> str:
    return date(today().year + 1, 1, 1).isoformat()


def kept(project: str) -> Path:
    """Return a list that this release has written."""
    file = Path(project) / "holidays.json"
    assert run(["calendar", "holidays", "office", "--to", str(file), "--project", project]) == 0
    return file


def test_the_list_has_the_holidays_of_three_years(
    project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(["calendar", "holidays", "office", "--project", project])

    listed = json.loads(capsys.readouterr().out)
    assert status == 0
    assert listed["regions"]["JP"][new_year()] == "New Year's Day"
    assert [*listed["days"]] == [str(today().year + number) for number in range(3)]


def test_nothing_has_changed_since_a_list_of_the_same_release(
    project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = kept(project)

    status = run(["calendar", "holidays", "office", "--since", str(file), "--project", project])

    assert status == 0
    assert "No holidays changed between releases" in capsys.readouterr().out


def test_a_holiday_that_the_older_release_did_not_know_is_told_with_what_it_closes(
    project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = kept(project)
    old = json.loads(file.read_text(encoding="utf-8"))
    day = new_year()
    del old["regions"]["JP"][day]
    old["days"][day[:4]] = "1" + old["days"][day[:4]][1:]
    file.write_text(json.dumps(old | {"library": "0.1"}), encoding="utf-8")

    status = run(["calendar", "holidays", "office", "--since", str(file), "--project", project])

    told = capsys.readouterr().out
    assert status == 3
    assert f"{day} New Year's Day was added in JP: the day was open and is closed." in told
    assert "1 holiday changed between releases 0.1 and " in told


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"version": 9}', "[" * 100_000])
def test_a_file_that_is_no_list_is_refused(
    project: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = Path(project) / "list.json"
    file.write_text(text, encoding="utf-8")

    status = run(["calendar", "holidays", "office", "--since", str(file), "--project", project])

    assert status not in {0, 3}
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_list_that_is_not_there_is_refused(
    project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(["calendar", "holidays", "office", "--since", "gone", "--project", project])

    assert status not in {0, 3}
    assert "gone" in capsys.readouterr().err
