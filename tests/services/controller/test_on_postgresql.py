"""The workers of a controller on PostgreSQL, where transactions run beside each other."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import TypeVar

import pytest
from jobnet.engine.states import State
from jobnet.ids import RunId
from jobnet.ports.store import SlotRow, SlotState, Transaction
from jobnet.services.controller.limits import Defined
from jobnet.services.controller.lines import read_line
from jobnet.storage import PostgresPlace
from jobnet.storage.postgresql import database, faults
from jobnet.testing import Script

from tests.services.controller.office import Office, office, wait_until
from tests.storage.postgres import PostgresServer

pytestmark = pytest.mark.parts

T = TypeVar("T")
DECIDERS = 4
NIGHT = """
    kind: network
    name: night
    flow:
      - {name: nap, id: nap, wait_for: 1s}
      - {name: load, id: load, hosts: localhost, queue: tapes, tasks: [{ansible.builtin.ping: {}}]}
      - {name: send, id: send, send_event: {name: loaded, keep: 1h}}
      - {name: tell, id: tell, notify: {to: [a@example.com], message: done}}
"""
AFTER = """
    kind: network
    name: after
    flow:
      - {name: got, id: got, wait_event: {name: loaded}}
      - {name: ended, id: ended, wait_network: {network: night}}
"""
LIMITED = """
    kind: network
    name: limited
    limit: 1
    flow: [{id: nap, wait_for: 1h}]
"""
QUEUE = "{kind: queue, name: tapes, limit: 1}"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with PostgresServer() as running:
        yield running


@pytest.fixture
def place(server: PostgresServer) -> PostgresPlace:
    return PostgresPlace(url=server.new_database(), connections_max=12)


def together(work: Callable[[], T]) -> list[T]:
    """Do the same work at the same time."""
    begin = Barrier(DECIDERS)

    def one() -> T:
        begin.wait()
        return work()

    with ThreadPoolExecutor(DECIDERS) as pool:
        return [each.result() for each in [pool.submit(one) for _ in range(DECIDERS)]]


def asking(here: Office, number: int) -> list[RunId]:
    """Start runs whose jobs stand in line."""
    runs = [here.start("night") for _ in range(number)]
    late = here.store.now().replace(year=2999)
    for run in runs:
        here.take_turns(run)
    here.timekeeper(now=lambda: late).work_once()
    for run in runs:
        here.take_turns(run)
    return runs


def slots(here: Office) -> list[SlotRow]:
    return list(here.store.read(lambda tx: tx.errands.slots()))


def decided(tx: Transaction, here: Office) -> list[str]:
    """Return who stands in line, as a decision reads it."""
    everything = Defined(queues={}, networks={})
    now = here.store.now()
    line = read_line(tx, everything, now=now, jobs_max=8, last_starts={})
    return [each.id for each in line.asking]


def test_runs_with_jobs_timers_events_waits_and_messages_end(
    tmp_path: Path, place: PostgresPlace
) -> None:
    with office(tmp_path, {"load": Script(seconds=0.05)}, place=place) as here:
        here.apply(NIGHT)
        here.apply(QUEUE, "queue.yml")
        here.apply(AFTER, "after.yml")
        last = here.start("after")

        runs = [here.start("night") for _ in range(4)]

        assert {here.ended(run).state for run in (*runs, last)} == {State.NORMAL}
        assert len(here.started()) == len(set(here.started())) == 4
        assert len(here.letters.sent) == 4
        wait_until(lambda: not slots(here))


def test_many_who_decide_at_the_same_time_pass_no_limit(
    tmp_path: Path, place: PostgresPlace
) -> None:
    with office(tmp_path, is_started=False, place=place) as here:
        here.apply(NIGHT)
        here.apply(QUEUE, "queue.yml")
        runs = asking(here, 6)

        together(here.controller.admissions.work_once)

        assert sum(slot.state is SlotState.HOLDING for slot in slots(here)) == 1
        granted = [each.key for run in runs for each in here.inputs(run) if "granted" in each.key]
        assert len(granted) == 1


def test_who_decides_sees_what_another_has_decided_at_the_same_time(
    tmp_path: Path, place: PostgresPlace
) -> None:
    with office(tmp_path, is_started=False, place=place) as here:
        here.apply(NIGHT)
        here.apply(QUEUE, "queue.yml")
        asking(here, 1)
        has_read, second_is_done = Event(), Event()
        seen: list[str] = []

        def first(tx: Transaction) -> None:
            (slot,) = tx.errands.slots(for_update=True)
            has_read.set()
            second_is_done.wait(1)  # it cannot be: it waits for this transaction
            tx.errands.change([replace(slot, state=SlotState.HOLDING)])

        def second() -> None:
            has_read.wait()
            seen.extend(here.store.write(lambda tx: decided(tx, here)))
            second_is_done.set()

        thread = Thread(target=second)
        thread.start()
        here.store.write(first)
        thread.join()

        assert seen == []


def test_a_slot_that_was_given_back_meanwhile_does_not_come_back(
    tmp_path: Path, place: PostgresPlace
) -> None:
    with office(tmp_path, is_started=False, place=place) as here:
        here.apply(NIGHT)
        here.apply(QUEUE, "queue.yml")
        asking(here, 1)
        (slot,) = slots(here)
        here.store.write(lambda tx: tx.errands.drop([slot]))

        granted = replace(slot, state=SlotState.HOLDING)
        here.store.write(lambda tx: tx.errands.change([granted]))

        assert slots(here) == []


def test_many_who_match_at_the_same_time_tell_a_wait_once(
    tmp_path: Path, place: PostgresPlace
) -> None:
    with office(tmp_path, is_started=False, place=place) as here:
        here.apply(NIGHT)
        here.apply(QUEUE, "queue.yml")
        here.apply(AFTER, "after.yml")
        run = here.start("after")
        here.take_turns(run)
        here.send("loaded")

        together(here.controller.matchmaker.work_once)

        assert len(here.inputs(run)) == 1


def test_many_who_fire_timers_at_the_same_time_fire_each_once(
    tmp_path: Path, place: PostgresPlace
) -> None:
    with office(tmp_path, is_started=False, place=place) as here:
        here.apply(NIGHT)
        here.apply(QUEUE, "queue.yml")
        run = here.start("night")
        here.take_turns(run)
        late = here.store.now().replace(year=2999)

        together(here.timekeeper(now=lambda: late).work_once)

        assert [each.kind for each in here.inputs(run)] == ["TimerFired"]


def test_who_cancels_a_run_in_line_waits_for_the_line_and_for_nobody_who_waits_for_it(
    tmp_path: Path, place: PostgresPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    undone: list[BaseException] = []
    has_line, has_time_passed = Event(), Event()

    def counted(error: BaseException) -> bool:
        undone.append(error)
        return faults.may_pass(error)

    monkeypatch.setattr(database, "may_pass", counted)
    with office(tmp_path, is_started=False, place=place) as here:
        here.apply(LIMITED)
        run = here.start("limited")

        def decide(tx: Transaction) -> None:
            """Hold the line as admissions do, and write of a run that stands in it."""
            tx.errands.slots(for_update=True)
            has_line.set()
            has_time_passed.wait(0.5)  # in which the order gets as far as it can
            tx.runs.replace_unstarted(replace(here.row(run), detail="waits"))

        with ThreadPoolExecutor(2) as pool:
            decided = pool.submit(here.store.write, decide)
            assert has_line.wait(60)
            cancelled = pool.submit(here.order, run, "cancel")
            decided.result(60)
            cancelled.result(60)

        assert here.row(run).state is State.CANCELLED
        assert undone == []
