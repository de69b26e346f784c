"""Says what a scenario holds: what is given to a simulated run, and what is expected of it."""

# ruff: noqa: RUF012 - Pydantic copies the defaults of its models

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator

from jobnet.engine.states import Flag, State
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


ExitCode = Annotated[int, BeforeValidator(whole_number(at_least=1, at_most=EXIT_CODE_MAX))]
Instant = Annotated[str, BeforeValidator(_instant)]


class AnswerShape(Shape):
    """What somebody answers to a dialog."""

    choice: Text
    form: dict[Text, Text] = {}


class GivenShape(Shape):
    """What happens to the run."""

    at: Instant | None = None
    day: Day | None = None
    params: dict[Text, Any] = {}
    fail: dict[Text, ExitCode] = {}
    lose: Texts = []
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
