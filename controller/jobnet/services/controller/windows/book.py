"""Works out when windows are open: those of the definitions and those opened by hand.

What the rules give is worked out once for an edition and some days, and kept at hand. A window
whose calendar says nothing about one of these days is told as a problem and counts as closed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from jobnet.calendars import EVERY_DAY_OPEN, Calendar, compile_calendar, find_zone
from jobnet.errors import ControllerError
from jobnet.ids import EditionId
from jobnet.project import Reading
from jobnet.project.schedule_bundles import PlannedWindow, windows_of
from jobnet.schedules.windows import WindowSpan, spans
from jobnet.services.controller.editions import Kept
from jobnet.services.controller.windows.by_hand import (
    Settings,
    opened_by_hand,
    without_closed_early,
)

EDITIONS_KEPT_MAX = 4
STRETCHES_KEPT_MAX = 8
STRETCH = timedelta(days=3)
"""What counts now is worked out for so long at once."""
AHEAD = timedelta(days=2)

Found = TypeVar("Found")


class Definitions(Protocol):
    """What windows need of the definitions that have been applied."""

    def current(self) -> EditionId:
        """Return the latest edition."""

    def look(self, work: Callable[[Reading], Found], *, edition: EditionId | None = None) -> Found:
        """Return what somebody finds in the texts of an edition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowSheet:
    """Spans in order of time; ``problems`` say by window's name what could not be worked out."""

    spans: tuple[WindowSpan, ...]
    problems: Mapping[str, str]


class WindowBook:
    """The windows of an installation; ``zone`` is that of windows that name none."""

    def __init__(self, definitions: Definitions, *, zone: str) -> None:
        self._definitions, self._zone = definitions, zone
        self._planned: Kept[EditionId, Mapping[str, PlannedWindow]] = Kept(EDITIONS_KEPT_MAX)
        self._sheets: Kept[tuple[EditionId, datetime], WindowSheet] = Kept(STRETCHES_KEPT_MAX)

    def planned(self) -> Mapping[str, PlannedWindow]:
        """Return the windows of the latest edition by qualified name."""
        return self._planned_in(self._definitions.current())

    def between(self, first: datetime, last: datetime, settings: Settings) -> WindowSheet:
        """Return all windows that are open at any time from an instant to before another."""
        return _with_hand(self._by_rules(self.planned(), first, last), first, last, settings)

    def around(self, now: datetime, settings: Settings) -> WindowSheet:
        """Return the windows that are open now or open within two days."""
        return counting(self.by_rules(self._definitions.current(), now), now, settings)

    def by_rules(self, edition: EditionId, now: datetime) -> WindowSheet:
        """Return what the rules of an edition give for these days; it is worked out once."""
        begin = datetime(now.year, now.month, now.day, tzinfo=UTC)
        return self._sheets.get(
            (edition, begin),
            lambda: self._by_rules(self._planned_in(edition), begin, begin + STRETCH),
        )

    def _planned_in(self, edition: EditionId) -> Mapping[str, PlannedWindow]:
        return self._planned.get(
            edition, lambda: self._definitions.look(windows_of, edition=edition)
        )

    def _by_rules(
        self, planned: Mapping[str, PlannedWindow], first: datetime, last: datetime
    ) -> WindowSheet:
        found: list[WindowSpan] = []
        problems: dict[str, str] = {}
        for name, window in planned.items():
            try:
                found.extend(self._spans(window, first, last))
            except ControllerError as error:
                problems[name] = str(error)
        in_order = sorted(found, key=lambda span: (span.first, span.window))
        return WindowSheet(spans=tuple(in_order), problems=problems)

    def _spans(
        self, window: PlannedWindow, first: datetime, last: datetime
    ) -> tuple[WindowSpan, ...]:
        zone = find_zone(window.zone or self._zone)
        return spans(
            window.definition,
            _calendar(window),
            name=window.name,
            zone=zone,
            first=first,
            last=last,
        )


def counting(sheet: WindowSheet, now: datetime, settings: Settings) -> WindowSheet:
    """Return what counts from now on of the rules, with the windows that were opened by hand."""
    return _with_hand(sheet, now, now + AHEAD, settings)


def _calendar(window: PlannedWindow) -> Calendar:
    """Return the calendar of a window; raises what is wrong with it."""
    name = window.definition.calendar
    if name is None:
        return EVERY_DAY_OPEN
    return compile_calendar(window.calendars[name], parents=window.calendars)


def _with_hand(
    sheet: WindowSheet, first: datetime, last: datetime, settings: Settings
) -> WindowSheet:
    """Return the spans of the rules, those closed early cut, with those opened by hand."""
    by_rules = (without_closed_early(span, settings) for span in sheet.spans)
    every = [span for span in by_rules if span is not None] + [*opened_by_hand(settings)]
    meant = [span for span in every if span.meets(first, last)]
    in_order = sorted(meant, key=lambda span: (span.first, span.window))
    return WindowSheet(spans=tuple(in_order), problems=sheet.problems)
