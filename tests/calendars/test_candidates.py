from datetime import date, datetime, timedelta

import numpy as np
import pytest
from dateutil import rrule
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.calendars import (
    EVERY_DAY_OPEN,
    Calendar,
    Cycle,
    CycleUnit,
    DayRule,
    DayState,
    NthWeekday,
    Weekday,
    is_candidate,
)
from jobnet.errors.calendars import SpanTooLong

from tests.calendars.calendar_builders import day, design_calendar, office

YEARS = st.integers(1990, 2060)
CYCLE_DAYS = {CycleUnit.DAY: 1, CycleUnit.WEEK: 7}


def days_of(rule: DayRule, first: str, last: str, calendar: Calendar = EVERY_DAY_OPEN) -> list[str]:
    span = range(day(first).toordinal(), day(last).toordinal() + 1)
    days = map(date.fromordinal, span)
    return [when.isoformat() for when in days if is_candidate(rule, when, calendar)]


def midnight(when: date) -> datetime:
    return datetime(when.year, when.month, when.day)  # noqa: DTZ001 - rrule is about dates


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (DayRule(nth_open_day=(1, 5, -3, -1)), ["05-01", "05-12", "05-27", "05-29"]),
        (DayRule(nth_closed_day=(3, -1)), ["05-04", "05-31"]),
        (DayRule(day_of_month=(1, 15, -1, -4)), ["05-01", "05-15", "05-28", "05-31"]),
        (DayRule(nth_weekday=(NthWeekday(nth=2, weekday=Weekday.TUE),)), ["05-12"]),
        (DayRule(nth_weekday=(NthWeekday(nth=-1, weekday=Weekday.FRI),)), ["05-29"]),
        (DayRule(nth_weekday=(NthWeekday(nth=5, weekday=Weekday.MON),)), []),
        (DayRule(dates=frozenset({day("2026-05-04"), day("2026-06-01")})), ["05-04"]),
        (DayRule(months=(6,)), []),
        (DayRule(nth_open_day=(1,), months=(4, 6)), []),
        (DayRule(nth_open_day=(1,), months=(5,)), ["05-01"]),
        (
            DayRule(every=Cycle(n=2, unit=CycleUnit.WEEK, start=day("2026-04-01"))),
            ["05-13", "05-27"],
        ),
        (
            DayRule(every=Cycle(n=10, unit=CycleUnit.OPEN_DAY, start=day("2026-05-02"))),
            ["05-07", "05-21"],
        ),
        (
            DayRule(every=Cycle(n=1, unit=CycleUnit.DAY, start=day("2026-05-30"))),
            ["05-30", "05-31"],
        ),
    ],
)
def test_each_word_names_its_days_of_may(rule: DayRule, days: list[str]) -> None:
    found = days_of(rule, "2026-05-01", "2026-05-31", design_calendar())

    assert found == [f"2026-{text}" for text in days]


def test_open_and_closed_are_every_such_day() -> None:
    calendar = design_calendar()

    opened = days_of(DayRule(state=DayState.OPEN), "2026-05-01", "2026-05-08", calendar)
    closed = days_of(DayRule(state=DayState.CLOSED), "2026-05-06", "2026-05-10", calendar)

    assert opened == ["2026-05-01", "2026-05-07", "2026-05-08"]
    assert closed == ["2026-05-06", "2026-05-09", "2026-05-10"]


def test_in_a_logical_month_last_is_the_closing_day_and_numbers_are_dates() -> None:
    calendar = office(month_starts_on=21)

    last = days_of(DayRule(day_of_month=(-1,)), "2026-05-01", "2026-06-30", calendar)
    number = days_of(DayRule(day_of_month=(25,), months=(6,)), "2026-05-01", "2026-07-31", calendar)
    first = NthWeekday(nth=1, weekday=Weekday.FRI)
    friday = days_of(DayRule(nth_weekday=(first,)), "2026-05-01", "2026-05-31", calendar)

    assert last == ["2026-05-20", "2026-06-20"]
    assert number == ["2026-05-25"]
    assert friday == ["2026-05-22"]


def test_a_month_that_is_too_short_has_no_such_number_and_its_last_day_is_cycled() -> None:
    numbered = days_of(DayRule(day_of_month=(30,)), "2026-02-01", "2026-03-31")
    cycle = Cycle(n=1, unit=CycleUnit.MONTH, start=day("2026-01-31"))
    cycled = days_of(DayRule(every=cycle), "2026-01-01", "2026-04-30")
    leap = Cycle(n=1, unit=CycleUnit.YEAR, start=day("2024-02-29"))
    yearly = days_of(DayRule(every=leap), "2024-01-01", "2028-12-31")

    assert numbered == ["2026-03-30"]
    assert cycled == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]
    assert yearly == ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]


