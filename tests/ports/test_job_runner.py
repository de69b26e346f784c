"""What every job runner does: one suite over the fake and over the one that runs Ansible."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from jobnet.engine.results import JobEnd, JobResult
from jobnet.execution.runner import AnsibleRunner
from jobnet.ids import PartKey, RunId
from jobnet.ports.jobs import (
    JobBegan,
    JobOrder,
    JobOver,
    JobReport,
    JobRunner,
    PlaybookFile,
    PlayText,
)
from jobnet.testing import FakeRunner, Script

RUN = RunId("r-1")
SECONDS_MAX = 60.0


def now() -> datetime:
    return datetime.fromtimestamp(time.clock_gettime(time.CLOCK_REALTIME), UTC)


@dataclass
class Reports:
    """The reports of attempts, in the order of their coming."""

    got: list[JobReport] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, report: JobReport) -> None:
        with self.changed:
            self.got.append(report)
            self.threads.add(threading.current_thread().name)
            self.changed.notify_all()

    def wait_for(self, kind: type[JobReport], number: int = 1) -> None:
        with self.changed:
            is_there = self.changed.wait_for(lambda: len(self.of(kind)) >= number, SECONDS_MAX)
        assert is_there, f"{number} {kind.__name__} expected, {self.got} came"

    def of(self, kind: type[JobReport]) -> list[JobReport]:
        return [report for report in self.got if isinstance(report, kind)]

    def end(self) -> JobResult:
        self.wait_for(JobOver)
        (over,) = self.of(JobOver)
        assert isinstance(over, JobOver)
        assert self.got[-1] is over
        return over.result


@dataclass
class Bench:
    """A runner and orders whose jobs are known to be good, bad, slow or impossible."""

    runner: JobRunner
    order: Callable[..., JobOrder]
    reports: Reports = field(default_factory=Reports)

    def start(self, part: str) -> Reports:
        self.runner.start(self.order(part), self.reports)
        return self.reports

    def kill(self, part: str) -> None:
        self.runner.kill(run=RUN, part=PartKey(part), attempt=1)


def fake_bench(_folder: Path) -> Bench:
    timers: list[threading.Timer] = []

    def later(seconds: float, call: Callable[[], None]) -> None:
        timer = threading.Timer(seconds, call)
        timer.daemon = True
        timer.start()
        timers.append(timer)

    bad = JobResult(end=JobEnd.ENDED, is_normal=False, exit_code=3, message="it failed")
    impossible = JobResult(end=JobEnd.FAILED_TO_START, message="no such playbook")
    scripts = {
        "good": Script(seconds=0.05),
        "bad": Script(seconds=0.05, result=bad),
        "slow": Script(seconds=600),
        "impossible": Script(seconds=0.05, result=impossible),
    }
    runner = FakeRunner(later, now, scripts)
    content = PlayText(name="play", hosts="h1", keywords="")
    return Bench(runner, lambda part: _order(part, content, Path("/")))


def ansible_bench(folder: Path) -> Bench:
    root = folder / "project"
    root.mkdir()
    (root / "ansible.cfg").write_text("[defaults]\ninventory = hosts.ini\n")
    python = "ansible_python_interpreter=/usr/bin/python3"
    (root / "hosts.ini").write_text(f"h1 ansible_connection=local {python}\n")
    tasks = {"good": "exit 0", "bad": "exit 3", "slow": "sleep 600"}

    def order(part: str) -> JobOrder:
        if part == "impossible":
            return _order(part, PlaybookFile(path=str(root / "nowhere.yml")), root)
        keywords = f"gather_facts: false\ntasks:\n  - ansible.builtin.shell: {tasks[part]}\n"
        return _order(part, PlayText(name="play", hosts="h1", keywords=keywords), root)

    return Bench(AnsibleRunner(spool_root=folder / "spool", clock=now), order)


def _order(part: str, content: PlayText | PlaybookFile, root: Path) -> JobOrder:
    return JobOrder(
        run=RUN,
        part=PartKey(part),
        attempt=1,
        content=content,
        project_root=str(root),
        network_folder=str(root),
        kill_grace=timedelta(seconds=2),
    )


@pytest.fixture(
    params=[
        pytest.param(fake_bench, id="fake"),
        pytest.param(ansible_bench, id="ansible", marks=pytest.mark.parts),
    ]
)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made: Bench = request.param(tmp_path)
    try:
        yield made
    finally:
        made.runner.close()


def test_an_attempt_begins_and_then_is_over_once(bench: Bench) -> None:
    result = bench.start("good").end()

    assert (result.end, result.is_normal, result.exit_code) == (JobEnd.ENDED, True, 0)
    assert len(bench.reports.of(JobBegan)) == 1
    assert all(report.part == "good" and report.attempt == 1 for report in bench.reports.got)


def test_reports_come_from_a_thread_of_the_runner(bench: Bench) -> None:
    bench.start("good").end()

    assert threading.main_thread().name not in bench.reports.threads


def test_a_job_that_failed_is_no_error_but_a_result(bench: Bench) -> None:
    result = bench.start("bad").end()

    assert (result.end, result.is_normal, result.exit_code) == (JobEnd.ENDED, False, 3)
    assert result.message


def test_what_cannot_be_started_is_reported_and_never_raised(bench: Bench) -> None:
    result = bench.start("impossible").end()

    assert result.end is JobEnd.FAILED_TO_START
    assert result.exit_code is None
    assert result.message


def test_a_kill_is_confirmed_by_the_end(bench: Bench) -> None:
    bench.start("slow").wait_for(JobBegan)

    bench.kill("slow")
    bench.kill("slow")

    assert bench.reports.end().end is JobEnd.KILLED


def test_a_kill_right_after_the_start_is_not_lost(bench: Bench) -> None:
    bench.start("slow")

    bench.kill("slow")

    assert bench.reports.end().end is JobEnd.KILLED


def test_a_kill_of_what_is_over_or_unknown_changes_nothing(bench: Bench) -> None:
    bench.start("good").end()

    bench.kill("good")
    bench.kill("nobody")

    assert len(bench.reports.of(JobOver)) == 1


def test_the_same_attempt_started_twice_runs_once(bench: Bench) -> None:
    bench.start("good")
    bench.start("good").end()

    bench.runner.close()

    assert len(bench.reports.of(JobBegan)) == 1
    assert len(bench.reports.of(JobOver)) == 1


def test_attempts_do_not_wait_for_each_other(bench: Bench) -> None:
    bench.start("slow").wait_for(JobBegan)

    bench.start("good")

    bench.reports.wait_for(JobOver)
    assert [over.part for over in bench.reports.of(JobOver)] == ["good"]


def test_closing_ends_what_still_runs(bench: Bench) -> None:
    bench.start("slow").wait_for(JobBegan)

    bench.runner.close()

    assert bench.reports.end().end is JobEnd.KILLED
