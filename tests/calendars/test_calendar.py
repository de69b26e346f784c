from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.calendars import (
    EVERY_DAY_OPEN,
    Calendar,
    CalendarDefinition,
    DayState,
    HolidayRule,
    Month,
    Weekday,
    compile_calendar,
)
from jobnet.calendars.calendar import SEARCH_DAYS_MAX, SPAN_DAYS_MAX
from jobnet.calendars.national_holidays import holidays_of
from jobnet.errors.calendars import (
    CalendarEnds,
    DayNumberRefused,
    HolidaysUnknown,
    NoOpenDay,
    SpanTooLong,
)

from tests.calendars.calendar_builders import MON_TO_FRI, day, design_calendar, office

MAY = Month(2026, 5)


@pytest.mark.parametrize(
    ("nth", "text"), [(1, "2026-05-01"), (5, "2026-05-12"), (-3, "2026-05-27"), (-1, "2026-05-29")]
)
def test_open_days_of_a_month_are_counted_from_both_ends(nth: int, text: str) -> None:
    calendar = design_calendar()

    assert calendar.nth_open_day(MAY, nth) == day(text)


@pytest.mark.parametrize(
    ("nth", "text"), [(1, "2026-05-02"), (3, "2026-05-04"), (-1, "2026-05-31")]
)
def test_closed_days_of_a_month_are_counted_from_both_ends(nth: int, text: str) -> None:
    calendar = design_calendar()

    assert calendar.nth_closed_day(MAY, nth) == day(text)


def test_a_month_with_fewer_open_days_has_no_such_day() -> None:
    calendar = design_calendar()

    assert calendar.nth_open_day(MAY, 18) == day("2026-05-29")
    assert calendar.nth_open_day(MAY, 19) is None
    assert calendar.nth_closed_day(MAY, -31) is None


@pytest.mark.parametrize("nth", [0, 32, -32, 10**9, -(10**9), pytest.param(10**5000, id="huge")])
def test_a_position_that_no_month_has_is_refused(nth: int) -> None:
    calendar = design_calendar()

    with pytest.raises(DayNumberRefused):
        calendar.nth_open_day(MAY, nth)


def test_a_logical_month_is_counted_from_its_own_first_day() -> None:
    calendar = office(month_starts_on=21)

    assert calendar.month_of(day("2026-04-21")) == MAY
    assert calendar.nth_open_day(MAY, 1) == day("2026-04-21")
    assert calendar.nth_open_day(MAY, -1) == day("2026-05-20")


def test_the_next_and_the_previous_open_day_never_are_the_day_itself() -> None:
    calendar = design_calendar()

    assert calendar.next_open_day(day("2026-05-01")) == day("2026-05-07")
    assert calendar.previous_open_day(day("2026-05-07")) == day("2026-05-01")
    assert calendar.open_days_from(day("2026-05-03"), 1) == day("2026-05-07")
    assert calendar.open_days_from(day("2026-05-03"), 0) == day("2026-05-03")
    assert calendar.open_days_from(day("2026-05-03"), -2) == day("2026-04-30")


def test_open_days_between_include_both_ends() -> None:
    calendar = design_calendar()

    days = calendar.open_days_between(day("2026-05-01"), day("2026-05-08"))

    assert days == (day("2026-05-01"), day("2026-05-07"), day("2026-05-08"))
    assert calendar.open_days_between(day("2026-05-08"), day("2026-05-01")) == ()


def test_a_span_has_a_limit() -> None:
    first = day("2000-01-01")

    with pytest.raises(SpanTooLong):
        EVERY_DAY_OPEN.open_days_between(first, first + timedelta(days=SPAN_DAYS_MAX))


@pytest.mark.parametrize("text", ["2025-12-31", "2028-01-01"])
def test_outside_its_validity_a_calendar_says_nothing(text: str) -> None:
    calendar = office(valid=("2026-01-01", "2027-12-31"))

    with pytest.raises(CalendarEnds) as caught:
        calendar.is_open(day(text))

    assert caught.value.day == day(text)
    assert "2027-12-31" in str(caught.value)
    assert not calendar.covers(day(text))


def test_a_search_that_runs_out_of_the_validity_is_refused() -> None:
    calendar = office(valid=("2026-01-01", "2026-12-31"))

    with pytest.raises(CalendarEnds):
        calendar.next_open_day(day("2026-12-31"))
    with pytest.raises(CalendarEnds):
        calendar.nth_open_day(Month(2027, 1), 1)


