"""Builds calendars that read like the examples of the design."""

from collections.abc import Mapping
from datetime import date

from jobnet.calendars import (
    Calendar,
    CalendarDefinition,
    ClosedDayPolicy,
    DayRule,
    DayState,
    Weekday,
    compile_calendar,
)

MON_TO_FRI = frozenset(
    {Weekday.MON, Weekday.TUE, Weekday.WED, Weekday.THU, Weekday.FRI},
)
GOLDEN_WEEK_2026 = ("2026-04-29", "2026-05-04", "2026-05-05", "2026-05-06")
SUMMER_2026 = ("2026-07-20", "2026-08-11")


def day(text: str) -> date:
    return date.fromisoformat(text)


def closed(*texts: str) -> Mapping[date, DayState]:
    return {day(text): DayState.CLOSED for text in texts}


def office(
    *closed_days: str,
    week: frozenset[Weekday] = MON_TO_FRI,
    valid: tuple[str | None, str | None] = (None, None),
    month_starts_on: int = 1,
) -> Calendar:
    """Open Monday to Friday, except on the days given."""
    return compile_calendar(
        CalendarDefinition(
            name="office",
            week=week,
            days=closed(*closed_days),
            valid_from=day(valid[0]) if valid[0] else None,
            valid_to=day(valid[1]) if valid[1] else None,
            month_starts_on=month_starts_on,
        )
    )


def design_calendar() -> Calendar:
    """The calendar of the design's test vectors."""
    return office(*GOLDEN_WEEK_2026, *SUMMER_2026)


def previous(*numbers: int, offset: int = 0, max_shift: int = 7) -> DayRule:
    return DayRule(
        day_of_month=numbers,
        on_closed_day=ClosedDayPolicy.PREVIOUS,
        offset_open_days=offset,
        max_shift=max_shift,
    )


def following(*numbers: int, offset: int = 0, max_shift: int = 7) -> DayRule:
    return DayRule(
        day_of_month=numbers,
        on_closed_day=ClosedDayPolicy.NEXT,
        offset_open_days=offset,
        max_shift=max_shift,
    )
