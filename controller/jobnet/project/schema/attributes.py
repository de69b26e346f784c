"""Says which attributes every part may have, and which a unit job has besides."""

import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, WithJsonSchema

from jobnet.definition import (
    ExitCodes,
    Judgement,
    LateStartAction,
    LockMode,
    OnError,
    OnLost,
    RerunRule,
    RetryHosts,
    Severity,
)
from jobnet.project.schema.refusal import refused
from jobnet.project.schema.values import (
    AtLeastOne,
    Bool,
    Count,
    DeadlineField,
    Duration,
    EstimateField,
    ExpressionField,
    Names,
    Priority,
    Reference,
    Templates,
    Text,
    Texts,
    Timeout,
    as_text,
)
from jobnet.project.suggestions import shown, suggest

RANGE = re.compile(r"(-?[0-9]{1,10})(?:\s*-\s*(-?[0-9]{1,10})|\s*(\+))?")
EXIT_CODE_MAX = 2**31 - 1
BACKOFF_MAX = 100.0
RANGES_MAX = 100


class Shape(BaseModel):
    """What all models share: unknown keys are problems, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class RetryShape(Shape):
    """``retry``: new attempts of the whole part."""

    count: Count = 1
    delay: Duration | None = None
    backoff: Annotated[float, Field(ge=1, le=BACKOFF_MAX)] = 1.0
    hosts: RetryHosts = RetryHosts.ALL


class LatestStartShape(Shape):
    """``latest_start``: when it is too late to begin, and what follows."""

    at: DeadlineField
    then: LateStartAction


def _exit_codes(value: object) -> ExitCodes:
    if not isinstance(value, dict):
        raise refused(
            "no_exit_codes",
            "Exit codes are judged by a mapping",
            'Write {normal: "0", warning: "1-3"}',
        )
    ranges: list[tuple[int, int, Judgement]] = []
    for word, texts in value.items():
        if word not in set(Judgement):
            raise refused(
                "unknown_judgement",
                f"`{shown(word)}` is no judgement",
                suggest(str(word), [str(one) for one in Judgement]),
            )
        ranges += [(*_range(text), Judgement(word)) for text in _ranges(texts)]
    if len(ranges) > RANGES_MAX:
        raise refused("too_many_ranges", f"More than {RANGES_MAX} ranges of exit codes")
    return ExitCodes(ranges=tuple(ranges))


def _ranges(value: object) -> list[str]:
    if isinstance(value, list):
        return [as_text(one) for one in value]
    return [one.strip() for one in as_text(value).split(",")]


def _range(text: str) -> tuple[int, int]:
    match = RANGE.fullmatch(text.strip())
    if match is None:
        raise refused(
            "no_range",
            f"{shown(text)!r} is no range of exit codes",
            'Write "0", "1-3", "4+" or "0, 2-5"',
        )
    low = int(match[1])
    high = EXIT_CODE_MAX if match[3] else int(match[2] or low)
    if low > high:
        raise refused("no_range", f"The range {shown(text)} is empty", f'Write "{high}-{low}"')
    return low, high


RANGES_SCHEMA = {"type": ["string", "integer", "array"]}
ExitCodesField = Annotated[
    ExitCodes,
    PlainValidator(_exit_codes),
    WithJsonSchema(
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {str(word): RANGES_SCHEMA for word in Judgement},
            "examples": [{"normal": "0", "warning": "1-3", "abnormal": "4+"}],
        }
    ),
]


def _locks(value: object) -> object:
    return dict.fromkeys(value, "exclusive") if isinstance(value, list) else value


Locks = Annotated[dict[str, LockMode], BeforeValidator(_locks)]


class DeadlineShape(Shape):
    """What is watched by the clock, for a part and for a network."""

    end_by: DeadlineField | None = None
    late_start: DeadlineField | None = None
    late_end: DeadlineField | None = None
    overrun: EstimateField | None = None
    underrun: EstimateField | None = None
    latest_start: LatestStartShape | None = None


class CommonShape(DeadlineShape):
    """What a part and a network both may have."""

    exit_code: ExpressionField | None = None
    exit_codes: ExitCodesField | None = None
    queue: Reference | None = None
    priority: Priority | None = None
    owner: Text | None = None
    runbook: Text | None = None
    severity: Severity | None = None
    warm: Bool | None = None


class PartShape(CommonShape):
    """The attributes of every part; ``name``, ``id`` and ``when`` are read apart."""

    on_error: OnError = OnError.STOP
    on_lost: OnLost = OnLost.HOLD
    rerun: RerunRule = RerunRule.ASK
    rerun_note: Text = ""
    retry: RetryShape | None = None
    timeout: Timeout | None = None
    kill_grace: Duration | None = None
    hold: Bool = False
    skip: Bool = False
    no_exec: Bool = False
    nodes: Texts = []
    locks: Locks = {}
    resources: dict[str, AtLeastOne] = {}


class UnitShape(Shape):
    """What only a unit job may have besides."""

    credentials: Names = []
    execution_environment: Text | None = None
    empty_hosts: Literal["fail", "ok"] = "fail"
    inventory: Templates = []
    hosts: Templates | None = None
