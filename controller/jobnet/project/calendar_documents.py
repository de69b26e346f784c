"""Reads calendar documents into definitions; nothing is inherited or derived yet."""

from collections.abc import Mapping as MappingOf

from jobnet.calendars import (
    CalendarDefinition,
    CalendarVersion,
    Combination,
    Derivation,
    HolidayRule,
    SetOperation,
    Shift,
    Weekday,
)
from jobnet.errors import ControllerError
from jobnet.errors.calendars import CalendarRefused
from jobnet.project.documents import folder_of
from jobnet.project.nodes import Mapping, child
from jobnet.project.schema.calendars import (
    CalendarShape,
    HolidaysShape,
    MonthShape,
    ShiftShape,
    VersionShape,
    WeekShape,
)
from jobnet.project.validation import Text, check


def read_calendar(node: Mapping, text: Text, folder: str) -> CalendarDefinition | None:
    """Return a calendar as its document says."""
    shape = check(CalendarShape, node, text=text, path="")
    if shape is None:
        return None
    try:
        return _definition(shape, folder)
    except ControllerError as error:
        where = child(node, getattr(error, "field", "")) or node
        text.object_to(where, getattr(error, "field", ""), error.code, str(error))
        return None


def _definition(shape: CalendarShape, folder: str) -> CalendarDefinition:
    valid = shape.valid
    return CalendarDefinition(
        name=shape.name,
        folder=folder_of(shape, folder),
        title=shape.title,
        extends=shape.extends,
        week=_week(shape.week),
        months=_months(shape.months),
        holidays=_holidays(shape.holidays),
        days=dict(shape.days),
        derived=_derived(shape),
        versions=tuple(map(_version, shape.versions)),
        base_time=shape.base_time,
        month_starts_on=shape.month_starts_on,
        timezone=shape.timezone,
        valid_from=valid.from_ if valid else None,
        valid_to=valid.to if valid else None,
    )


def _week(shape: WeekShape | None) -> frozenset[Weekday] | None:
    return None if shape is None else frozenset(shape.open)


def _months(shapes: MappingOf[int, MonthShape]) -> dict[int, frozenset[Weekday]]:
    return {month: frozenset(one.week.open) for month, one in shapes.items()}


def _holidays(shape: HolidaysShape | None) -> HolidayRule | None:
    if shape is None:
        return None
    return HolidayRule(country=shape.country, subdivision=shape.subdivision, closed=shape.closed)


def _version(shape: VersionShape) -> CalendarVersion:
    return CalendarVersion(
        start=shape.from_,
        week=_week(shape.week),
        months=None if shape.months is None else _months(shape.months),
        holidays=_holidays(shape.holidays),
    )


def _derived(shape: CalendarShape) -> Derivation | None:
    """Return how the open days come from other calendars; there is one way at most."""
    combined = {
        operation: names
        for operation in SetOperation
        if (names := getattr(shape, operation.value)) is not None
    }
    words = [*map(str, combined), *(["shift"] if shape.shift else [])]
    if len(words) > 1:
        problem = f"{words[0]} stands beside it; make a calendar of each, and combine these."
        raise CalendarRefused(shape.name, field=words[1], problem=problem)
    if shape.shift is not None:
        return _shift(shape.name, shape.shift)
    for operation, names in combined.items():
        return Combination(operation=operation, calendars=tuple(names))
    return None


def _shift(calendar: str, shape: ShiftShape) -> Shift:
    distances = [number for number in (shape.days, shape.open_days) if number is not None]
    if len(distances) != 1 or (shape.open_days is None) is not (shape.by is None):
        problem = "write either days, or open_days and the calendar by which they are counted."
        raise CalendarRefused(calendar, field="shift", problem=problem)
    return Shift(calendar=shape.calendar, distance=distances[0], by=shape.by)
