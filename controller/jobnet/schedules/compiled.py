"""Answers what is asked of a schedule: its starts in a span, the next ones, why this day.

Asked twice it answers the same. Operating days outside the schedule's own validity have no
start, and that is all. Operating days of which a calendar says nothing are refused: what is
known comes first, and then ``CalendarEnds``; ``known_until`` tells before.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import NoReturn
from zoneinfo import ZoneInfo

from jobnet.calendars import Calendar, operating_day_of
from jobnet.errors.calendars import CalendarEnds
from jobnet.schedules.absences import Absences
from jobnet.schedules.definition import ScheduleDefinition
from jobnet.schedules.explanation import DayExplanation, explain_rule
from jobnet.schedules.occurrence import Occurrence, OccurrenceEnd, OccurrenceKey
from jobnet.schedules.planning import CompiledRule, Plan, Window
from jobnet.schedules.start_seconds import rule_seconds
from jobnet.schedules.wall_clock import POSIX_EPOCH
from jobnet.schedules.ways import known_days

SEARCH_DAYS_MAX = 14_640  # forty years: a 29 February that is a Monday, across 2100

_CHUNK_DAYS = 92
_SEARCH_CHUNK_DAYS = 366
_COLUMN_DAYS = 2_928
_COLUMN_DAYS_WITHOUT_OFFSET = 14_640
_WALL_DAYS_MAX = 3  # a start lies less than three days of UTC after its operating day's date
_A_MOMENT = timedelta(microseconds=1)
_MONTH_DAYS_MAX = 62
_FIRST_INSTANT = datetime.min.replace(tzinfo=UTC)
_LAST_INSTANT = datetime.max.replace(tzinfo=UTC)
_FIRST_DAY, _LAST_DAY = date.min.toordinal(), date.max.toordinal()


class CompiledSchedule:
    """A schedule with its calendars and zones; made by ``compile_schedule``."""

    def __init__(
        self,
        definition: ScheduleDefinition,
        *,
        calendar: Calendar,
        zones: Mapping[str, ZoneInfo],
        rules: tuple[CompiledRule, ...],
        absences: Absences,
    ) -> None:
        self.definition = definition
        self.calendar = calendar
        self.zones = zones
        self._rules = rules
        self._absences = absences
        self._plan = Plan(
            schedule=definition.name,
            zones=tuple(zones.items()),
            rules=rules,
            absences=absences,
            summer_time=definition.summer_time,
        )
        first, last = definition.valid_from or date.min, definition.valid_to or date.max
        self._valid = range(first.toordinal(), last.toordinal() + 1)

    def occurrences(self, first: date, last: date) -> Iterator[Occurrence]:
        """Yield every start of these operating days, and whatever does not start, with why.

        They come in the order of operating day, instant and network; what has no instant comes
        first in its day. What does not take place is told once for each time that is written,
        once for a repetition, and on the day of its candidate.
        """
        begin = max(first.toordinal(), self._valid.start)
        end = min(last.toordinal(), self._valid.stop - 1)
        if begin > end or not self._rules:
            return
        known = self._known_for(begin, end)
        if begin not in known:
            self._refuse(begin)
        for low, high in _chunks(begin, min(end, known.stop - 1), _CHUNK_DAYS):
            yield from self._plan.occurrences(low, high)
        if end >= known.stop:
            self._refuse(known.stop)

    def starts(self, first: datetime, last: datetime) -> Iterator[Occurrence]:
        """Yield the planned starts from an instant to before another, by instant and key."""
        days = self._operating_days(first, last)
        if days is None or first >= last:
            return
        known = self._known_for(*days)
        begin, end = max(days[0], known.start), min(days[1], known.stop - 1)
        valid = self._valid
        if begin > days[0] and max(min(self._days_at(first)), valid.start) < known.start:
            self._refuse(days[0])
        yield from self._by_instant(_chunks(begin, end, _CHUNK_DAYS), Window(first, last))
        if end < days[1]:
            wanted = min(max(self._days_at(last - _A_MOMENT)), valid.stop - 1)
            if wanted >= known.stop:
                self._refuse(known.stop)

    def next_starts(self, after: datetime, count: int) -> tuple[Occurrence, ...]:
        """Return the next planned starts after an instant, by instant and key.

        There are fewer where the schedule or its calendar ends, or where ``SEARCH_DAYS_MAX``
        days hold no more of them.
        """
        days = self._operating_days(after, _moved(after, days=SEARCH_DAYS_MAX))
        if days is None or count < 1:
            return ()
        known = self._known_for(*days)
        begin, end = max(days[0], known.start), min(days[1], known.stop - 1)
        found: list[Occurrence] = []
        size = _WALL_DAYS_MAX
        while begin <= end:
            enough = found[count - 1].start if len(found) >= count else None
            if enough is not None and enough < _earliest(begin):
                break
            stop = min(begin + size, end)
            found.extend(self._first_of(begin, stop, after, count))
            found.sort(key=_by_start)
            begin, size = stop + 1, min(size * 4, _SEARCH_CHUNK_DAYS)
        return tuple(found[:count])

    def start_seconds(self, first: date, last: date, *, network: str | None = None) -> list[int]:
        """Return the POSIX seconds of the planned starts of one network, the first if not named.

        It is for those who count and compare many starts and do not ask why; they stand in no
        order. Operating days and refusals are those of ``occurrences``.
        """
        begin = max(first.toordinal(), self._valid.start)
        end = min(last.toordinal(), self._valid.stop - 1)
        if begin > end or not self._rules:
            return []
        known = self._known_for(begin, end)
        if begin not in known or end not in known:
            self._refuse(begin if begin not in known else known.stop)
        zone = next(iter(self.zones.values())) if network is None else self.zones[network]
        has_offset = any(rule.days.rule.offset_open_days for rule in self._rules)
        size = _COLUMN_DAYS if has_offset else _COLUMN_DAYS_WITHOUT_OFFSET
        return [
            second
            for low, high in _chunks(begin, end, size)
            for second in rule_seconds(self._plan, zone, low, high)
        ]

    def explain(self, day: date) -> DayExplanation:
        """Return why there are the starts of this operating day, and why not more."""
        ordinal, name = day.toordinal(), self.definition.name
        if ordinal not in self._valid:
            since, until = self.definition.valid_from, self.definition.valid_to
            span = (f" from {since}" if since else "") + (f" to {until}" if until else "")
            return DayExplanation(
                schedule=name, day=day, steps=(f"the schedule is valid{span}",), rules=()
            )
        if ordinal not in self._known_for(ordinal, ordinal) and self._rules:
            self._refuse(ordinal)
        rules = tuple(explain_rule(self._plan, rule, ordinal) for rule in self._rules)
        return DayExplanation(schedule=name, day=day, steps=(), rules=rules)

    def known_until(self) -> date | None:
        """Return the last operating day that the calendars let be told; None: no end in sight."""
        last = self._known.stop - 1
        if not self._rules or last >= min(_LAST_DAY, self._valid.stop - 1):
            return None
        return date.fromordinal(max(last, _FIRST_DAY))

    def known_from(self) -> date | None:
        """Return the first operating day that the calendars let be told; None: all the past."""
        first = self._known.start
        if not self._rules or first <= max(_FIRST_DAY, self._valid.start):
            return None
        return date.fromordinal(min(first, _LAST_DAY))

    @cached_property
    def _known(self) -> range:
        ranges = [days for _, days in self._sources()]
        first = max((days.start for days in ranges), default=_FIRST_DAY)
        return range(first, min((days.stop for days in ranges), default=_LAST_DAY + 1))

    @cached_property
    def _far_from_edges(self) -> range:
        """Return days at which no edge of a calendar needs to be looked at."""
        rules = [*(rule.days for rule in self._rules), *self._absences.rule_days]
        if any(days.rule.offset_open_days for days in rules):
            return range(0)
        margin = _MONTH_DAYS_MAX + max((days.rule.max_shift for days in rules), default=0)
        edges = [known_days(one) for one in (self.calendar, *self._absences.named_calendars)]
        first = max(_margin_after(edge.start, margin) for edge in edges)
        return range(first, min(_margin_before(edge.stop, margin) for edge in edges))

    def _known_for(self, first: int, last: int) -> range:
        far = self._far_from_edges
        return far if first in far and last in far else self._known

    def _sources(self) -> Iterator[tuple[Calendar, range]]:
        for rule in self._rules:
            yield rule.days.calendar, rule.days.certain()
        yield from self._absences.known()

    def _refuse(self, ordinal: int) -> NoReturn:
        """Refuse an operating day that a calendar does not let be told."""
        for calendar, days in self._sources():
            if ordinal not in days:
                edge = known_days(calendar)
                beyond = edge.stop if ordinal >= days.stop else edge.start - 1
                day = date.fromordinal(min(max(beyond, _FIRST_DAY), _LAST_DAY))
                calendar.state_of(day)
                raise CalendarEnds(
                    calendar.name,
                    day=day,
                    valid_from=calendar.valid_from,
                    valid_to=calendar.valid_to,
                )
        raise AssertionError("a day is refused because some calendar does not know it")

    def _operating_days(self, first: datetime, last: datetime) -> tuple[int, int] | None:
        """Return the operating days whose starts may lie between two instants."""
        assert first.tzinfo is not None, "instants are aware"
        begin = max(first.date().toordinal() - _WALL_DAYS_MAX, self._valid.start)
        end = min(last.date().toordinal() + 1, self._valid.stop - 1)
        return (begin, end) if begin <= end and self._rules else None

    def _days_at(self, instant: datetime) -> list[int]:
        """Return the operating days of an instant in the zones of all networks."""
        base = self.calendar.base_time
        return [
            operating_day_of(instant, zone=zone, base_time=base).toordinal()
            for zone in self.zones.values()
        ]

    def _by_instant(
        self, chunks: Iterator[tuple[int, int]], window: Window
    ) -> Iterator[Occurrence]:
        waiting: list[Occurrence] = []
        for low, high in chunks:
            waiting.extend(_planned(self._plan.occurrences(low, high, window)))
            waiting.sort(key=_by_start)
            done = bisect_left(waiting, _earliest(high + 1), key=_instant)
            yield from waiting[:done]
            del waiting[:done]
        yield from waiting

    def _first_of(self, begin: int, end: int, after: datetime, count: int) -> list[Occurrence]:
        """Return the planned starts of these days after an instant, at least the first ones.

        Numbers are counted first, so that a day of a thousand starts is not made for one of
        them. Where summer time brings some of them together they are too few, and all are made.
        """
        border = (after - POSIX_EPOCH).total_seconds()
        later = after + _A_MOMENT
        seconds = sorted(
            second
            for zone in self.zones.values()
            for second in rule_seconds(self._plan, zone, begin, end)
            if second > border
        )
        if len(seconds) > count:
            bound = POSIX_EPOCH + timedelta(seconds=seconds[count - 1] + 1)
            found = _planned(self._plan.occurrences(begin, end, Window(later, bound)))
            if len(found) >= count:
                return found
        if not seconds:
            return []
        return _planned(self._plan.occurrences(begin, end, Window(later, _LAST_INSTANT)))


def _planned(made: list[Occurrence]) -> list[Occurrence]:
    return [one for one in made if one.end is OccurrenceEnd.PLANNED]


def _chunks(first: int, last: int, size: int) -> Iterator[tuple[int, int]]:
    for low in range(first, last + 1, size):
        yield low, min(low + size - 1, last)


def _earliest(ordinal: int) -> datetime:
    """Return an instant before which no zone has begun this date."""
    if ordinal > _LAST_DAY:
        return _LAST_INSTANT
    midnight = datetime.combine(date.fromordinal(ordinal), time(), tzinfo=UTC)
    return _moved(midnight, days=-1) if ordinal > _FIRST_DAY + 1 else _FIRST_INSTANT


def _moved(instant: datetime, *, days: int) -> datetime:
    """Return the instant so many days away, or the last one that there is."""
    try:
        return instant + timedelta(days=days)
    except OverflowError:
        return _LAST_INSTANT


def _margin_after(first: int, margin: int) -> int:
    return first if first == _FIRST_DAY else first + margin


def _margin_before(stop: int, margin: int) -> int:
    return stop if stop > _LAST_DAY else stop - margin


def _instant(one: Occurrence) -> datetime:
    assert one.start is not None, "a planned one has an instant"
    return one.start


def _by_start(one: Occurrence) -> tuple[datetime, OccurrenceKey]:
    return _instant(one), one.key
