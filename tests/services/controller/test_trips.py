"""A queue whose jobs do not reach their hosts is held, and tries with one job when it is opened."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from jobnet.definition import Queue, Trip
from jobnet.engine.results import HostResult, HostState, JobEnd, JobResult
from jobnet.engine.states import QueueReason, State
from jobnet.ids import HostName
from jobnet.services.controller.settings import Change
from jobnet.services.controller.trips import HELD, TRYING, Reach, tripped
from jobnet.testing import Script

from tests.services.controller.office import BOB, Office, office, wait_until

NOON = datetime(2026, 5, 29, 12, tzinfo=UTC)
BY_BOB = Change(by=BOB, reason="the network is back")
TRIPPING = Queue(name="q", trip=Trip(unreachable=3, within=timedelta(minutes=2)))
QUEUE = "{kind: queue, name: far, trip: {unreachable: 2, within: 10m}}"
NIGHT = """
    kind: network
    name: night
    flow:
      - {name: load, id: load, hosts: localhost, queue: far, tasks: [{ansible.builtin.ping: {}}]}
"""
UNREACHABLE = JobResult(
    end=JobEnd.ENDED,
    exit_code=4,
    ansible_rc=4,
    hosts={HostName("h1"): HostResult(state=HostState.UNREACHABLE)},
)
LOST = Script(seconds=0.02, result=UNREACHABLE)
BAD = Script(seconds=0.02, result=JobResult(end=JobEnd.ENDED, exit_code=2, ansible_rc=2))
GOOD = Script(seconds=0.02)


def at(*seconds: float) -> tuple[datetime, ...]:
    return tuple(NOON + timedelta(seconds=each) for each in seconds)


@pytest.mark.parametrize(
    ("reach", "runs"),
    [
        (Reach(), None),
        (Reach(missed=at(0, 10)), None),
        (Reach(missed=at(0, 60, 120)), HELD),
        (Reach(missed=at(0, 60, 121)), None),
        (Reach(missed=at(0, 500, 510, 520)), HELD),
        (Reach(missed=at(0, 60, 120), opened=at(130)[0]), TRYING),
        (Reach(missed=at(0, 60, 120, 140), opened=at(130)[0]), HELD),
        (Reach(opened=at(130)[0]), None),
    ],
)
def test_a_queue_trips_by_what_has_happened_within_its_time(reach: Reach, runs: int | None) -> None:
    assert tripped({"q": TRIPPING}, {"q": reach}).get("q") == runs


def test_a_queue_without_a_trip_never_trips() -> None:
    assert tripped({"q": Queue(name="q")}, {"q": Reach(missed=at(0, 0, 0, 0))}) == {}


def with_a_tripped_queue(here: Office) -> None:
    here.apply(QUEUE, "queue.yml")
    here.apply(NIGHT)
    for _ in range(2):
        here.ended(here.start("night"))


def test_jobs_wait_in_a_queue_that_has_tripped_until_one_has_tried(tmp_path: Path) -> None:
    with office(tmp_path, {"load": [LOST, LOST, GOOD]}) as here:
        with_a_tripped_queue(here)
        runs = [here.start("night") for _ in range(3)]
        for run in runs:
            wait_until(lambda run=run: here.reason(run, "load") == QueueReason.TRIPPED.value)  # type: ignore[misc]
        started = len(here.started())

        here.controller.queues.set("far", BY_BOB, is_held=False)

        assert {here.ended(run).state for run in runs} == {State.NORMAL}
        assert started == 2
        assert here.controller.queues.listed()[0].tries_max is None


def test_a_job_that_tries_in_vain_holds_the_queue_again(tmp_path: Path) -> None:
    with office(tmp_path, {"load": LOST}) as here:
        with_a_tripped_queue(here)
        runs = [here.start("night") for _ in range(3)]
        wait_until(lambda: all(here.state(run, "load") is State.QUEUED for run in runs))

        here.controller.queues.set("far", BY_BOB, is_held=False)

        wait_until(lambda: sum(here.row(run).ended is not None for run in runs) == 1)
        wait_until(lambda: here.controller.queues.listed()[0].tries_max == HELD)
        assert len(here.started()) == 3


def test_a_job_that_fails_on_its_hosts_trips_nothing(tmp_path: Path) -> None:
    with office(tmp_path, {"load": BAD}) as here:
        here.apply(QUEUE, "queue.yml")
        here.apply(NIGHT)

        for _ in range(4):
            assert here.ended(here.start("night")).state is State.ABNORMAL


def test_a_queue_of_a_folder_forwards_to_one_beside_it(tmp_path: Path) -> None:
    with office(tmp_path, {"load": Script(seconds=600)}) as here:
        here.apply("{kind: queue, name: near, folder: a, limit: 1}", "near.yml")
        here.apply("{kind: queue, name: far, folder: a/b, forward_to: [near]}", "far.yml")
        here.apply(NIGHT.replace("name: night", "name: night\n    folder: a/b"))
        first, second = (here.start("a/b/night") for _ in range(2))

        wait_until(lambda: State.RUNNING in {here.state(run, "load") for run in (first, second)})
        wait_until(lambda: "a/near" in here.detail(first, "load") + here.detail(second, "load"))

        (near,) = [queue for queue in here.controller.queues.listed() if queue.name == "a/near"]
        assert len(near.running) == 1
