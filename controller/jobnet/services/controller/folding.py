"""Folds a tracker into bytes and unfolds it: a shortcut beside the journal, never the truth.

Only what the engine's own classes are made of can come out of a snapshot: whatever else stands in
it, written by whomever, is refused, and the journal is replayed instead. A chunk is unfolded when
it is asked for, so a run of ten thousand parts is at hand as soon as its bytes are.
"""

import hashlib
import io
import pickle
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

from jobnet.engine import Tracker
from jobnet.engine.chunks import Chunks, Folded
from jobnet.engine.tracker import FlowRecord, PartRecord, RunRecord
from jobnet.ids import RunId
from jobnet.ports.store.snapshots import SnapshotRow

PROTOCOL = 5
_HOME = "jobnet.engine."
_STRANGERS = frozenset(
    {
        ("datetime", "datetime"),
        ("datetime", "date"),
        ("datetime", "timedelta"),
        ("datetime", "timezone"),
        ("builtins", "frozenset"),
    }
)
V = TypeVar("V")


class SnapshotUnfit(Exception):
    """A snapshot that this code cannot read; its journal can always be replayed."""


@cache
def version() -> str:
    """Return the name of the shape of a tracker; another one is not read."""
    shapes = [
        (kind.__qualname__, [(field.name, str(field.type)) for field in fields(kind)])
        for kind in (Tracker, RunRecord, PartRecord, FlowRecord)
    ]
    return hashlib.sha256(repr(shapes).encode()).hexdigest()[:16]


def folded(run: RunId, tracker: Tracker, since: Tracker | None) -> SnapshotRow:
    """Return a snapshot of a tracker: of its chunks only those that ``since`` has not."""
    head = replace(tracker, layout=cast("Any", None), parts=Chunks(), flows=Chunks())
    sizes = (len(tracker.parts), len(tracker.flows))
    counts = (len(tracker.parts.chunks()), len(tracker.flows.chunks()))
    chunks: dict[str, bytes] = {}
    for noun in ("parts", "flows"):
        old = None if since is None else getattr(since, noun)
        chunks.update(_changed(noun, getattr(tracker, noun), old))
    return SnapshotRow(
        run=run,
        position=tracker.facts,
        version=version(),
        head=_bytes_of((_plain(head), sizes, counts)),
        chunks=chunks,
    )


def unfolded(row: SnapshotRow, empty: Tracker) -> Tracker:
    """Return the tracker of a snapshot; ``empty`` is that of the same definition.

    Raises ``SnapshotUnfit`` for one of other code, one that is damaged or not whole.
    """
    if row.version != version():
        raise SnapshotUnfit("it was written by another version")
    try:
        values, sizes, counts = cast("Any", _load(row.head))
        head = Tracker(**{**values, "layout": empty.layout})
        parts: Chunks[PartRecord] = _chunks("parts", counts[0], sizes[0], row.chunks)
        flows: Chunks[FlowRecord] = _chunks("flows", counts[1], sizes[1], row.chunks)
    except SnapshotUnfit:
        raise
    except Exception as error:
        raise SnapshotUnfit(repr(error)[:200]) from error
    if head.facts != row.position:
        raise SnapshotUnfit("it is of another position than it says")
    return replace(head, parts=parts, flows=flows)


def _plain(head: Tracker) -> Mapping[str, object]:
    names = [field.name for field in fields(head) if field.name not in {"layout", "parts", "flows"}]
    return {name: getattr(head, name) for name in names}


def _changed(noun: str, now: Chunks[Any], old: Chunks[Any] | None) -> Mapping[str, bytes]:
    before = () if old is None else old.chunks()
    is_alike = len(before) == len(now.chunks())
    found: dict[str, bytes] = {}
    for number, chunk in enumerate(now.chunks()):
        if is_alike and before[number] is chunk:
            continue
        plain = chunk.open() if isinstance(chunk, Folded) else chunk
        found[f"{noun}/{number}"] = _bytes_of(plain)
    return found


def _chunks(noun: str, count: int, size: int, stored: Mapping[str, bytes]) -> Chunks[Any]:
    names = [f"{noun}/{number}" for number in range(count)]
    if missing := [name for name in names if name not in stored]:
        raise SnapshotUnfit(f"its chunk {missing[0]} is missing")
    return Chunks(tuple(Folded(_unfolding(stored[name])) for name in names), size)


def _unfolding(data: bytes) -> Callable[[], dict[str, Any]]:
    return lambda: cast("dict[str, Any]", _load(data))


def _load(data: bytes) -> object:
    """Return what was folded; damaged bytes can bring about any error, so all are one here."""
    try:
        return _Reader(io.BytesIO(data)).load()
    except SnapshotUnfit:
        raise
    except Exception as error:
        raise SnapshotUnfit(repr(error)[:200]) from error


def _bytes_of(value: object) -> bytes:
    stream = io.BytesIO()
    _Writer(stream, PROTOCOL).dump(value)
    return stream.getvalue()


class _Writer(pickle.Pickler):
    """Writes a member of an enumeration by its class and value, as every Python can read it.

    Some Pythons write it by its name, with ``getattr``, which the reader must never be given.
    """

    def reducer_override(self, value: object) -> Any:  # noqa: ANN401 - as pickle wants it
        """Return how to make a member again; of all else pickle knows how itself."""
        if isinstance(value, Enum):
            return type(value), (value.value,)
        return NotImplemented


class _Reader(pickle.Unpickler):
    """Reads what the engine's values are made of, and nothing that could do anything."""

    def find_class(self, module: str, name: str) -> object:
        """Return a class of the engine; whatever else is named is refused."""
        is_ours = module.startswith(_HOME) and "." not in name and name[:1].isupper()
        if not is_ours and (module, name) not in _STRANGERS:
            raise SnapshotUnfit(f"it names {module}.{name}")
        return super().find_class(module, name)
