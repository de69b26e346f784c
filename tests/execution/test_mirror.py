import os
from pathlib import Path

import pytest
from jobnet.errors.execution import FolderTooFull, PathNotFound
from jobnet.execution import mirror as mirror_module
from jobnet.execution.mirror import free_name, mirror

from tests.execution.building import Project, run_all

TASKS = """
- include_tasks: more.yml
- include_tasks: tasks/deep.yml
- template: {src: greeting.j2, dest: "DEST/greeting"}
- copy: {src: plain.txt, dest: "DEST/plain"}
- copy: {src: ../../shared/common.txt, dest: "DEST/common"}
- script: {cmd: run.sh}
  register: script
- include_role: {name: mine}
- my_module: {}
  register: module
- debug: {msg: "{{ 'x' | my_filter }} {{ from_vars_file }} {{ from_group }} {{ from_host }}"}
  register: seen
- set_stats:
    data:
      seen: "{{ seen.msg }}"
      module: "{{ module.said }}"
      script: "{{ script.stdout }}"
      file: "{{ lookup('file', 'plain.txt') }}"
      role: "{{ role_was_here }}"
      beside: "{{ (playbook_dir + '/files/plain.txt') is exists }}"
"""
FILES = {
    "more.yml": "- debug: {msg: included}\n",
    "tasks/deep.yml": "- include_tasks: deeper.yml\n",
    "tasks/deeper.yml": "- debug: {msg: deeper}\n",
    "templates/greeting.j2": "Hello {{ inventory_hostname }}\n",
    "files/plain.txt": "plain",
    "files/run.sh": "#!/bin/sh\necho script\n",
    "roles/mine/tasks/main.yml": "- set_fact: {role_was_here: true}\n",
    "library/my_module.py": (
        "from ansible.module_utils.basic import AnsibleModule\n"
        "AnsibleModule(argument_spec={}).exit_json(said='module')\n"
    ),
    "filter_plugins/mine.py": (
        "class FilterModule:\n    def filters(self):\n"
        "        return {'my_filter': lambda text: text + '-filtered'}\n"
    ),
    "vars/file.yml": "from_vars_file: vars-file\n",
    "group_vars/all.yml": "from_group: group\n",
    "host_vars/h1.yml": "from_host: host\n",
}


@pytest.mark.parts
def test_relative_paths_mean_what_they_mean_beside_the_network(project: Project) -> None:
    folder = project.root / "networks" / "night"
    for name, text in FILES.items():
        project.file(f"networks/night/{name}", text)
    project.file("shared/common.txt", "common")
    destination = project.root.parent / "written"
    destination.mkdir()
    order = project.play(
        TASKS.replace("DEST", str(destination)),
        more="vars_files: [vars/file.yml]\n",
        network_folder=str(folder),
    )

    result = run_all(project, {"job": order})["job"].result

    assert result.is_normal, result.message
    assert result.outputs["seen"] == "x-filtered vars-file group host"
    assert (result.outputs["module"], result.outputs["file"]) == ("module", "plain")
    assert str(result.outputs["script"]).strip() == "script"
    assert (result.outputs["role"], result.outputs["beside"]) == (True, True)
    assert sorted(path.name for path in destination.iterdir()) == ["common", "greeting", "plain"]


def test_every_level_down_to_the_network_is_mirrored(tmp_path: Path) -> None:
    root = tmp_path / "root"
    for name in ("a/b/inner.txt", "a/beside.txt", "top.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)

    folder = mirror(project_root=root, network_folder=root / "a" / "b", into=tmp_path / "m")

    assert folder == tmp_path / "m" / "a" / "b"
    assert (folder / "inner.txt").read_text() == "a/b/inner.txt"
    assert (folder / "../beside.txt").read_text() == "a/beside.txt"
    assert (folder / "../../top.txt").read_text() == "top.txt"


def test_a_network_outside_of_the_project_is_mirrored_alone(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x").write_text("x")

    folder = mirror(
        project_root=tmp_path / "root", network_folder=tmp_path / "other", into=tmp_path / "m"
    )

    assert os.listdir(folder) == ["x"]  # noqa: PTH208


def test_our_own_file_never_takes_the_name_of_an_entry(tmp_path: Path) -> None:
    (tmp_path / "play.yml").symlink_to("nowhere")

    assert free_name(tmp_path, "play.yml") == "2-play.yml"
    assert free_name(tmp_path, "other.yml") == "other.yml"


def test_a_folder_with_too_many_entries_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror_module, "MIRRORED_ENTRIES_MAX", 2)
    root = tmp_path / "root"
    for name in "abc":
        (root / name).mkdir(parents=True)

    with pytest.raises(FolderTooFull, match="more than 2 entries"):
        mirror(
            project_root=tmp_path / "root", network_folder=tmp_path / "root", into=tmp_path / "m"
        )


def test_a_missing_network_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PathNotFound, match="network's folder"):
        mirror(project_root=tmp_path, network_folder=tmp_path / "gone", into=tmp_path / "m")
