from datetime import date, timedelta

import pytest
from jobnet.calendars import (
    Calendar,
    CalendarDefinition,
    ClosedDayPolicy,
    Cycle,
    CycleUnit,
    DayRule,
    DayState,
    NthWeekday,
    Weekday,
    compile_calendar,
    parse_clock_time,
    parse_cron,
    parse_recurrence,
)
from jobnet.schedules import (
    Exclusion,
    Measured,
    Occurrence,
    OccurrenceEnd,
    Pause,
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

TOKYO = "Asia/Tokyo"
BERLIN = "Europe/Berlin"
TWO_DAYS = Pause(first=day("2026-05-02"), last=day("2026-05-03"))


def named(*texts: str, **moves: object) -> DayRule:
    return DayRule(dates=frozenset(day(text) for text in texts), **moves)  # type: ignore[arg-type]


def grid(every: str, first: str, last: str, measured: Measured = Measured.START) -> Repetition:
    hours, minutes = every.split(":")
    return Repetition(
        every=timedelta(hours=int(hours), minutes=int(minutes)),
        first=parse_clock_time(first),
        last=parse_clock_time(last),
        measured=measured,
    )


def only(found: list[Occurrence]) -> Occurrence:
    (one,) = found
    return one


@pytest.mark.parametrize(
    ("days", "month", "result"),
    [
        (previous(15, offset=-2), "2026-05", "2026-05-13"),
        (previous(15, offset=-2), "2026-08", "2026-08-12"),
        (previous(15, offset=-2), "2026-06", "2026-06-11"),
        (following(21, offset=1), "2026-06", "2026-06-23"),
        (previous(5), "2026-05", "2026-05-01"),
        (following(5), "2026-05", "2026-05-07"),
        (DayRule(nth_open_day=(5,)), "2026-05", "2026-05-12"),
        (DayRule(nth_open_day=(-3,)), "2026-05", "2026-05-27"),
        (previous(-1), "2026-05", "2026-05-29"),
        (following(-1), "2026-06", "2026-06-01"),
        (previous(-1), "2026-02", "2026-02-27"),
        (following(-1), "2026-03", "2026-03-02"),
    ],
)
def test_the_vectors_of_the_design_are_met(days: DayRule, month: str, result: str) -> None:
    compiled = schedule(days, calendar=design_calendar(), zone=TOKYO)

    found = planned(compiled, f"{month}-01", result)

    assert f"{result} 22:00 > {result[5:]} 13:00" in found
    assert compiled.explain(day(result)).matches


@pytest.mark.parametrize(
    ("days", "on", "steps"),
    [
        (
            previous(15, offset=-2),
            "2026-08-12",
            [
                "candidate Sat 2026-08-15 is closed (week, calendar office)",
                "moved to the previous open day Fri 2026-08-14",
                "offset -2 open days: Wed 2026-08-12",
            ],
        ),
        (
            following(21, offset=1),
            "2026-06-23",
            [
                "candidate Sun 2026-06-21 is closed (week, calendar office)",
                "moved to the next open day Mon 2026-06-22",
                "offset +1 open days: Tue 2026-06-23",
            ],
        ),
        (
            following(4, max_shift=2),
            "2026-05-04",
            [
                "candidate Mon 2026-05-04 is closed (single date, calendar office)",
                "unresolved: no next open day within 2 days",
            ],
        ),
        (
            previous(-1),
            "2026-05-29",
            [
                "candidate Sun 2026-05-31 is closed (week, calendar office)",
                "moved to the previous open day Fri 2026-05-29",
            ],
        ),
        (
            DayRule(nth_open_day=(5,)),
            "2026-05-12",
            ["candidate Tue 2026-05-12 is open (week, calendar office)"],
        ),
    ],
)
def test_every_step_of_a_vector_is_told(days: DayRule, on: str, steps: list[str]) -> None:
    compiled = schedule(days, calendar=design_calendar(), zone=TOKYO)

    explanation = only_rule(compiled.explain(day(on)).rules)
    occurrence = only(told(compiled, on, on))

    assert list(explanation) == steps
    assert list(occurrence.steps[: len(steps)]) == steps


def only_rule(rules: tuple[object, ...]) -> tuple[str, ...]:
    (one,) = rules
    steps: tuple[str, ...] = one.steps  # type: ignore[attr-defined]
    return steps


def test_what_is_unresolved_is_told_and_does_not_start() -> None:
    compiled = schedule(following(4, max_shift=2), calendar=design_calendar())

    assert ends(compiled, "2026-05-01", "2026-05-31") == ["2026-05-04 22:00 unresolved"]
    assert compiled.next_starts(instant("2026-05-01"), 1)[0].key.operating_day == day("2026-06-04")


def test_25_30_and_47_59_of_a_friday_are_on_saturday_although_it_is_closed() -> None:
    compiled = schedule(rule(OPEN_DAYS, "25:30", "47:59"), calendar=design_calendar(), zone=TOKYO)

    found = told(compiled, "2026-05-01", "2026-05-01")

    assert [shown(one) for one in found] == [
        "2026-05-01 25:30 > 05-01 16:30",
        "2026-05-01 47:59 > 05-02 14:59",
    ]
    assert [one.steps[-1] for one in found] == [
        "25:30 of Fri 2026-05-01 is 2026-05-02 01:30+09:00 in Asia/Tokyo",
        "47:59 of Fri 2026-05-01 is 2026-05-02 23:59+09:00 in Asia/Tokyo",
    ]
    assert ends(compiled, "2026-05-02", "2026-05-03") == []


@pytest.mark.parametrize(
    ("days", "result"),
    [
        (DayRule(state=DayState.CLOSED, months=(5,)), ["02", "03", "04", "05", "06", "09"]),
        (DayRule(nth_closed_day=(1, 2)), ["02", "03"]),
        (DayRule(day_of_month=(1, 8)), ["01", "08"]),
        (DayRule(nth_weekday=(NthWeekday(nth=2, weekday=Weekday.FRI),)), ["08"]),
        (named("2026-05-07", "2026-05-09"), ["07"]),
        (named("2026-05-07", "2026-05-09", on_closed_day=ClosedDayPolicy.RUN), ["07", "09"]),
        (DayRule(months=(5,)), ["01", "07", "08"]),
        (DayRule(every=Cycle(n=3, unit=CycleUnit.DAY, start=day("2026-05-01"))), ["01", "07"]),
        (DayRule(every=Cycle(n=1, unit=CycleUnit.WEEK, start=day("2026-04-24"))), ["01", "08"]),
        (DayRule(every=Cycle(n=2, unit=CycleUnit.OPEN_DAY, start=day("2026-04-30"))), ["07"]),
        (DayRule(every=Cycle(n=1, unit=CycleUnit.MONTH, start=day("2026-01-07"))), ["07"]),
        (DayRule(every=Cycle(n=1, unit=CycleUnit.YEAR, start=day("2020-05-08"))), ["08"]),
        (DayRule(cron=parse_cron("0 3 7,9 * *")), ["07"]),
        (DayRule(rrule=parse_recurrence("DTSTART:20260501T030000 FREQ=DAILY")), ["01", "07", "08"]),
    ],
)
def test_each_word_gives_its_days(days: DayRule, result: list[str]) -> None:
    compiled = schedule(rule(days, "22:00"), calendar=design_calendar())

    found = planned(compiled, "2026-05-01", "2026-05-09")

    assert found == [f"2026-05-{number} 22:00 > 05-{number} 22:00" for number in result]


def test_a_closed_candidate_that_is_skipped_is_told_on_its_day() -> None:
    compiled = schedule(DayRule(day_of_month=(4, 7)), calendar=design_calendar())

    found = told(compiled, "2026-05-01", "2026-05-31")

    assert [(one.key.operating_day.day, one.end) for one in found] == [
        (4, OccurrenceEnd.CLOSED),
        (7, OccurrenceEnd.PLANNED),
    ]
    assert found[0].start is None
    assert found[0].steps == (
        "candidate Mon 2026-05-04 is closed (single date, calendar office)",
        "skipped, because it is closed",
    )


def test_a_moved_day_is_found_though_its_candidate_lies_outside_the_span() -> None:
    compiled = schedule(following(-1), calendar=design_calendar())

    assert planned(compiled, "2026-06-01", "2026-06-01") == ["2026-06-01 22:00 > 06-01 22:00"]
    assert planned(compiled, "2026-05-31", "2026-05-31") == []


def test_a_text_gives_days_and_times_and_a_moved_day_keeps_its_times() -> None:
    days = DayRule(cron=parse_cron("15 6,18 9 * *"), on_closed_day=ClosedDayPolicy.NEXT)
    compiled = schedule(rule(days), calendar=design_calendar())

    found = planned(compiled, "2026-05-01", "2026-05-31")

    assert found == ["2026-05-11 06:15 > 05-11 06:15", "2026-05-11 18:15 > 05-11 18:15"]


def test_times_written_beside_a_text_stand_for_its_own() -> None:
    compiled = schedule(rule(DayRule(cron=parse_cron("15 6 8 * *")), "22:00"))

    assert planned(compiled, "2026-05-01", "2026-05-31") == ["2026-05-08 22:00 > 05-08 22:00"]


def test_wall_times_of_a_text_before_the_base_time_belong_to_the_day_before() -> None:
    calendar = compile_calendar(
        CalendarDefinition(name="late", week=MON_TO_FRI, base_time=parse_clock_time("06:00"))
    )
    compiled = schedule(rule(DayRule(cron=parse_cron("0 2,7 * * *"))), calendar=calendar)

    found = planned(compiled, "2026-05-01", "2026-05-04")

    assert found == [
        "2026-05-01 07:00 > 05-01 07:00",
        "2026-05-01 26:00 > 05-02 02:00",
        "2026-05-04 07:00 > 05-04 07:00",
        "2026-05-04 26:00 > 05-05 02:00",
    ]


def test_a_repetition_is_a_grid_with_both_ends_and_stands_beside_at() -> None:
    compiled = schedule(rule(EVERY_DAY, "05:00", repeat=grid("8:00", "06:00", "30:00")))

    found = [one.key.nominal for one in told(compiled, "2026-05-01", "2026-05-01")]

    assert found == ["05:00", "06:00", "14:00", "22:00", "30:00"]


def test_a_repetition_from_the_end_of_each_run_plans_its_first_start_alone() -> None:
    repeat = grid("0:10", "06:00", "27:00", Measured.END)
    compiled = schedule(rule(EVERY_DAY, "05:00", repeat=repeat), zone=TOKYO)

    before, first = told(compiled, "2026-05-01", "2026-05-01")

    assert (before.key.nominal, before.repeat_after) == ("05:00", None)
    assert (first.key.nominal, first.repeat_after) == ("06:00", timedelta(minutes=10))
    assert first.repeat_until == instant("2026-05-01 18:00")


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


@pytest.mark.parametrize(
    ("gap", "found"),
    [
        ("shift", ["2026-03-29 02:30 > 03-29 01:30"]),
        ("boundary", ["2026-03-29 02:30 > 03-29 01:00"]),
        ("skip", []),
    ],
)
def test_a_time_that_does_not_exist_follows_the_policy(gap: str, found: list[str]) -> None:
    summer_time = SummerTime(gap=gap)  # type: ignore[arg-type]
    compiled = schedule(rule(EVERY_DAY, "02:30"), zone=BERLIN, summer_time=summer_time)

    assert planned(compiled, "2026-03-29", "2026-03-29") == found
    assert (
        "does not exist in Europe/Berlin"
        in only(told(compiled, "2026-03-29", "2026-03-29")).steps[-1]
    )


def test_a_time_in_a_skipped_gap_is_told() -> None:
    compiled = schedule(
        rule(EVERY_DAY, "02:30", "26:30"), zone=BERLIN, summer_time=SummerTime(gap="skip")
    )

    assert ends(compiled, "2026-03-28", "2026-03-29") == [
        "2026-03-28 26:30 in_gap",
        "2026-03-28 02:30 planned",
        "2026-03-29 02:30 in_gap",
        "2026-03-29 26:30 planned",
    ]


@pytest.mark.parametrize(
    ("fold", "found"),
    [
        ("first", ["2026-10-25 02:30 > 10-25 00:30"]),
        ("second", ["2026-10-25 02:30/2 > 10-25 01:30"]),
        ("both", ["2026-10-25 02:30 > 10-25 00:30", "2026-10-25 02:30/2 > 10-25 01:30"]),
    ],
)
def test_a_time_that_happens_twice_follows_the_policy(fold: str, found: list[str]) -> None:
    summer_time = SummerTime(fold=fold)  # type: ignore[arg-type]
    compiled = schedule(rule(EVERY_DAY, "02:30"), zone=BERLIN, summer_time=summer_time)

    assert planned(compiled, "2026-10-25", "2026-10-25") == found
    assert (
        "happens twice in Europe/Berlin" in told(compiled, "2026-10-25", "2026-10-25")[0].steps[-1]
    )


def test_two_times_that_summer_time_brings_together_start_once() -> None:
    compiled = schedule(rule(EVERY_DAY, "02:30", "03:30"), zone=BERLIN)

    first, second = told(compiled, "2026-03-29", "2026-03-29")

    assert (first.key.nominal, first.end, first.merged) == ("02:30", OccurrenceEnd.PLANNED, 1)
    assert (second.key.nominal, second.end) == ("03:30", OccurrenceEnd.MERGED)
    assert second.steps[-1] == "merged: the same start as night|load|2026-03-29|02:30"


def test_rules_that_give_the_same_start_give_it_once_and_both_are_named() -> None:
    compiled = schedule(previous(-1), DayRule(nth_open_day=(-1,)), calendar=design_calendar())

    found = only(told(compiled, "2026-05-20", "2026-05-31"))

    assert (found.rules, found.merged) == ((0, 1), 1)
    assert found.steps[-1] == (
        "merged with the same start of rule 2: candidate Fri 2026-05-29 is open"
        " (week, calendar office)"
    )


def test_candidates_of_one_rule_that_meet_start_once() -> None:
    compiled = schedule(following(2, 3, 4), calendar=design_calendar())

    found = only(told(compiled, "2026-05-01", "2026-05-31"))

    assert (shown(found), found.merged) == ("2026-05-07 22:00 > 05-07 22:00", 2)


def test_a_start_stands_for_another_rule_that_would_not_start_then() -> None:
    compiled = schedule(
        named("2026-05-04"),
        named("2026-05-04", on_closed_day=ClosedDayPolicy.RUN),
        calendar=design_calendar(),
    )

    found = only(told(compiled, "2026-05-04", "2026-05-04"))

    assert (found.end, found.rules, found.merged) == (OccurrenceEnd.PLANNED, (1,), 0)
    explained = compiled.explain(day("2026-05-04")).rules
    assert [one.matches for one in explained] == [False, True]


def test_the_same_instant_of_two_operating_days_is_two_starts() -> None:
    compiled = schedule(rule(EVERY_DAY, "01:00", "25:00"))

    assert planned(compiled, "2026-05-01", "2026-05-02") == [
        "2026-05-01 01:00 > 05-01 01:00",
        "2026-05-01 25:00 > 05-02 01:00",
        "2026-05-02 01:00 > 05-02 01:00",
        "2026-05-02 25:00 > 05-03 01:00",
    ]


def test_every_network_starts_in_its_own_zone() -> None:
    compiled = schedule(EVERY_DAY, zone={"load": BERLIN, "ask": TOKYO})

    found = told(compiled, "2026-05-01", "2026-05-01")

    assert [(one.key.network, one.zone, shown(one)[-5:]) for one in found] == [
        ("ask", TOKYO, "13:00"),
        ("load", BERLIN, "20:00"),
    ]


def test_logical_months_are_those_of_the_calendar() -> None:
    calendar: Calendar = office(month_starts_on=21)
    compiled = schedule(previous(-1), calendar=calendar)

    assert planned(compiled, "2026-05-01", "2026-06-30") == [
        "2026-05-20 22:00 > 05-20 22:00",
        "2026-06-19 22:00 > 06-19 22:00",
    ]
