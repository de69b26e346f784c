"""Leases: which of several processes does something, the same over every database."""

from datetime import datetime
from threading import Event, Thread

import pytest
from jobnet.ports.store import Store, Transaction
from jobnet.storage import PostgresPlace, open_store

from tests.storage.postgres import PostgresServer
from tests.storage.rows import NOON, later

PRUNING = "retention"


def take(store: Store, holder: str, *, now: datetime = NOON, minutes: float = 5) -> int | None:
    until = now + (later(minutes) - NOON)
    return store.write(lambda tx: tx.leases.take(PRUNING, holder, now=now, until=until))


def is_held(store: Store, epoch: int) -> bool:
    return store.write(lambda tx: tx.leases.is_held(PRUNING, epoch))


def test_a_lease_that_another_holds_is_not_given(store: Store) -> None:
    first = take(store, "a")

    second = take(store, "b", now=later(4))

    assert first is not None
    assert second is None
    assert is_held(store, first)


def test_who_holds_a_lease_prolongs_it_and_keeps_its_epoch(store: Store) -> None:
    first = take(store, "a")

    again = take(store, "a", now=later(4))

    assert again == first
    assert take(store, "b", now=later(8)) is None


def test_a_lease_that_is_over_goes_to_who_asks_and_the_one_before_holds_nothing(
    store: Store,
) -> None:
    first = take(store, "a")

    second = take(store, "b", now=later(5))

    assert first is not None
    assert second == first + 1
    assert not is_held(store, first)


def test_who_comes_back_after_its_lease_was_over_has_another_epoch(store: Store) -> None:
    first = take(store, "a")

    again = take(store, "a", now=later(5))

    assert first is not None
    assert again == first + 1


def test_a_lease_that_is_given_back_is_there_at_once(store: Store) -> None:
    first = take(store, "a")
    assert first is not None

    store.write(lambda tx: tx.leases.give_back(PRUNING, first))

    assert not is_held(store, first)
    assert take(store, "b", now=later(1)) is not None


def test_a_lease_of_another_is_not_given_back(store: Store) -> None:
    first = take(store, "a")
    second = take(store, "b", now=later(6))
    assert first is not None
    assert second is not None

    store.write(lambda tx: tx.leases.give_back(PRUNING, first))

    assert is_held(store, second)


@pytest.mark.parts
def test_nobody_takes_a_lease_while_its_holder_is_in_a_transaction(server: PostgresServer) -> None:
    place = PostgresPlace(url=server.new_database())
    one, other = open_store(place), open_store(place)
    first = take(one, "a")
    assert first is not None
    looked, may_end, order = Event(), Event(), list[str]()

    def work(tx: Transaction) -> None:
        assert tx.leases.is_held(PRUNING, first)
        looked.set()
        may_end.wait()
        order.append("a has worked")

    def overtake() -> None:
        take(other, "b", now=later(9))
        order.append("b has it")

    threads = [Thread(target=one.write, args=(work,)), Thread(target=overtake)]
    threads[0].start()
    looked.wait()
    threads[1].start()
    while not one.read(_somebody_waits):
        pass
    may_end.set()
    for thread in threads:
        thread.join()

    assert order == ["a has worked", "b has it"]
    assert not is_held(one, first)
    one.close()
    other.close()


def _somebody_waits(tx: Transaction) -> bool:
    driver = tx.connection.driver  # type: ignore[attr-defined]
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    return bool(driver.execute(query).fetchone()[0])
