"""Resolves the names that schedules, windows and start conditions hold, for whoever plans by them.

What a plan needs of an edition stands in the answers alone: definitions with qualified names, the
calendars that they lead to, and whose time zone counts. Nothing is worked out here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from jobnet.calendars import CalendarDefinition, compile_calendar
from jobnet.definition import Network
from jobnet.errors import ControllerError
from jobnet.ids import NetworkName
from jobnet.project.calendar_closures import CalendarClosure
from jobnet.project.nodes import entries
from jobnet.project.params import TEXT_TYPES, plain_value
from jobnet.project.places import place_of
from jobnet.project.problems import Level, Problem
from jobnet.project.reading import Reading
from jobnet.project.scalars import WrittenFloat, WrittenInt
from jobnet.project.shelf import Document, Shelf
from jobnet.project.start_conditions import renamed_condition
from jobnet.project.suggestions import shown, suggest
from jobnet.schedules import (
    Exclusion,
    ScheduleDefinition,
    StartCondition,
    WindowDefinition,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSchedule:
    """A schedule whose names are resolved; ``name`` and all names in it are qualified.

    ``zones`` says for each network which time zone counts, None: the installation's. Networks
    that nobody has applied are left out of ``definition``; ``problems`` tells of them.
    """

    name: str
    definition: ScheduleDefinition
    calendars: Mapping[str, CalendarDefinition]
    zones: Mapping[NetworkName, str | None]
    lacks_calendar: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTrigger:
    """What starts networks when something happens: a schedule's condition, or a network's own.

    ``schedule`` is None for the condition of a network, whose name is ``name`` then.
    ``calendar`` is a key of ``calendars``: its operating day counts.
    """

    name: str
    networks: tuple[NetworkName, ...]
    condition: StartCondition
    calendars: Mapping[str, CalendarDefinition]
    zones: Mapping[NetworkName, str | None]
    calendar: str | None = None
    schedule: ScheduleDefinition | None = None
    params: Mapping[str, object] = field(default_factory=dict)
    valid_from: date | None = None
    valid_to: date | None = None
    lacks_calendar: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedWindow:
    """A window whose names are resolved; ``zone`` None: the installation's."""

    name: str
    definition: WindowDefinition
    calendars: Mapping[str, CalendarDefinition]
    zone: str | None = None
    lacks_calendar: bool = False
    problems: tuple[Problem, ...] = ()


def schedules_of(reading: Reading) -> dict[str, PlannedSchedule]:
    """Return all schedules of a reading's project, by qualified name."""
    planned = (planned_schedule(reading, one) for one in reading.shelf.every("schedule"))
    return {one.name: one for one in planned if one is not None}


def triggers_of(reading: Reading) -> tuple[PlannedTrigger, ...]:
    """Return what starts networks when something happens: of networks first, then schedules."""
    shelf = reading.shelf
    raws = (raw for raw in shelf.library.every("network") if "start_on" in entries(raw.node))
    documents = (*map(shelf.document, raws), *shelf.every("schedule"))
    return tuple(one for document in documents for one in planned_triggers(reading, document))


def planned_triggers(reading: Reading, document: Document) -> Iterator[PlannedTrigger]:
    """Yield the one trigger of a network or schedule that bears a start condition."""
    value = document.value
    if isinstance(value, Network) and value.start_on is not None:
        yield _of_network(reading.shelf, document, value, value.start_on)
    elif isinstance(value, ScheduleDefinition) and value.start_on is not None:
        planned = planned_schedule(reading, document)
        if planned is not None and planned.definition.start_on is not None:
            yield _of_schedule(planned, planned.definition.start_on)


def windows_of(reading: Reading) -> dict[str, PlannedWindow]:
    """Return all windows of a reading's project, by qualified name."""
    planned = (planned_window(reading, one) for one in reading.shelf.every("window"))
    return {one.name: one for one in planned if one is not None}


def planned_schedule(reading: Reading, document: Document) -> PlannedSchedule | None:
    """Return a schedule with its names resolved, None for a document that is none."""
    schedule = document.value
    if not isinstance(schedule, ScheduleDefinition):
        return None
    resolution = _Resolution(reading.shelf, document)
    networks = resolution.networks(schedule.networks)
    calendar = resolution.calendar(schedule.calendar, "calendar")
    definition = replace(
        schedule,
        networks=tuple(networks),
        calendar=calendar,
        exclude=tuple(
            resolution.exclusion(one, index) for index, one in enumerate(schedule.exclude)
        ),
        params=_as_declared(schedule.params, networks.values()),
        start_on=resolution.condition(schedule.start_on),
    )
    return PlannedSchedule(
        name=document.qualified_name,
        definition=definition,
        calendars=resolution.closure.calendars,
        zones={
            name: schedule.timezone or resolution.zone_for(network, calendar)
            for name, network in networks.items()
        },
        lacks_calendar=bool(resolution.closure.missing),
        problems=tuple(resolution.problems),
    )


def planned_window(reading: Reading, document: Document) -> PlannedWindow | None:
    """Return a window with its names resolved, None for a document that is none."""
    window = document.value
    if not isinstance(window, WindowDefinition):
        return None
    resolution = _Resolution(reading.shelf, document)
    calendar = resolution.calendar(window.calendar, "calendar")
    definition = replace(
        window,
        queues=tuple(
            resolution.named("queue", name, f"queues[{index}]")
            for index, name in enumerate(window.queues)
        ),
        networks=tuple(
            resolution.named("network", name, f"networks[{index}]")
            for index, name in enumerate(window.networks)
        ),
        calendar=calendar,
    )
    return PlannedWindow(
        name=document.qualified_name,
        definition=definition,
        calendars=resolution.closure.calendars,
        zone=window.timezone or resolution.zone_of(calendar),
        lacks_calendar=bool(resolution.closure.missing),
        problems=tuple(resolution.problems),
    )


