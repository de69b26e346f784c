from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.calendars import (
    EVERY_DAY_OPEN,
    CalendarDefinition,
    DayState,
    HolidayRule,
    compile_calendar,
)
from jobnet.calendars.calendar import SPAN_DAYS_MAX
from jobnet.calendars.open_years import YEARS_KEPT_MAX
from jobnet.errors.calendars import CalendarEnds, HolidaysUnknown, SpanTooLong

from tests.calendars.calendar_builders import MON_TO_FRI, day, design_calendar, office

JAPAN = CalendarDefinition(name="jp", week=MON_TO_FRI, holidays=HolidayRule(country="JP"))


@given(
    first=st.dates(day("2025-06-01"), day("2026-12-31")),
    days=st.integers(-5, 1200),
)
@settings(max_examples=60, deadline=None)
def test_open_days_by_the_year_are_those_that_are_open_one_by_one(first: date, days: int) -> None:
    calendar = design_calendar()
    span = [first + timedelta(days=number) for number in range(days + 1)]

    found = calendar.open_ordinals(first, first + timedelta(days=days))

    assert found == tuple(one.toordinal() for one in span if calendar.state_of(one).is_open)


def test_a_year_that_is_known_in_part_answers_for_that_part_and_refuses_the_rest() -> None:
    calendar = office(valid=("2026-03-01", "2026-10-31"))

    inside = calendar.open_ordinals(day("2026-03-01"), day("2026-10-31"))

    assert len(inside) == 175
    assert not calendar.is_open(day("2026-03-01"))
    for first, last in (("2026-02-28", "2026-10-31"), ("2026-03-01", "2026-11-01")):
        with pytest.raises(CalendarEnds):
            calendar.open_ordinals(day(first), day(last))


def test_a_single_date_in_a_year_of_unknown_holidays_is_answered_and_its_neighbour_is_not() -> None:
    listed = day("2150-01-05")
    calendar = compile_calendar(
        CalendarDefinition(
            name="jp",
            week=MON_TO_FRI,
            holidays=HolidayRule(country="JP"),
            days={listed: DayState.OPEN},
        )
    )

    assert calendar.is_open(listed)
    assert calendar.open_ordinals(listed, listed) == (listed.toordinal(),)
    with pytest.raises(HolidaysUnknown):
        calendar.open_ordinals(listed, listed + timedelta(days=1))


def test_a_span_across_years_of_unknown_holidays_is_refused() -> None:
    calendar = compile_calendar(JAPAN)

    with pytest.raises(HolidaysUnknown):
        calendar.open_ordinals(day("2099-12-01"), day("2100-01-31"))


def test_the_span_has_a_limit() -> None:
    first = day("2000-01-01")

    most = EVERY_DAY_OPEN.open_ordinals(first, first + timedelta(days=SPAN_DAYS_MAX - 1))

    assert len(most) == SPAN_DAYS_MAX
    with pytest.raises(SpanTooLong):
        EVERY_DAY_OPEN.open_ordinals(first, first + timedelta(days=SPAN_DAYS_MAX))


def test_the_first_and_the_last_year_of_all_are_answered() -> None:
    calendar = office()

    assert len(calendar.open_ordinals(date(1, 1, 1), date(1, 12, 31))) == 261
    assert calendar.open_ordinals(date(9999, 12, 31), date.max) == (date.max.toordinal(),)


def test_a_calendar_that_is_asked_for_a_thousand_years_keeps_some_of_them() -> None:
    calendar = office()

    for year in range(1900, 1900 + YEARS_KEPT_MAX + 10):
        calendar.is_open(date(year, 1, 1))

    assert len(calendar._years) <= YEARS_KEPT_MAX
    assert not calendar.is_open(day("1900-01-06"))


def test_answers_kept_do_not_make_two_calendars_different() -> None:
    asked, fresh = office(), office()

    asked.is_open(day("2026-05-01"))

    assert asked == fresh
