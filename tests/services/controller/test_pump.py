"""Runs are pumped one turn at a time each; one that is stuck holds up nobody."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from jobnet.engine.inputs import GoOn
from jobnet.engine.states import State
from jobnet.errors.controller import RunNotFound, RunStuck
from jobnet.errors.storage import DatabaseAway, JournalOvertaken
from jobnet.ids import RunId
from jobnet.services.controller.inputs import to_input
from jobnet.services.controller.pump import Pump
from jobnet.services.controller.turns import Turned
from jobnet.services.controller.working import Health

from tests.services.controller.office import Office, office, wait_until

NAPS = """
    kind: network
    name: naps
    flow: [{name: nap, id: nap, wait_for: 1h}]
"""
DONE = Turned(has_written=True, is_pending=False)


@contextmanager
def pumping(
    here: Office, take: Callable[[RunId], Turned], forget: Callable[[RunId], None]
) -> Iterator[tuple[Pump, Health]]:
    health = Health()
    pump = Pump(here.store, take, here.controller.bells, health, forget=forget)
    threads = [threading.Thread(target=pump.keep_turning) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        yield pump, health
    finally:
        here.controller.bells.close()
        for thread in threads:
            thread.join()


def test_a_run_is_in_one_pair_of_hands_and_a_ring_meanwhile_is_another_turn(
    tmp_path: Path,
) -> None:
    busy, most, turns = threading.Semaphore(0), [0], []
    at_work: list[RunId] = []

    def take(run: RunId) -> Turned:
        at_work.append(run)
        most[0] = max(most[0], at_work.count(run))
        busy.acquire()
        at_work.remove(run)
        turns.append(run)
        return DONE

    with (
        office(tmp_path, is_started=False) as here,
        pumping(here, take, lambda _run: None) as _,
    ):
        run, bells = RunId("r"), here.controller.bells
        bells.ring_runs([run])
        wait_until(lambda: at_work)
        for _ in range(5):
            bells.ring_runs([run])
            wait_until(lambda: not bells.runs)
        busy.release(100)
        wait_until(lambda: len(turns) >= 2)

        assert most == [1]


@pytest.mark.parametrize(
    "error",
    [
        DatabaseAway("x", problem="gone"),
        JournalOvertaken("r"),
        RunNotFound("r"),
        RunStuck("r", what="GoOn", problem="a bug"),
        ValueError("a bug"),
    ],
)
def test_what_goes_wrong_with_one_run_holds_up_no_other(tmp_path: Path, error: Exception) -> None:
    is_fault = isinstance(error, RunStuck | ValueError)
    turned: list[RunId] = []
    forgotten: list[RunId] = []

    def take(run: RunId) -> Turned:
        turned.append(run)
        if run == "r" and turned.count(run) == 1:
            raise error
        return DONE

    with office(tmp_path, is_started=False) as here, pumping(here, take, forgotten.append) as made:
        _, health = made
        here.controller.bells.ring_runs([RunId("r"), RunId("other")])
        wait_until(lambda: RunId("other") in turned)
        wait_until(lambda: bool(health.report().faults) is is_fault)

    assert (RunId("r") in forgotten) is (is_fault or isinstance(error, JournalOvertaken))


def test_a_run_that_is_stuck_is_tried_again_by_the_next_sweep(tmp_path: Path) -> None:
    turned: list[RunId] = []

    def take(run: RunId) -> Turned:
        turned.append(run)
        if len(turned) == 1:
            raise RunStuck(run, what="GoOn", problem="a bug")
        return DONE

    with (
        office(tmp_path, is_started=False) as here,
        pumping(here, take, lambda _run: None) as (pump, health),
    ):
        here.controller.bells.ring_runs([RunId("r")])
        wait_until(lambda: health.report().faults)

        pump.sweep()

        wait_until(lambda: len(turned) == 2)
        assert health.report().swept == {}


def test_an_input_that_nobody_rang_for_is_found_and_counted(tmp_path: Path) -> None:
    with office(tmp_path, is_started=False) as here:
        here.apply(NAPS)
        run = here.start("naps")
        here.take_turns(run)
        with pumping(here, here.controller.turns.take, lambda _run: None) as (pump, health):
            wait_until(lambda: not here.controller.bells.runs)
            silent = to_input(GoOn(), run=run, at=here.store.now())
            here.store.write(lambda tx: tx.runs.put_inputs([silent]))

            pump.sweep()

            wait_until(lambda: not here.inputs(run))
            assert health.report().swept == {"pump": 1}
            assert here.state(run, "nap") is State.WAITING


def test_inputs_of_a_process_that_is_gone_are_taken_by_the_next(tmp_path: Path) -> None:
    with office(tmp_path, is_started=False) as before:
        before.apply(NAPS)
        run = before.start("naps")
        assert before.inputs(run)

    with office(tmp_path) as after:
        after.wait_for(run, "nap", State.WAITING)
