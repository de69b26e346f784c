"""Keeps what jobs print, bounded: of each attempt its beginning and its end.

Offsets count characters from the beginning of an attempt's output, whether they are kept or not,
so what lies between beginning and end is missed and never moved together.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from jobnet.ids import PartKey, RunId
from jobnet.ports.store.outputs import OutputHit, OutputPiece, OutputRange
from jobnet.storage.connections import Connection
from jobnet.storage.databases import Database
from jobnet.storage.output_tables import (
    ADD_ATTEMPT,
    ADD_PIECE,
    ALL_PIECES,
    CHANGE_ATTEMPT,
    CUT_PIECES,
    FIND_ATTEMPT,
    FORGET_ATTEMPTS,
    FORGET_PIECES,
    KEPT_OF_RUN,
    LOCK_ATTEMPT,
    NEXT_START,
    PIECES,
    START_AT,
)
from jobnet.storage.statements import Values
from jobnet.storage.types import storable_words

BEGINNING_KEPT = 8 * 1024 * 1024
END_KEPT = 8 * 1024 * 1024
PIECE_MAX = 32 * 1024
LINE_SHOWN_MAX = 2_000
"""So many characters of a line are shown by a search."""

Attempt = tuple[RunId, PartKey, int]


class SqlOutputs:
    """What jobs printed, over either database."""

    def __init__(
        self,
        database: Database,
        *,
        beginning_kept: int = BEGINNING_KEPT,
        end_kept: int = END_KEPT,
    ) -> None:
        self._database = database
        self._beginning_kept = beginning_kept
        self._end_kept = end_kept

    def append(self, pieces: Sequence[OutputPiece]) -> None:
        """Keep pieces; what is there already is passed over, what is too much is cut visibly."""
        ordered = sorted(pieces, key=_attempt_of)
        if ordered:
            self._database.write(lambda connection: self._append_all(connection, ordered))

    def read(
        self, run: RunId, part: PartKey, attempt: int, *, offset: int, limit: int
    ) -> OutputRange:
        """Return up to ``limit`` characters from ``offset``; negative counts from the end.

        Where what begins there is not kept, the range begins with what is kept next.
        """
        with self._database.reading() as connection:
            key = _key((run, part, attempt))
            found = connection.row(FIND_ATTEMPT, key)
            total, _, is_cut = found or (0, 0, False)
            begin = max(0, total + offset) if offset < 0 else offset
            text = ""
            place = _place_of(connection, key, begin)
            if place is not None and limit > 0:
                begin, first = place
                text = _text_from(connection, key, begin=begin, first=first, limit=limit)
            return OutputRange(offset=min(begin, total), text=text, total=total, is_cut=is_cut)

    def search(
        self, run: RunId, part: PartKey, attempt: int, *, text: str, limit: int
    ) -> Sequence[OutputHit]:
        """Return the first lines that contain a text, whatever its case."""
        wanted = storable_words(text).casefold()
        hits: list[OutputHit] = []
        with self._database.reading() as connection:
            for hit in _lines(connection.rows(ALL_PIECES, _key((run, part, attempt)))):
                if len(hits) >= limit:
                    break
                if wanted in hit.text.casefold():
                    hits.append(_shown(hit))
        return hits

    def size(self, run: RunId) -> int:
        """Return how many characters are kept of a run."""
        with self._database.reading() as connection:
            ((size,),) = connection.rows(KEPT_OF_RUN, {"run_id": run})
        return int(size)

    def forget(self, run: RunId) -> None:
        """Remove all output of a run."""

        def forget(connection: Connection) -> None:
            connection.change(FORGET_PIECES, {"run_id": run})
            connection.change(FORGET_ATTEMPTS, {"run_id": run})

        self._database.write(forget)

    def close(self) -> None:
        """Finish what was begun."""
        self._database.close()

    def _append_all(self, connection: Connection, ordered: Sequence[OutputPiece]) -> None:
        for attempt, pieces in groupby(ordered, key=_attempt_of):
            self._append(connection, _key(attempt), list(pieces))

    def _append(self, connection: Connection, key: Values, pieces: Sequence[OutputPiece]) -> None:
        connection.change(ADD_ATTEMPT, key)
        found = connection.row(LOCK_ATTEMPT, key)
        assert found is not None, "it was added just now"
        total, lines, is_cut = found
        rows: list[Values] = []
        for piece in sorted(pieces, key=lambda each: each.offset):
            if piece.offset > total:  # what came between was lost
                total, is_cut = piece.offset, True
            for text in _chunks(storable_words(piece.text)[total - piece.offset :]):
                place = {"start": total, "size": len(text), "line": lines}
                rows.append({**key, **place, "text": text, "at": piece.at})
                total, lines = total + len(text), lines + text.count("\n")
        connection.change_many(ADD_PIECE, rows)
        end = total - self._end_kept
        if rows and end > self._beginning_kept:
            bounds = {"beginning": self._beginning_kept, "end": end}
            is_cut = bool(connection.change(CUT_PIECES, {**key, **bounds})) or is_cut
        connection.change(
            CHANGE_ATTEMPT, {**_renamed(key), "total": total, "lines": lines, "is_cut": is_cut}
        )


def _attempt_of(piece: OutputPiece) -> Attempt:
    return piece.run, piece.part, piece.attempt


def _key(attempt: Attempt) -> dict[str, object]:
    return dict(zip(("run_id", "part", "attempt"), attempt, strict=True))


def _renamed(key: Values) -> dict[str, object]:
    return {f"of_{name}": value for name, value in key.items()}


def _chunks(text: str) -> Iterator[str]:
    """Split text into pieces that are not too long, at the ends of lines where there are any."""
    begin = 0
    while begin < len(text):
        end = begin + PIECE_MAX
        if end < len(text):
            end = text.rfind("\n", begin, end) + 1 or end
        yield text[begin:end]
        begin = end


def _place_of(connection: Connection, key: Values, begin: int) -> tuple[int, int] | None:
    """Return where kept text begins at or after ``begin``, and the start of its piece."""
    found = connection.row(START_AT, {**key, "begin": begin})
    if found is not None and found[0] + found[1] > begin:
        return begin, found[0]
    (start,) = connection.rows(NEXT_START, {**key, "begin": begin})[0]
    return None if start is None else (start, start)


def _text_from(connection: Connection, key: Values, *, begin: int, first: int, limit: int) -> str:
    """Return text from ``begin`` up to the next gap."""
    texts: list[str] = []
    end = first
    for start, text, _ in connection.rows(PIECES, {**key, "first": first, "end": begin + limit}):
        if start != end:
            break
        texts.append(text)
        end = start + len(text)
    return "".join(texts)[begin - first :][:limit]


def _lines(pieces: Iterable[tuple[int, str, int]]) -> Iterator[OutputHit]:
    """Return all lines that are kept; one that a gap cuts counts as two."""
    held: list[str] = []
    offset = line = end = 0
    for start, text, lines_before in pieces:
        if start != end or not end:
            if held:
                yield OutputHit(offset=offset, line=line, text="".join(held))
            held, offset, line = [], start, lines_before + 1
        end, begin = start + len(text), 0
        while (at := text.find("\n", begin)) >= 0:
            held.append(text[begin:at])
            yield OutputHit(offset=offset, line=line, text="".join(held))
            held, offset, line, begin = [], start + at + 1, line + 1, at + 1
        if begin < len(text):
            held.append(text[begin:])
    if held:
        yield OutputHit(offset=offset, line=line, text="".join(held))


def _shown(hit: OutputHit) -> OutputHit:
    return OutputHit(offset=hit.offset, line=hit.line, text=hit.text[:LINE_SHOWN_MAX])
