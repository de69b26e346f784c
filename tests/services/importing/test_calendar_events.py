"""Calendar events of systemd, each with what its manual page says about it."""

from datetime import date, timedelta

import pytest
from jobnet.calendars.cron import parse_cron
from jobnet.calendars.recurrence_text import parse_recurrence
from jobnet.services.importing.calendar_events import EventNotUnderstood, read_event, rule_of

# As `man systemd.time` writes them, with the normal form that it gives beside them.
SAME = [
    ("Sat,Thu,Mon..Wed,Sat..Sun", "Mon..Thu,Sat,Sun *-*-* 00:00:00"),
    ("Mon,Sun 12-*-* 2,1:23", "Mon,Sun 2012-*-* 01,02:23:00"),
    ("Wed *-1", "Wed *-*-01 00:00:00"),
    ("Wed..Wed,Wed *-1", "Wed *-*-01 00:00:00"),
    ("Wed, 17:48", "Wed *-*-* 17:48:00"),
    ("Wed..Sat,Tue 12-10-15 1:2:3", "Tue..Sat 2012-10-15 01:02:03"),
    ("*-*-7 0:0:0", "*-*-07 00:00:00"),
    ("10-15", "*-10-15 00:00:00"),
    ("monday *-12-* 17:00", "Mon *-12-* 17:00:00"),
    ("Mon,Fri *-*-3,1,2 *:30:45", "Mon,Fri *-*-01,02,03 *:30:45"),
    ("12,14,13,12:20,10,30", "*-*-* 12,13,14:10,20,30:00"),
    ("12..14:10,20,30", "*-*-* 12..14:10,20,30:00"),
    ("mon,fri *-1/2-1,3 *:30:45", "Mon,Fri *-01/2-01,03 *:30:45"),
    ("03-05 08:05:40", "*-03-05 08:05:40"),
    ("08:05:40", "*-*-* 08:05:40"),
    ("05:40", "*-*-* 05:40:00"),
    ("Sat,Sun 12-05 08:05:40", "Sat,Sun *-12-05 08:05:40"),
    ("Sat,Sun 08:05:40", "Sat,Sun *-*-* 08:05:40"),
    ("2003-03-05 05:40", "2003-03-05 05:40:00"),
    ("2003-02..04-05", "2003-02..04-05 00:00:00"),
    ("2003-03-05", "2003-03-05 00:00:00"),
    ("03-05", "*-03-05 00:00:00"),
    ("hourly", "*-*-* *:00:00"),
    ("daily", "*-*-* 00:00:00"),
    ("monthly", "*-*-01 00:00:00"),
    ("weekly", "Mon *-*-* 00:00:00"),
    ("yearly", "*-01-01 00:00:00"),
    ("annually", "*-01-01 00:00:00"),
    ("*:2/3", "*-*-* *:02/3:00"),
    ("quarterly", "*-01,04,07,10-01 00:00:00"),
    ("semiannually", "*-01,07-01 00:00:00"),
]


def starts(text: str, *, first: date, days: int) -> list[str]:
    """Return when the rule that was made of an event starts something."""
    rule = rule_of(read_event(text))
    read = parse_cron(str(rule["cron"])) if "cron" in rule else parse_recurrence(str(rule["rrule"]))
    return [
        f"{day} {clock}"
        for day in (first + timedelta(days=number) for number in range(days))
        for clock in read.times_of(day)
    ]


@pytest.mark.parametrize(("written", "normal"), SAME, ids=[written for written, _ in SAME])
def test_an_event_means_what_the_manual_says_it_means(written: str, normal: str) -> None:
    assert read_event(written) == read_event(normal)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Mon *-*-1..7 04:00", ["2026-05-04 04:00"]),  # the first Monday of a month
        ("*-*~1 03:00", ["2026-05-31 03:00"]),
        ("*-*~03", ["2026-05-29 00:00"]),  # the third last day
        ("Mon *-05~07/1", ["2026-05-25 00:00"]),  # the last Monday of May
        ("*-*-29,30 12:00:30", ["2026-05-29 12:00:30", "2026-05-30 12:00:30"]),
        ("Fri *-*-13", []),
        ("2026-05-07 18:00", ["2026-05-07 18:00"]),
        ("2025-05-07 18:00", []),
        ("2025..2026-05-07", ["2026-05-07 00:00"]),
        ("*-*-31 1..3:00", ["2026-05-31 01:00", "2026-05-31 02:00", "2026-05-31 03:00"]),
        ("Sun *-*-1..10 20/2:15", ["2026-05-03 20:15", "2026-05-03 22:15", "2026-05-10 20:15",
                                   "2026-05-10 22:15"]),
    ],
)  # fmt: skip
def test_the_rule_of_an_event_starts_on_its_days(text: str, wanted: list[str]) -> None:
    found = starts(text, first=date(2026, 5, 1), days=31)

    assert found == wanted


def test_the_last_day_of_february_is_found_in_each_year() -> None:
    found = starts("*-02~01", first=date(2027, 1, 1), days=800)

    assert found == ["2027-02-28 00:00", "2028-02-29 00:00", "2029-02-28 00:00"]


@pytest.mark.parametrize(
    ("text", "cron"),
    [
        ("*:0/15", "*/15 * * * *"),
        ("Mon..Fri 08:30", "30 8 * * 1-5"),
        ("Sun 08:30", "30 8 * * 0"),
        ("*-1,4-1 0,12:00", "0 0,12 1 1,4 *"),
        ("minutely", "* * * * *"),
    ],
)
def test_what_cron_can_say_is_said_by_cron(text: str, cron: str) -> None:
    assert rule_of(read_event(text)) == {"cron": cron}


def test_a_zone_is_read_behind_the_time() -> None:
    assert read_event("daily Europe/Berlin").zone == "Europe/Berlin"
    assert read_event("Mon 08:30 UTC").zone == "UTC"


@pytest.mark.parametrize(
    "text",
    ["", "nonsense", "25:00", "12:60", "*-13-01", "Fri..Mon", "Mon Tue", "1:2:3:4", "*-*-0",
     "/5:00", "12:00 Nowhere/Land", "5..3:00", "*:0/0", "*-*~32", "~1", "..", "*:*/"],
)  # fmt: skip
def test_an_event_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(EventNotUnderstood):
        read_event(text)


@pytest.mark.parametrize("text", ["*:*:0/10", "*:*:*", "*:*:5,35", "2001,2003-01-01"])
def test_an_event_that_no_rule_can_say_is_refused(text: str) -> None:
    with pytest.raises(EventNotUnderstood):
        rule_of(read_event(text))
