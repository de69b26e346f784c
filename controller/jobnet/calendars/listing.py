"""Lists what a calendar says of many days."""

from datetime import date

from jobnet.calendars.calendar import SPAN_DAYS_MAX, Calendar
from jobnet.calendars.days import DayVerdict
from jobnet.errors.calendars import SpanTooLong


def explain_days(
    calendar: Calendar, first: date, last: date
) -> tuple[tuple[date, DayVerdict], ...]:
    """Return each day from first to last, both included, with its verdict.

    A span of more than ``SPAN_DAYS_MAX`` days is refused, and so is one that touches a day of
    which the calendar says nothing; ``Calendar.covered`` tells which days can be asked for.
    """
    if (last - first).days >= SPAN_DAYS_MAX:
        raise SpanTooLong(first, last, days_max=SPAN_DAYS_MAX)
    days = map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
    return tuple((day, calendar.state_of(day)) for day in days)
