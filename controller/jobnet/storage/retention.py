"""Finds runs that nobody needs any more, measures and removes them.

What belongs to a run goes with its row, by the references of the tables; only its ends stand for
themselves. What a run takes up is one transaction, so that it is there as a whole or not at all.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import (
    ColumnElement,
    bindparam,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from jobnet.ids import RunId
from jobnet.ports.store import RunRow
from jobnet.ports.store.lists import Cursor
from jobnet.ports.store.retention import Expiry, RunSize
from jobnet.storage.board import ExecutionEndRecord
from jobnet.storage.connections import Connection
from jobnet.storage.errands import (
    DialogRecord,
    FileWaitRecord,
    JobRecord,
    MessageRecord,
    SlotRecord,
    TimerRecord,
    WaitRecord,
)
from jobnet.storage.inboxes import RunInput
from jobnet.storage.journals import JournalEntry
from jobnet.storage.records import bound, given, table_of
from jobnet.storage.runs import RUN, RUNS
from jobnet.storage.signals import SignalRecord
from jobnet.storage.snapshots import SnapshotChunk
from jobnet.storage.statements import Statement

_OPEN = (
    RunInput,
    JobRecord,
    MessageRecord,
    SlotRecord,
    TimerRecord,
    FileWaitRecord,
    WaitRecord,
    DialogRecord,
    SignalRecord,
)
_ENTRY, _CHUNK = table_of(JournalEntry), table_of(SnapshotChunk)
_END, _WAIT = table_of(ExecutionEndRecord), table_of(WaitRecord)
_OTHER = RUN.alias("other")


def _unneeded() -> list[ColumnElement[bool]]:
    """Return the conditions that nobody needs a run."""
    has_company = exists(
        select(literal(1)).where(_OTHER.c.is_open, _OTHER.c.operating_day == RUN.c.operating_day)
    )
    tables = [table_of(model) for model in _OPEN]
    nothing_open = [
        ~exists(select(literal(1)).where(table.c.run_id == RUN.c.id)) for table in tables
    ]
    return [RUN.c.is_open.is_(False), RUN.c.ended.is_not(None), ~has_company, *nothing_open]


def _is_old() -> ColumnElement[bool]:
    ended = RUN.c.ended < bound(RUN.c.ended, "ended_before")
    created = RUN.c.created_at < bound(RUN.c.created_at, "created_before")  # NULL: none is
    return or_(ended, created)


@cache
def _expired(*, of_network: bool, has_after: bool) -> Statement:
    found = RUNS.selected().where(_is_old(), *_unneeded())
    if of_network:
        found = found.where(given(RUN.c.network))
    if has_after:
        place = tuple_(bound(RUN.c.created_at, "after_at"), bound(RUN.c.id, "after_id"))
        found = found.where(tuple_(RUN.c.created_at, RUN.c.id) > place)
    found = found.order_by(RUN.c.created_at, RUN.c.id).limit(bindparam("limit", 0))
    return Statement(lambda _: found)


_MAY_GO = Statement(lambda _: select(RUN.c.id).where(given(RUN.c.id), _is_old(), *_unneeded()))
_LOCK = Statement(lambda _: select(RUN.c.id).where(given(RUN.c.id)).with_for_update())
_REMOVE = Statement(lambda _: delete(RUN).where(given(RUN.c.id)))
_REMOVE_ENDS = Statement(lambda _: delete(_END).where(given(_END.c.run_id)))
_CREATED = Statement(
    lambda _: (
        select(RUN.c.created_at)
        .order_by(RUN.c.created_at.desc(), RUN.c.id.desc())
        .offset(bindparam("before", 0))
        .limit(1)
    )
)
_JOURNAL_SIZE = Statement(
    lambda _: select(func.count(), func.coalesce(func.sum(func.length(_ENTRY.c.payload)), 0)).where(
        given(_ENTRY.c.run_id)
    )
)
_CHUNK_SIZE = Statement(
    lambda _: select(func.coalesce(func.sum(func.length(_CHUNK.c.content)), 0)).where(
        given(_CHUNK.c.run_id)
    )
)
_OLDEST_WAIT = Statement(lambda _: select(_WAIT.c.opened_at).order_by(_WAIT.c.opened_at).limit(1))


class Retention:
    """Runs that are over, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def expired(self, meant: Expiry, *, after: Cursor | None, limit: int) -> Sequence[RunRow]:
        """Return runs that may be removed, the first created first."""
        statement = _expired(of_network=meant.network is not None, has_after=after is not None)
        values = {**_values(meant), "limit": limit}
        if after is not None:
            values.update(after_at=after.at, after_id=after.id)
        return RUNS.all(self._connection.rows(statement, values))

    def created_before_latest(self, count: int) -> datetime | None:
        """Return when the oldest of the latest ``count`` runs was made; None: there are fewer."""
        found = self._connection.row(_CREATED, {"before": count - 1})
        return found[0] if found else None

    def size(self, run: RunId) -> RunSize:
        """Return how much a run takes up: its journal and its snapshot."""
        ((entries, journal),) = self._connection.rows(_JOURNAL_SIZE, {"run_id": run})
        ((chunks,),) = self._connection.rows(_CHUNK_SIZE, {"run_id": run})
        return RunSize(entries=int(entries), bytes=int(journal) + int(chunks))

    def remove(self, run: RunId, meant: Expiry) -> bool:
        """Remove a run with all that belongs to it, and its ends; False where it may stay.

        It is locked before it is looked at: whoever is putting something into its inbox has done
        so by then, or finds no run.
        """
        self._connection.row(_LOCK, {"id": run})
        if self._connection.row(_MAY_GO, {**_values(meant), "id": run}) is None:
            return False
        self._connection.change(_REMOVE_ENDS, {"run_id": run})
        return bool(self._connection.change(_REMOVE, {"id": run}))

    def oldest_wait(self) -> datetime | None:
        """Return since when the oldest open wait waits."""
        found = self._connection.row(_OLDEST_WAIT)
        return found[0] if found else None


def _values(meant: Expiry) -> dict[str, object]:
    return {
        "ended_before": meant.ended_before,
        "created_before": meant.created_before,
        "network": meant.network,
    }
