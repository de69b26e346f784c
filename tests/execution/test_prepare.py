import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from jobnet.errors.execution import AttemptAlreadyStarted, PathNotFound, VariableNameRefused
from jobnet.execution.host_limit import limit_argument
from jobnet.execution.manifest import Manifest
from jobnet.execution.play_text import is_single_task, play_yaml
from jobnet.execution.prepare import PreparedJob, prepare
from jobnet.execution.settings import ProjectSettings, SettingsReader
from jobnet.execution.spool import MANIFEST
from jobnet.ids import HostName
from jobnet.ports.jobs import JobOrder, PlaybookFile, PlayText

from tests.execution.building import Project, run_all


class PlainSettings(SettingsReader):
    """A project whose ansible.cfg says nothing; reading the real one takes half a second."""

    def read(self, project_root: Path, environment: object) -> ProjectSettings:
        return ProjectSettings(
            config_file=None,
            inventory=("/cfg/hosts",),
            stdout_callback=None,
            callback_folders=("/callbacks",),
            has_own_control_path=False,
            says_pipelining=False,
            log_path=None,
        )


def prepared(project: Project, order: JobOrder) -> PreparedJob:
    return prepare(order, project.spool_root / "r" / "p.1", PlainSettings())


def test_a_playbook_runs_as_it_is_with_its_options(project: Project) -> None:
    content = PlaybookFile(
        path="/p/play.yml",
        limit="web",
        tags=("a", "b"),
        skip_tags=("c",),
        extra_vars="x: 1\n",
        become=True,
        become_user="db",
        become_method="su",
        forks=3,
    )

    job = prepared(project, project.order(content, check=True, diff=True))

    assert job.manifest.arguments == (
        "--limit=web",
        "--tags=a,b",
        "--skip-tags=c",
        "-e",
        f"@{job.spool.folder}/extra_vars.yml",
        "--become",
        "--become-user=db",
        "--become-method=su",
        "--forks=3",
        "--check",
        "--diff",
        "/p/play.yml",
    )
    assert job.spool["extra_vars.yml"].read_text() == "x: 1\n"


def test_become_off_and_flags_go_by_the_environment(project: Project) -> None:
    content = PlaybookFile(path="/p/play.yml", become=False, become_flags="-H")

    job = prepared(project, project.order(content))

    assert job.environment["ANSIBLE_BECOME"] == "False"
    assert job.environment["ANSIBLE_BECOME_FLAGS"] == "-H"


def test_no_value_of_a_run_is_on_the_command_line(project: Project) -> None:
    secret = "planted"
    content = PlaybookFile(path="/p/play.yml", extra_vars=f"x: {secret}\n")
    order = project.order(
        content,
        handed_over={"params": {"x": secret}},
        host_vars={HostName("h1"): {"x": secret}},
        environment={"X": secret},
    )

    job = prepared(project, order)

    assert secret not in " ".join(job.manifest.arguments)
    assert secret not in job.spool[MANIFEST].read_text()


def test_the_spool_is_closed_to_others(project: Project) -> None:
    job = prepared(project, project.play("- debug:"))

    assert stat.S_IMODE(job.spool.folder.stat().st_mode) == 0o700


def test_the_inventory_of_the_configuration_is_passed_on_beside_ours(project: Project) -> None:
    order = project.playbook("[]", handed_over={"params": {}})

    arguments = prepared(project, order).manifest.arguments

    inventories = [a for a in arguments if a.startswith("--inventory=")]
    assert inventories[0].endswith("/inventory/jobnet.yml")
    assert inventories[1:] == ["--inventory=/cfg/hosts"]


def test_without_values_of_a_run_ansible_decides_the_inventory(project: Project) -> None:
    arguments = prepared(project, project.playbook("[]")).manifest.arguments

    assert not [a for a in arguments if a.startswith("--inventory=")]


def test_a_list_of_hosts_is_no_path(project: Project) -> None:
    arguments = prepared(project, project.play("- debug:", inventory=("a,b,",))).manifest.arguments

    assert arguments[0] == "--inventory=a,b,"


def test_a_spool_in_the_way_refuses_the_attempt(project: Project) -> None:
    order = project.play("- debug:")
    prepared(project, order)

    with pytest.raises(AttemptAlreadyStarted, match="start a new attempt"):
        prepared(project, order)


def test_a_missing_project_is_refused(project: Project) -> None:
    order = replace(project.play("- debug:"), project_root="/nope")

    with pytest.raises(PathNotFound, match="/nope"):
        prepared(project, order)


