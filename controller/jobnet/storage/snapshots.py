"""Keeps trackers beside their journals, a row for each chunk: only what changed is written."""

from sqlalchemy import bindparam, select, update
from sqlmodel import Field

from jobnet.ids import RunId
from jobnet.ports.store.snapshots import SnapshotRow
from jobnet.storage.connections import Connection
from jobnet.storage.records import Record, given, run_reference, table_of, upsert
from jobnet.storage.statements import Statement
from jobnet.storage.types import Blob, Name


class SnapshotRecord(Record, table=True):
    """The latest snapshot of one run's tracker: a shortcut that may be missing."""

    __tablename__ = "snapshot"

    run_id: str = run_reference()
    position: int
    version: str = Field(sa_type=Name)
    head: bytes = Field(sa_type=Blob)


class SnapshotChunk(Record, table=True):
    """One chunk of a snapshot."""

    __tablename__ = "snapshot_chunk"

    run_id: str = run_reference()
    place: str = Field(sa_type=Name, primary_key=True)
    content: bytes = Field(sa_type=Blob)


_SNAPSHOT, _CHUNK = table_of(SnapshotRecord), table_of(SnapshotChunk)
_FIND = Statement(
    lambda _: select(_SNAPSHOT.c.position, _SNAPSHOT.c.version, _SNAPSHOT.c.head).where(
        given(_SNAPSHOT.c.run_id)
    )
)
_CHUNKS = Statement(
    lambda _: (
        select(_CHUNK.c.place, _CHUNK.c.content)
        .where(given(_CHUNK.c.run_id))
        .order_by(_CHUNK.c.place)
    )
)
_PUT = Statement(lambda kind: upsert(kind, _SNAPSHOT))
_PUT_CHUNK = Statement(lambda kind: upsert(kind, _CHUNK))
_GO_ON = Statement(
    lambda _: (
        update(_SNAPSHOT)
        .where(given(_SNAPSHOT.c.run_id, "of_run"), given(_SNAPSHOT.c.position, "since"))
        .values(
            position=bindparam("position", type_=_SNAPSHOT.c.position.type),
            version=bindparam("version", type_=_SNAPSHOT.c.version.type),
            head=bindparam("head", type_=_SNAPSHOT.c.head.type),
        )
    )
)
_FORGET = Statement(lambda _: _SNAPSHOT.delete().where(given(_SNAPSHOT.c.run_id)))
_FORGET_CHUNKS = Statement(lambda _: _CHUNK.delete().where(given(_CHUNK.c.run_id)))


class Snapshots:
    """The latest snapshot of each run, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, run: RunId) -> SnapshotRow | None:
        """Return the snapshot of a run with all of its chunks."""
        found = self._connection.row(_FIND, {"run_id": run})
        if found is None:
            return None
        position, version, head = found
        chunks: dict[str, bytes] = dict(self._connection.rows(_CHUNKS, {"run_id": run}))
        return SnapshotRow(run=run, position=position, version=version, head=head, chunks=chunks)

    def save(self, row: SnapshotRow, *, since: int | None) -> bool:
        """Keep a snapshot.

        ``since`` is the position of the one whose other chunks it shares, None: it brings all.
        False where that is not the one that is kept: nothing was written.
        """
        values = {"position": row.position, "version": row.version, "head": row.head}
        if since is None:
            self._connection.change(_FORGET_CHUNKS, {"run_id": row.run})
            self._connection.change(_PUT, {"run_id": row.run, **values})
        elif not self._connection.change(_GO_ON, {**values, "of_run": row.run, "since": since}):
            return False
        self._connection.change_many(
            _PUT_CHUNK,
            [
                {"run_id": row.run, "place": place, "content": content}
                for place, content in sorted(row.chunks.items())
            ],
        )
        return True

    def forget(self, run: RunId) -> None:
        """Remove the snapshot of a run."""
        self._connection.change(_FORGET_CHUNKS, {"run_id": run})
        self._connection.change(_FORGET, {"run_id": run})
