"""Routes of schedules: what each starts, when next, and why a day has starts or none."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query

from jobnet.rest.asking import ROOT, Services
from jobnet.services.controller.schedules import NEXT_MAX, NEXT_SHOWN
from jobnet.wire.schedules import (
    ExplainedSchedule,
    Happenings,
    Schedule,
    Schedules,
    explained_of,
    next_of,
    schedule_of,
)
from jobnet.wire.shapes import NAME_MAX, GivenInstant

router = APIRouter(prefix="/schedules", tags=["schedules"])

InSchedule = Annotated[str, Path(alias="schedule", max_length=NAME_MAX, pattern=r"^[^\x00]+$")]


@router.get("")
def list_schedules(services: Services) -> Schedules:
    """List all schedules by name."""
    return Schedules(items=[schedule_of(one, root=ROOT) for one in services.schedules.listed()])


@router.get("/{schedule:path}/next")
def list_next_starts(
    schedule: InSchedule,
    services: Services,
    count: Annotated[int, Query(ge=1, le=NEXT_MAX, description="So many.")] = NEXT_SHOWN,
    after: Annotated[
        GivenInstant | None, Query(description="After this instant; now, if it is left out.")
    ] = None,
) -> Happenings:
    """List the next starts as the rules give them, without changes on the day."""
    return next_of(services.schedules.next(schedule, count=count, after=after))


@router.get("/{schedule:path}/explain")
def explain_starts(schedule: InSchedule, day: date, services: Services) -> ExplainedSchedule:
    """Say why a schedule has starts on an operating day, or why it has none."""
    return explained_of(services.schedules.explain(schedule, day))


@router.get("/{schedule:path}")
def show_schedule(schedule: InSchedule, services: Services) -> Schedule:
    """Show one schedule."""
    return schedule_of(services.schedules.show(schedule), root=ROOT)
