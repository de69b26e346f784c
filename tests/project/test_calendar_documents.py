"""Calendar documents: every key is read, and what cannot be is told at its place."""

from datetime import date
from pathlib import Path

import jsonschema
import pytest
import yaml
from jobnet.calendars import (
    CalendarDefinition,
    CalendarVersion,
    Combination,
    DayState,
    HolidayRule,
    SetOperation,
    Shift,
    Weekday,
    compile_calendar,
)
from jobnet.ids import NetworkName
from jobnet.project import bundle, read_file, read_project, schemas

MON_TO_FRI = frozenset(list(Weekday)[:5])
WHOLE = """\
kind: calendar
name: head_office
title: Head office
extends: group_calendar
week: {open: [mon, tue, wed, thu, fri]}
months: {december: {week: {open: [mon, sat]}}}
holidays: {country: JP, closed: yes}
days: {2026-12-31: closed, 2027-01-09: open}
versions:
  - from: 2027-04-01
    week: {open: mon}
  - from: 2028-01-01
    months: {}
    holidays: {country: DE, subdivision: BY, closed: no}
base_time: "06:00"
month_starts_on: 21
timezone: Asia/Tokyo
valid: {from: 2026-01-01, to: 2029-12-31}
"""


def read(tmp_path: Path, text: str) -> CalendarDefinition | str:
    """Return the calendar of a text, or what is wrong with it, with its line."""
    (tmp_path / "c.yml").write_text(text)
    (document,) = read_file(tmp_path / "c.yml").documents
    if isinstance(document.value, CalendarDefinition):
        return document.value
    (problem,) = document.problems
    return f"{problem.position.line}: {problem.what} {problem.hint}"


def test_every_key_of_a_calendar_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, WHOLE)

    assert isinstance(found, CalendarDefinition)
    assert (found.week, found.months) == (MON_TO_FRI, {12: frozenset({Weekday.MON, Weekday.SAT})})
    assert found.holidays == HolidayRule(country="JP")
    assert found.days[date(2026, 12, 31)] is DayState.CLOSED
    assert found.versions == (
        CalendarVersion(start=date(2027, 4, 1), week=frozenset({Weekday.MON})),
        CalendarVersion(
            start=date(2028, 1, 1),
            months={},
            holidays=HolidayRule(country="DE", subdivision="BY", closed=False),
        ),
    )
    assert (found.extends, found.title, found.derived) == ("group_calendar", "Head office", None)


@pytest.mark.parametrize(
    ("line", "derived"),
    [
        ("union: [a, b]", Combination(operation=SetOperation.UNION, calendars=("a", "b"))),
        ("minus: [a, b, c]", Combination(operation=SetOperation.MINUS, calendars=("a", "b", "c"))),
        (
            "intersection: [a, x.b]",
            Combination(operation=SetOperation.INTERSECTION, calendars=("a", "x.b")),
        ),
        (
            "shift: {calendar: a, by: b, open_days: -2}",
            Shift(calendar="a", by="b", distance=-2),
        ),
        ("shift: {calendar: a, days: 3}", Shift(calendar="a", distance=3)),
    ],
)
def test_each_way_to_derive_a_calendar_is_read(
    tmp_path: Path, line: str, derived: Combination | Shift
) -> None:
    text = f"kind: calendar\nname: c\n{line}\n"

    found = read(tmp_path, text)

    assert isinstance(found, CalendarDefinition)
    assert found.derived == derived
    jsonschema.Draft202012Validator(schemas()["calendar"]).validate(yaml.safe_load(text))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("union: [a, b]", "minus: [a, b]"), "4: Calendar 'c', minus: union stands beside it"),
        (("union: a",), "3: Calendar 'c', union: write 2 to 16 calendars"),
        (("union: [a, b]", "week: {open: [mon]}"), "3: Calendar 'c', union: week stands beside it"),
        (("shift: {calendar: a}",), "3: Calendar 'c', shift: write either days, or open_days"),
        (("shift: {calendar: a, open_days: 1}",), "3: Calendar 'c', shift: write either days"),
        (("shift: {calendar: a, by: b, days: 1}",), "3: Calendar 'c', shift: write either days"),
        (("shift: {calendar: a, days: 0}",), "3: Calendar 'c', shift: days are moved by 1 to 366"),
        (
            ("shift: {calendar: a, by: b, days: 1, open_days: 1}",),
            "3: Calendar 'c', shift: write either days",
        ),
        (("shift: {days: 1}",), "3: "),
        (("minus: {a: b}",), "3: "),
        (
            ("week: {open: [mon]}", "versions: [{from: 2027-01-01}]"),
            "4: Calendar 'c', versions: the version from 2027-01-01 changes nothing",
        ),
        (
            (
                "versions:",
                "- {from: 2027-01-01, week: {open: [mon]}}",
                "- {from: 2026-01-01, week: {open: [mon]}}",
            ),
            "4: Calendar 'c', versions: 2026-01-01 does not come after 2027-01-01",
        ),
        (("versions: [{week: {open: [mon]}}]",), "3: "),
        (("versions: [{from: 2027-01-01, days: {2027-01-02: open}}]",), "3: "),
    ],
)
def test_a_calendar_that_cannot_be_is_told_at_its_line(
    tmp_path: Path, lines: tuple[str, ...], said: str
) -> None:
    found = read(tmp_path, "\n".join(("kind: calendar", "name: c", *lines, "")))

    assert isinstance(found, str)
    assert found.startswith(said)


def test_a_bundle_carries_every_calendar_that_a_derived_one_needs(tmp_path: Path) -> None:
    week = "week: {open: [mon, tue]}\n"
    files = {
        "x/y/net.yml": "kind: network\nname: net\ncalendar: both\nflow: [{wait_for: 1s}]\n",
        "x/both.yml": "kind: calendar\nname: both\nminus: [plant, holidays]\n",
        "x/plant.yml": f"kind: calendar\nname: plant\nextends: group\n{week}",
        "x/holidays.yml": "kind: calendar\nname: holidays\n"
        "shift: {calendar: group, by: plant, open_days: 1}\n",
        "group.yml": "kind: calendar\nname: group\nweek: {open: [mon]}\n"
        "days: {2026-06-01: closed}\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    made = bundle(read_project([tmp_path]), NetworkName("x/y/net"))

    assert sorted(made.calendars) == ["group", "x/both", "x/holidays", "x/plant"]
    calendar = compile_calendar(made.calendars["x/both"], parents=made.calendars)
    opened = calendar.open_days_between(date(2026, 6, 1), date(2026, 6, 9))
    assert [str(one) for one in opened] == ["2026-06-02", "2026-06-08"]
    assert made.calendars["x/both"].derived == Combination(
        operation=SetOperation.MINUS, calendars=("x/plant", "x/holidays")
    )
