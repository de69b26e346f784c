"""Compiles the schedules of an edition and draws starts from them, for a span or one by one.

A schedule that cannot be compiled, or whose calendar ends, is a problem that is told: where no
start is planned, somebody must be able to read why.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Protocol, TypeVar

from jobnet.calendars import EVERY_DAY_OPEN, Calendar, compile_calendar
from jobnet.errors import ControllerError
from jobnet.errors.plan import ScheduleSilent
from jobnet.ids import EditionId, NetworkName
from jobnet.ports.plain_values import to_json
from jobnet.project import Reading
from jobnet.project.schedule_bundles import PlannedSchedule, schedules_of
from jobnet.schedules import Occurrence, OccurrenceKey
from jobnet.schedules.compilation import compile_schedule
from jobnet.schedules.compiled import CompiledSchedule
from jobnet.services.controller.editions import Kept
from jobnet.services.controller.plan.drawn import Drawn, drawn, is_shown, merged, root_of
from jobnet.services.controller.plan.misfire import misfire_text

EDITIONS_KEPT_MAX: Final = 4
DAYS_BEFORE: Final = 3
"""A start lies up to two dates after its operating day's, and a zone up to one from UTC's."""
DAYS_AFTER: Final = 1
PROBLEM_MAX: Final = 1_000
ENDS_SOON: Final = timedelta(days=60)
"""A schedule whose calendar ends within so long is told of."""

Found = TypeVar("Found")


class Definitions(Protocol):
    """What the plan needs of the definitions that have been applied."""

    def current(self) -> EditionId:
        """Return the latest edition."""

    def look(self, work: Callable[[Reading], Found], *, edition: EditionId | None = None) -> Found:
        """Return what somebody finds in the texts of an edition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One schedule that gives starts; ``params`` and ``misfire`` are as rows keep them."""

    name: str
    compiled: CompiledSchedule
    networks: frozenset[str]
    params: str
    misfire: str

    def draw(self, first: date, last: date) -> Iterator[Drawn]:
        """Yield the starts of operating days, as far as the calendars say anything."""
        begin, end = self.compiled.known_from(), self.compiled.known_until()
        first = first if begin is None else max(first, begin)
        last = last if end is None else min(last, end)
        if first > last:
            return
        for occurrence in self.compiled.occurrences(first, last):
            if is_shown(occurrence):
                yield self._drawn(occurrence)

    def _drawn(self, occurrence: Occurrence) -> Drawn:
        return drawn(occurrence, params=self.params, misfire=self.misfire)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The schedules of an edition; ``problems`` by the name of those that give nothing."""

    every: tuple[Source, ...]
    problems: Mapping[str, str]

    @property
    def names(self) -> frozenset[str]:
        """Return the names of the schedules that give starts."""
        return frozenset(source.name for source in self.every)

    def between(
        self, first: datetime, last: datetime, *, network: NetworkName | None = None
    ) -> tuple[list[Drawn], dict[str, str]]:
        """Return the starts from an instant to before another, by start and key.

        With them come the schedules that could not say theirs, and why.
        """
        found: list[Drawn] = []
        problems: dict[str, str] = {}
        from_day = (first - timedelta(days=DAYS_BEFORE)).date()
        to_day = (last + timedelta(days=DAYS_AFTER)).date()
        for source in self.every:
            if network is not None and network not in source.networks:
                continue
            try:
                found += [
                    each
                    for each in source.draw(from_day, to_day)
                    if first <= each.start < last and network in {None, each.key.network}
                ]
            except Exception as error:  # noqa: BLE001 - one schedule silences no other
                problems[source.name] = _said(error)
        return merged(found), problems

    def silent(self, problems: Mapping[str, str]) -> frozenset[str]:
        """Return the schedules whose starts nobody knows; ``problems`` are those of ``between``."""
        return frozenset(problems) | (frozenset(self.problems) - self.names)

    def start_of(self, key: OccurrenceKey) -> Drawn | None:
        """Return the start that the rules give for a key, None where they give none.

        Raises what is wrong with the schedule, so that nobody takes silence for an answer.
        """
        return self.of_day(key.schedule, key.operating_day).get(root_of(key))

    def of_day(self, schedule: str, day: date) -> Mapping[OccurrenceKey, Drawn]:
        """Return the starts of a schedule on an operating day; raises as ``start_of``."""
        for source in self.every:
            if source.name == schedule:
                return {each.key: each for each in source.draw(day, day)}
        if schedule in self.problems:
            raise ScheduleSilent(schedule, problem=self.problems[schedule])
        return {}

    def ends(self, today: date) -> dict[str, date]:
        """Return the schedules whose calendar ends soon or has ended, with its last day."""
        found = {source.name: source.compiled.known_until() for source in self.every}
        return {
            name: last
            for name, last in found.items()
            if last is not None and last - today < ENDS_SOON
        }


