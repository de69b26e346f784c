from datetime import date, timedelta

import pytest
from jobnet.calendars import (
    ClosedDayPolicy,
    DayRule,
    NthWeekday,
    Weekday,
)
from jobnet.schedules import (
    Exclusion,
    OccurrenceEnd,
    Pause,
)

from tests.calendars.calendar_builders import (
    day,
    design_calendar,
    office,
    previous,
)
from tests.schedules.schedule_builders import (
    EVERY_DAY,
    OPEN_DAYS,
    ends,
    grid,
    instant,
    named,
    only,
    rule,
    schedule,
    told,
    without,
)


def test_exclusions_look_at_the_day_after_every_move_and_always_win() -> None:
    compiled = schedule(
        previous(-1), calendar=design_calendar(), exclude=(without("2026-05-29", "2026-06-29"),)
    )

    assert ends(compiled, "2026-05-01", "2026-06-30") == [
        "2026-05-29 22:00 excluded",
        "2026-06-30 22:00 planned",
    ]
    assert told(compiled, "2026-05-29", "2026-05-29")[0].steps == (
        "candidate Sun 2026-05-31 is closed (week, calendar office)",
        "moved to the previous open day Fri 2026-05-29",
        "excluded by exclusion 1: Fri 2026-05-29",
    )
    assert not compiled.explain(day("2026-05-29")).matches


def test_an_exclusion_of_dates_also_holds_on_closed_days() -> None:
    run = named("2026-05-02", on_closed_day=ClosedDayPolicy.RUN)
    compiled = schedule(run, calendar=design_calendar(), exclude=(without("2026-05-02"),))

    assert ends(compiled, "2026-05-02", "2026-05-02") == ["2026-05-02 22:00 excluded"]


def test_days_that_another_calendar_closes_are_excluded() -> None:
    compiled = schedule(
        EVERY_DAY,
        exclude=(Exclusion(calendar="freeze"),),
        exclusions={"freeze": office("2026-05-01")},
    )

    assert ends(compiled, "2026-04-30", "2026-05-02") == [
        "2026-04-30 22:00 planned",
        "2026-05-01 22:00 excluded",
        "2026-05-02 22:00 excluded",
    ]
    assert told(compiled, "2026-05-01", "2026-05-01")[0].steps[-1] == (
        "excluded by exclusion 1: Fri 2026-05-01 is closed (single date, calendar office)"
    )


def test_an_exclusion_may_be_a_rule_of_days() -> None:
    last_fridays = DayRule(nth_weekday=(NthWeekday(nth=-1, weekday=Weekday.FRI),))
    compiled = schedule(OPEN_DAYS, calendar=office(), exclude=(Exclusion(days=last_fridays),))

    assert ends(compiled, "2026-05-28", "2026-05-29") == [
        "2026-05-28 22:00 planned",
        "2026-05-29 22:00 excluded",
    ]


def test_ten_thousand_exclusions_are_kept_at_once() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(10_000)]
    many = tuple(Exclusion(days=DayRule(dates=frozenset({one}))) for one in days)
    compiled = schedule(EVERY_DAY, exclude=many)

    assert compiled.next_starts(instant("2025-12-31 23:00"), 1)[0].key.operating_day == (
        days[-1] + timedelta(days=1)
    )
    assert ends(compiled, "2030-05-01", "2030-05-01") == ["2030-05-01 22:00 excluded"]


@pytest.mark.parametrize(
    ("pause", "told_as"),
    [
        (
            Pause(first=day("2026-05-02"), last=day("2026-05-03")),
            "paused from 2026-05-02 to 2026-05-03",
        ),
        (Pause(first=day("2026-05-02")), "paused from 2026-05-02"),
        (Pause(last=day("2026-05-02")), "paused to 2026-05-02"),
        (Pause(), "paused"),
    ],
)
def test_a_pause_takes_its_operating_days_both_ends_included(pause: Pause, told_as: str) -> None:
    compiled = schedule(EVERY_DAY, pauses=(pause,))

    found = only(told(compiled, "2026-05-02", "2026-05-02"))

    assert (found.end, found.steps[-1]) == (OccurrenceEnd.PAUSED, told_as)
    others = ends(compiled, "2026-05-01", "2026-05-04")
    begin, end = pause.first or date.min, pause.last or date.max
    assert [text.split()[2] for text in others] == [
        "paused" if begin <= day(f"2026-05-0{number}") <= end else "planned"
        for number in range(1, 5)
    ]


def test_a_day_without_start_is_told_once_for_a_repetition_and_once_for_each_time() -> None:
    both = rule(named("2026-05-04"), "05:00", "23:00", repeat=grid("0:05", "06:00", "22:00"))
    compiled = schedule(both, calendar=design_calendar())

    found = [one.key.nominal for one in told(compiled, "2026-05-04", "2026-05-04")]

    assert found == ["05:00", "06:00", "23:00"]
