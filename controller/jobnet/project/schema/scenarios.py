"""Says what a scenario holds: what is given to a simulated run, and what is expected of it."""

# ruff: noqa: RUF012 - Pydantic copies the defaults of its models

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator

from jobnet.engine.states import Flag, State
from jobnet.project.order_words import ORDERS, VALUE_OF, WHOLE_RUN, needs_part, needs_value
from jobnet.project.schema.attributes import Shape
from jobnet.project.schema.documents import NOTABLE
from jobnet.project.schema.refusal import refused
from jobnet.project.schema.values import (
    Bool,
    Clock,
    Count,
    Day,
    Duration,
    Number,
    OneOrMore,
    Text,
    Texts,
    as_text,
    whole_number,
)
from jobnet.project.suggestions import shown

EXIT_CODE_MAX = 2**31 - 1
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(\S*)")


def _instant(value: object) -> str:
    text = as_text(value)
    try:
        if _INSTANT.fullmatch(text) and datetime.fromisoformat(text):
            return text
    except ValueError:
        pass
    raise refused("no_time", f"{shown(text)!r} is no time", "Write it as 2026-05-29T21:55")


def _answer(value: object) -> object:
    """Return a bare choice as the mapping that it stands for."""
    return value if isinstance(value, dict) else {"choice": as_text(value)}


def _part(value: object) -> object:
    """Return a bare state as the mapping that it stands for."""
    return value if isinstance(value, dict) else {"state": as_text(value)}


def _alert(value: object) -> object:
    return value if isinstance(value, dict) else {"alert": as_text(value)}


def _lose(value: object) -> object:
    """Return bare names as parts that are lost whenever they would end."""
    if isinstance(value, str):
        return {value: None}
    if isinstance(value, list):
        return {as_text(name): None for name in value}
    return value


def _order(value: object) -> object:
    """Return ``02:15 skip load`` as the mapping that it stands for."""
    if isinstance(value, dict):
        return value
    words = as_text(value).split(maxsplit=3)
    names = ("at", "order", "part", "value")
    return {
        name: word
        for name, word in zip(names, words, strict=False)
        if (name, word) != ("part", WHOLE_RUN)
    }


def _order_word(value: object) -> str:
    word = as_text(value).replace("_", "-")
    if word not in ORDERS:
        hint = f"Write one of {', '.join(sorted(ORDERS))}"
        raise refused("no_order", f"{shown(word)!r} is no order", hint)
    return word


ExitCode = Annotated[int, BeforeValidator(whole_number(at_least=1, at_most=EXIT_CODE_MAX))]
Instant = Annotated[str, BeforeValidator(_instant)]


class AnswerShape(Shape):
    """What somebody answers to a dialog."""

    choice: Text
    form: dict[Text, Text] = {}


class OrderShape(Shape):
    """An order that somebody gives at an instant; ``part`` None: to the whole run."""

    at: Clock
    order: Annotated[str, BeforeValidator(_order_word)]
    part: Text | None = None
    value: Text | None = None
    exit_code: Number | None = None
    form: dict[Text, Text] = {}
    now: Bool = False
    by: Text | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "OrderShape":
        name, field = self.order, VALUE_OF.get(self.order)
        if needs_part(name) and self.part is None:
            raise refused("no_order", f"{name} needs a part", f"Write `02:15 {name} PART`")
        if needs_value(name) and self.value is None:
            hint = f"Write `02:15 {name} {self.part or WHOLE_RUN} {str(field).upper()}`"
            raise refused("no_order", f"{name} needs a {field}", hint)
        if self.value is not None and field is None:
            raise refused("no_order", f"{name} takes no value", f"Write `02:15 {name} PART`")
        return self


class GivenShape(Shape):
    """What happens to the run."""

    at: Instant | None = None
    day: Day | None = None
    params: dict[Text, Any] = {}
    fail: dict[Text, ExitCode] = {}
    lose: Annotated[dict[Text, Clock | None], BeforeValidator(_lose)] = {}
    node_lost_after: Duration | None = None
    orders: Annotated[list[Annotated[OrderShape, BeforeValidator(_order)]], OneOrMore] = []
    duration: dict[Text, Duration] = {}
    answer: dict[Text, Annotated[AnswerShape, BeforeValidator(_answer)]] = {}
    output: dict[Text, dict[Text, Any]] = {}
    artifact: dict[Text, Texts] = {}
    usual: dict[Text, Duration] = {}


class ExpectedPartShape(Shape):
    """What is expected of one part when the simulation is over."""

    state: State | None = None
    exit_code: Number | None = None
    held: Bool | None = None
    attempts: Count | None = None
    message: Text | None = None
    flags: Annotated[list[Flag], OneOrMore] = []
    outputs: dict[Text, Any] = {}


class ExpectedAlertShape(Shape):
    """An alert that somebody gets, in the words of ``on:``; ``part`` None: whoever it is about."""

    alert: NOTABLE
    part: Text | None = None
    by: Clock | None = None


class ExpectShape(Shape):
    """What is expected of the run."""

    state: State | None = None
    exit_code: Number | None = None
    message: Text | None = None
    parts: dict[Text, Annotated[ExpectedPartShape, BeforeValidator(_part)]] = {}
    alerts: Annotated[list[Annotated[ExpectedAlertShape, BeforeValidator(_alert)]], OneOrMore] = []
    no_alerts: Annotated[list[NOTABLE], OneOrMore] = []
    by: dict[Text, Clock] = {}
    ended_by: Clock | None = None
    order: list[Text] = []
    recovered: Annotated[list[Text] | None, OneOrMore] = None
    outputs: dict[Text, Any] = {}


class ScenarioShape(Shape):
    """One scenario of a file."""

    name: Text = ""
    given: GivenShape = GivenShape()
    expect: ExpectShape = ExpectShape()
