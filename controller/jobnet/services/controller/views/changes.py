"""Tells what was changed of definitions, queues and settings: acts on runs are left out."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from jobnet.ids import RunId
from jobnet.ports.store import Transaction
from jobnet.ports.store.audits import AuditRow
from jobnet.project.order_words import ORDERS

PAGE = 500
LOOKED_THROUGH_MAX = 20_000
START = "start"


def changes(tx: Transaction, since: datetime, limit: int) -> tuple[AuditRow, ...]:
    """Return acts that changed what future runs do, the latest first."""
    found: list[AuditRow] = []
    for row in _acts(tx, since):
        if not _is_of_run(tx, row):
            found.append(row)
            if len(found) == limit:
                break
    return tuple(found)


def _acts(tx: Transaction, since: datetime) -> Iterator[AuditRow]:
    before = None
    for _ in range(LOOKED_THROUGH_MAX // PAGE):
        rows: Sequence[AuditRow] = tx.audits.page(before=before, limit=PAGE, since=since)
        yield from rows
        if len(rows) < PAGE:
            return
        before = rows[-1].id


def _is_of_run(tx: Transaction, row: AuditRow) -> bool:
    if row.act == START:
        return True
    is_order = row.act in ORDERS
    return is_order and tx.runs.find(RunId(row.subject.partition("/")[0])) is not None
