"""The near plan and the changes on the day, the same over every database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from threading import Barrier, Thread

import pytest
from jobnet.ids import EditionId, NetworkName, OperatorName, RunId
from jobnet.ports.store import Store
from jobnet.ports.store.plan import ChangeKind, PlanChange, PlanRow, PlanState
from jobnet.schedules import OccurrenceKey

from tests.storage.rows import NOON, PAY, later

DAY = date(2026, 5, 29)
OPEN = (PlanState.FIXED, PlanState.HELD)


def key_of(
    nominal: str = "21:55", *, network: str = PAY, schedule: str = "nightly"
) -> OccurrenceKey:
    return OccurrenceKey(schedule=schedule, network=network, operating_day=DAY, nominal=nominal)


def start(nominal: str = "21:55", *, at: float = 0, **fields: object) -> PlanRow:
    names = {name: fields.pop(name) for name in ("network", "schedule") if name in fields}
    row = PlanRow(
        key=key_of(nominal, **names),  # type: ignore[arg-type]
        start=later(at),
        nominal_start=later(at),
        state=PlanState.FIXED,
        zone="Asia/Tokyo",
        edition=EditionId(3),
    )
    return replace(row, **fields)  # type: ignore[arg-type]


def change(
    id: str = "c1",  # noqa: A002
    *,
    kind: ChangeKind = ChangeKind.MOVE,
    nominal: str = "21:55",
    at: float = 0,
) -> PlanChange:
    return PlanChange(
        id=id,
        key=key_of(nominal),
        kind=kind,
        value='"2026-05-29T22:10:00Z"',
        by=OperatorName("bob"),
        at=later(at),
        reason="the line is down",
    )


def put(store: Store, *rows: PlanRow) -> None:
    store.write(lambda tx: tx.plan.add(rows))


def find(store: Store, key: OccurrenceKey) -> PlanRow | None:
    return store.read(lambda tx: tx.plan.find(key))


def test_a_start_comes_back_as_it_was_put(store: Store) -> None:
    row = start(
        params='{"target": "/srv"}',
        steps='["open"]',
        merged=2,
        misfire='{"policy": "ask", "grace": 1800}',
        repeat_seconds=600.5,
        repeat_until=later(60),
        run=RunId("pay-1"),
        detail="a clock\0time",
        is_changed=True,
        settled_at=later(1),
    )

    put(store, row)

    assert find(store, row.key) == replace(row, detail="a clock\u2400time")


def test_a_start_that_was_never_put_is_not_found(store: Store) -> None:
    assert find(store, key_of()) is None


def test_a_start_that_is_added_again_stays_as_it_is(store: Store) -> None:
    put(store, start(state=PlanState.STARTED))

    put(store, start(detail="moved", at=5))

    assert find(store, key_of()) == start(state=PlanState.STARTED)


def test_a_start_is_replaced_only_in_a_state_that_is_expected(store: Store) -> None:
    put(store, start())
    started = start(state=PlanState.STARTED, run=RunId("pay-1"))

    first = store.write(lambda tx: tx.plan.replace(started, expected=(PlanState.FIXED,)))
    again = store.write(
        lambda tx: tx.plan.replace(replace(started, run=RunId("pay-2")), expected=OPEN)
    )

    assert first
    assert not again
    assert find(store, key_of()) == started


def test_a_start_that_is_not_there_is_not_replaced(store: Store) -> None:
    assert not store.write(lambda tx: tx.plan.replace(start(), expected=OPEN))


def test_starts_are_dropped_in_a_state_that_is_expected(store: Store) -> None:
    put(store, start("1"), start("2"), start("3", state=PlanState.STARTED))

    keys = [key_of("1"), key_of("3"), key_of("4")]
    store.write(lambda tx: tx.plan.drop(keys, expected=OPEN))

    left = store.read(lambda tx: tx.plan.between(NOON, later(60)))
    assert [row.key.nominal for row in left] == ["2", "3"]


def test_settled_starts_that_repeat_are_found_until_they_are_followed(store: Store) -> None:
    started = start("1", state=PlanState.STARTED, settled_at=later(1), repeat_seconds=60.0)
    put(store, started, start("2", repeat_seconds=60.0), start("3", settled_at=later(1)))
    before = store.read(lambda tx: tx.plan.repeating())

    followed = replace(started, repeat_seconds=None)
    store.write(lambda tx: tx.plan.replace(followed, expected=(PlanState.STARTED,)))

    assert list(before) == [started]
    assert not store.read(lambda tx: tx.plan.repeating())


def test_fixed_starts_are_due_the_earliest_first(store: Store) -> None:
    put(
        store,
        start("3", at=3),
        start("1", at=1),
        start("held", at=0, state=PlanState.HELD),
        start("late", at=9),
        start("2", at=2),
    )

    due = store.read(lambda tx: tx.plan.due(later(3), 2))
    every = store.read(lambda tx: tx.plan.due(later(3), 10))

    assert [row.key.nominal for row in due] == ["1", "2"]
    assert [row.key.nominal for row in every] == ["1", "2", "3"]


def test_the_next_due_start_is_the_earliest_that_is_fixed(store: Store) -> None:
    empty = store.read(lambda tx: tx.plan.next_due())
    put(store, start("0", at=0, state=PlanState.STARTED), start("2", at=2), start("1", at=1))

    found = store.read(lambda tx: tx.plan.next_due())

    assert empty is None
    assert found == later(1)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({}, ["a1", "b1", "a2", "c2"]),
        ({"network": NetworkName("other")}, ["b1"]),
        ({"schedule": "weekly"}, ["c2"]),
        ({"states": (PlanState.HELD, PlanState.MISSED)}, ["a2"]),
        ({"limit": 2}, ["a1", "b1"]),
        ({"after": key_of("a1")}, ["b1", "a2", "c2"]),
    ],
)
def test_starts_between_two_instants_are_found_in_order(
    store: Store, asked: dict[str, object], wanted: list[str]
) -> None:
    put(
        store,
        start("c2", at=2, schedule="weekly"),
        start("a2", at=2, state=PlanState.HELD),
        start("b1", at=1, schedule="nightly2", network="other"),
        start("a1", at=1),
        start("0", at=0),
        start("3", at=3),
    )

    found = store.read(lambda tx: tx.plan.between(later(1), later(3), **asked))  # type: ignore[arg-type]

    assert [row.key.nominal for row in found] == wanted


def test_the_starts_of_a_network_on_a_day_are_found(store: Store) -> None:
    put(store, start("b", at=2), start("a", at=1), start("c", network="other"))

    found = store.read(lambda tx: tx.plan.of_day(PAY, DAY))
    none = store.read(lambda tx: tx.plan.of_day(PAY, date(2026, 5, 30)))

    assert [row.key.nominal for row in found] == ["a", "b"]
    assert not none


def test_the_start_that_made_a_run_is_found(store: Store) -> None:
    put(store, start("a"), start("b", run=RunId("pay-1"), state=PlanState.STARTED))

    found = store.read(lambda tx: tx.plan.of_run(RunId("pay-1")))
    none = store.read(lambda tx: tx.plan.of_run(RunId("pay-2")))

    assert found is not None
    assert found.key.nominal == "b"
    assert none is None


def test_changes_come_back_the_oldest_first(store: Store) -> None:
    newer, older = change("c1", at=2), change("c2", nominal="22:55", at=1)
    for each in (newer, older):
        store.write(lambda tx, each=each: tx.plan.put_change(each))  # type: ignore[misc]

    every = store.read(lambda tx: tx.plan.changes())
    some = store.read(lambda tx: tx.plan.changes([key_of("22:55"), key_of("23:55")]))

    assert list(every) == [older, newer]
    assert list(some) == [older]


def test_a_change_of_the_same_start_and_kind_is_replaced(store: Store) -> None:
    hold, move, again = change("c1", kind=ChangeKind.HOLD), change("c2"), change("c3", at=5)
    for each in (hold, move, again):
        store.write(lambda tx, each=each: tx.plan.put_change(each))  # type: ignore[misc]

    found = store.read(lambda tx: tx.plan.changes([key_of()]))

    assert list(found) == [hold, again]


def test_a_change_that_was_taken_back_is_gone_and_cannot_be_taken_back_again(
    store: Store,
) -> None:
    store.write(lambda tx: tx.plan.put_change(change()))

    first = store.write(lambda tx: tx.plan.drop_change("c1"))
    again = store.write(lambda tx: tx.plan.drop_change("c1"))

    assert (first, again) == (True, False)
    assert not store.read(lambda tx: tx.plan.changes())


def test_what_was_settled_long_ago_is_forgotten_with_its_changes(store: Store) -> None:
    put(
        store,
        start("old", settled_at=later(1), state=PlanState.STARTED),
        start("new", settled_at=later(9), state=PlanState.STARTED),
        start("open"),
    )
    for each in (change("c1", nominal="old"), change("c2", nominal="new")):
        store.write(lambda tx, each=each: tx.plan.put_change(each))  # type: ignore[misc]
    lost = replace(change("c3", nominal="gone"), is_lost=True)
    store.write(lambda tx: tx.plan.put_change(lost))

    count = store.write(lambda tx: tx.plan.forget(settled_before=later(5)))

    left = store.read(lambda tx: tx.plan.between(NOON, later(60)))
    changes = store.read(lambda tx: tx.plan.changes())
    assert count == 1
    assert [row.key.nominal for row in left] == ["new", "open"]
    assert [each.id for each in changes] == ["c2"]


def test_of_many_who_fire_a_start_at_once_one_has_it(store: Store) -> None:
    put(store, start())
    at_once, won = Barrier(4), []

    def fire(number: int) -> Callable[[], None]:
        row = start(state=PlanState.STARTED, run=RunId(f"pay-{number}"))

        def work() -> None:
            at_once.wait()
            if store.write(lambda tx: tx.plan.replace(row, expected=(PlanState.FIXED,))):
                won.append(row)

        return work

    threads = [Thread(target=fire(number)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [find(store, key_of())] == won
