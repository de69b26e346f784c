"""Many jobs of one server: its memory, descriptors, children and temporary files stay flat."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from jobnet.engine.results import JobEnd
from jobnet.execution.processes import descendants
from jobnet.execution.runner import AnsibleRunner
from jobnet.ports.jobs import JobOver

from tests.execution.building import Project, Watched, clock
from tests.execution.warm.differential import JOB_SECONDS_MAX, run_one

pytestmark = pytest.mark.parts

AT_ONCE = 8
DESCRIPTORS_MAX = 12
# An allocator's own steps; a leak of one page for each job is ten times as much.
GROWN_KIBIBYTES_MAX = 400


@dataclass(frozen=True)
class Standing:
    """What a server's process has at one moment."""

    resident: int
    private: int
    descriptors: int
    children: int

    @staticmethod
    def of(pid: int) -> "Standing":
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
        sizes = {line.split()[0]: int(line.split()[1]) for line in lines}
        return Standing(
            resident=sizes["Rss:"],
            private=sizes["Private_Dirty:"] + sizes["Shared_Dirty:"],
            descriptors=len(os.listdir(f"/proc/{pid}/fd")),  # noqa: PTH208
            children=len(descendants(pid)),
        )


def quiet(pid: int, *, descriptors_max: int) -> Standing:
    """Return how a server stands once it has reaped its last supervisor.

    A job is over when its supervisor has ended; the server hears of that a moment later.
    """
    deadline = time.monotonic() + JOB_SECONDS_MAX
    while True:
        standing = Standing.of(pid)
        is_quiet = not standing.children and standing.descriptors <= descriptors_max
        if is_quiet or time.monotonic() > deadline:
            return standing
        time.sleep(0.02)


@contextmanager
def warm_runner(project: Project) -> Iterator[AnsibleRunner]:
    runner = AnsibleRunner(spool_root=project.spool_root, clock=clock)
    try:
        yield runner
    finally:
        runner.close()


def server_of(runner: AnsibleRunner) -> int:
    (server,) = runner._starter._pool._servers.values()
    return server.pid


def run_many(project: Project, runner: AnsibleRunner, numbers: range) -> list[str]:
    """Run that many jobs, several at once, and return what was wrong with any."""
    wrong: list[str] = []
    waiting: list[tuple[int, Watched]] = []
    for number in [*numbers, *([-1] * AT_ONCE)]:
        if number >= 0:
            watched = Watched()
            order = project.play(f"- debug: {{msg: 'job {number}'}}", part=f"job{number}")
            runner.start(order, watched)
            waiting.append((number, watched))
        if len(waiting) == AT_ONCE or (number < 0 and waiting):
            wrong += _wrong_with(*waiting.pop(0))
    return wrong


def _wrong_with(number: int, watched: Watched) -> list[str]:
    watched.wait_for(JobOver, JOB_SECONDS_MAX)
    (result,) = [r.result for r in watched.reports if isinstance(r, JobOver)]
    output = Path(result.folder) / "stdout"
    text = output.read_text() if output.exists() else ""
    is_good = result.end is JobEnd.ENDED and result.exit_code == 0 and f"job {number}" in text
    return [] if is_good else [f"{number}: {result.end} {result.exit_code} {result.message}"]


def check_flat(project: Project, count: int) -> tuple[Standing, Standing]:
    with warm_runner(project) as runner:
        pool = runner._starter._pool
        pool._bounds = replace(pool._bounds, jobs_max=2 * count)  # one server has to do all
        assert run_many(project, runner, range(20)) == []
        server = server_of(runner)
        before = quiet(server, descriptors_max=DESCRIPTORS_MAX)

        wrong = run_many(project, runner, range(20, count))

        run_one(runner, project.play("- debug:", part="last"))
        after = quiet(server, descriptors_max=before.descriptors)
        assert wrong == []
        assert server_of(runner) == server
        assert runner._starter.counts == {"warm": count + 1}
    assert not Path(f"/proc/{server}").exists()
    assert after.descriptors <= before.descriptors
    assert after.children <= before.children
    assert after.resident - before.resident < GROWN_KIBIBYTES_MAX, (before, after)
    return before, after


def test_a_server_is_as_after_its_first_jobs_after_a_hundred(project: Project) -> None:
    check_flat(project, 100)


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_a_server_is_as_after_its_first_jobs_after_ten_thousand(project: Project) -> None:
    count = int(os.environ.get("JOBNET_TEST_JOBS", "10000"))

    before, after = check_flat(project, count)

    print(count, before, after)  # noqa: T201 - figures for whoever runs the ring
