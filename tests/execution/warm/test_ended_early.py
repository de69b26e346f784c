"""Warm supervisors that end before their job has begun: a cold one takes their place, once."""

import os
import signal
from collections.abc import Callable, Iterator

import pytest
from jobnet.engine.results import JobEnd
from jobnet.execution.prepare import PreparedJob
from jobnet.execution.processes import marked
from jobnet.execution.runner import AnsibleRunner
from jobnet.execution.spool import LOCK, MANIFEST, STARTED, SUPERVISOR_LOG, take_lock
from jobnet.execution.supervisor_process import SupervisorProcess
from jobnet.ports.jobs import JobBegan, JobOrder
from jobnet.ports.warmth import ColdReason

from tests.execution.building import PYTHON, Finished, Project, clock
from tests.execution.warm.differential import run_one
from tests.execution.warm.test_ends import wait_for_end
from tests.execution.warm.test_many import server_of

pytestmark = pytest.mark.parts

# It would show if it ran twice.
ONCE = "- shell: echo ran >> {root}/ran"


class Breaking:
    """A runner whose first warm supervisor is disturbed before it can make ``started``."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.runner = AnsibleRunner(spool_root=project.spool_root, clock=clock)
        self._pool = self.runner._starter._pool
        self._supervise = self._pool.supervise

    def on_fork(self, disturb: Callable[[PreparedJob, SupervisorProcess], object]) -> None:
        """Disturb the next warm supervisor, which cannot get beyond the lock of its spool."""

        def supervise(prepared: PreparedJob, *, ticks: int, is_leashed: bool) -> SupervisorProcess:
            lock = take_lock(prepared.spool)
            try:
                made = self._supervise(prepared, ticks=ticks, is_leashed=is_leashed)
                disturb(prepared, made)
                made.wait()
            finally:
                os.close(lock)
            assert not prepared.spool[STARTED].exists()
            self._pool.supervise = self._supervise  # type: ignore[method-assign]
            return made

        self._pool.supervise = supervise  # type: ignore[method-assign]

    def before_fork(self, disturb: Callable[[PreparedJob], object]) -> None:
        """Change the spool of the next job before its supervisor is forked."""

        def supervise(prepared: PreparedJob, *, ticks: int, is_leashed: bool) -> SupervisorProcess:
            disturb(prepared)
            self._pool.supervise = self._supervise  # type: ignore[method-assign]
            return self._supervise(prepared, ticks=ticks, is_leashed=is_leashed)

        self._pool.supervise = supervise  # type: ignore[method-assign]

    def before_second(self, act: Callable[[PreparedJob], object]) -> None:
        """Act before a cold supervisor is started in place of a warm one."""
        starter = self.runner._starter
        start_instead = starter.start_instead

        def acting(prepared: PreparedJob, *given: object, **named: object) -> SupervisorProcess:
            act(prepared)
            return start_instead(prepared, *given, **named)  # type: ignore[arg-type]

        starter.start_instead = acting  # type: ignore[method-assign]

    def order(self, part: str = "job") -> JobOrder:
        return self.project.play(ONCE.format(root=self.project.root), part=part)

    def run(self, part: str = "job") -> Finished:
        return run_one(self.runner, self.order(part))

    def kill(self, part: str = "job") -> None:
        order = self.order(part)
        self.runner.kill(run=order.run, part=order.part, attempt=order.attempt)

    def times_run(self) -> int:
        path = self.project.root / "ran"
        return len(path.read_text().splitlines()) if path.exists() else 0

    def starts(self) -> tuple[int, dict[ColdReason, int]]:
        warmth = self.runner.warmth()
        return warmth.warm, dict(warmth.cold)


def kill(_: PreparedJob, supervisor: SupervisorProcess) -> None:
    supervisor.kill()


def line(finished: Finished) -> str:
    return (finished.folder / "warmth").read_text()


@pytest.fixture
def breaking(project: Project) -> Iterator[Breaking]:
    breaking = Breaking(project)
    try:
        yield breaking
    finally:
        breaking.runner.close()


def test_a_job_whose_supervisor_was_killed_before_it_began_runs_cold_and_once(
    breaking: Breaking,
) -> None:
    breaking.on_fork(kill)

    finished = breaking.run()

    assert (finished.result.end, finished.result.exit_code) == (JobEnd.ENDED, 0)
    assert breaking.times_run() == 1
    assert breaking.starts() == (0, {ColdReason.ENDED_EARLY: 1})
    assert line(finished).startswith("cold: ended_early: it ended with status -9")
    assert len([r for r in finished.reports if isinstance(r, JobBegan)]) == 1


def test_a_killed_supervisor_is_no_reason_against_its_server(breaking: Breaking) -> None:
    breaking.on_fork(kill)
    breaking.run("first")
    server = server_of(breaking.runner)

    finished = breaking.run("second")

    assert line(finished) == "warm\n"
    assert server_of(breaking.runner) == server
    assert breaking.starts() == (1, {ColdReason.ENDED_EARLY: 1})


def test_a_job_runs_cold_where_its_server_was_killed_together_with_its_supervisor(
    breaking: Breaking,
) -> None:
    def kill_both(_: PreparedJob, supervisor: SupervisorProcess) -> None:
        server = server_of(breaking.runner)
        os.kill(server, signal.SIGKILL)
        wait_for_end(server)
        supervisor.kill()

    breaking.on_fork(kill_both)

    finished = breaking.run("first")
    after = breaking.run("second")

    assert (finished.result.exit_code, after.result.exit_code) == (0, 0)
    assert breaking.times_run() == 2
    assert breaking.starts() == (1, {ColdReason.ENDED_EARLY: 1})


def test_a_supervisor_that_breaks_by_itself_makes_this_job_and_the_next_ones_cold(
    breaking: Breaking,
) -> None:
    breaking.before_fork(lambda prepared: prepared.spool[LOCK].mkdir())
    breaking.before_second(lambda prepared: prepared.spool[LOCK].rmdir())

    finished = breaking.run("first")
    after = breaking.run("second")

    assert (finished.result.exit_code, after.result.exit_code) == (0, 0)
    assert breaking.times_run() == 2
    assert line(finished) == "cold: ended_early: it ended with status 70\n"
    assert "IsADirectoryError" in (finished.folder / SUPERVISOR_LOG).read_text()
    assert "a job before this one ended with status 70" in line(after)
    assert breaking.starts() == (0, {ColdReason.ENDED_EARLY: 2})


def test_a_job_that_no_supervisor_can_begin_is_given_up_after_the_cold_one(
    breaking: Breaking,
) -> None:
    breaking.before_fork(lambda prepared: prepared.spool[MANIFEST].write_text("{"))

    finished = breaking.run()

    assert finished.result.end is JobEnd.FAILED_TO_START
    assert "its supervisor ended with status 1" in finished.result.message
    assert breaking.times_run() == 0
    assert breaking.starts() == (0, {ColdReason.ENDED_EARLY: 1})


def test_a_job_that_was_to_be_killed_is_not_started_again(breaking: Breaking) -> None:
    def kill_job(_: PreparedJob, supervisor: SupervisorProcess) -> None:
        breaking.kill()
        supervisor.kill()

    breaking.on_fork(kill_job)

    finished = breaking.run()

    assert finished.result.end is JobEnd.KILLED
    assert breaking.times_run() == 0
    assert breaking.starts() == (1, {})


def test_a_kill_that_comes_between_the_two_supervisors_reaches_the_second(
    breaking: Breaking,
) -> None:
    breaking.on_fork(kill)
    breaking.before_second(lambda _: breaking.kill())

    finished = breaking.run()

    assert finished.result.end is JobEnd.KILLED
    assert marked(str(finished.folder)) == []


def test_a_job_whose_supervisor_was_killed_after_it_began_is_lost_and_not_run_again(
    breaking: Breaking, project: Project
) -> None:
    supervisor = project.file("supervisor.py", KILL_SUPERVISOR)
    tasks = f"- shell: echo ran >> {project.root}/ran; {PYTHON} {supervisor}; sleep 600"
    order = project.play(tasks)

    finished = run_one(breaking.runner, order)

    assert finished.result.end is JobEnd.LOST
    assert breaking.times_run() == 1
    assert breaking.starts() == (1, {})
    assert marked(str(finished.folder)) == []


KILL_SUPERVISOR = """
import os, signal
from pathlib import Path
for folder in Path('/proc').iterdir():
    try:
        words = (folder / 'cmdline').read_bytes()
    except OSError:
        continue
    mine = b'jobnet.execution.supervisor ' + os.environb[b'JOBNET_JOB']
    if folder.name.isdigit() and mine in words:
        os.kill(int(folder.name), signal.SIGKILL)
"""
