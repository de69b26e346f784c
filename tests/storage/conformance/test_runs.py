"""Runs, their journals and inboxes, the same over every database."""

import dataclasses
from datetime import timedelta

import pytest
from jobnet.engine.states import State
from jobnet.errors.controller import RunNotFound
from jobnet.errors.storage import DatabaseClosed, JournalOvertaken, TextNotStorable
from jobnet.ids import NetworkName, PartKey, RunId
from jobnet.ports.store import OrderOutcome, RunTurn, Store, Transaction

from tests.storage.rows import (
    NOON,
    RUN,
    add_run,
    advance,
    entry,
    journaled,
    later,
    new_input,
    part_row,
    put_inputs,
    run_row,
)


def test_a_run_comes_back_as_it_was_added(store: Store) -> None:
    row = run_row(
        request='{"key": "\\u0000"}',
        started=NOON,
        ended=later(1.5),
        exit_code=-9,
        detail="Jürgen 🙂",
        flags=("late_end", "overrun"),
        recovered=("load",),
        state=State.ABNORMAL,
        is_check=True,
    )

    add_run(store, row)

    assert store.read(lambda tx: tx.runs.find(RUN)) == row


def test_a_run_that_is_there_stays_as_it_is(store: Store) -> None:
    row = add_run(store)

    was_added = store.write(lambda tx: tx.runs.add(dataclasses.replace(row, detail="other")))

    assert not was_added
    assert store.read(lambda tx: tx.runs.find(RUN)) == row


def test_a_run_that_does_not_exist_is_not_found(store: Store) -> None:
    assert store.read(lambda tx: tx.runs.find(RUN)) is None
    with pytest.raises(RunNotFound):
        store.turn(RUN, lambda _: None, inputs_max=1)


def test_a_run_without_a_journal_can_be_replaced_and_one_with_a_journal_not(store: Store) -> None:
    row = add_run(store)
    missed = dataclasses.replace(row, state=State.MISSED, ended=NOON)

    before = store.write(lambda tx: tx.runs.replace_unstarted(missed))
    found = store.read(lambda tx: tx.runs.find(RUN))
    advance(store, "{}")
    after = store.write(lambda tx: tx.runs.replace_unstarted(missed))

    assert (before, found, after) == (True, missed, False)


def test_runs_that_have_not_ended_come_by_planned_start(store: Store) -> None:
    add_run(store, run_row("b", created=2))
    add_run(store, run_row("a", created=3))
    add_run(store, run_row("c", created=1, network="other"))
    add_run(store, run_row("d", created=0, state=State.NORMAL))

    everywhere = store.read(lambda tx: tx.runs.unended())
    of_one = store.read(lambda tx: tx.runs.unended(NetworkName("other")))

    assert [row.run for row in everywhere] == ["c", "b", "a"]
    assert [row.run for row in of_one] == ["c"]


def test_an_input_is_let_in_once_as_long_as_it_waits(store: Store) -> None:
    add_run(store)

    first = store.write(lambda tx: tx.runs.put_inputs([new_input("a"), new_input("a")]))
    again = store.write(lambda tx: tx.runs.put_inputs([new_input("a"), new_input("b")]))

    assert (first, again) == (1, 1)


def test_inputs_come_in_the_order_in_which_they_were_put(store: Store) -> None:
    add_run(store)
    keys = [f"key-{9 - number}" for number in range(10)]
    for key in keys[:5]:
        put_inputs(store, new_input(key))
    store.write(lambda tx: tx.runs.put_inputs([new_input(key) for key in keys[5:]]))
    seen: list[str] = []

    def look(turn: RunTurn) -> None:
        seen.extend(each.key for each in turn.inputs)

    store.turn(RUN, look, inputs_max=8)

    assert seen == keys[:8]


def test_an_input_for_a_run_that_does_not_exist_is_refused_and_undoes_all(store: Store) -> None:
    add_run(store)

    with pytest.raises(RunNotFound, match="gone"):
        store.write(lambda tx: tx.runs.put_inputs([new_input("a"), new_input("b", run="gone")]))

    assert store.read(lambda tx: tx.runs.with_inputs()) == []


