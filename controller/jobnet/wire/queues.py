"""States the shapes of queues, resources, suspensions, and of what is changed of them."""

import json
from typing import Annotated

from pydantic import Field, JsonValue

from jobnet.ports.store.queues import SettingRow
from jobnet.services.controller.queues import Place, QueueView, ResourceView
from jobnet.services.controller.settings import NUMBER_MAX
from jobnet.wire.shapes import Answer, GivenInstant, Instant, Reason, Related, Request

Number = Annotated[int, Field(ge=0, le=NUMBER_MAX)]


class ChangeRequest(Request):
    """Why something is changed, and until when; without ``until`` until it is taken back."""

    reason: Reason = ""
    until: GivenInstant | None = None


class QueueRequest(ChangeRequest):
    """What to change of a queue; what is left out stays. A limit of null takes the limit away."""

    limit: Number | None = None
    is_held: bool = False
    priority: Number = 0


class CapacityRequest(ChangeRequest):
    """How much there is of a resource; null: as much as one likes."""

    capacity: Number | None


class NetworkLimitRequest(ChangeRequest):
    """How many executions of a network there may be; null: as its definition says."""

    limit: Number | None


class Changed(Answer):
    """Whether something is other than before."""

    has_changed: bool


class SettingShown(Answer):
    """One thing that was set at run time, above its definition."""

    field: str
    value: JsonValue
    by: str
    at: Instant
    reason: str
    until: Instant | None


class InLine(Answer):
    """A job in a queue: since when, and why it waits."""

    run: str
    part: str
    attempt: int
    since: Instant
    priority: int | None
    reason: str = Field(description="Why it waits, as in the glossary; empty: it does not.")
    detail: str


class Queue(Answer):
    """A queue as it counts now."""

    name: str = Field(description="Empty: that of the jobs that name none.")
    limit: int | None = Field(description="None: as many as one likes.")
    is_held: bool
    priority: int
    tries_max: int | None = Field(
        description="It has tripped, and so many jobs may try their hosts; None: it has not."
    )
    is_defined: bool
    defined_limit: int | None
    running: list[InLine]
    waiting: list[InLine]
    settings: list[SettingShown]
    related: Related


class Queues(Answer):
    """All queues by name."""

    items: list[Queue]


class Resource(Answer):
    """A counted resource; ``waiting`` are the jobs that ask for some of it."""

    name: str
    capacity: int | None = Field(description="None: as much as one likes.")
    used: int
    waiting: int
    settings: list[SettingShown]


class Resources(Answer):
    """All resources by name."""

    items: list[Resource]


def queue_of(view: QueueView, *, root: str) -> Queue:
    """Return the shape of a queue."""
    return Queue(
        name=view.name,
        limit=view.limit,
        is_held=view.is_held,
        priority=view.priority,
        tries_max=view.tries_max,
        is_defined=view.defined is not None,
        defined_limit=None if view.defined is None else view.defined.limit,
        running=[_in_line(each) for each in view.running],
        waiting=[_in_line(each) for each in view.waiting],
        settings=[_setting(each) for each in view.settings],
        related={"definition": f"{root}/definitions/queue/{view.name}"},
    )


def resource_of(view: ResourceView) -> Resource:
    """Return the shape of a resource."""
    return Resource(
        name=view.name,
        capacity=view.capacity,
        used=view.used,
        waiting=view.waiting,
        settings=[_setting(each) for each in view.settings],
    )


def _in_line(place: Place) -> InLine:
    reason, detail = json.loads(place.told) if place.told.startswith("[") else ("", place.told)
    return InLine(
        run=place.run,
        part=place.part,
        attempt=place.attempt,
        since=place.since,
        priority=place.priority,
        reason=reason,
        detail=detail,
    )


def _setting(row: SettingRow) -> SettingShown:
    return SettingShown(
        field=row.field,
        value=json.loads(row.value),
        by=row.by,
        at=row.at,
        reason=row.reason,
        until=row.until,
    )
