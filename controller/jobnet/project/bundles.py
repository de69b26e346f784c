"""Resolves every name that a network uses into the one bundle that a run pins.

A called network, a calendar and a notification must exist. A network that is only waited
for, and a queue, may live where the file does not reach: those are warnings.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from jobnet.calendars import CalendarDefinition, needed_names, renamed
from jobnet.definition import (
    Bundle,
    CalendarBranch,
    Network,
    Notification,
    Notify,
    Part,
    Queue,
    SubNetwork,
    WaitNetwork,
    WaitPart,
    walk,
)
from jobnet.errors.project import DefinitionRefused, NetworkNotFound
from jobnet.ids import NetworkName
from jobnet.project.calls import call_problems
from jobnet.project.problems import Findings, Level, Problem
from jobnet.project.project_documents import project_problems, with_project
from jobnet.project.reading import Reading
from jobnet.project.renaming import is_document_name, renamed_flow
from jobnet.project.shelf import Document, Shelf
from jobnet.project.suggestions import shown, suggest

MAY_BE_ELSEWHERE = frozenset({"queue", "awaited"})
TITLES = {
    "network": "network",
    "calendar": "calendar",
    "notification": "notification",
    "queue": "queue",
    "awaited": "network",
}


@dataclass(frozen=True, slots=True)
class Use:
    """One name as a part or a network writes it."""

    kind: str
    name: str
    part: Part | None
    path: str


@dataclass(slots=True)
class _Resolution:
    """What has been found for one bundle so far."""

    shelf: Shelf
    findings: Findings = field(default_factory=Findings)
    networks: dict[NetworkName, Network] = field(default_factory=dict)
    calendars: dict[str, CalendarDefinition] = field(default_factory=dict)
    queues: dict[str, Queue] = field(default_factory=dict)
    notifications: dict[str, Notification] = field(default_factory=dict)
    under_way: list[NetworkName] = field(default_factory=list)

    def network(self, network: Network) -> None:
        """Resolve the names of a network and of those that it calls."""
        if network.name in self.networks:
            return
        projects = self.shelf.above("project", network.folder)
        self.findings.extend(project_problems(projects))
        network = with_project(network, projects)
        self.under_way.append(network.name)
        self.networks[network.name] = network  # its place, until its names are resolved
        keys: dict[tuple[str, str], str] = {}
        for use in uses(network):
            keys[use.kind, use.name] = self._key(use, network)
        self.findings.extend(call_problems(network, self._called(network)))
        self.networks[network.name] = _with_keys(network, keys)
        self.under_way.pop()

    def _called(self, network: Network) -> dict[str, Network]:
        found = {
            name: self.shelf.find("network", name, network.folder)
            for name in network.called_networks
        }
        return {
            name: one.value
            for name, one in found.items()
            if one is not None and isinstance(one.value, Network)
        }

    def _key(self, use: Use, network: Network) -> str:
        kind = "network" if use.kind == "awaited" else use.kind
        found = self.shelf.find(kind, use.name, network.folder)
        if found is None:
            self._tell_unknown(use, kind, network)
            return use.name
        if use.kind != "awaited":
            self._take(found, use, network)
        return found.qualified_name

    def _take(self, found: Document, use: Use, network: Network) -> None:
        self.findings.extend(found.problems)
        value, name = found.value, found.qualified_name
        match value:
            case Network():
                self._take_network(value, use, network)
            case CalendarDefinition():
                self._take_calendar(found, use, network)
            case Queue():
                self.queues[name] = value
            case Notification():
                self.notifications[name] = value
            case _:
                pass

    def _take_network(self, value: Network, use: Use, network: Network) -> None:
        if value.name in self.under_way:
            circle = " > ".join([*self.under_way[self.under_way.index(value.name) :], value.name])
            self._tell(
                use,
                network,
                "recursion",
                f"These networks call each other: {circle}",
                "A network never calls itself; use a continuity or a for-each",
            )
            return
        self.network(value)

    def _take_calendar(self, taken: Document, use: Use, network: Network) -> None:
        """Take a calendar and those that it is made of; a circle is found when it is compiled."""
        waiting = [taken]
        while waiting:
            document = waiting.pop()
            value, name = document.value, document.qualified_name
            if name in self.calendars or not isinstance(value, CalendarDefinition):
                continue
            keys: dict[str, str] = {}
            for needed in needed_names(value):
                found = self.shelf.find("calendar", needed, value.folder)
                if found is None:
                    known = self.shelf.names("calendar", value.folder)
                    what = f"`{name}` needs the calendar `{shown(needed)}`, which is not there"
                    self._tell(use, network, "unknown_calendar", what, suggest(needed, known))
                    continue
                keys[needed] = found.qualified_name
                self.findings.extend(found.problems)
                waiting.append(found)
            self.calendars[name] = _with_known_names(value, keys)

    def _tell_unknown(self, use: Use, kind: str, network: Network) -> None:
        known = self.shelf.names(kind, network.folder)
        where = "beside this file or above it"
        hint = suggest(use.name, known, otherwise=f"Add a document with kind: {kind} {where}")
        level = Level.WARNING if use.kind in MAY_BE_ELSEWHERE else Level.ERROR
        self._tell(
            use,
            network,
            f"unknown_{kind}",
            f"No {TITLES[use.kind]} is called `{shown(use.name)}`",
            hint,
            level,
        )

    def _tell(
        self,
        use: Use,
        network: Network,
        code: str,
        what: str,
        hint: str,
        level: Level = Level.ERROR,
    ) -> None:
        position = use.part.position if use.part else network.position
        self.findings.add(
            Problem(
                severity=level, code=code, position=position, path=use.path, what=what, hint=hint
            )
        )


def _with_known_names(value: CalendarDefinition, keys: dict[str, str]) -> CalendarDefinition:
    return renamed(value, lambda name: keys.get(name, name))


def bundle(reading: Reading, network: NetworkName) -> Bundle:
    """Return everything that a run of the network pins.

    Raises ``DefinitionRefused`` with all the errors of the documents that it needs; warnings
    are for ``lint``.
    """
    made, problems = resolve(reading, network)
    errors = [problem for problem in problems if problem.is_error]
    if made is None or errors:
        raise DefinitionRefused(errors)
    return made


def resolve(reading: Reading, network: NetworkName) -> tuple[Bundle | None, tuple[Problem, ...]]:
    """Return the bundle, None where the network itself has errors, and every problem."""
    document = _document(reading, network)
    resolution = _Resolution(reading.shelf)
    resolution.findings.extend(document.problems)
    if not isinstance(document.value, Network):
        return None, resolution.findings.in_order()
    resolution.network(document.value)
    made = Bundle(
        main=network,
        networks=resolution.networks,
        calendars=resolution.calendars,
        queues=resolution.queues,
        notifications=resolution.notifications,
    )
    return made, resolution.findings.in_order()


def _document(reading: Reading, network: NetworkName) -> Document:
    for document in reading.documents:
        if document.kind == "network" and document.qualified_name == network:
            return document
    found = reading.shelf.find("network", network, "")
    if found is None:
        known = [one.qualified_name for one in reading.documents if one.kind == "network"]
        hint = suggest(network, known)
        raise NetworkNotFound(network, file=reading.file or "The project", known=known, hint=hint)
    return found


def uses(network: Network) -> Iterator[Use]:
    """Yield every name of another document that a network's text holds, as written."""
    if network.calendar is not None:
        yield Use("calendar", network.calendar, None, "calendar")
    if network.placement.queue is not None:
        yield Use("queue", network.placement.queue, None, "queue")
    for part in walk(network.flow):
        if part.placement.queue is not None:
            yield Use("queue", part.placement.queue, part, f"{part.path}.queue")
        yield from _uses_of(part)


