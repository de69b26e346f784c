"""Ends that nobody wanted: killed jobs, supervisors, servers and controllers."""

import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from jobnet.engine.results import JobEnd
from jobnet.execution.processes import descendants, marked, program_of
from jobnet.execution.runner import AnsibleRunner
from jobnet.execution.spool import RESULT, Spool, spool_path
from jobnet.ports.jobs import JobOrder, JobOver

from tests.execution.building import Finished, Project, Watched, clock
from tests.execution.warm.differential import JOB_SECONDS_MAX, run_one
from tests.execution.warm.test_many import server_of
from tests.execution.warm.test_plugins import FILTER

pytestmark = pytest.mark.parts

# A daemon of the job's own that would outlive it, and a task that ends when it is told to.
TASKS = """
- shell: |
    setsid sh -c 'while :; do sleep 1; done' &
    echo > BEGUN
    read word < GOON
    kill %1 $!
    echo $word
- debug: {msg: it went on}
"""


class Going:
    """A warm job in the middle of its first task."""

    def __init__(self, project: Project, runner: AnsibleRunner) -> None:
        self.project = project
        self.runner = runner
        self.order = going_order(project)
        self.spool = spool_of(project, self.order)
        self.watched = Watched()
        runner.start(self.order, self.watched)
        wait_for_writer(project.root / "begun")

    def go_on(self) -> None:
        (self.project.root / "goon").write_text("on\n")

    def end(self) -> Finished:
        self.watched.wait_for(JobOver, JOB_SECONDS_MAX)
        return Finished(self.watched.reports)

    def supervisor(self) -> int:
        mine = f"jobnet.execution.supervisor {self.spool.folder}"
        return next(pid for pid in marked(self.spool.mark) if mine in shown(pid))


def going_order(project: Project) -> JobOrder:
    for name in ("begun", "goon"):
        os.mkfifo(project.root / name)
    tasks = TASKS.replace("BEGUN", str(project.root / "begun"))
    return project.play(tasks.replace("GOON", str(project.root / "goon")), part="going")


def spool_of(project: Project, order: JobOrder) -> Spool:
    path = spool_path(project.spool_root, run=order.run, part=order.part, attempt=order.attempt)
    return Spool(folder=path)


def shown(pid: int) -> str:
    return " ".join(program_of(pid).split())


def wait_for_writer(path: Path) -> None:
    reader = threading.Thread(target=path.read_text, daemon=True)
    reader.start()
    reader.join(JOB_SECONDS_MAX)
    assert not reader.is_alive(), "the job never came to its task"


def wait_for_end(pid: int) -> None:
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        ready, _, _ = select.select([descriptor], [], [], JOB_SECONDS_MAX)
    finally:
        os.close(descriptor)
    assert ready, f"{pid} did not end: {shown(pid)}"


@pytest.fixture
def runner(project: Project) -> Iterator[AnsibleRunner]:
    runner = AnsibleRunner(spool_root=project.spool_root, clock=clock)
    try:
        yield runner
    finally:
        runner.close()


@pytest.fixture
def going(project: Project, runner: AnsibleRunner) -> Going:
    return Going(project, runner)


def test_a_killed_job_leaves_nothing_and_its_server_serves_the_next(going: Going) -> None:
    server = server_of(going.runner)
    order = going.order

    going.runner.kill(run=order.run, part=order.part, attempt=order.attempt)
    finished = going.end()
    after = run_one(going.runner, going.project.play("- debug:", part="after"))

    assert finished.result.end is JobEnd.KILLED
    assert marked(going.spool.mark) == []
    assert after.result.exit_code == 0
    assert server_of(going.runner) == server
    assert not [pid for pid in descendants(server) if "supervisor" in shown(pid)]


@pytest.mark.parametrize(
    ("number", "end"), [(signal.SIGTERM, JobEnd.KILLED), (signal.SIGKILL, JobEnd.LOST)]
)
def test_a_signalled_supervisor_leaves_nothing(going: Going, number: int, end: JobEnd) -> None:
    os.kill(going.supervisor(), number)

    finished = going.end()

    assert finished.result.end is end
    assert marked(going.spool.mark) == []
    assert going.runner._starter.counts == {"warm": 1}


def test_a_job_goes_on_when_its_server_is_killed_and_the_next_gets_a_new_one(going: Going) -> None:
    server = server_of(going.runner)

    os.kill(server, signal.SIGKILL)
    wait_for_end(server)
    after = run_one(going.runner, going.project.play("- debug:", part="after"))
    going.go_on()
    finished = going.end()

    assert (finished.result.end, finished.result.exit_code) == (JobEnd.ENDED, 0)
    assert "it went on" in finished.output
    assert after.result.exit_code == 0
    assert server_of(going.runner) != server
    assert going.runner._starter.counts == {"warm": 2}
    assert marked(going.spool.mark) == []


