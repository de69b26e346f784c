"""What only a server can do to us: late commits, deadlocks, lost connections, other replicas."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from jobnet.errors.storage import DatabaseAway, DatabaseForeign, DatabaseReadOnly
from jobnet.ports.store import LiveNote, RunChange, RunTurn, Transaction
from jobnet.storage import PostgresPlace, SqlStore, open_store
from jobnet.storage.connections import Connection
from jobnet.storage.live_notes import LiveNotes
from jobnet.storage.statements import Kind

from tests.storage.postgres import PostgresServer
from tests.storage.rows import NOON, RUN, add_run, advance, end, journaled, run_row

pytestmark = pytest.mark.parts
WAIT_SECONDS_MAX = 120


@pytest.fixture
def place(postgresql_place: PostgresPlace) -> PostgresPlace:
    """Return a database in which nothing is kept yet."""
    return postgresql_place


@pytest.fixture
def store(place: PostgresPlace) -> Iterator[SqlStore]:
    """Open the store of an empty database."""
    opened = open_store(place)
    yield opened
    opened.close()


def note(text: str) -> LiveNote:
    return LiveNote(run=RUN, kind="n", payload=text, at=NOON)


def live(store: SqlStore, cursor: int) -> list[tuple[int, str]]:
    found = store.read(lambda tx: tx.lists.live(cursor, 100))
    return [(at, each.payload) for at, each in found]


def test_a_note_that_is_committed_late_is_not_lost(place: PostgresPlace, store: SqlStore) -> None:
    with psycopg.connect(place.url) as late:
        LiveNotes(Connection(late, Kind.POSTGRESQL)).add([note("counted first")])
        store.write(lambda tx: tx.live.add([note("committed first")]))

        while_it_goes_on = live(store, 0)
        bounds = store.read(lambda tx: tx.lists.live_bounds())
        late.commit()

    read_on = live(store, while_it_goes_on[-1][0] if while_it_goes_on else 0)
    assert bounds == (0, 0)
    assert [text for _, text in (*while_it_goes_on, *read_on)] == [
        "counted first",
        "committed first",
    ]


def test_what_a_deadlock_undoes_is_done_again(store: SqlStore) -> None:
    for run in ("a", "b"):
        add_run(store, run_row(run))
    both = threading.Barrier(2)
    tries: list[str] = []

    def work(first: str, second: str) -> bool:
        def write(tx: Transaction) -> bool:
            is_first_try = first not in tries
            tries.append(first)
            one = tx.runs.replace_unstarted(run_row(first, detail=f"{first} before {second}"))
            if is_first_try:
                both.wait(WAIT_SECONDS_MAX)
            return one and tx.runs.replace_unstarted(run_row(second, detail=f"after {first}"))

        return store.write(write)

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(work, ["a", "b"], ["b", "a"]))

    assert done == [True, True]
    assert len(tries) == 3


def test_a_turn_that_a_deadlock_undoes_is_taken_again(
    place: PostgresPlace, store: SqlStore
) -> None:
    add_run(store)
    advance(store, "1", ends=(end("other"),))
    decided: list[int] = []

    def hold_the_end_and_ask_for_the_run() -> None:
        with psycopg.connect(place.url) as patient:
            patient.execute("SET deadlock_timeout = '10min'")  # so that the turn is undone
            patient.execute("SELECT 1 FROM execution_end FOR UPDATE")
            holds.set()
            patient.execute("SELECT 1 FROM run FOR UPDATE")
            patient.rollback()

    def decide(turn: RunTurn) -> RunChange:
        decided.append(turn.row.position)
        if len(decided) == 1:
            patient.submit(hold_the_end_and_ask_for_the_run)
            assert holds.wait(WAIT_SECONDS_MAX)
        return journaled(turn, "2", ends=(end("other", ended=3),))

    holds = threading.Event()
    with ThreadPoolExecutor(1) as patient:
        assert store.turn(RUN, decide, inputs_max=1)

    assert decided == [1, 1]
    assert [each.payload for each in store.read(lambda tx: tx.runs.entries(RUN, 0))] == ["1", "2"]


def test_notes_from_before_a_restore_do_not_hide_new_ones(place: PostgresPlace) -> None:
    store = open_store(place)
    store.write(lambda tx: tx.live.add([note("of another server")]))
    with psycopg.connect(place.url) as connection:
        connection.execute("UPDATE live_note SET id = id + (1000000::bigint << 20)")
    store.close()

    again = open_store(place)
    again.write(lambda tx: tx.live.add([note("new")]))
    found = live(again, 0)
    again.close()

    assert [text for _, text in found] == ["new"]


def test_two_replicas_take_turns_of_one_run(place: PostgresPlace, store: SqlStore) -> None:
    other = open_store(place)
    add_run(store)

    def turn(number: int) -> bool:
        replica = store if number % 2 else other

        def decide(turn: RunTurn) -> RunChange:
            return journaled(turn, str(number))

        return replica.turn(RUN, decide, inputs_max=1)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(turn, range(40)))
    other.close()

    assert len(store.read(lambda tx: tx.runs.entries(RUN, 0))) == 40


def test_a_server_that_comes_back_is_used_again(server: PostgresServer, store: SqlStore) -> None:
    add_run(store)
    with ThreadPoolExecutor(3) as pool:  # so that several connections lie idle
        list(pool.map(lambda _: store.now(), range(9)))

    server.stop()
    with pytest.raises(DatabaseAway, match="nothing that was confirmed is lost"):
        advance(store, "1")
    with pytest.raises(DatabaseAway):
        store.read(lambda tx: tx.runs.find(RUN))
    with pytest.raises(DatabaseAway):
        store.now()
    server.start()

    assert advance(store, "1")
    assert len(store.read(lambda tx: tx.runs.entries(RUN, 0))) == 1


def test_connections_that_were_ended_while_idle_are_passed_over(
    place: PostgresPlace, store: SqlStore
) -> None:
    barrier = threading.Barrier(4)

    def look(tx: Transaction) -> None:
        tx.runs.find(RUN)
        barrier.wait(WAIT_SECONDS_MAX)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: store.read(look), range(4)))
    end_all(place)

    add_run(store)
    assert advance(store, "1")


def end_all(place: PostgresPlace) -> None:
    """End all connections to a database, as an administrator would."""
    with psycopg.connect(place.url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_connection_that_is_lost_in_the_middle_writes_nothing(
    place: PostgresPlace, store: SqlStore
) -> None:
    add_run(store)

    def decide(turn: RunTurn) -> RunChange:
        end_all(place)
        return journaled(turn, "1")

    with pytest.raises(DatabaseAway):
        store.turn(RUN, decide, inputs_max=1)

    assert store.read(lambda tx: tx.runs.entries(RUN, 0)) == []
    assert advance(store, "1")


def test_a_server_that_never_was_is_said_without_its_password() -> None:
    place = PostgresPlace(url="postgresql://ann:secret@127.0.0.1:1/jobnet")

    with pytest.raises(DatabaseAway) as refusal:
        open_store(place)

    assert "secret" not in str(refusal.value)
    assert "secret" not in repr(place)
    assert "127.0.0.1" in str(refusal.value)


def test_a_database_of_others_is_refused(server: PostgresServer) -> None:
    place = PostgresPlace(url=server.new_database())
    with psycopg.connect(place.url) as connection:
        connection.execute("CREATE TABLE invoice (id integer)")

    with pytest.raises(DatabaseForeign, match="invoice"):
        open_store(place)


def test_the_clock_is_that_of_the_server(place: PostgresPlace, store: SqlStore) -> None:
    with psycopg.connect(place.url, autocommit=True) as connection:
        before = connection.execute("SELECT clock_timestamp()").fetchone()
        between = store.now()
        after = connection.execute("SELECT clock_timestamp()").fetchone()

    assert before is not None
    assert after is not None
    assert before[0] <= between <= after[0]


def test_reading_cannot_write(store: SqlStore) -> None:
    with pytest.raises(DatabaseReadOnly):
        store.read(lambda tx: tx.runs.add(run_row()))