def _uses_of(part: Part) -> Iterator[Use]:
    match part.body:
        case SubNetwork(network=name):
            yield Use("network", name, part, f"{part.path}.network")
        case WaitNetwork(network=name):
            yield Use("awaited", name, part, f"{part.path}.wait_network.network")
        case WaitPart(network=str() as name):
            yield Use("awaited", name, part, f"{part.path}.wait_part.network")
        case CalendarBranch(calendar=str() as name):
            yield Use("calendar", name, part, f"{part.path}.calendar_branch.calendar")
        case Notify(to=addresses):
            for index, one in enumerate(addresses):
                if is_document_name(one):
                    yield Use("notification", one.text, part, f"{part.path}.notify.to[{index}]")
        case _:
            pass


def _with_keys(network: Network, keys: dict[tuple[str, str], str]) -> Network:
    def rename(kind: str, name: str) -> str:
        return keys.get((kind, name)) or keys.get(("awaited", name)) or name

    if all(name == key for (_, name), key in keys.items()):
        return network
    placement, calendar = network.placement, network.calendar
    return replace(
        network,
        flow=renamed_flow(network.flow, rename),
        calendar=rename("calendar", calendar) if calendar is not None else None,
        placement=replace(placement, queue=rename("queue", placement.queue))
        if placement.queue is not None
        else placement,
    )
