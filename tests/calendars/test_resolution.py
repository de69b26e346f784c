from datetime import date, timedelta
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.calendars import (
    EVERY_DAY_OPEN,
    Calendar,
    CalendarDefinition,
    ClosedDayPolicy,
    DayRule,
    DayState,
    ResolutionEnd,
    Weekday,
    compile_calendar,
    explain_day,
    is_candidate,
    matches_day,
    resolve,
)
from jobnet.errors.calendars import CalendarEnds

from tests.calendars.calendar_builders import (
    day,
    design_calendar,
    following,
    office,
    previous,
)

LAST_OPEN = DayRule(nth_open_day=(-1,))


def days_of(rule: DayRule, first: str, last: str, calendar: Calendar) -> list[str]:
    span = range(day(first).toordinal(), day(last).toordinal() + 1)
    days = map(date.fromordinal, span)
    return [when.isoformat() for when in days if matches_day(rule, when, calendar)]


@pytest.mark.parametrize(
    ("rule", "candidate", "resolved"),
    [
        (previous(15, offset=-2), "2026-05-15", "2026-05-13"),
        (previous(15, offset=-2), "2026-08-15", "2026-08-12"),
        (previous(15, offset=-2), "2026-06-15", "2026-06-11"),
        (following(21, offset=1), "2026-06-21", "2026-06-23"),
        (previous(5), "2026-05-05", "2026-05-01"),
        (following(5), "2026-05-05", "2026-05-07"),
        (following(4, max_shift=2), "2026-05-04", None),
        (following(4, max_shift=3), "2026-05-04", "2026-05-07"),
        (previous(-1), "2026-05-31", "2026-05-29"),
        (following(-1), "2026-05-31", "2026-06-01"),
        (previous(-1), "2026-02-28", "2026-02-27"),
        (following(-1), "2026-02-28", "2026-03-02"),
    ],
)
def test_the_vectors_of_the_design(rule: DayRule, candidate: str, resolved: str | None) -> None:
    calendar = design_calendar()

    found = resolve(rule, day(candidate), calendar)

    assert found.day == (day(resolved) if resolved else None)
    assert (found.end is ResolutionEnd.UNRESOLVED) is (resolved is None)
    if resolved:
        assert matches_day(rule, day(resolved), calendar)


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (previous(15, offset=-2), ["2026-05-13", "2026-06-11", "2026-07-13", "2026-08-12"]),
        (following(4, max_shift=2), ["2026-06-04", "2026-07-06", "2026-08-04"]),
        (following(-1), ["2026-06-01", "2026-06-30", "2026-07-31", "2026-08-31"]),
        (LAST_OPEN, ["2026-05-29", "2026-06-30", "2026-07-31", "2026-08-31"]),
        (DayRule(day_of_month=(15,)), ["2026-05-15", "2026-06-15", "2026-07-15"]),
        (
            DayRule(day_of_month=(15,), on_closed_day=ClosedDayPolicy.RUN),
            ["2026-05-15", "2026-06-15", "2026-07-15", "2026-08-15"],
        ),
        (
            DayRule(nth_closed_day=(-1,), offset_open_days=1),
            ["2026-06-01", "2026-06-29", "2026-07-27", "2026-08-31"],
        ),
    ],
)
def test_a_rule_matches_the_days_on_which_its_candidates_take_place(
    rule: DayRule, days: list[str]
) -> None:
    found = days_of(rule, "2026-05-01", "2026-08-31", design_calendar())

    assert found == days


def test_candidates_that_fall_together_are_one_matching_day() -> None:
    rule = following(4, 5, 6)

    match = explain_day(rule, day("2026-05-07"), design_calendar())

    assert match.matches
    assert len([step for step in match.steps if step.startswith("candidate")]) == 3


def test_a_day_that_was_moved_to_is_not_moved_again() -> None:
    rule = following(2, 4, max_shift=2)

    found = [resolve(rule, day(text), design_calendar()) for text in ("2026-05-02", "2026-05-04")]

    assert [each.end for each in found] == [ResolutionEnd.UNRESOLVED] * 2


def test_a_match_is_explained_step_by_step() -> None:
    match = explain_day(previous(15, offset=-2), day("2026-08-12"), design_calendar())

    assert match.matches
    assert match.steps == (
        "candidate Sat 2026-08-15 is closed (week, calendar office)",
        "moved to the previous open day Fri 2026-08-14",
        "offset -2 open days: Wed 2026-08-12",
    )


@pytest.mark.parametrize(
    ("rule", "text", "said"),
    [
        (DayRule(day_of_month=(5,)), "2026-05-05", "skipped, because it is closed"),
        (following(4, max_shift=2), "2026-05-04", "unresolved: no next open day within 2 days"),
        (previous(5), "2026-05-05", "moved to the previous open day Fri 2026-05-01"),
        (LAST_OPEN, "2026-05-28", "no candidate of the rule leads to it"),
    ],
)
def test_a_day_that_does_not_match_is_explained_too(rule: DayRule, text: str, said: str) -> None:
    match = explain_day(rule, day(text), design_calendar())

    assert not match.matches
    assert said in match.steps[-1]


