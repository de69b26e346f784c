"""Events, ends and signals: what passes between runs, the same over every database."""

import dataclasses
from datetime import UTC, date, datetime, timedelta

from jobnet.ids import EventName, NetworkName, RunId
from jobnet.ports.store import Signal, SignalKind, Store

from tests.storage.rows import NOON, PAY, RUN, add_run, advance, end, event, later

PAID = EventName("paid")
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


def signal(name: str, kind: SignalKind = SignalKind.JOB) -> Signal:
    return Signal(kind=kind, name=name, run=RUN)


def test_an_event_comes_back_with_all_types_of_its_data(store: Store) -> None:
    sent = dataclasses.replace(
        event("e1", keep=5),
        data={"when": NOON, "day": date(2026, 1, 1), "for": timedelta(hours=1), "n": (None, 1.5)},
    )

    was_new = store.write(lambda tx: tx.board.add_event(sent))

    assert was_new
    assert list(store.read(lambda tx: tx.board.events(PAID, since=BEGINNING))) == [sent]


def test_an_event_that_is_known_is_not_kept_twice(store: Store) -> None:
    add_run(store)
    store.write(lambda tx: tx.board.add_event(event("e1")))

    again = store.write(lambda tx: tx.board.add_event(event("e1", sent=3)))
    advance(store, "1", events=(event("e1", sent=4), event("e2")))

    assert not again
    found = store.read(lambda tx: tx.board.events(PAID, since=BEGINNING))
    assert list(found) == [event("e1"), event("e2")]


def test_events_are_found_that_were_sent_since_then_or_are_kept(store: Store) -> None:
    rows = [event("old"), event("kept", keep=10), event("new", sent=6), event("gone", keep=3)]
    for row in rows:
        store.write(lambda tx, row=row: tx.board.add_event(row))  # type: ignore[misc]

    found = store.read(lambda tx: tx.board.events(PAID, since=later(5)))

    assert [each.id for each in found] == ["kept", "new"]
    assert list(store.read(lambda tx: tx.board.events(EventName("x"), since=BEGINNING))) == []


def test_events_that_nobody_can_get_any_more_are_forgotten(store: Store) -> None:
    rows = [event("old"), event("kept", keep=10), event("new", sent=6), event("gone", keep=3)]
    for row in rows:
        store.write(lambda tx, row=row: tx.board.add_event(row))  # type: ignore[misc]

    count = store.write(lambda tx: tx.board.forget_events(later(7), older_than=later(5)))

    assert count == 2
    left = store.read(lambda tx: tx.board.events(PAID, since=BEGINNING))
    assert [each.id for each in left] == ["kept", "new"]


def test_an_end_replaces_the_earlier_one_of_the_same_execution_and_part(store: Store) -> None:
    add_run(store)
    whole, part = end(RUN), end(RUN, part="load")
    advance(store, "1", ends=(whole, part, end("other", ended=9)))

    again = dataclasses.replace(whole, state="abnormal", ended_at=later(3))
    advance(store, "2", ends=(again,))

    of_networks = store.read(lambda tx: tx.board.ends(PAY, None, run=None, since=BEGINNING))
    of_part = store.read(lambda tx: tx.board.ends(PAY, "load", run=None, since=BEGINNING))
    late = store.read(lambda tx: tx.board.ends(PAY, None, run=None, since=later(4)))
    assert list(of_networks) == [again, end("other", ended=9)]
    assert list(of_part) == [part]
    assert list(late) == [end("other", ended=9)]


def test_own_ends_of_a_run_are_not_those_that_others_wait_for(store: Store) -> None:
    add_run(store)
    own, others = end(RUN, part="a", own=True), end(RUN, part="a")
    advance(store, "1", ends=(own, others, end(RUN, part="b", own=True)))

    of_run = store.read(lambda tx: tx.board.ends(None, "a", run=RUN, since=BEGINNING))
    all_of_run = store.read(lambda tx: tx.board.ends(None, None, run=RUN, since=BEGINNING))
    of_network = store.read(lambda tx: tx.board.ends(PAY, "a", run=None, since=BEGINNING))
    of_nobody = store.read(
        lambda tx: tx.board.ends(NetworkName("x"), "a", run=None, since=BEGINNING)
    )

    assert list(of_run) == [own]
    assert [each.part for each in all_of_run] == ["a", "b"]
    assert list(of_network) == [others]
    assert list(of_nobody) == []


def test_signals_wait_in_order_until_they_are_done(store: Store) -> None:
    add_run(store)
    store.write(lambda tx: tx.signals.add([signal("b")]))
    advance(store, "1", signals=(signal("a"), signal("x", SignalKind.ADMIT)))

    pending = store.read(lambda tx: tx.signals.pending([SignalKind.JOB, SignalKind.MESSAGE]))
    store.write(lambda tx: tx.signals.done([number for number, _ in pending]))

    assert [each for _, each in pending] == [signal("b"), signal("a")]
    assert list(store.read(lambda tx: tx.signals.pending([SignalKind.JOB]))) == []
    assert len(store.read(lambda tx: tx.signals.pending(list(SignalKind)))) == 1
    assert list(store.read(lambda tx: tx.signals.pending([]))) == []


def test_a_signal_that_waits_already_is_not_written_twice(store: Store) -> None:
    store.write(lambda tx: tx.signals.add([signal("a"), signal("a")]))

    store.write(lambda tx: tx.signals.add([signal("a")]))

    assert len(store.read(lambda tx: tx.signals.pending([SignalKind.JOB]))) == 1


def test_a_signal_that_comes_while_it_is_worked_on_is_not_lost(store: Store) -> None:
    store.write(lambda tx: tx.signals.add([signal("a")]))
    ((number, _),) = store.read(lambda tx: tx.signals.pending([SignalKind.JOB]))

    store.write(lambda tx: tx.signals.add([signal("a")]))
    store.write(lambda tx: tx.signals.done([number]))

    assert [each for _, each in store.read(lambda tx: tx.signals.pending([SignalKind.JOB]))] == [
        signal("a")
    ]


def test_signals_belong_to_no_run_that_has_to_exist(store: Store) -> None:
    outside = Signal(kind=SignalKind.MATCH_EVENT, name="paid", run=RunId(""))

    store.write(lambda tx: tx.signals.add([outside]))

    assert [each for _, each in store.read(lambda tx: tx.signals.pending(list(SignalKind)))] == [
        outside
    ]
