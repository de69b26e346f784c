"""The one thread that writes to a file: in order, many to a commit, answered after it."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

import pytest
from jobnet.errors.storage import DatabaseClosed
from jobnet.storage import SqlitePlace
from jobnet.storage.sqlite.files import open_reader, open_writer
from jobnet.storage.sqlite.writer import GROUP_MAX, Piece, Writer

WAIT_SECONDS_MAX = 120


class Desk:
    """A writer over a small table, whose statements are noted down."""

    def __init__(self, path: Path) -> None:
        self.connection = open_writer(SqlitePlace(path=path))
        self.connection.execute("CREATE TABLE thing (name TEXT PRIMARY KEY)")
        self.said: list[str] = []
        self.connection.set_trace_callback(self.said.append)
        self.writer = Writer(self.connection, closed=lambda: DatabaseClosed("here"))
        self.pool = ThreadPoolExecutor(64)

    def insert(self, name: str) -> Callable[[], str]:
        def work() -> str:
            self.connection.execute("INSERT INTO thing VALUES (?)", (name,))
            return name

        return work

    def in_line(self, works: list[Callable[[], str]]) -> list["Future[str]"]:
        """Let works stand in line in this order while the writer is busy with another."""
        begun, may_go_on = threading.Event(), threading.Event()

        def busy() -> str:
            begun.set()
            assert may_go_on.wait(WAIT_SECONDS_MAX)
            return ""

        first = self.pool.submit(self.writer.write, busy)
        assert begun.wait(WAIT_SECONDS_MAX)
        futures = []
        for number, work in enumerate(works):
            futures.append(self.pool.submit(self.writer.write, work))
            while self.writer._line.qsize() <= number:
                threading.Event().wait(0.001)
        may_go_on.set()
        first.exception(WAIT_SECONDS_MAX)  # it shares what becomes of the commit
        return futures

    def names(self) -> list[str]:
        return [name for (name,) in self.connection.execute("SELECT name FROM thing ORDER BY 1")]


@pytest.fixture
def desk(sqlite_place: SqlitePlace) -> Iterator[Desk]:
    """Return a writer over an empty file."""
    made = Desk(sqlite_place.path)
    yield made
    made.pool.shutdown()
    made.writer.close()


def statements(desk: Desk, *kinds: str) -> list[str]:
    return [said for said in desk.said if said.startswith(kinds)]


def test_whoever_stands_in_line_first_is_served_first(desk: Desk) -> None:
    names = [f"name-{number:02}" for number in reversed(range(40))]

    futures = desk.in_line([desk.insert(name) for name in names])

    assert [future.result(WAIT_SECONDS_MAX) for future in futures] == names
    inserted = statements(desk, "INSERT")
    assert [said.split("'")[1] for said in inserted] == names


def test_what_stands_in_line_shares_one_commit(desk: Desk) -> None:
    futures = desk.in_line([desk.insert(str(number)) for number in range(10)])
    for future in futures:
        future.result(WAIT_SECONDS_MAX)

    assert len(statements(desk, "COMMIT")) == 1


def test_a_commit_is_shared_by_a_bounded_number(desk: Desk) -> None:
    done: list[int] = []

    def look() -> None:
        done.append(len(statements(desk, "COMMIT")))

    begun, may_go_on = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        assert may_go_on.wait(WAIT_SECONDS_MAX)

    busy = desk.pool.submit(desk.writer.write, wait)
    assert begun.wait(WAIT_SECONDS_MAX)
    pieces = [Piece(look) for _ in range(2 * GROUP_MAX)]
    for piece in pieces:
        desk.writer._line.put(piece)
    may_go_on.set()
    busy.result(WAIT_SECONDS_MAX)
    for piece in pieces:
        piece.wait()

    assert max(done.count(commits) for commits in set(done)) <= GROUP_MAX
    assert len(set(done)) == 3


class NotingQueue:
    """A queue that notes who was put into it, in order."""

    def __init__(self) -> None:
        self._line: SimpleQueue[Piece[None] | None] = SimpleQueue()
        self.put_order: list[object] = []
        self.get = self._line.get
        self.get_nowait = self._line.get_nowait

    def put(self, piece: Piece[None] | None) -> None:
        if piece is not None:
            self.put_order.append(piece.work)
        self._line.put(piece)


def test_a_thousand_writes_of_sixteen_threads_are_served_in_the_order_of_their_coming(
    sqlite_place: SqlitePlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = NotingQueue()
    monkeypatch.setattr("jobnet.storage.sqlite.writer.SimpleQueue", lambda: line)
    desk = Desk(sqlite_place.path)
    served: list[object] = []

    def write_all(_: int) -> None:
        for _ in range(63):

            def work() -> None:
                served.append(work)

            desk.writer.write(work)

    list(desk.pool.map(write_all, range(16)))
    desk.pool.shutdown()
    desk.writer.close()

    assert len(served) == 16 * 63
    assert served == line.put_order


def test_nobody_is_answered_before_the_commit(desk: Desk) -> None:
    other = sqlite3.connect(desk.connection.execute("PRAGMA database_list").fetchone()[2])
    seen = []

    for number in range(20):
        desk.writer.write(desk.insert(str(number)))
        seen.append(other.execute("SELECT count(*) FROM thing").fetchone()[0])
    other.close()

    assert seen == list(range(1, 21))


def test_what_fails_in_a_shared_commit_undoes_only_itself(desk: Desk) -> None:
    def half() -> str:
        desk.insert("half")()
        raise LookupError("on purpose")

    works = [half, desk.insert("a"), half, desk.insert("b"), half]
    futures = desk.in_line(works)
    errors = [type(future.exception(WAIT_SECONDS_MAX)) for future in futures]

    assert errors == [LookupError, type(None), LookupError, type(None), LookupError]
    assert desk.names() == ["a", "b"]
    assert len(statements(desk, "COMMIT")) == 1


def test_a_first_piece_that_fails_alone_undoes_itself(desk: Desk) -> None:
    def half() -> str:
        desk.insert("half")()
        raise LookupError("on purpose")

    with pytest.raises(LookupError, match="on purpose"):
        desk.writer.write(half)

    assert desk.writer.write(desk.insert("a")) == "a"
    assert desk.names() == ["a"]


def test_a_commit_that_fails_is_told_to_all_and_the_writer_goes_on(desk: Desk) -> None:
    desk.connection.execute(
        "CREATE TABLE child (name TEXT REFERENCES thing DEFERRABLE INITIALLY DEFERRED)"
    )

    def dangle() -> str:
        desk.connection.execute("INSERT INTO child VALUES ('nowhere')")
        return ""

    futures = desk.in_line([desk.insert("a"), dangle, desk.insert("b")])
    errors = [future.exception(WAIT_SECONDS_MAX) for future in futures]
    written = desk.writer.write(desk.insert("c"))

    assert all(isinstance(error, sqlite3.IntegrityError) for error in errors)
    assert written == "c"
    assert desk.names() == ["c"]


def test_closing_finishes_what_stands_in_line(desk: Desk) -> None:
    futures = desk.in_line([desk.insert(str(number)) for number in range(5)])

    desk.writer.close()
    desk.writer.close()

    assert [future.result(WAIT_SECONDS_MAX) for future in futures] == list("01234")
    with pytest.raises(DatabaseClosed):
        desk.writer.write(desk.insert("late"))


def test_work_that_opens_another_transaction_is_a_mistake_and_does_not_hang(desk: Desk) -> None:
    with pytest.raises(AssertionError, match="opens no other"):
        desk.writer.write(lambda: desk.writer.write(desk.insert("inner")))


def test_a_journal_is_synced_at_every_commit_and_output_is_not(tmp_path: Path) -> None:
    def pragma(name: str, *, is_synced: bool) -> object:
        place = SqlitePlace(path=tmp_path / f"{is_synced}.sqlite3", is_synced=is_synced)
        connection = open_writer(place)
        found = connection.execute(f"PRAGMA {name}").fetchone()[0]
        connection.close()
        return found

    assert pragma("synchronous", is_synced=True) == 2  # FULL
    assert pragma("synchronous", is_synced=False) == 1  # NORMAL
    assert pragma("journal_mode", is_synced=True) == "wal"
    assert pragma("foreign_keys", is_synced=True) == 1
    assert pragma("busy_timeout", is_synced=True) == 5000


def test_the_file_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.sqlite3"
    connection = open_writer(SqlitePlace(path=path))
    connection.execute("CREATE TABLE thing (name TEXT)")

    files = [each.stat().st_mode & 0o077 for each in (path, path.parent, *path.parent.iterdir())]
    connection.close()

    assert set(files) == {0}


def test_a_reader_cannot_write(desk: Desk) -> None:
    path = desk.connection.execute("PRAGMA database_list").fetchone()[2]
    reader = open_reader(SqlitePlace(path=Path(path)))

    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("INSERT INTO thing VALUES ('a')")

    reader.close()
