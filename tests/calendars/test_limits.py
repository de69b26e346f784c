"""Each limit is reached and not gone beyond, with the numbers that the documentation gives."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from jobnet.calendars import (
    Calendar,
    CalendarDefinition,
    Cycle,
    CycleUnit,
    DayRule,
    NthWeekday,
    Weekday,
    compile_calendar,
    parse_clock_time,
)
from jobnet.calendars.table import from_table, to_table
from jobnet.errors import ControllerError
from jobnet.errors.calendars import SpanTooLong

from tests.calendars.calendar_builders import day, office

START = day("2026-01-01")


def dates(count: int) -> tuple[date, ...]:
    return tuple(START + timedelta(days=number) for number in range(count))


def pinned_with(**fields: object) -> Calendar:
    table = to_table(office(), first=START, last=day("2026-12-31"))
    return from_table(table | fields)


@pytest.mark.parametrize(
    ("make", "limits"),
    [
        (lambda number: DayRule(nth_open_day=(number,)), (-31, 31)),
        (lambda number: DayRule(nth_closed_day=(number,)), (-31, 31)),
        (lambda number: DayRule(day_of_month=(number,)), (-31, 31)),
        (
            lambda number: DayRule(nth_weekday=(NthWeekday(nth=number, weekday=Weekday.TUE),)),
            (-5, 5),
        ),
        (lambda number: DayRule(months=(number,)), (1, 12)),
        (lambda number: DayRule(day_of_month=(1,), max_shift=number), (0, 366)),
        (lambda number: DayRule(day_of_month=(1,), offset_open_days=number), (-366, 366)),
        (lambda number: DayRule(dates=frozenset(dates(number))), (1, 10_000)),
        (lambda number: Cycle(n=number, unit=CycleUnit.DAY, start=START), (1, 10_000)),
        (lambda number: CalendarDefinition(name="c", month_starts_on=number), (1, 28)),
        (lambda number: CalendarDefinition(name="c", months={number: frozenset()}), (1, 12)),
        (lambda number: pinned_with(month_starts_on=number), (1, 28)),
        (lambda number: parse_clock_time(f"{number:02}:59"), (0, 47)),
        (lambda number: office().nth_open_day(office().month_of(START), number), (-31, 31)),
        (lambda number: to_table(office(), first=START, last=dates(number)[-1]), (1, 7_320)),
    ],
)
def test_a_number_is_taken_up_to_its_limits_and_no_further(
    make: Callable[[int], object], limits: tuple[int, int]
) -> None:
    for number in limits:
        make(number)

    for beyond in (limits[0] - 1, limits[1] + 1):
        with pytest.raises((ControllerError, IndexError)):
            make(beyond)


def test_open_days_of_a_hundred_years_are_listed_and_not_of_one_day_more() -> None:
    last = START + timedelta(days=36_599)

    found = office().open_days_between(START, last)

    assert len(found) > 26_000
    with pytest.raises(SpanTooLong):
        office().open_days_between(START, last + timedelta(days=1))


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: DayRule(nth_open_day=(32,)), "nth_open_day"),
        (lambda: DayRule(nth_closed_day=(32,)), "nth_closed_day"),
        (lambda: DayRule(day_of_month=(32,)), "day_of_month"),
    ],
)
def test_a_number_beyond_its_limit_is_told_with_its_word(
    make: Callable[[], DayRule], word: str
) -> None:
    with pytest.raises(ControllerError, match=f"\\b{word}\\b"):
        make()


def test_a_base_time_is_taken_up_to_the_last_second_of_a_day() -> None:
    calendar = CalendarDefinition(name="c", base_time=parse_clock_time("23:59:59"))

    assert calendar.base_time is not None
    assert calendar.base_time.seconds == 86_399


def test_a_definition_that_says_only_its_name_leaves_all_else_open() -> None:
    definition = CalendarDefinition(name="c")

    assert definition == CalendarDefinition(
        name="c",
        folder="",
        title="",
        extends=None,
        week=None,
        months={},
        holidays=None,
        days={},
        base_time=None,
        month_starts_on=None,
        timezone=None,
        valid_from=None,
        valid_to=None,
    )


def test_a_calendar_that_leaves_all_else_open_is_valid_on_every_day() -> None:
    calendar = compile_calendar(CalendarDefinition(name="c", week=frozenset(Weekday)))

    assert calendar.is_open(date.min)
    assert calendar.is_open(date.max)
    assert calendar.zone is None
    assert calendar.month_starts_on == 1
