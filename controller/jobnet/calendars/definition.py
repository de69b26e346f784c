"""Holds what a calendar document says, before anything is inherited or looked up.

A value that is None was not written, and comes from the calendar that this one extends.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from jobnet.calendars.clock import ClockTime
from jobnet.calendars.days import DayState, Weekday
from jobnet.calendars.derivation import (
    SHIFT_MAX,
    SOURCES_MAX,
    SOURCES_MIN,
    Combination,
    Derivation,
    Shift,
    derivation_word,
)
from jobnet.calendars.months import MONTH_STARTS_ON_MAX
from jobnet.calendars.national_holidays import HolidayRule
from jobnet.calendars.versions import VERSIONS_MAX, CalendarVersion
from jobnet.errors.calendars import CalendarRefused

BASE_TIME_SECONDS_MAX = 24 * 3600 - 1

_MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDefinition:
    """One calendar document. ``week`` and each of ``months`` (1 to 12) name the open weekdays.

    ``extends`` is the name under which ``compile_calendar`` is given the other definition, and so
    are the names of ``derived``. ``versions`` are in the order of their days.
    """

    name: str
    folder: str = ""
    title: str = ""
    extends: str | None = None
    week: frozenset[Weekday] | None = None
    months: Mapping[int, frozenset[Weekday]] = field(default_factory=dict)
    holidays: HolidayRule | None = None
    days: Mapping[date, DayState] = field(default_factory=dict)
    derived: Derivation | None = None
    versions: tuple[CalendarVersion, ...] = ()
    base_time: ClockTime | None = None
    month_starts_on: int | None = None
    timezone: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self) -> None:
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            self._refuse("valid", f"{self.valid_from} is after {self.valid_to}; swap the two days.")
        if self.base_time and self.base_time.seconds > BASE_TIME_SECONDS_MAX:
            self._refuse("base_time", f"{self.base_time} is no time of one day; stay below 24:00.")
        starts_on = self.month_starts_on
        if starts_on is not None and not 1 <= starts_on <= MONTH_STARTS_ON_MAX:
            self._refuse(
                "month_starts_on",
                f"not every month has such a day; write a number from 1 to {MONTH_STARTS_ON_MAX}.",
            )
        self._check_months("months", self.months)
        self._check_versions()
        if self.derived is not None:
            self._check_derived(self.derived)

    def _check_months(self, field_name: str, months: Mapping[int, object]) -> None:
        if unknown := sorted(set(months).difference(_MONTHS)):
            self._refuse(field_name, f"there is no month {unknown[0]}; months are 1 to 12.")

    def _check_versions(self) -> None:
        if len(self.versions) > VERSIONS_MAX:
            self._refuse("versions", f"there are more than {VERSIONS_MAX}; drop the oldest.")
        for version in self.versions:
            self._check_months("versions", version.months or {})
            if not version.says_something:
                self._refuse(
                    "versions",
                    f"the version from {version.start} changes nothing; write week, months or"
                    " holidays below it.",
                )
        for before, after in pairwise(self.versions):
            if before.start >= after.start:
                self._refuse(
                    "versions",
                    f"{after.start} does not come after {before.start}; write one version for each"
                    " day, the earliest first.",
                )

    def _check_derived(self, derived: Derivation) -> None:
        word = derivation_word(derived)
        if beside := self._layers_written():
            self._refuse(
                word,
                f"{beside[0]} stands beside it, but the open days come from other calendars; remove"
                " one of the two. Only `days` may overlay them.",
            )
        match derived:
            case Combination(calendars=names) if not SOURCES_MIN <= len(names) <= SOURCES_MAX:
                self._refuse(word, f"write {SOURCES_MIN} to {SOURCES_MAX} calendars.")
            case Shift(distance=distance) if not 1 <= abs(distance) <= SHIFT_MAX:
                self._refuse(word, f"days are moved by 1 to {SHIFT_MAX}, or -1 to -{SHIFT_MAX}.")
            case _:
                pass

    def _layers_written(self) -> list[str]:
        written = {
            "extends": self.extends is not None,
            "week": self.week is not None,
            "months": bool(self.months),
            "holidays": self.holidays is not None,
            "versions": bool(self.versions),
        }
        return [name for name, is_written in written.items() if is_written]

    def _refuse(self, field_name: str, problem: str) -> None:
        raise CalendarRefused(self.name, field=field_name, problem=problem)


def needed_names(definition: CalendarDefinition) -> tuple[str, ...]:
    """Return the names of the calendars without which this one says nothing, as written."""
    extended = () if definition.extends is None else (definition.extends,)
    return extended if definition.derived is None else (*extended, *definition.derived.names)


def renamed(definition: CalendarDefinition, rename: Callable[[str], str]) -> CalendarDefinition:
    """Return the definition with other names for the calendars that it needs."""
    extends, derived = definition.extends, definition.derived
    match derived:
        case Combination(calendars=names):
            derived = replace(derived, calendars=tuple(map(rename, names)))
        case Shift(calendar=calendar, by=by):
            renamed_by = None if by is None else rename(by)
            derived = replace(derived, calendar=rename(calendar), by=renamed_by)
        case None:
            pass
    extends = None if extends is None else rename(extends)
    return replace(definition, extends=extends, derived=derived)
