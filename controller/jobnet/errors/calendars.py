"""Names what can be wrong with clock times, durations, zones, calendars and day rules.

Facts are attributes, so that a problem list or a REST answer can quote them; days and
names are already text or dates, never objects of the calendars package.
"""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from jobnet.errors import ControllerError

_QUOTED_MAX = 60


def _quoted(text: str) -> str:
    """Return the text in quotes, cut where it would fill a screen."""
    return repr(text if len(text) <= _QUOTED_MAX else text[:_QUOTED_MAX] + "...")


def _nearest(near: Sequence[str], otherwise: str) -> str:
    return f"Did you mean {' or '.join(near)}?" if near else otherwise


class ClockTimeRefused(ControllerError):
    """A text that is no clock time of an operating day."""

    code: ClassVar[str] = "clock_time_refused"

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"{_quoted(text)} is no clock time; write hours and minutes of the operating day"
            ' from "00:00" to "47:59", such as "22:00" or "25:30".'
        )


class DurationRefused(ControllerError):
    """A text that is no duration."""

    code: ClassVar[str] = "duration_refused"

    def __init__(self, text: str, *, days_max: int) -> None:
        self.text = text
        self.days_max = days_max
        super().__init__(
            f"{_quoted(text)} is no duration; write whole numbers with d, h, m or s, the longest"
            f' first, such as "90s", "10m" or "1h30m", and at most {days_max} days.'
        )


class MonthDayRefused(ControllerError):
    """A text that is no day of a month."""

    code: ClassVar[str] = "month_day_refused"

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"{_quoted(text)} is no day of a month; write a number from 1 to 31, last, or"
            " last-1 to last-30."
        )


class ZoneUnknown(ControllerError):
    """A time zone that the zone data does not have."""

    code: ClassVar[str] = "zone_unknown"

    def __init__(self, zone: str, *, near: Sequence[str]) -> None:
        self.zone = zone
        self.near = tuple(near)
        advice = _nearest(near, "Use an IANA name such as Asia/Tokyo or Europe/Berlin.")
        super().__init__(f"There is no time zone {_quoted(zone)}. {advice}")


class InstantOutOfRange(ControllerError):
    """A clock time or an instant that lies before year 1 or after year 9999."""

    code: ClassVar[str] = "instant_out_of_range"

    def __init__(self, what: str, *, zone: str) -> None:
        self.what = what
        self.zone = zone
        super().__init__(
            f"{what} in {zone} falls outside the years 1 to 9999; choose a day inside them."
        )


class CalendarUnknown(ControllerError):
    """A calendar extends one that nobody defined, or is derived from it."""

    code: ClassVar[str] = "calendar_unknown"

    def __init__(
        self, calendar: str, *, extended_by: str, near: Sequence[str], word: str = "extends"
    ) -> None:
        self.calendar = calendar
        self.extended_by = extended_by
        self.near = tuple(near)
        self.word = word
        advice = _nearest(near, f"Define it, or remove it from `{word}`.")
        super().__init__(
            f"Calendar {extended_by!r} needs {_quoted(calendar)} (`{word}`), which is not defined."
            f" {advice}"
        )


class CalendarCycle(ControllerError):
    """Calendars that extend each other, or are derived from each other, in a circle."""

    code: ClassVar[str] = "calendar_cycle"

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(
            f"These calendars need each other in a circle: {' > '.join(names)};"
            " take one of these names out of the calendar before it."
        )


class CalendarTooDeep(ControllerError):
    """Calendars that need each other over more steps than anybody can follow."""

    code: ClassVar[str] = "calendar_too_deep"

    def __init__(self, calendar: str, *, ancestors_max: int) -> None:
        self.calendar = calendar
        self.ancestors_max = ancestors_max
        super().__init__(
            f"Calendar {calendar!r} needs more than {ancestors_max} calendars one after the"
            " other; name one of the outer ones directly."
        )


class CalendarRefused(ControllerError):
    """One field of a calendar that contradicts itself or has an impossible value."""

    code: ClassVar[str] = "calendar_refused"

    def __init__(self, calendar: str, *, field: str, problem: str) -> None:
        self.calendar = calendar
        self.field = field
        self.problem = problem
        super().__init__(f"Calendar {calendar!r}, {field}: {problem}")


class CalendarIncomplete(ControllerError):
    """A calendar that leaves ordinary days neither open nor closed."""

    code: ClassVar[str] = "calendar_incomplete"

    def __init__(self, calendar: str) -> None:
        self.calendar = calendar
        super().__init__(
            f"Calendar {calendar!r} does not say which weekdays are open; add"
            " `week: {open: [...]}` or extend a calendar that has it."
        )