def _of_network(
    shelf: Shelf, document: Document, network: Network, condition: StartCondition
) -> PlannedTrigger:
    resolution = _Resolution(shelf, document)
    calendar = resolution.calendar(network.calendar, "calendar")
    return PlannedTrigger(
        name=network.name,
        networks=(network.name,),
        condition=resolution.condition(condition) or condition,
        calendars=resolution.closure.calendars,
        zones={network.name: network.timezone or resolution.zone_of(calendar)},
        calendar=calendar,
        lacks_calendar=bool(resolution.closure.missing),
        problems=tuple(resolution.problems),
    )


def _of_schedule(planned: PlannedSchedule, condition: StartCondition) -> PlannedTrigger:
    schedule = planned.definition
    return PlannedTrigger(
        name=planned.name,
        networks=tuple(NetworkName(name) for name in schedule.networks),
        condition=condition,
        calendars=planned.calendars,
        zones=planned.zones,
        calendar=schedule.calendar,
        schedule=schedule,
        params=schedule.params,
        valid_from=schedule.valid_from,
        valid_to=schedule.valid_to,
        lacks_calendar=planned.lacks_calendar,
        problems=planned.problems,
    )


class _Resolution:
    """What the names of one document mean, and which of them mean nothing."""

    def __init__(self, shelf: Shelf, document: Document) -> None:
        self.shelf = shelf
        self.document = document
        self.closure = CalendarClosure(shelf)
        self.problems: list[Problem] = []
        self._zones: dict[str, str | None] = {}

    def networks(self, names: tuple[str, ...]) -> dict[NetworkName, Network]:
        """Return the networks that are there, by qualified name."""
        found: dict[NetworkName, Network] = {}
        for index, name in enumerate(names):
            document = self.shelf.find("network", name, self.document.folder)
            if document is None:
                self._tell_unknown("network", name, f"networks[{index}]")
            elif isinstance(document.value, Network):
                found[document.value.name] = document.value
            else:
                what = f"The network `{shown(name)}` has errors"
                self._tell("network_with_errors", what, "Mend it first", f"networks[{index}]")
        return found

    def named(self, kind: str, name: str, at: str, *, level: Level = Level.ERROR) -> str:
        """Return the qualified name of a document; as written where there is none."""
        document = self.shelf.find(kind, name, self.document.folder)
        if document is None:
            self._tell_unknown(kind, name, at, level)
            return name
        return document.qualified_name

    def _source(self, kind: str, name: str, at: str) -> str:
        """Return what a source names; a network may live where this reading does not reach."""
        level = Level.WARNING if kind == "network" else Level.ERROR
        return self.named(kind, name, at, level=level)

    def calendar(self, name: str | None, at: str) -> str | None:
        """Return the qualified name of a calendar, and keep what it is made of."""
        if name is None:
            return None
        before = len(self.closure.missing)
        key = self.closure.take(name, self.document.folder)
        for what, hint in self.closure.missing[before:]:
            self._tell("unknown_calendar", what, hint, at)
        return key

    def exclusion(self, exclusion: Exclusion, index: int) -> Exclusion:
        """Return an exclusion that names its calendar in full."""
        key = self.calendar(exclusion.calendar, f"exclude[{index}].calendar")
        return replace(exclusion, calendar=key)

    def condition(self, condition: StartCondition | None) -> StartCondition | None:
        """Return a start condition that names networks and credentials in full."""
        if condition is None:
            return None
        return renamed_condition(condition, self._source)

    def zone_for(self, network: Network, calendar: str | None) -> str | None:
        """Return the zone of a network that is started by a calendar, or None."""
        if network.timezone is not None:
            return network.timezone
        if calendar is None and network.calendar is not None:
            own = CalendarClosure(self.shelf)
            return self._zone_in(own, own.take(network.calendar, network.folder))
        return self.zone_of(calendar)

    def zone_of(self, calendar: str | None) -> str | None:
        """Return the zone that a calendar or one that it extends gives, or None."""
        return None if calendar is None else self._zone_in(self.closure, calendar)

    def _zone_in(self, closure: CalendarClosure, calendar: str) -> str | None:
        if calendar not in self._zones:
            self._zones[calendar] = _zone(calendar, closure.calendars)
        return self._zones[calendar]

    def _tell_unknown(self, kind: str, name: str, at: str, level: Level = Level.ERROR) -> None:
        known = self.shelf.names(kind, self.document.folder)
        hint = suggest(name, known, otherwise=f"Add a document with kind: {kind}")
        what = f"No {kind} is called `{shown(name)}`"
        self._tell(f"unknown_{kind}", what, hint, at, level)

    def _tell(self, code: str, what: str, hint: str, at: str, level: Level = Level.ERROR) -> None:
        position = place_of(self.shelf, self.document, at)
        self.problems.append(
            Problem(severity=level, code=code, position=position, path=at, what=what, hint=hint)
        )


def _as_declared(params: Mapping[str, object], networks: Iterable[Network]) -> dict[str, object]:
    """Return params as plain data; where a network wants a text, 1.10 is the text that it was."""
    texts = {
        name
        for network in networks
        for name, param in network.params.items()
        if param.type in TEXT_TYPES
    }
    return {
        name: value.text
        if name in texts and isinstance(value, WrittenInt | WrittenFloat)
        else plain_value(value)
        for name, value in params.items()
    }


def _zone(calendar: str, calendars: Mapping[str, CalendarDefinition]) -> str | None:
    if calendar not in calendars:
        return None
    try:
        return compile_calendar(calendars[calendar], parents=calendars).zone
    except ControllerError:
        return None  # whoever compiles it to plan by it tells why
