from datetime import timedelta

import pytest
from jobnet.calendars import (
    CalendarDefinition,
    Cycle,
    CycleUnit,
    DayRule,
    NthWeekday,
    Weekday,
    compile_calendar,
    parse_clock_time,
)
from jobnet.errors import ControllerError
from jobnet.errors.calendars import ClockTimeRefused, ZoneUnknown
from jobnet.errors.schedules import ScheduleRefused
from jobnet.schedules import Exclusion, Pause, Repetition, ScheduleDefinition, compile_schedule
from jobnet.schedules.compilation import EXCLUSIONS_MAX, NETWORKS_MAX, PAUSES_MAX, RULES_MAX

from tests.calendars.calendar_builders import MON_TO_FRI, day, office
from tests.schedules.schedule_builders import EVERY_DAY, instant, planned, rule, schedule, without

LATE = compile_calendar(
    CalendarDefinition(name="late", week=MON_TO_FRI, base_time=parse_clock_time("06:00"))
)


def repeated(seconds: float, first: str = "06:00", last: str = "27:00") -> Repetition:
    return Repetition(
        every=timedelta(seconds=seconds),
        first=parse_clock_time(first),
        last=parse_clock_time(last),
    )


def refusal(*rules: object, **fields: object) -> str:
    with pytest.raises(ScheduleRefused) as caught:
        schedule(*rules, **fields)  # type: ignore[arg-type]
    return str(caught.value)


def test_a_rule_without_a_time_is_refused() -> None:
    assert refusal(rule(EVERY_DAY)) == (
        "Schedule 'night', rules.0: it has no time; add `at` or `repeat`."
    )


def test_a_time_before_the_operating_day_begins_is_refused_with_what_to_write() -> None:
    assert refusal(rule(EVERY_DAY, "06:00", "05:59"), calendar=LATE) == (
        "Schedule 'night', rules.0: 05:59 is before 06:00, when the operating day begins; write"
        " 29:59 for the night that ends it."
    )
    assert "04:00 is before 06:00" in refusal(
        rule(EVERY_DAY, repeat=repeated(600, "04:00")), calendar=LATE
    )


@pytest.mark.parametrize(
    ("repeat", "said"),
    [
        (repeated(0), "at least 1s"),
        (repeated(-60), "at least 1s"),
        (repeated(0.5), "at least 1s"),
        (repeated(1.5), "whole seconds"),
        (repeated(60, "07:00", "06:00"), "ends at 06:00, before it begins at 07:00"),
        (repeated(1, "00:00", "47:59"), "more than 10000 starts a day"),
        (repeated(1, "00:00:00", "02:46:40"), "more than 10000 starts a day"),
    ],
)
def test_a_repetition_that_cannot_be_is_refused(repeat: Repetition, said: str) -> None:
    assert said in refusal(rule(EVERY_DAY, repeat=repeat))


def test_a_repetition_of_ten_thousand_starts_is_taken() -> None:
    compiled = schedule(rule(EVERY_DAY, repeat=repeated(1, "00:00:00", "02:46:39")))

    assert len(planned(compiled, "2026-05-01", "2026-05-01")) == 10_000


@pytest.mark.parametrize(
    "days",
    [
        DayRule(day_of_month=(30,), months=(2,)),
        DayRule(day_of_month=(31,), months=(2, 4, 6, 9, 11)),
        DayRule(day_of_month=(-31,), months=(2,)),
        DayRule(dates=frozenset({day("2026-05-01")}), months=(4,)),
        DayRule(every=Cycle(n=1, unit=CycleUnit.YEAR, start=day("2026-05-01")), months=(4,)),
        DayRule(every=Cycle(n=12, unit=CycleUnit.MONTH, start=day("2026-05-01")), months=(4,)),
    ],
)
def test_a_rule_that_never_fires_is_refused(days: DayRule) -> None:
    assert "would never start anything" in refusal(days)


