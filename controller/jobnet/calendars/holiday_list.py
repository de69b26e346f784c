"""Lists the national holidays that a calendar knows, and says what a newer library changed.

The ``holidays`` library corrects past and announces coming holidays with its releases; a
calendar then has other open days although nobody has edited it. A list is plain data, to be
kept with the calendar. Two lists are compared for the years that both of them have.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from holidays.version import __version__ as release

from jobnet.calendars.calendar import Calendar
from jobnet.calendars.days import DaySource
from jobnet.calendars.derived_days import CombinedDays, ShiftedDays
from jobnet.calendars.layers import LayeredDays
from jobnet.calendars.national_holidays import HolidayRule, holidays_of, years_known
from jobnet.calendars.versions import VersionedDays
from jobnet.errors.calendars import HolidayListUnreadable, SpanTooLong

LIST_VERSION = 1
LIST_YEARS_MAX = 20

_YEAR_DAYS_MAX = 366
_FLAGS = {"1": True, "0": False}


class HolidayChangeKind(StrEnum):
    """What became of a holiday."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayChange:
    """One day on which two lists differ.

    ``region`` is the country, with its subdivision where there is one; ``before`` and ``after``
    are the holiday's names. None instead of open or not: the calendar says nothing of the day.
    """

    kind: HolidayChangeKind
    day: date
    region: str
    before: str
    after: str
    was_open: bool | None
    is_open: bool | None

    @property
    def moves_runs(self) -> bool:
        """Whether the calendar has another open or closed day than before."""
        return self.was_open is not self.is_open


def library_release() -> str:
    """Return the release of the library that holidays come from."""
    return str(release)


def holiday_list(calendar: Calendar, years: Iterable[int]) -> dict[str, object]:
    """Return the holidays that a calendar asks for in these years, as JSON-able data.

    With them goes for each year which of its days are open (1), closed (0) or unknown (?). Years
    that the library does not know for a country are left out for it.
    """
    wanted = sorted(set(years))
    if len(wanted) > LIST_YEARS_MAX:
        first, last = date(wanted[0], 1, 1), date(wanted[-1], 12, 31)
        raise SpanTooLong(first, last, days_max=LIST_YEARS_MAX * _YEAR_DAYS_MAX)
    rules = {_region(rule): rule for rule in _rules(calendar.source)}
    return {
        "version": LIST_VERSION,
        "library": library_release(),
        "days": {str(year): _flags(calendar, year) for year in wanted},
        "regions": {region: _listed(rules[region], wanted) for region in sorted(rules)},
    }


def holiday_changes(
    before: Mapping[str, object], after: Mapping[str, object]
) -> tuple[HolidayChange, ...]:
    """Return the days on which two lists of a calendar differ, in the order of the days.

    A region that only one of the lists has was written into the calendar or taken out of it,
    which is no change of the library, and is left out.
    """
    old, new = _read(before), _read(after)
    found = [
        change
        for region in sorted(old.regions.keys() & new.regions.keys())
        for change in _changes(region, old, new)
    ]
    return tuple(sorted(found, key=lambda change: (change.day, change.region)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _List:
    """A list that was read back."""

    days: Mapping[int, str]
    regions: Mapping[str, Mapping[date, str]]

    def is_open(self, day: date) -> bool | None:
        """Return whether a day was open."""
        flags = self.days[day.year]
        place = day.toordinal() - date(day.year, 1, 1).toordinal()
        return _FLAGS.get(flags[place : place + 1])


def _changes(region: str, old: _List, new: _List) -> Iterator[HolidayChange]:
    was, now = old.regions[region], new.regions[region]
    for day in sorted(was.keys() | now.keys()):
        both_years = day.year in old.days and day.year in new.days
        if not both_years or was.get(day) == now.get(day):
            continue
        kind = HolidayChangeKind.RENAMED
        if day not in was:
            kind = HolidayChangeKind.ADDED
        elif day not in now:
            kind = HolidayChangeKind.REMOVED
        yield HolidayChange(
            kind=kind,
            day=day,
            region=region,
            before=was.get(day, ""),
            after=now.get(day, ""),
            was_open=old.is_open(day),
            is_open=new.is_open(day),
        )


def _rules(source: DaySource) -> Iterator[HolidayRule]:
    """Yield the rules of a calendar and of those that it is made of."""
    match source:
        case LayeredDays(holidays=observed, base=base):
            yield from (one.rule for one in observed)
            if base is not None:
                yield from _rules(base)
        case VersionedDays(sources=sources):
            for one in sources:
                yield from _rules(one)
        case CombinedDays(calendars=calendars):
            for calendar in calendars:
                yield from _rules(calendar.source)
        case ShiftedDays(calendar=calendar, by=by):
            yield from _rules(calendar.source)
            if by is not None:
                yield from _rules(by.source)
        case _:
            return


def _region(rule: HolidayRule) -> str:
    return rule.country if rule.subdivision is None else f"{rule.country}-{rule.subdivision}"


def _listed(rule: HolidayRule, years: list[int]) -> dict[str, str]:
    first, last = years_known(rule.country)
    known = [year for year in years if first <= year <= last]
    return {
        day.isoformat(): name
        for year in known
        for day, name in holidays_of(rule.country, rule.subdivision, year).items()
    }


def _flags(calendar: Calendar, year: int) -> str:
    ordinals = range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
    days = map(date.fromordinal, ordinals)
    return "".join(
        ("1" if calendar.is_open(day) else "0") if calendar.covers(day) else "?" for day in days
    )


def _read(listed: Mapping[str, object]) -> _List:
    if listed.get("version") != LIST_VERSION:
        version = listed.get("version")
        raise HolidayListUnreadable(f"its version is {version!r:.40}, not {LIST_VERSION}")
    try:
        days, regions = _mapping(listed["days"]), _mapping(listed["regions"])
        return _List(
            days={int(year): str(flags) for year, flags in days.items()},
            regions={
                region: {
                    date.fromisoformat(day): str(name) for day, name in _mapping(names).items()
                }
                for region, names in regions.items()
            },
        )
    except (KeyError, TypeError, ValueError) as error:
        raise HolidayListUnreadable(f"{type(error).__name__}: {error}"[:200]) from error


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError(f"{type(value).__name__} is no mapping")
    return value
