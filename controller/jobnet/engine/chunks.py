"""Keeps many values by key so that changing one is cheap and the old version stays.

A plain dict would be copied whole for every fact: at 10,000 parts that costs twenty times
the fact itself. Here the values lie in chunks of about ``CHUNK``; a change copies one chunk
and the short tuple of chunks. Keys are spread by CRC-32, which is the same on every machine,
so a chunk can be stored as one row of a snapshot.
"""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar
from zlib import crc32

CHUNK = 128

V = TypeVar("V")


class Folded(Generic[V]):
    """A chunk as it was stored; it is unfolded when something in it is asked for."""

    __slots__ = ("_chunk", "_unfold")

    def __init__(self, unfold: Callable[[], dict[str, V]]) -> None:
        self._unfold = unfold
        self._chunk: dict[str, V] | None = None

    def open(self) -> dict[str, V]:
        """Return the chunk; unfolded twice it is the same."""
        if self._chunk is None:
            self._chunk = self._unfold()
        return self._chunk


class Chunks(Generic[V]):
    """A persistent mapping from text to values; every change gives a new one."""

    __slots__ = ("_chunks", "_size")

    def __init__(self, chunks: tuple[dict[str, V] | Folded[V], ...] = ({},), size: int = 0) -> None:
        self._chunks = chunks
        self._size = size

    def chunks(self) -> tuple[dict[str, V] | Folded[V], ...]:
        """Return the chunks themselves, to be stored; one that is the same object is the same."""
        return self._chunks

    def get(self, key: str) -> V | None:
        """Return the value of a key, or None."""
        return _opened(self._chunks[crc32(key.encode()) % len(self._chunks)]).get(key)

    def put(self, key: str, value: V) -> "Chunks[V]":
        """Return a mapping in which the key has this value."""
        number = crc32(key.encode()) % len(self._chunks)
        old = _opened(self._chunks[number])
        chunk = {**old, key: value}
        chunks = (*self._chunks[:number], chunk, *self._chunks[number + 1 :])
        size = self._size + (len(chunk) - len(old))
        grown = Chunks(chunks, size)
        return grown if size <= CHUNK * len(chunks) else grown.spread(2 * len(chunks))

    def drop(self, key: str) -> "Chunks[V]":
        """Return a mapping without the key."""
        number = crc32(key.encode()) % len(self._chunks)
        old = _opened(self._chunks[number])
        if key not in old:
            return self
        chunk = {name: value for name, value in old.items() if name != key}
        chunks = (*self._chunks[:number], chunk, *self._chunks[number + 1 :])
        return Chunks(chunks, self._size - 1)

    def spread(self, number: int) -> "Chunks[V]":
        """Return the same mapping in ``number`` chunks."""
        chunks: tuple[dict[str, V], ...] = tuple({} for _ in range(number))
        for key, value in self.items():
            chunks[crc32(key.encode()) % number][key] = value
        return Chunks(chunks, self._size)

    def items(self) -> Iterator[tuple[str, V]]:
        """Yield all keys and values, in an order that depends on nothing but the changes."""
        for chunk in self._chunks:
            yield from _opened(chunk).items()

    def values(self) -> Iterator[V]:
        """Yield all values, in the order of ``items``."""
        for chunk in self._chunks:
            yield from _opened(chunk).values()

    def changed_since(self, before: "Chunks[V]") -> Iterator[tuple[str, V | None, V | None]]:
        """Yield the keys whose value is another than before, with both; None: it had none.

        Costs as much as what was changed, not as what there is, unless it has grown meanwhile.
        """
        if len(before._chunks) != len(self._chunks):  # noqa: SLF001 - of the same class
            before = before.spread(len(self._chunks))
        for was, now in zip(before._chunks, self._chunks, strict=True):  # noqa: SLF001
            if was is now:
                continue
            old, new = _opened(was), _opened(now)
            for key, value in new.items():
                if old.get(key) is not value:
                    yield key, old.get(key), value
            for key, value in old.items():
                if key not in new:
                    yield key, value, None

    def __len__(self) -> int:
        return self._size

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Chunks) and dict(self.items()) == dict(other.items())

    __hash__ = None  # type: ignore[assignment]  # equal by value, so never a key itself

    def __repr__(self) -> str:
        return f"Chunks({dict(self.items())!r})"


def _opened(chunk: dict[str, V] | Folded[V]) -> dict[str, V]:
    return chunk.open() if type(chunk) is Folded else chunk  # type: ignore[return-value]
