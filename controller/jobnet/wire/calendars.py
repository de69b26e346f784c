"""States the shapes of calendars: which days are open, and why."""

from datetime import date

from pydantic import Field

from jobnet.calendars import FindingKind
from jobnet.services.controller.calendars import CalendarView
from jobnet.wire.shapes import Answer, Related


class Calendar(Answer):
    """A calendar as it counts, with what it inherits."""

    name: str
    title: str
    path: str
    line: int
    made_of: list[str] = Field(description="What it extends or is derived from, as it is written.")
    zone: str | None = Field(description="Null: that of the network, or of the installation.")
    base_time: str = Field(description="When its operating day begins.")
    month_starts_on: int
    valid_from: date | None
    valid_to: date | None
    problem: str = Field(description="Why it cannot be asked; empty: it can.")
    related: Related = Field(default={})


class Calendars(Answer):
    """All calendars by name."""

    items: list[Calendar]


class Day(Answer):
    """One day of a calendar, and why it is what it is."""

    day: date
    state: str = Field(description="open, closed, or unknown where the calendar ends.")
    reason: str
    layer: str = Field(description="What has decided: week, month, holiday, single_date ...")
    calendar: str = Field(description="Whose layer it is.")
    detail: str


class Days(Answer):
    """Days of a calendar in their order."""

    name: str
    items: list[Day]


class DayPlace(Answer):
    """Where a day stands in its logical month and among the open days."""

    month: str
    month_first: date
    month_last: date
    open_days: int | None = Field(description="Of its month; null where it is not known.")
    nth_open: int | None = Field(description="1: the first open day of its month.")
    nth_open_from_end: int | None = Field(description="-1: the last one.")
    previous_open_day: date | None
    next_open_day: date | None


class ExplainedDay(Answer):
    """Why a day is open or closed."""

    name: str
    day: Day
    place: DayPlace


class Finding(Answer):
    """One odd thing, and the days it is about."""

    kind: FindingKind
    first: date
    last: date
    text: str


class Check(Answer):
    """What is odd about the next 90 days of a calendar, and with what it was compared."""

    name: str
    sisters: list[str]
    country: str = Field(description="Whose holidays ought to be closed; empty: of no country.")
    items: list[Finding]


def calendar_of(view: CalendarView, *, root: str) -> Calendar:
    """Return the shape of a calendar; ``root`` is the address of the API, "" for none."""
    own = f"{root}/calendars/{view.name}"
    related = {
        "self": own,
        "days": f"{own}/days",
        "check": f"{own}/check",
        "ics": f"{own}/ics",
        "definition": f"{root}/definitions/calendar/{view.name}",
    }
    return Calendar.model_validate(view).model_copy(update={"related": related if root else {}})
