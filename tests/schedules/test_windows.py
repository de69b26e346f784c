"""Windows: when they are open, over midnight, over summer time, over the end of a calendar."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.calendars import (
    EVERY_DAY_OPEN,
    ClockTime,
    Cycle,
    CycleUnit,
    DayRule,
    NthWeekday,
    Weekday,
    compile_calendar,
    parse_clock_time,
)
from jobnet.calendars.definition import CalendarDefinition
from jobnet.errors.calendars import CalendarEnds
from jobnet.schedules import WindowAction, WindowDefinition, WindowRule
from jobnet.schedules.windows import WindowSpan, WindowTargets, spans

BERLIN = ZoneInfo("Europe/Berlin")
EVERY_DAY = DayRule(every=Cycle(n=1, unit=CycleUnit.DAY, start=date(2026, 1, 1)))
SECOND_TUESDAY = DayRule(nth_weekday=(NthWeekday(nth=2, weekday=Weekday.TUE),))


def rule(first: str, last: str, days: DayRule = EVERY_DAY) -> WindowRule:
    return WindowRule(days=days, first=parse_clock_time(first), last=parse_clock_time(last))


def opened(
    *rules: WindowRule, first: str, last: str, zone: ZoneInfo = BERLIN, **more: object
) -> list[str]:
    """Return when a window is open between two days, as walls of its zone."""
    definition = WindowDefinition(name="patching", rules=rules, **more)  # type: ignore[arg-type]
    found = spans(
        definition,
        EVERY_DAY_OPEN,
        name="patching",
        zone=zone,
        first=datetime.fromisoformat(first).replace(tzinfo=zone),
        last=datetime.fromisoformat(last).replace(tzinfo=zone),
    )
    return [f"{told(one.first, zone)} - {told(one.last, zone)}" for one in found]


def told(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%m-%d %H:%M}"


def test_a_rule_opens_on_its_days_and_goes_on_past_midnight() -> None:
    found = opened(rule("22:00", "28:00", SECOND_TUESDAY), first="2026-05-01", last="2026-06-01")

    assert found == ["05-12 22:00 - 05-13 04:00"]


def test_a_span_that_has_begun_two_days_ago_is_open_still() -> None:
    found = opened(
        rule("01:00", "47:59", SECOND_TUESDAY), first="2026-05-13T23:00", last="2026-05-13T23:30"
    )

    assert found == ["05-12 01:00 - 05-13 23:59"]


def test_spans_that_touch_are_one() -> None:
    found = opened(
        rule("20:00", "22:00"), rule("22:00", "23:00"), first="2026-05-12", last="2026-05-13"
    )

    assert found == ["05-12 20:00 - 05-12 23:00"]


def test_an_hour_that_comes_twice_is_covered_whole() -> None:
    found = opened(rule("02:00", "02:30"), first="2026-10-25", last="2026-10-26")

    assert found == ["10-25 02:00 - 10-25 02:30"]
    begun, ended = (
        datetime(2026, 10, 25, 0, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    )
    (span,) = spans(
        WindowDefinition(name="w", rules=(rule("02:00", "02:30"),)),
        EVERY_DAY_OPEN,
        name="w",
        zone=BERLIN,
        first=begun,
        last=ended,
    )
    assert (span.first, span.last) == (begun, ended)


def test_a_span_in_the_gap_of_summer_time_is_never_open() -> None:
    assert opened(rule("02:10", "02:50"), first="2026-03-29", last="2026-03-29T12:00") == []


def test_a_span_that_begins_in_the_gap_begins_with_the_change() -> None:
    found = opened(rule("02:10", "04:00"), first="2026-03-29", last="2026-03-29T12:00")

    assert found == ["03-29 03:00 - 03-29 04:00"]


def test_outside_of_its_validity_a_window_never_opens() -> None:
    found = opened(
        rule("22:00", "23:00"),
        first="2026-05-10",
        last="2026-05-20",
        valid_from=date(2026, 5, 12),
        valid_to=date(2026, 5, 13),
    )

    assert found == ["05-12 22:00 - 05-12 23:00", "05-13 22:00 - 05-13 23:00"]


def test_a_calendar_that_ends_is_an_error_and_no_closed_window() -> None:
    calendar = compile_calendar(
        CalendarDefinition(name="short", week=frozenset({Weekday.MON}), valid_to=date(2026, 5, 12))
    )
    definition = WindowDefinition(name="w", rules=(rule("22:00", "23:00"),))

    with pytest.raises(CalendarEnds):
        spans(
            definition,
            calendar,
            name="w",
            zone=BERLIN,
            first=datetime(2026, 5, 11, tzinfo=UTC),
            last=datetime(2026, 5, 14, tzinfo=UTC),
        )


def test_a_window_that_names_nothing_covers_everything() -> None:
    at = datetime(2026, 5, 12, tzinfo=UTC)
    span = WindowSpan(window="w", first=at, last=at + timedelta(hours=1))

    assert span.targets.is_everything
    assert not WindowTargets(queues=("tapes",)).is_everything
    assert span.action is WindowAction.HOLD
    assert [span.is_open(at), span.is_open(span.last)] == [True, False]


@given(
    first=st.integers(0, 47 * 60),
    minutes=st.integers(1, 2000),
    day=st.dates(date(2026, 2, 1), date(2027, 2, 1)),
)
@settings(max_examples=60, deadline=None)
def test_spans_never_overlap_and_are_open_where_a_minute_says_so(
    first: int, minutes: int, day: date
) -> None:
    last = min(first + minutes, 2879)
    begin, end = ClockTime(seconds=first * 60), ClockTime(seconds=max(last, first + 1) * 60)
    definition = WindowDefinition(
        name="w", rules=(WindowRule(days=EVERY_DAY, first=begin, last=end),)
    )
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)

    found = spans(
        definition,
        EVERY_DAY_OPEN,
        name="w",
        zone=ZoneInfo("UTC"),
        first=noon,
        last=noon + timedelta(days=2),
    )

    minute = int(noon.timestamp()) // 60 % 1440
    is_open = any(begin.seconds <= (minute + 1440 * back) * 60 < end.seconds for back in range(2))
    assert any(one.is_open(noon) for one in found) == is_open
    assert all(one.last < other.first for one, other in pairwise(found))
