"""Reads the day words of calendar branches, schedules and windows."""

# ruff: noqa: RUF012 - Pydantic copies the defaults of its models

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, PlainValidator, ValidationError, WithJsonSchema

from jobnet.calendars import (
    ClosedDayPolicy,
    Cycle,
    CycleUnit,
    DayRule,
    DayState,
    NthWeekday,
    Weekday,
    parse_month_day,
)
from jobnet.calendars.cron import CronText, parse_cron
from jobnet.calendars.day_rule import SHIFT_DAYS_DEFAULT
from jobnet.calendars.recurrence import Recurrence
from jobnet.calendars.recurrence_text import parse_recurrence
from jobnet.errors import ControllerError
from jobnet.project.schema.attributes import Shape
from jobnet.project.schema.refusal import refused
from jobnet.project.schema.values import AtLeastOne, Day, Number, OneOrMore, as_text
from jobnet.project.suggestions import shown, suggest

EVERY_DAY = Cycle(n=1, unit=CycleUnit.DAY, start=date.min)
MOVES = frozenset({"on_closed_day", "max_shift", "offset"})
WEEKDAYS = {day.name.lower(): day for day in Weekday}
WEEKDAYS_IN_FULL = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)


def read_weekday(value: object) -> Weekday:
    """Return the weekday that a word such as ``mon`` or ``monday`` names."""
    word = as_text(value).lower()
    day = WEEKDAYS.get(word[:3])
    if day is not None and word in (word[:3], WEEKDAYS_IN_FULL[day.value]):
        return day
    raise refused("unknown_weekday", f"{shown(word)!r} is no weekday", suggest(word, WEEKDAYS))


def read_month(value: object) -> int:
    """Return the number of a month that is named or numbered."""
    word = as_text(value).lower()
    if word in MONTHS:
        return MONTHS.index(word) + 1
    short = [name[:3] for name in MONTHS]
    if word in short:
        return short.index(word) + 1
    if word.isascii() and word.isdigit() and len(word) <= 2 and 1 <= int(word) <= len(MONTHS):  # noqa: PLR2004 - two digits
        return int(word)
    raise refused("unknown_month", f"{shown(word)!r} is no month", suggest(word, MONTHS))


def _month_day(value: object) -> int:
    try:
        return parse_month_day(as_text(value))
    except ControllerError as error:
        raise refused(error.code, str(error)) from error


def _cron(value: object) -> CronText:
    try:
        return parse_cron(as_text(value))
    except ControllerError as error:
        raise refused(error.code, str(error)) from error


def _recurrence(value: object) -> Recurrence:
    try:
        return parse_recurrence(as_text(value))
    except ControllerError as error:
        raise refused(error.code, str(error)) from error


WeekdayField = Annotated[
    Weekday, PlainValidator(read_weekday), WithJsonSchema({"enum": [*WEEKDAYS, *WEEKDAYS_IN_FULL]})
]
MonthField = Annotated[
    int, PlainValidator(read_month), WithJsonSchema({"type": ["string", "integer"]})
]
MonthDay = Annotated[
    int,
    PlainValidator(_month_day),
    WithJsonSchema({"type": ["string", "integer"], "examples": [15, "last-3"]}),
]
Numbers = Annotated[list[Number], OneOrMore, WithJsonSchema({"type": ["integer", "array"]})]


CronField = Annotated[
    CronText,
    PlainValidator(_cron),
    WithJsonSchema({"type": "string", "examples": ["*/15 8-18 * * 1-5"]}),
]
RecurrenceField = Annotated[
    Recurrence,
    PlainValidator(_recurrence),
    WithJsonSchema(
        {"type": "string", "examples": ["DTSTART:20260105T220000 RRULE:FREQ=WEEKLY;BYDAY=MO"]}
    ),
]


class NthWeekdayShape(Shape):
    """The second Tuesday: ``{nth: 2, day: tue}``."""

    nth: Number
    day: WeekdayField


class EveryShape(Shape):
    """Every second week from a first day on."""

    n: AtLeastOne
    unit: CycleUnit
    from_: Annotated[Day, Field(alias="from")]


