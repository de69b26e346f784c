"""Makes of the start conditions of an edition what can be judged, with calendar and zone."""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Protocol, TypeVar
from zoneinfo import ZoneInfo

from jobnet.calendars import EVERY_DAY_OPEN, Calendar, compile_calendar, find_zone
from jobnet.errors import ControllerError
from jobnet.ids import EditionId
from jobnet.project import Reading
from jobnet.project.schedule_bundles import PlannedTrigger, triggers_of
from jobnet.schedules import Leaf, StartCondition, leaves
from jobnet.schedules.absences import Absences
from jobnet.schedules.judging import day_of
from jobnet.services.controller.editions import Kept
from jobnet.services.controller.triggers.credentials import Secret, secrets_of

EDITIONS_KEPT_MAX: Final = 4

Found = TypeVar("Found")


class Definitions(Protocol):
    """What triggers need of the definitions that have been applied."""

    def current(self) -> EditionId:
        """Return the latest edition."""

    def look(self, work: Callable[[Reading], Found], *, edition: EditionId | None = None) -> Found:
        """Return what somebody finds in the texts of an edition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """One start condition; ``id`` is ``network NAME`` or ``schedule NAME``.

    ``digest`` changes when it waits for something else. ``problem`` "": it can be judged.
    """

    id: str
    planned: PlannedTrigger
    digest: str
    zone: ZoneInfo
    calendar: Calendar
    absences: Absences | None = None
    problem: str = ""

    @property
    def condition(self) -> StartCondition:
        """What has to happen."""
        return self.planned.condition

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """The sources of the condition."""
        return leaves(self.condition.when)

    def day(self, at: datetime, *, own_day: date | None = None) -> date | None:
        """Return the operating day of something that came, None where it does not count."""
        base = self.calendar.base_time
        found = day_of(self.condition, at, zone=self.zone, base_time=base, own_day=own_day)
        first, last = self.planned.valid_from, self.planned.valid_to
        if found is None or (first is not None and found < first):
            return None
        if last is not None and found > last:
            return None
        with suppress(ControllerError):  # who starts it asks again, and tells what is wrong
            return None if self.is_absent(found) else found
        return found

    def is_absent(self, day: date) -> bool:
        """Return whether the schedule excludes or pauses a day; raises what nobody can tell."""
        ordinal = day.toordinal()
        return self.absences is not None and bool(self.absences.between(ordinal, ordinal))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All triggers of an edition by id, and the secrets that their webhooks are signed with."""

    edition: EditionId
    triggers: Mapping[str, Trigger]
    secrets: Mapping[str, Secret]


class TriggerBook:
    """The triggers of an installation; ``zone`` is that of networks that name none."""

    def __init__(self, definitions: Definitions, *, zone: str) -> None:
        self._definitions, self._zone = definitions, zone
        self._sheets: Kept[EditionId, Sheet] = Kept(EDITIONS_KEPT_MAX)

    def sheet(self) -> Sheet:
        """Return the triggers of the latest edition."""
        edition = self._definitions.current()
        return self._sheets.get(edition, lambda: self._made(edition))

    def _made(self, edition: EditionId) -> Sheet:
        def read(reading: Reading) -> tuple[tuple[PlannedTrigger, ...], Mapping[str, Secret]]:
            planned = triggers_of(reading)
            return planned, secrets_of(reading, planned)

        planned, secrets = self._definitions.look(read, edition=edition)
        made = (self._trigger(one) for one in planned)
        return Sheet(edition=edition, triggers={one.id: one for one in made}, secrets=secrets)

    def _trigger(self, planned: PlannedTrigger) -> Trigger:
        kind = "network" if planned.schedule is None else "schedule"
        problem = "; ".join(one.what for one in planned.problems)
        calendar = EVERY_DAY_OPEN
        zone, absences = ZoneInfo(self._zone), None
        try:
            named = next(iter(planned.zones.values()), None)
            zone = find_zone(named or self._zone)
            if planned.calendar is not None and not planned.lacks_calendar:
                calendar = _compiled(planned, planned.calendar)
            absences = _absences(planned, calendar)
        except ControllerError as error:
            problem = problem or str(error)
        return Trigger(
            id=f"{kind} {planned.name}",
            planned=planned,
            digest=hashlib.sha256(repr(planned.condition).encode()).hexdigest()[:32],
            zone=zone,
            calendar=calendar,
            absences=absences,
            problem=problem,
        )


def _absences(planned: PlannedTrigger, calendar: Calendar) -> Absences | None:
    """Return the days on which the trigger's schedule starts nothing."""
    schedule = planned.schedule
    if schedule is None or planned.lacks_calendar:
        return None
    named = (one.calendar for one in schedule.exclude if one.calendar is not None)
    exclusions = {name: _compiled(planned, name) for name in named}
    return Absences.of(schedule.exclude, schedule.pauses, calendar=calendar, exclusions=exclusions)


def _compiled(planned: PlannedTrigger, name: str) -> Calendar:
    return compile_calendar(planned.calendars[name], parents=planned.calendars)
