"""Gathers what a forecast of a controller depends on: plan, runs, limits, windows, history."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from jobnet.calendars import Calendar
from jobnet.definition import Bundle, Network, Part, WaitEvent, WaitNetwork, WaitPart, walk
from jobnet.engine.waits import ExecutionEnd, SentEvent
from jobnet.errors import ControllerError
from jobnet.ids import EventName, NetworkName
from jobnet.ports.plain_values import from_json
from jobnet.ports.store import RunRow, Spread, Store, Transaction
from jobnet.schedules import OccurrenceKey
from jobnet.services.controller.definitions import Definitions
from jobnet.services.controller.forecasting.limits_ahead import limits_ahead, uncounted
from jobnet.services.controller.forecasting.starting import Starting
from jobnet.services.controller.limits import Defined as DefinedLimits
from jobnet.services.controller.plan.entries import PAGE_ENTRIES_MAX, PlanEntry, PlanWish
from jobnet.services.controller.plan.plans import Plans
from jobnet.services.controller.trackers import Trackers
from jobnet.services.controller.windows.book import WindowBook
from jobnet.services.forecast.asked import OpenRun, Situation
from jobnet.services.forecast.expected_times import ExpectedTimes
from jobnet.services.forecast.forecasts import STARTS_MAX, Gathered

TO_COME: Final = frozenset({"fixed", "planned"})
BEFORE: Final = timedelta(days=2)
"""Ends and events of so long ago are given to waits, as far as these mean them."""


class ControllerSource:
    """What a controller knows."""

    def __init__(
        self,
        store: Store,
        definitions: Definitions,
        trackers: Trackers,
        plans: Plans,
        windows: WindowBook,
        *,
        zone: str,
        jobs_max: int,
    ) -> None:
        self._store, self._definitions, self._trackers = store, definitions, trackers
        self._plans, self._windows = plans, windows
        self._zone, self._jobs_max = zone, jobs_max

    def now(self) -> datetime:
        """Return the present instant."""
        return self._store.now()

    def gather(self, first: datetime, last: datetime) -> Gathered:
        """Return what there is from now on to before an instant."""
        edition = self._definitions.current()

        def definition(network: NetworkName) -> tuple[Bundle, Mapping[str, Calendar]]:
            bundle = self._definitions.bundle(edition, network)
            return bundle, self._definitions.calendars(bundle)

        starting = Starting(definition, self._zone)
        is_cut = self._plan(starting, first, last)
        open_runs = tuple(self._open_runs(starting))
        networks = _networks(starting, open_runs)
        settings = self._store.read(lambda tx: tx.queues.settings())
        sheet = self._windows.between(first, last, settings)
        for name, problem in sheet.problems.items():
            starting.tell(f"window {name}: {problem}")
        for problem in uncounted(sheet.spans):
            starting.tell(problem)
        defined = DefinedLimits(queues=self._definitions.queues(edition), networks=networks)
        parts = [part for network in networks.values() for part in walk(network.flow)]
        situation = Situation(
            now=first,
            starts=tuple(starting.starts.values()),
            networks=starting.networks,
            times=ExpectedTimes(spreads=_History(self._store, networks)),
            limits=limits_ahead(
                defined, settings, sheet.spans, now=first, last=last, jobs_max=self._jobs_max
            ),
            open_runs=open_runs,
            ends=self._store.read(lambda tx: tuple(_ends(tx, parts, open_runs, first))),
            events=self._store.read(lambda tx: tuple(_events(tx, parts, first))),
        )
        return Gathered(
            situation=situation,
            added=starting.added,
            problems=tuple(starting.problems),
            is_cut=is_cut,
        )

    def _plan(self, starting: Starting, first: datetime, last: datetime) -> bool:
        """Take the plan in; return whether it holds more than is taken."""
        wish = PlanWish(first=first, last=last, states=TO_COME, limit=PAGE_ENTRIES_MAX)
        after = ""
        while True:
            page = self._plans.show(_after(wish, after))
            for entry in page.entries:
                if len(starting.starts) >= STARTS_MAX:
                    return True
                _take(starting, entry)
            after = page.next
            if not after:
                for problem in page.problems:
                    starting.tell(problem)
                return False

    def _open_runs(self, starting: Starting) -> Iterator[OpenRun]:
        """Yield the runs that have begun; those that wait for their network start now."""
        for row in self._store.read(lambda tx: tx.runs.unended()):
            if row.position == 0:
                _take_waiting(starting, row)
                continue
            try:
                tracker = self._store.read(lambda tx, row=row: self._trackers.current(tx, row))  # type: ignore[misc]
            except ControllerError as error:
                starting.tell(f"{row.run}: {error}")
            else:
                yield OpenRun(tracker=tracker)


def _after(wish: PlanWish, after: str) -> PlanWish:
    return PlanWish(
        first=wish.first, last=wish.last, states=wish.states, after=after, limit=wish.limit
    )


def _take(starting: Starting, entry: PlanEntry) -> None:
    starting.take(
        entry.key,
        network=entry.network,
        start=entry.start,
        zone=entry.zone,
        params=entry.params,
        repeat_after=entry.repeat_after,
        repeat_until=entry.repeat_until,
    )


def _take_waiting(starting: Starting, row: RunRow) -> None:
    """Take a run in that has been asked for and waits until its network may execute."""
    day = OccurrenceKey(
        schedule="", network=str(row.network), operating_day=row.operating_day, nominal=""
    )
    params = from_json(json.loads(row.params or "{}"))
    starting.take(
        str(row.run),
        network=row.network,
        start=row.planned_start,
        zone=row.zone,
        params=params if isinstance(params, dict) else {},
        day=day,
    )


def _networks(starting: Starting, open_runs: tuple[OpenRun, ...]) -> Mapping[NetworkName, Network]:
    bundles = [each.bundle for each in starting.networks.values()]
    bundles += [each.tracker.layout.bundle for each in open_runs]
    return {name: each for bundle in reversed(bundles) for name, each in bundle.networks.items()}


class _History(Mapping[NetworkName, Mapping[str, Spread]]):
    """How long the parts of networks last; one that a what-if adds is looked up when asked."""

    def __init__(self, store: Store, networks: Iterable[NetworkName]) -> None:
        self._store = store
        self._known = store.read(lambda tx: {name: tx.durations.spread(name) for name in networks})

    def __getitem__(self, network: NetworkName) -> Mapping[str, Spread]:
        if network not in self._known:
            self._known[network] = self._store.read(lambda tx: tx.durations.spread(network))
        return self._known[network]

    def __iter__(self) -> Iterator[NetworkName]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def _ends(
    tx: Transaction, parts: list[Part], open_runs: tuple[OpenRun, ...], now: datetime
) -> Iterator[ExecutionEnd]:
    """Yield what has ended lately of what parts wait for."""
    awaited: dict[tuple[NetworkName, str | None], None] = {}
    for part in parts:
        body = part.body
        if isinstance(body, WaitNetwork | WaitPart) and body.network is not None:
            what = body.part if isinstance(body, WaitPart) else None
            awaited.setdefault((NetworkName(body.network), what))
    for network, what in awaited:
        yield from tx.board.ends(network, what, run=None, since=now - BEFORE)
    for each in open_runs:
        if each.tracker.layout.has_own_waits and each.tracker.run is not None:
            for key, record in sorted(each.tracker.parts.items()):
                if record.ended is not None:
                    run = each.tracker.run.run
                    yield from tx.board.ends(None, str(key), run=run, since=record.ended)


def _events(tx: Transaction, parts: list[Part], now: datetime) -> Iterator[SentEvent]:
    names = dict.fromkeys(part.body.name for part in parts if isinstance(part.body, WaitEvent))
    for name in names:
        yield from tx.board.events(EventName(name), since=now - BEFORE)
