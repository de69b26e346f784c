from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jobnet.calendars import Recurrence, parse_recurrence
from jobnet.calendars.recurrence_text import RECURRENCE_LISTED_MAX
from jobnet.errors.recurrences import RecurrenceRefused

WALL = "DTSTART:20260105T220000"
DENSE = ";".join(
    [
        f"{WALL} FREQ=DAILY",
        "BYHOUR=" + ",".join(map(str, range(24))),
        "BYMINUTE=" + ",".join(map(str, range(60))),
        "BYSECOND=" + ",".join(map(str, range(0, 60, 5))),
    ]
)
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def starts_of(rule: Recurrence, first: date, days: int) -> Iterator[datetime]:
    for number in range(days):
        day = first + timedelta(days=number)
        for clock in rule.times_of(day):
            yield datetime.combine(day, time()) + clock.since_midnight


def shown(text: str, count: int = 5, days: int = 1500) -> list[str]:
    rule = parse_recurrence(text)
    found = starts_of(rule, rule.start.date() - timedelta(days=3), days)
    return [moment.isoformat(sep=" ", timespec="minutes") for moment in islice(found, count)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{WALL}\nRRULE:FREQ=DAILY;COUNT=2", ["2026-01-05 22:00", "2026-01-06 22:00"]),
        (f"{WALL}\nRRULE:FREQ=DAILY;UNTIL=20260106", ["2026-01-05 22:00", "2026-01-06 22:00"]),
        (f"{WALL}\nRRULE:FREQ=DAILY;UNTIL=20260106T215959", ["2026-01-05 22:00"]),
        (
            f"{WALL}\nRRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=2",
            ["2026-01-30 22:00", "2026-02-27 22:00"],
        ),
        (
            f"{WALL}\nRRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2",
            ["2026-01-30 22:00", "2026-02-27 22:00"],
        ),
        (
            f"{WALL}\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,\n WE;COUNT=3",
            ["2026-01-05 22:00", "2026-01-07 22:00", "2026-01-19 22:00"],
        ),
        (
            f"{WALL}\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260106T220000\nRDATE:20260106T230000",
            ["2026-01-05 22:00", "2026-01-06 23:00", "2026-01-07 22:00"],
        ),
        (
            f"{WALL}\nRRULE:FREQ=DAILY;COUNT=9\nEXRULE:FREQ=DAILY;INTERVAL=2",
            ["2026-01-06 22:00", "2026-01-08 22:00", "2026-01-10 22:00", "2026-01-12 22:00"],
        ),
        (
            f"{WALL}\nRDATE:20260301T010000,20260302T010000",
            ["2026-03-01 01:00", "2026-03-02 01:00"],
        ),
        ("dtstart:20260105 freq=daily;count=1;byhour=6", ["2026-01-05 06:00"]),
        (
            "DTSTART;VALUE=DATE:20280229 RRULE:FREQ=YEARLY;COUNT=2",
            ["2028-02-29 00:00", "2032-02-29 00:00"],
        ),
        (
            f"{WALL}\nRRULE:FREQ=MONTHLY;BYDAY=1MO,FR;COUNT=3",
            ["2026-01-05 22:00", "2026-01-09 22:00", "2026-01-16 22:00"],
        ),
    ],
)
def test_a_text_gives_its_wall_times(text: str, found: list[str]) -> None:
    assert shown(text) == found


