from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobnet.calendars import Month

from tests.calendars.calendar_builders import day


@pytest.mark.parametrize(
    ("text", "starts_on", "month"),
    [
        ("2026-05-20", 1, "2026-05"),
        ("2026-04-20", 21, "2026-04"),
        ("2026-04-21", 21, "2026-05"),
        ("2026-05-20", 21, "2026-05"),
        ("2026-05-21", 21, "2026-06"),
        ("2026-12-21", 21, "2027-01"),
        ("2027-01-20", 21, "2027-01"),
    ],
)
def test_a_month_is_named_after_the_calendar_month_in_which_it_closes(
    text: str, starts_on: int, month: str
) -> None:
    found = Month.of(day(text), starts_on=starts_on)

    assert str(found) == month


@given(when=st.dates(), starts_on=st.integers(1, 28))
def test_a_day_lies_in_exactly_its_own_month(when: date, starts_on: int) -> None:
    month = Month.of(when, starts_on=starts_on)

    days = month.ordinals(starts_on=starts_on)

    assert when.toordinal() in days
    assert len(days) <= 31
    assert {Month.of(date.fromordinal(each), starts_on=starts_on) for each in days} == {month}


@pytest.mark.parametrize("starts_on", [1, 2, 21, 28])
@pytest.mark.parametrize("edge", [date.min, date.max])
def test_the_first_and_the_last_month_of_all_are_cut_not_refused(
    edge: date, starts_on: int
) -> None:
    month = Month.of(edge, starts_on=starts_on)

    days = month.ordinals(starts_on=starts_on)

    assert edge.toordinal() in (days[0], days[-1])
