"""Pins a calendar as a table of days, and makes a calendar of such a table again.

A run keeps the calendars that it began with. The table is plain data for the journal: one
character per day, and why each day is what it is as runs of equal reasons. It holds a window
of years, not a whole calendar; a day outside the window is refused as outside the validity.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from jobnet.calendars.calendar import Calendar
from jobnet.calendars.clock import parse_clock_time
from jobnet.calendars.days import DayState, DayVerdict, Layer
from jobnet.calendars.months import MONTH_STARTS_ON_MAX
from jobnet.errors import ControllerError
from jobnet.errors.calendars import CalendarEnds, SpanTooLong, TableUnreadable

TABLE_VERSION = 1
TABLE_DAYS_MAX = 7320  # twenty years

_YEARS_BACK = 1
_YEARS_AHEAD = 2
_STATES = {"1": DayState.OPEN, "0": DayState.CLOSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedDays:
    """A day source of one verdict per day, beginning with ``first``."""

    first: date
    verdicts: tuple[DayVerdict, ...]

    @property
    def known(self) -> tuple[date, date]:
        """The days of the table."""
        return self.first, date.fromordinal(self.first.toordinal() + len(self.verdicts) - 1)

    def verdict(self, day: date) -> DayVerdict:
        """Return what the table says about the day."""
        place = day.toordinal() - self.first.toordinal()
        assert 0 <= place < len(self.verdicts), "the calendar's validity is that of its table"
        return self.verdicts[place]


def pinned_window(day: date) -> tuple[date, date]:
    """Return the days that a run of this operating day may ask about: a year back, two ahead."""
    first = max(day.year - _YEARS_BACK, date.min.year)
    last = min(day.year + _YEARS_AHEAD, date.max.year)
    return date(first, 1, 1), date(last, 12, 31)


def to_table(calendar: Calendar, *, first: date, last: date) -> dict[str, object]:
    """Return the calendar from first to last as JSON-able data, cut to the days it knows."""
    known_first, known_last = calendar.source.known
    begin = max(first, known_first, calendar.valid_from or date.min)
    end = min(last, known_last, calendar.valid_to or date.max)
    if begin > end:
        raise CalendarEnds(calendar.name, day=first, valid_from=begin, valid_to=end)
    if (end - begin).days >= TABLE_DAYS_MAX:
        raise SpanTooLong(begin, end, days_max=TABLE_DAYS_MAX)
    ordinals = range(begin.toordinal(), end.toordinal() + 1)
    verdicts = [calendar.state_of(date.fromordinal(ordinal)) for ordinal in ordinals]
    whys = [[verdict.layer.value, verdict.calendar, verdict.detail] for verdict in verdicts]
    return {
        "version": TABLE_VERSION,
        "name": calendar.name,
        "zone": calendar.zone,
        "base_time": str(calendar.base_time),
        "month_starts_on": calendar.month_starts_on,
        "first": begin.isoformat(),
        "open": "".join("1" if verdict.is_open else "0" for verdict in verdicts),
        "why": [[len(list(run)), *why] for why, run in groupby(whys)],
    }


def from_table(table: Mapping[str, object]) -> Calendar:
    """Return a calendar that answers as the pinned one did, within the table's window."""
    if table.get("version") != TABLE_VERSION:
        raise TableUnreadable(f"its version is {table.get('version')!r}, not {TABLE_VERSION}")
    try:
        return _read(table)
    except (KeyError, TypeError, ValueError, OverflowError, ControllerError) as error:
        raise TableUnreadable(f"{type(error).__name__}: {error}"[:200]) from error


def _read(table: Mapping[str, object]) -> Calendar:
    zone = table["zone"]
    source = PinnedDays(
        first=date.fromisoformat(_text(table["first"])),
        verdicts=_verdicts(_text(table["open"]), table["why"]),
    )
    first, last = source.known
    return Calendar(
        name=_text(table["name"]),
        source=source,
        zone=None if zone is None else _text(zone),
        base_time=parse_clock_time(_text(table["base_time"])),
        month_starts_on=_month_start(table["month_starts_on"]),
        valid_from=first,
        valid_to=last,
    )


def _verdicts(states: str, whys: object) -> tuple[DayVerdict, ...]:
    if not 0 < len(states) <= TABLE_DAYS_MAX or not isinstance(whys, list):
        raise ValueError(f"it has {len(states)} days, or no reasons")
    made: list[DayVerdict] = []
    for count, layer, calendar, detail in whys:
        run = states[len(made) : len(made) + _number(count)]
        known = {
            state: DayVerdict(
                state=_STATES[state],
                layer=Layer(layer),
                calendar=_text(calendar),
                detail=_text(detail),
            )
            for state in sorted(set(run))
        }
        made.extend(known[state] for state in run)
    if len(made) != len(states):
        raise ValueError(f"it has {len(states)} days and reasons for {len(made)}")
    return tuple(made)


def _month_start(value: object) -> int:
    number = _number(value)
    if not 1 <= number <= MONTH_STARTS_ON_MAX:
        raise ValueError(f"no month starts on {number}")
    return number


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _number(value: object) -> int:
    if type(value) is not int or value < 0:
        raise TypeError(f"{value!r} is no count")
    return value