def test_a_refusal_that_work_handles_itself_undoes_nothing_else(store: Store) -> None:
    add_run(store)

    def work(tx: Transaction) -> int:
        with pytest.raises(RunNotFound):
            tx.runs.put_inputs([new_input("b", run="gone")])
        return tx.runs.put_inputs([new_input("a")])

    assert store.write(work) == 1


def test_runs_with_inputs_come_by_their_oldest(store: Store) -> None:
    for run in ("a", "b", "c"):
        add_run(store, run_row(run))
    for run in ("b", "a", "b"):
        put_inputs(store, new_input(f"key of {run}", run=run))

    assert store.read(lambda tx: tx.runs.with_inputs()) == ["b", "a"]


def test_a_turn_adds_to_the_journal_and_takes_its_inputs(store: Store) -> None:
    add_run(store)
    store.write(lambda tx: tx.runs.put_inputs([new_input("a"), new_input("b")]))

    has_written = advance(store, '{"n": 1}', '{"n": 2}')

    assert has_written
    assert store.read(lambda tx: tx.runs.entries(RUN, 0)) == [
        entry(1, '{"n": 1}'),
        entry(2, '{"n": 2}'),
    ]
    assert store.read(lambda tx: tx.runs.entries(RUN, 1)) == [entry(2, '{"n": 2}')]
    assert store.read(lambda tx: tx.runs.with_inputs()) == []


def test_a_key_may_come_again_once_its_input_was_taken(store: Store) -> None:
    add_run(store)
    store.write(lambda tx: tx.runs.put_inputs([new_input("a")]))
    advance(store, "{}")

    assert store.write(lambda tx: tx.runs.put_inputs([new_input("a")])) == 1


def test_a_turn_that_decides_nothing_writes_nothing(store: Store) -> None:
    row = add_run(store)
    store.write(lambda tx: tx.runs.put_inputs([new_input("a")]))

    has_written = store.turn(RUN, lambda _: None, inputs_max=10)

    assert not has_written
    assert store.read(lambda tx: tx.runs.find(RUN)) == row
    assert store.read(lambda tx: tx.runs.with_inputs()) == [RUN]


def test_a_turn_sees_the_journal_after_a_position(store: Store) -> None:
    add_run(store)
    advance(store, "1", "2", "3")
    seen: list[object] = []

    def look(turn: RunTurn) -> None:
        seen.append((turn.row.position, [each.payload for each in turn.entries(1)]))

    store.turn(RUN, look, inputs_max=1)

    assert seen == [(3, ["2", "3"])]


def test_what_a_turn_raises_undoes_all_of_it(store: Store) -> None:
    row = add_run(store)

    def fail(_: RunTurn) -> None:
        raise LookupError("on purpose")

    with pytest.raises(LookupError, match="on purpose"):
        store.turn(RUN, fail, inputs_max=1)

    assert store.read(lambda tx: tx.runs.find(RUN)) == row
    assert advance(store, "{}")


def test_a_turn_whose_position_was_overtaken_writes_nothing(store: Store) -> None:
    add_run(store)
    advance(store, "1")

    with pytest.raises(JournalOvertaken):
        store.turn(
            RUN,
            lambda turn: dataclasses.replace(journaled(turn, "late"), entries=(entry(1),)),
            inputs_max=1,
        )

    assert [each.payload for each in store.read(lambda tx: tx.runs.entries(RUN, 0))] == ["1"]


def test_parts_of_a_turn_replace_those_before_and_go_when_they_are_no_more(store: Store) -> None:
    add_run(store)
    advance(store, "1", parts=(part_row("a"), part_row("b"), part_row("c")))
    ended = dataclasses.replace(part_row("b", state=State.NORMAL), ended=later(1), exit_code=0)

    advance(store, "2", parts=(ended,), parts_gone=(PartKey("a"), PartKey("never there")))

    assert store.read(lambda tx: tx.runs.parts(RUN)) == [ended, part_row("c")]


