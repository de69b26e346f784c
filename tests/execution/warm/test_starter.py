"""How a runner starts real jobs: warm where it may, cold where it must, and says which."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from jobnet.execution import starter as starter_module
from jobnet.execution.runner import AnsibleRunner
from jobnet.ports.jobs import JobOrder, JobOver
from jobnet.ports.warmth import ColdReason, Warmth

from tests.execution.building import Finished, Project, Watched, clock

pytestmark = pytest.mark.parts

HELLO = "- debug: {msg: hello}"


def play(
    project: Project, *orders: JobOrder, warm: bool = True, expects: bool = False
) -> tuple[Warmth, list[Finished]]:
    """Run orders one after the other with one runner."""
    runner = AnsibleRunner(spool_root=project.spool_root, clock=clock, warm=warm)
    watches = []
    try:
        if expects:
            until = clock() + timedelta(hours=1)
            runner.expect(project_root=str(project.root), environment={}, until=until)
        for order in orders:
            watches.append(Watched())
            runner.start(order, watches[-1])
            watches[-1].wait_for(JobOver)
        warmth = runner.warmth()
    finally:
        runner.close()
    return warmth, [Finished(watch.reports) for watch in watches]


def line(finished: Finished) -> str:
    return (finished.folder / "warmth").read_text()


def test_an_order_decides_for_itself_and_each_spool_tells(project: Project) -> None:
    warmth, (warm, cold) = play(
        project,
        project.play(HELLO, part="one"),
        project.play(HELLO, part="two", warm=False),
    )

    assert (warmth.warm, dict(warmth.cold), warmth.jobs) == (1, {ColdReason.ASKED_FOR: 1}, 2)
    assert (line(warm), line(cold)) == (
        "warm\n",
        "cold: asked_for: the definition says `warm: off`\n",
    )
    assert warm.result.is_normal
    assert cold.result.is_normal


def test_switched_off_nothing_is_loaded_beforehand(project: Project) -> None:
    warmth, (finished,) = play(project, project.play(HELLO), warm=False, expects=True)

    assert (warmth.warm, dict(warmth.cold)) == (0, {ColdReason.SWITCHED_OFF: 1})
    assert not (project.spool_root / "warm-server.log").exists()
    assert finished.result.is_normal


def test_what_was_expected_serves_the_job(project: Project) -> None:
    runner = AnsibleRunner(spool_root=project.spool_root, clock=clock)
    try:
        runner.expect(project_root=str(project.root), environment={})
        (expecting,) = runner._expecting
        expecting.join(60)
        servers = list(runner._starter._pool._servers.values())
        watched = Watched()
        runner.start(project.play(HELLO), watched)
        watched.wait_for(JobOver)
        after = list(runner._starter._pool._servers.values())
    finally:
        runner.close()

    assert len(servers) == 1
    assert after == servers
    assert servers[0].jobs == 1


def test_what_ansible_prints_while_it_is_loaded_makes_a_job_cold(project: Project) -> None:
    project.file("ansible.cfg", "[defaults]\ninventory = hosts.ini\nlog_path = nowhere/log\n")

    warmth, (finished,) = play(project, project.play(HELLO))

    assert dict(warmth.cold) == {ColdReason.ANSIBLE_SPEAKS: 1}
    assert "nowhere/log" in warmth.told[ColdReason.ANSIBLE_SPEAKS]
    assert "nowhere/log" in line(finished)
    assert finished.result.is_normal


def test_an_ansible_of_another_python_makes_a_job_cold(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starter_module, "is_our_ansible", lambda _: False)

    warmth, (finished,) = play(project, project.play(HELLO), expects=True)

    assert dict(warmth.cold) == {ColdReason.OTHER_PYTHON: 1}
    assert finished.result.is_normal


def test_a_killed_server_is_replaced_and_no_job_is_lost(project: Project) -> None:
    runner = AnsibleRunner(spool_root=project.spool_root, clock=clock)
    ends = []
    try:
        for number in range(3):
            watched = Watched()
            runner.start(project.play(HELLO, part=f"p{number}"), watched)
            watched.wait_for(JobOver)
            ends.append(Finished(watched.reports).result.is_normal)
            for server in runner._starter._pool._servers.values():
                os.kill(server.pid, 9)
        warmth = runner.warmth()
    finally:
        runner.close()

    assert ends == [True, True, True]
    assert warmth.jobs == 3


def test_a_runner_that_closes_at_once_leaves_no_server(project: Project) -> None:
    runner = AnsibleRunner(spool_root=project.spool_root, clock=clock)
    runner.expect(project_root=str(project.root), environment={})

    runner.close()
    runner.expect(project_root=str(project.root), environment={})

    assert children_of_this_process() == []


def children_of_this_process() -> list[str]:
    """Return the command lines of warm servers that this process has started."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            command = (folder / "cmdline").read_text()
        except (OSError, ValueError):
            continue
        if parent == os.getpid() and "warm.server" in command:
            found.append(command)
    return found
