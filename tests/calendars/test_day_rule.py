from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobnet.calendars import (
    ClosedDayPolicy,
    Cycle,
    CycleUnit,
    DayRule,
    DayState,
    NthWeekday,
    Weekday,
    parse_cron,
    parse_month_day,
    parse_recurrence,
)
from jobnet.errors.calendars import DayNumberRefused, DayRuleRefused, MonthDayRefused

from tests.calendars.calendar_builders import day

DAILY = parse_recurrence("DTSTART:20260105T220000 FREQ=DAILY")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("15", 15),
        ("31", 31),
        ("last", -1),
        ("last-0", -1),
        ("last-3", -4),
        ("last-30", -31),
    ],
)
def test_a_day_of_a_month_counts_from_its_start_or_its_end(text: str, number: int) -> None:
    found = parse_month_day(text)

    assert found == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "32",
        "-1",
        "last-31",
        "last+1",
        "last-",
        "Last",
        "1.",
        "\u0661",
        "last-\u0661",
        "9" * 9999,
    ],
    ids=range(12),
)
def test_a_text_that_is_no_day_of_a_month_is_refused(text: str) -> None:
    with pytest.raises(MonthDayRefused) as caught:
        parse_month_day(text)

    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "make",
    [
        lambda: DayRule(nth_open_day=(0,)),
        lambda: DayRule(nth_open_day=(1, 10**9)),
        lambda: DayRule(nth_open_day=(-32,)),
        lambda: DayRule(nth_closed_day=(32,)),
        lambda: DayRule(day_of_month=(0,)),
        lambda: DayRule(nth_weekday=(NthWeekday(nth=6, weekday=Weekday.TUE),)),
        lambda: DayRule(nth_weekday=(NthWeekday(nth=0, weekday=Weekday.TUE),)),
        lambda: DayRule(nth_open_day=(10**5000,)),
    ],
)
def test_a_number_that_no_month_has_is_refused(make: Callable[[], DayRule]) -> None:
    with pytest.raises(DayNumberRefused):
        make()


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (DayRule, "words"),
        (lambda: DayRule(max_shift=3), "words"),
        (lambda: DayRule(nth_open_day=(1,), day_of_month=(1,)), "day_of_month"),
        (lambda: DayRule(state=DayState.OPEN, nth_open_day=(1,)), "open"),
        (lambda: DayRule(cron=parse_cron("@daily"), day_of_month=(1,)), "cron"),
        (lambda: DayRule(cron=parse_cron("@daily"), rrule=DAILY), "rrule"),
        (lambda: DayRule(months=(13,)), "months"),
        (lambda: DayRule(months=(0, 1)), "months"),
        (lambda: DayRule(day_of_month=(1,), max_shift=-1), "max_shift"),
        (lambda: DayRule(day_of_month=(1,), max_shift=367), "max_shift"),
        (lambda: DayRule(nth_open_day=(1,), offset_open_days=10**9), "offset"),
        (lambda: DayRule(state=DayState.OPEN, offset_open_days=1), "offset"),
        (lambda: DayRule(nth_open_day=(1,), on_closed_day=ClosedDayPolicy.NEXT), "on_closed_day"),
        (lambda: Cycle(n=0, unit=CycleUnit.DAY, start=day("2026-01-01")), "every"),
        (lambda: Cycle(n=10**9, unit=CycleUnit.DAY, start=day("2026-01-01")), "every"),
    ],
)
def test_words_that_do_not_go_together_are_refused(make: Callable[[], object], word: str) -> None:
    with pytest.raises(DayRuleRefused) as caught:
        make()

    assert caught.value.word == word


def test_words_that_ask_the_calendar_run_on_the_day_they_name() -> None:
    policies = [
        DayRule(nth_closed_day=(1,)).policy,
        DayRule(state=DayState.CLOSED).policy,
        DayRule(every=Cycle(n=2, unit=CycleUnit.OPEN_DAY, start=day("2026-01-01"))).policy,
    ]

    assert policies == [ClosedDayPolicy.RUN] * 3


@given(number=st.integers(1, 31))
def test_calendar_days_are_skipped_when_closed_unless_told_otherwise(number: int) -> None:
    rule = DayRule(day_of_month=(number,))

    assert rule.policy is ClosedDayPolicy.SKIP


def test_a_text_that_names_days_is_skipped_moved_and_offset_like_other_calendar_days() -> None:
    plain = DayRule(cron=parse_cron("@daily"))
    moved = DayRule(rrule=DAILY, on_closed_day=ClosedDayPolicy.NEXT, offset_open_days=-2)

    assert (plain.words, plain.policy) == (("cron",), ClosedDayPolicy.SKIP)
    assert (moved.words, moved.policy) == (("rrule",), ClosedDayPolicy.NEXT)
    assert plain.text == plain.cron
    assert moved.text == DAILY
    assert DayRule(day_of_month=(1,)).text is None
