"""Removes runs that are over and that nobody needs any more, a few at a time.

How long a run is kept is a number of days after its end, for all networks or for one. A run goes
in one transaction; what its jobs printed and left behind lies elsewhere and goes afterwards, by a
signal that outlives every crash. One process of several does all this, by a lease that is proved
in each transaction.
"""

import json
import logging
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from jobnet.errors.controller import NetworkNotApplied, SettingRefused
from jobnet.ids import NetworkName, OperatorName, RunId
from jobnet.ports.remains import Remains
from jobnet.ports.store import RunRow, Signal, SignalKind, Store, Transaction
from jobnet.ports.store.audits import AuditRow
from jobnet.ports.store.lists import Cursor, RunFilter
from jobnet.ports.store.outputs import OutputStore
from jobnet.ports.store.queues import SettingRow
from jobnet.ports.store.retention import Expiry
from jobnet.services.controller import limits as words
from jobnet.services.controller.bells import Name
from jobnet.services.controller.settings import Change, Setting, SettingsDesk
from jobnet.services.controller.working import Pass, tell

LEASE: Final = "retention"
LEASE_TIME: Final = timedelta(minutes=10)
LOOK_AGAIN: Final = timedelta(hours=1)
MORE_SECONDS: Final = 1.0
"""A pass that has not removed everything goes on after so long; others work meanwhile."""
RUNS_A_BATCH: Final = 20
ENTRIES_A_BATCH: Final = 5_000
"""A transaction takes no further run after so many journal entries."""
RUNS_A_PASS: Final = 200
KEEP_DAYS: Final = "keep_days"
DAYS_MAX: Final = 36_500
JOBNET: Final = OperatorName("jobnet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How long runs are kept: so many days after their end, and so many of them at most.

    Both hold for networks that nothing else was set for.
    """

    days: int = 90
    runs_max: int = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PruneWish:
    """Which runs are to go now; what is not given is as in every other pass.

    ``older_than`` counts from their end and is a day at least. It stands above the number of days
    of a network only where that network is named.
    """

    network: NetworkName | None = None
    older_than: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What goes or has gone. ``is_complete``: there is no more that may go.

    ``printed`` counts characters of output, ``left_behind`` bytes of the folders of jobs,
    ``bytes`` those of journals.
    """

    runs: int = 0
    entries: int = 0
    bytes: int = 0
    printed: int = 0
    left_behind: int = 0
    is_complete: bool = True

    def __add__(self, other: "Pruned") -> "Pruned":
        """Return both together; complete if both are."""
        return Pruned(
            runs=self.runs + other.runs,
            entries=self.entries + other.entries,
            bytes=self.bytes + other.bytes,
            printed=self.printed + other.printed,
            left_behind=self.left_behind + other.left_behind,
            is_complete=self.is_complete and other.is_complete,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Old:
    """Runs of one rule that may go; ``besides`` are networks that have a rule of their own."""

    meant: Expiry
    besides: frozenset[str] = frozenset()


@dataclass(slots=True)
class Retention:
    """The worker that removes what is old, and who removes it by hand."""

    store: Store
    outputs: OutputStore
    remains: Remains
    desk: SettingsDesk
    known: Callable[[], Collection[NetworkName]]
    keeping: Keeping = field(default_factory=Keeping)
    holder: str = field(default_factory=lambda: uuid4().hex)
    name: str = "retention"
    bells: Collection[Name] = (SignalKind.REMOVED,)
    _next: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def work_once(self) -> Pass:
        """Finish what was begun; once an hour remove what is old, and go on until it is done."""
        self._finish()
        now = self.store.now()
        if self._next is not None and now < self._next:
            return Pass(again_seconds=(self._next - now).total_seconds())
        pruned = self._prune(PruneWish(), runs_max=RUNS_A_PASS)
        if pruned.runs:
            tell("pruned", level=logging.INFO, runs=pruned.runs, entries=pruned.entries)
        if not pruned.is_complete:
            return Pass(again_seconds=MORE_SECONDS)
        self._forget_the_rest(now)
        self._next = now + LOOK_AGAIN
        return Pass(again_seconds=LOOK_AGAIN.total_seconds())

    def keep(self, network: str, days: int | None, change: Change) -> bool:
        """Say how many days runs of a network are kept; None: as all others.

        Raises ``NetworkNotApplied`` and ``SettingRefused``.
        """
        setting = Setting(kind=words.NETWORK, name=network, field=KEEP_DAYS)
        if days is None:
            return self.desk.take_back((setting,), change)
        self._find(NetworkName(network))
        if not 1 <= days <= DAYS_MAX:
            raise SettingRefused(setting.subject, f"runs are kept from 1 to {DAYS_MAX:,} days")
        return self.desk.put({setting: days}, change)

    def plan(self, wish: PruneWish, *, runs_max: int) -> Pruned:
        """Return what would go, measured; nothing goes."""
        self._find(wish.network)
        found = Pruned()
        for old in self._rules(wish):
            for rows in self._pages(old):
                for row in rows:
                    if found.runs >= runs_max:
                        return replace(found, is_complete=False)
                    found += self._size(row)
        return found

    def prune(self, wish: PruneWish, *, by: OperatorName, reason: str, runs_max: int) -> Pruned:
        """Remove up to so many runs, and note who wanted it."""
        self._find(wish.network)
        pruned = self._prune(wish, runs_max=runs_max)
        if pruned.runs:
            subject = "runs" if wish.network is None else f"network {wish.network}"
            after = json.dumps({"runs": pruned.runs, "entries": pruned.entries})
            row = AuditRow(
                at=self.store.now(), by=by, act="prune", subject=subject, reason=reason, after=after
            )
            self.store.write(lambda tx: tx.audits.add(row))
        return pruned

    def _find(self, network: NetworkName | None) -> None:
        """Refuse a network of which there is nothing: neither a definition nor a run."""
        if network is None or network in self.known():
            return
        meant = RunFilter(network=network)
        if not self.store.read(lambda tx: tx.lists.runs(meant, after=None, limit=1)):
            raise NetworkNotApplied(network)

    def _prune(self, wish: PruneWish, *, runs_max: int) -> Pruned:
        with self._lock:
            epoch = self._lease()
            if epoch is None:
                return Pruned()
            found = Pruned()
            for old in self._rules(wish):
                for rows in self._pages(old):
                    done = self._remove(rows, old.meant, epoch, runs_max=runs_max - found.runs)
                    found += done
                    if not done.is_complete:
                        return found
            return found

    def _remove(
        self, rows: Sequence[RunRow], meant: Expiry, epoch: int, *, runs_max: int
    ) -> Pruned:
        """Remove runs batch by batch; not complete where others have taken over or it is enough."""
        found = Pruned(is_complete=len(rows) <= runs_max)
        for batch in _batches(rows[:runs_max]):
            sizes = {row.run: self._size(row) for row in batch}
            gone = self.store.write(lambda tx, b=batch: _take_away(tx, b, meant, epoch))  # type: ignore[misc]
            if gone is None:
                return replace(found, is_complete=False)
            self._finish()
            found = sum((sizes[run] for run in gone), found)
        return found

    def _finish(self) -> None:
        """Remove what jobs of runs that are no more have printed and left behind."""
        pending = self.store.read(lambda tx: tx.signals.pending((SignalKind.REMOVED,)))
        done = []
        for number, signal in pending:
            self.outputs.forget(signal.run)
            if self.remains.remove(signal.run):
                done.append(number)
        if done:
            self.store.write(lambda tx: tx.signals.done(done))

    def _forget_the_rest(self, now: datetime) -> None:
        """Forget events that nobody can get, old notes of screens, starts settled long ago."""
        before = now - timedelta(days=self.keeping.days)

        def forget(tx: Transaction) -> None:
            since = tx.retention.oldest_wait()
            tx.board.forget_events(now, older_than=before if since is None else min(before, since))
            tx.live.forget(older_than=before)
            tx.plan.forget(settled_before=before)

        self.store.write(forget)

    def _lease(self) -> int | None:
        now = self.store.now()
        until = now + LEASE_TIME
        return self.store.write(lambda tx: tx.leases.take(LEASE, self.holder, now=now, until=until))

    def _rules(self, wish: PruneWish) -> Iterator[_Old]:
        """Yield what is old by the rule of each network, and of all others."""
        now = self.store.now()
        own = _own_days(self.store.read(lambda tx: tx.queues.settings()), now)
        if wish.older_than is not None and wish.network is not None:
            yield _Old(meant=_expiry(now, wish.older_than, wish.network))
            return
        for network, days in own.items():
            if wish.network in {None, network}:
                yield _Old(meant=_expiry(now, timedelta(days=days), NetworkName(network)))
        age = wish.older_than or timedelta(days=self.keeping.days)
        if wish.network is None:
            latest = self.keeping.runs_max
            created = self.store.read(lambda tx: tx.retention.created_before_latest(latest))
            meant = replace(_expiry(now, age, None), created_before=created)
            yield _Old(meant=meant, besides=frozenset(own))
        elif wish.network not in own:
            yield _Old(meant=_expiry(now, age, wish.network))

    def _pages(self, old: _Old) -> Iterator[Sequence[RunRow]]:
        after: Cursor | None = None
        while True:
            place = after
            rows = self.store.read(
                lambda tx: tx.retention.expired(old.meant, after=place, limit=RUNS_A_PASS)  # noqa: B023
            )
            if not rows:
                return
            yield [row for row in rows if row.network not in old.besides]
            after = Cursor(at=rows[-1].created_at, id=rows[-1].run)

    def _size(self, row: RunRow) -> Pruned:
        size = self.store.read(lambda tx: tx.retention.size(row.run))
        return Pruned(
            runs=1,
            entries=size.entries,
            bytes=size.bytes,
            printed=self.outputs.size(row.run),
            left_behind=self.remains.size(row.run),
        )


def _take_away(
    tx: Transaction, rows: Sequence[RunRow], meant: Expiry, epoch: int
) -> Sequence[RunId] | None:
    """Remove runs and leave word to remove the rest; None where the lease has gone to another."""
    if not tx.leases.is_held(LEASE, epoch):
        return None
    gone = [row.run for row in rows if tx.retention.remove(row.run, meant)]
    tx.signals.add([Signal(kind=SignalKind.REMOVED, name="", run=run) for run in gone])
    return gone


def _batches(rows: Sequence[RunRow]) -> Iterator[Sequence[RunRow]]:
    """Split runs so that each transaction is short; a large run is one of its own."""
    batch: list[RunRow] = []
    entries = 0
    for row in rows:
        if batch and (len(batch) >= RUNS_A_BATCH or entries + row.position > ENTRIES_A_BATCH):
            yield batch
            batch, entries = [], 0
        batch.append(row)
        entries += row.position
    if batch:
        yield batch


def _expiry(now: datetime, age: timedelta, network: NetworkName | None) -> Expiry:
    return Expiry(ended_before=now - max(age, timedelta(days=1)), network=network)


def _own_days(
    settings: Mapping[tuple[str, str, str], SettingRow], now: datetime
) -> Mapping[str, int]:
    """Return the days of networks that have a number of their own; others are passed over."""
    found = {}
    for (kind, name, field_name), row in sorted(settings.items()):
        if (kind, field_name) == (words.NETWORK, KEEP_DAYS) and words.counts(row, now):
            days = words.value_of(row)
            if isinstance(days, int) and not isinstance(days, bool) and 1 <= days <= DAYS_MAX:
                found[name] = days
    return found
