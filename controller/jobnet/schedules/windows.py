"""Works out when a maintenance window is open: instants of its rules, and what it covers.

A span begins and ends at clock times of an operating day, so it may pass midnight and a change to
summer time. Nobody is asked what is open now: the instants that are wanted come in as arguments.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from jobnet.calendars import Calendar, instant_at, matches_day
from jobnet.schedules.definition import WindowAction, WindowDefinition, WindowRule

SPAN_DAYS_MAX = 800
"""So many days can be asked for at once."""
_DAYS_BEFORE = 3
"""A span may begin on an operating day so long before its last instant (47:59, any zone)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowTargets:
    """What a window covers; queues and networks by qualified name. Nothing named: everything."""

    hosts: str | None = None
    nodes: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()

    @property
    def is_everything(self) -> bool:
        """Whether it covers whatever starts."""
        return self.hosts is None and not (self.nodes or self.queues or self.networks)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowSpan:
    """One time in which a window is open, from ``first`` to before ``last``.

    ``by`` "" means that its rules opened it; else somebody did by hand, for a ``reason``.
    """

    window: str
    first: datetime
    last: datetime
    action: WindowAction = WindowAction.HOLD
    targets: WindowTargets = field(default_factory=WindowTargets)
    by: str = ""
    reason: str = ""

    def is_open(self, at: datetime) -> bool:
        """Return whether the window is open at an instant."""
        return self.first <= at < self.last

    def meets(self, first: datetime, last: datetime) -> bool:
        """Return whether it is open at any time from an instant to before another."""
        return self.first < last and first < self.last


def targets_of(definition: WindowDefinition) -> WindowTargets:
    """Return what a window document covers."""
    return WindowTargets(
        hosts=definition.hosts,
        nodes=definition.nodes,
        queues=definition.queues,
        networks=definition.networks,
    )


def spans(
    definition: WindowDefinition,
    calendar: Calendar,
    *,
    name: str,
    zone: ZoneInfo,
    first: datetime,
    last: datetime,
) -> tuple[WindowSpan, ...]:
    """Return when a window is open between two instants, by its rules; in order of time.

    Spans of one window that touch or overlap are one span. A calendar that says nothing about
    one of the days is refused with ``CalendarEnds``.
    """
    assert last - first <= timedelta(days=SPAN_DAYS_MAX), "the caller bounds what it asks for"
    found = sorted(_raw_spans(definition, calendar, zone, first, last))
    targets = targets_of(definition)
    return tuple(
        WindowSpan(window=name, first=begin, last=end, action=definition.action, targets=targets)
        for begin, end in _joined(found)
        if begin < last and first < end
    )


def _raw_spans(
    definition: WindowDefinition,
    calendar: Calendar,
    zone: ZoneInfo,
    first: datetime,
    last: datetime,
) -> Iterator[tuple[datetime, datetime]]:
    for day in _days(definition, first, last):
        for rule in definition.rules:
            if matches_day(rule.days, day, calendar):
                begin, end = _instants(rule, day, zone)
                if begin < end:  # a gap of summer time may leave nothing of it
                    yield begin, end


def _days(definition: WindowDefinition, first: datetime, last: datetime) -> Iterator[date]:
    """Yield the operating days whose spans may meet the instants asked for."""
    begin = first.astimezone(UTC).date() - timedelta(days=_DAYS_BEFORE)
    end = last.astimezone(UTC).date() + timedelta(days=1)
    begin = max(begin, definition.valid_from or begin)
    end = min(end, definition.valid_to or end)
    for ordinal in range(begin.toordinal(), end.toordinal() + 1):
        yield date.fromordinal(ordinal)


def _instants(rule: WindowRule, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return both ends; an hour that comes twice is covered whole, whichever one was meant."""
    begin = instant_at(day, rule.first, zone=zone, gap="boundary", fold="first")
    end = instant_at(day, rule.last, zone=zone, gap="boundary", fold="second")
    return begin.instant, end.instant


def _joined(found: Iterable[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    begun: tuple[datetime, datetime] | None = None
    for begin, end in found:
        if begun is not None and begin <= begun[1]:
            begun = (begun[0], max(begun[1], end))
            continue
        if begun is not None:
            yield begun
        begun = (begin, end)
    if begun is not None:
        yield begun
