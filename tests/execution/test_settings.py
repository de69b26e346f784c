import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jobnet.errors.execution import SettingsUnreadable, WorldWritableProject
from jobnet.execution.environment import project_environment
from jobnet.execution.settings import SettingsReader, ansible_program

from tests.execution.building import Finished, Project, run_all

CONFIGURATION = """
[defaults]
inventory = hosts.ini
host_key_checking = True
stdout_callback = ansible.builtin.minimal
callback_plugins = ./my_callbacks
callbacks_enabled = mine
fact_caching = jsonfile
fact_caching_connection = ./facts
retry_files_enabled = True
timeout = 33
forks = 7
[ssh_connection]
pipelining = True
"""
# What a job must have of its own, with the reason in environment.py and supervise.py.
OF_THE_JOB = {
    "CONFIG_FILE",
    "DEFAULT_LOCAL_TMP",  # another one in each process
    "SHOW_CUSTOM_STATS",
    "ANSIBLE_SSH_CONTROL_PATH_DIR",
}
OWN_CALLBACK = """
from ansible.plugins.callback import CallbackBase
class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "mine"
    CALLBACK_NEEDS_ENABLED = True
    def v2_playbook_on_stats(self, stats):
        self._display.display("my own callback was here")
"""

pytestmark = pytest.mark.parts


@pytest.fixture(scope="module")
def configured(shared_project: Project) -> tuple[Project, Finished]:
    project = shared_project
    project.file("ansible.cfg", CONFIGURATION)
    project.file("my_callbacks/mine.py", OWN_CALLBACK)
    program = ansible_program("ansible-config")
    tasks = f"""
- command: {program} dump --format json
  register: dump
- copy: {{content: "{{{{ dump.stdout }}}}", dest: {project.root}/inside.json}}
- shell: echo $LC_ALL $LANG $ANSIBLE_CONFIG
  register: variables
- set_stats: {{data: {{folder: "{{{{ '/proc/self/cwd' | realpath }}}}"}}}}
"""
    environment = {"LC_ALL": "C", "LANG": "C"}
    order = project.play(tasks, environment=environment)
    return project, run_all(project, {"job": order})["job"]


def test_the_configuration_inside_a_job_is_that_outside(
    configured: tuple[Project, Finished],
) -> None:
    project, finished = configured
    assert finished.result.is_normal, finished.result.message

    inside = settings_of((project.root / "inside.json").read_text())
    outside = settings_of(dump_outside(project))

    differing = {name for name in inside | outside if inside.get(name) != outside.get(name)}
    assert differing <= OF_THE_JOB
    assert inside["HOST_KEY_CHECKING"] is True
    assert inside["CACHE_PLUGIN"] == "jsonfile"
    assert inside["RETRY_FILES_ENABLED"] is True


def test_the_projects_callbacks_run_beside_ours(configured: tuple[Project, Finished]) -> None:
    _, finished = configured

    assert "my own callback was here" in finished.output


def test_the_projects_own_stdout_callback_writes_the_output(
    configured: tuple[Project, Finished],
) -> None:
    _, finished = configured

    assert "h1 | CHANGED | rc=0 >>" in finished.output
    assert "TASK [" not in finished.output


def test_the_job_runs_in_the_project_root_in_utf8(configured: tuple[Project, Finished]) -> None:
    project, finished = configured

    said = finished.result.outputs["variables"]

    assert isinstance(said, dict)
    assert said["stdout"].split() == [
        "C.UTF-8",
        "C",
        f"{project.root}/ansible.cfg",
    ]
    assert finished.result.outputs["folder"] == str(project.root)


def test_an_ansible_inside_a_job_is_no_part_of_it(project: Project) -> None:
    nested = project.file("nested.yml", "- hosts: h2\n  tasks: [{fail: }]\n  gather_facts: no\n")
    program = ansible_program("ansible-playbook")
    tasks = f"- command: {program} {nested}\n  register: nested\n  failed_when: false\n- debug:"

    result = run_all(project, {"job": project.play(tasks)})["job"].result

    assert result.is_normal, result.message
    assert list(result.hosts) == ["h1"]
    assert result.outputs["nested"]["rc"] == 2  # type: ignore[index]
    assert "failed=1" in result.outputs["nested"]["stdout"]  # type: ignore[index]


def test_nothing_is_written_into_the_project(project: Project) -> None:
    before = sorted(project.root.rglob("*"))

    run_all(project, {"job": project.play("- fail:")})

    assert sorted(project.root.rglob("*")) == before


def test_settings_are_read_again_when_the_file_has_changed(project: Project) -> None:
    reader = SettingsReader()
    environment = project_environment(os.environ, {}, project.root)
    first = reader.read(project.root, environment)
    path = project.file("ansible.cfg", "[defaults]\nstdout_callback = minimal\n")
    os.utime(path, ns=(1, 1))

    second = reader.read(project.root, environment)

    assert first.inventory == (str(project.root / "hosts.ini"),)
    assert (second.stdout_callback, second.inventory) == ("minimal", ())


def test_a_broken_configuration_is_refused_in_ansibles_words(project: Project) -> None:
    project.file("ansible.cfg", "[defaults\nforks = 1\n")
    environment = project_environment(os.environ, {}, project.root)

    with pytest.raises(SettingsUnreadable, match="ansible-config dump"):
        SettingsReader().read(project.root, environment)


def test_a_folder_that_everybody_may_write_is_refused(project: Project) -> None:
    project.root.chmod(0o757)

    with pytest.raises(WorldWritableProject, match="chmod o-w"):
        SettingsReader().read(project.root, {})


def dump_outside(project: Project) -> str:
    environment = {**os.environ, "ANSIBLE_CONFIG": str(project.root / "ansible.cfg")}
    done = subprocess.run(
        [ansible_program("ansible-config"), "dump", "--format", "json"],
        cwd=project.root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


def settings_of(text: str) -> dict[str, Any]:
    return {entry["name"]: entry["value"] for entry in json.loads(text) if "name" in entry}


def test_a_program_is_found_beside_this_python() -> None:
    assert Path(ansible_program("ansible-playbook")).is_file()
