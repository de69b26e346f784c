"""Start conditions: what has come is kept once and used up once, the same over every database."""

from datetime import date

from jobnet.ids import RunId
from jobnet.ports.store import Store
from jobnet.ports.store.triggers import SeenRow, TriggerRow

from tests.storage.rows import NOON, TODAY, later

PAY = "network payroll/pay"


def trigger(name: str = PAY, **more: str) -> TriggerRow:
    return TriggerRow(trigger=name, condition="d1", since=NOON, **more)


def seen(key: str, *, leaf: str = "all.0", at: float = 0, of: str = PAY) -> SeenRow:
    return SeenRow(
        trigger=of, leaf=leaf, key=key, operating_day=TODAY, at=later(at), what='{"a": "\\u0000"}'
    )


def add(store: Store, *rows: SeenRow) -> int:
    return store.write(lambda tx: tx.triggers.add_seen(rows))


def unused(store: Store, of: str = PAY, limit: int = 100) -> list[str]:
    return [row.key for row in store.read(lambda tx: tx.triggers.unused(of, limit))]


def test_a_trigger_that_is_put_again_is_replaced_and_keeps_what_came(store: Store) -> None:
    store.write(lambda tx: tx.triggers.put(trigger()))
    add(store, seen("a"))

    store.write(lambda tx: tx.triggers.put(trigger(problem="nobody\0knows")))

    (kept,) = store.read(lambda tx: tx.triggers.all())
    assert kept == trigger(problem="nobody␀knows")
    assert unused(store) == ["a"]


def test_what_comes_twice_is_kept_once(store: Store) -> None:
    first = add(store, seen("a"), seen("b", at=1))

    again = add(store, seen("a", at=2), seen("c", at=3))

    assert (first, again) == (2, 1)
    assert unused(store) == ["a", "b", "c"]


def test_the_oldest_comes_first_and_no_more_than_were_asked_for(store: Store) -> None:
    add(store, seen("late", at=2), seen("early", at=1), seen("other", of="network other"))

    assert unused(store, limit=1) == ["early"]
    assert unused(store) == ["early", "late"]


def test_a_thing_is_used_up_once(store: Store) -> None:
    add(store, seen("a"), seen("b"))

    first = store.write(lambda tx: tx.triggers.use([seen("a")], RunId("pay-1")))
    again = store.write(lambda tx: tx.triggers.use([seen("a"), seen("b")], RunId("pay-2")))

    assert (first, again) == (1, 1)
    assert unused(store) == []


def test_what_was_used_up_does_not_come_again(store: Store) -> None:
    add(store, seen("a"))
    store.write(lambda tx: tx.triggers.use([seen("a")], RunId("pay-1")))

    assert add(store, seen("a")) == 0
    assert unused(store) == []


def test_days_are_started_days_when_something_of_them_was_used_up(store: Store) -> None:
    add(store, seen("a"), seen("b"))

    before = store.read(lambda tx: tx.triggers.started_days(PAY))
    store.write(lambda tx: tx.triggers.use([seen("a"), seen("b")], RunId("pay-1")))

    assert list(before) == []
    after: list[date] = list(store.read(lambda tx: tx.triggers.started_days(PAY)))
    assert after == [TODAY]


def test_triggers_wait_as_long_as_something_of_them_is_unused(store: Store) -> None:
    add(store, seen("a"), seen("b"), seen("c", of="network other"))
    store.write(lambda tx: tx.triggers.use([seen("c", of="network other")], RunId("o-1")))

    assert list(store.read(lambda tx: tx.triggers.waiting())) == [PAY]


def test_things_are_counted_by_leaf_as_long_as_they_are_unused(store: Store) -> None:
    add(store, seen("a"), seen("b"), seen("c", leaf="all.1"))
    store.write(lambda tx: tx.triggers.use([seen("a")], RunId("pay-1")))

    assert store.read(lambda tx: tx.triggers.count_unused(PAY, "all.0")) == 1


def test_a_trigger_goes_with_all_that_came_for_it(store: Store) -> None:
    store.write(lambda tx: tx.triggers.put(trigger()))
    add(store, seen("a"), seen("b", of="network other"))

    store.write(lambda tx: tx.triggers.drop(PAY))

    assert list(store.read(lambda tx: tx.triggers.all())) == []
    assert (unused(store), unused(store, "network other")) == ([], ["b"])


def test_what_is_old_is_forgotten(store: Store) -> None:
    add(store, seen("old"), seen("new", at=5))

    gone = store.write(lambda tx: tx.triggers.forget(older_than=later(1)))

    assert gone == 1
    assert unused(store) == ["new"]
