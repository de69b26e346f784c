"""Asks a database whether it is whole: its file, its references, the journals in it."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, or_, select

from jobnet.ids import RunId
from jobnet.storage.connections import Connection
from jobnet.storage.journals import JournalEntry
from jobnet.storage.records import table_of
from jobnet.storage.runs import RUN
from jobnet.storage.statements import Kind, Statement

_ENTRY = table_of(JournalEntry)
_LENGTHS = (
    select(
        _ENTRY.c.run_id,
        func.count().label("entries"),
        func.max(_ENTRY.c.position).label("last"),
    )
    .group_by(_ENTRY.c.run_id)
    .subquery()
)
_ENTRIES = func.coalesce(_LENGTHS.c.entries, 0)
_INCOMPLETE = Statement(
    lambda _: (
        select(RUN.c.id)
        .select_from(RUN.outerjoin(_LENGTHS, RUN.c.id == _LENGTHS.c.run_id))
        .where(
            or_(RUN.c.position != _ENTRIES, func.coalesce(_LENGTHS.c.last, 0) != _ENTRIES),
        )
        .order_by(RUN.c.id)
        .limit(bindparam("limit", 0))
    )
)


class Soundness:
    """What is wrong with what is kept, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def damage(self, limit: int) -> Sequence[str]:
        """Return what the database finds wrong with itself, a line each; it reads everything."""
        if self._connection.kind is not Kind.SQLITE:
            return []
        driver = self._connection.driver
        found = [str(line) for (line,) in driver.execute(f"PRAGMA integrity_check({limit:d})")]
        lines = [line for line in found if line != "ok"]
        for table, row, other, _ in driver.execute("PRAGMA foreign_key_check"):
            if len(lines) >= limit:
                break
            lines.append(f"row {row} of {table} belongs to nothing in {other}")
        return lines

    def incomplete_journals(self, limit: int) -> Sequence[RunId]:
        """Return runs whose journal has a gap, or another length than their row says."""
        found = self._connection.rows(_INCOMPLETE, {"limit": limit})
        return [RunId(run) for (run,) in found]
