"""Many threads at once, and readers beside writers, the same over every database."""

import contextlib
import dataclasses
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest
from jobnet.engine.states import State
from jobnet.errors.storage import JournalOvertaken
from jobnet.ports.store import LiveNote, RunChange, RunTurn, Store, Transaction

from tests.storage.rows import (
    NOON,
    RUN,
    add_run,
    advance,
    journaled,
    new_input,
    part_row,
    put_inputs,
    run_row,
)

THREADS = 8
WAIT_SECONDS_MAX = 120


def test_turns_of_one_run_follow_one_another(store: Store) -> None:
    add_run(store)
    seen: list[int] = []

    def turn(number: int) -> None:
        def decide(turn: RunTurn) -> RunChange:
            change = journaled(turn, str(number))
            seen.append(turn.row.position)
            return change

        assert store.turn(RUN, decide, inputs_max=1)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(turn, range(40)))

    entries = store.read(lambda tx: tx.runs.entries(RUN, 0))
    assert [each.position for each in entries] == list(range(1, 41))
    assert sorted(int(each.payload) for each in entries) == list(range(40))
    assert sorted(seen) == list(range(40))


def test_no_input_is_taken_twice_or_left_by_turns_at_once(store: Store) -> None:
    add_run(store)
    taken: list[str] = []

    def put(number: int) -> None:
        put_inputs(store, new_input(f"key-{number}"))

        def decide(turn: RunTurn) -> RunChange | None:
            keys = [each.key for each in turn.inputs]
            taken.extend(keys)
            return journaled(turn, *keys) if keys else None

        store.turn(RUN, decide, inputs_max=3)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(put, range(60)))
    while advance_with_inputs(store, taken):
        pass

    assert sorted(taken) == sorted(f"key-{number}" for number in range(60))


def advance_with_inputs(store: Store, taken: list[str]) -> bool:
    def decide(turn: RunTurn) -> RunChange | None:
        taken.extend(each.key for each in turn.inputs)
        return journaled(turn, "rest") if turn.inputs else None

    return store.turn(RUN, decide, inputs_max=100)


def test_turns_of_two_runs_do_not_wait_for_each_other(store: Store) -> None:
    add_run(store, run_row("a"))
    add_run(store, run_row("b"))
    both_decide = threading.Barrier(2)

    def turn(run: str) -> bool:
        def decide(turn: RunTurn) -> RunChange:
            both_decide.wait(WAIT_SECONDS_MAX)
            return journaled(turn, "1")

        return store.turn(run_row(run).run, decide, inputs_max=1)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(turn, ["a", "b"])) == [True, True]


def test_inputs_reach_a_run_while_a_turn_decides(store: Store) -> None:
    add_run(store)

    def decide(turn: RunTurn) -> RunChange:
        with ThreadPoolExecutor(1) as pool:
            put = pool.submit(put_inputs, store, new_input("meanwhile"))
            assert put.result(WAIT_SECONDS_MAX) == 1
        return journaled(turn, "1")

    store.turn(RUN, decide, inputs_max=10)

    assert store.read(lambda tx: tx.runs.with_inputs()) == [RUN]


def test_a_row_that_was_replaced_while_a_turn_decided_is_not_overwritten(store: Store) -> None:
    row = add_run(store)
    other = dataclasses.replace(row, state=State.MISSED)

    def decide(turn: RunTurn) -> RunChange:
        asked.append(pool.submit(store.write, lambda tx: tx.runs.replace_unstarted(other)))
        wait(asked[:1], timeout=1)  # it waits for this turn where the database locks the run
        return journaled(turn, "1")

    asked: list[Future[bool]] = []
    with ThreadPoolExecutor(1) as pool, contextlib.suppress(JournalOvertaken):
        store.turn(RUN, decide, inputs_max=1)

    found = store.read(lambda tx: tx.runs.find(RUN))
    assert found is not None
    assert found.state is (State.MISSED if asked[0].result() else State.RUNNING)


def test_a_reader_sees_one_instant_whatever_is_written_meanwhile(store: Store) -> None:
    add_run(store)
    advance(store, "1")

    def work(tx: Transaction) -> tuple[int, int]:
        before = len(tx.runs.entries(RUN, 0))
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(advance, store, "2").result(WAIT_SECONDS_MAX)
        return before, len(tx.runs.entries(RUN, 0))

    assert store.read(work) == (1, 1)
    assert len(store.read(lambda tx: tx.runs.entries(RUN, 0))) == 2


