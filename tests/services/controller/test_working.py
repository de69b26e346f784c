"""Workers are woken by bells, survive faults, and are found out when nobody rang."""

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from jobnet.errors.storage import DatabaseAway
from jobnet.ports.store import SignalKind
from jobnet.services.controller.bells import Bells, Name
from jobnet.services.controller.working import Health, Pass, keep_working

from tests.services.controller.office import wait_until


@dataclass
class Worker:
    """Does what a test says, and counts."""

    work: Callable[[], Pass] = Pass
    name: str = "worker"
    bells: Collection[Name] = (SignalKind.JOB,)
    passes: int = 0
    threads: list[int] = field(default_factory=list)

    def work_once(self) -> Pass:
        self.passes += 1
        self.threads.append(threading.get_ident())
        return self.work()


@contextmanager
def working(worker: Worker, *, sweep_seconds: float) -> Iterator[tuple[Bells, Health]]:
    bells, health = Bells(), Health()
    thread = threading.Thread(
        target=lambda: keep_working(worker, bells, health, sweep_seconds=sweep_seconds)
    )
    thread.start()
    try:
        yield bells, health
    finally:
        bells.close()
        thread.join()


def test_a_ring_wakes_who_waits_for_it() -> None:
    worker = Worker()
    with working(worker, sweep_seconds=600) as (bells, _):
        wait_until(lambda: worker.passes == 1)

        bells.ring((SignalKind.JOB,))

        wait_until(lambda: worker.passes == 2)


def test_a_ring_during_the_work_is_not_lost() -> None:
    worker = Worker()
    with working(worker, sweep_seconds=600) as (bells, _):
        wait_until(lambda: worker.passes == 1)

        def ring_once() -> Pass:
            if worker.passes == 2:
                bells.ring((SignalKind.JOB,))
            return Pass()

        worker.work = ring_once
        bells.ring((SignalKind.JOB,))

        wait_until(lambda: worker.passes == 3)


def test_what_a_sweep_finds_is_counted_and_what_was_rung_for_is_not() -> None:
    worker = Worker(lambda: Pass(found=1))
    with working(worker, sweep_seconds=0.05) as (_, health):
        wait_until(lambda: health.report().swept.get("worker", 0) >= 2)
    rung = Worker(lambda: Pass(found=1))
    with working(rung, sweep_seconds=600) as (bells, health):
        for number in range(5):
            wait_until(lambda number=number: rung.passes == number + 1)  # type: ignore[misc]
            bells.ring((SignalKind.JOB,))

        assert health.report().swept == {}


@pytest.mark.parametrize("error", [ValueError("a fault"), DatabaseAway("x", problem="gone")])
def test_a_worker_outlives_what_goes_wrong(error: Exception) -> None:
    worker = Worker()

    def fails_first() -> Pass:
        if worker.passes == 1:
            raise error
        return Pass()

    worker.work = fails_first
    with working(worker, sweep_seconds=600) as (_, health):
        wait_until(lambda: worker.passes == 2)
        wait_until(lambda: not health.report().away)

        report = health.report()

    assert len(set(worker.threads)) == 1
    is_fault = isinstance(error, ValueError)
    assert report.faults == ({"worker": 1} if is_fault else {})
    assert ("a fault" in report.last_fault.get("worker", "")) is is_fault


def test_rings_do_not_hurry_who_rests_after_a_fault() -> None:
    def fail() -> Pass:
        raise ValueError("always")

    worker = Worker(fail)
    with working(worker, sweep_seconds=600) as (bells, _):
        for _ in range(200):
            bells.ring((SignalKind.JOB,))
        wait_until(lambda: worker.passes == 2)

        assert worker.passes <= 3


def test_closed_bells_let_everybody_go_home_at_once() -> None:
    worker = Worker(lambda: Pass(again_seconds=600))
    with working(worker, sweep_seconds=600):
        wait_until(lambda: worker.passes == 1)

    assert worker.passes == 1
