"""What is taken from the events of an iCalendar text, what is left out, and what is refused."""

from datetime import date, timedelta

import pytest
from jobnet.calendars import DayState
from jobnet.calendars.ics import (
    LEFT_OUT_MAX,
    REASON_MAX,
    RECURRING_MAX,
    STEPS_MAX,
    UNREAD_MAX,
    ImportedDays,
    from_ics,
)
from jobnet.calendars.ics_events import EVENTS_MAX, NESTED_MAX
from jobnet.calendars.ics_lines import ICS_CHARACTERS_MAX
from jobnet.errors.calendars import IcsRefused, SpanTooLong, ZoneUnknown

from tests.calendars.calendar_builders import day

FIRST, LAST = day("2026-01-01"), day("2027-12-31")
OPEN, CLOSED = DayState.OPEN, DayState.CLOSED


def ics(*events: str) -> str:
    """Return a text of events, of which each is given by its lines in one."""
    lines = [line for event in events for line in ("BEGIN:VEVENT", *event.split("|"), "END:VEVENT")]
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""))


def imported(*events: str, **options: object) -> ImportedDays:
    given: dict[str, object] = {"first": FIRST, "last": LAST, **options}
    return from_ics(ics(*events), **given)  # type: ignore[arg-type]


def days_of(*events: str, **options: object) -> list[str]:
    return [str(one) for one in imported(*events, **options).days]


@pytest.mark.parametrize(
    ("event", "days"),
    [
        ("DTSTART;VALUE=DATE:20260501|DTEND;VALUE=DATE:20260503", ["2026-05-01", "2026-05-02"]),
        ("DTSTART;VALUE=DATE:20260501", ["2026-05-01"]),
        ("DTSTART;VALUE=DATE:20260501|DTEND;VALUE=DATE:20260501", ["2026-05-01"]),
        ("DTSTART;VALUE=DATE:20260501|DURATION:P2D", ["2026-05-01", "2026-05-02"]),
        ("DTSTART;VALUE=DATE:20251230|DURATION:P1W", [f"2026-01-0{n}" for n in range(1, 6)]),
        ("DTSTART:20260501T000000|DTEND:20260502T000000", ["2026-05-01"]),
        ("DTSTART:20260501T000000|DURATION:PT24H", ["2026-05-01"]),
        ("DTSTART:20260501T120000|DTEND:20260504T120000", ["2026-05-02", "2026-05-03"]),
        ("DTSTART;TZID=Eastern Standard Time:20260501T000000|DURATION:P1D", ["2026-05-01"]),
        ("DTSTART:20260430T150000Z|DTEND:20260501T150000Z", ["2026-05-01"]),
        ("DTSTART;VALUE=DATE:20260501|TRANSP:OPAQUE", ["2026-05-01"]),
        ("DTSTART;VALUE=DATE:20260501|STATUS:CANCELLED", []),
        ("DTSTART;VALUE=DATE:20260501|BEGIN:VALARM|DTSTART:x|END:VALARM", ["2026-05-01"]),
        ("DTSTART;VALUE=DATE:19991231|DTEND;VALUE=DATE:20000101", []),
    ],
)
def test_whole_days_of_an_event_are_taken(event: str, days: list[str]) -> None:
    assert days_of(event, zone="Asia/Tokyo") == days


@pytest.mark.parametrize(
    ("event", "days"),
    [
        ("DTSTART;VALUE=DATE:20200501|RRULE:FREQ=YEARLY", ["2026-05-01", "2027-05-01"]),
        (
            "DTSTART;VALUE=DATE:20261224|DURATION:P3D|RRULE:FREQ=YEARLY;COUNT=2",
            ["2026-12-24", "2026-12-25", "2026-12-26", "2027-12-24", "2027-12-25", "2027-12-26"],
        ),
        (
            "DTSTART;VALUE=DATE:20260105|RRULE:FREQ=WEEKLY;UNTIL=20260119",
            ["2026-01-05", "2026-01-12", "2026-01-19"],
        ),
        (
            "DTSTART:20260105T000000|DURATION:P1D|RRULE:FREQ=WEEKLY;UNTIL=20260118T150000Z",
            ["2026-01-05", "2026-01-12", "2026-01-19"],
        ),
        (
            "DTSTART;VALUE=DATE:20260105|RRULE:FREQ=WEEKLY;COUNT=4|EXDATE;VALUE=DATE:20260112,20260119",
            ["2026-01-05", "2026-01-26"],
        ),
        (
            "DTSTART;VALUE=DATE:20260105|RDATE;VALUE=DATE:20260107|RDATE;VALUE=DATE:20260109",
            ["2026-01-05", "2026-01-07", "2026-01-09"],
        ),
        (
            "DTSTART;VALUE=DATE:20251126|RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
            ["2026-11-26", "2027-11-25"],
        ),
        # a repetition that begins before the span and ends within it
        ("DTSTART;VALUE=DATE:20241230|DURATION:P4D|RRULE:FREQ=YEARLY",
         ["2026-01-01", "2026-01-02", "2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02",
          "2027-12-30", "2027-12-31"]),
    ],
)  # fmt: skip
def test_repetitions_are_taken(event: str, days: list[str]) -> None:
    assert days_of(event, zone="Asia/Tokyo") == days