def test_a_start_beside_the_text_stands_for_a_missing_dtstart() -> None:
    rule = parse_recurrence("RRULE:FREQ=DAILY", start=datetime(2026, 1, 5, 7, 30))  # noqa: DTZ001 - a wall time

    assert [str(clock) for clock in rule.times_of(date(2026, 1, 6))] == ["07:30"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "does not say when it begins"),
        ("FREQ=DAILY", "does not say when it begins"),
        (WALL, "neither an RRULE nor an RDATE"),
        (f"{WALL}Z RRULE:FREQ=DAILY", "without Z"),
        (f"{WALL} RRULE:FREQ=DAILY;UNTIL=20270101T000000Z", "without Z"),
        ("DTSTART;TZID=Asia/Tokyo:20260105T220000 FREQ=DAILY", "`timezone: Asia/Tokyo`"),
        (f"{WALL} {WALL} FREQ=DAILY", "more than once"),
        ("DTSTART:20260230T220000 FREQ=DAILY", "no wall time"),
        ("DTSTART:20260105T256100 FREQ=DAILY", "no wall time"),
        (f"{WALL} FREQ=FORTNIGHTLY", "FREQ is missing or unknown"),
        (f"{WALL} RRULE:INTERVAL=2", "FREQ is missing or unknown"),
        (f"{WALL} FREQ=DAILY;INTERVAL=0", "write 1 to"),
        (f"{WALL} FREQ=DAILY;COUNT=0", "write 1 to"),
        (f"{WALL} FREQ=DAILY;COUNT=1;COUNT=2", "stands there twice"),
        (f"{WALL} FREQ=DAILY;COUNT=1;UNTIL=20270101", "do not stand together"),
        (f"{WALL} FREQ=DAILY;BYHOUR=24", "BYHOUR=24"),
        (f"{WALL} FREQ=DAILY;BYMONTHDAY=0", "BYMONTHDAY=0"),
        (f"{WALL} FREQ=DAILY;BYDAY=2MO", "a numbered weekday needs"),
        (f"{WALL} FREQ=DAILY;BYDAY=XX", "BYDAY=XX"),
        (f"{WALL} FREQ=MONTHLY;BYDAY=0MO", "BYDAY=0MO"),
        (f"{WALL} FREQ=MONTHLY;BYWEEKNO=3", "BYWEEKNO needs"),
        (f"{WALL} FREQ=MONTHLY;BYSETPOS=3", "another BY part"),
        (f"{WALL} FREQ=MONTHLY;WKST=XX", "WKST=XX"),
        (f"{WALL} FREQ=YEARLY;BYEASTER=1", "no part of an RRULE"),
        (f"{WALL} SUMMARY:party", "is not understood"),
        (f"{WALL} RDATE;VALUE=PERIOD:20260101T000000/PT1H", "VALUE=PERIOD"),
        (f"{WALL} FREQ=SECONDLY", "more than 10000 times a day"),
        (DENSE, "more than 10000 times a day"),
        (f"{WALL} FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "starts nothing"),
        (f"{WALL} FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3", "starts nothing"),
        (f"{WALL} FREQ=SECONDLY;INTERVAL=60;BYMONTH=2;BYMONTHDAY=30", "starts nothing"),
        (f"{WALL} FREQ=HOURLY;INTERVAL=24;BYHOUR=3", "starts nothing"),
        (f"{WALL} FREQ=DAILY;UNTIL=20250101", "starts nothing"),
        (f"{WALL} FREQ=DAILY;COUNT=1 EXDATE:20260105T220000", "starts nothing"),
        (f"{WALL} FREQ=YEARLY;COUNT=1000", "not reached within 200 years"),
        (WALL + " FREQ=DAILY" * 101, "more than 100 rules"),
        (WALL + " RDATE:" + ",".join(["20260105"] * 10_001), "more than 10000 times are listed"),
        (WALL + " " * 300_000, "characters"),
    ],
)
def test_a_text_that_cannot_be_kept_is_refused_with_what_to_write(text: str, said: str) -> None:
    with pytest.raises(RecurrenceRefused) as refusal:
        parse_recurrence(text)

    assert said in str(refusal.value)
    assert len(str(refusal.value)) < 400


def test_every_second_is_taken_for_as_long_as_it_is_bounded() -> None:
    counted = parse_recurrence(f"{WALL} FREQ=SECONDLY;COUNT=3")
    ended = parse_recurrence(f"{WALL} FREQ=SECONDLY;UNTIL=20260105T220009")

    assert [str(one) for one in counted.times_of(date(2026, 1, 5))] == [
        "22:00",
        "22:00:01",
        "22:00:02",
    ]
    assert len(ended.times_of(date(2026, 1, 5))) == 10
    assert not ended.is_day(date(2026, 1, 6))


def test_ten_thousand_dates_left_out_are_answered_as_fast_as_one() -> None:
    days = [date(2026, 1, 5) + timedelta(days=number) for number in range(RECURRENCE_LISTED_MAX)]
    left_out = ",".join(f"{day:%Y%m%d}T220000" for day in days)

    rule = parse_recurrence(f"{WALL} FREQ=DAILY EXDATE:{left_out}")

    assert not any(rule.is_day(day) for day in days)
    assert rule.is_day(days[-1] + timedelta(days=1))


def test_equal_texts_are_equal_rules_and_can_be_kept_in_sets() -> None:
    text = f"{WALL}\nRRULE:FREQ=DAILY"

    assert len({parse_recurrence(text), parse_recurrence(text.replace("\n", "   "))}) == 1


@pytest.mark.parametrize("day", [date.min, date.max])
@pytest.mark.parametrize("frequency", ["YEARLY", "MONTHLY", "WEEKLY", "DAILY"])
def test_the_edges_of_all_days_are_answered(day: date, frequency: str) -> None:
    rule = parse_recurrence(
        f"DTSTART:00010101T000000 FREQ={frequency};BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=1,-1"
    )

    assert rule.is_day(day) or frequency == "WEEKLY"


def numbers(low: int, high: int, *, size: int = 3) -> st.SearchStrategy[str]:
    one = st.integers(low, high).filter(lambda number: number != 0 or low == 0)
    return st.lists(one, min_size=1, max_size=size, unique=True).map(
        lambda items: ",".join(map(str, items))
    )