CONTROLLER = """
import json, sys, threading
from pathlib import Path
from jobnet.execution.runner import AnsibleRunner
from jobnet.execution.warm.canary import Canary
from tests.execution.building import Project, Watched, clock
from tests.execution.warm.test_ends import going_order, wait_for_writer
from tests.execution.warm.test_many import server_of
from tests.execution.warm.test_plugins import FILTER
root, spool_root, leash = sys.argv[1:]
project = Project(root=Path(root), spool_root=Path(spool_root))
Canary().settle()
runner = AnsibleRunner(spool_root=project.spool_root, clock=clock, is_leashed=leash == 'leashed')
runner.start(going_order(project), Watched())
wait_for_writer(project.root / 'begun')
print(json.dumps([server_of(runner), dict(runner._starter.counts)]), flush=True)
threading.Event().wait()
"""


def killed_controller(project: Project, leash: str) -> tuple[int, dict[str, int]]:
    """Have a controller killed whose job is in its first task; return its server and counts."""
    words = [str(project.root), str(project.spool_root), leash]
    controller = subprocess.Popen(
        [sys.executable, "-c", CONTROLLER, *words],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert controller.stdout is not None
    with controller.stdout:
        server, counts = json.loads(controller.stdout.readline())
    controller.kill()
    controller.wait()
    return server, counts


@pytest.fixture
def of_killed(project: Project) -> Callable[[str], tuple[Spool, int]]:
    def kill(leash: str) -> tuple[Spool, int]:
        server, counts = killed_controller(project, leash)
        assert counts == {"warm": 1}
        return Spool(folder=project.spool_root / "run-1" / "going.1"), server

    return kill


def test_a_leashed_job_ends_with_its_controller_and_so_does_the_server(
    of_killed: Callable[[str], tuple[Spool, int]],
) -> None:
    spool, server = of_killed("leashed")

    wait_for_end(server)
    for pid in marked(spool.mark):
        wait_for_end(pid)

    assert json.loads(spool[RESULT].read_text())["was_killed"]
    assert marked(spool.mark) == []


def test_a_job_without_a_leash_finishes_though_its_controller_was_killed(
    project: Project, of_killed: Callable[[str], tuple[Spool, int]]
) -> None:
    spool, server = of_killed("free")

    wait_for_end(server)
    (project.root / "goon").write_text("on\n")
    for pid in marked(spool.mark):
        wait_for_end(pid)

    end = json.loads(spool[RESULT].read_text())
    assert (end["ansible_rc"], end["was_killed"]) == (0, False)
    assert "it went on" in spool["stdout"].read_text()


def test_jobs_of_two_projects_at_once_in_eight_threads_each_have_their_own_filters(
    project: Project, runner: AnsibleRunner
) -> None:
    watched = {}
    for name in ("first", "second"):
        root = project.root / name
        root.mkdir()
        inner = Project(root=root, spool_root=project.spool_root)
        inner.file("ansible.cfg", "[defaults]\ninventory = ../hosts.ini\n")
        text = FILTER.replace("SAID", name)
        inner.file("filter_plugins/who.py", text)
        for number in range(8):
            part = f"{name}{number}"
            watched[part] = (name, Watched())
            order = inner.play("- debug: {msg: 'of {{ 1 | who }}'}", part=part)
            runner.start(order, watched[part][1])

    said = {}
    for part, (name, reports) in watched.items():
        reports.wait_for(JobOver, JOB_SECONDS_MAX)
        said[part] = f"of {name}" in Finished(reports.reports).output

    assert all(said.values()), said
    assert runner._starter.counts == {"warm": 16}


GRACE = """
from ansible.plugins.loader import connection_loader
from ansible.plugins.lookup import LookupBase

class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs):
        execute = connection_loader.get('local', class_only=True).exec_command
        names = execute.__code__.co_freevars
        return [execute.__closure__[names.index('kill_grace_seconds')].cell_contents]
"""


def test_modules_of_a_warm_job_have_the_kill_grace_of_their_job(
    project: Project, runner: AnsibleRunner
) -> None:
    project.file("lookup_plugins/grace.py", GRACE)
    tasks = "- debug: {msg: \"they have {{ lookup('grace') }} s\"}"

    said = [
        run_one(runner, project.play(tasks, part=f"grace{s}", kill_grace=timedelta(seconds=s)))
        for s in (3, 40)
    ]

    assert "they have 3.0 s" in said[0].output
    assert "they have 40.0 s" in said[1].output
