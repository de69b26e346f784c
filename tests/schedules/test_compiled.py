from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.calendars import (
    CalendarDefinition,
    Cycle,
    CycleUnit,
    DayRule,
    HolidayRule,
    NthWeekday,
    Weekday,
    compile_calendar,
    parse_clock_time,
)
from jobnet.calendars.resolution import no_candidate_step
from jobnet.errors.calendars import CalendarEnds, HolidaysUnknown
from jobnet.schedules import (
    CompiledSchedule,
    Exclusion,
    OccurrenceEnd,
    Repetition,
    SummerTime,
)

from tests.calendars.calendar_builders import (
    MON_TO_FRI,
    day,
    design_calendar,
    following,
    office,
    previous,
)
from tests.schedules.schedule_builders import (
    EVERY_DAY,
    OPEN_DAYS,
    ends,
    instant,
    planned,
    rule,
    schedule,
    shown,
    told,
    without,
)

BERLIN = "Europe/Berlin"
EVERY_FIVE_MINUTES = Repetition(
    every=timedelta(minutes=5), first=parse_clock_time("06:00"), last=parse_clock_time("27:00")
)


def starts(compiled: CompiledSchedule, first: str, last: str) -> list[str]:
    return [shown(one) for one in compiled.starts(instant(first), instant(last))]


def test_the_validity_of_a_schedule_bounds_its_operating_days() -> None:
    compiled = schedule(
        rule(EVERY_DAY, "25:00"), valid_from=day("2026-05-02"), valid_to=day("2026-05-03")
    )

    assert planned(compiled, "2026-01-01", "2026-12-31") == [
        "2026-05-02 25:00 > 05-03 01:00",
        "2026-05-03 25:00 > 05-04 01:00",
    ]
    assert starts(compiled, "2026-05-04", "2026-05-05") == ["2026-05-03 25:00 > 05-04 01:00"]
    assert compiled.known_until() is None
    assert compiled.explain(day("2026-05-04")).steps == (
        "the schedule is valid from 2026-05-02 to 2026-05-03",
    )


def test_a_schedule_without_rules_starts_nothing_and_knows_no_end() -> None:
    compiled = schedule(calendar=office(valid=("2026-01-01", "2026-12-31")))

    assert told(compiled, "2020-01-01", "2040-01-01") == []
    assert starts(compiled, "2020-01-01", "2040-01-01") == []
    assert compiled.next_starts(instant("2026-01-01"), 3) == ()
    assert compiled.start_seconds(day("2026-01-01"), day("2026-12-31")) == []
    assert (compiled.known_from(), compiled.known_until()) == (None, None)
    assert not compiled.explain(day("2026-05-01")).matches


def test_a_calendar_that_ends_gives_what_it_knows_and_then_refuses() -> None:
    compiled = schedule(OPEN_DAYS, calendar=office(valid=("2026-01-01", "2026-12-31")))
    found = compiled.occurrences(day("2026-12-30"), day("2027-01-10"))

    first, second = next(found), next(found)
    with pytest.raises(CalendarEnds) as caught:
        next(found)

    assert first.key.operating_day == day("2026-12-30")
    assert second.key.operating_day == day("2026-12-31")
    assert "says nothing about 2027-01-01" in str(caught.value)
    assert compiled.known_until() == day("2026-12-31")
    assert compiled.known_from() == day("2026-01-01")


def test_a_calendar_that_has_not_begun_is_refused_at_once() -> None:
    compiled = schedule(OPEN_DAYS, calendar=office(valid=("2026-01-01", None)))

    with pytest.raises(CalendarEnds):
        next(compiled.occurrences(day("2025-12-31"), day("2026-01-10")))
    with pytest.raises(CalendarEnds):
        compiled.explain(day("2025-12-31"))
    with pytest.raises(CalendarEnds):
        compiled.start_seconds(day("2025-12-31"), day("2026-01-10"))


def test_a_schedule_that_ends_before_its_calendar_needs_no_more_of_it() -> None:
    compiled = schedule(
        previous(1),
        calendar=office(valid=("2026-01-01", "2026-12-31")),
        valid_from=day("2026-02-01"),
        valid_to=day("2026-12-15"),
    )

    assert len(planned(compiled, "2020-01-01", "2040-01-01")) == 10
    assert (compiled.known_from(), compiled.known_until()) == (None, None)


