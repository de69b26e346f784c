"""Runs of jobs from their start to their end, through everybody who works for a controller."""

from pathlib import Path

from jobnet.engine.results import JobEnd, JobResult
from jobnet.engine.states import State
from jobnet.ids import PartKey
from jobnet.testing import Script

from tests.services.controller.office import office, wait_until

NIGHT = """
    kind: network
    name: night
    flow:
      - name: load
        id: load
        hosts: localhost
        tasks: [{ansible.builtin.ping: {}}]
      - name: report
        id: report
        hosts: localhost
        tasks: [{ansible.builtin.ping: {}}]
"""
QUICK = Script(seconds=0.02, output="hello\n")
SLOW = Script(seconds=600)


def test_a_run_of_jobs_begins_runs_each_of_them_once_and_ends_normal(tmp_path: Path) -> None:
    with office(tmp_path, {"load": QUICK, "report": QUICK}) as here:
        here.apply(NIGHT)

        run = here.start("night")
        row = here.ended(run)

        assert (row.state, row.exit_code) == (State.NORMAL, 0)
        assert here.started() == [f"{run}/load:1", f"{run}/report:1"]
        wait_until(lambda: not here.store.read(lambda tx: tx.errands.of_run(run)))
        text = here.printed.read(run, PartKey("load"), 1, offset=0, limit=100).text
        assert text == "hello\n"


def test_a_job_that_is_killed_ends_its_run(tmp_path: Path) -> None:
    with office(tmp_path, {"load": SLOW}) as here:
        here.apply(NIGHT)
        run = here.start("night")
        here.wait_for(run, "load", State.RUNNING)

        here.order(run, "kill", part="load")

        assert here.ended(run).state is State.ABNORMAL
        assert here.state(run, "load") is State.KILLED


def test_many_runs_at_once_all_end_and_no_job_runs_twice(tmp_path: Path) -> None:
    with office(tmp_path, {"load": QUICK, "report": QUICK}, jobs_max=4) as here:
        here.apply(NIGHT)

        runs = [here.start("night") for _ in range(12)]

        assert {here.ended(run).state for run in runs} == {State.NORMAL}
        assert len(here.started()) == len(set(here.started())) == 24


def test_jobs_that_go_on_while_a_controller_is_away_are_adopted_and_not_started_again(
    tmp_path: Path,
) -> None:
    with office(tmp_path, {"load": SLOW}) as before:
        before.apply(NIGHT)
        run = before.start("night")
        before.wait_for(run, "load", State.RUNNING)
    good = JobResult(end=JobEnd.ENDED, is_normal=True, exit_code=0, ansible_rc=0)
    orphans = {(run, PartKey("load"), 1): good}

    with office(tmp_path, {"report": QUICK}, orphans=orphans) as after:
        row = after.ended(run)

        assert row.state is State.NORMAL
        assert after.started() == [f"{run}/report:1"]
