"""Makes a calendar of its definition and of the definitions that it needs.

Everything that can be wrong with them is found here, before the first day is asked for: one that
is missing, a circle, a country nobody knows, validities that never overlap.
"""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from jobnet.calendars.calendar import Calendar
from jobnet.calendars.clock import MIDNIGHT
from jobnet.calendars.days import DaySource
from jobnet.calendars.definition import CalendarDefinition
from jobnet.calendars.derivation import Derivation, Shift, derivation_word
from jobnet.calendars.derived_days import (
    CombinedDays,
    ShiftedDays,
    known_shifted,
    known_together,
)
from jobnet.calendars.instants import find_zone
from jobnet.calendars.merging import merged
from jobnet.errors.calendars import (
    CalendarCycle,
    CalendarRefused,
    CalendarTooDeep,
    CalendarUnknown,
)

ANCESTORS_MAX = 16

_Value = TypeVar("_Value")
_Links = tuple[CalendarDefinition, ...]


def compile_calendar(
    definition: CalendarDefinition, *, parents: Mapping[str, CalendarDefinition] | None = None
) -> Calendar:
    """Return the calendar; ``parents`` finds the other definitions by the names in this one.

    Zone, base time and month start come from the nearest calendar that gives one; for a derived
    one also from the first calendar that it names. Validity narrows: a day must be valid in every
    calendar that has a say.
    """
    return _Compilation(parents or {}).calendar(definition, above=_Way())


@dataclass(frozen=True, slots=True)
class _Way:
    """The definitions that led here, and the names by which they were found."""

    links: _Links = ()
    names: tuple[str, ...] = ()

    def to(self, link: CalendarDefinition, name: str) -> "_Way":
        """Return the way that is one definition longer."""
        return _Way((*self.links, link), (*self.names, name))


@dataclass(frozen=True, slots=True)
class _Compilation:
    """The calendars made so far; one that several others need is made once."""

    parents: Mapping[str, CalendarDefinition]
    made: dict[str, Calendar] = field(default_factory=dict)

    def calendar(self, definition: CalendarDefinition, *, above: _Way) -> Calendar:
        """Return the calendar of a definition to which a way has led."""
        way = above if above.links else _Way().to(definition, definition.name)
        chain, way = self._chain(definition, way)
        derived = chain[-1].derived
        sources = () if derived is None else self._sources(chain[-1], derived, way)
        base = None if derived is None else _derived_days(chain[-1].name, derived, sources)
        valid_from, valid_to = _validity(chain, sources)
        zone = _nearest(chain, lambda link: link.timezone)
        if zone is not None:
            find_zone(zone)
        leader = sources[0] if sources else None
        return Calendar(
            name=definition.name,
            source=merged(chain, base),
            zone=zone or (leader.zone if leader else None),
            base_time=_nearest(chain, lambda link: link.base_time)
            or (leader.base_time if leader else MIDNIGHT),
            month_starts_on=_nearest(chain, lambda link: link.month_starts_on)
            or (leader.month_starts_on if leader else 1),
            valid_from=valid_from,
            valid_to=valid_to,
        )

    def _chain(self, definition: CalendarDefinition, way: _Way) -> tuple[_Links, _Way]:
        """Return the definition and its ancestors, the nearest first, and the way to the last."""
        chain = [definition]
        while (extends := chain[-1].extends) is not None:
            parent = self._found(extends, way, word="extends")
            chain.append(parent)
            way = way.to(parent, extends)
        return tuple(chain), way

    def _sources(
        self, definition: CalendarDefinition, derived: Derivation, way: _Way
    ) -> tuple[Calendar, ...]:
        """Return the calendars of which a definition is derived, in the order of its text."""
        word = derivation_word(derived)
        for name in derived.names:
            source = self._found(name, way, word=word)
            if name not in self.made:
                self.made[name] = self.calendar(source, above=way.to(source, name))
        sources = tuple(self.made[name] for name in derived.names)
        first, last = known_together(sources)
        if first > last:
            problem = "these calendars are never valid at the same time; mend their `valid`."
            raise CalendarRefused(definition.name, field=word, problem=problem)
        return sources

    def _found(self, name: str, way: _Way, *, word: str) -> CalendarDefinition:
        by = way.links[-1].name
        if name not in self.parents:
            near = difflib.get_close_matches(name[:100], sorted(self.parents), n=2)
            raise CalendarUnknown(name, extended_by=by, near=near, word=word)
        found = self.parents[name]
        if any(found is link or found == link for link in way.links):
            raise CalendarCycle([*way.names, name])
        if len(way.links) > ANCESTORS_MAX:
            raise CalendarTooDeep(way.links[0].name, ancestors_max=ANCESTORS_MAX)
        return found


def _derived_days(name: str, derived: Derivation, sources: tuple[Calendar, ...]) -> DaySource:
    if isinstance(derived, Shift):
        by = sources[1] if derived.by is not None else None
        distance = derived.distance
        known = known_shifted(sources[0], by, distance)
        return ShiftedDays(name=name, calendar=sources[0], distance=distance, by=by, known=known)
    known = known_together(sources)
    return CombinedDays(name=name, operation=derived.operation, calendars=sources, known=known)


def _validity(chain: _Links, sources: tuple[Calendar, ...]) -> tuple[date | None, date | None]:
    everyone: tuple[CalendarDefinition | Calendar, ...] = (*chain, *sources)
    first = max((one.valid_from for one in everyone if one.valid_from), default=None)
    last = min((one.valid_to for one in everyone if one.valid_to), default=None)
    if first and last and first > last:
        problem = (
            f"together with the calendars that it needs, it would begin on {first} and end on"
            f" {last}; no day is valid in all of them."
        )
        raise CalendarRefused(chain[0].name, field="valid", problem=problem)
    return first, last


def _nearest(chain: _Links, pick: Callable[[CalendarDefinition], _Value | None]) -> _Value | None:
    return next((value for link in chain if (value := pick(link)) is not None), None)