def test_an_offset_into_a_calendar_that_never_opens_again_is_unresolved() -> None:
    start = day("2026-05-01")
    only_day = compile_calendar(
        CalendarDefinition(name="once", week=frozenset(), days={start: DayState.OPEN})
    )
    rule = DayRule(nth_open_day=(1,), offset_open_days=1)

    found = resolve(rule, start, only_day)

    assert (found.end, found.day) == (ResolutionEnd.UNRESOLVED, None)
    assert "no open day within" in found.steps[-1]
    assert not matches_day(rule, start, only_day)


def test_beyond_the_validity_only_a_day_that_the_rule_names_is_refused() -> None:
    calendar = office(valid=("2026-01-01", "2026-12-31"))
    last = day("2026-12-31")

    assert not matches_day(previous(15), last, calendar)
    assert not matches_day(previous(25, offset=-2), last, calendar)
    assert matches_day(previous(31), last, calendar)
    with pytest.raises(CalendarEnds):
        matches_day(previous(1), last, calendar)


def test_a_day_outside_the_validity_is_refused_whatever_the_rule() -> None:
    calendar = office(valid=("2026-01-01", "2026-12-31"))

    for rule in (previous(15), DayRule(months=(5,)), LAST_OPEN):
        with pytest.raises(CalendarEnds):
            matches_day(rule, day("2027-01-01"), calendar)


@pytest.mark.parametrize("edge", [date.min, date.max])
def test_the_first_and_the_last_day_of_all_can_be_asked(edge: date) -> None:
    rule = DayRule(day_of_month=(edge.day,), on_closed_day=ClosedDayPolicy.RUN)

    assert matches_day(rule, edge, EVERY_DAY_OPEN)
    assert not matches_day(previous(15, offset=-2), edge, EVERY_DAY_OPEN)


RULES = st.builds(
    DayRule,
    day_of_month=st.lists(st.integers(1, 31) | st.integers(-31, -1), min_size=1, max_size=3).map(
        tuple
    ),
    on_closed_day=st.none() | st.sampled_from(ClosedDayPolicy),
    max_shift=st.integers(0, 12),
    offset_open_days=st.integers(-4, 4),
) | st.builds(
    DayRule,
    nth_closed_day=st.lists(st.sampled_from([1, 2, 5, -1]), min_size=1, max_size=2).map(tuple),
    offset_open_days=st.integers(-4, 4),
)
CLOSED_DAYS = st.frozensets(st.dates(date(2026, 4, 1), date(2026, 7, 31)), max_size=40)
WEEKS = st.frozensets(st.sampled_from(Weekday), min_size=1)


@settings(max_examples=150, deadline=None)
@given(rule=RULES, closed_days=CLOSED_DAYS, week=WEEKS)
def test_asking_backwards_agrees_with_resolving_every_candidate(
    rule: DayRule, closed_days: frozenset[date], week: frozenset[Weekday]
) -> None:
    calendar = office(*(when.isoformat() for when in closed_days), week=week)
    span = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    asked = [when for when in span if when.month in (5, 6)]

    matching = {when for when in asked if matches_day(rule, when, calendar)}

    candidates = [when for when in span if is_candidate(rule, when, calendar)]
    resolved = {resolve(rule, when, calendar).day for when in candidates}
    assert matching == resolved.intersection(asked)
    assert all(explain_day(rule, when, calendar).matches for when in matching)


@settings(max_examples=150, deadline=None)
@given(
    candidate=st.dates(date(1990, 1, 1), date(2060, 1, 1)),
    closed_after=st.lists(st.integers(-15, 15), max_size=8),
    policy=st.sampled_from([ClosedDayPolicy.NEXT, ClosedDayPolicy.PREVIOUS]),
    offset=st.integers(-10, 10),
)
def test_moving_and_offset_agree_with_numpy(
    candidate: date,
    closed_after: list[int],
    policy: ClosedDayPolicy,
    offset: int,
) -> None:
    closed_days = [candidate + timedelta(days=distance) for distance in closed_after]
    calendar = office(*(when.isoformat() for when in closed_days))
    rule = DayRule(
        day_of_month=(candidate.day,),
        on_closed_day=policy,
        max_shift=60,
        offset_open_days=offset,
    )

    found = resolve(rule, candidate, calendar)

    roll: Literal["forward", "backward"] = (
        "forward" if policy is ClosedDayPolicy.NEXT else "backward"
    )
    moved = np.busday_offset(candidate, 0, roll=roll, holidays=closed_days)
    assert str(found.day) == str(np.busday_offset(moved, offset, holidays=closed_days))