def test_one_repetition_that_was_moved_or_cancelled_is_taken_as_its_own_event_says() -> None:
    found = days_of(
        "UID:a|DTSTART;VALUE=DATE:20260105|RRULE:FREQ=WEEKLY;COUNT=3",
        "UID:a|RECURRENCE-ID;VALUE=DATE:20260112|DTSTART;VALUE=DATE:20260113",
        "UID:a|RECURRENCE-ID;VALUE=DATE:20260119|DTSTART;VALUE=DATE:20260119|STATUS:CANCELLED",
        "UID:b|DTSTART;VALUE=DATE:20260112",
    )

    assert found == ["2026-01-05", "2026-01-12", "2026-01-13"]


def test_the_state_of_imported_days_is_chosen_unless_an_event_says_its_own() -> None:
    found = imported(
        "DTSTART;VALUE=DATE:20260103",
        "DTSTART;VALUE=DATE:20260104|X-JOBNET-STATE:CLOSED",
        state=OPEN,
    )

    assert found.days == {day("2026-01-03"): OPEN, day("2026-01-04"): CLOSED}


def test_only_events_of_the_categories_asked_for_are_taken() -> None:
    events = (
        "DTSTART;VALUE=DATE:20260101|CATEGORIES:Public holiday,Berlin",
        "DTSTART;VALUE=DATE:20260102|CATEGORIES:Observance",
        "DTSTART;VALUE=DATE:20260105",
    )

    assert days_of(*events, categories=["public HOLIDAY"]) == ["2026-01-01"]
    assert days_of(*events) == ["2026-01-01", "2026-01-02", "2026-01-05"]


def test_reasons_come_from_the_summaries_and_have_an_end() -> None:
    found = imported(
        "DTSTART;VALUE=DATE:20260101|SUMMARY:New Year\\, at last\\nof all",
        "DTSTART;VALUE=DATE:20260101|SUMMARY:New Year\\, at last\\nof all",
        "DTSTART;VALUE=DATE:20260101|SUMMARY:Stock-taking",
        f"DTSTART;VALUE=DATE:20260102|SUMMARY:{'x' * 500}",
    )

    assert found.reasons == {
        day("2026-01-01"): "New Year, at last of all, Stock-taking",
        day("2026-01-02"): "x" * REASON_MAX,
    }


def test_what_cannot_be_taken_is_told() -> None:
    found = imported(
        "DTSTART:20260105T090000|DTEND:20260105T170000|SUMMARY:Meeting",
        "SUMMARY:Nowhere",
        "DTSTART;VALUE=DATE:20260106|RRULE:FREQ=SECONDLY|SUMMARY:Mad",
        "DTSTART;VALUE=DATE:20260107",
        "DTSTART;VALUE=DATE:20260107|X-JOBNET-STATE:OPEN",
    )

    assert found.days == {day("2026-01-06"): CLOSED, day("2026-01-07"): CLOSED}
    assert found.left_out[:2] == (
        "An event without a start was left out.",
        "Event 'Meeting' of line 4 was left out: it covers no whole day.",
    )
    assert "its repetition cannot be read, only its first day" in found.left_out[2]
    assert found.left_out[3] == "2026-01-07 is both open and closed; it was taken as closed."


def test_what_is_told_of_events_that_were_left_out_has_an_end() -> None:
    events = ["DTSTART:20260105T090000"] * (LEFT_OUT_MAX + 5)

    found = imported(*events)

    assert len(found.left_out) == LEFT_OUT_MAX + 1
    assert found.left_out[-1] == "And 5 more."


