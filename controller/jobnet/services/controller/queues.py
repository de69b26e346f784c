"""Shows queues with who waits and who runs in them, and changes them at run time.

Names are the qualified ones. A queue that no definition knows is shown where somebody asks for it:
it has no limit. The queue "" holds the jobs that name none.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from enum import Enum, auto
from typing import Final, Protocol

from jobnet.definition import Queue
from jobnet.errors.controller import NetworkNotApplied, QueueNotFound
from jobnet.ids import EditionId, NetworkName, PartKey, RunId
from jobnet.ports.store import SlotRow, SlotState, Store, Transaction
from jobnet.ports.store.audits import AuditRow
from jobnet.ports.store.queues import SettingRow
from jobnet.services.controller import limits as words
from jobnet.services.controller.limits import Defined, counts, limits_of
from jobnet.services.controller.payloads import placement_from_payload
from jobnet.services.controller.settings import Change, Setting, SettingsDesk, number
from jobnet.services.controller.trips import read_reaches, tripped


class Unchanged(Enum):
    """Says that a field is left as it is, since None means "without limit"."""

    UNCHANGED = auto()


UNCHANGED: Final = Unchanged.UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somebody in a queue: since when, and why it waits (JSON of reason and detail, or "")."""

    run: RunId
    part: PartKey
    attempt: int
    since: datetime
    priority: int | None
    told: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """A queue as it counts now; ``defined`` None: no definition knows it.

    ``tries_max`` is told of a queue that has tripped: how many jobs may try their hosts.
    """

    name: str
    limit: int | None
    is_held: bool
    priority: int
    defined: Queue | None
    running: tuple[Place, ...]
    waiting: tuple[Place, ...]
    settings: tuple[SettingRow, ...]
    tries_max: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceView:
    """A counted resource; ``capacity`` None: as much as one likes."""

    name: str
    capacity: int | None
    used: int
    waiting: int
    settings: tuple[SettingRow, ...]


class Definitions(Protocol):
    """What queues need of the definitions that have been applied."""

    def current(self) -> EditionId:
        """Return the latest edition."""

    def networks(self) -> Iterable[NetworkName]:
        """Return the qualified names of the networks in it."""

    def queues(self, edition: EditionId | None = None) -> Mapping[str, Queue]:
        """Return the queues of an edition by their qualified names."""


class Queues:
    """Queues, resources, and what is suspended."""

    def __init__(
        self,
        store: Store,
        definitions: Definitions,
        desk: SettingsDesk,
        *,
        accept_clocks: Callable[[], bool] = lambda: False,
    ) -> None:
        """Begin; ``accept_clocks`` says that clocks which are doubted are right as they are."""
        self._store, self._definitions, self._desk = store, definitions, desk
        self._accept_clocks = accept_clocks

    def listed(self) -> tuple[QueueView, ...]:
        """Return all queues by name."""
        defined = self._definitions.queues()
        return self._store.read(lambda tx: _views(tx, defined, self._store.now()))

    def resources(self) -> tuple[ResourceView, ...]:
        """Return all resources that somebody asks for or that have a capacity, by name."""
        return self._store.read(lambda tx: _resources(tx, self._store.now()))

    def set(
        self,
        name: str,
        change: Change,
        *,
        limit: int | Unchanged | None = UNCHANGED,
        is_held: bool | Unchanged = UNCHANGED,
        priority: int | Unchanged = UNCHANGED,
    ) -> bool:
        """Change a queue; a ``limit`` of None takes the limit away. Return whether it changed.

        Who lets go of a queue (``is_held`` False) lets one job try where it has tripped.
        """
        self._find(name)
        values: dict[Setting, object] = {}
        if limit is not UNCHANGED:
            setting = Setting(kind=words.QUEUE, name=name, field=words.LIMIT)
            values[setting] = None if limit is None else number(setting, limit)
        if is_held is not UNCHANGED:
            values[Setting(kind=words.QUEUE, name=name, field=words.IS_HELD)] = bool(is_held)
        if priority is not UNCHANGED:
            setting = Setting(kind=words.QUEUE, name=name, field=words.PRIORITY)
            values[setting] = number(setting, priority)
        is_opened = is_held is False and self._desk.open_tripped(name, change)
        return self._desk.put(values, change) or is_opened

    def unset(self, name: str, change: Change, *, field: str = "") -> bool:
        """Let the definition of a queue count again, for one field or all of them."""
        self._find(name)
        fields = (field,) if field else (words.LIMIT, words.IS_HELD, words.PRIORITY)
        settings = tuple(Setting(kind=words.QUEUE, name=name, field=each) for each in fields)
        return self._desk.take_back(settings, change)

    def set_capacity(self, resource: str, capacity: int | None, change: Change) -> bool:
        """Say how much there is of a resource; None: as much as one likes."""
        setting = Setting(kind=words.RESOURCE, name=resource, field=words.CAPACITY)
        if capacity is None:
            return self._desk.take_back((setting,), change)
        return self._desk.put({setting: number(setting, capacity)}, change)

    def set_network_limit(self, network: str, limit: int | None, change: Change) -> bool:
        """Say how many executions of a network there may be; None: as its definition says."""
        self._find_network(network)
        setting = Setting(kind=words.NETWORK, name=network, field=words.LIMIT)
        if limit is None:
            return self._desk.take_back((setting,), change)
        return self._desk.put({setting: number(setting, limit)}, change)

    def suspend_network(self, network: str, change: Change) -> bool:
        """Let no job and no further execution of a network start until it is resumed."""
        self._find_network(network)
        setting = Setting(kind=words.NETWORK, name=network, field=words.IS_SUSPENDED)
        return self._desk.put({setting: True}, change)

    def resume_network(self, network: str, change: Change) -> bool:
        """Take the suspension of a network back."""
        setting = Setting(kind=words.NETWORK, name=network, field=words.IS_SUSPENDED)
        return self._desk.take_back((setting,), change)

    def suspend_everything(self, change: Change) -> bool:
        """Let nothing start at all until it is resumed."""
        return self._desk.put({EVERYTHING: True}, change)

    def resume_everything(self, change: Change) -> bool:
        """Take the suspension of everything back, and a doubt about the clock."""
        was_suspended = self._desk.take_back((EVERYTHING,), change)
        was_doubted = self._accept_clocks()
        if was_doubted:
            act = AuditRow(
                at=self._store.now(),
                by=change.by,
                act="resume",
                subject="clock",
                reason=change.reason,
                key=change.key,
            )
            self._store.write(lambda tx: tx.audits.add(act))
        return was_suspended or was_doubted

    def _find(self, name: str) -> None:
        defined = self._definitions.queues()
        if name in defined:
            return
        asked = self._store.read(_asked_queues)
        if name not in asked:
            near = get_close_matches(name[:100], [*defined, *asked], n=1)
            raise QueueNotFound(name, near[0] if near else "")

    def _find_network(self, name: str) -> None:
        known = tuple(self._definitions.networks())
        if name not in known:
            near = get_close_matches(name[:100], known, n=1)
            raise NetworkNotApplied(name, near[0] if near else "")


