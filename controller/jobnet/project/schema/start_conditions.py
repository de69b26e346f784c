"""Says what may stand below ``start_on``: events, files, ends and requests, with AND and OR."""

# ruff: noqa: RUF012 - Pydantic copies the defaults of its models

import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)

from jobnet.project.schema.attributes import Shape
from jobnet.project.schema.refusal import refused
from jobnet.project.schema.values import (
    Bool,
    Clock,
    Duration,
    EventName,
    ExpressionField,
    Identifier,
    OneOrMore,
    Reference,
    as_text,
    is_template,
    read_duration,
)
from jobnet.project.suggestions import shown
from jobnet.schedules import FileChange, WantedEnd

CONDITION_DEPTH_MAX = 8
SOURCES_MAX = 100
POLL_MIN = timedelta(seconds=1)
HOOK_PATH_LENGTH_MAX = 200

GROUPS = ("all", "any")
SOURCES = ("network", "file", "event", "webhook")

_SEGMENT = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
_HOOK_PATH = re.compile(rf"/?(?:{_SEGMENT}/)*{_SEGMENT}")


def _fixed_text(value: object) -> str:
    """Return a text that is taken as it is; there is no run yet whose names it could read."""
    text = as_text(value)
    if not text.strip():
        raise refused("empty_value", "A text is missing here")
    if is_template(text):
        raise refused("no_template", "Nothing is templated here: there is no run yet")
    return text


def _hook_path(value: object) -> str:
    text = as_text(value)
    if len(text) <= HOOK_PATH_LENGTH_MAX and _HOOK_PATH.fullmatch(text):
        return text.removeprefix("/")
    what = f"{shown(text)!r} is no path below /hooks"
    raise refused("no_hook_path", what, "Write words such as `shop/orders`")


def _poll(value: object) -> timedelta:
    duration = read_duration(value)
    if duration < POLL_MIN:
        raise refused("out_of_range", "Hosts are looked at once a second at most", "Write 30s")
    return duration


def _no_mail(value: object) -> Any:  # noqa: ANN401, ARG001 - it never returns
    what = "A mail starts nothing in this release"
    raise refused("not_carried", what, "Let whoever reads the mail send an event or call a webhook")


def _signed(value: bool) -> bool:  # noqa: FBT001 - the value itself
    if value:
        return value
    raise refused("unsigned_webhook", "A webhook is always signed", "Remove `hmac`")


FixedText = Annotated[
    str, PlainValidator(_fixed_text), WithJsonSchema({"type": "string", "minLength": 1})
]
HookPath = Annotated[str, PlainValidator(_hook_path), WithJsonSchema({"type": "string"})]
Poll = Annotated[
    timedelta, PlainValidator(_poll), WithJsonSchema({"type": "string", "examples": ["30s"]})
]


class FileSourceShape(Shape):
    """``file``: a file of inventory hosts has come, changed or gone."""

    hosts: FixedText
    path: FixedText
    event: FileChange = FileChange.CREATED
    settle: Duration | None = None
    poll: Poll | None = None
    inventory: Annotated[
        list[FixedText],
        OneOrMore,
        WithJsonSchema(
            {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
        ),
    ] = []


class EventSourceShape(Shape):
    """``event``: an event was sent."""

    name: EventName
    where: ExpressionField | None = None


class WebhookSourceShape(Shape):
    """``webhook``: a signed request has come."""

    path: HookPath
    credential: Reference
    hmac: Annotated[Bool, AfterValidator(_signed)] = True


Group = Annotated[list["ConditionShape"], Field(min_length=1)]


class ConditionShape(Shape):
    """``all`` or ``any`` of further conditions, or one source."""

    all_: Annotated[Group | None, Field(alias="all")] = None
    any_: Annotated[Group | None, Field(alias="any")] = None
    network: Reference | None = None
    result: WantedEnd | None = None
    file: FileSourceShape | None = None
    event: EventSourceShape | None = None
    webhook: WebhookSourceShape | None = None
    mail: Annotated[Any, BeforeValidator(_no_mail), WithJsonSchema({"not": {}})] = None
    as_: Annotated[Identifier | None, Field(alias="as")] = None

    @property
    def given(self) -> tuple[str, ...]:
        """The groups and sources that are written."""
        values = (self.all_, self.any_, self.network, self.file, self.event, self.webhook)
        words = zip((*GROUPS, *SOURCES), values, strict=True)
        return tuple(word for word, value in words if value is not None)

    @model_validator(mode="after")
    def check_words(self) -> "ConditionShape":
        """Refuse a condition that says nothing, two things, or a word without its source."""
        given = self.given
        if len(given) > 1:
            what = f"`{given[0]}` and `{given[1]}` stand in one condition"
            raise refused("several_sources", what, "Write `all:` or `any:` with a list of them")
        if not given:
            words = ", ".join((*GROUPS, *SOURCES))
            raise refused("no_source", "Nothing is named that starts it", f"Write one of: {words}")
        if self.result is not None and self.network is None:
            raise refused("word_without_source", "`result` stands beside `network`")
        if self.as_ is not None and given[0] in GROUPS:
            what = f"`as` stands beside `{given[0]}`"
            raise refused("word_without_source", what, "Write it beside the source")
        if self.as_ is not None and self.network is not None:
            what = "The end of a network brings nothing that `as` could name"
            raise refused("word_without_source", what, "Remove `as`")
        return self


class WithinShape(Shape):
    """From which to which clock time of the operating day a condition counts."""

    from_: Annotated[Clock | None, Field(alias="from")] = None
    to: Clock | None = None

    @model_validator(mode="after")
    def check_order(self) -> "WithinShape":
        """Refuse a span that ends before it begins."""
        if self.from_ is not None and self.to is not None and self.from_ > self.to:
            what = f"{self.from_} comes after {self.to}"
            hint = "Times after midnight go on: 25:30 for 01:30"
            raise refused("span_backwards", what, hint)
        return self


class StartOnShape(ConditionShape):
    """``start_on``: what starts a network when something happens."""

    within: WithinShape | None = None
    once_per: Literal["operating_day"] | None = None


def _bounded(value: object) -> object:
    """Refuse a condition that is deeper or wider than anybody means."""
    level, depth, sources = [value], 0, 0
    while level:
        depth += 1
        inner = [
            one
            for each in level
            if isinstance(each, dict)
            for word in GROUPS
            if isinstance(each.get(word), list)
            for one in each[word]
        ]
        sources += len(inner)
        if depth > CONDITION_DEPTH_MAX:
            what = f"Conditions are nested deeper than {CONDITION_DEPTH_MAX} levels"
            raise refused("too_deep", what, "Let a network send an event when a part of it is met")
        if sources > SOURCES_MAX:
            what = f"More than {SOURCES_MAX} conditions stand here"
            raise refused("too_many_sources", what, "Let a network send an event for some of them")
        level = inner
    return value


StartOnField = Annotated[StartOnShape, BeforeValidator(_bounded)]
