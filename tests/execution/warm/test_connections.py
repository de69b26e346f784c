"""Jobs on an SSH host, cold and warm, with the control sockets of each job's own."""

from pathlib import Path

import pytest
from jobnet.execution.processes import program_of

from tests.execution.building import Project
from tests.execution.ssh_host import SshHost, ssh_host
from tests.execution.warm.differential import Both, Jobs, both

pytestmark = pytest.mark.parts

TASKS = """
- command: echo there
- copy: {content: over ssh, dest: "{{ playbook_dir }}/../copied"}
- raw: echo raw
- shell: exit 6
"""


def jobs_on(host: SshHost, project: Project) -> Jobs:
    known = project.file("known_hosts", host.known())
    project.file("known.ini", host.line("far", known))
    project.file("strange.ini", host.line("far", project.root / "none"))
    for number, name in enumerate(("known", "strange", "known")):
        inventory = (str(project.root / f"{name}.ini"),)
        yield project.play(TASKS, hosts="far", part=f"{name}{number}", inventory=inventory)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Both:
    folder = tmp_path_factory.mktemp("connections")
    with ssh_host(folder) as host:
        return both(folder, lambda project: jobs_on(host, project))


def test_jobs_over_ssh_are_the_same_cold_and_warm(ran: Both) -> None:
    for number in range(len(ran.cold.jobs)):
        ran.assert_same(number)
    ran.assert_all_warm()


def test_no_ssh_master_is_left_of_a_warm_job(ran: Both) -> None:
    sockets = str(ran.warm.project.spool_root)
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]

    assert [job.result.exit_code for job in ran.warm.jobs][:1] == [6]
    assert not [pid for pid in pids if "ssh" in program_of(pid) and sockets in program_of(pid)]
