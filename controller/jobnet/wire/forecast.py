"""States the shapes of forecasts and what-ifs."""

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from jobnet.ids import NetworkName
from jobnet.services.forecast.changes import (
    FACTOR_MAX,
    Add,
    Capacity,
    Change,
    Delay,
    Lose,
    Move,
    NetworkLimit,
    QueueLimit,
    Scale,
    Skip,
)
from jobnet.services.forecast.course import Wait
from jobnet.services.forecast.critical import CriticalPath
from jobnet.services.forecast.forecast import Conflict, ForecastRun, conflicts, shown_cause
from jobnet.services.forecast.forecasts import CHANGES_MAX, Told
from jobnet.services.forecast.passing import Predicted
from jobnet.services.forecast.risks import Risk
from jobnet.services.forecast.whatif import Comparison, RunDifference, Times
from jobnet.wire.shapes import Answer, GivenInstant, Instant, Name, Request

SECONDS_MAX = 400 * 86_400
NUMBER_MAX = 1_000_000
KEY_MAX = 3_000
CONFLICTS_MAX = 1_000
"""So many who wait for others are told of."""

_Seconds = Annotated[float, Field(ge=-SECONDS_MAX, le=SECONDS_MAX)]
_Number = Annotated[int, Field(ge=0, le=NUMBER_MAX)]
GivenDay = Annotated[date, Field(ge=date(1970, 1, 1), lt=date(9000, 1, 1))]
_Key = Annotated[str, Field(min_length=1, max_length=KEY_MAX, description="As in the forecast.")]


class Course(Answer):
    """How a run is expected to go at one rate; without an instant: never, as far as known."""

    state: str
    began: Instant | None
    ended: Instant | None
    endless: list[str] = Field(description="What it waits for that nobody brings about.")


class DeadlineRisk(Answer):
    """A deadline that is expected to be missed (p50), or may be (p90)."""

    kind: str
    part: str = Field(description="Empty: the run itself.")
    due: Instant
    rate: Literal["p50", "p90"]
    usual: Instant | None = Field(description="When it begins or ends at P50.")
    slow: Instant | None = Field(description="When it begins or ends at P90.")


class ForecastRunShown(Answer):
    """One run of the plan, or one that is open."""

    key: str = Field(description="Of its start in the plan; its run if it is open.")
    run: str = Field(description="The name that it is expected to have.")
    network: str
    operating_day: date
    zone: str
    planned: Instant
    is_open: bool
    usual: Course | None = Field(description="At P50.")
    slow: Course | None = Field(description="At P90.")
    risks: list[DeadlineRisk]


class ConflictShown(Answer):
    """A run, or a part of it, that waits because others hold what it needs."""

    run: str
    part: str = Field(description="Empty: the run itself.")
    reason: str
    detail: str
    since: Instant
    until: Instant | None
    behind: list[str] = Field(description="Some of those who hold it.")


class ForecastShown(Answer):
    """The runs of a span by their planned start."""

    now: Instant
    first: Instant
    last: Instant
    items: list[ForecastRunShown]
    conflicts: list[ConflictShown]
    assumed: list[str] = Field(description="Jobs of which nobody knows how long they take.")
    problems: list[str] = Field(description="What could not be taken into it.")
    is_cut: bool = Field(description="There is more than is told.")


class CriticalLink(Answer):
    """A part that decides, while nothing else does."""

    run: str
    network: str
    part: str
    start: Instant
    end: Instant
    because: str = Field(description="What it had waited for; empty: its turn came.")


class CriticalPathShown(Answer):
    """The chain that decides when a run ends, in order of time."""

    run: str
    ended: Instant | None
    due: Instant | None = Field(description="Its first deadline.")
    margin_seconds: float | None = Field(description="How much later it may end.")
    links: list[CriticalLink]


class DelayChange(Request):
    """A part takes so much longer; without a part its network starts so much later."""

    kind: Literal["delay"]
    network: Name
    part: str = Field(default="", max_length=200)
    seconds: _Seconds


class ScaleChange(Request):
    """Jobs take so many times as long."""

    kind: Literal["scale"]
    network: Name
    part: str = Field(default="", max_length=200)
    factor: Annotated[float, Field(ge=0, le=FACTOR_MAX)]


class LimitChange(Request):
    """A queue, a network or a resource has another limit."""

    kind: Literal["limit"]
    of: Literal["queue", "network", "resource"] = "queue"
    name: Name
    limit: _Number


class LoseChange(Request):
    """A node is away."""

    kind: Literal["lose"]
    node: Name


class MoveChange(Request):
    """A start is put to another instant."""

    kind: Literal["move"]
    key: _Key
    to: GivenInstant


class SkipChange(Request):
    """A start is left out."""

    kind: Literal["skip"]
    key: _Key


class AddChange(Request):
    """A start more."""

    kind: Literal["add"]
    network: Name
    start: GivenInstant
    operating_day: GivenDay | None = None
    params: dict[str, JsonValue] = Field(default={}, description="Params by name.")


GivenChange = Annotated[
    DelayChange | ScaleChange | LimitChange | LoseChange | MoveChange | SkipChange | AddChange,
    Field(discriminator="kind"),
]


class WhatIfRequest(Request):
    """What would be otherwise, in which span; without instants from now on for 24 hours."""

    first: GivenInstant | None = None
    last: GivenInstant | None = None
    network: str = Field(default="", max_length=1000, description="Empty: all.")
    changes: list[GivenChange] = Field(min_length=1, max_length=CHANGES_MAX)


