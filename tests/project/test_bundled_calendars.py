from pathlib import Path

import pytest
from jobnet.errors.calendars import CalendarIncomplete
from jobnet.project import bundle, read_file, select_network
from jobnet.project.bundled_calendars import calendars_of

BASES = """\
---
kind: calendar
name: bare
days: {2026-12-31: closed}
---
kind: calendar
name: office
extends: bare
week: {open: [mon]}
---
kind: calendar
name: shop
union: [office, office]
"""
BRANCH = "{calendar_branch: {calendar: shop, cases: [{on: open, flow: []}], else: []}}"


def written(tmp_path: Path, calendar: str, part: str) -> Path:
    (tmp_path / "ansible.cfg").touch()
    file = tmp_path / "net.yml"
    file.write_text(f"kind: network\nname: net\ncalendar: {calendar}\nflow: [{part}]\n{BASES}")
    return file


def test_calendars_that_are_named_are_made_and_what_they_extend_needs_no_week(
    tmp_path: Path,
) -> None:
    reading = read_file(written(tmp_path, "office", BRANCH))

    made = bundle(reading, select_network(reading, None))

    assert sorted(made.calendars) == ["bare", "office", "shop"]
    assert sorted(calendars_of(made)) == ["office", "shop"]


def test_a_network_that_names_a_calendar_without_a_week_is_refused(tmp_path: Path) -> None:
    reading = read_file(written(tmp_path, "bare", "{wait_for: 1s}"))

    made = bundle(reading, select_network(reading, None))

    with pytest.raises(CalendarIncomplete):
        calendars_of(made)