def test_a_name_that_could_break_out_of_the_text_is_refused(project: Project) -> None:
    order = project.play("- debug:", handed_over={"x: 1\n  tasks": 1})

    with pytest.raises(VariableNameRefused):
        prepared(project, order)


def test_the_manifest_survives_its_text(project: Project) -> None:
    job = prepared(project, project.play("- debug:"))

    assert Manifest.from_text(job.spool[MANIFEST].read_text()) == job.manifest
    assert json.loads(job.spool[MANIFEST].read_text())["pattern"] == "h1"


def test_the_locale_is_corrected_only_where_ansible_would_refuse(project: Project) -> None:
    refused = project.play("- debug:", environment={"LC_ALL": "C"})
    accepted = project.play("- debug:", part="b", environment={"LC_ALL": "de_DE.UTF-8"})

    first = prepared(project, refused).environment
    second = prepare(accepted, project.spool_root / "r" / "b.1", PlainSettings()).environment

    assert (first["LC_ALL"], second["LC_ALL"]) == ("C.UTF-8", "de_DE.UTF-8")


def test_a_deep_spool_leaves_ssh_its_own_sockets(project: Project) -> None:
    deep = project.spool_root / ("x" * 90) / "p.1"

    job = prepare(project.play("- debug:"), deep, PlainSettings())

    assert "ANSIBLE_SSH_CONTROL_PATH_DIR" not in job.environment


def test_the_text_of_the_author_is_kept_to_the_letter() -> None:
    keywords = (
        "tasks:\n- copy:\n    mode: 0644\n    content: |\n      a\n\n      b\n"
        "    x: !vault |\n      $A\n"
    )
    play = PlayText(name="n", hosts="all", keywords=keywords, variables="own: yes\n")

    text = play_yaml(play, {"own": 1, "given": 2})

    assert text.splitlines()[:5] == [
        '- name: "n"',
        '  hosts: "all"',
        "  vars:",
        "    given: 2",
        "    own: yes",
    ]
    assert "      mode: 0644\n      content: |\n        a\n\n        b\n" in text


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ("tasks:\n- command: x\n", True),
        ("become: true\ntasks:\n- {name: n, command: x}\n", True),
        ("tasks:\n- command: x\n- command: y\n", False),
        ("tasks:\n- block: [{command: x}]\n", False),
        ("tasks:\n- ansible.builtin.include_role: {name: x}\n", False),
        ("tasks:\n- command: x\nroles: [y]\n", False),
        ("roles: [x]\n", False),
        ("tasks: [\n", False),
        ("- 1\n", False),
    ],
)
def test_only_one_plain_task_is_a_single_task(keywords: str, *, expected: bool) -> None:
    assert is_single_task(PlayText(name="n", hosts="h", keywords=keywords)) is expected


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (None, "@FILE"),
        ("web", "web,@FILE"),
        ("web:&prod", "web,&prod,@FILE"),
        ("a, b[1]", "a,b[1],@FILE"),
        ("b[1:3]:c", "b[1:3],c,@FILE"),
        ("fe80::1", "fe80::1,@FILE"),
    ],
)
def test_a_limit_is_narrowed_and_never_widened(
    tmp_path: Path, limit: str | None, expected: str
) -> None:
    file = tmp_path / "only"

    argument = limit_argument(limit, (HostName("h1"), HostName("a.b-c")), file)

    assert argument == expected.replace("FILE", str(file))
    assert file.read_text() == "&~^(h1|a\\U0000002eb\\U0000002dc)$"


def test_without_hosts_to_repeat_the_limit_stays(tmp_path: Path) -> None:
    assert limit_argument("web", (), tmp_path / "only") == "web"
    assert limit_argument(None, (), tmp_path / "only") is None
    assert os.listdir(tmp_path) == []  # noqa: PTH208


@pytest.mark.parts
def test_a_retry_runs_on_the_failed_hosts_only(shared_project: Project) -> None:
    project = shared_project
    plays = "- hosts: all\n  gather_facts: false\n  tasks: [{debug: }]\n"
    only = (HostName("h2"), HostName("gone"))
    orders = {
        "playbook": project.playbook(plays, limit="h1:h2", part="a", only_hosts=only),
        "play": project.play("- debug:", hosts="all", part="b", only_hosts=only),
        "outside": project.playbook(plays, limit="h1", part="c", only_hosts=only),
    }

    ends = run_all(project, orders)

    assert list(ends["playbook"].result.hosts) == ["h2"]
    assert list(ends["play"].result.hosts) == ["h2"]
    assert "no host matched h1 (only h2, gone)" in ends["outside"].result.message
