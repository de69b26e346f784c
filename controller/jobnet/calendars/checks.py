"""Compares the near future of a calendar with what one would expect, and says what is odd.

A forgotten day closes or opens a whole company: nobody sees it in the text of a calendar, but
last year, the country and the sister calendars know better. Findings are hints for people,
never errors.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from jobnet.calendars.calendar import Calendar
from jobnet.calendars.days import DayVerdict, Layer, Weekday
from jobnet.calendars.national_holidays import HolidayRule, check_rule, holidays_of, years_known

CHECKED_DAYS = 90
ENDS_WITHIN = timedelta(days=60)
FINDINGS_MAX = 200

_DAYS_OF_A_WEEK = 7
_SISTERS_NAMED_MAX = 5


class FindingKind(StrEnum):
    """What was found odd about a calendar."""

    ENDS_SOON = "ends_soon"
    YEAR_MISSING = "year_missing"
    WEEK_WITHOUT_OPEN_DAY = "week_without_open_day"
    OPEN_ON_HOLIDAY = "open_on_holiday"
    CLOSED_LAST_YEAR = "closed_last_year"
    SISTERS_DIFFER = "sisters_differ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to look at: the days it is about, and a sentence for people."""

    kind: FindingKind
    first: date
    last: date
    text: str


def check_calendar(
    calendar: Calendar,
    today: date,
    *,
    sisters: Sequence[Calendar] = (),
    country: HolidayRule | None = None,
) -> tuple[Finding, ...]:
    """Return what is odd about the next ``CHECKED_DAYS`` days, at most ``FINDINGS_MAX`` findings.

    ``sisters`` are calendars that ought to be alike; ``country`` whose holidays ought to be
    closed, whether or not the calendar observes them.
    """
    if country is not None:
        check_rule(country)
    days = _near(calendar, today)
    found = [
        *_ending(calendar, today),
        *_missing_years(calendar, today),
        *_empty_weeks(calendar, days),
        *_open_holidays(calendar, days, country),
        *_once_closed(calendar, days),
        *_differences(calendar, days, sisters),
    ]
    return tuple(found[:FINDINGS_MAX])


def _near(calendar: Calendar, today: date) -> list[date]:
    """Return the days of the near future of which the calendar says something."""
    first = today.toordinal()
    last = min(first + CHECKED_DAYS, date.max.toordinal() + 1)
    return [day for day in map(date.fromordinal, range(first, last)) if calendar.covers(day)]


def _ending(calendar: Calendar, today: date) -> Iterator[Finding]:
    last = calendar.covered[1]
    if last == date.max or last - today > ENDS_WITHIN:
        return
    ends = "ended" if last < today else "ends"
    text = f"{calendar.name} {ends} on {last}; nothing is planned after. Add the days that follow."
    yield Finding(kind=FindingKind.ENDS_SOON, first=last, last=last, text=text)


def _missing_years(calendar: Calendar, today: date) -> Iterator[Finding]:
    """Tell of a year without a single date of its own, after a year that had some."""
    horizon = date.fromordinal(min(today.toordinal() + CHECKED_DAYS, date.max.toordinal()))
    for year in sorted({today.year, horizon.year}):
        before, now = _single_dates(calendar, year - 1), _single_dates(calendar, year)
        first, last = date(year, 1, 1), date(year, 12, 31)
        if before and not now and calendar.covers(last):
            text = (
                f"{calendar.name} has {before} single dates in {year - 1} and none in {year}."
                " Was the year forgotten?"
            )
            yield Finding(kind=FindingKind.YEAR_MISSING, first=first, last=last, text=text)


def _single_dates(calendar: Calendar, year: int) -> int:
    if year < date.min.year:
        return 0
    ordinals = range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
    days = filter(calendar.covers, map(date.fromordinal, ordinals))
    verdicts = [calendar.state_of(day) for day in days]
    return sum(verdict.layer is Layer.SINGLE_DATE for verdict in verdicts)


def _empty_weeks(calendar: Calendar, days: Sequence[date]) -> Iterator[Finding]:
    mondays = [day for day in days if day.weekday() == Weekday.MON]
    for monday in mondays:
        week = [date.fromordinal(monday.toordinal() + n) for n in range(_DAYS_OF_A_WEEK)]
        if week[-1] > days[-1] or any(calendar.is_open(day) for day in week):
            continue
        text = f"{calendar.name} has no open day in the week from {monday} to {week[-1]}."
        yield Finding(
            kind=FindingKind.WEEK_WITHOUT_OPEN_DAY, first=monday, last=week[-1], text=text
        )


def _open_holidays(
    calendar: Calendar, days: Sequence[date], country: HolidayRule | None
) -> Iterator[Finding]:
    if country is None:
        return
    first, last = years_known(country.country)
    for day in days:
        if not first <= day.year <= last or not calendar.is_open(day):
            continue
        name = holidays_of(country.country, country.subdivision, day.year).get(day)
        if name is not None:
            text = f"{_shown(day)} is {name} in {country.country}, and {calendar.name} is open."
            yield Finding(kind=FindingKind.OPEN_ON_HOLIDAY, first=day, last=day, text=text)


def _once_closed(calendar: Calendar, days: Sequence[date]) -> Iterator[Finding]:
    """Tell of dates that last year were closed by hand and are open now, on a weekday."""
    for day in days:
        before = _year_before(day)
        if before is None or not calendar.covers(before):
            continue
        verdict = calendar.state_of(before)
        if _is_closed_by_hand(verdict) and calendar.is_open(day):
            text = (
                f"{before} was closed in {calendar.name} ({verdict.calendar} lists it), and"
                f" {_shown(day)} is open."
            )
            yield Finding(kind=FindingKind.CLOSED_LAST_YEAR, first=day, last=day, text=text)


def _is_closed_by_hand(verdict: DayVerdict) -> bool:
    return verdict.layer is Layer.SINGLE_DATE and not verdict.is_open


def _year_before(day: date) -> date | None:
    """Return the same date of the year before; None on 29 February and in the first year."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return None


def _differences(
    calendar: Calendar, days: Sequence[date], sisters: Sequence[Calendar]
) -> Iterator[Finding]:
    """Tell of days on which all sisters that know the day agree, and not with this calendar."""
    for day in days:
        knowing = [sister for sister in sisters if sister.covers(day)]
        states = {sister.is_open(day) for sister in knowing}
        if len(states) != 1 or calendar.is_open(day) in states:
            continue
        names = ", ".join(sister.name for sister in knowing[:_SISTERS_NAMED_MAX])
        more = " and others" if len(knowing) > _SISTERS_NAMED_MAX else ""
        theirs = knowing[0].state_of(day)
        text = f"{_shown(day)} is {calendar.state_of(day)}, but in {names}{more}: {theirs}."
        yield Finding(kind=FindingKind.SISTERS_DIFFER, first=day, last=day, text=text)


def _shown(day: date) -> str:
    return f"{Weekday(day.weekday()).name.title()} {day.isoformat()}"
