"""Reads the events of an iCalendar text as whole days of the wall.

An event counts for the days that it covers from midnight to midnight: a holiday list is made of
such events. What lasts a part of a day is left out and told. A time of UTC becomes a wall time of
the zone asked for; any other time stays the wall time that its text has, whatever its TZID says.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from jobnet.calendars.days import DayState
from jobnet.calendars.ics_lines import ContentLine, read_lines
from jobnet.errors.calendars import IcsRefused

EVENTS_MAX = 20_000
NESTED_MAX = 8
EXCEPTIONS_MAX = 10_000

_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?", re.ASCII)
_DURATION = re.compile(
    r"\+?P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?",
    re.ASCII,
)
_UNTIL = re.compile(r"(UNTIL=)(\d{8}T\d{6}Z)", re.ASCII | re.IGNORECASE)
_EVENT = ["VCALENDAR", "VEVENT"]
_DAY_SECONDS = 86_400
_SECOND_MAX = 59  # a leap second is the second before it


@dataclass(frozen=True, slots=True, kw_only=True)
class IcsEvent:
    """One event. ``start`` is a wall time; the first of its whole days is ``lead`` days later.

    ``rules`` are RRULE values without UTC; ``extra`` and ``without`` are starts.
    """

    uid: str
    start: datetime
    lead: int
    whole_days: int
    summary: str
    categories: frozenset[str]
    state: DayState | None
    line: int
    rules: tuple[str, ...]
    extra: frozenset[datetime]
    without: frozenset[datetime]
    replaces: datetime | None
    is_cancelled: bool

    def leaving(self, starts: frozenset[datetime]) -> "IcsEvent":
        """Return the event without some of its starts."""
        return replace(self, without=self.without | starts)


def read_events(text: str, *, zone: ZoneInfo) -> tuple[tuple[IcsEvent, ...], tuple[str, ...]]:
    """Return the events of a text in its order, and sentences on those that cannot be used."""
    events: list[IcsEvent] = []
    left_out: list[str] = []
    for count, lines in enumerate(_event_lines(text), start=1):
        if count > EVENTS_MAX:
            raise IcsRefused(f"it has more than {EVENTS_MAX} events; import a part of it")
        if not lines or not any(line.name == "DTSTART" for line in lines):
            left_out.append("An event without a start was left out.")
            continue
        events.append(_Lines(lines=tuple(lines), zone=zone).event())
    return tuple(events), tuple(left_out)


def _event_lines(text: str) -> Iterator[list[ContentLine]]:
    """Yield the lines of each event, without those of its alarms."""
    within: list[str] = []
    found: list[ContentLine] = []
    number = 0
    for line in read_lines(text):
        number = line.number
        if line.name in {"BEGIN", "END"}:
            was_event = within == _EVENT
            _nest(within, line)
            if was_event and within == _EVENT[:1]:
                yield found
                found = []
        elif not within:
            raise _no_calendar(line)
        elif within == _EVENT:
            found.append(line)
    if within or not number:
        where = f"within {within[-1][:40]}" if within else "before it begins"
        raise IcsRefused(f"it ends {where}; the file was cut off")


def _nest(within: list[str], line: ContentLine) -> None:
    """Go into a component or out of it."""
    name = line.value.strip().upper()
    if line.name == "END":
        if not within or within.pop() != name:
            raise IcsRefused(f"END:{name[:40]} has no BEGIN before it", line.number)
        return
    if not within and name != _EVENT[0]:
        raise _no_calendar(line)
    within.append(name)
    if len(within) > NESTED_MAX:
        raise IcsRefused(f"more than {NESTED_MAX} BEGIN stand in each other", line.number)


def _no_calendar(line: ContentLine) -> IcsRefused:
    problem = "BEGIN:VCALENDAR does not stand before it; this is no iCalendar text"
    return IcsRefused(problem, line.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lines:
    """The lines of one event and the zone into which UTC goes."""

    lines: tuple[ContentLine, ...]
    zone: ZoneInfo

    def event(self) -> IcsEvent:
        """Return the event; everything in it that is malformed is refused."""
        start_line = self._only("DTSTART")
        assert start_line is not None, "asked before"
        start, is_date = self._moment(start_line.value, start_line)
        replaced = self._only("RECURRENCE-ID")
        return IcsEvent(
            uid=self._text("UID"),
            start=start,
            lead=int(start.time() > time.min),
            whole_days=self._whole_days(start, is_date=is_date),
            summary=" ".join(self._text("SUMMARY").split()),
            categories=frozenset(
                text.casefold() for line in self._all("CATEGORIES") for text in line.texts
            ),
            state=self._state(),
            line=start_line.number,
            rules=tuple(self._without_utc(line) for line in self._all("RRULE")),
            extra=self._moments("RDATE"),
            without=self._moments("EXDATE"),
            replaces=None if replaced is None else self._moment(replaced.value, replaced)[0],
            is_cancelled=self._text("STATUS").upper() == "CANCELLED",
        )

    def _all(self, name: str) -> Sequence[ContentLine]:
        return [line for line in self.lines if line.name == name]

    def _only(self, name: str) -> ContentLine | None:
        found = self._all(name)
        if len(found) > 1:
            raise IcsRefused(f"{name} stands twice in one event", found[1].number)
        return found[0] if found else None

    def _text(self, name: str) -> str:
        found = self._all(name)
        return found[0].text.strip() if found else ""

    def _state(self) -> DayState | None:
        line = self._only("X-JOBNET-STATE")
        if line is None:
            return None
        try:
            return DayState(line.value.strip().lower())
        except ValueError as error:
            raise IcsRefused("X-JOBNET-STATE is neither OPEN nor CLOSED", line.number) from error

    def _whole_days(self, start: datetime, *, is_date: bool) -> int:
        """Return how many days it covers from midnight to midnight; a date is one at least."""
        end_line, duration_line = self._only("DTEND"), self._only("DURATION")
        begin = _seconds(start)
        end = begin + _DAY_SECONDS * is_date
        if end_line is not None:
            end = _seconds(self._moment(end_line.value, end_line)[0])
        elif duration_line is not None:
            end = begin + _duration(duration_line)
        days = end // _DAY_SECONDS - -(-begin // _DAY_SECONDS)
        return max(days, int(is_date))

    def _moments(self, name: str) -> frozenset[datetime]:
        """Return the starts of a list; of periods only their starts count."""
        found = [
            self._moment(value.partition("/")[0], line)[0]
            for line in self._all(name)
            for value in line.value.split(",")
        ]
        if len(found) > EXCEPTIONS_MAX:
            number = self._all(name)[0].number
            raise IcsRefused(f"{name} has more than {EXCEPTIONS_MAX} times", number)
        return frozenset(found)

    def _without_utc(self, line: ContentLine) -> str:
        def wall(match: re.Match[str]) -> str:
            return f"{match[1]}{self._moment(match[2], line)[0]:%Y%m%dT%H%M%S}"

        return _UNTIL.sub(wall, line.value.strip())

    def _moment(self, value: str, line: ContentLine) -> tuple[datetime, bool]:
        """Return a wall time, and whether the text is a date alone."""
        match = _MOMENT.fullmatch(value.strip().upper())
        if match is None:
            raise IcsRefused(f"{value[:40]!r} is no date and no time", line.number)
        year, month, day, hour, minute, second = (int(one or 0) for one in match.groups()[:6])
        try:
            moment = datetime(  # noqa: DTZ001 - a wall time
                year, month, day, hour, minute, min(second, _SECOND_MAX)
            )
            if match[7]:
                moment = moment.replace(tzinfo=UTC).astimezone(self.zone).replace(tzinfo=None)
        except (ValueError, OverflowError) as error:
            raise IcsRefused(f"{value[:40]!r} is no date and no time", line.number) from error
        return moment, match[4] is None


def _seconds(wall: datetime) -> int:
    return wall.toordinal() * _DAY_SECONDS + (wall.hour * 60 + wall.minute) * 60 + wall.second


def _duration(line: ContentLine) -> int:
    match = _DURATION.fullmatch(line.value.strip().upper())
    if match is None:
        raise IcsRefused(f"{line.value[:40]!r} is no duration", line.number)
    weeks, days, hours, minutes, seconds = (int(one or 0) for one in match.groups())
    return (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds
