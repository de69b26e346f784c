from datetime import date

import holidays as library
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.calendars import HolidayRule
from jobnet.calendars.national_holidays import check_rule, holidays_of, years_known
from jobnet.errors.calendars import CountryUnknown, HolidaysUnknown, SubdivisionUnknown

from tests.calendars.calendar_builders import day


@pytest.mark.parametrize(
    ("country", "subdivision", "text"),
    [
        ("JP", None, "2026-05-06"),  # substitute for 3 May, a Sunday
        ("JP", None, "2026-09-22"),  # between two holidays
        ("JP", None, "2026-03-20"),  # the equinox
        ("US", None, "2026-07-03"),  # 4 July is a Saturday
        ("US", None, "2027-12-31"),  # New Year's Day of 2028 is a Saturday
        ("DE", "BY", "2026-01-06"),
        ("DE", "Bayern", "2026-01-06"),
        ("JPN", None, "2026-01-01"),
    ],
)
def test_substitute_and_regional_holidays_come_right(
    country: str, subdivision: str | None, text: str
) -> None:
    days = holidays_of(country, subdivision, int(text[:4]))

    assert day(text) in days


def test_a_regional_holiday_is_none_of_the_whole_country() -> None:
    days = holidays_of("DE", None, 2026)

    assert day("2026-01-06") not in days


def test_the_names_do_not_follow_the_locale_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "ja")
    holidays_of.cache_clear()

    days = holidays_of("JP", None, 2026)

    assert days[day("2026-04-29")] == "Showa Day"


def test_a_year_of_which_only_some_holidays_are_known_is_refused() -> None:
    with pytest.raises(HolidaysUnknown):
        holidays_of("IN", None, 2036)

    assert day("2026-08-15") in holidays_of("IN", None, 2026)


def test_a_year_that_nobody_knows_is_refused_instead_of_having_no_holidays() -> None:
    with pytest.raises(HolidaysUnknown) as caught:
        holidays_of("JP", None, 2100)

    assert (caught.value.first_year, caught.value.last_year) == (1949, 2099)


@pytest.mark.parametrize(
    ("country", "near"),
    [
        ("XX", ()),
        ("jp", ("JP",)),
        ("Japan", ("JP",)),
        ("Germny", ("DE", "GG")),
        ("", ()),
        ("__class__", ()),
        ("registry", ()),
        ("X" * 1_000_000, ()),
    ],
)
def test_an_unknown_country_is_refused_with_the_nearest_codes(
    country: str, near: tuple[str, ...]
) -> None:
    with pytest.raises(CountryUnknown) as caught:
        check_rule(HolidayRule(country=country))

    assert caught.value.near == near
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("country", "subdivision", "near"),
    [
        ("JP", "ZZ", ()),
        ("DE", "by", ("BY",)),
        ("US", "Californa", ("CA",)),
        ("DE", "", ()),
        ("DE", "B" * 1_000_000, ()),
    ],
)
def test_an_unknown_subdivision_is_refused_with_the_nearest_codes(
    country: str, subdivision: str, near: tuple[str, ...]
) -> None:
    with pytest.raises(SubdivisionUnknown) as caught:
        check_rule(HolidayRule(country=country, subdivision=subdivision))

    assert caught.value.near == near


def test_of_many_near_codes_two_are_told() -> None:
    with pytest.raises(CountryUnknown) as country:
        check_rule(HolidayRule(country="Islands"))
    with pytest.raises(SubdivisionUnknown) as subdivision:
        check_rule(HolidayRule(country="US", subdivision="Carolina"))

    assert len(country.value.near) == 2
    assert subdivision.value.near == ("NC", "SC")


def test_a_year_is_built_once_and_cannot_be_changed() -> None:
    days = holidays_of("JP", None, 2026)

    assert holidays_of("JP", None, 2026) is days
    with pytest.raises(TypeError):
        days[day("2026-06-01")] = "mine"  # type: ignore[index]


@pytest.mark.parametrize("country", sorted(library.list_supported_countries(include_aliases=False)))
def test_the_first_and_the_last_year_of_a_country_come_without_a_warning(country: str) -> None:
    years = years_known(country)

    lists = [holidays_of(country, None, year) for year in years]

    assert years[0] <= 2026 <= years[1]
    assert all(when.year in years for days in lists for when in days)


@settings(max_examples=60, deadline=None)
@given(
    country=st.sampled_from(sorted(library.list_supported_countries())),
    year=st.integers(2000, 2060),
)
def test_a_year_alone_is_the_same_as_that_year_within_its_neighbours(
    country: str, year: int
) -> None:
    first, last = years_known(country)
    year = min(max(year, first), last)  # beyond them the library gives a part, and a warning
    around = [each for each in (year - 1, year, year + 1) if first <= each <= last]
    neighbours = library.country_holidays(country, years=around)

    days = holidays_of(country, None, year)

    assert set(days) == {when for when in neighbours if when.year == year}
    assert all(isinstance(when, date) for when in days)
