"""Finds out which of those who stand in line are covered by an open window, and what it does.

Hosts of a job are those that its attempt was bound to. As long as an inventory has not said
whether some of them are in the window, the job waits: that takes a second and is safe.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from jobnet.engine import Tracker
from jobnet.engine.admission import Held
from jobnet.engine.keys import id_of
from jobnet.engine.layout import address_of
from jobnet.ids import EditionId, NetworkName, PartKey, RunId
from jobnet.ports.host_patterns import PatternPair
from jobnet.ports.store import RunRow, SlotRow, SlotState, Store, Transaction
from jobnet.schedules import WindowAction
from jobnet.schedules.windows import WindowSpan
from jobnet.services.controller.payloads import placement_from_payload
from jobnet.services.controller.trackers import Trackers
from jobnet.services.controller.windows.book import WindowBook, WindowSheet
from jobnet.services.controller.windows.meetings import Meetings

EVERY_HOST: Final = "all"
AHEAD_MAX: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """One who would start, as windows look at it; ``hosts`` None: it works on no hosts."""

    networks: tuple[str, ...]
    queue: str | None = None
    nodes: tuple[str, ...] = ()
    hosts: str | None = None
    inventory: tuple[str, ...] = ()
    root: str = ""
    usual_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated:
    """What windows say of those in line, by the names that the engine knows them by.

    ``warned`` start all the same: in a window that only warns, or so long before one that they
    would usually reach into it.
    """

    held: Mapping[str, Held] = field(default_factory=dict)
    held_queues: Mapping[str, Held] = field(default_factory=dict)
    skipped: Mapping[str, str] = field(default_factory=dict)
    warned: Mapping[str, str] = field(default_factory=dict)


NOTHING = Gated()


@dataclass(slots=True)
class _Gathering:
    held: dict[str, Held] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    warned: dict[str, str] = field(default_factory=dict)


class Gate:
    """Looks at those in line with the eyes of maintenance windows."""

    def __init__(
        self, store: Store, book: WindowBook, trackers: Trackers, meetings: Meetings, *, zone: str
    ) -> None:
        self._store, self._book, self._trackers = store, book, trackers
        self._meetings, self._zone = meetings, ZoneInfo(zone)

    def by_rules(self, edition: EditionId, now: datetime) -> WindowSheet:
        """Return what the windows of an edition give; to be asked outside of writes."""
        return self._book.by_rules(edition, now)

    def spans(self, now: datetime) -> tuple[WindowSpan, ...]:
        """Return the windows that are open now or will be soon; to be asked outside of writes."""
        settings = self._store.read(lambda tx: tx.queues.settings())
        return self._book.around(now, settings).spans

    def is_gated(self, network: NetworkName, now: datetime) -> bool:
        """Return whether a new run of a network has to ask before it begins."""
        who = Who(networks=(network,))
        return any(
            one.is_open(now) and one.action is not WindowAction.WARN and self.covers(one, who)
            for one in self.spans(now)
        )

    def look(
        self,
        tx: Transaction,
        rows: Mapping[str, SlotRow],
        spans: Sequence[WindowSpan],
        now: datetime,
    ) -> Gated:
        """Return what windows say of those who ask, by the names of the rows."""
        if not spans:
            return NOTHING
        gathering = _Gathering()
        runs: dict[RunId, RunRow | None] = {}
        for name, row in rows.items():
            if row.state is SlotState.ASKING:
                if row.run not in runs:
                    runs[row.run] = tx.runs.find(row.run)
                who = self._who(tx, row, runs[row.run])
                if who is not None:
                    self._gather(gathering, name, who, spans, now)
        return Gated(
            held=gathering.held,
            held_queues=self._queues(spans, now),
            skipped=gathering.skipped,
            warned=gathering.warned,
        )

    def covers(self, span: WindowSpan, who: Who) -> bool | None:
        """Return whether a window covers somebody; None as long as its inventory is asked."""
        targets = span.targets
        if targets.is_everything or set(targets.networks) & set(who.networks):
            return True
        if who.queue is not None and who.queue in targets.queues:
            return True
        if set(targets.nodes) & set(who.nodes):
            return True
        if targets.hosts is None or who.hosts is None:
            return False
        pair = PatternPair(
            root=who.root, sources=who.inventory, pattern=who.hosts, other=targets.hosts
        )
        answer = self._meetings.of(pair)
        return None if answer is None else answer.meet

    def who_of_part(self, tracker: Tracker, key: str | None) -> Who:
        """Return a part of a run as windows look at it; of None, the run itself."""
        return _who_of(tracker, None if key is None else PartKey(key))

    def _gather(
        self, to: _Gathering, name: str, who: Who, spans: Iterable[WindowSpan], now: datetime
    ) -> None:
        """Note what open windows do with one who asks: holding counts before skipping."""
        for span in spans:
            if not span.is_open(now):
                self._look_ahead(to, name, who, span, now)
                continue
            covers = self.covers(span, who)
            if covers is None:
                asking = f"{self._told(span)}; asking the inventory whether {who.hosts} is in it"
                _hold(to, name, Held(detail=asking, until=now + timedelta(seconds=5)))
            elif covers and span.action is WindowAction.HOLD:
                _hold(to, name, Held(detail=self._told(span), until=span.last))
            elif covers and span.action is WindowAction.SKIP:
                to.skipped[name] = self._told(span)
            elif covers:
                to.warned[name] = self._told(span)
        if name in to.held:
            to.skipped.pop(name, None)

    def _look_ahead(
        self, to: _Gathering, name: str, who: Who, span: WindowSpan, now: datetime
    ) -> None:
        if who.usual_seconds is None or span.first <= now:
            return
        ends = now + min(timedelta(seconds=who.usual_seconds), AHEAD_MAX)
        if ends > span.first and self.covers(span, who):
            usual = timedelta(seconds=round(who.usual_seconds))
            to.warned.setdefault(
                name,
                f"it usually takes {usual} and would reach into the window {span.window}, which"
                f" opens {self._shown(span.first)}",
            )

    def _queues(self, spans: Iterable[WindowSpan], now: datetime) -> Mapping[str, Held]:
        """Return the queues that nothing may be forwarded to."""
        found: dict[str, Held] = {}
        for span in spans:
            if span.is_open(now) and span.action is WindowAction.HOLD:
                held = Held(detail=self._told(span), until=span.last)
                found.update(dict.fromkeys(span.targets.queues, held))
        return found

    def _who(self, tx: Transaction, row: SlotRow, run: RunRow | None) -> Who | None:
        if run is None:
            return None
        if run.position == 0:
            return Who(networks=(run.network,))
        found = _who_of(self._trackers.current(tx, run), row.part)
        usual = tx.durations.usual(NetworkName(found.networks[-1])) if row.is_job else {}
        placement = placement_from_payload(row.placement)
        called = (row.network,) if row.network is not None else ()
        return Who(
            networks=(*found.networks, *called),
            queue=row.queue,
            nodes=placement.nodes,
            hosts=found.hosts if row.is_job else None,
            inventory=found.inventory,
            root=found.root,
            usual_seconds=usual.get(id_of(row.part)),
        )

    def _told(self, span: WindowSpan) -> str:
        why = f" ({span.reason})" if span.reason else ""
        return f"the window {span.window}{why} is open until {self._shown(span.last)}"

    def _shown(self, at: datetime) -> str:
        return f"{at.astimezone(self._zone):%Y-%m-%d %H:%M %Z}"


def _hold(to: _Gathering, name: str, held: Held) -> None:
    """Keep the hold that lasts longest: two windows that overlap are told as the later end."""
    before = to.held.get(name)
    if before is None or _end(before) < _end(held):
        to.held[name] = held


def _end(held: Held) -> datetime:
    assert held.until is not None, "a window has an end"
    return held.until


def _who_of(tracker: Tracker, key: PartKey | None) -> Who:
    run = tracker.run
    main = tracker.layout.bundle.main
    address = None if not key else address_of(tracker.layout, key)
    if run is None or key is None or address is None:
        return Who(networks=(main,))
    network = address.place.network
    placed = tracker.parts.get(key)
    bound = {} if placed is None else dict(placed.arguments or {})
    hosts, inventory = bound.get("hosts"), bound.get("inventory")
    return Who(
        networks=tuple(dict.fromkeys((main, network))),
        hosts=(EVERY_HOST if hosts is None else str(hosts)) if "hosts" in bound else None,
        inventory=tuple(map(str, inventory)) if isinstance(inventory, list | tuple) else (),
        root=tracker.layout.network(network).project_root,
    )