class CalendarEnds(ControllerError):
    """A day for which a calendar says nothing, because its validity ends before it."""

    code: ClassVar[str] = "calendar_ends"

    def __init__(
        self, calendar: str, *, day: date, valid_from: date | None, valid_to: date | None
    ) -> None:
        self.calendar = calendar
        self.day = day
        self.valid_from = valid_from
        self.valid_to = valid_to
        since = f"from {valid_from} " if valid_from else ""
        until = f"to {valid_to} " if valid_to else ""
        super().__init__(
            f"Calendar {calendar!r} is valid {since}{until}and says nothing about {day};"
            " extend its `valid` range."
        )


class NoOpenDay(ControllerError):
    """A search for an open (or closed) day that found none within its bound."""

    code: ClassVar[str] = "no_open_day"

    def __init__(self, calendar: str, *, day: date, direction: str, days_max: int) -> None:
        self.calendar = calendar
        self.day = day
        self.direction = direction
        self.days_max = days_max
        super().__init__(
            f"Calendar {calendar!r} has no open day within {days_max} days {direction} {day};"
            " open some day in its week, months or days."
        )


class SpanTooLong(ControllerError):
    """A question about more days than one answer may hold."""

    code: ClassVar[str] = "span_too_long"

    def __init__(self, first: date, last: date, *, days_max: int) -> None:
        self.first = first
        self.last = last
        self.days_max = days_max
        super().__init__(
            f"{first} to {last} is longer than {days_max} days; ask for a shorter span."
        )


class CountryUnknown(ControllerError):
    """A country whose national holidays nobody listed."""

    code: ClassVar[str] = "country_unknown"

    def __init__(self, country: str, *, near: Sequence[str]) -> None:
        self.country = country
        self.near = tuple(near)
        advice = _nearest(near, "Use an ISO 3166 code such as JP, DE or US.")
        super().__init__(f"There are no national holidays for country {_quoted(country)}. {advice}")


class SubdivisionUnknown(ControllerError):
    """A subdivision that its country does not have."""

    code: ClassVar[str] = "subdivision_unknown"

    def __init__(self, subdivision: str, *, country: str, near: Sequence[str]) -> None:
        self.subdivision = subdivision
        self.country = country
        self.near = tuple(near)
        advice = _nearest(near, "Leave `subdivision` out for the whole country.")
        super().__init__(
            f"Country {country} has no subdivision {_quoted(subdivision)} with its own holidays."
            f" {advice}"
        )


class HolidaysUnknown(ControllerError):
    """A year for which the national holidays of a country are not known."""

    code: ClassVar[str] = "holidays_unknown"

    def __init__(self, country: str, *, year: int, first_year: int, last_year: int) -> None:
        self.country = country
        self.year = year
        self.first_year = first_year
        self.last_year = last_year
        super().__init__(
            f"The national holidays of {country} are known for {first_year} to {last_year}, not for"
            f" {year}; end the calendar before that with `valid`, or list the days under `days`."
        )


class DayNumberRefused(ControllerError):
    """An n-th day of a month that no month can have."""

    code: ClassVar[str] = "day_number_refused"

    def __init__(self, number: int, *, word: str, number_max: int) -> None:
        self.number = number
        self.word = word
        self.number_max = number_max
        shown = str(number) if abs(number) < 10**_QUOTED_MAX else "this number"
        super().__init__(
            f"{word}: {shown} is no position in a month; write 1 to {number_max} from its"
            f" start, or -1 to -{number_max} from its end."
        )


class DayRuleRefused(ControllerError):
    """A day rule whose words do not go together."""

    code: ClassVar[str] = "day_rule_refused"

    def __init__(self, word: str, *, problem: str) -> None:
        self.word = word
        self.problem = problem
        super().__init__(f"Day rule, {word}: {problem}")


class TableUnreadable(ControllerError):
    """A pinned day table that this version cannot read."""

    code: ClassVar[str] = "day_table_unreadable"

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(
            f"The pinned day table of a calendar cannot be read: {problem}. Rerun with the current"
            " definition to pin it anew."
        )


class HolidayListUnreadable(ControllerError):
    """A kept list of holidays that this version cannot read."""

    code: ClassVar[str] = "holiday_list_unreadable"

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(
            f"The kept list of a calendar's holidays cannot be read: {problem}. Keep a new one;"
            " what the library has changed since the old one then stays untold."
        )


class IcsRefused(ControllerError):
    """An iCalendar text that cannot be read as days."""

    code: ClassVar[str] = "ics_refused"

    def __init__(self, problem: str, line: int | None = None) -> None:
        self.problem = problem
        self.line = line
        where = "" if line is None else f", line {line}"
        super().__init__(f"iCalendar text{where}: {problem}. Nothing was imported.")
