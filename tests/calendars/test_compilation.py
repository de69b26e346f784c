from datetime import date

import pytest
from jobnet.calendars import (
    MIDNIGHT,
    Calendar,
    CalendarDefinition,
    DayState,
    HolidayRule,
    Layer,
    Weekday,
    compile_calendar,
    parse_clock_time,
)
from jobnet.calendars.compilation import ANCESTORS_MAX
from jobnet.errors.calendars import (
    CalendarCycle,
    CalendarEnds,
    CalendarIncomplete,
    CalendarRefused,
    CalendarTooDeep,
    CalendarUnknown,
    CountryUnknown,
    ZoneUnknown,
)

from tests.calendars.calendar_builders import MON_TO_FRI, closed, day

MON_TO_SAT = MON_TO_FRI | {Weekday.SAT}
GROUP = CalendarDefinition(
    name="group_calendar",
    week=MON_TO_FRI,
    holidays=HolidayRule(country="JP"),
    days=closed("2026-12-30"),
    base_time=parse_clock_time("06:00"),
    month_starts_on=21,
    timezone="Asia/Tokyo",
    valid_from=day("2026-01-01"),
    valid_to=day("2027-12-31"),
)


def head_office() -> Calendar:
    """The calendar that the design shows, without a parent."""
    return compile_calendar(
        CalendarDefinition(
            name="head_office",
            week=MON_TO_FRI,
            months={12: MON_TO_SAT},
            holidays=HolidayRule(country="JP"),
            days={day("2026-12-31"): DayState.CLOSED, day("2027-01-09"): DayState.OPEN},
            timezone="Asia/Tokyo",
            valid_from=day("2026-01-01"),
            valid_to=day("2027-12-31"),
        )
    )


def branch(**fields: object) -> Calendar:
    definition = CalendarDefinition(name="branch", extends="group_calendar", **fields)  # type: ignore[arg-type]
    return compile_calendar(definition, parents={"group_calendar": GROUP})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-06-01", "open (week, calendar head_office)"),
        ("2026-06-06", "closed (week, calendar head_office)"),
        ("2026-12-05", "open (month, calendar head_office)"),
        ("2026-12-06", "closed (month, calendar head_office)"),
        ("2026-05-06", "closed (holiday Substitute Holiday (JP), calendar head_office)"),
        ("2026-12-31", "closed (single date, calendar head_office)"),
        ("2027-01-09", "open (single date, calendar head_office)"),
    ],
)
def test_the_strongest_layer_that_says_anything_decides_a_day(text: str, said: str) -> None:
    calendar = head_office()

    verdict = calendar.state_of(day(text))

    assert str(verdict) == said


def test_a_single_date_opens_a_national_holiday() -> None:
    calendar = branch(days={day("2026-05-04"): DayState.OPEN})

    assert calendar.is_open(day("2026-05-04"))
    assert not calendar.is_open(day("2026-05-05"))


def test_what_a_calendar_leaves_out_comes_from_the_one_it_extends() -> None:
    calendar = branch()

    assert not calendar.is_open(day("2026-12-30"))
    assert calendar.state_of(day("2026-05-04")).calendar == "group_calendar"
    assert calendar.zone == "Asia/Tokyo"
    assert str(calendar.base_time) == "06:00"
    assert calendar.month_starts_on == 21
    assert (calendar.valid_from, calendar.valid_to) == (GROUP.valid_from, GROUP.valid_to)


def test_what_a_calendar_says_itself_wins_over_the_one_it_extends() -> None:
    calendar = branch(
        days={day("2026-12-30"): DayState.OPEN},
        week=MON_TO_SAT,
        timezone="Europe/Berlin",
        base_time=MIDNIGHT,
        month_starts_on=1,
    )

    assert calendar.is_open(day("2026-12-30"))
    assert calendar.is_open(day("2026-06-06"))
    assert (calendar.zone, calendar.base_time, calendar.month_starts_on) == (
        "Europe/Berlin",
        MIDNIGHT,
        1,
    )


def test_a_week_of_its_own_keeps_the_holidays_and_single_dates_of_the_group() -> None:
    calendar = branch(week=MON_TO_SAT)

    holiday, single = calendar.state_of(day("2026-05-04")), calendar.state_of(day("2026-12-30"))

    assert (holiday.state, holiday.layer) == (DayState.CLOSED, Layer.HOLIDAY)
    assert (single.state, single.layer) == (DayState.CLOSED, Layer.SINGLE_DATE)


