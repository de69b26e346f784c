"""Works out where the candidates of a rule take place, many days at a time.

It says what ``calendars.resolve`` says about each candidate, and leaves to it whatever comes
near the edge of the calendar. A candidate whose move runs out of the calendar is unresolved,
with the calendar's refusal as its reason: it is reported, and its neighbours still run.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple, Self

from jobnet.calendars import (
    Calendar,
    ClosedDayPolicy,
    DayRule,
    ResolutionEnd,
    is_candidate,
    resolve,
)
from jobnet.calendars.calendar import SEARCH_DAYS_MAX
from jobnet.calendars.candidate_days import CandidateDays
from jobnet.calendars.resolution import candidate_step
from jobnet.errors.calendars import CalendarEnds, HolidaysUnknown, SpanTooLong

REACH_DAYS_MAX = 16_384

_REACH_DAYS_FIRST = 32
_OFFSET_DAYS_EACH = 3
_STEPS_KEPT_MAX = 8_192
_SPANS_KEPT_MAX = 128
_RESOLVED, _SKIPPED = ResolutionEnd.RESOLVED, ResolutionEnd.SKIPPED
_UNRESOLVED = ResolutionEnd.UNRESOLVED


class Way(NamedTuple):
    """Where a candidate goes, as ordinals; ``day`` is None unless it was resolved."""

    candidate: int
    day: int | None
    end: ResolutionEnd


class _Span(NamedTuple):
    """The open days from low to high, and between which days candidates could lead here."""

    low: int
    high: int
    opened: Sequence[int]
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """A calendar as a key: the same object, since equal ones would be long to compare."""

    calendar: Calendar

    def __hash__(self) -> int:
        return id(self.calendar)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.calendar is other.calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDays:
    """The days of one rule on one calendar."""

    rule: DayRule
    calendar: Calendar
    candidates: Callable[[int, int], Sequence[int]]
    known: range
    askable: range
    same: "_Same"

    @classmethod
    def of(
        cls,
        rule: DayRule,
        calendar: Calendar,
        candidates: Callable[[int, int], Sequence[int]] | None = None,
    ) -> Self:
        """Return the days of a rule; ``candidates`` stands for those that its word names."""
        found = candidates or CandidateDays(rule, calendar).between
        return cls(
            rule=rule,
            calendar=calendar,
            candidates=found,
            known=known_days(calendar),
            askable=_askable_days(rule, calendar),
            same=_Same(calendar),
        )

    def ways(self, first: int, last: int) -> list[Way]:
        """Return the ways to these days, and those of candidates among them that lead nowhere.

        The days are inside the calendar; they come in the order of the days that they lead to.
        """
        if not self.moves:
            return self._standing(first, last)
        span = self._span(first, last)
        found = [self._moved(one, span) for one in self.candidates(span.first, span.last)]
        kept = [way for way in found if first <= _place(way) <= last]
        kept.sort(key=_place)
        return kept

    def days(self, first: int, last: int) -> Sequence[int]:
        """Return the days of the ways, without how they came about; ascending, perhaps twice."""
        rule = self.rule
        if rule.policy is ClosedDayPolicy.RUN and not rule.offset_open_days:
            return self.candidates(*self._cut(first, last))
        span = self._span(first, last) if self._only_shifts else None
        if span is None or span.first < span.low or span.last > span.high:
            return [way.day for way in self.ways(first, last) if way.day is not None]
        opened, most = span.opened, rule.max_shift
        candidates = self.candidates(span.first, span.last)
        if rule.policy is ClosedDayPolicy.PREVIOUS:
            far = span.low - most - 1
            places = [bisect_right(opened, one) for one in candidates]
            nearest = [opened[place - 1] if place else far for place in places]
        else:
            far, count = span.high + most + 1, len(opened)
            places = [bisect_left(opened, one) for one in candidates]
            nearest = [opened[place] if place < count else far for place in places]
        pairs = zip(candidates, nearest, strict=True)
        found = [day for one, day in pairs if -most <= day - one <= most]
        return found[bisect_left(found, first) : bisect_right(found, last)]

    def certain(self) -> range:
        """Return the days of which the rule can be told for certain, as ordinals.

        A candidate inside the calendar that has to look outside is unresolved, on its own day.
        """
        return range(self._certain_from(self.askable), self._certain_until(self.askable) + 1)

    def steps(self, way: Way) -> tuple[str, ...]:
        """Return the sentences of a way, the first one about its candidate."""
        first = _first_step(self.same, way.candidate)
        if way.day == way.candidate and not self.rule.offset_open_days:
            return (first,)
        try:
            return resolve(self.rule, date.fromordinal(way.candidate), self.calendar).steps
        except (CalendarEnds, HolidaysUnknown) as error:
            return (first, f"unresolved: {error}")

    def way_of(self, candidate: int) -> Way:
        """Return where one candidate goes, wherever that is."""
        return self._resolved(candidate)

    @property
    def _only_shifts(self) -> bool:
        policy = self.rule.policy
        is_shifted = policy in (ClosedDayPolicy.PREVIOUS, ClosedDayPolicy.NEXT)
        return is_shifted and not self.rule.offset_open_days

    @property
    def moves(self) -> bool:
        """Whether a candidate may take place on another day."""
        policy = self.rule.policy
        is_shifted = policy in (ClosedDayPolicy.PREVIOUS, ClosedDayPolicy.NEXT)
        return is_shifted or self.rule.offset_open_days != 0

    def _standing(self, first: int, last: int) -> list[Way]:
        candidates = self.candidates(*self._cut(first, last))
        if self.rule.policy is ClosedDayPolicy.RUN:
            return [Way(one, one, _RESOLVED) for one in candidates]
        opened = frozenset(_open_days(self.same, first, last)) if candidates else frozenset()
        return [
            Way(one, one, _RESOLVED) if one in opened else Way(one, None, _SKIPPED)
            for one in candidates
        ]

    def _moved(self, one: int, span: _Span) -> Way:
        """Return where one candidate goes; whatever the span does not show is resolved alone."""
        rule, opened = self.rule, span.opened
        if not span.low <= one <= span.high or span.high - span.low > SEARCH_DAYS_MAX:
            return self._resolved(one)
        place = bisect_left(opened, one)
        day = one
        if rule.policy is not ClosedDayPolicy.RUN and opened[place : place + 1] != (one,):
            if rule.policy is ClosedDayPolicy.SKIP:
                return Way(one, None, _SKIPPED)
            place -= rule.policy is ClosedDayPolicy.PREVIOUS
            if not 0 <= place < len(opened) or abs(opened[place] - one) > rule.max_shift:
                return self._resolved(one)
            day = opened[place]
        if offset := rule.offset_open_days:
            place = bisect_right(opened, day) - 1 if offset > 0 else bisect_left(opened, day)
            if not 0 <= place + offset < len(opened):
                return self._resolved(one)
            day = opened[place + offset]
        return Way(one, day, _RESOLVED)

    def _resolved(self, one: int) -> Way:
        try:
            found = resolve(self.rule, date.fromordinal(one), self.calendar)
        except (CalendarEnds, HolidaysUnknown):
            return Way(one, None, _UNRESOLVED)
        return Way(one, found.day.toordinal() if found.day else None, found.end)

    def _span(self, first: int, last: int) -> _Span:
        """Return the open days around these, as far as the offset may have come or gone."""
        rule, known, offset = self.rule, self.known, self.rule.offset_open_days
        shift = rule.max_shift if rule.policy is not ClosedDayPolicy.RUN else 0
        reach = _REACH_DAYS_FIRST + shift + _OFFSET_DAYS_EACH * abs(offset)
        while True:
            low, high = max(known.start, first - reach), min(known.stop - 1, last + reach)
            opened = _open_days(self.same, low, high)
            begin = bisect_left(opened, first) - offset - 1 if offset > 0 else None
            end = bisect_right(opened, last) - offset if offset < 0 else None
            is_short = (begin is not None and begin < 0 and low > known.start) or (
                end is not None and end >= len(opened) and high < known.stop - 1
            )
            if not is_short or reach >= REACH_DAYS_MAX:
                break
            reach = min(reach * 4, REACH_DAYS_MAX)
        from_day = first if begin is None else low if begin < 0 else opened[begin]
        to_day = last if end is None else high if end >= len(opened) else opened[end]
        from_day -= shift if rule.policy is ClosedDayPolicy.NEXT else 0
        to_day += shift if rule.policy is ClosedDayPolicy.PREVIOUS else 0
        return _Span(low, high, opened, *self._cut(from_day, to_day))

    def _cut(self, first: int, last: int) -> tuple[int, int]:
        return max(first, self.askable.start), min(last, self.askable.stop - 1)

    def _certain_until(self, edge: range) -> int:
        last = edge.stop - 1
        if last == date.max.toordinal():
            return last
        offset, policy = self.rule.offset_open_days, self.rule.policy
        if policy is not ClosedDayPolicy.PREVIOUS and offset >= 0:
            return last
        beyond = min(last + self._reach(), date.max.toordinal())
        if not self._names_one_of(edge.stop, beyond):
            return last
        opened = _open_days(self.same, max(edge.start, last - REACH_DAYS_MAX), edge.stop - 1)
        place = len(opened) - 1 - max(0, -offset)
        return min(last, opened[place] - 1 if place >= 0 else edge.start - 1)

    def _certain_from(self, edge: range) -> int:
        first = edge.start
        if first == date.min.toordinal():
            return first
        offset, policy = self.rule.offset_open_days, self.rule.policy
        if policy is not ClosedDayPolicy.NEXT and offset <= 0:
            return first
        before = max(edge.start - self._reach(), date.min.toordinal())
        if not self._names_one_of(before, edge.start - 1):
            return first
        opened = _open_days(self.same, edge.start, min(edge.stop - 1, first + REACH_DAYS_MAX))
        place = max(0, offset)
        return max(first, opened[place] + 1 if place < len(opened) else edge.stop)

    def _reach(self) -> int:
        return self.rule.max_shift + 2 * abs(self.rule.offset_open_days)

    def _names_one_of(self, first: int, last: int) -> bool:
        try:
            return bool(self.candidates(first, last))
        except (CalendarEnds, HolidaysUnknown, SpanTooLong):
            return True  # nobody can say that it does not


def known_days(calendar: Calendar) -> range:
    """Return the days about which a calendar can say something, as ordinals."""
    first, last = calendar.source.known
    begin, end = max(first, calendar.valid_from or first), min(last, calendar.valid_to or last)
    return range(begin.toordinal(), end.toordinal() + 1)


def _askable_days(rule: DayRule, calendar: Calendar) -> range:
    """Return the days about which it can be said whether the rule names them.

    The last open day of a month is not known while a part of the month is not.
    """
    known = known_days(calendar)
    first, last = known.start, known.stop - 1
    if rule.nth_open_day or rule.nth_closed_day:
        for edge in (first, last):
            month = calendar.days_of(calendar.month_of(date.fromordinal(edge)))
            if month.start >= known.start and month.stop <= known.stop:
                continue
            asked = [one for one in month if one in known]
            dark = [one for one in asked if not _can_be_asked(rule, one, calendar)]
            if edge == first:
                first = max([first, *(one + 1 for one in dark)])
            else:
                last = min([last, *(one - 1 for one in dark)])
    return range(first, last + 1)


def _can_be_asked(rule: DayRule, ordinal: int, calendar: Calendar) -> bool:
    try:
        is_candidate(rule, date.fromordinal(ordinal), calendar)
    except (CalendarEnds, HolidaysUnknown):
        return False
    return True


@lru_cache(maxsize=_SPANS_KEPT_MAX)
def _open_days(same: _Same, first: int, last: int) -> tuple[int, ...]:
    """Return the open days of a span; the schedules of a calendar are asked for the same spans."""
    return same.calendar.open_ordinals(date.fromordinal(first), date.fromordinal(last))


@lru_cache(maxsize=_STEPS_KEPT_MAX)
def _first_step(same: _Same, candidate: int) -> str:
    """Return the sentence about a candidate; the rules of a calendar share it."""
    return candidate_step(date.fromordinal(candidate), same.calendar)


def _place(way: Way) -> int:
    return way.candidate if way.day is None else way.day