PLAIN_DAYS = st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=4, unique=True).map(",".join)
PLACES = st.sampled_from(["1", "2", "3", "4", "-1", "-2", "5"])
NTH_DAYS = st.lists(
    st.tuples(PLACES, st.sampled_from(WEEKDAYS)).map("".join), min_size=1, max_size=3, unique=True
).map(",".join)
TIMES = {"BYHOUR": numbers(0, 23), "BYMINUTE": numbers(0, 59), "BYSECOND": numbers(0, 59, size=2)}
LONG = st.one_of(
    st.fixed_dictionaries(
        {"FREQ": st.just("YEARLY"), "INTERVAL": st.sampled_from(["1", "2"])},
        optional={
            "BYMONTH": numbers(1, 12),
            "BYMONTHDAY": numbers(-28, 28),
            "BYDAY": PLAIN_DAYS | NTH_DAYS,
            "BYSETPOS": numbers(-4, 4, size=2),
            **TIMES,
        },
    ),
    st.fixed_dictionaries(
        {"FREQ": st.just("YEARLY")},
        optional={"BYYEARDAY": numbers(-366, 366), "BYDAY": PLAIN_DAYS},
    ),
    st.fixed_dictionaries(
        {"FREQ": st.just("YEARLY"), "BYWEEKNO": numbers(2, 51), "BYDAY": PLAIN_DAYS},
        optional={"WKST": st.sampled_from(WEEKDAYS)},
    ),
    st.fixed_dictionaries(
        {"FREQ": st.just("MONTHLY"), "INTERVAL": st.sampled_from(["1", "2", "5"])},
        optional={
            "BYMONTH": numbers(1, 12, size=6),
            "BYMONTHDAY": numbers(-31, 31),
            "BYDAY": PLAIN_DAYS | NTH_DAYS,
            "BYSETPOS": numbers(-4, 4, size=2),
            **TIMES,
        },
    ),
    st.fixed_dictionaries(
        {"FREQ": st.just("WEEKLY"), "INTERVAL": st.sampled_from(["1", "2", "3"])},
        optional={
            "BYMONTH": numbers(1, 12, size=6),
            "BYDAY": PLAIN_DAYS,
            "WKST": st.sampled_from(WEEKDAYS),
            **TIMES,
        },
    ),
    st.fixed_dictionaries(
        {"FREQ": st.just("DAILY"), "INTERVAL": st.sampled_from(["1", "2", "10"])},
        optional={"BYMONTH": numbers(1, 12), "BYDAY": PLAIN_DAYS, **TIMES},
    ),
)
SHORT = st.one_of(
    st.fixed_dictionaries(
        {"FREQ": st.just("HOURLY"), "INTERVAL": st.sampled_from(["1", "5", "7", "30"])},
        optional={
            "BYDAY": PLAIN_DAYS,
            "BYMINUTE": numbers(0, 59),
            "BYSECOND": numbers(0, 59),
            "BYSETPOS": numbers(-2, 2, size=2),
        },
    ),
    st.fixed_dictionaries(
        {"FREQ": st.just("MINUTELY"), "INTERVAL": st.sampled_from(["15", "37", "1000"])},
        optional={"BYDAY": PLAIN_DAYS, "BYSECOND": numbers(0, 59, size=2)},
    ),
    st.fixed_dictionaries(
        {"FREQ": st.just("SECONDLY"), "INTERVAL": st.sampled_from(["30", "333", "90000"])},
        optional={"BYDAY": PLAIN_DAYS},
    ),
)
ENDS = st.sampled_from(["", ";COUNT=1", ";COUNT=17", ";UNTIL=20270303T100000"])
BEGINS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)).map(  # noqa: DTZ001 - a wall time
    lambda moment: moment.replace(microsecond=0)
)


def agree(parts: dict[str, str], end: str, begin: datetime, days: int) -> None:
    assume(
        "BYSETPOS" not in parts or len(set(parts) & {"BYDAY", "BYMONTHDAY", "BYHOUR", "BYMINUTE"})
    )
    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    text = f"DTSTART:{begin:%Y%m%dT%H%M%S}\nRRULE:{rule}{end}"
    try:
        ours = parse_recurrence(text)
    except RecurrenceRefused as error:
        assert "starts nothing" in str(error)  # noqa: PT017 - the refusal is not what is tried
        return
    found = list(starts_of(ours, begin.date(), days))
    later = starts_of(ours, begin.date() + timedelta(days=days), 4000)
    after = [*found, *islice(later, 1)]
    assume(end or len(after) > len(found))  # dateutil would search to the year 9999
    by_dateutil = list(islice(rrulestr(text), len(after)))
    assert by_dateutil == after


@settings(max_examples=100, deadline=None)
@given(parts=LONG, end=ENDS, begin=BEGINS)
def test_rules_by_year_month_week_and_day_agree_with_dateutil(
    parts: dict[str, str], end: str, begin: datetime
) -> None:
    agree(parts, end, begin, 800)


@settings(max_examples=60, deadline=None)
@given(parts=SHORT, end=ENDS, begin=BEGINS)
def test_rules_by_hour_minute_and_second_agree_with_dateutil(
    parts: dict[str, str], end: str, begin: datetime
) -> None:
    agree(parts, end, begin, 5)


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet="DTSARULEFQ=;:,BYMOCNT0129-+ZW\n ", max_size=60))
def test_whatever_is_written_is_understood_or_refused(text: str) -> None:
    try:
        rule = parse_recurrence(f"{WALL} {text}")
    except RecurrenceRefused:
        return

    assert rule.start == datetime(2026, 1, 5, 22)  # noqa: DTZ001 - a wall time