def test_line_ends_blank_lines_a_mark_at_the_start_and_folded_lines_do_not_matter() -> None:
    text = "\ufeff" + ics("DTSTART;VALUE=DATE:20260105|SUMMARY:a b c").replace(
        "SUMMARY:a b c", "SUM\r\n MARY:a \r\n\tb c"
    )

    for variant in (text, text.replace("\r\n", "\n"), text.replace("\r\nEND", "\r\n\r\nEND")):
        found = from_ics(variant, first=FIRST, last=LAST)
        assert found.reasons == {day("2026-01-05"): "a b c"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it ends before it begins"),
        ("<html>", "line 1: '<html>' is no property"),
        ("SUMMARY:x", "line 1: BEGIN:VCALENDAR does not stand before it"),
        ("BEGIN:VEVENT\nEND:VEVENT", "line 1: BEGIN:VCALENDAR does not stand before it"),
        ("BEGIN:VCALENDAR", "it ends within VCALENDAR; the file was cut off"),
        (ics("DTSTART:20260101")[:60], "it ends within VEVENT; the file was cut off"),
        ("BEGIN:VCALENDAR\nEND:VEVENT", "line 2: END:VEVENT has no BEGIN before it"),
        ("END:VCALENDAR", "line 1: END:VCALENDAR has no BEGIN before it"),
        ("BEGIN:VCALENDAR\n" * (NESTED_MAX + 1), f"more than {NESTED_MAX} BEGIN stand"),
        (ics("DTSTART:20260230"), "line 4: '20260230' is no date and no time"),
        (ics("DTSTART:soon"), "line 4: 'soon' is no date and no time"),
        (ics("DTSTART:\uff12\uff10\uff12\uff160101"), "is no date and no time"),
        (ics("DTSTART:20260101T250000"), "is no date and no time"),
        (ics("DTSTART:00010101T000000Z"), "is no date and no time"),
        (ics("DTSTART:20260101|DTSTART:20260102"), "line 5: DTSTART stands twice"),
        (ics("DTSTART:20260101|DTEND:x"), "line 5: 'x' is no date and no time"),
        (ics("DTSTART:20260101|DURATION:-P1D"), "line 5: '-P1D' is no duration"),
        (ics("DTSTART:20260101|DURATION:P9999999999W"), "is no duration"),
        (ics("DTSTART:20260101|EXDATE:20260102,x"), "line 5: 'x' is no date"),
        (ics("DTSTART:20260101|X-JOBNET-STATE:AJAR"), "line 5: X-JOBNET-STATE is neither"),
        (ics("DTSTART:20260101|SUMMARY"), "line 5: 'SUMMARY' is no property"),
        (ics(f"DTSTART:20260101|EXDATE:{'20260102,' * 10_000}20260102"), "more than 10000 times"),
        ("x" * (ICS_CHARACTERS_MAX + 1), f"more than {ICS_CHARACTERS_MAX} characters"),
        (ics(*["DTSTART:20260101"] * (EVENTS_MAX + 1)), f"more than {EVENTS_MAX} events"),
        (
            ics(*["DTSTART:20260101|RRULE:FREQ=YEARLY"] * (RECURRING_MAX + 1)),
            f"more than {RECURRING_MAX} events that repeat",
        ),
        (
            ics(*["DTSTART:20260101|RRULE:FREQ=NEVER"] * (UNREAD_MAX + 1)),
            f"more than {UNREAD_MAX} repetitions cannot be read",
        ),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(IcsRefused, match="Nothing was imported") as caught:
        from_ics(text, first=FIRST, last=LAST, zone="America/New_York" if "Z" in text else "UTC")

    assert said in str(caught.value)
    assert len(str(caught.value)) < 350


def test_events_that_cover_ages_are_cut_to_the_span_and_their_number_is_bounded() -> None:
    age = "DTSTART;VALUE=DATE:00010101|DTEND;VALUE=DATE:99991231"
    first = day("2000-01-01")
    last = first + timedelta(days=9_999)

    some = from_ics(ics(*[age] * (STEPS_MAX // 10_000)), first=first, last=last)

    assert len(some.days) == 10_000
    with pytest.raises(IcsRefused, match="more than 1000000 days in all"):
        from_ics(ics(*[age] * (STEPS_MAX // 10_000 + 1)), first=first, last=last)


def test_the_span_of_an_import_has_a_limit() -> None:
    with pytest.raises(SpanTooLong):
        from_ics(ics(), first=date.min, last=date.max)


def test_a_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ZoneUnknown):
        imported(zone="Asia/Tokio")


def test_ten_thousand_dates_are_imported() -> None:
    days = [day("2000-01-01") + timedelta(days=2 * number) for number in range(10_000)]
    text = ics(*(f"DTSTART;VALUE=DATE:{one:%Y%m%d}" for one in days))

    found = from_ics(text, first=days[0], last=days[-1])

    assert list(found.days) == days
