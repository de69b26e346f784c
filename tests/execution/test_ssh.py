"""Jobs on a real SSH host: host keys, connections, and what they leave behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jobnet.engine.results import HostState, JobEnd
from jobnet.execution.processes import program_of
from jobnet.ids import HostName

from tests.execution.building import PYTHON, Finished, Project, run_all
from tests.execution.conftest import make_project
from tests.execution.ssh_host import ssh_host

pytestmark = pytest.mark.parts

FAR = HostName("far")
TASKS = """
- command: sh -c 'echo "$SSH_CONNECTION-ran"'
  register: said
- copy: {content: over ssh, dest: "DEST"}
- command: ls {{ lookup('env', 'ANSIBLE_SSH_CONTROL_PATH_DIR') }}
  delegate_to: localhost
  vars: {ansible_connection: local, ansible_python_interpreter: PYTHON}
  register: sockets
- shell: exit 6
"""


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Finished]]]:
    folder = tmp_path_factory.mktemp("ssh")
    project = make_project(folder)
    with ssh_host(folder) as host:
        known = project.file("known_hosts", host.known())
        other = project.file("other_hosts", host.known().replace("AAAAC3", "AAAAC4"))
        project.file("known.ini", host.line("far", known))
        project.file("strange.ini", host.line("far", folder / "none"))
        project.file("changed.ini", host.line("far", other))
        tasks = TASKS.replace("DEST", str(folder / "copied")).replace("PYTHON", PYTHON)
        orders = {
            name: project.play(tasks, hosts="far", part=name, inventory=(inventory(project, name),))
            for name in ("known", "strange", "changed")
        }
        yield folder, run_all(project, orders)


def inventory(project: Project, name: str) -> str:
    return str(project.root / f"{name}.ini")


def test_a_job_runs_on_a_host_over_ssh(ends: tuple[Path, dict[str, Finished]]) -> None:
    folder, finished = ends

    result = finished["known"].result

    assert (result.end, result.exit_code, result.is_normal) == (JobEnd.ENDED, 6, False)
    assert result.hosts[FAR].state is HostState.FAILED
    assert str(result.outputs["said"]["stdout"]).endswith("-ran")  # type: ignore[index]
    assert (folder / "copied").read_text() == "over ssh"


def test_all_tasks_of_a_job_share_one_connection_of_its_own(
    ends: tuple[Path, dict[str, Finished]],
) -> None:
    _, finished = ends

    sockets = finished["known"].result.outputs["sockets"]["stdout_lines"]  # type: ignore[index]

    assert len(sockets) == 1


@pytest.mark.parametrize("name", ["strange", "changed"])
def test_a_host_key_nobody_knows_is_no_question_but_unreachable(
    ends: tuple[Path, dict[str, Finished]], name: str
) -> None:
    _, finished = ends

    result = finished[name].result

    assert result.hosts[FAR].state is HostState.UNREACHABLE
    assert result.exit_code == 4
    assert "Host key verification failed" in result.message


def test_no_connection_outlives_its_job(ends: tuple[Path, dict[str, Finished]]) -> None:
    folder, _ = ends
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]

    left = [program for pid in pids if str(folder) in (program := program_of(pid))]

    assert [program for program in left if "ssh" in program.split(" ")[0]] == []
