"""A calendar that is written as text is read again as the same calendar."""

from datetime import UTC, date, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.calendars import (
    CalendarDefinition,
    CalendarVersion,
    Combination,
    DayState,
    HolidayRule,
    SetOperation,
    Shift,
    Weekday,
    compile_calendar,
    parse_clock_time,
)
from jobnet.calendars.ics import from_ics, to_ics
from jobnet.project import GivenFile, Site, read_texts
from jobnet.project.calendar_text import calendar_document

WEEKS = st.frozensets(st.sampled_from(Weekday))
MONTHS = st.dictionaries(st.integers(1, 12), WEEKS, max_size=3)
COUNTRIES = [
    None,
    HolidayRule(country="NO"),  # which YAML 1.1 would read as a boolean
    HolidayRule(country="DE", subdivision="BY", closed=False),
]
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
DATES = st.dates(date(1900, 1, 1), date(2100, 12, 31))
DERIVED = st.one_of(
    st.builds(
        Combination,
        operation=st.sampled_from(SetOperation),
        calendars=st.lists(NAMES, min_size=2, max_size=4).map(tuple),
    ),
    st.builds(
        Shift,
        calendar=NAMES,
        by=st.none() | NAMES,
        distance=st.integers(-366, 366).filter(bool),
    ),
)
FRAMES = st.fixed_dictionaries(
    {
        "name": NAMES,
        "title": st.text(st.characters(exclude_categories=["C"]), max_size=40).map(str.strip),
        "days": st.dictionaries(DATES, st.sampled_from(DayState), max_size=5),
        "base_time": st.sampled_from([None, parse_clock_time("06:00")]),
        "month_starts_on": st.none() | st.integers(1, 28),
        "timezone": st.sampled_from([None, "Asia/Tokyo", "UTC"]),
        "valid_from": st.sampled_from([None, date(1800, 1, 1)]),
        "valid_to": st.sampled_from([None, date(2200, 1, 1)]),
    }
)
VERSIONS = st.lists(DATES, max_size=3, unique=True).flatmap(
    lambda starts: st.tuples(
        *(
            st.builds(
                CalendarVersion,
                start=st.just(start),
                week=WEEKS,
                months=st.none() | MONTHS,
                holidays=st.sampled_from(COUNTRIES),
            )
            for start in sorted(starts)
        )
    )
)
LAYERED = st.fixed_dictionaries(
    {
        "extends": st.none() | NAMES,
        "week": st.none() | WEEKS,
        "months": MONTHS,
        "holidays": st.sampled_from(COUNTRIES),
        "versions": VERSIONS,
    }
)


def read(text: str) -> CalendarDefinition:
    file, base = Path("/p/c.yml"), Path("/p")
    given = GivenFile(path=file, base=base, text=text, site=Site(file=file, root=base))
    (document,) = read_texts([given]).documents
    assert isinstance(document.value, CalendarDefinition), document.problems
    return document.value


@given(frame=FRAMES, layers=LAYERED | st.builds(lambda derived: {"derived": derived}, DERIVED))
@settings(max_examples=60, deadline=None)
def test_a_calendar_that_is_written_is_read_as_the_same(
    frame: dict[str, object], layers: dict[str, object]
) -> None:
    definition = CalendarDefinition(**frame, **layers)  # type: ignore[arg-type]

    assert read(calendar_document(definition)) == definition


def test_reasons_stand_beside_their_days_on_one_line() -> None:
    day = date(2026, 12, 31)
    definition = CalendarDefinition(name="c", days={day: DayState.CLOSED})

    text = calendar_document(definition, reasons={day: "Stock-taking\nweek: {open: []}"})

    assert text == (
        "kind: calendar\nname: c\ndays:\n  2026-12-31: closed  # Stock-taking week: {open: []}\n"
    )
    assert read(text) == definition


def test_an_imported_list_of_holidays_becomes_a_calendar_that_closes_the_same_days() -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    week = frozenset(list(Weekday)[:5])
    office = compile_calendar(
        CalendarDefinition(name="office", week=week, holidays=HolidayRule(country="JP"))
    )
    exported = to_ics(office, first, last, now=datetime(2026, 1, 1, tzinfo=UTC))

    found = from_ics(exported, first=first, last=last)
    text = calendar_document(
        CalendarDefinition(name="imported", week=week, days=found.days), reasons=found.reasons
    )

    assert "  2026-05-06: closed  # Substitute Holiday (JP)\n" in text
    again = compile_calendar(read(text))
    assert again.open_ordinals(first, last) == office.open_ordinals(first, last)
