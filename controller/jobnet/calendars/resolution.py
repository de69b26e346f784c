"""Decides on which day a rule's candidate takes place, and whether a day is such a day.

Candidate, then the closed-day policy within ``max_shift``, then the offset in open days; each
step is kept as a sentence. ``matches_day`` asks backwards: it walks only to those days from
which the steps could have led here.

At the edge of a calendar's validity the walk can run into days of which nothing is known. That
is refused only if the rule names one of them: then it might lead here, and nobody can tell.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jobnet.calendars.calendar import SEARCH_DAYS_MAX, Calendar
from jobnet.calendars.candidates import is_candidate
from jobnet.calendars.day_rule import ClosedDayPolicy, DayRule
from jobnet.calendars.days import Weekday
from jobnet.errors.calendars import CalendarEnds, HolidaysUnknown, NoOpenDay

_WEEKDAYS = tuple(weekday.name.title() for weekday in Weekday)


class ResolutionEnd(StrEnum):
    """How the way of a candidate ended."""

    RESOLVED = "resolved"
    SKIPPED = "skipped"  # closed, and the policy says skip
    UNRESOLVED = "unresolved"  # no open day within the bound; to be reported, not run


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Where a candidate went, step by step. ``day`` is None unless it was resolved."""

    candidate: date
    end: ResolutionEnd
    day: date | None
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMatch:
    """Whether a day is one of a rule's days, and the sentences that say why."""

    matches: bool
    steps: tuple[str, ...]


def resolve(rule: DayRule, candidate: date, calendar: Calendar) -> Resolution:
    """Return where this candidate of the rule takes place; a move is never moved again."""
    steps = [candidate_step(candidate, calendar)]
    day = _shifted(rule, candidate, calendar)
    if day is None:
        skips = rule.policy is ClosedDayPolicy.SKIP
        steps.append(
            "skipped, because it is closed"
            if skips
            else f"unresolved: no {rule.policy} open day within {rule.max_shift} days"
        )
        end = ResolutionEnd.SKIPPED if skips else ResolutionEnd.UNRESOLVED
        return Resolution(candidate=candidate, end=end, day=None, steps=tuple(steps))
    if day != candidate:
        steps.append(f"moved to the {rule.policy} open day {shown_day(day)}")
    return _with_offset(rule, candidate, day, calendar, steps)


def candidate_step(candidate: date, calendar: Calendar) -> str:
    """Return the sentence with which the way of a candidate begins."""
    return f"candidate {shown_day(candidate)} is {calendar.state_of(candidate)}"


def no_candidate_step(day: date, calendar: Calendar) -> str:
    """Return the sentence about a day to which nothing leads."""
    return f"{shown_day(day)} is {calendar.state_of(day)}, and no candidate of the rule leads to it"


def matches_day(rule: DayRule, day: date, calendar: Calendar) -> bool:
    """Return whether some candidate of the rule takes place on this day."""
    return any(True for _ in _candidates_for(rule, day, calendar))


def explain_day(rule: DayRule, day: date, calendar: Calendar) -> DayMatch:
    """Return whether the rule takes place on this day, and why or why not."""
    found = [resolve(rule, origin, calendar) for origin in _candidates_for(rule, day, calendar)]
    if found:
        return DayMatch(matches=True, steps=tuple(step for way in found for step in way.steps))
    if is_candidate(rule, day, calendar):
        return DayMatch(matches=False, steps=resolve(rule, day, calendar).steps)
    return DayMatch(matches=False, steps=(no_candidate_step(day, calendar),))


def shown_day(day: date) -> str:
    """Return the day as sentences name it, with its weekday."""
    return f"{_WEEKDAYS[day.weekday()]} {day.isoformat()}"


def _shifted(rule: DayRule, candidate: date, calendar: Calendar) -> date | None:
    """Return the day after the closed-day policy, or None if it finds none."""
    policy = rule.policy
    if policy is ClosedDayPolicy.RUN or calendar.is_open(candidate):
        return candidate
    if policy is ClosedDayPolicy.SKIP:
        return None
    direction = 1 if policy is ClosedDayPolicy.NEXT else -1
    days = _walk(candidate, direction, rule.max_shift)
    return next((day for day in days if calendar.is_open(day)), None)


def _with_offset(
    rule: DayRule, candidate: date, day: date, calendar: Calendar, steps: list[str]
) -> Resolution:
    end = ResolutionEnd.RESOLVED
    found: date | None = day
    if rule.offset_open_days:
        try:
            found = calendar.open_days_from(day, rule.offset_open_days)
            steps.append(f"offset {rule.offset_open_days:+} open days: {shown_day(found)}")
        except NoOpenDay as error:
            found, end = None, ResolutionEnd.UNRESOLVED
            steps.append(f"unresolved: {error}")
    return Resolution(candidate=candidate, end=end, day=found, steps=tuple(steps))


def _candidates_for(rule: DayRule, day: date, calendar: Calendar) -> Iterator[date]:
    """Yield the candidates that take place on this day."""
    calendar.state_of(day)  # a day outside the validity is refused, whatever the rule
    try:
        for origin in _origins(rule, day, calendar):
            if is_candidate(rule, origin, calendar):
                yield origin
    except (CalendarEnds, HolidaysUnknown):
        if _may_come_from_unknown(rule, day, calendar):
            raise


def _may_come_from_unknown(rule: DayRule, day: date, calendar: Calendar) -> bool:
    """Return whether the rule names a day beyond the calendar's edge and near this one.

    Near is as far as the shift may search, and two days for each open day of the offset.
    """
    reach = rule.max_shift + 2 * abs(rule.offset_open_days)
    days = [*_walk(day, -1, reach), *_walk(day, 1, reach)]
    unknown = [other for other in days if not calendar.covers(other)]
    return any(is_candidate(rule, other, calendar) for other in unknown)


def _origins(rule: DayRule, day: date, calendar: Calendar) -> Iterator[date]:
    """Yield every day that would take place on this day if it were a candidate."""
    for shifted in _before_offset(rule.offset_open_days, day, calendar):
        if rule.policy is ClosedDayPolicy.RUN:
            yield shifted
        elif calendar.is_open(shifted):
            yield shifted
            yield from _before_shift(rule, shifted, calendar)


def _before_offset(offset: int, day: date, calendar: Calendar) -> Iterator[date]:
    """Yield the days from which the offset leads here.

    That are the closed days next to the first open day that is counted, and the open one
    behind them.
    """
    if offset == 0:
        yield day
    elif calendar.is_open(day):
        back = -1 if offset > 0 else 1
        try:
            counted_first = calendar.open_days_from(day, back * (abs(offset) - 1))
        except NoOpenDay:
            return
        for other in _walk(counted_first, back, SEARCH_DAYS_MAX):
            yield other
            if calendar.is_open(other):
                return


def _before_shift(rule: DayRule, day: date, calendar: Calendar) -> Iterator[date]:
    """Yield the closed days that the policy moves to this open day."""
    directions = {ClosedDayPolicy.PREVIOUS: 1, ClosedDayPolicy.NEXT: -1}
    if direction := directions.get(rule.policy):
        for other in _walk(day, direction, rule.max_shift):
            if calendar.is_open(other):
                return
            yield other


def _walk(day: date, direction: int, days_max: int) -> Iterator[date]:
    """Yield the following (1) or the preceding (-1) days, to the end of the world's calendar."""
    for distance in range(1, days_max + 1):
        ordinal = day.toordinal() + direction * distance
        if not date.min.toordinal() <= ordinal <= date.max.toordinal():
            return
        yield date.fromordinal(ordinal)
