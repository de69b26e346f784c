"""Says what documents of kind ``schedule`` and ``window`` hold."""

# ruff: noqa: RUF012 - Pydantic copies the defaults of its models

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema

from jobnet.calendars import ClockTime, FoldPolicy, GapPolicy
from jobnet.calendars.clock import CLOCK_SECONDS_MAX, STARTS_A_DAY_MAX
from jobnet.project.schema.attributes import Shape
from jobnet.project.schema.days import DayWords, check_days, names_days
from jobnet.project.schema.headings import DocumentShape, SpanShape
from jobnet.project.schema.refusal import refused
from jobnet.project.schema.start_conditions import FixedText, StartOnField
from jobnet.project.schema.values import (
    Clock,
    Duration,
    Identifier,
    Names,
    OneOrMore,
    Reference,
    Texts,
    Zone,
    read_duration,
)
from jobnet.schedules import Measured, MisfirePolicy, WindowAction
from jobnet.schedules.compilation import EXCLUSIONS_MAX, NETWORKS_MAX, PAUSES_MAX, RULES_MAX

CLOCKS_MAX = 1_440
WINDOW_RULES_MAX = 200
WINDOW_CLOCKS_MAX = 24
REPEAT_MIN = timedelta(seconds=10)


def _every(value: object) -> timedelta:
    duration = read_duration(value)
    if duration < REPEAT_MIN:
        what = f"A network is started every {REPEAT_MIN.seconds} seconds at most"
        raise refused("out_of_range", what, "Use a continuity for what goes round faster")
    return duration


def _some(value: object) -> object:
    """Return a list; a single mapping stands for a list of one."""
    return [value] if isinstance(value, dict) else value


@dataclass(frozen=True, slots=True)
class _OrOne:
    """Says in the JSON Schema of a list that one of its mappings may stand alone."""

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        listed = handler(core_schema)
        return {"anyOf": [listed, listed["items"]]}


