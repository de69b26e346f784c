import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from jobnet.engine.results import JobEnd
from jobnet.execution.adoption import Standing, look, standing
from jobnet.execution.processes import marked, program_of
from jobnet.execution.runner import AnsibleRunner
from jobnet.execution.spool import KILL, STARTED, Spool, make_spool, spool_path
from jobnet.ports.jobs import JobBegan, JobOrder, JobOver, JobProgress

from tests.execution.building import Finished, Project, Watched, clock, run_all, running

pytestmark = pytest.mark.parts

# A job that ignores the polite signal, has a child in a session of its own, and never ends.
STUBBORN = """
- shell: |
    trap '' TERM
    setsid sh -c 'trap "" TERM; while :; do sleep 1; done' &
    (env -i setsid sleep 98765 &)
    touch READY
    while :; do sleep 1; done
- debug: {msg: never}
"""


class Going:
    """A job that is in the middle of its first task."""

    def __init__(self, runner: AnsibleRunner, order: JobOrder, project: Project) -> None:
        self.runner = runner
        self.order = order
        self.watched = Watched()
        path = spool_path(project.spool_root, run=order.run, part=order.part, attempt=order.attempt)
        self.spool = Spool(folder=path)
        runner.start(order, self.watched)

    def kill(self) -> None:
        order = self.order
        self.runner.kill(run=order.run, part=order.part, attempt=order.attempt)

    def end(self, seconds: float = 60) -> Finished:
        self.watched.wait_for(JobOver, seconds)
        return Finished(self.watched.reports)

    def supervisor(self) -> int:
        mine = f"jobnet.execution.supervisor {self.spool.folder}"
        return next(
            int(entry.name)
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and mine in program_of(int(entry.name))
        )


@pytest.fixture
def runner(project: Project) -> Iterator[AnsibleRunner]:
    with running(project) as runner:
        yield runner


@pytest.fixture
def stubborn(project: Project, runner: AnsibleRunner) -> Going:
    ready = project.root / "ready"
    os.mkfifo(ready)
    tasks = STUBBORN.replace("touch READY", f"echo > {ready}")
    going = Going(runner, project.play(tasks), project)
    wait_for_fifo(ready)
    return going


def running_command(command: str) -> list[int]:
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if program_of(pid).strip() == command]


def wait_for_fifo(path: Path, seconds: float = 30) -> None:
    """Return when the job has opened the pipe; the open is given up with the test."""
    reader = threading.Thread(target=path.read_text, daemon=True)
    reader.start()
    reader.join(seconds)
    assert not reader.is_alive(), "the job never came to its task"


def test_a_killed_job_leaves_no_process_and_keeps_its_time(stubborn: Going) -> None:
    before = marked(stubborn.spool.mark)
    asked = time.monotonic()

    stubborn.kill()
    finished = stubborn.end()

    took = time.monotonic() - asked
    assert len(before) >= 4
    assert finished.result.end is JobEnd.KILLED
    assert not finished.result.is_normal
    assert marked(stubborn.spool.mark) == []
    assert not running_command("sleep 98765")
    assert took < stubborn.order.kill_grace.total_seconds() + 1


def test_killing_twice_is_harmless(stubborn: Going) -> None:
    stubborn.kill()
    stubborn.kill()

    finished = stubborn.end()
    stubborn.kill()

    assert finished.result.end is JobEnd.KILLED


def test_a_kill_file_in_the_spool_ends_the_job_too(stubborn: Going) -> None:
    stubborn.spool[KILL].touch()

    finished = stubborn.end()

    assert finished.result.end is JobEnd.KILLED
    assert marked(stubborn.spool.mark) == []


def test_close_kills_what_still_runs_and_waits_for_it(stubborn: Going) -> None:
    stubborn.runner.close()

    finished = Finished(stubborn.watched.reports)
    assert finished.result.end is JobEnd.KILLED
    assert marked(stubborn.spool.mark) == []


def test_a_job_whose_supervisor_was_killed_is_lost_and_its_processes_are_ended(
    stubborn: Going,
) -> None:
    os.kill(stubborn.supervisor(), signal.SIGKILL)

    finished = stubborn.end()

    assert finished.result.end is JobEnd.LOST
    assert "supervisor" in finished.result.message
    assert finished.result.exit_code is None
    assert marked(stubborn.spool.mark) == []
    for pid in running_command("sleep 98765"):
        os.kill(pid, signal.SIGKILL)  # it has no mark: the one thing that is not found


def test_a_running_job_is_seen_as_running_and_then_as_ended(stubborn: Going) -> None:
    during = standing(look(stubborn.spool))

    stubborn.kill()
    stubborn.end()

    assert during is Standing.RUNNING
    assert standing(look(stubborn.spool)) is Standing.ENDED


def test_a_kill_before_the_start_means_that_nothing_was_executed(
    project: Project, runner: AnsibleRunner
) -> None:
    touched = project.root / "touched"
    going = Going(runner, project.play(f"- file: {{path: {touched}, state: touch}}"), project)

    going.kill()
    finished = going.end()

    assert finished.result.end is JobEnd.KILLED
    assert not touched.exists()


