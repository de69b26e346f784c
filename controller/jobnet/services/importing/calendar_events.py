"""Reads a calendar event of systemd (``OnCalendar=``) and says it as a rule of a schedule.

Cron's five fields say most of them. Where a day of the week *and* a day of the month must hold, a
day counts from the end of the month, or a year or a second is named, an RRULE says it: there,
unlike in cron, all that is named must hold.
"""

import re
from dataclasses import dataclass

from jobnet.calendars import find_zone
from jobnet.calendars.cron import parse_cron
from jobnet.calendars.recurrence_text import parse_recurrence
from jobnet.errors import ControllerError
from jobnet.services.importing.bounds import VALUES_LISTED_MAX

_SHORTHANDS = {
    "minutely": "*-*-* *:*:00",
    "hourly": "*-*-* *:00:00",
    "daily": "*-*-* 00:00:00",
    "weekly": "Mon *-*-* 00:00:00",
    "monthly": "*-*-01 00:00:00",
    "quarterly": "*-01,04,07,10-01 00:00:00",
    "semiannually": "*-01,07-01 00:00:00",
    "yearly": "*-01-01 00:00:00",
    "annually": "*-01-01 00:00:00",
}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_RRULE_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_YEARS = (1970, 2199)
_MONTHS, _DAYS, _HOURS, _MINUTES = (1, 12), (1, 31), (0, 23), (0, 59)
_PART = re.compile(r"(\d{1,4})(?:\.\.(\d{1,4}))?(?:/(\d{1,4}))?")
_TIME = re.compile(r"([^:\s]+):([^:\s]+)(?::([^:\s]+))?")
_DATE = re.compile(r"(?:([^-~\s]+)-)?([^-~\s]+)([-~])([^-~\s]+)")
_FIRST_START = "20000101T000000"

Values = tuple[int, ...] | None
"""The values of a field, in order; None for ``*``."""