def test_a_cycle_of_open_days_has_a_limit() -> None:
    cycle = Cycle(n=1, unit=CycleUnit.OPEN_DAY, start=date.min)

    with pytest.raises(SpanTooLong):
        is_candidate(DayRule(every=cycle), day("2026-01-01"), EVERY_DAY_OPEN)


@pytest.mark.parametrize("edge", [date.min, date.max])
@pytest.mark.parametrize("starts_on", [1, 21])
def test_the_first_and_the_last_day_of_all_can_be_asked(edge: date, starts_on: int) -> None:
    calendar = office(month_starts_on=starts_on)
    rules = [
        DayRule(nth_open_day=(1, -1)),
        DayRule(nth_closed_day=(1, -1)),
        DayRule(day_of_month=(1, -1)),
        DayRule(nth_weekday=(NthWeekday(nth=1, weekday=Weekday.FRI),)),
        DayRule(every=Cycle(n=1, unit=CycleUnit.MONTH, start=date.min)),
    ]

    answers = [is_candidate(rule, edge, calendar) for rule in rules]

    assert len(answers) == len(rules)


@settings(max_examples=100, deadline=None)
@given(
    year=YEARS,
    nth=st.sampled_from([1, 2, 3, 4, 5, -1, -2, -3, -4, -5]),
    weekday=st.sampled_from(Weekday),
)
def test_nth_weekdays_agree_with_rrule(year: int, nth: int, weekday: Weekday) -> None:
    rule = DayRule(nth_weekday=(NthWeekday(nth=nth, weekday=weekday),))
    first, last = date(year, 1, 1), date(year, 12, 31)

    found = days_of(rule, first.isoformat(), last.isoformat())

    by_rrule = rrule.rrule(
        rrule.MONTHLY,
        dtstart=midnight(first),
        until=midnight(last),
        byweekday=rrule.weekday(int(weekday), nth),
    )
    assert found == [when.date().isoformat() for when in by_rrule]


@settings(max_examples=100, deadline=None)
@given(
    year=YEARS,
    numbers=st.lists(
        st.integers(1, 31) | st.integers(-31, -1), min_size=1, max_size=4, unique=True
    ),
)
def test_days_of_a_month_agree_with_rrule(year: int, numbers: list[int]) -> None:
    first, last = date(year, 1, 1), date(year, 12, 31)

    found = days_of(DayRule(day_of_month=tuple(numbers)), first.isoformat(), last.isoformat())

    by_rrule = rrule.rrule(
        rrule.MONTHLY, dtstart=midnight(first), until=midnight(last), bymonthday=numbers
    )
    assert found == sorted({when.date().isoformat() for when in by_rrule})


@settings(max_examples=100, deadline=None)
@given(
    unit=st.sampled_from(sorted(CYCLE_DAYS)),
    n=st.integers(1, 40),
    start=st.dates(date(1990, 1, 1), date(2060, 1, 1)),
)
def test_cycles_of_days_and_weeks_agree_with_rrule(unit: CycleUnit, n: int, start: date) -> None:
    rule = DayRule(every=Cycle(n=n, unit=unit, start=start))
    first, last = start - timedelta(days=30), start + timedelta(days=400)

    found = days_of(rule, first.isoformat(), last.isoformat())

    by_rrule = rrule.rrule(
        rrule.DAILY, interval=n * CYCLE_DAYS[unit], dtstart=midnight(start), until=midnight(last)
    )
    assert found == [when.date().isoformat() for when in by_rrule]


@settings(max_examples=100, deadline=None)
@given(
    unit=st.sampled_from([CycleUnit.MONTH, CycleUnit.YEAR]),
    n=st.integers(1, 14),
    start=st.dates(date(1990, 1, 1), date(2040, 1, 1)),
    count=st.integers(0, 6),
)
def test_cycles_of_months_and_years_agree_with_relativedelta(
    unit: CycleUnit, n: int, start: date, count: int
) -> None:
    rule = DayRule(every=Cycle(n=n, unit=unit, start=start))
    months = n if unit is CycleUnit.MONTH else n * 12
    end = start + relativedelta(months=months * count)

    found = days_of(rule, start.isoformat(), end.isoformat())

    steps = [start + relativedelta(months=months * number) for number in range(count + 1)]
    assert found == [when.isoformat() for when in steps]


@settings(max_examples=60, deadline=None)
@given(n=st.integers(1, 30), start=st.dates(date(2026, 1, 1), date(2026, 6, 1)))
def test_cycles_of_open_days_agree_with_numpy(n: int, start: date) -> None:
    rule = DayRule(every=Cycle(n=n, unit=CycleUnit.OPEN_DAY, start=start))
    first = np.busday_offset(start, 0, roll="forward")
    expected = [str(np.busday_offset(first, n * number)) for number in range(4)]

    found = days_of(rule, start.isoformat(), expected[-1], office())

    assert found == expected