EVERYTHING: Final = Setting(kind=words.EVERYTHING, name="", field=words.IS_SUSPENDED)


def _asked_queues(tx: Transaction) -> frozenset[str]:
    """Return the queues that somebody asks for or that were set at run time."""
    asked = {row.queue for row in tx.errands.slots() if row.queue is not None}
    was_set = {name for kind, name, _ in tx.queues.settings() if kind == words.QUEUE}
    return frozenset(asked | was_set)


def _views(tx: Transaction, defined: Mapping[str, Queue], now: datetime) -> tuple[QueueView, ...]:
    rows = [row for row in tx.errands.slots() if row.is_job]
    settings = tx.queues.settings()
    limits = limits_of(Defined(queues=defined, networks={}), settings, now=now)
    trying = tripped(limits.queues, read_reaches(tx, limits.queues))
    names = {*limits.queues, *(row.queue or "" for row in rows)}
    return tuple(
        _view(
            limits.queues.get(name, Queue(name=name)),
            defined.get(name),
            [row for row in rows if (row.queue or "") == name],
            [each for each in settings.values() if _is_of(each, words.QUEUE, name, now)],
            trying.get(name),
        )
        for name in sorted(names)
    )


def _view(
    queue: Queue,
    defined: Queue | None,
    rows: Sequence[SlotRow],
    settings: Sequence[SettingRow],
    tries_max: int | None,
) -> QueueView:
    return QueueView(
        name=queue.name,
        limit=queue.limit,
        is_held=queue.is_held,
        priority=queue.priority,
        defined=defined,
        running=_places(rows, SlotState.HOLDING),
        waiting=_places(rows, SlotState.ASKING),
        settings=tuple(settings),
        tries_max=tries_max,
    )


def _places(rows: Sequence[SlotRow], state: SlotState) -> tuple[Place, ...]:
    return tuple(
        Place(
            run=row.run,
            part=row.part,
            attempt=row.attempt,
            since=row.granted_at or row.asked_at,
            priority=row.priority,
            told=row.told,
        )
        for row in rows
        if row.state is state
    )


def _resources(tx: Transaction, now: datetime) -> tuple[ResourceView, ...]:
    settings = tx.queues.settings()
    capacities = limits_of(Defined(queues={}, networks={}), settings, now=now).resources
    used: Counter[str] = Counter()
    waiting: Counter[str] = Counter()
    for row in tx.errands.slots():
        wanted = placement_from_payload(row.placement).resources
        if row.state is SlotState.HOLDING:
            used.update(wanted)
        else:
            waiting.update(wanted.keys())
    return tuple(
        ResourceView(
            name=name,
            capacity=capacities.get(name),
            used=used[name],
            waiting=waiting[name],
            settings=tuple(
                each for each in settings.values() if _is_of(each, words.RESOURCE, name, now)
            ),
        )
        for name in sorted({*capacities, *used, *waiting})
    )


def _is_of(row: SettingRow, kind: str, name: str, now: datetime) -> bool:
    return (row.kind, row.name) == (kind, name) and counts(row, now)
