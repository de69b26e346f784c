import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jobnet.errors.execution import SettingsUnreadable, WorldWritableProject
from jobnet.execution import settings as settings_module
from jobnet.execution.environment import job_environment, project_environment
from jobnet.execution.settings import ProjectSettings, SettingsReader, ansible_program
from jobnet.execution.spool import Spool

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
VARIANTS = {
    "empty": ("", {}),
    "only defaults": ("[defaults]\nforks = 3\n", {}),
    "relative paths": ("[defaults]\ninventory = a.ini,b\ncallback_plugins = ./x:../y\n", {}),
    "variables and home": (
        "[defaults]\ninventory = ~/h\ncallback_plugins = $HOME/x:{{CWD}}/y\n",
        {},
    ),
    "quotes": ("[defaults]\nstdout_callback = 'minimal'\ninventory = \"h1,h2,\"\n", {}),
    "a home of its own": ("[defaults]\nhome = /srv/ansible\n", {}),
    "a home in the environment": ("", {"ANSIBLE_HOME": "/srv/other"}),
    "the environment beats the file": (
        "[defaults]\nstdout_callback = minimal\n",
        {"ANSIBLE_STDOUT_CALLBACK": "oneline", "ANSIBLE_INVENTORY": "x/hosts"},
    ),
    "empty variables": ("", {"ANSIBLE_STDOUT_CALLBACK": "", "ANSIBLE_INVENTORY": ""}),
    "pipelining of all": ("[defaults]\npipelining = no\n", {}),
    "pipelining of connections": ("[connection]\npipelining: True\n", {}),
    "pipelining of ssh": ("[ssh_connection]\npipelining=1\n", {}),
    "pipelining by a variable": ("", {"ANSIBLE_PIPELINING": "0"}),
    "a log": ("[defaults]\nlog_path = ./logs/ansible.log\n", {}),
    "verbose": ("[defaults]\nverbosity = 3\n", {"ANSIBLE_VERBOSITY": "4"}),
    "comments and odd letters": ("# pipelining\n[defaults]\ninventory = h\u00e4user.ini ; x\n", {}),
    "percent signs": ("[defaults]\ninventory = 50%/hosts\nlog_path = %(x)s\n", {}),
    "no file": (None, {}),
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


@pytest.mark.parametrize("name", VARIANTS)
def test_the_light_program_says_what_ansible_config_says(project: Project, name: str) -> None:
    text, variables = VARIANTS[name]
    (project.root / "ansible.cfg").unlink()
    if text is not None:
        project.file("ansible.cfg", text)
    environment = project_environment(os.environ, variables, project.root)

    light = SettingsReader().read(project.root, environment)
    dumped = settings_module._read_with_ansible_config(project.root, environment)

    assert light == dumped


def test_the_light_program_is_what_answers(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> ProjectSettings:
        raise AssertionError

    monkeypatch.setattr(settings_module, "_read_with_ansible_config", refuse)
    environment = project_environment(os.environ, {}, project.root)

    assert SettingsReader().read(project.root, environment).inventory


def test_a_home_of_its_own_has_its_own_callbacks(project: Project) -> None:
    project.file("ansible.cfg", "[defaults]\nhome = ./mine\n")
    environment = project_environment(os.environ, {}, project.root)
    environment.pop("ANSIBLE_HOME", None)

    folders = SettingsReader().read(project.root, environment).callback_folders

    assert folders[0] == f"{project.root}/mine/plugins/callback"


@pytest.mark.parametrize(
    ("text", "variables", "says"),
    [
        ("[defaults]\nforks = 3\n", {}, False),
        ("[defaults]\n;pipelining = False\n# pipelining = True\n", {}, False),
        ("[defaults]\npipelining = False\n", {}, True),
        ("[connection]\n  pipelining: no\n", {}, True),
        ("[ssh_connection]\nPipelining=False\n", {}, True),
        ("", {"ANSIBLE_PIPELINING": ""}, True),
        ("", {"ANSIBLE_SSH_PIPELINING": "no"}, True),
    ],
)
def test_a_word_of_the_project_about_pipelining_is_the_last(
    project: Project, text: str, variables: dict[str, str], *, says: bool
) -> None:
    project.file("ansible.cfg", text)
    environment = project_environment(os.environ, variables, project.root)
    settings = SettingsReader().read(project.root, environment)

    inside = job_environment(environment, settings, Spool(folder=project.spool_root))

    outside = {**environment, "ANSIBLE_PIPELINING": "True"}
    assert settings.says_pipelining is says
    assert inside.get("ANSIBLE_PIPELINING") == (environment if says else outside).get(
        "ANSIBLE_PIPELINING"
    )


def test_pipelining_is_on_inside_a_job_where_nobody_says_anything(project: Project) -> None:
    program = ansible_program("ansible-config")
    tasks = f"- command: {program} dump --format json\n  register: dump"

    finished = run_all(project, {"job": project.play(tasks)})["job"]

    inside = settings_of(finished.result.outputs["dump"]["stdout"])  # type: ignore[index]
    outside = settings_of(dump_outside(project))
    assert (inside["ANSIBLE_PIPELINING"], outside["ANSIBLE_PIPELINING"]) == (True, False)


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
