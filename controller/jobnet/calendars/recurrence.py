"""Holds an RRULE text of RFC 5545: rules with a first start, added and left-out wall times.

Wall times only: which zone they are in is the schedule's to say, and what becomes of a time
that summer time removes is its policy. As in ``dateutil``, the first start itself takes place
only if a rule or an RDATE gives it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from jobnet.calendars.clock import ClockTime
from jobnet.calendars.recurrence_rule import RecurrenceRule

_SETS_KEPT_MAX = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """What an RRULE text means; ``rules`` give wall times, ``without`` takes some away."""

    text: str
    start: datetime
    rules: tuple[RecurrenceRule, ...] = ()
    without_rules: tuple[RecurrenceRule, ...] = ()
    extra: frozenset[datetime] = frozenset()
    without: frozenset[datetime] = frozenset()

    def is_day(self, day: date) -> bool:
        """Return whether something starts on this date."""
        return bool(self._seconds_of(day))

    def times_of(self, day: date) -> tuple[ClockTime, ...]:
        """Return the wall times of this date, in order; none if it is not such a day."""
        return tuple(ClockTime(seconds=second) for second in self._seconds_of(day))

    def _seconds_of(self, day: date) -> list[int]:
        seconds = {second for rule in self.rules for second in rule.seconds_of(day)}
        seconds.update(_by_day(self.extra).get(day, ()))
        if seconds:
            seconds.difference_update(*(rule.seconds_of(day) for rule in self.without_rules))
            seconds.difference_update(_by_day(self.without).get(day, ()))
        return sorted(seconds)


@lru_cache(maxsize=_SETS_KEPT_MAX)
def _by_day(moments: frozenset[datetime]) -> Mapping[date, tuple[int, ...]]:
    found: dict[date, tuple[int, ...]] = {}
    for moment in sorted(moments):
        second = moment.hour * 3600 + moment.minute * 60 + moment.second
        found[moment.date()] = (*found.get(moment.date(), ()), second)
    return found
