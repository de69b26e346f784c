"""Works out the clock times of a rule on a day: ``at``, the grid of a repetition, or its text.

A cron or RRULE text speaks of wall times. Where the operating day begins later than 00:00, a wall
time before its base time belongs to the day before: 02:00 of Tuesday is 26:00 of Monday.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from jobnet.calendars import Calendar, ClockTime, CronText, Recurrence
from jobnet.calendars.clock import STARTS_A_DAY_MAX
from jobnet.errors.schedules import ScheduleRefused
from jobnet.schedules.definition import Measured, Repetition, ScheduleRule
from jobnet.schedules.wall_clock import DAY_SECONDS

_LAST_ORDINAL = date.max.toordinal()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTimes:
    """The clock times of one rule as seconds since 00:00 of the operating day.

    ``text`` gives them where none are written. ``chain`` is a repetition that is measured from
    the end of the run before: only its first start is planned.
    """

    written: tuple[int, ...]
    shown: tuple[int, ...]
    text: CronText | Recurrence | None
    base: int
    chain: Repetition | None

    @classmethod
    def of(cls, rule: ScheduleRule, calendar: Calendar, *, schedule: str, place: int) -> Self:
        """Return the times of a rule, or refuse what cannot be a time of this calendar's day."""
        field = f"rules.{place}"
        repeat, base = rule.repeat, calendar.base_time
        _check(rule, base, schedule=schedule, field=field)
        grid: tuple[int, ...] = ()
        chain = None
        if repeat is not None and repeat.measured is Measured.START:
            grid = _grid(repeat)
        elif repeat is not None:
            grid, chain = (repeat.first.seconds,), repeat
        at = tuple(sorted({clock.seconds for clock in rule.at}))
        written = tuple(sorted({*at, *grid}))
        if len(written) > STARTS_A_DAY_MAX:
            problem = f"more than {STARTS_A_DAY_MAX} starts a day; make `every` longer."
            raise ScheduleRefused(schedule, field=field, problem=problem)
        return cls(
            written=written,
            shown=tuple(sorted({*at, *grid[:1]})),
            text=None if written else rule.days.text,
            base=base.seconds,
            chain=chain,
        )

    def of_day(self, ordinal: int) -> tuple[int, ...]:
        """Return the times of a candidate day, in order."""
        if self.text is None:
            return self.written
        today = self._of_date(ordinal)
        if not self.base:
            return today
        tomorrow = self._of_date(ordinal + 1) if ordinal < _LAST_ORDINAL else ()
        late = tuple(one + DAY_SECONDS for one in tomorrow if one < self.base)
        return (*(one for one in today if one >= self.base), *late)

    def shown_of_day(self, ordinal: int) -> tuple[int, ...]:
        """Return the times that stand for a day on which nothing starts: a grid is told once."""
        return self.of_day(ordinal)[:1] if self.text is not None else self.shown

    def candidates(self, first: int, last: int) -> list[int]:
        """Return the operating days from first to last to which wall times of the text belong."""
        return [one for one in range(first, last + 1) if self.of_day(one)]

    def _of_date(self, ordinal: int) -> tuple[int, ...]:
        assert self.text is not None, "asked only where a text gives the times"
        return tuple(clock.seconds for clock in self.text.times_of(date.fromordinal(ordinal)))


def _grid(repeat: Repetition) -> tuple[int, ...]:
    every = int(repeat.every.total_seconds())
    return tuple(
        range(repeat.first.seconds, repeat.last.seconds + 1, every)[: STARTS_A_DAY_MAX + 1]
    )


def _check(rule: ScheduleRule, base: ClockTime, *, schedule: str, field: str) -> None:
    problem = ""
    repeat = rule.repeat
    if not rule.at and repeat is None and rule.days.text is None:
        problem = "it has no time; add `at` or `repeat`."
    elif repeat is not None and (repeat.every < timedelta(seconds=1) or repeat.every.microseconds):
        problem = "`every` of its repetition is whole seconds, and at least 1s."
    elif repeat is not None and repeat.last < repeat.first:
        problem = f"its repetition ends at {repeat.last}, before it begins at {repeat.first}."
    else:
        early = [clock for clock in rule.at if clock < base]
        early += [repeat.first] if repeat is not None and repeat.first < base else []
        if early:
            problem = (
                f"{early[0]} is before {base}, when the operating day begins; write"
                f" {_day_later(early[0])} for the night that ends it."
            )
    if problem:
        raise ScheduleRefused(schedule, field=field, problem=problem)


def _day_later(clock: ClockTime) -> ClockTime:
    return ClockTime(seconds=clock.seconds + DAY_SECONDS)
