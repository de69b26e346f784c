"""Playbooks and settings that would wait for a keyboard are told at their own place."""

from pathlib import Path

import pytest
from jobnet.project import lint, read_file

PROMPT = "vars_prompt: [{name: a}]"


def told(folder: Path, playbook: str, *, part: str = "playbook: p.yml") -> list[tuple[str, str]]:
    (folder / "ansible.cfg").touch()
    (folder / "p.yml").write_text(playbook)
    network = f"kind: network\nname: net\nhosts: web\nflow: [{{{part}}}]\n"
    (folder / "net.yml").write_text(network)
    found = lint(read_file(folder / "net.yml"))
    return [(one.code, f"{Path(one.position.file).name}:{one.position.line}") for one in found]


@pytest.mark.parametrize(
    ("playbook", "expected"),
    [
        (f"- hosts: web\n  {PROMPT}\n", [("vars_prompt", "p.yml:2")]),
        ("- hosts: web\n  tasks:\n  - pause:\n", [("prompt", "p.yml:3")]),
        ("- hosts: web\n  tasks:\n  - pause: {minutes: 1}\n", []),
        ("- hosts: web\n  tasks:\n  - block:\n    - {ping: , debugger: always}\n",
         [("debugger", "p.yml:4")]),
        ("- hosts: web\n  tasks:\n  - {ping: , async: 9, poll: 0}\n",
         [("async_without_poll", "p.yml:3")]),
        ("- hosts: web\n  tasks:\n  - {ping: , async: 9}\n", []),
        ("{{ no list", []),
        ("- 5\n- [a]\n- hosts: web\n  tasks: x\n", []),
    ],
)  # fmt: skip
def test_what_waits_for_a_keyboard_in_a_playbook_is_told(
    tmp_path: Path, playbook: str, expected: list[tuple[str, str]]
) -> None:
    assert told(tmp_path, playbook) == expected


def test_imported_files_are_looked_through_once(tmp_path: Path) -> None:
    (tmp_path / "t.yml").write_text("- pause:\n- import_tasks: t.yml\n- import_tasks: gone.yml\n")

    found = told(tmp_path, "- hosts: w\n  tasks: [{import_tasks: t.yml}, {include_tasks: t.yml}]\n")

    assert found == [("prompt", "t.yml:1")]


def test_a_prompt_that_the_part_answers_is_none(tmp_path: Path) -> None:
    playbook = f"- hosts: web\n  {PROMPT}\n"

    assert not told(tmp_path, playbook, part="playbook: p.yml, vars: {a: 1}")
    assert told(tmp_path, playbook, part="playbook: p.yml, vars: {b: 1}")


def test_a_playbook_of_which_one_prompt_is_answered_still_asks(tmp_path: Path) -> None:
    playbook = "- hosts: web\n  vars_prompt: [{name: a}, {name: b}]\n"

    assert told(tmp_path, playbook, part="playbook: p.yml, vars: {a: 1}")


def test_a_setting_that_asks_for_a_password_is_told(tmp_path: Path) -> None:
    told(tmp_path, "[]")
    (tmp_path / "ansible.cfg").write_text("[privilege_escalation]\nbecome_ask_pass = True\n")

    (found,) = lint(read_file(tmp_path / "net.yml"))

    assert (found.code, Path(found.position.file).name) == ("prompt", "ansible.cfg")


@pytest.mark.parametrize("text", ["no section\n", "[defaults\n", "[defaults]\nask_pass = %(x)s\n"])
def test_settings_that_cannot_be_read_are_left_to_ansible(tmp_path: Path, text: str) -> None:
    told(tmp_path, "[]")
    (tmp_path / "ansible.cfg").write_text(text)

    assert not lint(read_file(tmp_path / "net.yml"))