def test_an_order_has_the_outcome_that_was_written_first(store: Store) -> None:
    add_run(store)
    done = OrderOutcome(key="k", refusal="", at=NOON)
    advance(store, "1", outcomes=(done,))

    advance(store, "2", outcomes=(OrderOutcome(key="k", refusal="too late", at=later(1)),))

    assert store.read(lambda tx: tx.runs.outcome(RUN, "k")) == done
    assert store.read(lambda tx: tx.runs.outcome(RUN, "other")) is None


def test_inputs_of_a_turn_for_its_own_run_wait_for_the_next(store: Store) -> None:
    add_run(store)

    advance(store, "1", inputs=(new_input("more"),))

    assert store.read(lambda tx: tx.runs.with_inputs()) == [RUN]


def test_ten_thousand_parts_are_written_in_one_turn(store: Store) -> None:
    add_run(store)
    rows = tuple(part_row(f"part-{number:05}") for number in range(10_000))

    advance(store, *(str(number) for number in range(500)), parts=rows)

    assert store.read(lambda tx: tuple(tx.runs.parts(RUN))) == rows
    assert len(store.read(lambda tx: tx.runs.entries(RUN, 0))) == 500


@pytest.mark.parametrize("name", ["a\0b", "half \ud800 a character"])
def test_a_name_that_no_database_keeps_is_refused(store: Store, name: str) -> None:
    with pytest.raises(TextNotStorable):
        store.write(lambda tx: tx.runs.add(run_row(name)))


def test_words_that_no_database_keeps_are_replaced_so_that_the_run_goes_on(store: Store) -> None:
    add_run(store, run_row(detail="a\0b \udcff"))

    row = store.read(lambda tx: tx.runs.find(RUN))

    assert row is not None
    assert row.detail == "a␀b \ufffd"


def test_json_that_no_database_keeps_means_the_same_when_it_comes_back(store: Store) -> None:
    add_run(store)

    advance(store, '{"path": "caf\udce9", "text": "🙂"}')

    (found,) = store.read(lambda tx: tx.runs.entries(RUN, 0))
    assert found.payload == '{"path": "caf\\udce9", "text": "🙂"}'


def test_a_large_entry_comes_back(store: Store) -> None:
    add_run(store)
    payload = '"' + "ü" * 256 * 1024 + '"'

    advance(store, payload)

    assert store.read(lambda tx: tx.runs.entries(RUN, 0))[0].payload == payload


def test_names_are_ordered_by_code_points_everywhere(store: Store) -> None:
    names = ["Z", "a", "a-b", "a.b", "a/b", "ä", "é", "\U0001f642"]
    add_run(store)

    advance(store, "1", parts=tuple(part_row(name) for name in reversed(names)))

    assert [row.part for row in store.read(lambda tx: tx.runs.parts(RUN))] == names


def test_the_clock_is_aware_and_in_utc(store: Store) -> None:
    now = store.now()

    assert now.utcoffset() == timedelta(0)


def test_what_was_closed_refuses_everything(store: Store) -> None:
    store.close()

    with pytest.raises(DatabaseClosed):
        store.write(lambda tx: tx.runs.add(run_row()))
    with pytest.raises(DatabaseClosed):
        store.read(lambda tx: tx.runs.find(RUN))
    with pytest.raises(DatabaseClosed):
        advance(store, "1")


def test_a_run_id_of_another_type_of_text_is_found_again(store: Store) -> None:
    class Tagged(str):
        __slots__ = ()

    add_run(store, run_row(Tagged("tagged")))

    assert store.read(lambda tx: tx.runs.find(RunId("tagged"))) is not None


def test_a_page_of_a_journal_is_read_by_its_positions(store: Store) -> None:
    add_run(store)
    advance(store, *"1234567")

    pages = store.read(
        lambda tx: [tx.runs.entries_between(RUN, after, after + 3) for after in (0, 3, 6, 9)]
    )

    found = [[each.payload for each in page] for page in pages]
    assert found == [["1", "2", "3"], ["4", "5", "6"], ["7"], []]
