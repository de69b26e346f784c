"""Writes for all threads of a process: one thread, first come first served, many to a commit.

Syncing the disk costs far more than writing. So all pieces of work that wait when a transaction
begins share its commit, each in a savepoint of its own: what fails in one undoes only that one.
Nobody is answered before the commit.
"""

import sqlite3
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")

GROUP_MAX = 256
"""So many pieces of work share one commit at most, so that nobody waits without end."""


class Piece(Generic[T]):
    """One piece of work, and what became of it."""

    __slots__ = ("_over", "_result", "error", "work")

    def __init__(self, work: Callable[[], T]) -> None:
        self.work = work
        self.error: BaseException | None = None
        self._result: T | None = None
        self._over = threading.Lock()
        self._over.acquire()

    def do(self) -> None:
        """Do the work and keep its result."""
        self._result = self.work()

    def answer(self) -> None:
        """Let whoever waits go on."""
        self._over.release()

    def wait(self) -> T:
        """Wait until the work is on the disk; return its result or raise what it raised."""
        self._over.acquire()
        if self.error is not None:
            raise self.error
        return cast("T", self._result)


class Writer:
    """The one thread that writes to a database file."""

    def __init__(self, connection: sqlite3.Connection, *, closed: Callable[[], Exception]) -> None:
        self._connection = connection
        self._closed = closed
        self._line: SimpleQueue[Piece[Any] | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._is_closed = False
        self._thread = threading.Thread(target=self._serve, name="jobnet-writer", daemon=True)
        self._thread.start()

    def write(self, work: Callable[[], T]) -> T:
        """Do work in a transaction; return its result once that is on the disk."""
        assert threading.current_thread() is not self._thread, "a transaction opens no other"
        piece = Piece(work)
        with self._gate:
            if self._is_closed:
                raise self._closed()
            self._line.put(piece)
        return piece.wait()

    def close(self) -> None:
        """Do what stands in line, then stop; a second call does nothing."""
        with self._gate:
            if self._is_closed:
                return
            self._is_closed = True
            self._line.put(None)
        self._thread.join()
        self._connection.close()

    def _serve(self) -> None:
        while (first := self._line.get()) is not None:
            if not self._group(first):
                return

    def _group(self, first: Piece[Any]) -> bool:
        """Write what stands in line, in one transaction; return False after the last."""
        done: list[Piece[Any]] = []
        goes_on = True
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            piece: Piece[Any] | None = first
            while piece is not None:
                done.append(piece)
                self._do(piece, is_alone=len(done) == 1)
                if len(done) >= GROUP_MAX:
                    break
                try:
                    piece = self._line.get_nowait()
                except Empty:
                    break
            else:
                goes_on = False
            self._connection.execute("COMMIT")
        except BaseException as error:  # noqa: BLE001 - it belongs to all who wait for this commit
            self._undo(done or [first], error)
            done = done or [first]
        for piece in done:
            piece.answer()
        return goes_on

    def _do(self, piece: Piece[Any], *, is_alone: bool) -> None:
        """Do one piece of work; the first of a transaction needs no savepoint to be undone."""
        if not is_alone:
            self._connection.execute("SAVEPOINT piece")
        try:
            piece.do()
        except BaseException as error:
            piece.error = error
            if not self._connection.in_transaction:
                raise  # SQLite has undone all of it: no room, a broken disk
            if is_alone:
                self._connection.execute("ROLLBACK")
                self._connection.execute("BEGIN IMMEDIATE")
            else:
                self._connection.execute("ROLLBACK TO piece")
                self._connection.execute("RELEASE piece")
        else:
            if not is_alone:
                self._connection.execute("RELEASE piece")

    def _undo(self, pieces: list[Piece[Any]], error: BaseException) -> None:
        """Tell all who share a transaction that nothing of it was written."""
        for piece in pieces:
            piece.error = piece.error or error
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            return  # the next BEGIN tells whether anything can be written