class OffsetShape(Shape):
    """How far a day is moved after the closed-day policy."""

    open_days: Number


class DayWords(Shape):
    """The words that name days."""

    nth_open_day: Numbers = []
    nth_closed_day: Numbers = []
    day_of_month: Annotated[
        list[MonthDay], OneOrMore, WithJsonSchema({"type": ["string", "integer", "array"]})
    ] = []
    nth_weekday: Annotated[list[NthWeekdayShape], OneOrMore] = []
    dates: Annotated[list[Day], OneOrMore] = []
    every: EveryShape | None = None
    cron: CronField | None = None
    rrule: RecurrenceField | None = None
    months: Annotated[list[MonthField], OneOrMore] = []
    on_closed_day: ClosedDayPolicy | None = None
    max_shift: Number | None = None
    offset: OffsetShape | None = None

    @property
    def gives_times(self) -> bool:
        """Whether what names the days names the times as well."""
        return self.cron is not None or self.rrule is not None


def check_days(words: DayWords) -> None:
    """Refuse day words that contradict themselves; none at all means every day."""
    try:
        day_rule(words)
    except ControllerError as error:
        raise refused(error.code, str(error)) from error


def read_day_rule(value: object) -> DayRule:
    """Return the rule of a case: ``open``, ``closed``, or a mapping of day words."""
    if isinstance(value, str) and value in set(DayState):
        return DayRule(state=DayState(value))
    if not isinstance(value, dict):
        hint = "Write open, closed, or day words such as {nth_open_day: -1}"
        raise refused("no_day_rule", f"{shown(value)!r} names no days", hint)
    try:
        return _rule(DayWords.model_validate(value))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        hint = (first.get("ctx") or {}).get("hint", "")
        if first["type"] == "extra_forbidden":
            hint = suggest(place, DayWords.model_fields)
            raise refused("unknown_key", f"No day word is called `{shown(place)}`", hint) from error
        raise refused("no_day_rule", f"`{shown(place)}`: {first['msg']}", hint) from error
    except ControllerError as error:
        raise refused(error.code, str(error)) from error


def day_rule(words: DayWords) -> DayRule:
    """Return the rule of a schedule or a window: without a word that names days, every day."""
    return _rule(words, None if names_days(words) else EVERY_DAY)


def names_days(words: DayWords) -> bool:
    """Return whether any word says which days are meant."""
    return bool(words.model_fields_set & (set(DayWords.model_fields) - MOVES))


def _rule(words: DayWords, otherwise: Cycle | None = None) -> DayRule:
    every = words.every
    return DayRule(
        nth_open_day=tuple(words.nth_open_day),
        nth_closed_day=tuple(words.nth_closed_day),
        day_of_month=tuple(words.day_of_month),
        nth_weekday=tuple(NthWeekday(nth=one.nth, weekday=one.day) for one in words.nth_weekday),
        dates=frozenset(words.dates),
        cron=words.cron,
        rrule=words.rrule,
        every=Cycle(n=every.n, unit=every.unit, start=every.from_) if every else otherwise,
        months=tuple(words.months),
        on_closed_day=words.on_closed_day,
        offset_open_days=words.offset.open_days if words.offset else 0,
        max_shift=SHIFT_DAYS_DEFAULT if words.max_shift is None else words.max_shift,
    )


def _day_rule_schema() -> dict[str, object]:
    words = DayWords.model_json_schema(by_alias=True)
    definitions = words.pop("$defs", {})
    return {"anyOf": [{"enum": ["open", "closed"]}, _inlined(words, definitions)]}


def _inlined(schema: object, definitions: dict[str, object]) -> object:
    """Return a schema without references, so that it can stand inside another one."""
    if isinstance(schema, list):
        return [_inlined(one, definitions) for one in schema]
    if not isinstance(schema, dict):
        return schema
    target = schema.get("$ref")
    if isinstance(target, str):
        return _inlined(definitions[target.rpartition("/")[2]], definitions)
    return {key: _inlined(value, definitions) for key, value in schema.items()}


DayRuleField = Annotated[DayRule, PlainValidator(read_day_rule), WithJsonSchema(_day_rule_schema())]
Switch = Literal["open", "closed"]