def test_starts_are_refused_only_beyond_what_the_calendar_knows() -> None:
    compiled = schedule(
        rule(OPEN_DAYS, "25:00"), calendar=office(valid=("2026-01-01", "2026-12-31"))
    )

    assert starts(compiled, "2026-12-31 02:00", "2026-12-31 23:59") == []
    assert starts(compiled, "2026-01-01", "2026-01-03") == ["2026-01-01 25:00 > 01-02 01:00"]
    with pytest.raises(CalendarEnds):
        starts(compiled, "2026-12-31 02:00", "2027-01-01 02:00")
    with pytest.raises(CalendarEnds):
        starts(compiled, "2025-12-31 23:59", "2026-01-03")


def test_next_starts_stop_where_the_calendar_ends() -> None:
    compiled = schedule(OPEN_DAYS, calendar=office(valid=("2026-01-01", "2026-12-31")))

    found = compiled.next_starts(instant("2026-12-30 12:00"), 5)

    assert [shown(one) for one in found] == [
        "2026-12-30 22:00 > 12-30 22:00",
        "2026-12-31 22:00 > 12-31 22:00",
    ]


def test_holidays_that_nobody_knows_end_the_plan() -> None:
    calendar = compile_calendar(
        CalendarDefinition(name="jp", week=MON_TO_FRI, holidays=HolidayRule(country="JP"))
    )
    compiled = schedule(OPEN_DAYS, calendar=calendar)
    last = compiled.known_until()

    assert last is not None
    with pytest.raises(HolidaysUnknown):
        list(compiled.occurrences(last, last + timedelta(days=1)))


def test_an_exclusion_by_a_calendar_that_ends_ends_the_plan() -> None:
    compiled = schedule(
        EVERY_DAY,
        exclude=(Exclusion(calendar="freeze"),),
        exclusions={"freeze": office(valid=("2026-01-01", "2026-06-30"))},
    )

    assert compiled.known_until() == day("2026-06-30")
    with pytest.raises(CalendarEnds, match="2026-07-01"):
        told(compiled, "2026-06-30", "2026-07-01")


def test_starts_come_by_instant_from_first_to_before_last() -> None:
    compiled = schedule(rule(EVERY_DAY, "01:00", "25:30", "47:00"))

    assert starts(compiled, "2026-05-03 01:00", "2026-05-04 01:00") == [
        "2026-05-03 01:00 > 05-03 01:00",
        "2026-05-02 25:30 > 05-03 01:30",
        "2026-05-02 47:00 > 05-03 23:00",
    ]
    assert starts(compiled, "2026-05-03", "2026-05-03") == []


def test_starts_of_years_come_in_order_across_their_chunks() -> None:
    compiled = schedule(rule(EVERY_DAY, "00:00", "47:59"), zone=BERLIN)

    found = [one.start for one in compiled.starts(instant("2026-01-01"), instant("2028-01-01"))]

    assert found == sorted(found, key=lambda moment: moment or instant("2000-01-01"))
    assert len(set(found)) == len(found) == 2 * 730


def test_next_starts_are_those_after_an_instant() -> None:
    compiled = schedule(previous(-1), calendar=design_calendar(), zone="Asia/Tokyo")

    found = compiled.next_starts(instant("2026-05-29 13:00"), 3)

    assert [shown(one) for one in found] == [
        "2026-06-30 22:00 > 06-30 13:00",
        "2026-07-31 22:00 > 07-31 13:00",
        "2026-08-31 22:00 > 08-31 13:00",
    ]
    assert compiled.next_starts(instant("2026-05-29 13:00"), 0) == ()


def test_next_starts_skip_what_is_excluded_paused_or_merged() -> None:
    compiled = schedule(
        rule(EVERY_DAY, "02:30", "03:30"), zone=BERLIN, exclude=(without("2026-03-28"),)
    )

    found = compiled.next_starts(instant("2026-03-27 12:00"), 3)

    assert [shown(one) for one in found] == [
        "2026-03-29 02:30 > 03-29 01:30",
        "2026-03-30 02:30 > 03-30 00:30",
        "2026-03-30 03:30 > 03-30 01:30",
    ]


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (DayRule(dates=frozenset({day("2020-01-01")})), 0),
        (DayRule(nth_open_day=(31,)), 0),
        (DayRule(day_of_month=(29,), months=(2,)), 3),
        (DayRule(nth_weekday=(NthWeekday(nth=5, weekday=Weekday.MON),), months=(2,)), 1),
        (DayRule(every=Cycle(n=39, unit=CycleUnit.YEAR, start=day("2026-01-01"))), 1),
    ],
)
def test_the_search_for_next_starts_ends(days: DayRule, found: int) -> None:
    compiled = schedule(days, calendar=office())

    assert len(compiled.next_starts(instant("2026-05-01"), 3)) == found


