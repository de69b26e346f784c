"""What runs have open outside themselves, the same over every database."""

import dataclasses

import pytest
from jobnet.engine.timers import TimerKind
from jobnet.ids import EventName, NetworkName, PartKey, RunId
from jobnet.ports.store import (
    DialogRow,
    Errand,
    ErrandKey,
    ErrandKind,
    FileWaitRow,
    MessageRow,
    SlotRow,
    SlotState,
    Store,
    TimerRow,
    WaitKind,
    WaitRow,
)

from tests.storage.rows import NOON, PAY, RUN, add_run, advance, job_row, later, run_row

A, B = PartKey("a"), PartKey("b")


def timer(part: PartKey = A, *, due: float = 0, generation: int = 1) -> TimerRow:
    return TimerRow(
        run=RUN,
        part=part,
        attempt=1,
        kind=TimerKind.RETRY,
        generation=generation,
        due=later(due),
    )


def slot(part: PartKey = A, *, asked: float = 0, placement: str = "{}") -> SlotRow:
    return SlotRow(
        run=RUN,
        part=part,
        attempt=1,
        state=SlotState.ASKING,
        asked_at=later(asked),
        queue="nightly",
        priority=None,
        network=PAY,
        is_job=True,
        placement=placement,
    )


def message(part: PartKey = A) -> MessageRow:
    return MessageRow(run=RUN, part=part, attempt=1, payload="{}")


def file_wait(part: PartKey = A) -> FileWaitRow:
    return FileWaitRow(run=RUN, part=part, attempt=1, payload="{}")


def wait(part: PartKey = A, *, kind: WaitKind = WaitKind.EVENT, name: str = "paid") -> WaitRow:
    return WaitRow(run=RUN, part=part, attempt=1, kind=kind, name=EventName(name), opened_at=NOON)


def dialog(part: PartKey = A) -> DialogRow:
    return DialogRow(
        run=RUN,
        part=part,
        attempt=1,
        network=NetworkName(PAY),
        message="Go on?",
        payload="{}",
        opened_at=NOON,
        due=later(5),
    )


ALL: list[tuple[Errand, ErrandKey]] = [
    (
        timer(),
        ErrandKey(kind=ErrandKind.TIMER, part=A, attempt=1, timer=TimerKind.RETRY, generation=1),
    ),
    (slot(), ErrandKey(kind=ErrandKind.SLOT, part=A, attempt=1)),
    (job_row("a"), ErrandKey(kind=ErrandKind.JOB, part=A, attempt=1)),
    (message(), ErrandKey(kind=ErrandKind.MESSAGE, part=A, attempt=1)),
    (file_wait(), ErrandKey(kind=ErrandKind.FILE_WAIT, part=A, attempt=1)),
    (wait(), ErrandKey(kind=ErrandKind.WAIT, part=A, attempt=1)),
    (dialog(), ErrandKey(kind=ErrandKind.DIALOG, part=A, attempt=1)),
]
EACH = pytest.mark.parametrize(("errand", "key"), ALL, ids=lambda each: type(each).__name__)


@EACH
def test_an_errand_of_a_turn_is_open_until_a_turn_drops_it(
    store: Store, errand: Errand, key: ErrandKey
) -> None:
    add_run(store)
    advance(store, "1", puts=(errand,))
    opened = store.read(lambda tx: tx.errands.of_run(RUN))

    advance(store, "2", drops=(key, key))

    assert list(opened) == [errand]
    assert list(store.read(lambda tx: tx.errands.of_run(RUN))) == []


@pytest.mark.parametrize("errand", [each for each, _ in ALL], ids=lambda each: type(each).__name__)
def test_an_errand_can_be_put_twice_and_dropped_twice(store: Store, errand: Errand) -> None:
    add_run(store)

    store.write(lambda tx: tx.errands.put([errand]))
    store.write(lambda tx: tx.errands.put([errand]))
    opened = store.read(lambda tx: tx.errands.of_run(RUN))
    store.write(lambda tx: tx.errands.drop([errand]))
    store.write(lambda tx: tx.errands.drop([errand]))

    assert list(opened) == [errand]
    assert list(store.read(lambda tx: tx.errands.of_run(RUN))) == []


def test_what_a_turn_drops_and_puts_is_there(store: Store) -> None:
    add_run(store)
    (first, key), *_ = ALL
    advance(store, "1", puts=(first,))

    advance(store, "2", drops=(key,), puts=(timer(due=9),))

    assert list(store.read(lambda tx: tx.errands.of_run(RUN))) == [timer(due=9)]


def test_timers_are_due_at_their_instant_the_earliest_first(store: Store) -> None:
    add_run(store)
    late, early, other = timer(B, due=2), timer(A, due=1), timer(A, due=3, generation=2)
    store.write(lambda tx: tx.errands.put([late, early, other]))

    due = store.read(lambda tx: tx.errands.due(later(2), 10))
    one = store.read(lambda tx: tx.errands.due(later(9), 1))
    following = store.read(lambda tx: tx.errands.next_due())

    assert list(due) == [early, late]
    assert list(one) == [early]
    assert following == later(1)


def test_without_timers_nothing_is_due(store: Store) -> None:
    assert store.read(lambda tx: tx.errands.next_due()) is None
    assert list(store.read(lambda tx: tx.errands.due(NOON, 10))) == []


