"""Gives expressions their names: parts, params, the clock of the operating day, the run.

Names are looked up only when an expression asks, so that a network without calendar never
touches one. Everything is of the run and of the instant of the decision; no clock is read.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from jobnet.calendars import EVERY_DAY_OPEN, Calendar, find_zone, instant_at, parse_clock_time
from jobnet.engine.keys import id_of
from jobnet.engine.part_views import PartsView
from jobnet.engine.results import HostState
from jobnet.engine.standing import chain, flow_of, run_of
from jobnet.engine.tracker import FlowRecord, PartRecord, Tracker
from jobnet.errors import ControllerError
from jobnet.errors.expressions import ExpressionFailed, UnknownName
from jobnet.expressions import Function
from jobnet.ids import PartKey

T = TypeVar("T")

ALWAYS_KNOWN = (
    "parts",
    "params",
    "now",
    "at",
    "operating_day",
    "next_open_day",
    "previous_open_day",
    "is_open",
    "network",
    "run",
)


@dataclass(frozen=True, slots=True)
class Record:
    """A namespace of fixed values, such as ``run`` or ``failed``."""

    title: str
    values: Mapping[str, object]

    def attribute(self, name: str) -> object:
        """Return a value; raise ``UnknownName`` for another name."""
        if name not in self.values:
            raise UnknownName(name, self.names(), owner=self.title)
        return self.values[name]

    def names(self) -> tuple[str, ...]:
        """Return the names of the values."""
        return tuple(self.values)


class Names(Mapping[str, object]):
    """The names that expressions in one flow see, at one instant."""

    def __init__(self, tracker: Tracker, flow: FlowRecord, now: datetime) -> None:
        self._tracker = tracker
        self._flow = flow
        self._now = now
        self._local = _local_names(tracker, flow)

    def __getitem__(self, name: str) -> object:
        if name in self._local:
            return self._local[name]
        if name not in ALWAYS_KNOWN:
            raise KeyError(name)
        return self._always(name)

    def __iter__(self) -> Iterator[str]:
        yield from self._local
        yield from (name for name in ALWAYS_KNOWN if name not in self._local)

    def __len__(self) -> int:
        return len(set(self._local) | set(ALWAYS_KNOWN))

    def _always(self, name: str) -> object:  # noqa: PLR0911 - one line per name
        run = run_of(self._tracker)
        match name:
            case "parts":
                return PartsView(self._tracker, self._flow.network, self._flow.scopes)
            case "params":
                return dict(params_of(self._tracker, self._flow))
            case "now":
                return self._now
            case "at":
                return Function("at", self._at)
            case "operating_day":
                return run.operating_day
            case "next_open_day":
                return _said(lambda: self._calendar().next_open_day(run.operating_day))
            case "previous_open_day":
                return _said(lambda: self._calendar().previous_open_day(run.operating_day))
            case "is_open":
                return Function("is_open", self._is_open)
            case "network":
                network = self._tracker.layout.network(self._flow.network)
                return Record("network", {"name": str(network.name), "title": network.title})
            case _:
                return Record("run", run_data(self._tracker))

    def _calendar(self) -> Calendar:
        return calendar_of(self._tracker, self._flow)

    def _at(self, text: object) -> object:
        if not isinstance(text, str):
            raise ExpressionFailed('at() takes a clock time as text, as in at("23:00")')
        run = run_of(self._tracker)
        zone = zone_of(self._tracker)
        clock = _said(lambda: parse_clock_time(text))
        return instant_at(run.operating_day, clock, zone=zone).instant

    def _is_open(self, day: object = None) -> object:
        asked = run_of(self._tracker).operating_day if day is None else day
        if isinstance(asked, str):
            asked = _day(asked)
        if not isinstance(asked, date) or isinstance(asked, datetime):
            raise ExpressionFailed('is_open() takes a day, as in is_open("2026-05-29")')
        return _said(lambda: self._calendar().is_open(asked))


def _said(ask: Callable[[], T]) -> T:
    """Return the answer of a calendar, its refusal as an expression's failure."""
    try:
        return ask()
    except ControllerError as error:
        raise ExpressionFailed(str(error)) from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ExpressionFailed(f"{text!r} is not a day; write it as 2026-05-29") from error


def zone_of(tracker: Tracker) -> ZoneInfo:
    """Return the time zone of the run's operating day."""
    return find_zone(run_of(tracker).zone)


def calendar_of(tracker: Tracker, flow: FlowRecord, name: str | None = None) -> Calendar:
    """Return a calendar by name, else the network's own; without one every day is open."""
    wanted = name or tracker.layout.network(flow.network).calendar
    return EVERY_DAY_OPEN if wanted is None else tracker.layout.calendars[wanted]


def run_data(tracker: Tracker) -> dict[str, object]:
    """Return what ``run`` holds, as plain data."""
    run = run_of(tracker)
    return {
        "id": str(run.run),
        "network": str(run.network),
        "by": str(run.by),
        "round": run.round,
        "started": run.started.isoformat(),
        "planned_start": run.planned_start.isoformat(),
        "check_mode": run.check,
    }


def params_of(tracker: Tracker, flow: FlowRecord) -> Mapping[str, object]:
    """Return the params that a flow sees: those of the call it is in, else the run's."""
    for each, owner in chain(tracker, flow):
        if each.is_called and owner is not None:
            bound = (owner.arguments or {}).get("params", {})
            return bound if isinstance(bound, Mapping) else {}
    return run_of(tracker).params


def _local_names(tracker: Tracker, flow: FlowRecord) -> dict[str, object]:
    """Return the names of the for-each items around a flow, and ``failed`` in a rescue."""
    names: dict[str, object] = {}
    for each, owner in chain(tracker, flow):
        if owner is None:
            break
        if each.slot == "rescue" and "failed" not in names:
            names["failed"] = Record("failed", failed_data(tracker, owner))
        if owner.items is not None:
            body = tracker.layout.place(each.network, id_of(owner.key)).part.body
            names.setdefault(getattr(body, "as_name", "item"), each.item)
        if each.is_called:
            break
    return names


def failed_data(tracker: Tracker, block: PartRecord) -> dict[str, object]:
    """Return what ``failed`` holds in the rescue of a block, as plain data."""
    flow = flow_of(tracker, block.flow)
    inner = tracker.flows.get(f"{block.key}/flow")
    culprit = None if inner is None or inner.culprit is None else tracker.parts.get(inner.culprit)
    if culprit is None:
        return {"part": "", "hosts": [], "message": "", "exit_code": None}
    hosts = [
        str(host)
        for host, result in culprit.hosts.items()
        if result.state in {HostState.FAILED, HostState.UNREACHABLE}
    ]
    shown = PartKey(culprit.key.removeprefix(flow.scopes[0]))
    return {
        "part": str(shown),
        "hosts": sorted(hosts),
        "message": culprit.message,
        "exit_code": culprit.exit_code,
    }


def loop_names(tracker: Tracker, flow: FlowRecord) -> dict[str, object]:
    """Return the local names of a flow as plain data, for handing them to a job."""
    names = _local_names(tracker, flow)
    return {
        name: dict(value.values) if isinstance(value, Record) else value
        for name, value in names.items()
    }
