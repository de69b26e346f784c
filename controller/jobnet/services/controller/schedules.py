"""Shows schedules: what each starts and when next, and why a day has starts or has none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from jobnet.errors.plan import ScheduleSilent
from jobnet.ids import NetworkName
from jobnet.project import Document, Reading
from jobnet.project.schedule_bundles import PlannedSchedule, planned_schedule
from jobnet.schedules import Occurrence, ScheduleDefinition
from jobnet.schedules.explanation import DayExplanation
from jobnet.services.controller.document_texts import DocumentTexts, find_document
from jobnet.services.controller.plan.schedules import ScheduleBook, Source, Sources

KIND = "schedule"
NEXT_MAX = 1000
NEXT_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleView:
    """A schedule as it counts. ``problem`` says why it gives no starts, or not all of them.

    ``zones`` are those of its networks. ``known_until`` is the last day that its calendar knows.
    """

    name: str
    title: str
    path: str
    line: int
    networks: tuple[str, ...] = ()
    zones: Mapping[str, str] | None = None
    calendar: str | None = None
    rules: int = 0
    params: Mapping[str, object] | None = None
    misfire: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    known_until: date | None = None
    starts_on_condition: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStarts:
    """The next starts of a schedule, the earliest first."""

    name: str
    items: tuple[Occurrence, ...]


class Schedules:
    """The schedules of some texts; ``book`` compiles those of the same texts."""

    def __init__(
        self, texts: DocumentTexts, book: ScheduleBook, *, now: Callable[[], datetime], zone: str
    ) -> None:
        """Begin; ``zone`` is the one of networks for which nothing names one."""
        self._texts, self._book, self._now, self._zone = texts, book, now, zone

    def listed(self) -> tuple[ScheduleView, ...]:
        """Return all schedules by name."""

        def work(reading: Reading) -> list[tuple[Document, PlannedSchedule | None]]:
            found = reading.shelf.every(KIND)
            return [(one, planned_schedule(reading, one)) for one in found]

        found = self._texts.look(work)
        sources = self._book.current()[1]
        return tuple(self._view(*one, sources) for one in found)

    def show(self, name: str) -> ScheduleView:
        """Return one schedule; raises ``DocumentNotFound``."""

        def work(reading: Reading) -> tuple[Document, PlannedSchedule | None]:
            found = find_document(reading, KIND, name)
            return found, planned_schedule(reading, found)

        return self._view(*self._texts.look(work), self._book.current()[1])

    def next(
        self, name: str, *, count: int = NEXT_SHOWN, after: datetime | None = None
    ) -> NextStarts:
        """Return the next starts after an instant (None: now), at most ``NEXT_MAX``."""
        assert 0 < count <= NEXT_MAX, "whoever takes a count bounds it"
        compiled = self._source(name).compiled
        return NextStarts(name=name, items=compiled.next_starts(after or self._now(), count))

    def explain(self, name: str, day: date) -> DayExplanation:
        """Return why a schedule has starts on an operating day, or why it has none."""
        return self._source(name).compiled.explain(day)

    def _source(self, name: str) -> Source:
        """Return a schedule that can be asked; raises what is wrong with it."""
        document = self._texts.look(lambda reading: find_document(reading, KIND, name))
        sources = self._book.current()[1]
        found = next((one for one in sources.every if one.name == document.qualified_name), None)
        if found is None:
            problem = sources.problems.get(document.qualified_name, "it has no rules.")
            raise ScheduleSilent(document.qualified_name, problem=problem)
        return found

    def _view(
        self, document: Document, planned: PlannedSchedule | None, sources: Sources
    ) -> ScheduleView:
        bare = ScheduleView(
            name=document.qualified_name,
            title="",
            path=document.file,
            line=document.position.line,
            problem="; ".join(str(one) for one in document.problems if one.is_error),
        )
        if planned is None:
            return bare
        source = next((one for one in sources.every if one.name == planned.name), None)
        return replace(
            _with_definition(bare, planned.definition),
            zones={network: zone or self._zone for network, zone in _zones(planned).items()},
            known_until=None if source is None else source.compiled.known_until(),
            problem=sources.problems.get(planned.name, ""),
        )


def _zones(planned: PlannedSchedule) -> Mapping[NetworkName, str | None]:
    return dict(sorted(planned.zones.items()))


def _with_definition(view: ScheduleView, definition: ScheduleDefinition) -> ScheduleView:
    return replace(
        view,
        title=definition.title,
        networks=definition.networks,
        calendar=definition.calendar,
        rules=len(definition.rules),
        params=dict(definition.params),
        misfire=definition.misfire.policy.value,
        valid_from=definition.valid_from,
        valid_to=definition.valid_to,
        starts_on_condition=definition.start_on is not None,
    )
