import json
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.calendars import (
    EVERY_DAY_OPEN,
    Calendar,
    CalendarDefinition,
    ClockTime,
    DayState,
    HolidayRule,
    Weekday,
    compile_calendar,
    from_table,
    pinned_window,
    to_table,
)
from jobnet.calendars.table import TABLE_DAYS_MAX
from jobnet.errors import ControllerError
from jobnet.errors.calendars import CalendarEnds, SpanTooLong, TableUnreadable

from tests.calendars.calendar_builders import MON_TO_FRI, day, design_calendar, office

FIRST, LAST = day("2025-01-01"), day("2028-12-31")


def pinned(calendar: Calendar, first: date = FIRST, last: date = LAST) -> Calendar:
    """Return the calendar after a way through the journal."""
    return from_table(json.loads(json.dumps(to_table(calendar, first=first, last=last))))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    countries = st.sampled_from(["JP", "DE", "US"])
    definition = CalendarDefinition(
        name=draw(st.text(max_size=10)),
        week=draw(st.frozensets(st.sampled_from(Weekday))),
        months=draw(st.dictionaries(st.integers(1, 12), st.frozensets(st.sampled_from(Weekday)))),
        holidays=draw(st.none() | st.builds(HolidayRule, country=countries, closed=st.booleans())),
        days=draw(st.dictionaries(st.dates(FIRST, LAST), st.sampled_from(DayState))),
        base_time=ClockTime(seconds=draw(st.integers(0, 86_399))),
        month_starts_on=draw(st.integers(1, 28)),
        timezone=draw(st.none() | st.sampled_from(["Asia/Tokyo", "Europe/Berlin"])),
    )
    return compile_calendar(definition)


@settings(max_examples=40, deadline=None)
@given(calendar=calendars(), asked=st.lists(st.dates(FIRST, LAST), max_size=20))
def test_a_pinned_calendar_answers_as_the_calendar_did(
    calendar: Calendar, asked: list[date]
) -> None:
    again = pinned(calendar)

    assert [again.state_of(when) for when in asked] == [calendar.state_of(when) for when in asked]
    assert (again.name, again.zone, again.base_time, again.month_starts_on) == (
        calendar.name,
        calendar.zone,
        calendar.base_time,
        calendar.month_starts_on,
    )
    month = calendar.month_of(day("2026-06-15"))
    assert again.nth_open_day(month, -1) == calendar.nth_open_day(month, -1)
    assert again.month_of(FIRST) == calendar.month_of(FIRST)


@settings(max_examples=20, deadline=None)
@given(calendar=calendars())
def test_a_pinned_calendar_pins_to_the_same_table(calendar: Calendar) -> None:
    table = to_table(calendar, first=FIRST, last=LAST)

    again = to_table(from_table(table), first=FIRST, last=LAST)

    assert again == table


@pytest.mark.parametrize("beyond", [FIRST - timedelta(days=1), LAST + timedelta(days=1)])
def test_a_day_outside_the_table_is_refused(beyond: date) -> None:
    again = pinned(design_calendar())

    with pytest.raises(CalendarEnds):
        again.is_open(beyond)


def test_a_table_holds_no_day_that_the_calendar_does_not_cover() -> None:
    calendar = office(valid=("2026-04-01", "2026-09-30"))

    again = pinned(calendar)

    assert (again.valid_from, again.valid_to) == (day("2026-04-01"), day("2026-09-30"))


def test_a_table_holds_no_year_of_which_the_holidays_are_not_known() -> None:
    definition = CalendarDefinition(name="jp", week=MON_TO_FRI, holidays=HolidayRule(country="JP"))
    calendar = compile_calendar(definition)

    late = pinned(calendar, day("2097-01-01"), day("2101-12-31"))
    early = pinned(calendar, day("1947-01-01"), day("1950-12-31"))

    assert (late.valid_from, late.valid_to) == (day("2097-01-01"), day("2099-12-31"))
    assert (early.valid_from, early.valid_to) == (day("1949-01-01"), day("1950-12-31"))


def test_a_window_without_any_valid_day_is_refused() -> None:
    calendar = office(valid=("2030-01-01", None))

    with pytest.raises(CalendarEnds):
        to_table(calendar, first=FIRST, last=LAST)


def test_a_table_has_a_limit() -> None:
    with pytest.raises(SpanTooLong):
        to_table(EVERY_DAY_OPEN, first=FIRST, last=FIRST + timedelta(days=TABLE_DAYS_MAX))


@pytest.mark.parametrize(
    ("when", "window"),
    [
        ("2026-05-29", ("2025-01-01", "2028-12-31")),
        ("0001-03-01", ("0001-01-01", "0003-12-31")),
        ("9999-03-01", ("9998-01-01", "9999-12-31")),
    ],
)
def test_a_run_pins_a_year_back_and_two_ahead(when: str, window: tuple[str, str]) -> None:
    first, last = pinned_window(day(when))

    assert (first, last) == (day(window[0]), day(window[1]))


def test_four_years_of_a_calendar_are_small_in_a_journal() -> None:
    definition = CalendarDefinition(
        name="head_office", week=MON_TO_FRI, holidays=HolidayRule(country="JP")
    )

    text = json.dumps(to_table(compile_calendar(definition), first=FIRST, last=LAST))

    assert len(text) < 16_384


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"version": 2}, "its version is 2, not 1"),
        ({"version": None}, "its version is None"),
        ({"open": ""}, "it has 0 days, or no reasons"),
        ({"open": "1" * (TABLE_DAYS_MAX + 1)}, "it has 7321 days, or no reasons"),
        ({"open": "10x"}, "KeyError: 'x'"),
        ({"open": 5}, "5 is no text"),
        ({"why": []}, "it has 1461 days and reasons for 0"),
        ({"why": None}, "or no reasons"),
        ({"why": [[3]]}, "not enough values"),
        ({"why": [[-3, "week", "office", ""]]}, "-3 is no count"),
        ({"why": [[True, "week", "office", ""]]}, "True is no count"),
        ({"why": [[1461, "moon", "office", ""]]}, "'moon'"),
        ({"why": [[1461, "week", 7, ""]]}, "7 is no text"),
        ({"why": [[1461, "week", "office", 7]]}, "7 is no text"),
        ({"first": "tomorrow"}, "isoformat"),
        ({"first": "9999-12-30"}, "out of range"),
        ({"base_time": "48:00"}, "48:00"),
        ({"base_time": None}, "None is no text"),
        ({"month_starts_on": "1"}, "'1' is no count"),
        ({"month_starts_on": 0}, "no month starts on 0"),
        ({"month_starts_on": 29}, "no month starts on 29"),
        ({"zone": 9}, "9 is no text"),
        ({"name": None}, "None is no text"),
    ],
    ids=range(23),
)
def test_a_table_that_was_damaged_is_refused(change: dict[str, object], reason: str) -> None:
    table = to_table(design_calendar(), first=FIRST, last=LAST) | change

    with pytest.raises(TableUnreadable) as caught:
        from_table(table)

    assert reason in str(caught.value)


@pytest.mark.parametrize("missing", ["version", "name", "zone", "first", "open", "why"])
def test_a_table_without_one_of_its_fields_is_refused(missing: str) -> None:
    table = to_table(design_calendar(), first=FIRST, last=LAST)
    del table[missing]

    with pytest.raises(ControllerError, match="Rerun with the current definition"):
        from_table(table)
