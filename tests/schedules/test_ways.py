from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.calendars import (
    Calendar,
    CalendarDefinition,
    ClosedDayPolicy,
    Cycle,
    CycleUnit,
    DayRule,
    DayState,
    HolidayRule,
    NthWeekday,
    Weekday,
    compile_calendar,
    is_candidate,
    matches_day,
    parse_cron,
    parse_recurrence,
    resolve,
)
from jobnet.calendars.candidate_days import CandidateDays
from jobnet.errors.calendars import CalendarEnds, HolidaysUnknown
from jobnet.schedules.ways import RuleDays, Way, known_days

from tests.calendars.calendar_builders import MON_TO_FRI, day, following, office, previous

FIRST, LAST = date(2026, 4, 1), date(2026, 7, 31)
YEAR = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
NUMBERS = st.integers(1, 31) | st.integers(-31, -1)
WORDS = st.one_of(
    st.builds(DayRule, state=st.sampled_from(DayState)),
    st.builds(DayRule, months=st.lists(st.integers(1, 12), min_size=1, max_size=4).map(tuple)),
    st.builds(DayRule, nth_open_day=st.lists(NUMBERS, min_size=1, max_size=3).map(tuple)),
    st.builds(DayRule, nth_closed_day=st.lists(NUMBERS, min_size=1, max_size=3).map(tuple)),
    st.builds(DayRule, day_of_month=st.lists(NUMBERS, min_size=1, max_size=3).map(tuple)),
    st.builds(
        DayRule,
        nth_weekday=st.lists(
            st.builds(
                NthWeekday,
                nth=st.sampled_from([1, 2, 3, 4, 5, -1, -2, -5]),
                weekday=st.sampled_from(Weekday),
            ),
            min_size=1,
            max_size=3,
        ).map(tuple),
    ),
    st.builds(DayRule, dates=st.frozensets(st.dates(FIRST, LAST), min_size=1, max_size=9)),
    st.builds(
        DayRule,
        every=st.builds(
            Cycle,
            n=st.integers(1, 9),
            unit=st.sampled_from(CycleUnit),
            start=st.dates(date(2026, 3, 1), date(2026, 6, 1)),
        ),
    ),
    st.sampled_from(["0 5 1-7 * MON", "0 5 * * 5L", "0 5 L * *", "0 5 */3 * *"]).map(
        lambda text: DayRule(cron=parse_cron(text))
    ),
    st.sampled_from(["FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,TU", "FREQ=MONTHLY;BYDAY=2SU"]).map(
        lambda text: DayRule(rrule=parse_recurrence(f"DTSTART:20260301T050000 {text}"))
    ),
)
CLOSED_DAYS = st.frozensets(st.dates(date(2026, 3, 1), date(2026, 8, 31)), max_size=40)
TWO_DAYS = st.tuples(st.integers(0, 120), st.integers(0, 120))
WEEKS = st.frozensets(st.sampled_from(Weekday), min_size=1)


@st.composite
def rules(draw: st.DrawFn) -> DayRule:
    """Draw any word with any move that goes with it."""
    word: DayRule = draw(WORDS)
    if word.state is not None:
        return word
    months: tuple[int, ...] = draw(st.sampled_from([(), (4, 5, 6, 7)]))
    moved = replace(
        word, offset_open_days=draw(st.integers(-5, 5)), max_shift=draw(st.integers(0, 9))
    )
    if moved.policy is ClosedDayPolicy.SKIP:
        moved = replace(moved, on_closed_day=draw(st.none() | st.sampled_from(ClosedDayPolicy)))
    return replace(moved, months=word.months or months)


def by_resolving(rule: DayRule, calendar: Calendar, first: date, last: date) -> list[Way]:
    """Return the ways one by one, as the slow and plain functions tell them."""
    found = []
    for candidate in YEAR:
        if is_candidate(rule, candidate, calendar):
            way = resolve(rule, candidate, calendar)
            if first <= (way.day or candidate) <= last:
                landing = way.day.toordinal() if way.day else None
                found.append(Way(candidate.toordinal(), landing, way.end))
    return sorted(found, key=lambda way: (way.day or way.candidate, way.candidate))


@settings(max_examples=150, deadline=None)
@given(
    rule=rules(), closed_days=CLOSED_DAYS, week=WEEKS, days=st.tuples(*[st.integers(0, 120)] * 2)
)
def test_ways_in_bulk_are_those_of_resolving_every_candidate(
    rule: DayRule, closed_days: frozenset[date], week: frozenset[Weekday], days: tuple[int, int]
) -> None:
    calendar = office(*(when.isoformat() for when in closed_days), week=week)
    first, last = (FIRST + timedelta(days=number) for number in sorted(days))
    rule_days = RuleDays.of(rule, calendar)

    ways = rule_days.ways(first.toordinal(), last.toordinal())

    assert sorted(ways, key=lambda way: (way.day or way.candidate, way.candidate)) == by_resolving(
        rule, calendar, first, last
    )
    landings = [way.day for way in ways if way.day is not None]
    assert list(rule_days.days(first.toordinal(), last.toordinal())) == landings