class EventNotUnderstood(Exception):
    """A calendar event that cannot be carried; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """What a calendar event names; weekdays count from Monday, which is 0."""

    weekdays: Values = None
    years: Values = None
    months: Values = None
    days: Values = None
    hours: Values = (0,)
    minutes: Values = (0,)
    seconds: Values = (0,)
    zone: str | None = None


def read_event(text: str) -> CalendarEvent:
    """Return what a calendar event means; ``EventNotUnderstood`` says why it means nothing.

    >>> read_event("Mon..Fri *-*-* 08:30").weekdays
    (0, 1, 2, 3, 4)
    """
    words = _SHORTHANDS.get(text.strip().lower(), text).split()
    if words and words[0].lower() in _SHORTHANDS:  # `daily Europe/Berlin`
        words = [*_SHORTHANDS[words[0].lower()].split(), *words[1:]]
    weekdays, words = _weekdays_of(words)
    date = _DATE.fullmatch(words[0]) if words and ":" not in words[0] else None
    words = words[1:] if date else words
    time = _TIME.fullmatch(words[0]) if words else None
    words = words[1:] if time else words
    zone = _zone_of(words, text)
    if date is None and time is None and weekdays is None:
        raise EventNotUnderstood(f"{text[:80]!r} names no day and no time")
    return CalendarEvent(
        weekdays=weekdays,
        years=_values(date[1], _YEARS) if date and date[1] else None,
        months=_values(date[2], _MONTHS) if date else None,
        days=_days_of(date) if date else None,
        hours=_values(time[1], _HOURS) if time else (0,),
        minutes=_values(time[2], _MINUTES) if time else (0,),
        seconds=_values(time[3], _MINUTES) if time and time[3] else (0,),
        zone=zone,
    )


def rule_of(event: CalendarEvent) -> dict[str, str]:
    """Return the rule of a schedule that starts when the event happens."""
    rule = _rule(event)
    try:
        for word, read in (("cron", parse_cron), ("rrule", parse_recurrence)):
            if word in rule:
                read(rule[word])
    except ControllerError as error:
        raise EventNotUnderstood(str(error)) from error
    return rule


def _rule(event: CalendarEvent) -> dict[str, str]:
    if event.seconds is None or len(event.seconds) > 1:
        raise EventNotUnderstood("it happens more often than once a minute")
    needs_both = event.weekdays is not None and event.days is not None
    counts_from_end = any(day < 0 for day in event.days or ())
    if needs_both or counts_from_end or event.years is not None or event.seconds != (0,):
        return {"rrule": _rrule(event)}
    weekdays = tuple(sorted((day + 1) % 7 for day in event.weekdays or ())) or None
    fields = (
        _field(event.minutes, _MINUTES, may_step=True),
        _field(event.hours, _HOURS, may_step=True),
        _field(event.days, _DAYS),
        _field(event.months, _MONTHS),
        _field(weekdays, (0, 6)),
    )
    return {"cron": " ".join(fields)}


def _weekdays_of(words: list[str]) -> tuple[Values, list[str]]:
    """Return the weekdays that come first, and the words behind them."""
    if not words or not re.fullmatch(r"[A-Za-z]{3,9}(?:(?:,|\.\.|-)[A-Za-z]{3,9})*,?", words[0]):
        return None, words
    found: set[int] = set()
    for item in words[0].rstrip(",").split(","):
        ends = [_weekday(name) for name in re.split(r"\.\.|-", item)]
        if None in ends:
            return None, words
        first, last = ends[0], ends[-1]
        assert first is not None, "asked above"
        assert last is not None, "asked above"
        if last < first:
            raise EventNotUnderstood(f"the weekdays {item!r} run backwards")
        found.update(range(first, last + 1))
    return tuple(sorted(found)), words[1:]


def _weekday(name: str) -> int | None:
    word = name.lower()
    fits = (number for number, day in enumerate(_WEEKDAYS) if word in (day, day[:3]))
    return next(fits, None)


def _zone_of(words: list[str], text: str) -> str | None:
    if not words:
        return None
    if len(words) > 1:
        raise EventNotUnderstood(f"{' '.join(words)[:80]!r} in {text[:80]!r} is not understood")
    try:
        find_zone(words[0])
    except ControllerError as error:
        raise EventNotUnderstood(f"{words[0][:80]!r} in {text[:80]!r} is not understood") from error
    return words[0]


def _days_of(date: re.Match[str]) -> Values:
    if date[3] == "-":
        return _values(date[4], _DAYS)
    # `~n` is the n-th last day, and a repetition goes on from there to the last one.
    found: set[int] = set()
    for item in date[4].split(","):
        match = _PART.fullmatch(item)
        if match is None or not _DAYS[0] <= int(match[1]) <= _DAYS[1]:
            raise EventNotUnderstood(f"the day ~{item[:40]} is not understood")
        first = int(match[1])
        last = int(match[2] or (1 if match[3] else first))
        step = int(match[3] or 1)
        low, high = sorted((first, last))
        if not step or not _DAYS[0] <= low <= high <= _DAYS[1]:
            raise EventNotUnderstood(f"the day ~{item[:40]} is not understood")
        found.update(-day for day in range(high, low - 1, -step))
    return tuple(sorted(found))


def _values(text: str, bounds: tuple[int, int]) -> Values:
    """Return the values of one field; ``8..17/3`` are 8, 11, 14 and 17."""
    if text == "*":
        return None
    low, high = bounds
    found: set[int] = set()
    for item in text.split(","):
        match = _PART.fullmatch(item)
        if match is None:
            raise EventNotUnderstood(f"{item[:40]!r} is not understood")
        first = _year(match[1]) if bounds == _YEARS else int(match[1])
        step = int(match[3] or 1)
        last = int(match[2] or (high if match[3] else first))
        if not step or not low <= first <= last <= high:
            raise EventNotUnderstood(f"{item[:40]!r} is not between {low} and {high}")
        found.update(range(first, last + 1, step))
    if len(found) > VALUES_LISTED_MAX:
        raise EventNotUnderstood(f"{text[:40]!r} lists more than {VALUES_LISTED_MAX} values")
    return tuple(sorted(found))


def _year(text: str) -> int:
    """Return a year; as systemd does, two digits mean 1970 to 2069."""
    year = int(text)
    return year if year > 99 else year + (1900 if year >= 70 else 2000)  # noqa: PLR2004 - as said


def _field(values: Values, bounds: tuple[int, int], *, may_step: bool = False) -> str:
    """Return values as a field of cron, as short as people write it."""
    low, high = bounds
    if values is None or values == tuple(range(low, high + 1)):
        return "*"
    if may_step and len(values) > 2:  # noqa: PLR2004 - a pair is no step
        step = values[1] - values[0]
        if values == tuple(range(low, high + 1, step)):
            return f"*/{step}"
    if len(values) > 2 and values == tuple(range(values[0], values[-1] + 1)):  # noqa: PLR2004 - a pair is no range
        return f"{values[0]}-{values[-1]}"
    return ",".join(map(str, values))


def _rrule(event: CalendarEvent) -> str:
    first, until = _FIRST_START, ""
    if event.years is not None:
        if event.years != tuple(range(event.years[0], event.years[-1] + 1)):
            raise EventNotUnderstood("its years do not follow one another")
        first = f"{event.years[0]}0101T000000"
        until = f";UNTIL={event.years[-1]}1231T235959"
    weekdays = None if event.weekdays is None else [_RRULE_DAYS[day] for day in event.weekdays]
    named = (
        ("BYMONTH", event.months),
        ("BYMONTHDAY", event.days),
        ("BYDAY", weekdays),
        ("BYHOUR", event.hours if event.hours is not None else range(24)),
        ("BYMINUTE", event.minutes if event.minutes is not None else range(60)),
        ("BYSECOND", event.seconds),
    )
    words = "".join(
        f";{word}={','.join(map(str, values))}" for word, values in named if values is not None
    )
    return f"DTSTART:{first}\nRRULE:FREQ=DAILY{until}{words}"
