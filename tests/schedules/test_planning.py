import pytest
from jobnet.calendars import (
    Calendar,
    ClosedDayPolicy,
    Cycle,
    CycleUnit,
    DayRule,
    DayState,
    NthWeekday,
    Weekday,
    parse_cron,
    parse_recurrence,
)
from jobnet.schedules import (
    OccurrenceEnd,
)

from tests.calendars.calendar_builders import (
    day,
    design_calendar,
    following,
    office,
    previous,
)
from tests.schedules.schedule_builders import (
    EVERY_DAY,
    ends,
    instant,
    named,
    only,
    planned,
    rule,
    schedule,
    shown,
    told,
)

TOKYO = "Asia/Tokyo"
BERLIN = "Europe/Berlin"


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
