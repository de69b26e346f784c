"""What ``check_calendar`` finds odd, and on what it is silent."""

from datetime import date, timedelta

import pytest
from jobnet.calendars import (
    Calendar,
    CalendarDefinition,
    DayState,
    Finding,
    FindingKind,
    HolidayRule,
    check_calendar,
    compile_calendar,
)
from jobnet.calendars.checks import CHECKED_DAYS, FINDINGS_MAX
from jobnet.errors.calendars import CountryUnknown

from tests.calendars.calendar_builders import MON_TO_FRI, closed, day

TODAY = day("2026-11-22")
JAPAN = HolidayRule(country="JP")


def office(*closed_days: str, **fields: object) -> Calendar:
    given = {"name": "office", "week": MON_TO_FRI, "days": closed(*closed_days), **fields}
    return compile_calendar(CalendarDefinition(**given))  # type: ignore[arg-type]


def texts(found: tuple[Finding, ...], kind: FindingKind) -> list[str]:
    return [one.text for one in found if one.kind is kind]


def test_an_ordinary_calendar_gives_no_finding() -> None:
    assert check_calendar(office(holidays=JAPAN), TODAY, country=JAPAN) == ()


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("2027-01-21", ["office ends on 2027-01-21; nothing is planned after. "]),
        ("2027-01-22", []),
        ("2026-11-21", ["office ended on 2026-11-21; nothing is planned after. "]),
    ],
)
def test_a_calendar_that_ends_within_sixty_days_is_found(last: str, said: list[str]) -> None:
    found = check_calendar(office(valid_to=day(last)), TODAY)

    assert texts(found, FindingKind.ENDS_SOON) == [
        f"{one}Add the days that follow." for one in said
    ]


def test_a_calendar_whose_holidays_are_known_no_longer_ends_as_well() -> None:
    found = check_calendar(office(holidays=JAPAN), day("2099-12-01"))

    assert [one.kind for one in found] == [FindingKind.ENDS_SOON]


def test_a_year_that_was_forgotten_is_found() -> None:
    found = check_calendar(office("2026-12-30", "2026-12-31"), TODAY)

    assert texts(found, FindingKind.YEAR_MISSING) == [
        "office has 2 single dates in 2026 and none in 2027. Was the year forgotten?"
    ]


def test_a_year_that_has_dates_of_its_own_is_not_forgotten() -> None:
    found = check_calendar(office("2026-12-31", "2027-12-31"), TODAY)

    assert texts(found, FindingKind.YEAR_MISSING) == []


def test_a_week_without_any_open_day_is_found() -> None:
    week = [f"2026-12-{number}" for number in range(21, 26)]

    found = check_calendar(office(*week), TODAY)

    assert texts(found, FindingKind.WEEK_WITHOUT_OPEN_DAY) == [
        "office has no open day in the week from 2026-12-21 to 2026-12-27."
    ]


def test_a_week_at_the_edge_of_the_validity_is_not_looked_at() -> None:
    found = check_calendar(office("2026-12-21", "2026-12-22", valid_to=day("2026-12-22")), TODAY)

    assert texts(found, FindingKind.WEEK_WITHOUT_OPEN_DAY) == []


def test_a_holiday_of_the_country_that_is_open_is_found() -> None:
    found = check_calendar(office("2026-11-23"), TODAY, country=JAPAN)

    assert texts(found, FindingKind.OPEN_ON_HOLIDAY) == [
        "Fri 2027-01-01 is New Year's Day in JP, and office is open.",
        "Mon 2027-01-11 is Coming of Age Day in JP, and office is open.",
        "Thu 2027-02-11 is Foundation Day in JP, and office is open.",
    ]


def test_a_country_that_does_not_exist_is_refused() -> None:
    with pytest.raises(CountryUnknown):
        check_calendar(office(), TODAY, country=HolidayRule(country="XX"))


def test_a_day_that_was_closed_by_hand_last_year_is_found_where_it_is_open_now() -> None:
    found = check_calendar(office("2025-12-31", "2026-01-02", "2026-12-30"), TODAY)

    assert texts(found, FindingKind.CLOSED_LAST_YEAR) == [
        "2025-12-31 was closed in office (office lists it), and Thu 2026-12-31 is open."
    ]  # 2 January 2027 is a Saturday


def test_a_day_on_which_all_sisters_agree_with_each_other_only_is_found() -> None:
    east = office("2026-12-31", "2026-12-30", name="east")
    west = office("2026-12-31", "2026-12-24", name="west")

    found = check_calendar(office("2026-12-29"), TODAY, sisters=[east, west])

    assert texts(found, FindingKind.SISTERS_DIFFER) == [
        (
            "Tue 2026-12-29 is closed (single date, calendar office), but in east, west:"
            " open (week, calendar east)."
        ),
        (
            "Thu 2026-12-31 is open (week, calendar office), but in east, west:"
            " closed (single date, calendar east)."
        ),
    ]


def test_a_sister_that_knows_nothing_of_a_day_is_not_asked() -> None:
    short = office("2026-12-30", "2026-12-31", name="short", valid_to=day("2026-12-30"))

    found = check_calendar(office(), TODAY, sisters=[short])

    assert [str(one.first) for one in found] == ["2026-12-30"]


def test_findings_have_a_limit() -> None:
    never = office(name="never", week=frozenset())
    once = compile_calendar(
        CalendarDefinition(
            name="office",
            week=MON_TO_FRI | {5, 6},  # type: ignore[arg-type]
            days={TODAY + timedelta(days=n - 365): DayState.CLOSED for n in range(CHECKED_DAYS)},
        )
    )

    found = check_calendar(once, TODAY, sisters=[never], country=JAPAN)

    assert len(found) <= FINDINGS_MAX
    assert len(found) >= 2 * CHECKED_DAYS


@pytest.mark.parametrize("today", [date.min, date.max, date(2024, 2, 29)])
def test_the_first_and_the_last_day_of_all_can_be_checked(today: date) -> None:
    assert check_calendar(office(), today) == ()
