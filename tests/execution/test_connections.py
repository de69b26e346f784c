"""Jobs of one run use one another's SSH connections, and nobody else does."""

# ruff: noqa: ANN401 - an order has many fields

import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jobnet.engine.results import JobEnd
from jobnet.execution.connections import Connections
from jobnet.execution.environment import fits_a_socket
from jobnet.execution.masters import SHARED_SOCKETS, masters, without_masters
from jobnet.execution.processes import every_process, program_of
from jobnet.execution.runner import AnsibleRunner
from jobnet.ids import HostName, RunId
from jobnet.ports.jobs import JobOrder, JobOver

from tests.execution.building import END_SECONDS, Finished, Project, Watched, running
from tests.execution.conftest import make_project
from tests.execution.ssh_host import ssh_host

TASK = "- command: id"


@dataclass(frozen=True)
class Far:
    """A project whose only host is reached over SSH."""

    project: Project
    inventory: str

    def order(self, part: str, tasks: str = TASK, **fields: Any) -> JobOrder:
        """Return an order for the far host."""
        given = {"inventory": (self.inventory,), "part": part, **fields}
        return self.project.play(tasks, hosts="far", **given)


@pytest.fixture
def far() -> Iterator[Far]:
    # Spools so near the root that sockets can lie beside them, as they mostly do.
    with tempfile.TemporaryDirectory() as name, ssh_host(Path(name)) as host:
        project = make_project(Path(name))
        known = project.file("known_hosts", host.known())
        project.file("far.ini", host.line("far", known))
        yield Far(project, str(project.root / "far.ini"))


def run_well(runner: AnsibleRunner, order: JobOrder) -> None:
    """Run a job that has to succeed."""
    watched = Watched()
    runner.start(order, watched)
    watched.wait_for(JobOver)
    result = Finished(watched.reports).result
    assert (result.end, result.exit_code) == (JobEnd.ENDED, 0), result.message


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for a condition, and fail when it does not come."""
    deadline = time.monotonic() + END_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def kept_by(project: Project) -> list[str]:
    """Return the titles of the processes that hold a shared connection of this project."""
    folder = str(project.spool_root / SHARED_SOCKETS)
    return [t for p in masters(every_process()) if folder in (t := program_of(p))]


@pytest.mark.parts
def test_the_parts_of_a_run_use_one_connection_and_others_do_not(far: Far) -> None:
    opened = []
    with running(far.project) as runner:
        for order in (
            far.order("a"),
            far.order("b"),
            far.order("c", run=RunId("run-2")),
            far.order("d", environment={"TOKEN": "x"}),
            far.order("e"),
        ):
            run_well(runner, order)
            opened.append(len(kept_by(far.project)))

    assert opened == [1, 1, 2, 3, 3]
    assert kept_by(far.project) == []
    assert list((far.project.spool_root / SHARED_SOCKETS).iterdir()) == []


@pytest.mark.parts
def test_a_killed_job_does_not_cut_the_connection_under_another(far: Far) -> None:
    released = far.project.root / "released"
    waiting = (
        f"{TASK}\n- debug: {{msg: went}}\n- shell: while [ ! -e {released} ]; do sleep 0.05; done"
    )
    with running(far.project) as runner:
        opener, user = Watched(), Watched()
        runner.start(far.order("opener", waiting), opener)
        opener.wait_for_text("went")
        runner.start(far.order("user", waiting), user)
        user.wait_for_text("went")
        held = kept_by(far.project)

        runner.kill(run=RunId("run-1"), part=far.order("opener").part, attempt=1)
        opener.wait_for(JobOver)
        released.touch()
        user.wait_for(JobOver)

    assert len(held) == 1
    assert Finished(opener.reports).result.end is JobEnd.KILLED
    result = Finished(user.reports).result
    assert (result.end, result.exit_code) == (JobEnd.ENDED, 0), result.message


@pytest.fixture
def near(tmp_path: Path) -> Far:
    project = make_project(tmp_path)
    return Far(project, str(project.root / "hosts.ini"))


def test_equal_jobs_of_a_run_share_a_folder(near: Far, tmp_path: Path) -> None:
    connections = Connections(tmp_path)

    found = {
        connections.folder_of(near.order(part, tasks), {"A": "b"})
        for part, tasks in [("one", "- ping:"), ("two", "- command: id")]
    }

    assert len(found) == 1


def test_what_could_bring_a_credential_makes_a_folder_of_its_own(near: Far, tmp_path: Path) -> None:
    connections, environment = Connections(tmp_path), {"A": "b"}
    login = "- {ping: , vars: {ansible_ssh_private_key_file: /other}}"
    orders = [
        near.order("plain"),
        near.order("vars", login),
        near.order("role", "- include_role: {name: x}"),
        near.order("run", run=RunId("run-2")),
        near.order("data", handed_over={"params": {"password": "x"}}),
        near.order("loop", handed_over={"item": "x"}),
        near.order("host", host_vars={HostName("far"): {"ansible_password": "x"}}),
        near.order("inventory", inventory=("far,",)),
        near.project.playbook("- hosts: far\n", part="playbook"),
    ]

    found = [connections.folder_of(order, environment) for order in orders]
    found.append(connections.folder_of(orders[0], {"A": "c"}))
    found.append(Connections(tmp_path).folder_of(orders[0], environment))

    assert len(set(found)) == len(orders) + 2


def test_sockets_lie_beside_the_spools_or_where_there_is_room(near: Far, tmp_path: Path) -> None:
    far_away = tmp_path / ("x" * 80)
    far_away.mkdir()

    for root in (Path("/spools"), far_away):
        connections = Connections(root)
        folder = connections.folder_of(near.order("a"), {})

        assert fits_a_socket(folder)
        assert folder.parent.name == SHARED_SOCKETS
        assert (folder.parent.parent == root) is (root != far_away)
        connections.close()
        assert not folder.parent.exists()


def test_what_other_parts_gave_keeps_the_folder(near: Far, tmp_path: Path) -> None:
    connections = Connections(tmp_path)
    earlier, later = ({"parts": {"a": n}, "params": {}} for n in (1, 2))

    found = {connections.folder_of(near.order("a", handed_over=d), {}) for d in (earlier, later)}

    assert len(found) == 1


def test_a_process_that_only_looks_like_a_master_is_none() -> None:
    title = f"ssh: /x/{SHARED_SOCKETS}/y [mux]"
    command = ["bash", "-c", f"exec -a '{title}' sleep 60"]
    with subprocess.Popen(command, executable="/bin/bash") as process:
        wait_until(lambda: title in program_of(process.pid))

        found = masters([process.pid]), without_masters([process.pid])

        process.kill()
    assert found == ([], [process.pid])
