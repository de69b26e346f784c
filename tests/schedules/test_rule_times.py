from datetime import timedelta

from jobnet.calendars import (
    CalendarDefinition,
    ClosedDayPolicy,
    DayRule,
    compile_calendar,
    parse_clock_time,
    parse_cron,
)
from jobnet.schedules import (
    Measured,
)

from tests.calendars.calendar_builders import (
    MON_TO_FRI,
    design_calendar,
)
from tests.schedules.schedule_builders import (
    EVERY_DAY,
    OPEN_DAYS,
    ends,
    grid,
    instant,
    planned,
    rule,
    schedule,
    shown,
    told,
)

TOKYO = "Asia/Tokyo"


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


def test_months_also_limit_the_wall_times_of_a_late_operating_day() -> None:
    calendar = compile_calendar(
        CalendarDefinition(name="late", week=MON_TO_FRI, base_time=parse_clock_time("06:00"))
    )
    days = DayRule(cron=parse_cron("0 2 * * *"), months=(6,))
    compiled = schedule(rule(days), calendar=calendar)

    assert planned(compiled, "2026-05-28", "2026-06-01") == ["2026-06-01 26:00 > 06-02 02:00"]
