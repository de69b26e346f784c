"""Knows the national holidays of a country, year by year, from the ``holidays`` library.

The library's dictionaries grow while they are read, so a calendar never holds one: it asks
here for one whole year, which is built once, kept and never changed. A year's list depends on
nothing but country, subdivision and the library's release; that keeps calendars deterministic
without compiling decades that nobody asks for (the library needs 0.4 s for ten years). The
language is fixed too, because the library would otherwise follow the machine's locale.

A year outside what the library knows is an error. The library itself answers "no holidays",
and a job would then run on New Year's Day of 2100.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import holidays
from holidays.registry import COUNTRIES

from jobnet.errors.calendars import CountryUnknown, HolidaysUnknown, SubdivisionUnknown

YEARS_KEPT_MAX = 2048

# The library knows fewer years than it says where it has to look up the moon: it gives an
# incomplete list and a warning, which a controller at night would not read.
_YEARS_COMPLETE = {"IN": (2001, 2035)}

_CODE_MAX = 64
_LANGUAGE = "en_US"


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayRule:
    """Which national holidays a calendar observes.

    ``closed`` False lifts them: they are ordinary days of the week, even if a calendar that
    this one extends closes them.
    """

    country: str
    subdivision: str | None = None
    closed: bool = True


@lru_cache(maxsize=YEARS_KEPT_MAX)
def holidays_of(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    """Return the days of one year with the holiday's name, substitute holidays included."""
    first, last = years_known(country)
    if not first <= year <= last:
        raise HolidaysUnknown(country, year=year, first_year=first, last_year=last)
    return MappingProxyType(dict(sorted(_listing(country, subdivision, year).items())))


@lru_cache(maxsize=YEARS_KEPT_MAX)
def years_known(country: str) -> tuple[int, int]:
    """Return the first and the last year that the library knows for a country."""
    entity = _entity(country)
    return _YEARS_COMPLETE.get(entity.country, (entity.start_year, entity.end_year))


def check_rule(rule: HolidayRule) -> None:
    """Refuse a country or a subdivision that the library does not have."""
    known = years_known(rule.country)
    if rule.subdivision is not None:
        holidays_of(rule.country, rule.subdivision, known[1])


def _entity(country: str) -> type[holidays.HolidayBase]:
    entity = _entities().get(country)
    if entity is None:
        raise CountryUnknown(country, near=_near_countries(country))
    return entity


def _listing(country: str, subdivision: str | None, year: int) -> holidays.HolidayBase:
    entity = _entity(country)
    if subdivision == "":  # the library would take it for the whole country
        raise SubdivisionUnknown(subdivision, country=country, near=())
    language = _LANGUAGE if _LANGUAGE in entity.supported_languages else entity.default_language
    try:
        return entity(subdiv=subdivision, years=year, expand=False, language=language)
    except NotImplementedError as error:
        near = _near_subdivisions(subdivision or "", entity)
        raise SubdivisionUnknown(subdivision or "", country=country, near=near) from error


@lru_cache(maxsize=1)
def _entities() -> Mapping[str, type[holidays.HolidayBase]]:
    """Return the library's class of each country, by its two-letter and three-letter codes."""
    found = {}
    for _, *codes in COUNTRIES.values():
        for code in codes:
            if code.isupper():
                found[code] = getattr(holidays, code)
    return found


def _near_countries(country: str) -> list[str]:
    """Return codes for something like a code in small letters or the country's name."""
    wanted = country[:_CODE_MAX].strip()
    if wanted.upper() in _entities():
        return [wanted.upper()]
    names = {key.replace("_", " "): value[1] for key, value in COUNTRIES.items()}
    if wanted.casefold() in names:
        return [names[wanted.casefold()]]
    return [names[name] for name in difflib.get_close_matches(wanted.casefold(), names, n=2)]


def _near_subdivisions(subdivision: str, entity: type[holidays.HolidayBase]) -> list[str]:
    wanted = subdivision[:_CODE_MAX].strip()
    known = {code.casefold(): code for code in entity.subdivisions}
    known |= {name.casefold(): code for name, code in entity.subdivisions_aliases.items()}
    near = difflib.get_close_matches(wanted.casefold(), known, n=2)
    return sorted({known[name] for name in near})
