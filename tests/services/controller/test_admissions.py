"""Queues, limits, locks, resources, suspensions: changed at run time, they act at once."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from jobnet.engine.results import JobEnd, JobResult
from jobnet.engine.states import QueueReason, State
from jobnet.errors.controller import QueueNotFound, SettingRefused
from jobnet.ids import RunId
from jobnet.ports.store import SlotState
from jobnet.services.controller.settings import Change
from jobnet.testing import Script

from tests.services.controller.office import BOB, Office, now, office, wait_until

SLOW = Script(seconds=600)
QUICK = Script(seconds=0.05)
BY_BOB = Change(by=BOB, reason="a test")


def network(name: str, *jobs: str, more: str = "") -> str:
    """Return a network whose jobs all stand beside each other."""
    job = "id: {0}, name: {0}, hosts: localhost, tasks: [{{ansible.builtin.ping: {{}}}}], {1}"
    branches = "".join(f"{{flow: [{{{job.format(each, more)}}}]}}, " for each in jobs)
    part = f"{{name: all, id: all, parallel: {{branches: [{branches}]}}}}"
    return f"{{kind: network, name: {name}, flow: [{part}]}}"


QUEUE = "{kind: queue, name: tapes, limit: 1}"
LIMITED = """
    kind: network
    name: limited
    limit: 1
    OVERLAP
    flow:
      - name: load
        id: load
        hosts: localhost
        tasks: [{ansible.builtin.ping: {}}]
