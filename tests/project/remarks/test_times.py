"""Clock times below the beginning of the day, in the hour that summer time takes, calendars."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobnet.calendars import ClockTime, find_zone, instants_at
from jobnet.project import Level, lint, read_project
from jobnet.project.remarks.times import gap_days

TODAY = date(2026, 11, 22)
BERLIN = "timezone: Europe/Berlin\n"
GAP = ["clock_in_gap"]
WEEK = "week: {open: [mon, tue, wed, thu, fri]}"
EVERY = "week: {open: [mon, tue, wed, thu, fri, sat, sun]}"


def codes(folder: Path, text: str, *, calendar: str = "", today: date | None = TODAY) -> list[str]:
    (folder / "ansible.cfg").touch()
    (folder / "net.yml").write_text(f"kind: network\nname: net\n{text}\n")
    if calendar:
        (folder / "days.yml").write_text(f"kind: calendar\nname: days\n{calendar}\n")
    return [one.code for one in lint(read_project([folder]), today=today)]


def flow(text: str) -> str:
    return f"flow: [{text}]"


@pytest.mark.parametrize(
    "text",
    [
        flow('{wait_until: "05:00"}'),
        flow('{wait_for: 1s, end_by: "05:00"}'),
        flow('{wait_for: 1s, latest_start: {at: "05:59", then: skip}}'),
        'late_end: "05:00"\n' + flow("{wait_for: 1s}"),
    ],
)
def test_a_time_below_the_base_time_is_an_error(tmp_path: Path, text: str) -> None:
    found = codes(tmp_path, f"calendar: days\n{text}", calendar=f'{WEEK}\nbase_time: "06:00"')

    assert found == ["clock_below_base_time"]


def test_a_base_time_is_inherited_from_the_calendar_above(tmp_path: Path) -> None:
    (tmp_path / "group.yml").write_text(
        f'kind: calendar\nname: group\n{WEEK}\nbase_time: "06:00"\n'
    )

    found = codes(
        tmp_path, 'calendar: days\nflow: [{wait_until: "05:00"}]', calendar="extends: group"
    )

    assert found == ["clock_below_base_time"]


@pytest.mark.parametrize("clock", ["06:00", "29:59"])
def test_a_time_of_the_day_is_none(tmp_path: Path, clock: str) -> None:
    text = f'calendar: days\nflow: [{{wait_until: "{clock}"}}]'

    assert not codes(tmp_path, text, calendar=f'{WEEK}\nbase_time: "06:00"')


@pytest.mark.parametrize(
    ("text", "calendar", "expected"),
    [
        (BERLIN + flow('{wait_until: "02:30"}'), "", ["clock_in_gap"]),
        (BERLIN + flow('{wait_until: "26:30"}'), "", ["clock_in_gap"]),
        (BERLIN + flow('{wait_until: "03:00"}'), "", []),
        (flow('{wait_until: "02:30"}'), "", []),
        ("timezone: Asia/Tokyo\n" + flow('{wait_until: "02:30"}'), "", []),
        ("calendar: days\n" + flow('{wait_until: "02:30"}'), f"{EVERY}\n{BERLIN}", GAP),
        ("calendar: days\n" + flow('{wait_until: "02:30"}'), f"{WEEK}\n{BERLIN}", []),
    ],
)  # fmt: skip
def test_a_time_in_the_hour_that_summer_time_takes_is_told(
    tmp_path: Path, text: str, calendar: str, expected: list[str]
) -> None:
    assert codes(tmp_path, text, calendar=calendar) == expected


def test_without_a_day_nothing_is_said_about_days(tmp_path: Path) -> None:
    text = BERLIN + flow('{wait_until: "02:30"}')

    assert not codes(tmp_path, text, calendar=f"{WEEK}\nvalid: {{to: 2020-01-01}}", today=None)


@pytest.mark.parametrize(
    ("days", "expected"), [(-1, ["calendar_ends"]), (60, ["calendar_ends"]), (61, [])]
)
def test_a_calendar_that_ends_within_sixty_days_is_told(
    tmp_path: Path, days: int, expected: list[str]
) -> None:
    end = TODAY + timedelta(days=days)

    found = codes(tmp_path, flow("{wait_for: 1s}"), calendar=f"{WEEK}\nvalid: {{to: {end}}}")

    assert found == expected


def test_a_calendar_that_names_no_open_weekday_is_an_error_of_the_network(tmp_path: Path) -> None:
    (tmp_path / "days.yml").write_text("kind: calendar\nname: days\n")
    (tmp_path / "net.yml").write_text(
        "kind: network\nname: net\ncalendar: days\nflow: [{wait_for: 1s}]\n"
    )

    (found,) = lint(read_project([tmp_path]))

    assert (found.code, found.severity, found.path) == (
        "calendar_incomplete", Level.ERROR, "calendar",
    )  # fmt: skip


@given(
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Africa/Cairo", "Asia/Tokyo"]),
    seconds=st.integers(0, 48 * 60 - 1).map(lambda minutes: minutes * 60),
)
def test_gap_days_are_all_days_on_which_the_time_does_not_exist(zone: str, seconds: int) -> None:
    clock = ClockTime(seconds=seconds)
    days = [TODAY + timedelta(days=number) for number in range(396)]

    found = gap_days(find_zone(zone), clock, TODAY)

    missing = [day for day in days if not instants_at(day, clock, zone=find_zone(zone), gap="skip")]
    assert [day for day in found if day in days] == missing