def test_a_year_without_known_holidays_is_refused() -> None:
    definition = CalendarDefinition(name="jp", week=MON_TO_FRI, holidays=HolidayRule(country="JP"))
    calendar = compile_calendar(definition)

    assert not calendar.covers(day("2100-01-01"))
    with pytest.raises(HolidaysUnknown):
        calendar.next_open_day(day("2099-12-31"))


def test_a_calendar_that_never_opens_ends_each_search() -> None:
    calendar = office(week=frozenset())

    assert calendar.nth_open_day(MAY, 1) is None
    with pytest.raises(NoOpenDay) as after:
        calendar.next_open_day(day("2026-05-01"))
    with pytest.raises(NoOpenDay) as before:
        calendar.previous_open_day(day("2026-05-01"))
    assert (after.value.direction, before.value.direction) == ("after", "before")


def test_a_search_reaches_its_bound_and_not_one_day_more() -> None:
    start = day("2026-05-01")
    far = start + timedelta(days=SEARCH_DAYS_MAX)
    calendar = compile_calendar(
        CalendarDefinition(name="rare", week=frozenset(), days={far: DayState.OPEN})
    )

    assert calendar.next_open_day(start) == far
    assert calendar.previous_open_day(far + (far - start)) == far
    with pytest.raises(NoOpenDay):
        calendar.next_open_day(start - timedelta(days=1))
    with pytest.raises(NoOpenDay):
        calendar.previous_open_day(far + (far - start) + timedelta(days=1))


def test_the_first_and_the_last_day_of_all_can_be_asked() -> None:
    assert EVERY_DAY_OPEN.is_open(date.min)
    assert EVERY_DAY_OPEN.next_open_day(date.max - timedelta(days=1)) == date.max
    assert EVERY_DAY_OPEN.previous_open_day(date.min + timedelta(days=1)) == date.min
    assert EVERY_DAY_OPEN.nth_open_day(Month(9999, 12), -1) == date.max
    assert EVERY_DAY_OPEN.nth_open_day(Month(1, 1), 1) == date.min
    with pytest.raises(NoOpenDay):
        EVERY_DAY_OPEN.next_open_day(date.max)
    with pytest.raises(NoOpenDay):
        EVERY_DAY_OPEN.previous_open_day(date.min)


def test_without_a_calendar_every_day_is_open() -> None:
    verdict = EVERY_DAY_OPEN.state_of(day("2026-05-03"))

    assert str(verdict) == "open (no calendar: every day is open)"


@given(
    country=st.sampled_from(["JP", "DE", "US", "BR", "GB", "FR", "ZA", "KR"]),
    week=st.frozensets(st.sampled_from(Weekday), min_size=1),
    year=st.integers(2000, 2060),
    month=st.integers(1, 12),
    nth=st.integers(1, 25),
)
@settings(max_examples=150, deadline=None)
def test_open_days_agree_with_numpy(
    *, country: str, week: frozenset[Weekday], year: int, month: int, nth: int
) -> None:
    calendar = _with_holidays(country, week)
    closed = [when for y in range(year - 1, year + 3) for when in holidays_of(country, None, y)]
    mask = "".join("1" if Weekday(number) in week else "0" for number in range(7))
    begin, end = date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)

    def oracle(start: date, offset: int) -> date:
        moved = np.busday_offset(start, offset, roll="forward", weekmask=mask, holidays=closed)
        found = moved.astype(object)
        assert isinstance(found, date)
        return found

    from_start, from_end = oracle(begin, nth - 1), oracle(end, -nth)
    count = int(np.busday_count(begin, end, weekmask=mask, holidays=closed))

    has_it = nth <= count
    assert calendar.nth_open_day(Month(year, month), nth) == (from_start if has_it else None)
    assert calendar.nth_open_day(Month(year, month), -nth) == (from_end if has_it else None)
    assert len(calendar.open_days_between(begin, end - timedelta(days=1))) == count
    assert calendar.open_days_from(begin - timedelta(days=1), nth) == from_start


def _with_holidays(country: str, week: frozenset[Weekday]) -> Calendar:
    return compile_calendar(
        CalendarDefinition(name="office", week=week, holidays=HolidayRule(country=country))
    )
