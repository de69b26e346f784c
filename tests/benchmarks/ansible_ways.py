"""Runs one unit job in each of the ways that the benchmark compares, and says how long it took.

Each way is given the same play text, project, inventory and interpreter. ansible-runner gets
a fresh private data folder and a process of its own for each job, as a controller that starts one
has it; Jobnet runs in this process, as it does in its service.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from jobnet.engine.results import JobEnd
from jobnet.execution.processes import descendants
from jobnet.execution.runner import AnsibleRunner
from jobnet.ids import RunId
from jobnet.ports.jobs import JobOrder, JobOver

from tests.execution.building import Finished, Project, Watched, clock
from tests.execution.conftest import make_project

JOB_SECONDS_MAX = 600.0
PROGRAM = str(Path(sys.executable).with_name("ansible-playbook"))
RUNNER = """
import json, sys
import ansible_runner
given = json.loads(sys.argv[1])
done = ansible_runner.run(quiet=True, **given)
sys.exit(0 if done.status == "successful" else done.stdout.read() or done.status)
"""
CANCELLED = """
import json, sys, threading
import ansible_runner
asked = threading.Event()
thread, runner = ansible_runner.run_async(
    quiet=True, cancel_callback=asked.is_set, **json.loads(sys.argv[1])
)
sys.stdin.readline()
asked.set()
thread.join()
print(runner.status, flush=True)
sys.stdin.readline()
"""


class Broken(Exception):
    """A job of the benchmark did not end normally: its time means nothing."""


@dataclass
class Bench:
    """A project, a warm and a cold runner, and names for jobs that are never used twice."""

    project: Project
    warm: AnsibleRunner
    cold: AnsibleRunner
    inventory: str = "hosts.ini"
    hosts: str = "h1"
    _numbers: Iterator[int] = field(default_factory=count)

    def order(self, tasks: str) -> JobOrder:
        """Return an order that was never given before, for one more part of the same run."""
        name, run = f"part-{next(self._numbers)}", RunId("bench")
        inventory = (str(self.project.root / self.inventory),)
        return self.project.play(tasks, hosts=self.hosts, run=run, part=name, inventory=inventory)

    def playbook(self, tasks: str) -> Path:
        """Write the same play as a playbook of the project."""
        text = "\n".join("    " + line for line in tasks.strip("\n").splitlines())
        head = f"- name: play\n  hosts: {self.hosts}\n  gather_facts: false\n  tasks:\n"
        return self.project.file(f"play-{next(self._numbers)}.yml", f"{head}{text}\n")


@contextmanager
def bench() -> Iterator[Bench]:
    """Give a project in a temporary folder; nothing of it is left afterwards."""
    with tempfile.TemporaryDirectory(prefix="jobnet-bench-") as folder:
        project = make_project(Path(folder))
        warm = AnsibleRunner(spool_root=Path(folder) / "warm", clock=clock)
        cold = AnsibleRunner(spool_root=Path(folder) / "cold", clock=clock, warm=False)
        try:
            yield Bench(project=project, warm=warm, cold=cold)
        finally:
            warm.close()
            cold.close()


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that the work took by the clock on the wall."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def by_ansible_runner(at: Bench, tasks: str) -> Callable[[], float]:
    """Return a way to run it by plain ansible-runner, cold."""
    playbook = at.playbook(tasks)

    def run() -> float:
        with tempfile.TemporaryDirectory(prefix="jobnet-bench-") as folder:
            given = json.dumps(runner_arguments(at, playbook, folder))
            return timed(lambda: succeed([sys.executable, "-P", "-c", RUNNER, given], at))

    return run


def runner_arguments(at: Bench, playbook: Path, folder: str) -> dict[str, str]:
    """Return what ``ansible_runner.run`` is given."""
    return {
        "private_data_dir": folder,
        "project_dir": str(at.project.root),
        "playbook": playbook.name,
        "inventory": str(at.project.root / at.inventory),
    }


def by_ansible_playbook(at: Bench, tasks: str) -> Callable[[], float]:
    """Return a way to run it by the program, cold, with nobody who keeps its events."""
    command = [PROGRAM, "-i", at.inventory, at.playbook(tasks).name]
    return lambda: timed(lambda: succeed(command, at))


def by_jobnet(at: Bench, tasks: str, *, is_warm: bool) -> Callable[[], float]:
    """Return a way to run it as Jobnet does."""
    runner = at.warm if is_warm else at.cold
    return lambda: timed(lambda: normal(watch(runner, at.order(tasks))))


def many(at: Bench, tasks: str, *, jobs: int, at_once: int, is_warm: bool) -> float:
    """Return how many jobs a second end when so many run at once."""
    runner, orders = at.warm if is_warm else at.cold, [at.order(tasks) for _ in range(jobs)]
    lock = threading.Lock()
    broken: list[str] = []

    def work() -> None:
        while True:
            with lock:
                if not orders:
                    return
                order = orders.pop()
            try:
                normal(watch(runner, order))
            except Broken as error:
                broken.append(str(error))

    workers = [threading.Thread(target=work) for _ in range(at_once)]

    def all_of_them() -> None:
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    seconds = timed(all_of_them)
    if broken:
        raise Broken(broken[0])
    return jobs / seconds


def watch(runner: AnsibleRunner, order: JobOrder) -> Watched:
    """Run one attempt to its end."""
    watched = Watched()
    runner.start(order, watched)
    watched.wait_for(JobOver, JOB_SECONDS_MAX)
    return watched


def normal(watched: Watched) -> None:
    """Refuse a job that did not succeed."""
    result = Finished(watched.reports).result
    if result.end is not JobEnd.ENDED or not result.is_normal:
        raise Broken(f"a job ended {result.end}: {result.message}")


def succeed(command: list[str], at: Bench) -> None:
    """Run a program in the project and refuse its failure."""
    done = subprocess.run(
        command,
        cwd=at.project.root,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=JOB_SECONDS_MAX,
        check=False,
    )
    if done.returncode:
        raise Broken(f"{command[0]} ended with {done.returncode}: {done.stdout}{done.stderr}")


def environment() -> dict[str, str]:
    """Return what programs get: our Ansible comes first on the PATH."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {**os.environ, "LC_ALL": "C.UTF-8", "PATH": path}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """How long a cancel took, and how many processes of the job were left."""

    seconds: float
    left: int


def cancelled_by_jobnet(at: Bench, runner: AnsibleRunner) -> Cancelled:
    """Kill a job in the middle of a command and wait for its end."""
    tasks, seconds = sleeping(at)
    order, watched = at.order(tasks), Watched()
    runner.start(order, watched)
    until(lambda: bool(sleepers(seconds)))
    began = time.perf_counter()
    runner.kill(run=order.run, part=order.part, attempt=order.attempt)
    watched.wait_for(JobOver, JOB_SECONDS_MAX)
    return Cancelled(seconds=time.perf_counter() - began, left=len(sleepers(seconds)))


def cancelled_by_ansible_runner(at: Bench) -> Cancelled:
    """Do the same by the cancel callback of ansible-runner, and end what it leaves."""
    tasks, seconds = sleeping(at)
    playbook = at.playbook(tasks)
    with tempfile.TemporaryDirectory(prefix="jobnet-bench-") as folder:
        given = json.dumps(runner_arguments(at, playbook, folder))
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", CANCELLED, given],
            cwd=at.project.root,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with process:
            assert process.stdin is not None, "it has pipes"
            assert process.stdout is not None, "it has pipes"
            until(lambda: bool(sleepers(seconds)))
            began = time.perf_counter()
            process.stdin.write("\n")
            process.stdin.flush()
            process.stdout.readline()
            took, left = time.perf_counter() - began, sleepers(seconds)
            for pid in left:
                os.kill(pid, 9)
    return Cancelled(seconds=took, left=len(left))


def sleeping(at: Bench) -> tuple[str, str]:
    """Return a task that sleeps for a time that nobody else sleeps for, and that time."""
    seconds = f"{500 + next(at._numbers)}.{os.getpid()}"
    return f"- command: sleep {seconds}", seconds


def sleepers(seconds: str) -> list[int]:
    """Return the processes that sleep for this time."""
    wanted = [b"sleep", seconds.encode()]
    return [pid for pid in descendants(1) if _command_of(pid)[:2] == wanted]


def until(is_so: Callable[[], bool]) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + JOB_SECONDS_MAX
    while not is_so():
        if time.monotonic() > deadline:
            raise Broken("a job to be cancelled has not begun")
        time.sleep(0.02)


def _command_of(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []
