"""The list of a calendar's holidays, and what a newer library changed in it."""

import json
from typing import Any

import pytest
from jobnet.calendars import (
    Calendar,
    CalendarDefinition,
    CalendarVersion,
    Combination,
    DayState,
    HolidayChange,
    HolidayChangeKind,
    HolidayRule,
    SetOperation,
    Shift,
    compile_calendar,
    holiday_changes,
    holiday_list,
)
from jobnet.calendars.holiday_list import LIST_YEARS_MAX, library_release
from jobnet.errors.calendars import HolidayListUnreadable, SpanTooLong

from tests.calendars.calendar_builders import MON_TO_FRI, day

YEARS = (2026, 2027)


def office(**fields: object) -> CalendarDefinition:
    given = {"name": "office", "week": MON_TO_FRI, "holidays": HolidayRule(country="JP"), **fields}
    return CalendarDefinition(**given)  # type: ignore[arg-type]


def calendar(**fields: object) -> Calendar:
    return compile_calendar(office(**fields))


def kept(made: Calendar, years: tuple[int, ...] = YEARS) -> dict[str, Any]:
    """Return a list as it comes back from where it was kept."""
    found = json.loads(json.dumps(holiday_list(made, years)))
    assert isinstance(found, dict)
    return found


def test_the_list_has_the_holidays_of_each_year_and_the_days_that_are_open() -> None:
    found = kept(calendar(days={day("2026-01-01"): DayState.OPEN}))

    assert found["library"] == library_release()
    assert found["regions"]["JP"]["2026-05-06"] == "Substitute Holiday"
    assert {one[:4] for one in found["regions"]["JP"]} == {"2026", "2027"}
    assert found["days"]["2026"][:7] == "1100111"  # Thursday to Wednesday
    assert len(found["days"]["2027"]) == 365


def test_nothing_has_changed_between_equal_lists() -> None:
    assert holiday_changes(kept(calendar()), kept(calendar())) == ()


def change(kind: HolidayChangeKind, text: str, **fields: object) -> HolidayChange:
    return HolidayChange(kind=kind, day=day(text), region="JP", **fields)  # type: ignore[arg-type]


def test_what_a_newer_library_adds_removes_and_renames_is_told_with_what_it_turns() -> None:
    before, after = kept(calendar()), kept(calendar())
    old = before["regions"]["JP"]
    old["2026-06-01"] = "Abolished Day"  # closed by the older release, a Monday
    before["days"]["2026"] = _closed(before["days"]["2026"], 151)
    del old["2026-05-06"]  # not known to the older release
    before["days"]["2026"] = _opened(before["days"]["2026"], 125)
    old["2026-01-01"] = "First Day"

    found = holiday_changes(before, after)

    new_year = {"before": "First Day", "after": "New Year's Day"}
    substitute = {"before": "", "after": "Substitute Holiday"}
    abolished = {"before": "Abolished Day", "after": ""}
    kinds = HolidayChangeKind
    assert found == (
        change(kinds.RENAMED, "2026-01-01", **new_year, was_open=False, is_open=False),
        change(kinds.ADDED, "2026-05-06", **substitute, was_open=True, is_open=False),
        change(kinds.REMOVED, "2026-06-01", **abolished, was_open=False, is_open=True),
    )
    assert [one.moves_runs for one in found] == [False, True, True]


def _closed(flags: str, place: int) -> str:
    return flags[:place] + "0" + flags[place + 1 :]


def _opened(flags: str, place: int) -> str:
    return flags[:place] + "1" + flags[place + 1 :]


def test_years_that_only_one_list_has_are_not_compared() -> None:
    found = holiday_changes(kept(calendar(), (2025, 2026)), kept(calendar(), (2026, 2027)))

    assert found == ()


def test_a_region_that_was_written_into_the_calendar_is_no_change_of_the_library() -> None:
    german = calendar(holidays=HolidayRule(country="DE", subdivision="BY"))

    found = holiday_changes(kept(calendar()), kept(german))

    assert found == ()
    assert list(kept(german)["regions"]) == ["DE-BY"]


def test_years_that_are_not_known_are_left_out_and_their_days_told_as_unknown() -> None:
    found = kept(calendar(), (2099, 2100))

    assert {one[:4] for one in found["regions"]["JP"]} == {"2099"}
    assert set(found["days"]["2100"]) == {"?"}


def test_a_calendar_that_is_made_of_others_lists_the_holidays_of_all_of_them() -> None:
    parents = {
        "office": office(),
        "plant": office(
            name="plant",
            holidays=None,
            versions=(
                CalendarVersion(start=day("2027-01-01"), holidays=HolidayRule(country="DE")),
            ),
        ),
        "late": CalendarDefinition(
            name="late", derived=Shift(calendar="plant", by="us", distance=1)
        ),
        "us": office(name="us", holidays=HolidayRule(country="US")),
    }
    both = CalendarDefinition(
        name="both", derived=Combination(operation=SetOperation.UNION, calendars=("office", "late"))
    )

    found = kept(compile_calendar(both, parents=parents))

    assert list(found["regions"]) == ["DE", "JP", "US"]


def test_a_list_has_a_limit() -> None:
    made = calendar()

    assert len(kept(made, tuple(range(2000, 2000 + LIST_YEARS_MAX)))["days"]) == LIST_YEARS_MAX
    with pytest.raises(SpanTooLong):
        holiday_list(made, range(2000, 2001 + LIST_YEARS_MAX))


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"version": 2},
        {"version": 1},
        {"version": 1, "days": [], "regions": {}},
        {"version": 1, "days": {"x": "1"}, "regions": {}},
        {"version": 1, "days": {}, "regions": {"JP": {"2026-13-01": "x"}}},
        {"version": 1, "days": {}, "regions": {"JP": ["2026-01-01"]}},
        {"version": "1" * 1000},
    ],
)
def test_a_list_that_cannot_be_read_is_refused(broken: dict[str, object]) -> None:
    good = kept(calendar())

    for before, after in ((broken, good), (good, broken)):
        with pytest.raises(HolidayListUnreadable) as caught:
            holiday_changes(before, after)
        assert len(str(caught.value)) < 400
