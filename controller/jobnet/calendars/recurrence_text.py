"""Reads an RRULE text: ``DTSTART``, ``RRULE``, ``RDATE``, ``EXDATE`` and ``EXRULE`` lines.

A text that names a zone or UTC is refused with what to write instead. A COUNT becomes the wall
time of its last start, so that any date can be asked for by itself; whoever would have to be
walked through for longer than ``WALKED_YEARS_MAX`` is refused, and so is what never fires.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import NoReturn

from jobnet.calendars.clock import STARTS_A_DAY_MAX
from jobnet.calendars.recurrence import Recurrence
from jobnet.calendars.recurrence_rule import SECONDS_OF, Frequency, RecurrenceRule, times_of_day
from jobnet.errors.recurrences import RecurrenceRefused

RECURRENCE_TEXT_MAX = 262_144
RECURRENCE_LISTED_MAX = 10_000
RECURRENCE_RULES_MAX = 100
COUNT_MAX = 100_000
INTERVAL_MAX = 1_000_000
WALKED_YEARS_MAX = 200

_NEVER = f"it starts nothing in the {WALKED_YEARS_MAX} years after it begins."
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PROPERTY = re.compile(r"([A-Z]+)((?:;[^:]*)?):(.*)", re.DOTALL | re.IGNORECASE)
_MOMENT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2}))?")
_NUMBER = re.compile(r"[+-]?[0-9]{1,7}")
_NTH_DAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_RANGES = {
    "BYMONTH": (1, 12),
    "BYWEEKNO": (-53, 53),
    "BYYEARDAY": (-366, 366),
    "BYMONTHDAY": (-31, 31),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
    "BYSECOND": (0, 59),
    "BYSETPOS": (-366, 366),
}
_PLAIN_PARTS = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY")
_END_OF_DAY = time(23, 59, 59)
_WEEKS_OF_A_YEAR_MAX = 53


def parse_recurrence(text: str, *, start: datetime | None = None) -> Recurrence:
    """Return what an RRULE text means; ``start`` stands for a DTSTART that it does not have.

    >>> rule = parse_recurrence("DTSTART:20260105T220000 RRULE:FREQ=WEEKLY;BYDAY=MO,WE")
    >>> [str(time) for time in rule.times_of(date(2026, 1, 7))]
    ['22:00']
    """
    return _Reader(text=text).read(start)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Whoever reads one text, so that each refusal can quote it."""

    text: str

    def read(self, start: datetime | None) -> Recurrence:
        if len(self.text) > RECURRENCE_TEXT_MAX:
            self.refuse(f"it has more than {RECURRENCE_TEXT_MAX} characters.")
        found = self._properties()
        if len(found.get("DTSTART", ())) > 1:
            self.refuse("DTSTART stands there more than once; leave one.")
        for value in found.get("DTSTART", ()):
            start = self.moment(value)
        if start is None:
            self.refuse("it does not say when it begins; put DTSTART:20260105T220000 before it.")
        start = start.replace(microsecond=0, tzinfo=None)
        recurrence = Recurrence(
            text=" ".join(self.text.split()),
            start=start,
            rules=self._rules(found.get("RRULE", []), start),
            without_rules=self._rules(found.get("EXRULE", []), start),
            extra=self._moments(found.get("RDATE", [])),
            without=self._moments(found.get("EXDATE", [])),
        )
        if not recurrence.rules and not recurrence.extra:
            self.refuse("it has neither an RRULE nor an RDATE; add one.")
        self._check_that_it_fires(recurrence)
        return recurrence

    def refuse(self, problem: str) -> NoReturn:
        raise RecurrenceRefused(self.text, problem)

    def _properties(self) -> dict[str, list[str]]:
        """Return the values by property; folded lines are put together again."""
        words: list[str] = []
        for word in self.text.split():
            if not words or ":" in word or word.upper().startswith("FREQ="):
                words.append(word)
            else:
                words[-1] += word
        found: dict[str, list[str]] = {}
        for word in words:
            line = f"RRULE:{word}" if word.upper().startswith("FREQ=") else word
            match = _PROPERTY.fullmatch(line)
            name = match[1].upper() if match else ""
            if match is None or name not in ("DTSTART", "RRULE", "EXRULE", "RDATE", "EXDATE"):
                self.refuse(
                    f"{word[:60]!r} is not understood; write DTSTART, RRULE, RDATE or EXDATE, a"
                    " colon and the value."
                )
            self._check_parameters(name, match[2])
            found.setdefault(name, []).append(match[3])
        return found

    def _check_parameters(self, name: str, parameters: str) -> None:
        for parameter in filter(None, parameters.upper().split(";")):
            if parameter.startswith("TZID="):
                zone = parameters.partition("=")[2]
                self.refuse(
                    f"{name} names a zone; write the wall time alone and `timezone: {zone[:60]}`"
                    " in the schedule."
                )
            if parameter not in ("VALUE=DATE", "VALUE=DATE-TIME"):
                self.refuse(f"{name} has the parameter {parameter[:60]}, which is not understood.")

    def moment(self, value: str, *, at: time = time.min) -> datetime:
        """Return a wall time; a date alone is that date at ``at``."""
        if value.upper().endswith("Z"):
            self.refuse(
                f"{value[:60]} is UTC; write it as a wall time without Z, and the zone (perhaps"
                " UTC) as `timezone` of the schedule."
            )
        problem = f"{value[:60]!r} is no wall time; write it as 20260105T220000."
        match = _MOMENT.fullmatch(value.upper())
        if match is None:
            self.refuse(problem)
        try:
            day = date(int(match[1]), int(match[2]), int(match[3]))
            clock = time(int(match[4]), int(match[5]), int(match[6])) if match[4] else at
        except ValueError as error:
            raise RecurrenceRefused(self.text, problem) from error
        return datetime.combine(day, clock)

    def _moments(self, values: list[str]) -> frozenset[datetime]:
        listed = [one for value in values for one in value.split(",")]
        if len(listed) > RECURRENCE_LISTED_MAX:
            self.refuse(f"more than {RECURRENCE_LISTED_MAX} times are listed; use a calendar.")
        return frozenset(self.moment(one) for one in listed)

    def _rules(self, values: list[str], start: datetime) -> tuple[RecurrenceRule, ...]:
        if len(values) > RECURRENCE_RULES_MAX:
            self.refuse(f"more than {RECURRENCE_RULES_MAX} rules are written; use fewer.")
        return tuple(self._rule(value, start) for value in values)

    def _rule(self, value: str, start: datetime) -> RecurrenceRule:
        parts: dict[str, str] = {}
        for part in filter(None, value.upper().split(";")):
            name, _, content = part.partition("=")
            if name in parts or not content or name not in (*_PLAIN_PARTS, *_RANGES):
                self.refuse(f"{part[:60]!r} is no part of an RRULE, or stands there twice.")
            parts[name] = content
        if parts.get("FREQ") not in set(Frequency):
            self.refuse(f"FREQ is missing or unknown; write one of {', '.join(Frequency)}.")
        rule = _with_defaults(self._written(parts, start))
        self._check_parts(rule, parts)
        return self._ended(rule, parts)

    def _written(self, parts: dict[str, str], start: datetime) -> RecurrenceRule:
        numbers = {name: self._numbers(name, parts.get(name, "")) for name in _RANGES}
        week_start = parts.get("WKST", "MO")
        if week_start not in _WEEKDAYS:
            self.refuse(
                f"WKST={week_start[:60]} is no weekday; write one of {', '.join(_WEEKDAYS)}."
            )
        return RecurrenceRule(
            frequency=Frequency(parts["FREQ"]),
            start=start,
            interval=self._number("INTERVAL", parts.get("INTERVAL", "1"), 1, INTERVAL_MAX),
            by_month=numbers["BYMONTH"],
            by_week=numbers["BYWEEKNO"],
            by_year_day=numbers["BYYEARDAY"],
            by_month_day=numbers["BYMONTHDAY"],
            by_day=self._weekdays(parts.get("BYDAY", "")),
            by_hour=numbers["BYHOUR"],
            by_minute=numbers["BYMINUTE"],
            by_second=numbers["BYSECOND"],
            positions=numbers["BYSETPOS"],
            week_start=_WEEKDAYS.index(week_start),
        )

    def _numbers(self, name: str, value: str) -> tuple[int, ...]:
        low, high = _RANGES[name]
        items = value.split(",") if value else []
        return tuple(sorted({self._number(name, item, low, high) for item in items}))

    def _number(self, name: str, value: str, low: int, high: int) -> int:
        number = int(value) if _NUMBER.fullmatch(value) else low - 1
        if not low <= number <= high or (number == 0 and low < 0):
            self.refuse(f"{name}={value[:60]} is not understood; write {low} to {high}.")
        return number

    def _weekdays(self, value: str) -> tuple[tuple[int, int], ...]:
        found = set()
        for item in value.split(",") if value else []:
            match = _NTH_DAY.fullmatch(item)
            nth = int(match[1] or 0) if match else 0
            if match is None or (match[1] and nth == 0) or abs(nth) > _WEEKS_OF_A_YEAR_MAX:
                self.refuse(f"BYDAY={item[:60]} is not understood; write MO to SU, 2TU or -1FR.")
            found.add((nth, _WEEKDAYS.index(match[2])))
        return tuple(sorted(found))

    def _check_parts(self, rule: RecurrenceRule, parts: dict[str, str]) -> None:
        is_long = rule.frequency in (Frequency.YEARLY, Frequency.MONTHLY)
        if any(nth for nth, _ in rule.by_day) and (not is_long or rule.by_week):
            self.refuse("a numbered weekday needs FREQ=MONTHLY or YEARLY, and no BYWEEKNO.")
        if rule.by_week and rule.frequency is not Frequency.YEARLY:
            self.refuse("BYWEEKNO needs FREQ=YEARLY.")
        if "COUNT" in parts and "UNTIL" in parts:
            self.refuse("COUNT and UNTIL do not stand together; leave one.")
        if rule.positions and not any(
            name in parts for name in (*_RANGES, "BYDAY") if name != "BYSETPOS"
        ):
            self.refuse("BYSETPOS needs another BY part to choose from.")

    def _ended(self, rule: RecurrenceRule, parts: dict[str, str]) -> RecurrenceRule:
        """Return the rule with the wall time of its last start, if it has one."""
        count = None
        if "UNTIL" in parts:
            rule = replace(rule, until=self.moment(parts["UNTIL"], at=_END_OF_DAY))
        if "COUNT" in parts:
            count = self._number("COUNT", parts["COUNT"], 1, COUNT_MAX)
        self._check_density(rule, count)
        return rule if count is None else self._counted(rule, count)

    def _check_density(self, rule: RecurrenceRule, count: int | None) -> None:
        seconds = (rule.until - rule.start).total_seconds() if rule.until else None
        if count is not None and count <= STARTS_A_DAY_MAX:
            return
        if seconds is not None and seconds < STARTS_A_DAY_MAX:
            return
        if _most_in_a_day(rule) > STARTS_A_DAY_MAX:
            self.refuse(
                f"it would start more than {STARTS_A_DAY_MAX} times a day; start one run and let"
                " its network repeat, or give a longer INTERVAL."
            )

    def _counted(self, rule: RecurrenceRule, count: int) -> RecurrenceRule:
        left = count
        for day in _walked(rule.start.date(), None):
            seconds = rule.seconds_of(day)
            if left <= len(seconds):
                last = datetime.combine(day, time()) + timedelta(seconds=seconds[left - 1])
                return replace(rule, until=last)
            left -= len(seconds)
        never = f"COUNT={count} is not reached within {WALKED_YEARS_MAX} years; leave COUNT out."
        raise RecurrenceRefused(self.text, _NEVER if left == count else never)

    def _check_that_it_fires(self, recurrence: Recurrence) -> None:
        days = {moment.date() for moment in recurrence.extra}
        if any(recurrence.is_day(day) for day in days):
            return
        ends = [rule.until.date() for rule in recurrence.rules if rule.until]
        is_endless = len(ends) < len(recurrence.rules)
        last = None if is_endless or not ends else max(ends)
        if not recurrence.rules or not any(
            recurrence.is_day(day) for day in _walked(recurrence.start.date(), last)
        ):
            self.refuse(_NEVER)