class ScheduleBook:
    """The compiled schedules of editions; ``zone`` is that of networks that name none."""

    def __init__(self, definitions: Definitions, *, zone: str) -> None:
        self._definitions, self._zone = definitions, zone
        self._kept: Kept[EditionId, Sources] = Kept(EDITIONS_KEPT_MAX)

    def edition(self) -> EditionId:
        """Return the latest edition."""
        return self._definitions.current()

    def current(self) -> tuple[EditionId, Sources]:
        """Return the latest edition and its schedules."""
        edition = self._definitions.current()
        return edition, self.of(edition)

    def of(self, edition: EditionId) -> Sources:
        """Return the schedules of an edition."""
        return self._kept.get(
            edition, lambda: self.compiled(self._definitions.look(schedules_of, edition=edition))
        )

    def compiled(self, planned: Mapping[str, PlannedSchedule]) -> Sources:
        """Return schedules ready to be asked."""
        every, problems = [], {}
        made: dict[str, Calendar] = {}  # one for all schedules that name it
        for name, schedule in sorted(planned.items()):
            problem = "; ".join(one.what for one in schedule.problems)
            if problem:
                problems[name] = problem
            if schedule.lacks_calendar or not schedule.definition.rules:
                continue
            try:
                every.append(self._source(schedule, made))
            except Exception as error:  # noqa: BLE001 - one schedule silences no other
                problems[name] = _said(error)
        return Sources(every=tuple(every), problems=problems)

    def _source(self, planned: PlannedSchedule, made: dict[str, Calendar]) -> Source:
        definition = replace(planned.definition, name=planned.name)  # keys have the whole name
        calendars = _named_calendars(planned, made)
        compiled = compile_schedule(
            definition,
            calendar=_calendar(definition.calendar, calendars),
            exclusions=calendars,
            zones={name: zone or self._zone for name, zone in planned.zones.items()},
        )
        return Source(
            name=planned.name,
            compiled=compiled,
            networks=frozenset(definition.networks),
            params=json.dumps(to_json(dict(definition.params)), sort_keys=True),
            misfire=misfire_text(definition.misfire),
        )


def _named_calendars(planned: PlannedSchedule, made: dict[str, Calendar]) -> Mapping[str, Calendar]:
    """Return the calendars that a schedule names; those that they extend need not be whole."""
    definition, every = planned.definition, planned.calendars
    written = (definition.calendar, *(one.calendar for one in definition.exclude))
    named = [name for name in written if name is not None and name in every]
    for name in named:
        if name not in made:
            made[name] = compile_calendar(every[name], parents=every)
    return {name: made[name] for name in named}


def _said(error: Exception) -> str:
    """Return what is wrong; a fault of Jobnet's own is told with its kind."""
    said = str(error) if isinstance(error, ControllerError) else repr(error)
    return said[:PROBLEM_MAX]


def _calendar(name: str | None, calendars: Mapping[str, Calendar]) -> Calendar:
    return EVERY_DAY_OPEN if name is None else calendars[name]
