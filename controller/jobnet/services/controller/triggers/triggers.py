"""Starts networks when what they wait for has come, and shows what that is and what is missing.

A pass brings triggers in line with the definitions, keeps what has come, and starts what is due.
Each of these is a transaction of its own that may be done again: after a crash at any point
nothing is lost and nothing starts twice. While the clock is in doubt, everything waits.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from jobnet.ids import HostName
from jobnet.ports.store import SignalKind, Store, Transaction
from jobnet.ports.store.triggers import SeenRow, TriggerRow
from jobnet.schedules import FileArrived, Leaf, WebhookCalled
from jobnet.schedules.file_memory import FolderLook
from jobnet.services.controller.bells import Name, Worker
from jobnet.services.controller.clock_doubt import LOOK_AGAIN
from jobnet.services.controller.triggers.book import Sheet, Trigger, TriggerBook
from jobnet.services.controller.triggers.collecting import of_looks, of_signal, with_room
from jobnet.services.controller.triggers.places import Places
from jobnet.services.controller.triggers.showing import TriggerView, views_of
from jobnet.services.controller.triggers.starting import Starting
from jobnet.services.controller.triggers.watch import FileWatch, Watch
from jobnet.services.controller.working import Pass

KEPT: Final = timedelta(days=8)
"""What has come is forgotten after so long: no day that it could belong to is still open."""
FORGET_EVERY: Final = timedelta(hours=1)


@dataclass(slots=True, kw_only=True)
class _Known:
    """What this process knows of a trigger beside its row: why it cannot look or start."""

    looking: dict[str, str] = field(default_factory=dict)
    starting: str = ""
    passed_over: str = ""

    @property
    def problem(self) -> str:
        told = [self.starting, self.passed_over, *self.looking.values()]
        return "; ".join(each for each in told if each)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """What was signalled, and what of it triggers are told."""

    ids: tuple[int, ...]
    rows: tuple[SeenRow, ...]


class Triggers:
    """The worker that starts networks by their start conditions."""

    name = "triggers"
    bells: Collection[Name] = (SignalKind.TRIGGER, Worker.PLAN)

    def __init__(
        self,
        store: Store,
        book: TriggerBook,
        starting: Starting,
        watch: Watch,
        places: Places,
        *,
        is_doubted: Callable[[], bool],
    ) -> None:
        """Begin; ``is_doubted`` says whether nobody knows what time it is."""
        self._store, self._book, self._starting = store, book, starting
        self._watch, self._places, self._is_doubted = watch, places, is_doubted
        self._known: dict[str, _Known] = {}
        self._forgotten: datetime | None = None

    def work_once(self) -> Pass:
        """Keep what has come, and start what is due."""
        if self._is_doubted():
            return Pass(again_seconds=LOOK_AGAIN.total_seconds())
        sheet, now = self._book.sheet(), self._store.now()
        rows = self._in_line(sheet, now)
        heard = self._hear(sheet, rows, now)
        self._look_at_files(sheet, rows, now)
        self._look_at_secrets(sheet)
        waiting = frozenset(self._store.read(lambda tx: tx.triggers.waiting()))
        for trigger in sheet.triggers.values():
            self._start(trigger, has_news=trigger.id in waiting)
        self._tell_problems(sheet, rows)
        self._forget(now)
        return Pass(found=len(heard.ids), again_seconds=self._again())

    def show(self) -> tuple[TriggerView, ...]:
        """Return all triggers with what has come for them and what is missing, by name."""
        sheet, now = self._book.sheet(), self._store.now()
        return self._store.read(lambda tx: views_of(tx, sheet, now))

    def _in_line(self, sheet: Sheet, now: datetime) -> Mapping[str, TriggerRow]:
        """Return the rows of all triggers; a condition that has changed begins with nothing."""
        known = {row.trigger: row for row in self._store.read(lambda tx: tx.triggers.all())}
        wanted = sheet.triggers
        gone = [name for name in known if name not in wanted]
        new = [
            TriggerRow(trigger=one.id, condition=one.digest, since=now)
            for one in wanted.values()
            if one.id not in known or known[one.id].condition != one.digest
        ]
        if not gone and not new:
            return known

        def write(tx: Transaction) -> None:
            for name in (*gone, *(row.trigger for row in new)):
                tx.triggers.drop(name)
            for row in new:
                edition = tx.editions.find(sheet.edition)
                tx.triggers.put(row if edition is None else replace(row, since=edition.at))

        self._store.write(write)
        for name in (*gone, *(row.trigger for row in new)):
            self._known.pop(name, None)
        return {row.trigger: row for row in self._store.read(lambda tx: tx.triggers.all())}

    def _hear(self, sheet: Sheet, rows: Mapping[str, TriggerRow], now: datetime) -> _Heard:
        """Keep what signals tell of, and take them away."""

        def look(tx: Transaction) -> _Heard:
            pending = tx.signals.pending((SignalKind.TRIGGER,))
            names = dict.fromkeys(signal.name for _, signal in pending)
            found = {
                (row.trigger, row.leaf, row.key): row
                for name in names
                for trigger in sheet.triggers.values()
                for row in of_signal(tx, trigger, rows[trigger.id], name, now)
            }
            ids = tuple(number for number, _ in pending)
            return _Heard(ids=ids, rows=tuple(found.values()))

        heard = self._store.read(look)
        if heard.ids:
            self._keep(sheet, heard.rows, lambda tx: tx.signals.done(heard.ids))
        return heard

    def _keep(
        self, sheet: Sheet, rows: Iterable[SeenRow], more: Callable[[Transaction], None]
    ) -> None:
        """Keep what came as far as there is room, with something else that belongs to it."""
        every = tuple(rows)

        def write(tx: Transaction) -> frozenset[str]:
            fit = with_room(tx, every)
            tx.triggers.add_seen(fit)
            more(tx)
            return frozenset(row.trigger for row in every if row not in fit)

        for name in self._store.write(write):
            if not sheet.triggers[name].condition.once_per_day:
                told = "so much has come that waits for the rest that more of it is passed over"
                self._of(name).passed_over = told

    def _look_at_files(self, sheet: Sheet, rows: Mapping[str, TriggerRow], now: datetime) -> None:
        leaves = {
            (trigger.id, leaf.id): (trigger, leaf)
            for trigger in sheet.triggers.values()
            for leaf in trigger.leaves
            if isinstance(leaf.source, FileArrived) and not trigger.problem
        }
        self._watch.set([self._watched(*each) for each in leaves.values()], now)
        memories = dict(rows)
        for sighting in self._watch.hear():
            trigger, leaf = leaves[sighting.key]
            row = memories[trigger.id]
            memories[trigger.id] = self._looked(sheet, trigger, row, leaf, sighting.looks, now)
        self._watch.look_where_due(now)

    def _looked(
        self,
        sheet: Sheet,
        trigger: Trigger,
        row: TriggerRow,
        leaf: Leaf,
        looks: Mapping[HostName, FolderLook],
        now: datetime,
    ) -> TriggerRow:
        looked = of_looks(trigger, row, leaf, looks, now)
        self._of(trigger.id).looking[leaf.id] = looked.problem
        if looked.row != row or looked.rows:
            self._keep(sheet, looked.rows, lambda tx: tx.triggers.put(looked.row))
        if looked.again is not None:
            self._watch.look_again([(trigger.id, leaf.id)], looked.again)
        return looked.row

    def _look_at_secrets(self, sheet: Sheet) -> None:
        """Tell of webhooks whose requests nobody could check."""
        for trigger in sheet.triggers.values():
            for leaf in trigger.leaves:
                if isinstance(leaf.source, WebhookCalled):
                    _, problem = sheet.secrets[leaf.source.credential].read()
                    self._of(trigger.id).looking[leaf.id] = problem

    def _watched(self, trigger: Trigger, leaf: Leaf) -> FileWatch:
        source = leaf.source
        assert isinstance(source, FileArrived), "only such a leaf is looked for"
        hosts = self._places.hosts_of(trigger, source)
        key = (trigger.id, leaf.id)
        return FileWatch(key=key, pattern=source.path, poll=source.poll, hosts=hosts)

    def _start(self, trigger: Trigger, *, has_news: bool) -> None:
        if not has_news:
            self._of(trigger.id).starting = trigger.problem
            return
        ready = self._starting.ready(trigger)
        self._of(trigger.id).starting = ready.problem
        for due in ready.starts:
            if self._starting.start(due):
                self._of(trigger.id).passed_over = ""

    def _tell_problems(self, sheet: Sheet, rows: Mapping[str, TriggerRow]) -> None:
        """Keep why a trigger cannot do what it should, where people look."""

        def write(tx: Transaction) -> None:
            for row in tx.triggers.all():
                problem = self._of(row.trigger).problem
                if row.trigger in sheet.triggers and row.problem != problem:
                    tx.triggers.put(replace(row, problem=problem))

        if any(row.problem != self._of(name).problem for name, row in rows.items()):
            self._store.write(write)

    def _forget(self, now: datetime) -> None:
        if self._forgotten is None or now - self._forgotten > FORGET_EVERY:
            self._forgotten = now
            self._store.write(lambda tx: tx.triggers.forget(older_than=now - KEPT))

    def _of(self, name: str) -> _Known:
        return self._known.setdefault(name, _Known())

    def _again(self) -> float | None:
        due = self._watch.next_due()
        return None if due is None else max(0.0, (due - self._store.now()).total_seconds())
