"""Reads the values that fields of many kinds share: texts, clock times, durations, yes or no.

Each type turns what stands in the YAML into the value of the definition and has a JSON
Schema of its own, for editors. Nothing is guessed: ``22:00`` is a clock time quoted or
not, but the number 2200 is answered with what to write.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, PlainValidator, WithJsonSchema

from jobnet.calendars import ClockTime, parse_clock_time, parse_duration
from jobnet.definition import Deadline, Estimate
from jobnet.errors.calendars import ClockTimeRefused, DurationRefused
from jobnet.errors.expressions import ExpressionRefused
from jobnet.expressions import Expression, Template, parse_expression, parse_template
from jobnet.project.scalars import WrittenFloat, WrittenInt
from jobnet.project.schema.refusal import refused
from jobnet.project.suggestions import nearest, shown

TEXT_MAX = 64 * 1024
LIST_TEXT_MAX = 16 * 1024
FLOW_MARK = "x-jobnet-flow"  # replaced by a reference when the schemas are made
NAME_MAX = 100
PERCENT_MAX = 10_000
TEMPLATE_MARKS = ("{{", "{%", "{#")
YES = frozenset({"yes", "on", "true"})
NO = frozenset({"no", "off", "false"})


def _schema(**words: object) -> WithJsonSchema:
    return WithJsonSchema(dict(words))


def as_text(value: object) -> str:
    """Return a text; a number counts as the text that was written."""
    if isinstance(value, str):
        text = value
    elif isinstance(value, WrittenInt | WrittenFloat):
        text = value.text
    elif value is None:
        raise refused("empty_value", "A text is missing here", 'Write one, or "" for none')
    elif isinstance(value, bool):
        word = str(value).lower()
        raise refused("no_text", f"`{word}` is no text here", f'Write "{word}" for the word')
    else:
        raise refused("no_text", f"A text belongs here, not a {_kind(value)}")
    if len(text) > TEXT_MAX:
        raise refused("text_too_long", f"The text is longer than {TEXT_MAX // 1024} KiB")
    return text


def _kind(value: object) -> str:
    return "mapping" if isinstance(value, dict) else "list"


def _yes_or_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = value.lower() if isinstance(value, str) else ""
    if word in YES or word in NO:
        return word in YES
    raise refused("no_boolean", f"{shown(value)!r} is neither yes nor no", "Write true or false")


def _whole(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    hint = "Write it without quotes" if isinstance(value, str) and value.isdigit() else ""
    raise refused("no_number", f"{shown(value)!r} is no whole number", hint)


def whole_number(*, at_least: int, at_most: int = 1_000_000_000) -> Callable[[object], int]:
    """Return the reader of a whole number within bounds, both included."""

    def read(value: object) -> int:
        number = _whole(value)
        if not at_least <= number <= at_most:
            raise refused("out_of_range", f"{number} is not between {at_least} and {at_most}")
        return number

    return read


def read_clock(value: object) -> ClockTime:
    """Return a clock time of the operating day."""
    if isinstance(value, WrittenInt | WrittenFloat):
        raise refused("no_clock_time", f"{value.text} is a number", 'Write "22:00"')
    try:
        return parse_clock_time(as_text(value))
    except ClockTimeRefused as error:
        raise refused("no_clock_time", str(error)) from error


def read_duration(value: object) -> timedelta:
    """Return a duration such as ``10m``; 0 needs no unit."""
    if isinstance(value, WrittenInt | WrittenFloat):
        if value == 0:
            return timedelta(0)
        raise refused("no_duration", f"{value.text} has no unit", f"Write {value.text}s or 10m")
    try:
        return parse_duration(as_text(value))
    except DurationRefused as error:
        raise refused("no_duration", str(error)) from error


def _timeout(value: object) -> timedelta:
    if isinstance(value, WrittenInt):
        value = f"{value.text}s"
    duration = read_duration(value)
    if not duration:
        raise refused("no_timeout", "A timeout of nothing ends the part at once", "Leave it out")
    return duration


def _deadline(value: object) -> Deadline:
    if isinstance(value, str) and value.startswith("+"):
        return Deadline(after_start=read_duration(value[1:]))
    return Deadline(clock=read_clock(value))


def _estimate(value: object) -> Estimate:
    if not (isinstance(value, str) and value.endswith("%")):
        return Estimate(duration=read_duration(value))
    digits = value[:-1].strip()
    if re.fullmatch("[0-9]{1,5}", digits) and 1 <= int(digits) <= PERCENT_MAX:
        return Estimate(percent=int(digits))
    raise refused("no_estimate", f"{shown(value)!r} is no percentage", 'Write "150%" or 2h')


def _name(value: object) -> str:
    text = as_text(value)
    if len(text) <= NAME_MAX and re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", text):
        return text
    hint = "Use letters, digits, `_`, `-` and `.`; `title` may say it in any words"
    raise refused("no_name", f"{shown(text)!r} is no name", hint)


def _event_name(value: object) -> str:
    text = as_text(value)
    if text.strip():
        return text
    raise refused("no_name", "An event has a name", "Write one, such as `orders_ready`")


def _reference(value: object) -> str:
    text = as_text(value)
    if re.fullmatch(r"/?([A-Za-z0-9_][A-Za-z0-9_.-]*/)*[A-Za-z0-9_][A-Za-z0-9_.-]*", text):
        return text
    raise refused("no_name", f"{shown(text)!r} is no name", "Write NAME, or FOLDER/NAME")


def read_expression(value: object) -> Expression:
    """Return a bare expression; a bool or a number stands for itself."""
    if isinstance(value, bool):
        return parse_expression("true" if value else "false")
    text = as_text(value)
    if text.strip().startswith("{{") and text.strip().endswith("}}"):
        bare = shown(text.strip()[2:-2].strip())
        raise refused("no_bare_expression", "This is a bare expression", f"Write {bare!r}")
    try:
        return parse_expression(text)
    except ExpressionRefused as error:
        raise refused(error.code, str(error)) from error


def read_template(value: object) -> Template:
    """Return a text with its templates parsed."""
    try:
        return parse_template(as_text(value))
    except ExpressionRefused as error:
        raise refused(error.code, str(error)) from error


def is_template(value: object) -> bool:
    """Return whether a value is a text that Jinja has something to do with."""
    return isinstance(value, str) and any(mark in value for mark in TEMPLATE_MARKS)


def _clock_or_template(value: object) -> ClockTime | Template:
    return read_template(value) if is_template(value) else read_clock(value)


def _duration_or_template(value: object) -> timedelta | Template:
    return read_template(value) if is_template(value) else read_duration(value)


def as_list(value: object) -> object:
    """Return a single text or number as a list of one."""
    return value if isinstance(value, list) or value is None else [value]


def _day(value: object) -> date:
    text = as_text(value)
    try:
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise refused("no_date", f"{shown(text)!r} is no date", "Write it as 2026-12-31")


def _zone(value: object) -> str:
    text = as_text(value)
    known = available_timezones()
    if text in known:
        return ZoneInfo(text).key
    near = nearest(text.rpartition("/")[2], {name.rpartition("/")[2].lower() for name in known})
    full = next((name for name in sorted(known) if near and name.lower().endswith(near)), None)
    hint = f"Did you mean `{full}`?" if full else "Write a name such as Europe/Berlin"
    raise refused("unknown_zone", f"No time zone is called {shown(text)!r}", hint)


def _identifier(value: object) -> str:
    text = as_text(value)
    if re.fullmatch("[a-zA-Z_][a-zA-Z0-9_]{0,99}", text):
        return text
    raise refused(
        "no_identifier",
        f"{shown(text)!r} is no name for a variable",
        "Use letters, digits and `_`, and begin with a letter",
    )


def _not_too_much(templates: list[Template]) -> list[Template]:
    """Refuse a list whose texts could not be joined into one."""
    if sum(len(one.text) + 1 for one in templates) > LIST_TEXT_MAX:
        raise refused("text_too_long", f"More than {LIST_TEXT_MAX // 1024} KiB of texts")
    return templates


_DURATION = {"type": ["string", "integer"], "examples": ["90s", "10m", "2h", "1d"]}
_CLOCK = {"type": "string", "examples": ["22:00", "25:30"]}
_EXPRESSION = {"type": ["string", "boolean"], "description": "a bare expression"}
_TEXT = {"type": ["string", "number"]}

Text = Annotated[str, BeforeValidator(as_text), _schema(**_TEXT)]
EventName = Annotated[str, BeforeValidator(_event_name), _schema(**_TEXT, minLength=1)]
Name = Annotated[str, BeforeValidator(_name), _schema(type="string")]
Reference = Annotated[str, BeforeValidator(_reference), _schema(type="string")]
Identifier = Annotated[str, BeforeValidator(_identifier), _schema(type="string")]
Bool = Annotated[
    bool, BeforeValidator(_yes_or_no), _schema(enum=[True, False, "yes", "no", "on", "off"])
]
Number = Annotated[int, BeforeValidator(_whole), _schema(type="integer")]
Count = Annotated[
    int, BeforeValidator(whole_number(at_least=0)), _schema(type="integer", minimum=0)
]
AtLeastOne = Annotated[
    int, BeforeValidator(whole_number(at_least=1)), _schema(type="integer", minimum=1)
]
Priority = Annotated[
    int,
    BeforeValidator(whole_number(at_least=0, at_most=100)),
    _schema(type="integer", minimum=0, maximum=100),
]
Duration = Annotated[timedelta, PlainValidator(read_duration), _schema(**_DURATION)]
Timeout = Annotated[timedelta, PlainValidator(_timeout), _schema(**_DURATION)]
Clock = Annotated[ClockTime, PlainValidator(read_clock), _schema(**_CLOCK)]
DeadlineField = Annotated[
    Deadline, PlainValidator(_deadline), _schema(type="string", examples=["23:00", "25:30", "+2h"])
]
EstimateField = Annotated[
    Estimate, PlainValidator(_estimate), _schema(type="string", examples=["2h", "150%"])
]
ExpressionField = Annotated[Expression, PlainValidator(read_expression), _schema(**_EXPRESSION)]
TemplateField = Annotated[Template, PlainValidator(read_template), _schema(**_TEXT)]
ClockOrTemplate = Annotated[Any, PlainValidator(_clock_or_template), _schema(**_CLOCK)]
DurationOrTemplate = Annotated[Any, PlainValidator(_duration_or_template), _schema(**_DURATION)]
Day = Annotated[date, PlainValidator(_day), _schema(type="string", format="date")]
Zone = Annotated[str, PlainValidator(_zone), _schema(type="string", examples=["Asia/Tokyo"])]

OneOrMore = BeforeValidator(as_list)
Texts = Annotated[list[Text], OneOrMore, _schema(anyOf=[_TEXT, {"type": "array", "items": _TEXT}])]
Templates = Annotated[
    list[TemplateField],
    AfterValidator(_not_too_much),
    OneOrMore,
    _schema(anyOf=[_TEXT, {"type": "array", "items": _TEXT}]),
]
Names = Annotated[
    list[Reference],
    OneOrMore,
    _schema(anyOf=[_TEXT, {"type": "array", "items": {"type": "string"}}]),
]

FlowField = Annotated[Any, _schema(**{FLOW_MARK: True})]
AnsibleField = Annotated[Any, _schema(description="for Ansible, which alone templates it")]
TreeField = Annotated[Any, _schema(description="data with templates")]
