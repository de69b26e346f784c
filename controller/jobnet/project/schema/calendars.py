"""Says what a calendar document holds."""

# ruff: noqa: RUF012 - Pydantic copies the defaults of its models

from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from jobnet.calendars import DayState
from jobnet.project.schema.attributes import Shape
from jobnet.project.schema.days import MonthField, WeekdayField
from jobnet.project.schema.headings import DocumentShape, ValidShape
from jobnet.project.schema.values import (
    Bool,
    Clock,
    Day,
    Names,
    Number,
    OneOrMore,
    Reference,
    Text,
    Zone,
)


class WeekShape(Shape):
    """Which weekdays are open."""

    open: Annotated[list[WeekdayField], OneOrMore]


class MonthShape(Shape):
    """The week of one month of the year."""

    week: WeekShape


class HolidaysShape(Shape):
    """Whose national holidays are closed."""

    country: Text
    subdivision: Text | None = None
    closed: Bool = True


class VersionShape(Shape):
    """The layers that change on a day."""

    from_: Annotated[Day, Field(alias="from")]
    week: WeekShape | None = None
    months: dict[MonthField, MonthShape] | None = None
    holidays: HolidaysShape | None = None


class ShiftShape(Shape):
    """The open days of a calendar, moved by days or by open days of another one."""

    calendar: Reference
    by: Reference | None = None
    open_days: Number | None = None
    days: Number | None = None


class CalendarShape(DocumentShape):
    """``kind: calendar``."""

    kind: Literal["calendar"]
    extends: Reference | None = None
    week: WeekShape | None = None
    months: dict[MonthField, MonthShape] = {}
    holidays: HolidaysShape | None = None
    days: Annotated[
        dict[Day, DayState],
        WithJsonSchema({"type": "object", "additionalProperties": {"enum": ["open", "closed"]}}),
    ] = {}
    union: Names | None = None
    intersection: Names | None = None
    minus: Names | None = None
    shift: ShiftShape | None = None
    versions: list[VersionShape] = []
    base_time: Clock | None = None
    month_starts_on: Number | None = None
    timezone: Zone | None = None
    valid: ValidShape | None = None
