"""What becomes of an attempt whose play has gone, by what its spool says."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jobnet.engine.results import JobEnd, JobResult
from jobnet.execution.orphans import end_of_orphan
from jobnet.execution.processes import given
from jobnet.execution.runner import AnsibleRunner
from jobnet.execution.spool import (
    KILL,
    STARTED,
    Spool,
    make_spool,
    mark_started,
    spool_path,
    take_lock,
)
from jobnet.ports.jobs import JobBegan, JobOrder, JobOver

from tests.execution.building import Finished, Project, Watched, clock

WAITS = "import sys; sys.stdin.read()"


def end_of(spool: Spool, *, has_begun: bool = False, is_killed: bool = False) -> JobResult | None:
    return end_of_orphan(
        spool,
        has_begun=has_begun,
        is_killed=lambda: is_killed,
        began=lambda: None,
        grace_seconds=0.1,
    )


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return make_spool(tmp_path / "spool")


def test_an_attempt_without_a_spool_never_ran(tmp_path: Path) -> None:
    assert end_of(Spool(folder=tmp_path / "nowhere")) is None


def test_an_attempt_that_had_begun_and_has_no_spool_any_more_is_lost(tmp_path: Path) -> None:
    found = end_of(Spool(folder=tmp_path / "nowhere"), has_begun=True)

    assert found is not None
    assert (found.end, found.message) == (
        JobEnd.LOST,
        "its play was cut off, and its spool is gone",
    )


def test_an_attempt_that_was_prepared_and_not_started_gives_its_place_back(spool: Spool) -> None:
    assert end_of(spool) is None
    assert not spool.folder.exists()


def test_an_attempt_that_had_begun_is_never_called_not_run(spool: Spool) -> None:
    found = end_of(spool, has_begun=True)

    assert found is not None
    assert found.end is JobEnd.LOST


def test_a_started_attempt_without_an_end_is_lost(spool: Spool) -> None:
    mark_started(spool)

    found = end_of(spool)

    assert found is not None
    assert (found.end, found.folder) == (JobEnd.LOST, str(spool.folder))
    assert "left no result" in found.message


@pytest.mark.parametrize("before", ["", "python -m jobnet.execution.supervisor "])
def test_a_supervisor_that_was_about_to_begin_is_ended_before_its_place_is_given_away(
    spool: Spool, before: str
) -> None:
    argument = f"{before}{spool.folder}"
    late = subprocess.Popen([sys.executable, "-c", WAITS, argument], stdin=subprocess.PIPE)
    try:
        while late.pid not in given(str(spool.folder)):
            assert late.poll() is None

        assert end_of(spool) is None
        assert not given(str(spool.folder))
    finally:
        late.kill()
        late.communicate()


def test_an_attempt_at_work_is_followed_and_can_be_killed(spool: Spool) -> None:
    lock = take_lock(spool)
    mark_started(spool)
    told: list[str] = []

    def is_killed() -> bool:
        if spool[KILL].exists():
            os.close(lock)  # the supervisor has seen it and died without a word
        return True

    found = end_of_orphan(
        spool,
        has_begun=True,
        is_killed=is_killed,
        began=lambda: told.append("began"),
        grace_seconds=0.1,
    )

    assert found is not None
    assert (found.end, told) == (JobEnd.LOST, ["began"])


def adopted(project: Project, order: JobOrder, *, has_begun: bool = False) -> Watched:
    runner = AnsibleRunner(spool_root=project.spool_root, clock=clock)
    watched = Watched()
    try:
        runner.adopt(order, watched, has_begun=has_begun)
        watched.wait_for(JobOver, 60)
    finally:
        runner.close()
    return watched


def test_a_spool_that_cannot_be_read_is_lost_and_nothing_runs(project: Project) -> None:
    order = project.play("- command: 'true'")
    spool = make_spool(spool_path(project.spool_root, run=order.run, part=order.part, attempt=1))
    spool["lock"].touch()
    spool[STARTED].write_text(json.dumps({"boot_id": "x"}))
    spool["result.json"].write_text("half")

    watched = adopted(project, order)

    (over,) = [each for each in watched.reports if isinstance(each, JobOver)]
    assert over.result.end is JobEnd.LOST
    assert "cannot be read" in over.result.message


@pytest.mark.parts
def test_an_adopted_attempt_that_never_ran_runs_once_and_its_end_is_read_the_next_time(
    project: Project,
) -> None:
    seen = project.root / "seen"
    order = project.play(f"- shell: echo once >> {seen}")
    make_spool(spool_path(project.spool_root, run=order.run, part=order.part, attempt=1))

    first = adopted(project, order)
    second = adopted(project, order, has_begun=True)

    assert seen.read_text() == "once\n"
    ends = [each.result for each in (*first.reports, *second.reports) if isinstance(each, JobOver)]
    assert ends[0] == ends[1]
    assert ends[0].is_normal
    assert not [each for each in second.reports if isinstance(each, JobBegan)]


@pytest.mark.parts
def test_an_attempt_that_its_runner_leaves_goes_on_and_is_followed_by_the_next_one(
    project: Project,
) -> None:
    gate, seen = project.root / "gate", project.root / "seen"
    order = project.play(
        "- debug: {msg: at work}\n"
        f"- shell: echo once >> {seen}; until test -e {gate}; do sleep 0.05; done\n"
        "- debug: {msg: through}"
    )
    before = Watched()
    leaving = AnsibleRunner(spool_root=project.spool_root, clock=clock)
    leaving.start(order, before)
    before.wait_for_text("at work")
    leaving.leave()
    after = Watched()
    runner = AnsibleRunner(spool_root=project.spool_root, clock=clock)

    runner.adopt(order, after, has_begun=True)
    after.wait_for(JobBegan)
    gate.touch()
    after.wait_for(JobOver)
    runner.close()

    (over,) = [each for each in after.reports if isinstance(each, JobOver)]
    assert over.result.is_normal
    assert seen.read_text() == "once\n"
    assert {"at work", "through"} <= set(Finished(after.reports).output.split('"'))
    assert not [each for each in before.reports if isinstance(each, JobOver)]