def test_jobs_come_in_the_order_in_which_they_were_ordered(store: Store) -> None:
    add_run(store)
    rows = [job_row(part) for part in ("z", "a", "m")]

    advance(store, "1", puts=tuple(rows))

    assert list(store.read(lambda tx: tx.errands.jobs())) == rows
    assert store.read(lambda tx: tx.errands.job(RUN, PartKey("m"), 1)) == rows[2]
    assert store.read(lambda tx: tx.errands.job(RUN, PartKey("m"), 2)) is None


def test_a_job_that_has_begun_or_is_to_be_killed_stays_so(store: Store) -> None:
    add_run(store)
    advance(store, "1", puts=(job_row("a"), job_row("b")))
    begun = dataclasses.replace(job_row("a"), has_begun=True)
    store.write(lambda tx: tx.errands.put([begun]))

    advance(store, "2", kills=((A, 1), (B, 1), (PartKey("gone"), 1)), puts=(job_row("a"),))
    store.write(lambda tx: tx.errands.put([begun]))

    killed = dataclasses.replace(begun, kill_requested=True)
    assert store.read(lambda tx: tx.errands.job(RUN, A, 1)) == killed


def test_who_asks_again_for_a_slot_keeps_the_place_in_the_line(store: Store) -> None:
    add_run(store)
    advance(store, "1", puts=(slot(A, asked=0), slot(B, asked=1)))

    advance(store, "2", puts=(slot(A, asked=2, placement='{"other": 1}'),))

    assert list(store.read(lambda tx: tx.errands.slots())) == [
        slot(A, asked=0, placement='{"other": 1}'),
        slot(B, asked=1),
    ]


def test_who_holds_a_slot_and_asks_again_goes_on_holding(store: Store) -> None:
    add_run(store)
    advance(store, "1", puts=(slot(A),))
    held = dataclasses.replace(slot(A), state=SlotState.HOLDING, granted_at=later(1), told="x")
    store.write(lambda tx: tx.errands.put([held]))

    advance(store, "2", puts=(slot(A, asked=5),))

    assert list(store.read(lambda tx: tx.errands.slots())) == [held]


def test_slots_asked_for_at_one_instant_come_in_the_order_of_the_turn(store: Store) -> None:
    add_run(store)
    parts = [PartKey(name) for name in ("z", "a", "m")]

    advance(store, "1", puts=tuple(slot(part) for part in parts))

    assert [row.part for row in store.read(lambda tx: tx.errands.slots())] == parts


def test_waits_are_found_by_what_they_are_matched_by(store: Store) -> None:
    add_run(store)
    add_run(store, run_row("other"))
    of_other = dataclasses.replace(wait(A), run=RunId("other"))
    for_end = wait(B, kind=WaitKind.END, name="paid")
    rows = [wait(A), of_other, for_end, wait(PartKey("c"), name="other")]
    store.write(lambda tx: tx.errands.put(rows))

    everywhere = store.read(lambda tx: tx.errands.waits(WaitKind.EVENT, "paid"))
    of_one = store.read(lambda tx: tx.errands.waits(WaitKind.EVENT, "paid", run=RUN))
    ends = store.read(lambda tx: tx.errands.waits(WaitKind.END, "paid"))

    assert {row.run for row in everywhere} == {RUN, "other"}
    assert list(of_one) == [wait(A)]
    assert list(ends) == [for_end]


def test_messages_file_waits_and_dialogs_of_all_runs_are_listed(store: Store) -> None:
    add_run(store)
    rows: list[Errand] = [message(B), message(A), file_wait(A), dialog(B), dialog(A)]
    store.write(lambda tx: tx.errands.put(rows))

    messages = store.read(lambda tx: tx.errands.messages())
    files = store.read(lambda tx: tx.errands.file_waits())
    files_of_run = store.read(lambda tx: tx.errands.file_waits(RUN))
    dialogs = store.read(lambda tx: tx.errands.dialogs())

    assert list(messages) == [message(B), message(A)]
    assert list(files) == list(files_of_run) == [file_wait(A)]
    assert list(dialogs) == [dialog(B), dialog(A)]


@pytest.mark.parametrize(
    ("there", "changed"),
    [
        (slot(), dataclasses.replace(slot(), state=SlotState.HOLDING, granted_at=NOON, told="x")),
        (wait(), dataclasses.replace(wait(), told="event:1")),
        (message(), dataclasses.replace(message(), is_sending=True)),
    ],
)
def test_what_is_there_is_changed_and_what_is_gone_stays_away(
    store: Store, there: Errand, changed: Errand
) -> None:
    add_run(store)
    gone = dataclasses.replace(changed, part=B)
    store.write(lambda tx: tx.errands.put([there]))

    store.write(lambda tx: tx.errands.change([changed, gone]))

    assert store.read(lambda tx: tx.errands.of_run(RUN)) == [changed]


def test_who_reads_slots_for_a_decision_sees_all_of_them(store: Store) -> None:
    add_run(store)
    store.write(lambda tx: tx.errands.put([slot(B, asked=1), slot()]))

    seen = store.write(lambda tx: tx.errands.slots(for_update=True))

    assert [each.part for each in seen] == [A, B]
