"""States the shapes of start conditions: what has come for them, and what is missing."""

from collections.abc import Iterable
from datetime import date

from pydantic import Field

from jobnet.services.controller.triggers.showing import TriggerView
from jobnet.wire.shapes import Answer, Instant


class SeenThing(Answer):
    """Something that came and was not used up yet."""

    leaf: str = Field(description="Its place below start_on.")
    what: str
    at: Instant
    operating_day: date


class Trigger(Answer):
    """A start condition of a network or of a schedule."""

    name: str
    schedule: str = Field(description="Empty: it is the network's own.")
    networks: list[str]
    since: Instant
    operating_day: date | None = Field(description="Today; null where nothing counts now.")
    seen: list[SeenThing]
    missing: list[str] = Field(description="What nothing has come for today.")
    has_started: bool = Field(description="It starts once a day, and has done so today.")
    problem: str = Field(description="What keeps it from starting; else empty.")


class Triggers(Answer):
    """All start conditions, by name."""

    items: list[Trigger]


def triggers_of(views: Iterable[TriggerView]) -> Triggers:
    """Return the shape of start conditions."""
    return Triggers(items=[Trigger.model_validate(view) for view in views])
