"""A file that is one plain list is a network named after the file."""

from pathlib import Path
from typing import Any

import yaml
from jobnet.definition import Flow, PlaybookJob, PlayJob, UnitJob

from tests.project.written import read


def listed(folder: Path, text: str, *, hosts: str | None = None) -> Flow:
    reading = read(folder, text, hosts=hosts)
    assert not reading.problems, [str(one) for one in reading.problems]
    return next(iter(reading.networks.values())).flow


def plays(flow: Flow) -> list[tuple[str, Any]]:
    found = []
    for part in flow:
        assert isinstance(part.body, UnitJob)
        assert isinstance(part.body.content, PlayJob)
        assert part.body.content.hosts is not None
        assert part.body.keeps_host_vars
        content = part.body.content
        assert content.hosts is not None
        found.append((content.hosts.text, yaml.safe_load(content.keywords)))
    return found


def test_neighbours_with_equal_hosts_are_one_job(tmp_path: Path) -> None:
    text = """
        - {name: One, hosts: a, command: x, register: r}
        - {name: Two, hosts: a, debug: {var: r}}
        - {name: Three, hosts: b, block: [{debug: {}}], rescue: [{debug: {}}]}
        - {name: Four, hosts: a, debug: {}}
    """

    flow = listed(tmp_path, text)

    assert [part.id for part in flow] == ["one", "three", "four"]
    assert plays(flow) == [
        ("a", {"gather_facts": False, "tasks": [
            {"name": "One", "command": "x", "register": "r"},
            {"name": "Two", "debug": {"var": "r"}}]}),
        ("b", {"gather_facts": False, "tasks": [
            {"name": "Three", "block": [{"debug": {}}], "rescue": [{"debug": {}}]}]}),
        ("a", {"gather_facts": False, "tasks": [{"name": "Four", "debug": {}}]}),
    ]  # fmt: skip


def test_tasks_without_hosts_take_the_given_ones(tmp_path: Path) -> None:
    flow = listed(tmp_path, "- debug: {}\n- notify: tell\n  command: x\n", hosts="web:&x")

    assert [pattern for pattern, _ in plays(flow)] == ["web:&x"]


def test_tasks_without_any_hosts_are_told_once(tmp_path: Path) -> None:
    (problem,) = read(tmp_path, "- debug: {}\n- ping:\n").problems

    assert str(problem).endswith("Give --hosts PATTERN, or add `hosts` to each.")


def test_a_playbook_is_one_part_and_runs_as_it_is(tmp_path: Path) -> None:
    text = "- hosts: a\n  tasks: []\n- import_playbook: other.yml\n- {hosts: b, gather_facts: no}\n"

    (part,) = listed(tmp_path, text, hosts="a")

    assert isinstance(part.body, UnitJob)
    content = part.body.content
    assert isinstance(content, PlaybookJob)
    assert content.path == str(tmp_path / "net.yml")
    assert content.hosts is not None
    assert content.hosts.text == "a"


def test_plays_among_tasks_keep_their_own_defaults(tmp_path: Path) -> None:
    text = "- {hosts: a, debug: {}}\n- {hosts: b, roles: [x], vars: {y: 1}}\n"

    flow = listed(tmp_path, text)

    assert plays(flow)[1] == ("b", {"gather_facts": True, "roles": ["x"]})


def test_waits_and_dialogs_may_stand_among_tasks(tmp_path: Path) -> None:
    text = """
        - {hosts: a, debug: {}}
        - wait_for: 1s
        - wait_until: "23:00"
        - {hosts: a, wait_for: {port: 22}}
    """

    kinds = [type(part.body).__name__ for part in listed(tmp_path, text)]

    assert kinds == ["UnitJob", "WaitFor", "WaitUntil", "UnitJob"]


def test_a_list_of_anything_else_is_told(tmp_path: Path) -> None:
    assert [one.code for one in read(tmp_path, "- 1\n- [a]\n").problems] == ["no_part"]
    assert read(tmp_path, "[]\n").networks


def test_the_problems_of_tasks_are_told(tmp_path: Path) -> None:
    (problem,) = read(tmp_path, "- {hosts: a, debug: {}, debugger: always}\n").problems

    assert problem.code == "debugger"


def test_a_pattern_that_is_no_template_is_told(tmp_path: Path) -> None:
    assert read(tmp_path, "- debug: {}\n", hosts="{{ x").problems[0].code == "expression_refused"
    assert read(tmp_path, "- {hosts: '{{ x', debug: {}}\n").problems[0].path == "[0].hosts"
    (unknown,) = read(tmp_path, "- {hosts: '{{ groups.x }}', debug: {}}\n").problems
    assert unknown.code == "unknown_name"


def test_a_playbook_imported_among_tasks_is_told(tmp_path: Path) -> None:
    text = "- {name: x, hosts: a, ping: }\n- {import_playbook: other.yml, hosts: a}\n"

    found = read(tmp_path, text, name="list.yml").problems

    assert "import_playbook" in {one.code for one in found}