def test_holidays_of_another_country_close_more_days() -> None:
    calendar = branch(holidays=HolidayRule(country="DE"))

    german, japanese = calendar.state_of(day("2026-05-01")), calendar.state_of(day("2026-05-04"))

    assert (german.state, german.calendar) == (DayState.CLOSED, "branch")
    assert (japanese.state, japanese.calendar) == (DayState.CLOSED, "group_calendar")


def test_holidays_that_are_not_closed_are_ordinary_days_of_the_week() -> None:
    calendar = branch(holidays=HolidayRule(country="JP", closed=False))

    assert calendar.is_open(day("2026-05-04"))  # a Monday
    assert not calendar.is_open(day("2026-05-03"))  # a Sunday


def test_a_day_must_be_valid_in_every_calendar_of_the_chain() -> None:
    calendar = branch(valid_from=day("2026-07-01"), valid_to=day("2030-12-31"))

    assert calendar.is_open(day("2027-12-29"))
    for text in ("2026-06-30", "2028-01-03"):
        with pytest.raises(CalendarEnds):
            calendar.is_open(day(text))


def test_calendars_that_are_never_valid_together_are_refused() -> None:
    with pytest.raises(CalendarRefused, match="no day is valid in all of them"):
        branch(valid_from=day("2028-01-01"))


def test_an_unknown_parent_is_refused_with_the_nearest_name() -> None:
    definition = CalendarDefinition(name="office", extends="group_calender")

    with pytest.raises(CalendarUnknown) as caught:
        compile_calendar(definition, parents={"group_calendar": GROUP})

    assert caught.value.extended_by == "office"
    assert caught.value.near == ("group_calendar",)


@pytest.mark.parametrize("length", [1, 2, 5])
def test_calendars_that_extend_each_other_are_refused_with_the_circle(length: int) -> None:
    names = [f"c{number}" for number in range(length)]
    parents = {
        name: CalendarDefinition(name=name, week=MON_TO_FRI, extends=names[(place + 1) % length])
        for place, name in enumerate(names)
    }

    with pytest.raises(CalendarCycle) as caught:
        compile_calendar(parents["c0"], parents=parents)

    assert caught.value.names == (*names, "c0")


def test_a_chain_has_a_limit() -> None:
    def chain(ancestors: int) -> dict[str, CalendarDefinition]:
        links = {
            f"c{number}": CalendarDefinition(name=f"c{number}", extends=f"c{number + 1}")
            for number in range(ancestors)
        }
        return links | {f"c{ancestors}": CalendarDefinition(name="root", week=MON_TO_FRI)}

    longest, too_long = chain(ANCESTORS_MAX), chain(ANCESTORS_MAX + 1)

    assert compile_calendar(longest["c0"], parents=longest).is_open(day("2026-06-01"))
    with pytest.raises(CalendarTooDeep):
        compile_calendar(too_long["c0"], parents=too_long)


def test_a_calendar_without_any_week_is_refused() -> None:
    with pytest.raises(CalendarIncomplete):
        compile_calendar(CalendarDefinition(name="only_days", days=closed("2026-01-01")))


def test_twelve_months_are_as_good_as_a_week() -> None:
    calendar = compile_calendar(
        CalendarDefinition(name="months", months=dict.fromkeys(range(1, 13), MON_TO_FRI))
    )

    assert calendar.is_open(day("2026-06-01"))


def test_an_unknown_country_or_zone_is_found_before_the_first_day_is_asked_for() -> None:
    with pytest.raises(CountryUnknown):
        branch(holidays=HolidayRule(country="XX"))
    with pytest.raises(ZoneUnknown):
        branch(timezone="Asia/Tokio")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"valid_from": date(2027, 1, 1), "valid_to": date(2026, 1, 1)}, "valid"),
        ({"base_time": parse_clock_time("24:00")}, "base_time"),
        ({"month_starts_on": 29}, "month_starts_on"),
        ({"month_starts_on": 0}, "month_starts_on"),
        ({"months": {13: MON_TO_FRI}}, "months"),
        ({"months": {0: MON_TO_FRI}}, "months"),
    ],
)
def test_a_definition_that_cannot_be_is_refused(fields: dict[str, object], field: str) -> None:
    with pytest.raises(CalendarRefused) as caught:
        CalendarDefinition(name="office", **fields)  # type: ignore[arg-type]

    assert caught.value.field == field


def test_ten_thousand_single_dates_are_just_days() -> None:
    ordinals = range(day("2000-01-01").toordinal(), day("2000-01-01").toordinal() + 10_000)
    days = dict.fromkeys(map(date.fromordinal, ordinals), DayState.CLOSED)

    calendar = compile_calendar(CalendarDefinition(name="closed", week=MON_TO_FRI, days=days))

    assert calendar.next_open_day(day("2026-01-01")) == day("2027-05-19")
