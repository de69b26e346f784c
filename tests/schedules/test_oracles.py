"""Compares schedules with what others say: numpy, dateutil, cronsim and the zone data."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from cronsim import CronSim
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.calendars import (
    Calendar,
    CalendarDefinition,
    ClosedDayPolicy,
    DayRule,
    HolidayRule,
    compile_calendar,
    parse_cron,
    parse_recurrence,
)
from jobnet.calendars.national_holidays import holidays_of
from jobnet.schedules import CompiledSchedule, OccurrenceEnd, SummerTime

from tests.calendars.calendar_builders import MON_TO_FRI, office
from tests.schedules.schedule_builders import EVERY_DAY, OPEN_DAYS, rule, schedule

FIRST, LAST = date(2000, 1, 1), date(2029, 12, 31)
COUNTRIES = [
    *("JP", "DE", "FR", "GB", "US", "CA", "BR", "AR", "ZA", "AU"),
    *("NZ", "KR", "IN", "SG", "IT", "ES", "SE", "PL", "CH", "MX"),
]
YEARS_OF = {"IN": (2001, 2030), "ES": (2008, 2037)}  # those that the library knows
ZONES = [
    "Europe/Berlin",
    "Europe/London",
    "Europe/Lisbon",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Asia/Tehran",
    "Africa/Casablanca",
]
ROLLS: dict[ClosedDayPolicy, Literal["forward", "backward"]] = {
    ClosedDayPolicy.NEXT: "forward",
    ClosedDayPolicy.PREVIOUS: "backward",
}


def office_of(country: str) -> Calendar:
    return compile_calendar(
        CalendarDefinition(name=country, week=MON_TO_FRI, holidays=HolidayRule(country=country))
    )


def holidays(country: str, first: int, last: int) -> list[date]:
    """Return the holidays as the library lists them, asked past the calendar."""
    years = range(first, last + 1)
    return [day for year in years for day in holidays_of(country, None, year)]


def days_of(compiled: CompiledSchedule, first: date, last: date) -> list[str]:
    found = compiled.occurrences(first, last)
    return [str(one.key.operating_day) for one in found if one.end is OccurrenceEnd.PLANNED]


def months_between(first: date, last: date) -> Iterator[date]:
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield date(number // 12, number % 12 + 1, 1)


def rolls_agree(country: str, first: date, last: date) -> None:
    calendar = office_of(country)
    closed = holidays(country, first.year, last.year)
    inner_first, inner_last = first + timedelta(days=62), last - timedelta(days=62)
    for policy, roll in ROLLS.items():
        for offset in (-3, 0, 2):
            days = DayRule(
                day_of_month=(15,), on_closed_day=policy, offset_open_days=offset, max_shift=60
            )
            found = days_of(schedule(days, calendar=calendar), inner_first, inner_last)
            fifteenths = [month.replace(day=15) for month in months_between(first, last)]
            rolled = np.busday_offset(fifteenths, 0, roll=roll, holidays=closed)
            moved = [str(one) for one in np.busday_offset(rolled, offset, holidays=closed)]
            assert found == [one for one in moved if str(inner_first) <= one <= str(inner_last)]


def counts_agree(country: str, first: date, last: date) -> None:
    calendar = office_of(country)
    closed = holidays(country, first.year, last.year)
    opened = days_of(schedule(OPEN_DAYS, calendar=calendar), first, last)
    assert len(opened) == np.busday_count(first, last + timedelta(days=1), holidays=closed)
    for nth in (1, 5, -1, -3):
        found = days_of(schedule(DayRule(nth_open_day=(nth,)), calendar=calendar), first, last)
        expected = []
        for month in months_between(first, last):
            edge = month if nth > 0 else (month + timedelta(days=31)).replace(day=1)
            begin = np.busday_offset(edge, 0, roll="forward", holidays=closed)
            place = nth - 1 if nth > 0 else nth
            expected.append(str(np.busday_offset(begin, place, holidays=closed)))
        assert found == expected


def test_days_of_japan_agree_with_numpy_for_three_years() -> None:
    rolls_agree("JP", date(2025, 1, 1), date(2027, 12, 31))
    counts_agree("JP", date(2025, 1, 1), date(2027, 12, 31))


@pytest.mark.parts
@pytest.mark.parametrize("country", COUNTRIES)
def test_days_of_twenty_countries_agree_with_numpy_for_thirty_years(country: str) -> None:
    first, last = YEARS_OF.get(country, (FIRST.year, LAST.year))

    rolls_agree(country, date(first, 1, 1), date(last, 12, 31))
    counts_agree(country, date(first, 1, 1), date(last, 12, 31))


def walls_of(zone: ZoneInfo, first: date, last: date) -> dict[datetime, list[datetime]]:
    """Return by wall time the instants at which the clock shows it, walked by half hours."""
    found: dict[datetime, list[datetime]] = {}
    instant = datetime.combine(first, time(), tzinfo=UTC) - timedelta(days=1)
    end = datetime.combine(last, time(), tzinfo=UTC) + timedelta(days=3)
    while instant < end:
        wall = instant.astimezone(zone).replace(tzinfo=None, fold=0)
        found.setdefault(wall, []).append(instant)
        instant += timedelta(minutes=30)
    return found


def clocks_agree(name: str, first: date, last: date) -> None:
    walls = walls_of(ZoneInfo(name), first, last)
    clocks = [f"{half // 2:02}:{half % 2 * 30:02}" for half in range(0, 96, 5)]
    compiled = schedule(
        rule(EVERY_DAY, *clocks), zone=name, summer_time=SummerTime(gap="skip", fold="both")
    )
    expected = [
        instant
        for day in map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
        for half in range(0, 96, 5)
        for instant in walls.get(wall_of(day, half), [])
    ]

    found = [one for one in compiled.occurrences(first, last) if one.start is not None]

    assert sorted(one.start for one in found if one.start) == sorted(expected)
    assert {int(instant.timestamp()) for instant in expected} == set(
        compiled.start_seconds(first, last)
    )


def wall_of(day: date, half: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=30 * half)


@pytest.mark.parametrize("name", ["Europe/Berlin", "Australia/Lord_Howe"])
def test_clocks_of_a_year_agree_with_walking_through_it(name: str) -> None:
    clocks_agree(name, date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parts
@pytest.mark.parametrize("name", ZONES)
def test_clocks_of_ten_zones_agree_with_walking_through_four_years(name: str) -> None:
    clocks_agree(name, date(2015, 1, 1), date(2018, 12, 31))


@pytest.mark.long
@pytest.mark.parametrize("name", ZONES)
def test_clocks_of_ten_zones_agree_with_walking_through_thirty_years(name: str) -> None:
    for year in range(1996, 2026):
        clocks_agree(name, date(year, 1, 1), date(year, 12, 31))


@pytest.mark.parts
@pytest.mark.parametrize("text", ["30 22 * * 1-5", "0 5 L * *", "15 3 1-7 * MON", "0 */6 29 2 *"])
def test_a_cron_schedule_agrees_with_cronsim_for_thirty_years(text: str) -> None:
    compiled = schedule(rule(DayRule(cron=parse_cron(text))))
    begin, end = (datetime.combine(day, time(), tzinfo=UTC) for day in (FIRST, LAST))

    found = [one.start for one in compiled.starts(begin, end)]

    theirs = []
    for when in CronSim(text, begin - timedelta(seconds=1)):
        if when >= end:
            break
        theirs.append(when)
    assert found == theirs


@pytest.mark.parts
@pytest.mark.parametrize(
    "text",
    [
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=WEEKLY;INTERVAL=3;BYDAY=TU,SA;BYHOUR=6,18",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=HOURLY;INTERVAL=31",
    ],
)
def test_an_rrule_schedule_agrees_with_dateutil_for_thirty_years(text: str) -> None:
    whole = f"DTSTART:20000101T053000\nRRULE:{text};UNTIL=20291231T000000"
    compiled = schedule(rule(DayRule(rrule=parse_recurrence(whole))))
    end = datetime.combine(LAST, time(), tzinfo=UTC)

    found = [one.start for one in compiled.starts(datetime.combine(FIRST, time(), tzinfo=UTC), end)]

    assert found == [moment.replace(tzinfo=UTC) for moment in rrulestr(whole)]


@settings(max_examples=50, deadline=None)
@given(
    number=st.integers(1, 28),
    policy=st.sampled_from(sorted(ROLLS)),
    offset=st.integers(-8, 8),
    closed=st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=30),
)
def test_a_day_of_the_month_agrees_with_numpy(
    number: int, policy: ClosedDayPolicy, offset: int, closed: list[date]
) -> None:
    days = DayRule(
        day_of_month=(number,), on_closed_day=policy, offset_open_days=offset, max_shift=60
    )
    shut = office(*(day.isoformat() for day in closed))

    found = days_of(schedule(days, calendar=shut), date(2026, 3, 1), date(2026, 9, 30))

    numbers = [date(2026, month, number) for month in range(1, 13)]
    rolled = np.busday_offset(numbers, 0, roll=ROLLS[policy], holidays=closed)
    moved = {str(one) for one in np.busday_offset(rolled, offset, holidays=closed)}
    assert found == sorted(one for one in moved if "2026-03-01" <= one <= "2026-09-30")
