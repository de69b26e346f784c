"""Changes what counts above the definitions, at run time: limits, holds, suspensions.

Every change is kept with who made it, why and until when, beside an act in the audit log, and acts
at once: whoever stands in line is looked at again. Setting the same twice changes nothing.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime

from jobnet.errors.controller import SettingRefused
from jobnet.ids import OperatorName, RunId
from jobnet.ports.store import Signal, SignalKind, Store, Transaction
from jobnet.ports.store.audits import AuditRow
from jobnet.ports.store.queues import SettingRow
from jobnet.services.controller.bells import Bells
from jobnet.services.controller.trips import open_again

REASON_MAX = 1000
NUMBER_MAX = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Who changes something, why, until when (None: until it is taken back), under which key."""

    by: OperatorName
    reason: str = ""
    until: datetime | None = None
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One field of one thing; ``kind`` and ``field`` are those of ``limits``."""

    kind: str
    name: str
    field: str

    @property
    def subject(self) -> str:
        """What people call it."""
        return f"{self.kind} {self.name}".strip()


class SettingsDesk:
    """Writes settings."""

    def __init__(self, store: Store, bells: Bells) -> None:
        self._store, self._bells = store, bells

    def put(self, values: dict[Setting, object], change: Change) -> bool:
        """Set values, all or none; return whether anything changed."""
        now = self._store.now()
        for setting in values:
            self._check(setting, change, now)

        def work(tx: Transaction) -> bool:
            before = tx.queues.settings()
            rows = [_row(setting, value, change, now) for setting, value in values.items()]
            news = [row for row in rows if not _is_same(before.get(_key(row)), row)]
            for row in news:
                tx.queues.set(row)
                tx.audits.add(_act(row, before.get(_key(row)), change, now))
            return _announce(tx, has_news=bool(news))

        return self._write(work)

    def take_back(self, settings: tuple[Setting, ...], change: Change) -> bool:
        """Let the definitions count again; return whether anything changed."""
        now = self._store.now()

        def work(tx: Transaction) -> bool:
            before = tx.queues.settings()
            found = [before.get((each.kind, each.name, each.field)) for each in settings]
            gone = [row for row in found if row is not None]
            for row in gone:
                tx.queues.unset(kind=row.kind, name=row.name, field=row.field)
                tx.audits.add(_act(None, row, change, now))
            return _announce(tx, has_news=bool(gone))

        return self._write(work)

    def open_tripped(self, queue: str, change: Change) -> bool:
        """Let one job try in a queue that has tripped; return whether it had."""
        now = self._store.now()

        def work(tx: Transaction) -> bool:
            if not open_again(tx, queue, now):
                return False
            act = AuditRow(
                at=now,
                by=change.by,
                act="open",
                subject=f"queue {queue}",
                reason=change.reason,
                key=change.key,
            )
            tx.audits.add(act)
            return _announce(tx, has_news=True)

        return self._write(work)

    def _check(self, setting: Setting, change: Change, now: datetime) -> None:
        if len(change.reason) > REASON_MAX:
            raise SettingRefused(setting.subject, f"a reason has {REASON_MAX} characters at most")
        if change.until is not None and change.until <= now:
            raise SettingRefused(setting.subject, f"{change.until.isoformat()} is over already")

    def _write(self, work: object) -> bool:
        assert callable(work), "a piece of work for the store"
        has_changed = bool(self._store.write(work))
        if has_changed:
            self._bells.ring((SignalKind.ADMIT,))
        return has_changed


def number(setting: Setting, value: object, *, least: int = 0) -> int:
    """Return a number that a field may have."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if not is_number or not least <= value <= NUMBER_MAX:  # type: ignore[operator]
        because = f"{setting.field} is a whole number from {least} to {NUMBER_MAX:,}"
        raise SettingRefused(setting.subject, because)
    assert isinstance(value, int), "it was looked at"
    return value


def _row(setting: Setting, value: object, change: Change, now: datetime) -> SettingRow:
    return SettingRow(
        kind=setting.kind,
        name=setting.name,
        field=setting.field,
        value=json.dumps(value),
        by=change.by,
        at=now,
        reason=change.reason,
        until=change.until,
    )


def _key(row: SettingRow) -> tuple[str, str, str]:
    return (row.kind, row.name, row.field)


def _is_same(before: SettingRow | None, after: SettingRow) -> bool:
    return before is not None and replace(before, at=after.at, by=after.by) == after


def _announce(tx: Transaction, *, has_news: bool) -> bool:
    if has_news:
        tx.signals.add([Signal(kind=SignalKind.ADMIT, name="", run=RunId(""))])
    return has_news


def _act(
    after: SettingRow | None, before: SettingRow | None, change: Change, now: datetime
) -> AuditRow:
    row = after or before
    assert row is not None, "something was changed"
    return AuditRow(
        at=now,
        by=change.by,
        act="set" if after is not None else "unset",
        subject=f"{row.kind} {row.name}".strip(),
        reason=change.reason,
        before="" if before is None else json.dumps({row.field: json.loads(before.value)}),
        after="" if after is None else json.dumps({row.field: json.loads(after.value)}),
        key=change.key,
    )