"""


def limited(overlap: str = "") -> str:
    return LIMITED.replace("OVERLAP", f"overlap: {overlap}" if overlap else "title: limited")


def is_running(here: Office, run: RunId, *parts: str) -> Callable[[], bool]:
    return lambda: all(here.state(run, part) is State.RUNNING for part in parts)


def test_a_queue_lets_so_many_run_and_says_why_the_others_wait(tmp_path: Path) -> None:
    with office(tmp_path, {"a": SLOW, "b": SLOW}) as here:
        here.apply(QUEUE, "queue.yml")
        here.apply(network("night", "a", "b", more="queue: tapes"))

        run = here.start("night")
        here.wait_for(run, "a", State.RUNNING)
        wait_until(lambda: "tapes" in here.detail(run, "b"))

        assert here.state(run, "b") is State.QUEUED
        assert here.reason(run, "b") == QueueReason.QUEUE_LIMIT.value
        (queue,) = here.controller.queues.listed()
        assert (queue.name, queue.limit) == ("tapes", 1)
        assert [place.part for place in queue.running] == ["a"]
        assert [place.part for place in queue.waiting] == ["b"]


def test_a_limit_that_is_raised_lets_more_start_at_once_and_is_a_deviation(tmp_path: Path) -> None:
    with office(tmp_path, {"a": SLOW, "b": SLOW}) as here:
        here.apply(QUEUE, "queue.yml")
        here.apply(network("night", "a", "b", more="queue: tapes"))
        run = here.start("night")
        here.wait_for(run, "a", State.RUNNING)

        has_changed = here.controller.queues.set("tapes", BY_BOB, limit=2)

        wait_until(is_running(here, run, "a", "b"))
        (queue,) = here.controller.queues.listed()
        assert has_changed
        assert [(row.field, row.by, row.reason) for row in queue.settings] == [
            ("limit", BOB, "a test")
        ]
        assert not here.controller.queues.set("tapes", BY_BOB, limit=2)


def test_a_limit_that_is_lowered_drains_and_kills_nobody(tmp_path: Path) -> None:
    with office(tmp_path, {"a": Script(seconds=0.4), "b": Script(seconds=0.4)}) as here:
        here.apply(network("night", "a", "b", more="queue: tapes"))
        here.apply("{kind: queue, name: tapes, limit: 2}", "queue.yml")
        run = here.start("night")
        wait_until(is_running(here, run, "a", "b"))

        here.controller.queues.set("tapes", BY_BOB, limit=0)
        second = here.start("night")
        here.ended(run)

        assert here.row(run).state is State.NORMAL
        assert here.state(second, "a") is State.QUEUED
        here.controller.queues.unset("tapes", BY_BOB)
        assert here.ended(second).state is State.NORMAL


def test_a_held_queue_lets_nobody_start_until_it_is_released(tmp_path: Path) -> None:
    with office(tmp_path, {"a": QUICK}) as here:
        here.apply(QUEUE, "queue.yml")
        here.apply(network("night", "a", more="queue: tapes"))
        here.controller.queues.set("tapes", BY_BOB, is_held=True)
        run = here.start("night")
        wait_until(lambda: "held" in here.detail(run, "a"))

        here.controller.queues.set("tapes", BY_BOB, is_held=False)

        assert here.ended(run).state is State.NORMAL


def test_a_hold_ends_by_itself_at_its_time(tmp_path: Path) -> None:
    with office(tmp_path, {"a": QUICK}) as here:
        here.apply(QUEUE, "queue.yml")
        here.apply(network("night", "a", more="queue: tapes"))
        until = Change(by=BOB, until=now() + timedelta(seconds=1.5))
        here.controller.queues.set("tapes", until, is_held=True)

        run = here.start("night")

        assert here.ended(run).state is State.NORMAL


def test_everything_that_is_suspended_goes_on_when_it_is_resumed(tmp_path: Path) -> None:
    with office(tmp_path, {"a": QUICK}) as here:
        here.apply(network("night", "a"))
        here.controller.queues.suspend_everything(BY_BOB)
        run = here.start("night")
        wait_until(lambda: "everything is suspended by bob: a test" in here.row(run).detail)
        assert here.row(run).started is None

        here.controller.queues.resume_everything(BY_BOB)

        assert here.ended(run).state is State.NORMAL


def test_a_network_that_is_suspended_holds_up_its_own_runs_only(tmp_path: Path) -> None:
    with office(tmp_path, {"a": QUICK}) as here:
        here.apply(network("night", "a"))
        here.apply(network("day", "a"), "day.yml")
        here.controller.queues.suspend_network("night", BY_BOB)
        waiting = here.start("night")

        other = here.start("day")

        assert here.ended(other).state is State.NORMAL
        assert here.row(waiting).state is State.WAITING
        here.controller.queues.resume_network("night", BY_BOB)
        assert here.ended(waiting).state is State.NORMAL


def test_a_run_under_way_starts_no_job_while_its_network_is_suspended(tmp_path: Path) -> None:
    with office(tmp_path, {"a": Script(seconds=0.3), "b": QUICK}) as here:
        here.apply(
            """
            kind: network
            name: night
            flow:
              - {id: a, hosts: localhost, command: "true"}
              - {id: b, hosts: localhost, command: "true"}
            """
        )
        run = here.start("night")
        here.wait_for(run, "a", State.RUNNING)

        here.controller.queues.suspend_network("night", BY_BOB)

        wait_until(lambda: "night is suspended by bob" in here.detail(run, "b"))
        assert here.state(run, "a") is State.NORMAL
        here.controller.queues.resume_network("night", BY_BOB)
        assert here.ended(run).state is State.NORMAL


def test_an_exclusive_lock_is_held_by_one_part_of_all_runs(tmp_path: Path) -> None:
    with office(tmp_path, {"a": Script(seconds=0.3)}) as here:
        here.apply(network("night", "a", more="locks: {db: exclusive}"))
        runs = [here.start("night") for _ in range(3)]

        most = 0
        while not all(here.row(run).ended for run in runs):
            most = max(most, sum(here.state(run, "a") is State.RUNNING for run in runs))

        assert most == 1


def test_a_resource_is_counted_from_the_moment_that_it_has_a_capacity(tmp_path: Path) -> None:
    with office(tmp_path, {"a": SLOW, "b": SLOW}) as here:
        here.apply(network("night", "a", "b", more="resources: {tape: 2}"))
        here.controller.queues.set_capacity("tape", 3, BY_BOB)
        run = here.start("night")
        here.wait_for(run, "a", State.RUNNING)
        wait_until(lambda: here.reason(run, "b") == QueueReason.RESOURCE.value)

        (resource,) = here.controller.queues.resources()
        assert (resource.name, resource.capacity, resource.used) == ("tape", 3, 2)
        here.controller.queues.set_capacity("tape", 4, BY_BOB)

        wait_until(is_running(here, run, "a", "b"))


def test_no_more_jobs_run_than_the_machine_may_have(tmp_path: Path) -> None:
    with office(tmp_path, {"a": SLOW, "b": SLOW, "c": SLOW}, jobs_max=2) as here:
        here.apply(network("night", "a", "b", "c"))
        run = here.start("night")

        wait_until(is_running(here, run, "a", "b"))
        wait_until(lambda: "2 unit jobs run already" in here.detail(run, "c"))


def test_a_second_execution_waits_for_the_first(tmp_path: Path) -> None:
    with office(tmp_path, {"load": Script(seconds=0.2)}) as here:
        here.apply(limited())
        first = here.start("limited")
        here.wait_for(first, "load", State.RUNNING)

        second = here.start("limited")

        assert here.row(second).state is State.WAITING
        assert here.ended(second).state is State.NORMAL
        assert here.row(first).state is State.NORMAL


def test_a_second_execution_is_skipped_where_the_network_says_so(tmp_path: Path) -> None:
    with office(tmp_path, {"load": SLOW}) as here:
        here.apply(limited("skip"))
        first = here.start("limited")
        here.wait_for(first, "load", State.RUNNING)

        second = here.start("limited")

        assert here.ended(second).state is State.MISSED
        assert "overlap is skip" in here.row(second).detail
        wait_until(lambda: not here.store.read(lambda tx: tx.errands.of_run(second)))


def test_a_second_execution_cancels_the_first_and_begins_when_it_has_ended(tmp_path: Path) -> None:
    with office(tmp_path, {"load": Script(seconds=0.3)}) as here:
        here.apply(limited("cancel_previous"))
        first = here.start("limited")
        here.wait_for(first, "load", State.RUNNING)

        second = here.start("limited")

        assert here.ended(second).state is State.NORMAL
        assert here.row(first).ended is not None


def test_two_who_decide_at_the_same_time_grant_nobody_twice(tmp_path: Path) -> None:
    with office(tmp_path, is_started=False) as here:
        here.apply(QUEUE, "queue.yml")
        here.apply(network("night", "a", "b", more="queue: tapes"))
        runs = [here.start("night") for _ in range(4)]
        for run in runs:
            here.take_turns(run)
        together = Barrier(4)

        def decide() -> None:
            together.wait()
            here.controller.admissions.work_once()

        threads = [Thread(target=decide) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        slots = here.store.read(lambda tx: tx.errands.slots())
        assert sum(slot.state is SlotState.HOLDING for slot in slots) == 1
        granted = [each.key for run in runs for each in here.inputs(run) if "granted" in each.key]
        assert len(granted) == 1


def test_who_stands_in_line_is_told_once_why(tmp_path: Path) -> None:
    with office(tmp_path, is_started=False) as here:
        here.apply(QUEUE, "queue.yml")
        here.apply(network("night", "a", "b", more="queue: tapes"))
        run = here.start("night")
        here.take_turns(run)
        here.controller.admissions.work_once()
        here.take_turns(run)
        position = here.row(run).position

        for _ in range(3):
            here.controller.admissions.work_once()
            here.take_turns(run)

        assert here.row(run).position == position


def test_a_queue_that_nobody_knows_and_a_limit_that_is_none_are_refused(tmp_path: Path) -> None:
    with office(tmp_path, is_started=False) as here:
        here.apply(QUEUE, "queue.yml")

        with pytest.raises(QueueNotFound, match="did you mean 'tapes'"):
            here.controller.queues.set("tape", BY_BOB, limit=1)
        with pytest.raises(SettingRefused, match="whole number"):
            here.controller.queues.set("tapes", BY_BOB, limit=-1)
        with pytest.raises(SettingRefused, match="over already"):
            here.controller.queues.set("tapes", Change(by=BOB, until=now()), limit=1)


def test_a_job_that_fails_gives_its_slot_back(tmp_path: Path) -> None:
    bad = Script(seconds=0.02, result=JobResult(end=JobEnd.ENDED, exit_code=2, message="no"))
    with office(tmp_path, {"a": bad}) as here:
        here.apply(QUEUE, "queue.yml")
        here.apply(network("night", "a", more="queue: tapes"))

        runs = [here.start("night") for _ in range(3)]

        assert {here.ended(run).state for run in runs} == {State.ABNORMAL}
        wait_until(lambda: not here.store.read(lambda tx: tx.errands.slots()))
