"""States the shapes of schedules: what each starts, when next, and why."""

from datetime import date
from typing import cast

from pydantic import Field, JsonValue

from jobnet.ports.plain_values import to_json
from jobnet.schedules import Occurrence, OccurrenceEnd
from jobnet.schedules.explanation import DayExplanation
from jobnet.services.controller.schedules import NextStarts, ScheduleView
from jobnet.wire.plan import Key
from jobnet.wire.shapes import Answer, Instant, Related


class Schedule(Answer):
    """A schedule as it counts."""

    name: str
    title: str
    path: str
    line: int
    networks: list[str]
    zones: dict[str, str] = Field(description="The time zone of each network's starts.")
    calendar: str | None = Field(description="Null: every day is open.")
    rules: int = Field(description="How many rules it has.")
    params: dict[str, JsonValue]
    misfire: str = Field(description="What becomes of starts that nobody could start in time.")
    valid_from: date | None
    valid_to: date | None
    known_until: date | None = Field(description="The last day that its calendar knows.")
    starts_on_condition: bool = Field(description="It starts when something happens, too.")
    problem: str = Field(description="Why it gives no starts, or not all; empty: it does.")
    related: Related = Field(default={})


class Schedules(Answer):
    """All schedules by name."""

    items: list[Schedule]


class Happening(Answer):
    """One start that a schedule gives, or why a candidate day has none."""

    key: Key
    end: OccurrenceEnd
    start: Instant | None
    zone: str
    rules: list[int] = Field(description="The rules that give it, counted from 0.")
    steps: list[str] = Field(description="How it came about, step by step.")
    merged: int
    repeat_after_seconds: float | None = Field(
        description="It starts again so long after the end of its run."
    )
    repeat_until: Instant | None


class Happenings(Answer):
    """Starts of a schedule in order of time."""

    name: str
    items: list[Happening]


class ExplainedRule(Answer):
    """What one rule says of an operating day."""

    rule: int = Field(description="Its place in the text, counted from 0.")
    steps: list[str] = Field(description="The ways of its candidate days.")
    items: list[Happening] = Field(description="What becomes of its starts of this day.")


class ExplainedSchedule(Answer):
    """What a schedule says of an operating day, rule by rule."""

    name: str
    day: date
    has_starts: bool
    steps: list[str] = Field(description="What is to be said of the schedule as a whole.")
    rules: list[ExplainedRule]


def schedule_of(view: ScheduleView, *, root: str) -> Schedule:
    """Return the shape of a schedule; ``root`` is the address of the API, "" for none."""
    own = f"{root}/schedules/{view.name}"
    related = {
        "self": own,
        "next": f"{own}/next",
        "plan": f"{root}/plan?schedule={view.name}",
        "definition": f"{root}/definitions/schedule/{view.name}",
    }
    return Schedule(
        name=view.name,
        title=view.title,
        path=view.path,
        line=view.line,
        networks=list(view.networks),
        zones=dict(view.zones or {}),
        calendar=view.calendar,
        rules=view.rules,
        params=cast("dict[str, JsonValue]", to_json(dict(view.params or {}))),
        misfire=view.misfire,
        valid_from=view.valid_from,
        valid_to=view.valid_to,
        known_until=view.known_until,
        starts_on_condition=view.starts_on_condition,
        problem=view.problem,
        related=related if root else {},
    )


def next_of(found: NextStarts) -> Happenings:
    """Return the shape of the next starts."""
    return Happenings(name=found.name, items=[happening_of(one) for one in found.items])


def explained_of(found: DayExplanation) -> ExplainedSchedule:
    """Return the shape of what a schedule says of a day."""
    return ExplainedSchedule(
        name=found.schedule,
        day=found.day,
        has_starts=found.matches,
        steps=list(found.steps),
        rules=[
            ExplainedRule(
                rule=one.rule,
                steps=list(one.steps),
                items=[happening_of(each) for each in one.occurrences],
            )
            for one in found.rules
        ],
    )


def happening_of(occurrence: Occurrence) -> Happening:
    """Return the shape of an occurrence."""
    after = occurrence.repeat_after
    return Happening(
        key=Key.model_validate(occurrence.key),
        end=occurrence.end,
        start=occurrence.start,
        zone=occurrence.zone,
        rules=list(occurrence.rules),
        steps=list(occurrence.steps),
        merged=occurrence.merged,
        repeat_after_seconds=None if after is None else after.total_seconds(),
        repeat_until=occurrence.repeat_until,
    )
