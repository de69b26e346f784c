"""Schedules of AWX start at the same wall times as before, as dateutil says."""

from datetime import date, timedelta
from itertools import takewhile

import pytest
from dateutil.rrule import rrulestr
from jobnet.calendars.recurrence_text import parse_recurrence
from jobnet.services.importing.awx_assets import Asset
from jobnet.services.importing.awx_schedules import ScheduleNotUnderstood, read_times

START = "DTSTART;TZID=America/New_York:20260105T020000"
DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(120)]
RULES = (
    f"{START} RRULE:FREQ=DAILY;INTERVAL=2",
    f"{START} RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,WE,FR",
    f"{START} RRULE:FREQ=MONTHLY;BYSETPOS=-1;BYDAY=MO,TU,WE,TH,FR",
    f"{START} RRULE:FREQ=MONTHLY;BYMONTHDAY=31 RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=14",
    f"{START} RRULE:FREQ=DAILY;COUNT=20",
    f"{START} RRULE:FREQ=DAILY EXRULE:FREQ=WEEKLY;BYDAY=SA,SU",
    f"{START} RRULE:FREQ=HOURLY;INTERVAL=6",
)


def wall(text: str) -> str:
    return text.replace(";TZID=America/New_York", "").replace(" ", "\n")


@pytest.mark.parametrize("text", RULES)
def test_the_starts_are_those_of_dateutil(text: str) -> None:
    times = read_times(Asset({"rrule": text}))

    read = parse_recurrence(times.text)
    found = [f"{day} {clock}" for day in DAYS for clock in read.times_of(day)]
    oracle = rrulestr(wall(text), forceset=True)
    expected = takewhile(lambda start: start.date() <= DAYS[-1], oracle)
    assert found == [f"{start:%Y-%m-%d %H:%M}" for start in expected]
    assert times.zone == "America/New_York"


def test_an_end_in_utc_becomes_one_of_the_wall() -> None:
    text = f"{START} RRULE:FREQ=DAILY;UNTIL=20260201T045959Z"

    assert read_times(Asset({"rrule": text})).rules == ("RRULE:FREQ=DAILY;UNTIL=20260131T235959",)


def test_a_start_in_utc_gives_the_zone_utc() -> None:
    times = read_times(Asset({"rrule": "DTSTART:20260105T020000Z RRULE:FREQ=DAILY;INTERVAL=1"}))

    assert (times.zone, times.first) == ("UTC", "20260105T020000")


@pytest.mark.parametrize(
    "rule",
    ["", "RRULE:FREQ=DAILY", f"{START}", f"{START} RRULE:FREQ=NEVER", f"{START} hello",
     "DTSTART;TZID=No/Land:20260105T020000 RRULE:FREQ=DAILY", f"{START} RRULE:FREQ=SECONDLY",
     f"{START} RRULE:FREQ=DAILY;UNTIL=20261399T000000Z", f"{START} {'RRULE:FREQ=DAILY ' * 7000}"],
    ids=range(9),
)  # fmt: skip
def test_a_schedule_that_cannot_be_carried_says_why(rule: str) -> None:
    with pytest.raises(ScheduleNotUnderstood):
        read_times(Asset({"rrule": rule}))