def test_next_starts_at_the_end_of_all_days_are_few() -> None:
    compiled = schedule(EVERY_DAY)

    found = compiled.next_starts(datetime(9999, 12, 29, 23, tzinfo=UTC), 9)

    assert [one.key.operating_day for one in found] == [day("9999-12-30"), day("9999-12-31")]


def test_a_day_is_explained_for_every_rule_and_a_moved_candidate_is_followed() -> None:
    compiled = schedule(
        previous(-1), following(-1), rule(OPEN_DAYS, "05:00"), calendar=design_calendar()
    )

    sunday = compiled.explain(day("2026-05-31"))
    friday = compiled.explain(day("2026-05-29"))

    assert [one.steps[-1] for one in sunday.rules] == [
        "moved to the previous open day Fri 2026-05-29",
        "moved to the next open day Mon 2026-06-01",
        no_candidate_step(day("2026-05-31"), design_calendar()),
    ]
    assert not sunday.matches
    assert [one.matches for one in friday.rules] == [True, False, True]
    assert [shown(one) for one in friday.rules[0].occurrences] == ["2026-05-29 22:00 > 05-29 22:00"]


def test_every_five_minutes_of_a_day_are_given() -> None:
    compiled = schedule(rule(OPEN_DAYS, repeat=EVERY_FIVE_MINUTES), calendar=office())

    found = planned(compiled, "2026-05-29", "2026-05-31")

    assert len(found) == 253
    assert found[-1] == "2026-05-29 27:00 > 05-30 03:00"


TIMES = st.lists(st.integers(0, 47 * 60 + 59), min_size=1, max_size=4)
ZONES = st.sampled_from(
    ["UTC", "Asia/Tokyo", BERLIN, "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo"]
)
DAYS = st.sampled_from(
    [
        EVERY_DAY,
        OPEN_DAYS,
        previous(-1, 15, 16),
        following(1, 2, 3, 31, offset=-1),
        DayRule(nth_open_day=(1, -1), offset_open_days=2),
        DayRule(nth_closed_day=(2,)),
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    days=st.lists(DAYS, min_size=1, max_size=3),
    times=TIMES,
    zone=ZONES,
    first=st.dates(date(2015, 1, 1), date(2026, 12, 31)),
    summer_time=st.builds(
        SummerTime,
        gap=st.sampled_from(["shift", "skip", "boundary"]),
        fold=st.sampled_from(["first", "second", "both"]),
    ),
)
def test_starts_next_starts_and_seconds_are_those_of_the_occurrences(
    days: list[DayRule], times: list[int], zone: str, first: date, summer_time: SummerTime
) -> None:
    clocks = [f"{minutes // 60:02}:{minutes % 60:02}" for minutes in times]
    compiled = schedule(
        *(rule(one, *clocks) for one in days),
        calendar=office("2015-10-28", "2026-10-28"),
        zone=zone,
        summer_time=summer_time,
        exclude=(without("2020-03-29", "2026-10-25"),),
    )
    last = first + timedelta(days=100)
    begin = datetime.combine(first, datetime.min.time(), tzinfo=UTC)
    end = begin + timedelta(days=60)

    found = list(compiled.occurrences(first - timedelta(days=4), last))

    starting = [one for one in found if one.end is OccurrenceEnd.PLANNED and one.start]
    in_order = sorted((one.start, one.key, one) for one in starting if one.start)
    expected = [one for moment, _, one in in_order if begin <= moment < end]
    assert list(compiled.starts(begin, end)) == expected
    following_ones = compiled.next_starts(begin - timedelta(seconds=1), 7)
    assert list(following_ones[: len(expected)]) == expected[:7]
    seconds = compiled.start_seconds(first - timedelta(days=4), last)
    assert {int(moment.timestamp()) for moment, _, _ in in_order} == set(seconds)
    assert len({one.key for one in found}) == len(found)


def test_ends_are_in_the_order_of_day_instant_and_network() -> None:
    compiled = schedule(
        rule(OPEN_DAYS, "05:00"),
        rule(DayRule(day_of_month=(30,)), "04:00"),
        calendar=office(),
        zone={"b": "UTC", "a": "UTC"},
    )

    assert ends(compiled, "2026-05-29", "2026-06-01") == [
        "2026-05-29 05:00 planned",
        "2026-05-29 05:00 planned",
        "2026-05-30 04:00 closed",
        "2026-05-30 04:00 closed",
        "2026-06-01 05:00 planned",
        "2026-06-01 05:00 planned",
    ]
    assert [one.key.network for one in told(compiled, "2026-05-29", "2026-05-29")] == ["a", "b"]
