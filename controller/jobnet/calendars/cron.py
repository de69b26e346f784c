"""Reads a cron text: on which dates it starts something, and at which wall times.

The library ``cronsim`` reads the five fields; what is kept are plain numbers, and the answers
are worked out here. Cron's own rule stands: where both the day of the month and the day of the
week are restricted, either is enough; where one of them begins with a star, both must hold.
Summer time is not decided here but by the policy of the schedule.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from cronsim import CronSim, CronSimError
from cronsim.cronsim import Field

from jobnet.calendars.clock import ClockTime
from jobnet.errors.recurrences import CronRefused

CRON_TEXT_MAX = 1_000
CRON_MACROS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}

_FIELDS = (
    (Field.MINUTE, "minute", "0 to 59"),
    (Field.HOUR, "hour", "0 to 23"),
    (Field.DAY, "day of the month", "1 to 31, L or LW"),
    (Field.MONTH, "month", "1 to 12 or JAN to DEC"),
    (Field.DOW, "day of the week", "0 to 7, SUN to SAT, 5L or FRI#2"),
)
_LAST_DAY = -1
_SATURDAY = 5
# These 28 years begin on each weekday both as leap years and as others, and nothing else of a
# year matters to cron: what does not fire in them never does.
_ALL_KINDS_OF_YEARS = range(2000, 2028)
_DAYS_OF_A_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class CronText:
    """The numbers of a cron text. Weekdays count from Monday, which is 0.

    ``month_days`` has -1 for the last day. ``nth_weekdays`` are pairs of weekday and place in
    the month; place -1 is the last one. ``on_last_workday`` is ``LW``: the last of Monday to
    Friday, whatever a calendar says.
    """

    text: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    month_days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    nth_weekdays: tuple[tuple[int, int], ...] = ()
    on_last_workday: bool = False
    needs_both: bool = True

    def is_day(self, day: date) -> bool:
        """Return whether something starts on this date."""
        if day.month not in self.months:
            return False
        if self.needs_both:
            return self._is_month_day(day) and self._is_weekday(day)
        return self._is_month_day(day) or self._is_weekday(day)

    def times_of(self, day: date) -> tuple[ClockTime, ...]:
        """Return the wall times of this date, in order; none if it is not such a day."""
        return clock_times(self.hours, self.minutes) if self.is_day(day) else ()

    def _is_month_day(self, day: date) -> bool:
        if day.day in self.month_days:
            return True
        if not self.on_last_workday and _LAST_DAY not in self.month_days:
            return False
        last = monthrange(day.year, day.month)[1]
        if _LAST_DAY in self.month_days and day.day == last:
            return True
        after_friday = max(0, day.replace(day=last).weekday() - _SATURDAY + 1)
        return self.on_last_workday and day.day == last - after_friday

    def _is_weekday(self, day: date) -> bool:
        weekday = day.weekday()
        if weekday in self.weekdays:
            return True
        for wanted, nth in self.nth_weekdays:
            if wanted == weekday and nth in (_place(day), _place_from_end(day)):
                return True
        return False


def parse_cron(text: str) -> CronText:
    """Return what a text of five fields, or a macro such as ``@daily``, means.

    >>> [str(time) for time in parse_cron("0 8,20 * * MON-FRI").times_of(date(2026, 5, 29))]
    ['08:00', '20:00']
    """
    shown = " ".join(text[:CRON_TEXT_MAX].split())
    if not shown or len(text) > CRON_TEXT_MAX:
        raise CronRefused(text, f"it has more than {CRON_TEXT_MAX} characters." if shown else "")
    fields = _fields(shown)
    for (field, name, range_), value in zip(_FIELDS, fields, strict=True):
        _check_field(shown, field, value, f"the {name} {value!r} is not understood; write {range_}")
    parsed = _read(shown, fields)
    if not _fires(parsed):
        raise CronRefused(shown, "no date is such a day in any year, so it would never start.")
    return parsed


@lru_cache(maxsize=256)
def clock_times(hours: tuple[int, ...], minutes: tuple[int, ...]) -> tuple[ClockTime, ...]:
    """Return every such minute of every such hour, in order."""
    return tuple(
        ClockTime(seconds=hour * 3600 + minute * 60) for hour in hours for minute in minutes
    )


def _fields(text: str) -> list[str]:
    if text.startswith("@"):
        if text.lower() not in CRON_MACROS:
            known = ", ".join(CRON_MACROS)
            raise CronRefused(text, f"such a word is not known; there are {known}.")
        text = CRON_MACROS[text.lower()]
    fields = text.upper().split()
    if len(fields) == len(_FIELDS) + 1:
        raise CronRefused(
            text, "six fields are read differently everywhere; write five, without seconds."
        )
    if len(fields) != len(_FIELDS):
        raise CronRefused(text, f"{len(fields)} fields are written, and five are needed.")
    return fields


def _check_field(text: str, field: Field, value: str, problem: str) -> None:
    try:
        field.parse(value)
    except (CronSimError, AssertionError) as error:
        raise CronRefused(text, f"{problem}, with lists, ranges and steps.") from error


def _read(text: str, fields: list[str]) -> CronText:
    minutes, hours, days, months, weekdays = (
        field.parse(value) for (field, _, _), value in zip(_FIELDS, fields, strict=True)
    )
    plain_days = {day for day in days if isinstance(day, int) and day > 0}
    if CronSim.LAST in days:
        plain_days.add(_LAST_DAY)
    pairs = {pair for pair in weekdays if isinstance(pair, tuple)}
    return CronText(
        text=text,
        minutes=_numbers(minutes),
        hours=_numbers(hours),
        month_days=tuple(sorted(plain_days)),
        months=_numbers(months),
        weekdays=tuple(sorted({_weekday(day) for day in _numbers(weekdays)})),
        nth_weekdays=tuple(
            sorted((_weekday(day), -1 if nth == CronSim.LAST else nth) for day, nth in pairs)
        ),
        on_last_workday=CronSim.LAST_WEEKDAY in days,
        needs_both=fields[2].startswith("*") or fields[4].startswith("*"),
    )


def _numbers(items: set[int | tuple[int, int]]) -> tuple[int, ...]:
    return tuple(sorted(item for item in items if isinstance(item, int)))


def _weekday(number: int) -> int:
    """Return Monday as 0, where cron counts from Sunday as 0 or 7."""
    return (number - 1) % _DAYS_OF_A_WEEK


def _place(day: date) -> int:
    return (day.day - 1) // _DAYS_OF_A_WEEK + 1


def _place_from_end(day: date) -> int:
    return -1 if day.day + _DAYS_OF_A_WEEK > monthrange(day.year, day.month)[1] else 0


def _fires(cron: CronText) -> bool:
    return any(
        cron.is_day(date(year, month, day))
        for year in _ALL_KINDS_OF_YEARS
        for month in cron.months
        for day in range(1, monthrange(year, month)[1] + 1)
    )
