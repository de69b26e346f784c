"""Versions: from which day on which layer holds, and what a version never touches."""

from datetime import date, timedelta

import pytest
from jobnet.calendars import (
    Calendar,
    CalendarDefinition,
    CalendarVersion,
    DayState,
    HolidayRule,
    Weekday,
    compile_calendar,
)
from jobnet.calendars.versions import VERSIONS_MAX
from jobnet.errors.calendars import (
    CalendarIncomplete,
    CalendarRefused,
    CountryUnknown,
    HolidaysUnknown,
)

from tests.calendars.calendar_builders import MON_TO_FRI, closed, day

MON_TO_SAT = MON_TO_FRI | {Weekday.SAT}
NONE = frozenset[Weekday]()


def version(start: str, **fields: object) -> CalendarVersion:
    return CalendarVersion(start=day(start), **fields)  # type: ignore[arg-type]


def office(*versions: CalendarVersion, **fields: object) -> Calendar:
    given = {"week": MON_TO_FRI, **fields}
    return compile_calendar(CalendarDefinition(name="office", versions=versions, **given))  # type: ignore[arg-type]


def test_a_version_replaces_a_layer_from_its_first_day_on() -> None:
    calendar = office(version("2027-04-03", week=MON_TO_SAT))  # a Saturday

    before, first = calendar.state_of(day("2027-03-27")), calendar.state_of(day("2027-04-03"))

    assert str(before) == "closed (week, calendar office)"
    assert str(first) == "open (week version from 2027-04-03, calendar office)"


def test_what_a_version_does_not_name_goes_on_as_before() -> None:
    calendar = office(
        version("2027-01-01", week=MON_TO_SAT),
        version("2028-01-01", holidays=HolidayRule(country="DE")),
        months={12: NONE},
    )

    saturday, holiday = calendar.state_of(day("2028-02-05")), calendar.state_of(day("2028-05-01"))

    assert str(saturday) == "open (week version from 2027-01-01, calendar office)"
    assert str(holiday) == (
        "closed (holiday Labor Day (DE), version from 2028-01-01, calendar office)"
    )
    assert calendar.is_open(day("2026-05-01"))
    assert not calendar.is_open(day("2028-12-05"))


def test_the_months_of_a_version_replace_all_months() -> None:
    calendar = office(version("2027-01-01", months={8: NONE}), months={12: NONE})

    assert not calendar.is_open(day("2026-12-01"))
    assert calendar.is_open(day("2027-12-01"))
    assert not calendar.is_open(day("2027-08-02"))


def test_a_version_may_lift_the_holidays() -> None:
    calendar = office(
        version("2027-01-01", holidays=HolidayRule(country="DE", closed=False)),
        holidays=HolidayRule(country="DE"),
    )

    assert not calendar.is_open(day("2026-05-01"))
    assert calendar.is_open(day("2028-05-01"))


def test_single_dates_stay_whatever_version_is_in_force() -> None:
    calendar = office(
        version("2027-01-01", week=MON_TO_SAT), days=closed("2026-06-01", "2027-06-05")
    )

    assert not calendar.is_open(day("2026-06-01"))
    assert not calendar.is_open(day("2027-06-05"))


def test_versions_of_the_whole_chain_take_turns() -> None:
    group = CalendarDefinition(
        name="group", week=MON_TO_FRI, versions=(version("2027-01-01", week=MON_TO_SAT),)
    )
    branch = CalendarDefinition(
        name="branch",
        extends="group",
        versions=(version("2028-01-01", week=frozenset({Weekday.SUN})),),
    )

    calendar = compile_calendar(branch, parents={"group": group})

    saturdays = [calendar.state_of(day(text)) for text in ("2026-07-04", "2027-07-03")]
    assert [one.state for one in saturdays] == [DayState.CLOSED, DayState.OPEN]
    assert saturdays[1].calendar == "group"
    assert calendar.state_of(day("2028-07-02")).calendar == "branch"
    assert not calendar.is_open(day("2028-07-01"))


def test_a_week_that_the_nearer_calendar_has_since_ever_hides_later_versions_of_the_farther() -> (
    None
):
    group = CalendarDefinition(
        name="group", week=MON_TO_FRI, versions=(version("2027-01-01", week=NONE),)
    )
    branch = CalendarDefinition(name="branch", extends="group", week=MON_TO_SAT)

    calendar = compile_calendar(branch, parents={"group": group})

    assert calendar.is_open(day("2027-07-03"))


def test_only_the_years_of_the_version_in_force_must_be_known() -> None:
    calendar = office(
        version("2050-01-01", holidays=HolidayRule(country="JP")), valid_to=day("2150-12-31")
    )

    assert calendar.is_open(day("1900-01-01"))
    assert (calendar.covered[0], calendar.covered[1]) == (date.min, day("2099-12-31"))
    with pytest.raises(HolidaysUnknown):
        calendar.is_open(day("2100-01-04"))


def test_years_that_a_version_does_not_know_cut_off_what_lies_before_them() -> None:
    calendar = office(
        version("1980-01-01", holidays=HolidayRule(country="DE")),
        holidays=HolidayRule(country="JP"),
    )

    assert calendar.covered[0] == day("1991-01-01")  # since then the library knows all of Germany


def test_a_bulk_of_years_sees_each_version_from_its_day() -> None:
    calendar = office(version("2027-04-03", week=MON_TO_SAT))
    span = [day("2027-01-01") + timedelta(days=number) for number in range(365)]

    found = calendar.open_ordinals(span[0], span[-1])

    weekdays = [one.weekday() for one in map(date.fromordinal, found)]
    assert weekdays.count(5) == 39


@pytest.mark.parametrize(
    ("versions", "problem"),
    [
        ((("2027-04-01", "2027-04-01")), "2027-04-01 does not come after 2027-04-01"),
        ((("2028-01-01", "2027-01-01")), "2027-01-01 does not come after 2028-01-01"),
    ],
)
def test_versions_in_disorder_are_refused(versions: tuple[str, ...], problem: str) -> None:
    with pytest.raises(CalendarRefused, match=problem) as caught:
        office(*(version(start, week=MON_TO_SAT) for start in versions))

    assert caught.value.field == "versions"


def test_a_version_that_changes_nothing_is_refused() -> None:
    with pytest.raises(CalendarRefused, match="changes nothing"):
        office(version("2027-01-01"))


def test_a_version_of_a_month_that_is_none_is_refused() -> None:
    with pytest.raises(CalendarRefused, match="no month 13"):
        office(version("2027-01-01", months={13: NONE}))


def test_a_version_of_an_unknown_country_is_refused_before_its_day() -> None:
    with pytest.raises(CountryUnknown):
        office(version("2090-01-01", holidays=HolidayRule(country="XX")))


def test_versions_have_a_limit() -> None:
    def many(count: int) -> tuple[CalendarVersion, ...]:
        starts = [day("2027-01-01") + timedelta(days=number) for number in range(count)]
        return tuple(CalendarVersion(start=start, week=MON_TO_SAT) for start in starts)

    calendar = office(*many(VERSIONS_MAX))

    assert calendar.is_open(day("2027-06-05"))
    with pytest.raises(CalendarRefused, match="more than 100"):
        office(*many(VERSIONS_MAX + 1))


def test_a_calendar_that_has_a_week_from_some_day_on_only_is_refused() -> None:
    with pytest.raises(CalendarIncomplete):
        compile_calendar(
            CalendarDefinition(name="late", versions=(version("2027-01-01", week=MON_TO_FRI),))
        )
