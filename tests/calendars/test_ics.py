"""iCalendar: what is exported comes back, and another library reads and writes the same days."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.calendars import (
    EVERY_DAY_OPEN,
    Calendar,
    CalendarDefinition,
    Combination,
    DayState,
    HolidayRule,
    SetOperation,
    Weekday,
    compile_calendar,
)
from jobnet.calendars.ics import (
    from_ics,
    to_ics,
)
from jobnet.calendars.ics_lines import FOLDED_OCTETS
from jobnet.errors.calendars import SpanTooLong

from tests.calendars.calendar_builders import MON_TO_FRI, closed, day, office

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
FIRST, LAST = day("2026-01-01"), day("2027-12-31")
OPEN, CLOSED = DayState.OPEN, DayState.CLOSED


def head_office(**fields: object) -> Calendar:
    given = {
        "name": "head_office",
        "week": MON_TO_FRI,
        "holidays": HolidayRule(country="JP"),
        "days": {
            **closed("2026-12-29", "2026-12-30", "2026-12-31"),
            day("2026-12-05"): OPEN,
        },
        **fields,
    }
    return compile_calendar(CalendarDefinition(**given))  # type: ignore[arg-type]


def by_another_library(text: str) -> Mapping[date, str]:
    """Return the summary of each day of each event, as the library icalendar reads the text."""
    found: dict[date, str] = {}
    for event in icalendar.Calendar.from_ical(text).walk("VEVENT"):
        start, end = event.decoded("DTSTART"), event.decoded("DTEND")
        for number in range((end - start).days):
            found[start + timedelta(days=number)] = str(event["SUMMARY"])
    return found


def test_an_export_for_people_holds_what_is_out_of_the_ordinary() -> None:
    text = to_ics(head_office(), day("2026-12-01"), day("2027-01-15"), now=NOW)

    assert by_another_library(text) == {
        day("2026-12-05"): "open",
        day("2026-12-29"): "closed",
        day("2026-12-30"): "closed",
        day("2026-12-31"): "closed",
        day("2027-01-01"): "New Year's Day (JP)",
        day("2027-01-11"): "Coming of Age Day (JP)",
    }
    assert text.count("BEGIN:VEVENT") == 4


def test_an_export_is_the_same_text_each_time() -> None:
    once, again = (to_ics(head_office(), FIRST, LAST, now=NOW) for _ in range(2))

    assert once == again
    assert "UID:20261205-head_office@jobnet\r\nDTSTAMP:20261122T083000Z\r\n" in once


def test_the_weekend_of_a_derived_calendar_is_not_out_of_the_ordinary() -> None:
    both = CalendarDefinition(
        name="both",
        derived=Combination(operation=SetOperation.INTERSECTION, calendars=("a", "b")),
    )
    parents = {
        "a": CalendarDefinition(name="a", week=MON_TO_FRI, days=closed("2026-06-03")),
        "b": CalendarDefinition(name="b", week=MON_TO_FRI | {Weekday.SAT}),
    }
    calendar = compile_calendar(both, parents=parents)

    text = to_ics(calendar, day("2026-06-01"), day("2026-06-30"), now=NOW)

    assert list(by_another_library(text)) == [day("2026-06-03")]


def test_nothing_is_out_of_the_ordinary_where_every_day_is_open() -> None:
    assert "VEVENT" not in to_ics(EVERY_DAY_OPEN, FIRST, LAST, now=NOW)


@given(
    week=st.frozensets(st.sampled_from(Weekday)),
    single=st.dictionaries(st.dates(FIRST, LAST), st.sampled_from(DayState), max_size=30),
    first=st.dates(FIRST, LAST),
    length=st.integers(0, 400),
    country=st.sampled_from([None, "JP", "DE", "US"]),
)
@settings(max_examples=50, deadline=None)
def test_what_is_imported_from_a_complete_export_is_what_was_exported(
    *,
    week: frozenset[Weekday],
    single: dict[date, DayState],
    first: date,
    length: int,
    country: str | None,
) -> None:
    holidays = HolidayRule(country=country) if country else None
    calendar = head_office(week=week, days=single, holidays=holidays)
    span = [first + timedelta(days=number) for number in range(length + 1)]

    text = to_ics(calendar, span[0], span[-1], now=NOW, is_complete=True)

    found = from_ics(text, first=span[0] - timedelta(days=10), last=span[-1] + timedelta(days=10))

    assert found.left_out == ()
    assert found.days == {one: calendar.state_of(one).state for one in span}


def test_the_last_day_of_all_comes_back() -> None:
    calendar = office()
    first = date(9999, 12, 25)

    found = from_ics(
        to_ics(calendar, first, date.max, now=NOW, is_complete=True), first=first, last=date.max
    )

    assert found.days == {
        date.fromordinal(one): calendar.state_of(date.fromordinal(one)).state
        for one in range(first.toordinal(), date.max.toordinal() + 1)
    }


@given(name=st.text(max_size=120))
@settings(max_examples=50, deadline=None)
def test_any_name_is_exported_as_text_that_another_library_reads(name: str) -> None:
    text = to_ics(head_office(name=name), FIRST, FIRST, now=NOW)

    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert str(event["SUMMARY"]) == "New Year's Day (JP)"
    assert all(len(line.encode()) <= FOLDED_OCTETS for line in text.split("\r\n"))


@given(
    events=st.lists(
        st.tuples(
            st.dates(FIRST, LAST),
            st.integers(1, 9),
            st.text(st.characters(exclude_categories=["C"]), max_size=90),
        ),
        max_size=12,
    )
)
@settings(max_examples=50, deadline=None)
def test_all_day_events_of_another_library_are_imported(
    events: list[tuple[date, int, str]],
) -> None:
    written = icalendar.Calendar()
    for start, length, summary in events:
        event = icalendar.Event()
        event.add("dtstart", start)
        event.add("dtend", start + timedelta(days=length))
        event.add("summary", summary)
        written.add_component(event)
    expected = {start + timedelta(days=n) for start, length, _ in events for n in range(length)}

    found = from_ics(written.to_ical().decode(), first=FIRST, last=LAST + timedelta(days=20))

    assert set(found.days) == expected
    assert set(found.days.values()) <= {CLOSED}
    reasons = {reason for reason in found.reasons.values() if ", " not in reason}
    assert reasons <= {" ".join(summary.split()) for _, _, summary in events}


def test_the_span_of_an_export_has_a_limit() -> None:
    with pytest.raises(SpanTooLong):
        to_ics(office(), date.min, date.max, now=NOW)
