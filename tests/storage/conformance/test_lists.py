"""Lists that people and programs page through, the same over every database."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from jobnet.engine.states import State
from jobnet.ids import NetworkName, PartKey, RunId
from jobnet.ports.store import LiveNote, Store, Transaction
from jobnet.ports.store.lists import Cursor, RunFilter
from jobnet.storage import Place, SqlStore, open_store

from tests.storage.rows import NOON, RUN, TODAY, add_run, advance, later, part_row, run_row

ROWS = [
    run_row("a", network="payroll/pay", created=1),
    run_row("b", network="payroll/pay", created=1, state=State.RUNNING),
    run_row("c", network="payroll/emea/pay", created=2, state=State.ABNORMAL),
    run_row("d", network="payroll2/pay", created=3, operating_day=TODAY + timedelta(days=1)),
    run_row("e", network="backup", created=4, state=State.NORMAL),
]


@pytest.fixture
def listed(store: Store) -> Store:
    """Return a store with some runs."""
    for row in ROWS:
        add_run(store, row)
    return store


def note(number: int) -> LiveNote:
    return LiveNote(run=RUN, kind="progress", payload=str(number), at=NOON)


@pytest.mark.parametrize(
    ("meant", "expected"),
    [
        (RunFilter(), "edcba"),
        (RunFilter(network=NetworkName("payroll/pay")), "ba"),
        (RunFilter(folder="payroll"), "cba"),
        (RunFilter(folder="payroll/"), "cba"),
        (RunFilter(folder="payroll/emea"), "c"),
        (RunFilter(states=(State.NORMAL, State.ABNORMAL)), "ec"),
        (RunFilter(is_open=True), "dba"),
        (RunFilter(is_open=False), "ec"),
        (RunFilter(operating_day=TODAY), "ecba"),
        (RunFilter(created_since=later(2), created_until=later(3)), "dc"),
        (RunFilter(folder="payroll", is_open=True, states=(State.RUNNING,)), "b"),
        (RunFilter(network=NetworkName("payroll")), ""),
    ],
)
def test_a_filter_means_what_it_says(listed: Store, meant: RunFilter, expected: str) -> None:
    found = listed.read(lambda tx: tx.lists.runs(meant, after=None, limit=10))
    count = listed.read(lambda tx: tx.lists.count_runs(meant, count_max=10))

    assert "".join(row.run for row in found) == expected
    assert count == len(expected)


def test_pages_of_runs_join_without_a_gap(listed: Store) -> None:
    pages: list[str] = []
    after = None
    while found := listed.read(
        lambda tx, after=after: tx.lists.runs(RunFilter(), after=after, limit=2)  # type: ignore[misc]
    ):
        pages.append("".join(row.run for row in found))
        after = Cursor(at=found[-1].created_at, id=found[-1].run)

    assert pages == ["ed", "cb", "a"]


def test_counting_goes_no_further_than_it_must(listed: Store) -> None:
    assert listed.read(lambda tx: tx.lists.count_runs(RunFilter(), count_max=3)) == 3


def test_runs_are_named_by_how_their_ids_begin(store: Store) -> None:
    for at, run in enumerate(["pay-1", "pay-10", "pay_1", "pay%", "PAY-1"]):
        add_run(store, run_row(run, created=at))

    assert list(store.read(lambda tx: tx.lists.runs_named("pay-1", 9))) == ["pay-10", "pay-1"]
    assert list(store.read(lambda tx: tx.lists.runs_named("pay%", 9))) == ["pay%"]
    assert list(store.read(lambda tx: tx.lists.runs_named("", 2))) == ["PAY-1", "pay%"]


def test_parts_of_all_runs_are_paged_by_state(store: Store) -> None:
    for run in ("r1", "r2"):
        add_run(store, run_row(run))
        parts = (
            part_row("b", run=run),
            part_row("a", run=run),
            part_row("c", run=run, state=State.NORMAL),
        )
        advance(store, "1", run=run, parts=parts)

    first = store.read(lambda tx: tx.lists.parts(states=[State.RUNNING], after=None, limit=3))
    after = (RunId("r2"), PartKey("a"))
    rest = store.read(lambda tx: tx.lists.parts(states=[State.RUNNING], after=after, limit=3))

    assert [(row.run, row.part) for row in first] == [("r1", "a"), ("r1", "b"), ("r2", "a")]
    assert [(row.run, row.part) for row in rest] == [("r2", "b")]
    assert list(store.read(lambda tx: tx.lists.parts(states=[], after=None, limit=3))) == []


def test_live_notes_are_read_on_from_a_cursor(store: Store) -> None:
    add_run(store)
    store.write(lambda tx: tx.live.add([note(1), note(2)]))
    advance(store, "1", notes=(note(3),))

    first = store.read(lambda tx: tx.lists.live(0, 2))
    rest = store.read(lambda tx: tx.lists.live(first[-1][0], 9))
    before, newest = store.read(lambda tx: tx.lists.live_bounds())

    assert [each.payload for _, each in (*first, *rest)] == ["1", "2", "3"]
    assert newest == rest[-1][0]
    assert [each for _, each in store.read(lambda tx: tx.lists.live(before, 9))] == [
        note(1),
        note(2),
        note(3),
    ]


def test_notes_that_are_added_twice_in_one_transaction_keep_their_order(store: Store) -> None:
    def work(tx: Transaction) -> None:
        for number in range(4):
            tx.live.add([note(number)])

    store.write(work)

    found = store.read(lambda tx: tx.lists.live(0, 9))
    assert [each.payload for _, each in found] == ["0", "1", "2", "3"]


def test_only_the_newest_live_notes_are_kept(place: Place) -> None:
    opened = open_store(place)
    store = SqlStore(opened._database, notes_kept=50)
    add_run(store)
    for number in range(120):
        store.write(lambda tx, number=number: tx.live.add([note(number)]))  # type: ignore[misc]
    advance(store, "1", notes=(note(120),))

    found = store.read(lambda tx: tx.lists.live(0, 999))
    before, newest = store.read(lambda tx: tx.lists.live_bounds())
    store.close()

    numbers = [int(each.payload) for _, each in found]
    assert numbers == list(range(numbers[0], 121))
    assert 50 <= len(numbers) <= 52
    assert (before + 1, newest) == (found[0][0], found[-1][0])


def test_a_store_may_be_closed_twice(store: Store) -> None:
    store.close()
    store.close()


def test_a_cursor_may_be_as_large_as_the_transactions_of_a_year(store: Store) -> None:
    assert list(store.read(lambda tx: tx.lists.live(2**60, 9))) == []
    assert list(store.read(lambda tx: tx.audits.page(before=2**60, limit=9))) == []


def test_without_live_notes_the_bounds_are_nothing(store: Store) -> None:
    assert store.read(lambda tx: tx.lists.live_bounds()) == (0, 0)
    assert list(store.read(lambda tx: tx.lists.live(0, 9))) == []


def test_a_long_answer_is_read_piece_by_piece_from_one_instant(store: Store) -> None:
    add_run(store)
    advance(store, "1", "2", "3", "4")

    def pieces(tx: Transaction) -> Iterator[list[str]]:
        position = 0
        while found := tx.runs.entries(RUN, position)[:2]:
            yield [each.payload for each in found]
            position = found[-1].position

    read = store.iterate(pieces)
    first = next(read)
    advance(store, "5")

    assert [first, *read] == [["1", "2"], ["3", "4"]]


def test_a_long_answer_may_be_left_before_its_end(store: Store) -> None:
    add_run(store)
    read = store.iterate(lambda tx: iter([tx.runs.find(RUN), None]))

    assert next(read) == run_row()
    del read

    assert advance(store, "1")