@settings(max_examples=100, deadline=None)
@given(rule=rules(), closed_days=CLOSED_DAYS, starts_on=st.sampled_from([1, 21]))
def test_candidates_in_bulk_are_those_of_asking_every_day(
    rule: DayRule, closed_days: frozenset[date], starts_on: int
) -> None:
    calendar = office(*(when.isoformat() for when in closed_days), month_starts_on=starts_on)

    found = CandidateDays(rule, calendar).between(FIRST.toordinal(), LAST.toordinal())

    asked = [one for one in YEAR if FIRST <= one <= LAST and is_candidate(rule, one, calendar)]
    assert [date.fromordinal(one) for one in found] == asked


@settings(max_examples=100, deadline=None)
@given(rule=rules(), closed_days=CLOSED_DAYS)
def test_what_is_certain_is_what_a_longer_calendar_says(
    rule: DayRule, closed_days: frozenset[date]
) -> None:
    texts = [when.isoformat() for when in closed_days]
    short = office(*texts, valid=("2026-03-01", "2026-07-15"))
    long = office(*texts, valid=("2025-01-01", "2027-12-31"))
    days = RuleDays.of(rule, short)
    whole = days.ways(days.askable.start, days.askable.stop - 1)
    unresolved = [date.fromordinal(way.candidate) for way in whole if way.end == "unresolved"]
    reported = {resolve(rule, candidate, long).day for candidate in unresolved}

    for ordinal in days.certain():
        asked = date.fromordinal(ordinal)
        assert asked in reported or matches_day(rule, asked, long) == any(
            way.day == ordinal for way in days.ways(ordinal, ordinal)
        )


@pytest.mark.parametrize(
    ("rule", "first", "last"),
    [
        (DayRule(state=DayState.OPEN), "2026-03-02", "2026-07-15"),
        (previous(15), "2026-03-02", "2026-07-15"),
        (previous(18), "2026-03-02", "2026-07-14"),
        (previous(18, max_shift=2), "2026-03-02", "2026-07-15"),
        (previous(18, offset=-2), "2026-03-02", "2026-07-12"),
        (following(28), "2026-03-03", "2026-07-15"),
        (following(28, offset=1), "2026-03-04", "2026-07-15"),
        (following(18), "2026-03-02", "2026-07-15"),
        (DayRule(nth_open_day=(1,)), "2026-04-01", "2026-07-15"),
        (DayRule(nth_open_day=(-1,)), "2026-03-02", "2026-06-30"),
        (DayRule(nth_open_day=(12,)), "2026-04-01", "2026-06-30"),
    ],
)
def test_near_the_edges_of_a_calendar_only_so_much_is_certain(
    rule: DayRule, first: str, last: str
) -> None:
    calendar = office(valid=("2026-03-02", "2026-07-15"))

    known = RuleDays.of(rule, calendar).certain()

    assert (date.fromordinal(known.start), date.fromordinal(known.stop - 1)) == (
        day(first),
        day(last),
    )


def test_a_move_that_runs_out_of_the_calendar_is_unresolved_and_says_so() -> None:
    calendar = office("2026-07-15", valid=("2026-03-02", "2026-07-15"))
    rule_days = RuleDays.of(following(15), calendar)
    candidate = day("2026-07-15").toordinal()

    (way,) = rule_days.ways(candidate, candidate)

    with pytest.raises(CalendarEnds) as refused:
        calendar.is_open(day("2026-07-16"))
    assert way.day is None
    assert way.end == "unresolved"
    assert rule_days.steps(way) == (
        "candidate Wed 2026-07-15 is closed (single date, calendar office)",
        f"unresolved: {refused.value}",
    )


def test_holidays_that_nobody_knows_end_what_is_certain() -> None:
    calendar = compile_calendar(
        CalendarDefinition(name="jp", week=MON_TO_FRI, holidays=HolidayRule(country="JP"))
    )

    known = RuleDays.of(previous(-1), calendar).certain()

    assert known.stop == known_days(calendar).stop
    with pytest.raises((CalendarEnds, HolidaysUnknown)):
        calendar.is_open(date.fromordinal(known.stop))


def test_an_offset_over_years_of_closed_days_is_found_or_unresolved() -> None:
    rare = (
        office(week=frozenset())
        if False
        else compile_calendar(
            CalendarDefinition(
                name="rare",
                week=frozenset(),
                days={date(year, 6, 1): DayState.OPEN for year in range(2000, 2060)},
            )
        )
    )
    rule = DayRule(dates=frozenset({day("2026-06-01")}), offset_open_days=9)

    (way,) = RuleDays.of(rule, rare).ways(*[day("2035-06-01").toordinal()] * 2)

    assert date.fromordinal(way.candidate) == day("2026-06-01")
    far = DayRule(dates=frozenset({day("2058-06-01")}), offset_open_days=9)
    (lost,) = RuleDays.of(far, rare).ways(*[day("2058-06-01").toordinal()] * 2)
    assert lost.end == "unresolved"