class TimesShown(Answer):
    """When a run begins and ends at P50."""

    began: Instant | None
    ended: Instant | None


class DifferenceShown(Answer):
    """A run that would go otherwise; without times it is not there."""

    key: str
    run: str
    network: str
    before: TimesShown | None
    after: TimesShown | None
    later_seconds: float | None
    newly_missed: list[DeadlineRisk]
    newly_kept: list[DeadlineRisk]


class WhatIfShown(Answer):
    """What would be otherwise; runs that miss a deadline newly come first."""

    items: list[DifferenceShown]
    unchanged: int
    over_before: Instant | None = Field(description="When the last run ends.")
    over_after: Instant | None
    later_seconds_total: float
    newly_missed: int
    newly_kept: int
    is_cut: bool


def change_of(given: GivenChange) -> Change:  # noqa: PLR0911 - a line for each kind
    """Return a change as the services know it."""
    match given:
        case DelayChange():
            by = timedelta(seconds=given.seconds)
            return Delay(network=NetworkName(given.network), part=given.part, by=by)
        case ScaleChange():
            network = NetworkName(given.network)
            return Scale(network=network, part=given.part, factor=given.factor)
        case LimitChange(of="queue"):
            return QueueLimit(queue=given.name, limit=given.limit)
        case LimitChange(of="network"):
            return NetworkLimit(network=NetworkName(given.name), limit=given.limit)
        case LimitChange():
            return Capacity(resource=given.name, capacity=given.limit)
        case LoseChange():
            return Lose(node=given.node)
        case MoveChange():
            return Move(key=given.key, to=given.to)
        case SkipChange():
            return Skip(key=given.key)
        case AddChange():
            return Add(
                network=NetworkName(given.network),
                start=given.start,
                operating_day=given.operating_day,
                params=given.params,
            )


def forecast_of(told: Told) -> ForecastShown:
    """Return the shape of a forecast."""
    found = told.forecast
    waiting = [_conflict(each) for each in conflicts(found)]
    return ForecastShown(
        now=found.now,
        first=told.first,
        last=told.last,
        items=[_run(each) for each in found.runs],
        conflicts=waiting[:CONFLICTS_MAX],
        assumed=list(found.assumed),
        problems=list(told.problems),
        is_cut=told.is_cut or len(waiting) > CONFLICTS_MAX,
    )


def path_of(path: CriticalPath) -> CriticalPathShown:
    """Return the shape of a critical path."""
    return CriticalPathShown(
        run=path.run,
        ended=path.ended,
        due=path.due,
        margin_seconds=_seconds(path.margin),
        links=[
            CriticalLink(
                run=each.run,
                network=each.network,
                part=each.part,
                start=each.start,
                end=each.end,
                because="" if each.because is None else _because(each.because, each.run),
            )
            for each in path.links
        ],
    )


def comparison_of(found: Comparison) -> WhatIfShown:
    """Return the shape of a comparison."""
    return WhatIfShown(
        items=[_difference(each) for each in found.differences],
        unchanged=found.unchanged,
        over_before=found.over_before,
        over_after=found.over_after,
        later_seconds_total=found.later_total.total_seconds(),
        newly_missed=found.missed_count,
        newly_kept=found.kept_count,
        is_cut=found.is_cut,
    )


def _run(run: ForecastRun) -> ForecastRunShown:
    return ForecastRunShown(
        key=run.key,
        run=run.name,
        network=run.network,
        operating_day=run.operating_day,
        zone=run.either.day.zone,
        planned=run.planned,
        is_open=run.is_open,
        usual=_course(run.usual),
        slow=_course(run.slow),
        risks=[_risk(each) for each in run.risks],
    )


def _course(run: Predicted | None) -> Course | None:
    if run is None:
        return None
    course = run.course
    state, endless = course.state.value, list(course.endless)
    return Course(state=state, began=run.began, ended=run.ended, endless=endless)


def _risk(risk: Risk) -> DeadlineRisk:
    return DeadlineRisk(
        kind=risk.kind.value,
        part=risk.part,
        due=risk.due,
        rate=risk.rate.value,
        usual=risk.usual,
        slow=risk.slow,
    )


def _conflict(conflict: Conflict) -> ConflictShown:
    return ConflictShown(
        run=conflict.run,
        part=conflict.part,
        reason=conflict.wait.reason,
        detail=conflict.wait.detail,
        since=conflict.since,
        until=conflict.until,
        behind=[shown_cause(each, conflict.run) for each in conflict.wait.behind],
    )


def _because(wait: Wait, run: str) -> str:
    reason = wait.reason.replace("_", " ")
    cause = "" if wait.cause is None else f", until {shown_cause(wait.cause, run)} ended"
    return f"{reason}{cause}"


def _difference(one: RunDifference) -> DifferenceShown:
    return DifferenceShown(
        key=one.key,
        run=one.name,
        network=one.network,
        before=_times(one.before),
        after=_times(one.after),
        later_seconds=_seconds(one.later),
        newly_missed=[_risk(each) for each in one.newly_missed],
        newly_kept=[_risk(each) for each in one.newly_kept],
    )


def _times(times: Times | None) -> TimesShown | None:
    return None if times is None else TimesShown(began=times.began, ended=times.ended)


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()