def test_readers_do_not_wait_for_a_long_write(store: Store) -> None:
    add_run(store)
    begun, may_end = threading.Event(), threading.Event()

    def slow(tx: Transaction) -> None:
        tx.runs.add(run_row("second"))
        begun.set()
        assert may_end.wait(WAIT_SECONDS_MAX)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(store.write, slow)
        assert begun.wait(WAIT_SECONDS_MAX)
        seen = store.read(lambda tx: [row.run for row in tx.runs.unended()])
        may_end.set()
        writing.result(WAIT_SECONDS_MAX)

    assert seen == [RUN]


def test_what_one_piece_of_work_raises_undoes_only_that_one(store: Store) -> None:
    def work(number: int) -> bool:
        def write(tx: Transaction) -> None:
            tx.runs.add(run_row(f"run-{number:02}"))
            if number % 3 == 0:
                raise LookupError(str(number))

        try:
            store.write(write)
        except LookupError as error:
            assert str(error) == str(number)  # noqa: PT017 - each hears of its own
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        written = list(pool.map(work, range(30)))

    expected = [f"run-{number:02}" for number in range(30) if number % 3]
    found = store.read(lambda tx: sorted(row.run for row in tx.runs.unended()))
    assert found == expected
    assert written == [bool(number % 3) for number in range(30)]


def test_what_is_answered_can_be_read_at_once(store: Store) -> None:
    add_run(store)

    def write_and_read(number: int) -> bool:
        key = f"key-{number}"
        put_inputs(store, new_input(key))
        seen: list[str] = []
        store.turn(RUN, lambda turn: seen.extend(each.key for each in turn.inputs), inputs_max=999)
        return key in seen

    with ThreadPoolExecutor(THREADS) as pool:
        assert all(pool.map(write_and_read, range(50)))


def test_a_reader_of_live_notes_misses_none_of_many_writers(store: Store) -> None:
    add_run(store)
    over = threading.Event()
    read: list[str] = []

    def write(writer: int) -> None:
        for number in range(25):
            text = f"{writer}-{number}"
            note = LiveNote(run=RUN, kind="n", payload=text, at=NOON)
            store.write(lambda tx, note=note: tx.live.add([note]))  # type: ignore[misc]

    def follow() -> None:
        cursor, is_last = 0, False
        while not is_last:
            is_last = over.is_set()
            found = store.read(lambda tx, cursor=cursor: tx.lists.live(cursor, 7))  # type: ignore[misc]
            read.extend(note.payload for _, note in found)
            cursor = found[-1][0] if found else cursor
            is_last = is_last and not found

    with ThreadPoolExecutor(THREADS) as pool:
        following = pool.submit(follow)
        list(pool.map(write, range(THREADS - 2)))
        over.set()
        following.result(WAIT_SECONDS_MAX)

    assert sorted(read) == sorted(f"{w}-{n}" for w in range(THREADS - 2) for n in range(25))


def test_a_projection_of_many_parts_is_never_seen_half(store: Store) -> None:
    add_run(store)
    names = [f"part-{number:03}" for number in range(200)]
    advance(store, "0", parts=tuple(part_row(name) for name in names))
    counts: list[int] = []

    def rewrite(tag: int) -> None:
        rows = (dataclasses.replace(part_row(name), detail=str(tag)) for name in names)
        advance(store, str(tag), parts=tuple(rows))

    with ThreadPoolExecutor(2) as pool:
        writing = [pool.submit(rewrite, tag) for tag in range(10)]
        while not all(each.done() for each in writing):
            rows = store.read(lambda tx: tx.runs.parts(RUN))
            counts.append(len({row.detail for row in rows}))

    assert all(each.result() is None for each in writing)
    assert set(counts) <= {1}


def test_a_piece_of_work_that_is_interrupted_by_a_bug_leaves_the_store_usable(
    store: Store,
) -> None:
    with pytest.raises(ZeroDivisionError):
        store.write(lambda _: 1 // 0)

    add_run(store)
    assert advance(store, "1")