def test_killing_what_nobody_knows_is_harmless(project: Project, runner: AnsibleRunner) -> None:
    order = project.play("- debug:")

    runner.kill(run=order.run, part=order.part, attempt=7)


def test_after_close_nothing_is_started(project: Project, runner: AnsibleRunner) -> None:
    runner.close()

    finished = Going(runner, project.play("- debug:"), project).end()

    assert finished.result.end is JobEnd.KILLED
    assert not (finished.folder / STARTED).exists()


def test_an_attempt_whose_spool_is_there_is_refused(project: Project) -> None:
    order = project.play("- debug:")
    make_spool(spool_path(project.spool_root, run=order.run, part=order.part, attempt=1))

    result = run_all(project, {"job": order})["job"].result

    assert result.end is JobEnd.FAILED_TO_START
    assert "already started" in result.message


def test_reports_come_in_order_and_the_end_comes_once(project: Project) -> None:
    finished = run_all(project, {"job": project.play("- command: echo hello")})["job"]

    kinds = [type(report) for report in finished.reports]
    progress = [r for r in finished.reports if isinstance(r, JobProgress)]
    assert kinds[0] is JobBegan
    assert kinds.count(JobBegan) == 1
    assert kinds.count(JobOver) == 1
    assert [(p.task, p.host, p.state) for p in progress] == [
        ("command", None, ""),
        ("command", "h1", "changed"),
    ]
    assert "TASK [command]" in finished.output


def test_starting_an_attempt_twice_at_once_runs_it_once(
    project: Project, runner: AnsibleRunner
) -> None:
    order = project.play("- command: 'true'")
    second = Watched()
    going = Going(runner, order, project)

    runner.start(order, second)
    finished = going.end()

    assert finished.result.is_normal
    assert second.reports == []


def test_a_daemon_that_a_job_left_on_purpose_is_left_alone(project: Project) -> None:
    pid_file = project.root / "pid"
    tasks = f"- shell: setsid sleep 1000 > /dev/null 2>&1 < /dev/null & echo $! > {pid_file}"

    finished = run_all(project, {"job": project.play(tasks)})["job"]

    left = [pid for pid in marked(str(finished.folder)) if "sleep 1000" in program_of(pid)]
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert finished.result.is_normal
    assert len(left) == 1


def test_a_second_runner_cannot_run_the_same_attempt(project: Project) -> None:
    order = replace(project.play("- debug:"), kill_grace=timedelta(seconds=0))

    first = run_all(project, {"job": order})["job"].result
    second = run_all(project, {"job": order})["job"].result

    assert first.is_normal
    assert second.end is JobEnd.FAILED_TO_START


@pytest.mark.parametrize(
    "count", [6, pytest.param(200, marks=pytest.mark.long)], ids=["6 kills", "200 kills"]
)
def test_a_kill_at_any_moment_gives_one_end_and_leaves_nothing(
    project: Project, runner: AnsibleRunner, count: int
) -> None:
    seed = time.time_ns()
    moments = random.Random(seed)  # noqa: S311 - no secret, a seed that can be used again
    tasks = "- shell: (env -i setsid sleep 98764 &) ; sleep 98764"

    ends = []
    for number in range(count):
        going = Going(runner, project.play(tasks, part=f"part-{number}"), project)
        threading.Event().wait(moments.uniform(0, 2.5))  # any moment is the point here
        going.kill()
        ends.append(going.end().result.end)

    assert set(ends) == {JobEnd.KILLED}, f"seed {seed}: {ends}"
    assert running_command("sleep 98764") == [], f"seed {seed}"


def supervisors_of(path: Path) -> list[int]:
    """Return the supervisors that work on a spool."""
    mine = f"jobnet.execution.supervisor {path}"
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if mine in program_of(pid)]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_bug_while_a_job_is_followed_ends_it_lost_and_leaves_no_process(
    project: Project,
) -> None:
    calls = iter([None])

    def broken_once() -> datetime:
        if next(calls, "works") is None:
            msg = "the clock is broken"
            raise RuntimeError(msg)
        return clock()

    runner = AnsibleRunner(spool_root=project.spool_root, clock=broken_once)
    watched = Watched()
    order = project.play("- command: sleep 98764")

    try:
        runner.start(order, watched)
        watched.wait_for(JobOver, 60)

        over = watched.reports[-1]
        assert isinstance(over, JobOver)
        assert over.result.end is JobEnd.LOST
        assert "the clock is broken" in over.result.message
        path = spool_path(project.spool_root, run=order.run, part=order.part, attempt=order.attempt)
        deadline = time.monotonic() + 40
        while marked(Spool(folder=path).mark) or supervisors_of(path):
            assert time.monotonic() < deadline, "the job goes on"
            threading.Event().wait(0.05)
    finally:
        runner.close()
