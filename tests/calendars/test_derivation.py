"""Derived calendars: what each word means, what it leaves out, and what cannot be."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.calendars import (
    Calendar,
    CalendarDefinition,
    Combination,
    DayState,
    Derivation,
    HolidayRule,
    Layer,
    SetOperation,
    Shift,
    Weekday,
    compile_calendar,
    from_table,
    needed_names,
    parse_clock_time,
    renamed,
    to_table,
)
from jobnet.calendars.compilation import ANCESTORS_MAX
from jobnet.calendars.derivation import SHIFT_MAX, SOURCES_MAX
from jobnet.calendars.derived_days import DETAIL_MAX
from jobnet.errors.calendars import (
    CalendarCycle,
    CalendarEnds,
    CalendarRefused,
    CalendarTooDeep,
    CalendarUnknown,
    HolidaysUnknown,
)

from tests.calendars.calendar_builders import MON_TO_FRI, closed, day

SATURDAY = frozenset({Weekday.SAT})
NONE = frozenset[Weekday]()
SPAN = [day("2026-01-01") + timedelta(days=number) for number in range(365)]


def union(*names: str) -> Combination:
    return Combination(operation=SetOperation.UNION, calendars=names)


def intersection(*names: str) -> Combination:
    return Combination(operation=SetOperation.INTERSECTION, calendars=names)


def minus(*names: str) -> Combination:
    return Combination(operation=SetOperation.MINUS, calendars=names)


def plain(name: str, **fields: object) -> CalendarDefinition:
    return CalendarDefinition(name=name, **{"week": MON_TO_FRI, **fields})  # type: ignore[arg-type]


def derived(how: Derivation, *others: CalendarDefinition, **fields: object) -> Calendar:
    definition = CalendarDefinition(name="both", derived=how, **fields)  # type: ignore[arg-type]
    return compile_calendar(definition, parents={one.name: one for one in others})


OFFICE = plain("office", days=closed("2026-05-04"))
PLANT = plain("plant", week=MON_TO_FRI | SATURDAY, days=closed("2026-05-05"))
MONTH_ENDS = plain(
    "month_ends", week=NONE, days={day(f"2026-{m:02}-28"): DayState.OPEN for m in range(1, 13)}
)


@pytest.mark.parametrize(
    ("how", "text", "state"),
    [
        (union("office", "plant"), "2026-05-04", "open"),
        (union("office", "plant"), "2026-05-09", "open"),
        (union("office", "plant"), "2026-05-10", "closed"),
        (intersection("office", "plant"), "2026-05-04", "closed"),
        (intersection("office", "plant"), "2026-05-05", "closed"),
        (intersection("office", "plant"), "2026-05-06", "open"),
        (minus("plant", "office"), "2026-05-04", "open"),
        (minus("plant", "office"), "2026-05-09", "open"),
        (minus("plant", "office"), "2026-05-06", "closed"),
        (minus("office", "plant"), "2026-05-05", "open"),
        (minus("office", "plant", "month_ends"), "2026-05-05", "open"),
    ],
)
def test_a_set_of_days_is_made_of_two_calendars(how: Derivation, text: str, state: str) -> None:
    calendar = derived(how, OFFICE, PLANT, MONTH_ENDS)

    assert calendar.state_of(day(text)).state == state


def test_a_derived_day_says_what_each_calendar_said() -> None:
    calendar = derived(minus("plant", "office"), OFFICE, PLANT)

    said = str(calendar.state_of(day("2026-05-04")))

    assert said == "open (derived minus of plant open, office closed, calendar both)"


@pytest.mark.parametrize(
    ("shift", "opens"),
    [
        # 28 February and 28 March 2026 are Saturdays, 28 June is a Sunday
        (Shift(calendar="month_ends", by="office", distance=2), ["2026-03-03", "2026-03-31"]),
        (Shift(calendar="month_ends", by="office", distance=1), ["2026-03-02", "2026-03-30"]),
        (Shift(calendar="month_ends", by="office", distance=-1), ["2026-03-27"]),
        (Shift(calendar="month_ends", distance=3), ["2026-03-03", "2026-03-31"]),
        (Shift(calendar="month_ends", distance=-27), ["2026-03-01"]),
    ],
)
def test_each_open_day_is_moved_by_so_many_days(shift: Shift, opens: list[str]) -> None:
    calendar = derived(shift, OFFICE, MONTH_ENDS)

    found = calendar.open_days_between(day("2026-03-01"), day("2026-03-31"))

    assert [str(one) for one in found] == opens


def test_a_moved_day_says_from_where_it_came() -> None:
    calendar = derived(Shift(calendar="month_ends", by="office", distance=2), OFFICE, MONTH_ENDS)

    opened, shut = calendar.state_of(day("2026-03-03")), calendar.state_of(day("2026-03-04"))

    assert opened.detail == "+2 open days of office from 2026-02-28, open in month_ends"
    assert shut.detail == "no open day of month_ends lies -2 open days of office from it"
    assert (opened.layer, shut.layer) == (Layer.DERIVED, Layer.DERIVED)


@given(
    distance=st.integers(-9, 9).filter(bool),
    opened=st.sets(st.sampled_from(SPAN[60:300]), max_size=20),
    shut=st.sets(st.sampled_from(SPAN), max_size=40),
)
@settings(max_examples=60, deadline=None)
def test_a_shift_opens_exactly_where_each_open_day_is_moved_to(
    distance: int, opened: set[date], shut: set[date]
) -> None:
    moved = plain("moved", week=NONE, days=dict.fromkeys(opened, DayState.OPEN))
    counting = plain("counting", days=dict.fromkeys(shut, DayState.CLOSED))
    calendar = derived(Shift(calendar="moved", by="counting", distance=distance), moved, counting)
    by = compile_calendar(counting)

    found = calendar.open_days_between(SPAN[0], SPAN[-1])

    assert set(found) == {by.open_days_from(one, distance) for one in opened}.intersection(SPAN)


@given(days=st.lists(st.frozensets(st.sampled_from(SPAN), max_size=200), min_size=2, max_size=4))
@settings(max_examples=60, deadline=None)
def test_derived_days_are_those_of_the_set_operation(days: list[frozenset[date]]) -> None:
    sources = [
        plain(f"c{place}", week=NONE, days=dict.fromkeys(opened, DayState.OPEN))
        for place, opened in enumerate(days)
    ]
    names = [one.name for one in sources]
    expected = {
        union(*names): frozenset.union(*days),
        intersection(*names): frozenset.intersection(*days),
        minus(*names): days[0].difference(*days[1:]),
    }

    for how, opened in expected.items():
        found = derived(how, *sources).open_days_between(SPAN[0], SPAN[-1])
        assert list(found) == sorted(opened)


def test_a_single_date_overlays_what_is_derived() -> None:
    calendar = derived(
        intersection("office", "plant"), OFFICE, PLANT, days={day("2026-05-09"): DayState.OPEN}
    )

    verdict = calendar.state_of(day("2026-05-09"))

    assert (verdict.state, verdict.layer) == (DayState.OPEN, Layer.SINGLE_DATE)


def test_a_calendar_may_extend_a_derived_one_and_overlay_it() -> None:
    both = CalendarDefinition(name="both", derived=intersection("office", "plant"))
    branch = CalendarDefinition(
        name="branch", extends="both", holidays=HolidayRule(country="DE"), months={8: NONE}
    )
    parents = {one.name: one for one in (both, OFFICE, PLANT)}

    calendar = compile_calendar(branch, parents=parents)

    assert calendar.state_of(day("2026-05-06")).layer is Layer.DERIVED
    assert calendar.state_of(day("2026-05-01")).layer is Layer.HOLIDAY
    assert calendar.state_of(day("2026-08-03")).layer is Layer.MONTH


def test_a_week_of_its_own_takes_the_place_of_what_the_extended_calendar_derives() -> None:
    both = CalendarDefinition(name="both", derived=intersection("office", "plant"))
    branch = CalendarDefinition(name="branch", extends="both", week=SATURDAY)

    calendar = compile_calendar(branch, parents={one.name: one for one in (both, OFFICE, PLANT)})

    assert calendar.is_open(day("2026-05-09"))
    assert not calendar.is_open(day("2026-05-06"))


def test_validity_is_that_of_all_calendars_together() -> None:
    early = plain("early", valid_from=day("2026-02-01"), valid_to=day("2026-11-30"))
    late = plain("late", valid_from=day("2026-03-01"))
    calendar = derived(union("early", "late"), early, late, valid_to=day("2026-10-31"))

    assert (calendar.valid_from, calendar.valid_to) == (day("2026-03-01"), day("2026-10-31"))
    for text in ("2026-02-28", "2026-11-01"):
        with pytest.raises(CalendarEnds, match="'both'"):
            calendar.is_open(day(text))


def test_years_without_known_holidays_are_refused_in_a_derived_calendar_too() -> None:
    japan = plain("japan", holidays=HolidayRule(country="JP"))
    calendar = derived(union("office", "japan"), OFFICE, japan)

    assert not calendar.covers(day("2100-01-04"))
    with pytest.raises(HolidaysUnknown):
        calendar.is_open(day("2100-01-04"))


@pytest.mark.parametrize(
    ("distance", "covered"),
    [
        (2, ("2026-01-05", "2026-12-31")),  # Thursday 1 January + 2 open days
        (-2, ("2026-01-01", "2026-12-29")),
        (300, None),
    ],
)
def test_days_that_might_come_from_beyond_the_validity_are_not_answered(
    distance: int, covered: tuple[str, str] | None
) -> None:
    valid = {"valid_from": day("2026-01-01"), "valid_to": day("2026-12-31")}
    moved, counting = plain("moved", **valid), plain("counting", **valid)
    calendar = derived(Shift(calendar="moved", by="counting", distance=distance), moved, counting)
    edges = (day("2026-01-02"), day("2026-12-30"))

    found = [one for one in SPAN if calendar.covers(one)]

    assert (str(found[0]), str(found[-1])) == covered if covered else not found
    with pytest.raises(CalendarEnds):
        calendar.is_open(edges[distance < 0])


def test_the_first_and_the_last_day_of_all_can_be_asked() -> None:
    forward = derived(Shift(calendar="office", by="plant", distance=SHIFT_MAX), OFFICE, PLANT)
    back = derived(Shift(calendar="office", distance=-SHIFT_MAX), OFFICE)

    assert not forward.is_open(date.min)
    assert not back.is_open(date.max)
    assert forward.is_open(date.max)
    assert back.is_open(date.min)


def test_a_shift_by_a_calendar_that_never_opens_opens_nothing() -> None:
    calendar = derived(
        Shift(calendar="office", by="shut", distance=1), OFFICE, plain("shut", week=NONE)
    )

    assert calendar.open_days_between(SPAN[0], SPAN[-1]) == ()


def test_zone_base_time_and_month_start_come_from_the_first_calendar_named() -> None:
    tokyo = plain(
        "tokyo", timezone="Asia/Tokyo", base_time=parse_clock_time("06:00"), month_starts_on=21
    )
    berlin = plain("berlin", timezone="Europe/Berlin")

    inherited = derived(union("tokyo", "berlin"), tokyo, berlin)
    own = derived(union("tokyo", "berlin"), tokyo, berlin, timezone="UTC", month_starts_on=1)

    assert (inherited.zone, inherited.month_starts_on) == ("Asia/Tokyo", 21)
    assert str(inherited.base_time) == "06:00"
    assert (own.zone, own.month_starts_on, str(own.base_time)) == ("UTC", 1, "06:00")


def test_a_derived_calendar_is_pinned_as_it_answered() -> None:
    calendar = derived(minus("plant", "office"), OFFICE, PLANT)

    table = to_table(calendar, first=SPAN[0], last=SPAN[-1])

    pinned = from_table(table)
    assert [pinned.state_of(one) for one in SPAN] == [calendar.state_of(one) for one in SPAN]


def test_what_a_verdict_says_of_many_calendars_has_an_end() -> None:
    others = [plain(f"calendar_with_a_long_name_{number}") for number in range(SOURCES_MAX)]

    verdict = derived(union(*(one.name for one in others)), *others).state_of(SPAN[0])

    assert len(verdict.detail) == DETAIL_MAX
    assert verdict.detail.endswith("...")


@pytest.mark.parametrize(
    ("fields", "field", "problem"),
    [
        ({"week": MON_TO_FRI}, "union", "week stands beside it"),
        ({"months": {1: MON_TO_FRI}}, "union", "months stands beside it"),
        ({"holidays": HolidayRule(country="JP")}, "union", "holidays stands beside it"),
        ({"extends": "plant"}, "union", "extends stands beside it"),
        ({"derived": union("office")}, "union", "2 to 16 calendars"),
        ({"derived": minus(*["office"] * 17)}, "minus", "2 to 16 calendars"),
        ({"derived": Shift(calendar="office", distance=0)}, "shift", "moved by 1 to 366"),
        ({"derived": Shift(calendar="office", distance=-367)}, "shift", "moved by 1 to 366"),
    ],
)
def test_a_derivation_that_cannot_be_is_refused(
    fields: Mapping[str, object], field: str, problem: str
) -> None:
    with pytest.raises(CalendarRefused, match=problem) as caught:
        CalendarDefinition(name="both", **{"derived": union("office", "plant"), **fields})  # type: ignore[arg-type]

    assert caught.value.field == field


def test_calendars_that_are_never_valid_at_the_same_time_are_refused() -> None:
    old, new = plain("old", valid_to=day("2025-12-31")), plain("new", valid_from=day("2026-01-01"))

    with pytest.raises(CalendarRefused, match="never valid at the same time"):
        derived(union("old", "new"), old, new)


def test_an_unknown_calendar_is_refused_with_the_nearest_name_and_the_word() -> None:
    with pytest.raises(CalendarUnknown, match=r"`minus`.*Did you mean office") as caught:
        derived(minus("plant", "offices"), OFFICE, PLANT)

    assert caught.value.word == "minus"


def test_a_circle_through_extends_and_a_derivation_is_refused() -> None:
    parents = {
        "a": CalendarDefinition(name="a", derived=union("office", "b")),
        "b": CalendarDefinition(name="b", extends="c"),
        "c": CalendarDefinition(name="c", derived=Shift(calendar="office", by="a", distance=1)),
        "office": OFFICE,
    }

    with pytest.raises(CalendarCycle) as caught:
        compile_calendar(parents["a"], parents=parents)

    assert caught.value.names == ("a", "b", "c", "a")


def test_calendars_made_of_calendars_have_a_limit() -> None:
    def tower(height: int) -> Mapping[str, CalendarDefinition]:
        made = {f"c{height}": plain(f"c{height}")}
        for level in range(height):
            above = f"c{level + 1}"
            made[f"c{level}"] = CalendarDefinition(name=f"c{level}", derived=union(above, above))
        return made

    highest, too_high = tower(ANCESTORS_MAX), tower(ANCESTORS_MAX + 1)

    calendar = compile_calendar(highest["c0"], parents=highest)
    assert len(calendar.open_ordinals(SPAN[0], SPAN[-1])) == 261  # and not after 2 ** 16 questions
    with pytest.raises(CalendarTooDeep):
        compile_calendar(too_high["c0"], parents=too_high)


@pytest.mark.parametrize(
    ("definition", "names"),
    [
        (CalendarDefinition(name="c"), ()),
        (CalendarDefinition(name="c", extends="a"), ("a",)),
        (CalendarDefinition(name="c", derived=union("a", "b")), ("a", "b")),
        (CalendarDefinition(name="c", derived=Shift(calendar="a", distance=1)), ("a",)),
        (CalendarDefinition(name="c", derived=Shift(calendar="a", by="b", distance=1)), ("a", "b")),
    ],
)
def test_the_names_that_a_calendar_needs_are_told_and_can_be_given_anew(
    definition: CalendarDefinition, names: tuple[str, ...]
) -> None:
    qualified = renamed(definition, lambda name: f"group/{name}")

    assert needed_names(definition) == names
    assert needed_names(qualified) == tuple(f"group/{name}" for name in names)
    assert renamed(qualified, lambda name: name.removeprefix("group/")) == definition