@pytest.mark.parametrize(
    "days",
    [
        DayRule(day_of_month=(29,), months=(2,)),
        DayRule(nth_weekday=(NthWeekday(nth=5, weekday=Weekday.SUN),), months=(2,)),
        DayRule(every=Cycle(n=5, unit=CycleUnit.MONTH, start=day("2026-05-01")), months=(4,)),
        DayRule(every=Cycle(n=7, unit=CycleUnit.DAY, start=day("2026-05-01")), months=(4,)),
    ],
)
def test_a_rule_that_fires_seldom_is_taken(days: DayRule) -> None:
    compiled = schedule(days)

    assert compiled.next_starts(instant("2026-01-01"), 1)


def test_open_days_counted_from_before_the_calendar_are_refused() -> None:
    days = DayRule(every=Cycle(n=2, unit=CycleUnit.OPEN_DAY, start=day("2025-12-01")))

    assert refusal(days, calendar=office(valid=("2026-01-01", None))) == (
        "Schedule 'night', rules.0: open days are counted from 2025-12-01, of which calendar"
        " 'office' says nothing; count from 2026-01-01 or later."
    )


def test_an_exclusion_by_an_unknown_calendar_is_refused() -> None:
    assert refusal(EVERY_DAY, exclude=(without("2026-05-01"), Exclusion(calendar="freeze"))) == (
        "Schedule 'night', exclude.1: there is no calendar 'freeze'; define it, or remove it here."
    )


def test_spans_that_end_before_they_begin_are_refused() -> None:
    first, last = day("2026-05-02"), day("2026-05-01")

    assert "pause: 2026-05-02 is after 2026-05-01" in refusal(
        EVERY_DAY, pauses=(Pause(first=first, last=last),)
    )
    assert "valid: 2026-05-02 is after 2026-05-01" in refusal(
        EVERY_DAY, valid_from=first, valid_to=last
    )


def test_numbers_are_taken_up_to_their_limits_and_no_further() -> None:
    many: list[tuple[str, int, dict[str, object]]] = [
        ("exclude", EXCLUSIONS_MAX, {"exclude": (without("2026-05-01"),) * (EXCLUSIONS_MAX + 1)}),
        ("pause", PAUSES_MAX, {"pauses": (Pause(first=day("2026-05-01")),) * (PAUSES_MAX + 1)}),
        ("networks", NETWORKS_MAX, {"networks": tuple(map(str, range(NETWORKS_MAX + 1)))}),
    ]

    for field, most, fields in many:
        assert f"{field}: {most + 1} are written, and {most} are taken" in refusal(
            EVERY_DAY, **fields
        )
    assert f"rules: {RULES_MAX + 1} are written" in refusal(*[EVERY_DAY] * (RULES_MAX + 1))
    schedule(*[EVERY_DAY] * 10, pauses=(Pause(first=day("2026-05-01")),) * PAUSES_MAX)


def test_a_zone_that_does_not_exist_is_refused_with_one_like_it() -> None:
    with pytest.raises(ZoneUnknown, match="Europe/Berlin"):
        schedule(EVERY_DAY, zone="Europe/Berln")


def test_25_61_is_refused_before_there_is_a_schedule() -> None:
    with pytest.raises(ClockTimeRefused):
        rule(EVERY_DAY, "25:61")


def test_a_network_that_is_named_twice_starts_once() -> None:
    definition = ScheduleDefinition(
        name="night", networks=("load", "load"), rules=(rule(EVERY_DAY, "22:00"),)
    )

    compiled = compile_schedule(definition, zones={"load": "UTC"})

    assert len(planned(compiled, "2026-05-01", "2026-05-01")) == 1


def test_each_refusal_has_a_code() -> None:
    with pytest.raises(ControllerError) as caught:
        schedule(rule(EVERY_DAY))

    assert caught.value.code == "schedule_refused"