def _walked(first: date, last: date | None) -> "map[date]":
    """Return the days that are looked at one by one, so that it ends."""
    end = date(min(first.year + WALKED_YEARS_MAX, date.max.year), 12, 31)
    end = end if last is None else min(last, end)
    return map(date.fromordinal, range(first.toordinal(), end.toordinal() + 1))


def _with_defaults(rule: RecurrenceRule) -> RecurrenceRule:
    """Return the rule with what RFC 5545 takes from the first start."""
    start, frequency = rule.start, rule.frequency
    if not (rule.by_week or rule.by_year_day or rule.by_month_day or rule.by_day):
        if frequency is Frequency.YEARLY:
            months = rule.by_month or (start.month,)
            rule = replace(rule, by_month=months, by_month_day=(start.day,))
        elif frequency is Frequency.MONTHLY:
            rule = replace(rule, by_month_day=(start.day,))
        elif frequency is Frequency.WEEKLY:
            rule = replace(rule, by_day=((0, start.weekday()),))
    by_hour, by_minute, by_second = rule.by_hour, rule.by_minute, rule.by_second
    if frequency not in SECONDS_OF:
        by_hour = by_hour or (start.hour,)
    if frequency not in (Frequency.MINUTELY, Frequency.SECONDLY):
        by_minute = by_minute or (start.minute,)
    if frequency is not Frequency.SECONDLY:
        by_second = by_second or (start.second,)
    return replace(rule, by_hour=by_hour, by_minute=by_minute, by_second=by_second)


def _most_in_a_day(rule: RecurrenceRule) -> int:
    """Return a number that the starts of a day never exceed."""
    if rule.frequency not in SECONDS_OF:
        return len(times_of_day(rule))
    hours = len(rule.by_hour) or 24
    minutes, seconds = len(rule.by_minute) or 60, len(rule.by_second) or 60
    periods = -(-86_400 // SECONDS_OF[rule.frequency] // rule.interval)
    match rule.frequency:
        case Frequency.HOURLY:
            return min(hours, periods) * minutes * seconds
        case Frequency.MINUTELY:
            return min(hours * minutes, periods) * seconds
        case _:
            return min(hours * minutes * seconds, periods)