OR_ONE = _OrOne()
Clocks = Annotated[
    list[Clock],
    OneOrMore,
    Field(max_length=CLOCKS_MAX),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
RepeatEvery = Annotated[
    timedelta, PlainValidator(_every), WithJsonSchema({"type": "string", "examples": ["10m"]})
]


class RepeatShape(Shape):
    """``repeat``: a start every so often from one clock time to another."""

    every: RepeatEvery
    from_: Annotated[Clock, Field(alias="from")]
    to: Clock
    measured: Measured = Measured.START

    @model_validator(mode="after")
    def check_order(self) -> "RepeatShape":
        """Refuse a repetition that ends before it begins."""
        if self.from_ > self.to:
            raise _backwards(self.from_, self.to)
        lasting = self.to.since_midnight - self.from_.since_midnight
        if lasting // self.every >= STARTS_A_DAY_MAX:
            what = f"This gives more than {STARTS_A_DAY_MAX} starts a day"
            raise refused("out_of_range", what, "Use a continuity for what goes round faster")
        return self


def _backwards(first: ClockTime, last: ClockTime) -> Exception:
    later = last.seconds + 24 * 3600
    hint = f'Write "{ClockTime(seconds=later)}"' if later <= CLOCK_SECONDS_MAX else ""
    return refused("span_backwards", f"{first} comes after {last}", hint)


class RuleShape(DayWords):
    """One rule of a schedule: days, and the times on them."""

    at: Clocks = []
    repeat: RepeatShape | None = None

    @model_validator(mode="after")
    def check_words(self) -> "RuleShape":
        """Refuse days that contradict themselves, and a rule that names no time."""
        check_days(self)
        if not self.at and self.repeat is None and not self.gives_times:
            hint = 'Add `at: "22:00"`, or `repeat`'
            raise refused("no_time", "Nothing says at what time", hint)
        return self


class ExclusionShape(DayWords):
    """Days without a start: day words, or those that a calendar closes."""

    calendar: Reference | None = None

    @model_validator(mode="after")
    def check_words(self) -> "ExclusionShape":
        """Refuse an exclusion that says two things or none."""
        words = self.model_fields_set - {"calendar"}
        if self.calendar is None and not names_days(self):
            hint = "Write day words, or the name of a calendar"
            raise refused("no_day_rule", "Nothing says which days are left out", hint)
        if self.calendar is None:
            check_days(self)
        elif words:
            what = f"`calendar` and `{min(words)}` stand in one exclusion"
            raise refused("several_sources", what, "Write an exclusion for each of them")
        return self


class PauseShape(SpanShape):
    """``pause``: a span of days without a start."""

    @model_validator(mode="after")
    def check_words(self) -> "PauseShape":
        """Refuse a pause without any day."""
        if self.from_ is None and self.to is None:
            raise refused("no_date", "Nothing says from when to when", "Add `from` or `to`")
        return self


class MisfireShape(Shape):
    """``misfire``: what becomes of starts whose time has passed."""

    policy: MisfirePolicy | None = None
    grace: Duration | None = None


class SummerTimeShape(Shape):
    """``dst``: what becomes of clock times that do not exist, or exist twice."""

    gap: GapPolicy = "shift"
    fold: FoldPolicy = "first"


class ScheduleShape(DocumentShape):
    """``kind: schedule``."""

    kind: Literal["schedule"]
    networks: Annotated[Names, Field(min_length=1, max_length=NETWORKS_MAX)]
    calendar: Reference | None = None
    timezone: Zone | None = None
    rules: Annotated[
        list[RuleShape], BeforeValidator(_some), OR_ONE, Field(max_length=RULES_MAX)
    ] = []
    exclude: Annotated[
        list[ExclusionShape], BeforeValidator(_some), OR_ONE, Field(max_length=EXCLUSIONS_MAX)
    ] = []
    pause: Annotated[
        list[PauseShape], BeforeValidator(_some), OR_ONE, Field(max_length=PAUSES_MAX)
    ] = []
    params: dict[Identifier, Any] = {}
    misfire: MisfireShape | None = None
    dst: SummerTimeShape | None = None
    valid: SpanShape | None = None
    start_on: StartOnField | None = None


class WindowRuleShape(DayWords):
    """One rule of a window: days, and the spans on them."""

    at: Annotated[Clocks, Field(max_length=WINDOW_CLOCKS_MAX)] = []
    for_: Annotated[Duration | None, Field(alias="for")] = None
    from_: Annotated[Clock | None, Field(alias="from")] = None
    to: Clock | None = None

    @model_validator(mode="after")
    def check_words(self) -> "WindowRuleShape":
        """Refuse spans that are not whole, and days that contradict themselves."""
        check_days(self)
        begins, spans = (bool(self.at), self.for_ is not None), (self.from_, self.to)
        if any(begins) and any(one is not None for one in spans):
            raise refused("several_sources", "`at` with `for` and `from` with `to` say two things")
        if any(begins):
            self._check_lasting()
        elif self.from_ is None or self.to is None:
            hint = "Add `from` and `to`, or `at` and `for`"
            raise refused("no_time", "Nothing says from when to when", hint)
        elif self.from_ >= self.to:
            raise _backwards(self.from_, self.to)
        return self

    def _check_lasting(self) -> None:
        if not self.at or not self.for_:
            raise refused("no_time", "`at` and `for` belong together", "Add the other one")
        for begin in self.at:
            if begin.since_midnight + self.for_ > timedelta(seconds=CLOCK_SECONDS_MAX):
                what = f"A span from {begin} for so long goes beyond 47:59"
                raise refused("out_of_range", what, "Write a rule for each day")

    @property
    def spans(self) -> tuple[tuple[ClockTime, ClockTime], ...]:
        """The spans that the rule gives on each of its days."""
        if self.from_ is not None and self.to is not None:
            return ((self.from_, self.to),)
        lasting = self.for_ or timedelta(0)
        return tuple(
            (one, ClockTime(seconds=one.seconds + int(lasting.total_seconds()))) for one in self.at
        )


class WindowShape(DocumentShape):
    """``kind: window``."""

    kind: Literal["window"]
    hosts: FixedText | None = None
    nodes: Texts = []
    queues: Names = []
    networks: Names = []
    rules: Annotated[
        list[WindowRuleShape], BeforeValidator(_some), OR_ONE, Field(max_length=WINDOW_RULES_MAX)
    ] = []
    action: WindowAction = WindowAction.HOLD
    timezone: Zone | None = None
    calendar: Reference | None = None
    valid: SpanShape | None = None
