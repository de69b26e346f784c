"""Routes of calendars: which days are open, why, and what is odd about them."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import PlainTextResponse
from pydantic import StringConstraints

from jobnet.rest.asking import ROOT, Services
from jobnet.services.controller.calendars import SISTERS_MAX
from jobnet.wire.calendars import Calendar, Calendars, Check, Days, ExplainedDay, calendar_of
from jobnet.wire.shapes import NAME_MAX

router = APIRouter(prefix="/calendars", tags=["calendars"])

InCalendar = Annotated[str, Path(alias="calendar", max_length=NAME_MAX, pattern=r"^[^\x00]+$")]

_Name = Annotated[str, StringConstraints(max_length=NAME_MAX, pattern=r"^[^\x00]+$")]
_First = Annotated[date | None, Query(description="Today, if it is left out.")]
_Last = Annotated[date | None, Query(description="It too; a month after the first if left out.")]


@router.get("")
def list_calendars(services: Services) -> Calendars:
    """List all calendars by name, with what each inherits."""
    return Calendars(items=[calendar_of(one, root=ROOT) for one in services.calendars.listed()])


@router.get("/{calendar:path}/days")
def list_days(
    calendar: InCalendar, services: Services, first: _First = None, last: _Last = None
) -> Days:
    """List days with why each is open or closed."""
    return Days.model_validate(services.calendars.days(calendar, first, last))


@router.get("/{calendar:path}/explain")
def explain_day(calendar: InCalendar, day: date, services: Services) -> ExplainedDay:
    """Say why a day is open or closed, and where it stands in its month."""
    return ExplainedDay.model_validate(services.calendars.explain(calendar, day))


@router.get("/{calendar:path}/check")
def check_calendar(
    calendar: InCalendar,
    services: Services,
    sister: Annotated[
        list[_Name] | None,
        Query(max_length=SISTERS_MAX, description="Calendars that ought to be alike."),
    ] = None,
    country: Annotated[
        str | None, Query(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,10})?$", description="As JP or DE-BY.")
    ] = None,
) -> Check:
    """Compare the next 90 days with last year, national holidays and sister calendars."""
    found = services.calendars.check(calendar, sisters=sister or (), country=country)
    return Check.model_validate(found)


@router.get(
    "/{calendar:path}/ics",
    response_class=PlainTextResponse,
    responses={200: {"description": "iCalendar.", "content": {"text/calendar": {}}}},
)
def export_calendar(
    calendar: InCalendar,
    services: Services,
    first: _First = None,
    last: Annotated[
        date | None, Query(description="It too; a year after the first if left out.")
    ] = None,
    *,
    complete: Annotated[bool, Query(description="Every day, not the unusual ones only.")] = False,
) -> PlainTextResponse:
    """Give days of a calendar as iCalendar text, with their reasons."""
    text = services.calendars.ics(calendar, first, last, is_complete=complete)
    return PlainTextResponse(text, media_type="text/calendar")


@router.get("/{calendar:path}")
def show_calendar(calendar: InCalendar, services: Services) -> Calendar:
    """Show one calendar with what it inherits."""
    return calendar_of(services.calendars.show(calendar), root=ROOT)
