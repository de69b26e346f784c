"""A schedule document becomes a definition, or every mistake in it is told at its place."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from jobnet.calendars import ClockTime, ClosedDayPolicy, Cycle, CycleUnit, NthWeekday, Weekday
from jobnet.schedules import (
    Measured,
    Misfire,
    MisfirePolicy,
    Pause,
    Repetition,
    ScheduleDefinition,
    ScheduleRule,
    SummerTime,
)
from jobnet.schedules.compilation import EXCLUSIONS_MAX, RULES_MAX

from tests.project.written import NETWORKS, read, told

HEAD = "kind: schedule\nname: s\nnetworks: [n]\n"
EVERY_DAY = Cycle(n=1, unit=CycleUnit.DAY, start=date.min)


def clock(hours: int, minutes: int = 0) -> ClockTime:
    return ClockTime(seconds=hours * 3600 + minutes * 60)


def schedule(folder: Path, text: str) -> ScheduleDefinition:
    reading = read(folder, HEAD + text)
    assert not reading.has_errors, [str(one) for one in reading.problems]
    (value,) = (one.value for one in reading.documents)
    assert isinstance(value, ScheduleDefinition)
    return value


def rule(folder: Path, words: str) -> ScheduleRule:
    (only,) = schedule(folder, f"rules:\n  - {words}\n").rules
    return only


def problems(folder: Path, text: str) -> list[str]:
    return [told(one) for one in read(folder, HEAD + text).problems]


def of_example(name: str) -> ScheduleDefinition:
    from jobnet.project import read_file  # noqa: PLC0415 - used here alone

    documents = read_file(NETWORKS / "schedules.yml").documents
    value = next(one.value for one in documents if one.name == name)
    assert isinstance(value, ScheduleDefinition)
    return value


def test_what_stands_beside_the_rules_is_kept() -> None:
    read_one = of_example("every_word")

    assert (read_one.title, read_one.networks, read_one.calendar, read_one.timezone) == (
        "The closing of the books", ("closing",), "office", "Asia/Tokyo",
    )  # fmt: skip
    assert read_one.params == {"target": "/srv/backup", "depth": 2}
    assert read_one.misfire == Misfire(policy=MisfirePolicy.ASK, grace=timedelta(minutes=30))
    assert read_one.summer_time == SummerTime(gap="boundary", fold="second")
    assert (read_one.valid_from, read_one.valid_to) == (date(2026, 4, 1), date(2027, 12, 31))
    assert read_one.pauses == (
        Pause(first=date(2026, 12, 28), last=date(2027, 1, 3)),
        Pause(first=date(2027, 5, 1), last=date(2027, 5, 5)),
    )


def test_every_day_word_is_read() -> None:
    days = [one.days for one in of_example("every_word").rules]

    assert days[0].nth_open_day == (1, -1)
    assert days[1].nth_closed_day == (1,)
    assert (days[2].day_of_month, days[2].months) == ((15, -1, -4), (1, 4, 7, 10))
    assert (days[2].on_closed_day, days[2].max_shift, days[2].offset_open_days) == (
        ClosedDayPolicy.PREVIOUS, 5, -2,
    )  # fmt: skip
    assert days[3].nth_weekday == (
        NthWeekday(nth=2, weekday=Weekday.TUE),
        NthWeekday(nth=-1, weekday=Weekday.FRI),
    )
    assert days[4].dates == {date(2027, 1, 4), date(2027, 4, 1)}
    assert days[5].every == Cycle(n=2, unit=CycleUnit.WEEK, start=date(2026, 4, 1))


def test_a_cron_text_and_an_rrule_give_days_and_times() -> None:
    cron, rrule = (one for one in of_example("every_word").rules if one.days.text is not None)

    assert (cron.at, rrule.at) == ((), ())
    assert cron.days.cron is not None
    assert cron.days.cron.minutes == (0, 15, 30, 45)
    assert rrule.days.rrule is not None
    assert rrule.days.rrule.start == datetime(2026, 1, 5, 22, 0)  # noqa: DTZ001 - a wall time


def test_times_without_days_mean_every_day(tmp_path: Path) -> None:
    read_one = rule(tmp_path, "{at: 22:00, on_closed_day: next}")

    assert read_one.days.every == EVERY_DAY
    assert read_one.days.on_closed_day is ClosedDayPolicy.NEXT
    assert read_one.at == (clock(22),)


def test_months_alone_name_all_of_their_days(tmp_path: Path) -> None:
    read_one = rule(tmp_path, "{months: [8], at: 22:00}")

    assert (read_one.days.every, read_one.days.months) == (None, (8,))


def test_a_repetition_is_measured_from_the_start_unless_it_says_else(tmp_path: Path) -> None:
    read_one = rule(tmp_path, '{repeat: {every: 10m, from: "06:00", to: "27:00"}}')

    assert read_one.repeat == Repetition(
        every=timedelta(minutes=10), first=clock(6), last=clock(27), measured=Measured.START
    )


def test_a_rule_and_a_pause_may_stand_without_a_list(tmp_path: Path) -> None:
    read_one = schedule(tmp_path, 'rules: {at: "25:30"}\npause: {to: 2027-01-03}\n')

    assert [one.at for one in read_one.rules] == [(clock(25, 30),)]
    assert read_one.pauses == (Pause(last=date(2027, 1, 3)),)


def test_an_excluded_day_need_not_be_open(tmp_path: Path) -> None:
    read_one = schedule(tmp_path, "exclude: [{dates: [2026-12-31]}, {calendar: freeze}]\n")
    by_day, by_calendar = read_one.exclude

    assert by_day.days is not None
    assert by_day.days.policy is ClosedDayPolicy.RUN
    assert (by_calendar.days, by_calendar.calendar) == (None, "freeze")


def test_what_is_not_written_is_usual(tmp_path: Path) -> None:
    read_one = schedule(tmp_path, "misfire: {grace: 1h}\n")

    assert read_one.misfire == Misfire(policy=Misfire().policy, grace=timedelta(hours=1))
    assert (read_one.summer_time, read_one.start_on) == (SummerTime(), None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rules: [{nth_open_day: -1}]", "4:9: rules[0]: Nothing says at what time."),
        ("rules: [{at: []}]", "4:9: rules[0]: Nothing says at what time."),
        ("rules: [{at: 25:61}]", "4:14: rules[0].at: '25:61' is no clock time"),
        ("rules: [{at: 2200}]", '4:14: rules[0].at: 2200 is a number. Write "22:00".'),
        ("rules: [{at: 22:00, nth_open_day: 99}]", "4:9: rules[0]: "),
        ("rules: [{at: 22:00, nth_open_day: 1, dates: [2026-01-01]}]",
         "nth_open_day and dates stand in one rule"),
        ("rules: [{at: 22:00, nth_opn_day: 1}]",
         "4:21: rules[0]: `nth_opn_day` is not known here. Did you mean `nth_open_day`?"),
        ("rules: [{cron: '* * *'}]", "4:16: rules[0].cron: Cron text '* * *'"),
        ("rules: [{cron: '0 0 30 2 *'}]", "no date is such a day in any year"),
        ("rules: [{rrule: 'FREQ=SECONDLY'}]", "4:17: rules[0].rrule: RRULE text 'FREQ=SECONDLY'"),
        ("rules: [{repeat: {every: 1s, from: 06:00, to: 07:00}}]",
         "4:26: rules[0].repeat.every: A network is started every 10 seconds at most."),
        ("rules: [{repeat: {every: 1m, from: 22:00, to: 06:00}}]",
         '4:18: rules[0].repeat: 22:00 comes after 06:00. Write "30:00".'),
        ("rules: [{repeat: {every: 10s, from: 00:00, to: 47:00}}]", "more than 10000 starts"),
        ("pause: {}", "4:8: pause: Nothing says from when to when."),
        ("pause: {from: 2027-01-03, to: 2026-12-28}", "2027-01-03 is after 2026-12-28."),
        ("valid: {from: 2027-01-03, to: 2026-12-28}", "4:8: valid: 2027-01-03 is after"),
        ("exclude: [{}]", "4:11: exclude[0]: Nothing says which days are left out."),
        ("exclude: [{calendar: a, months: 1}]", "`calendar` and `months` stand in one exclusion"),
        ("misfire: {policy: later}", "4:19: misfire.policy: `later` is not known here."),
        ("dst: {gap: jump}", "4:12: dst.gap: `jump` is not known here."),
        ("timezone: Asia/Tokio", "Did you mean `Asia/Tokyo`?"),
        ("params: {a-b: 1}", "'a-b' is no name for a variable"),
        ("start_on: {mail: {folder: INBOX}}", "A mail starts nothing in this release."),
        ("rules: 5", "4:8: rules: A list belongs here."),
        ("rule: []", "Did you mean `rules`?"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_place(tmp_path: Path, text: str, expected: str) -> None:
    found = problems(tmp_path, text + "\n")

    assert len(found) == 1
    assert expected in found[0]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = "rules: [{at: 25:61}, {cron: x}, {at: 22:00, months: [13]}]\ndst: {gap: a}\nvalid: 5\n"

    found = problems(tmp_path, text)

    assert [one.partition(": ")[0] for one in found] == ["4:14", "4:29", "4:54", "5:12", "6:8"]


def test_nobody_writes_so_many_rules_and_exclusions(tmp_path: Path) -> None:
    rules = f"rules: [{', '.join(['{at: 22:00}'] * (RULES_MAX + 1))}]\n"
    exclude = f"exclude: [{', '.join(['{months: 1}'] * (EXCLUSIONS_MAX + 1))}]\n"

    found = problems(tmp_path, rules + exclude)

    assert [one.partition(": ")[2] for one in found] == [
        "rules: These are too many.",
        "exclude: These are too many.",
    ]


def test_ten_thousand_excluded_days_are_one_list_of_dates(tmp_path: Path) -> None:
    first = date(2027, 1, 1)
    dates = ", ".join((first + timedelta(days=n)).isoformat() for n in range(10_000))

    (only,) = schedule(tmp_path, f"exclude: [{{dates: [{dates}]}}]\n").exclude

    assert only.days is not None
    assert len(only.days.dates) == 10_000
