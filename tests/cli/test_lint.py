"""`jobnet lint`: what only an inventory or Ansible can tell, and what each output looks like."""

import json
import os
import shutil
from pathlib import Path

import jsonschema
import pytest
from jobnet.cli.entry import run
from jobnet.cli.lint_command import github_line
from jobnet.definition import Position
from jobnet.project import Problem

from tests.cli.conftest import Place

JOB = "kind: network\nname: night\nflow: [{{id: a, hosts: {hosts}, ping: }}]\n"
WAITS = "kind: network\nname: night\nflow: [{wait_event: {name: go}}]\n"


@pytest.fixture
def here(place: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.chdir(place.project)
    return place


def codes(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    run(["lint", "-o", "json", *arguments])
    return [one["code"] for one in json.loads(capsys.readouterr().out)["problems"]]


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [
        ("h1", []),
        ("all", []),
        ("localhost", []),
        ("h2", ["no_host_matches"]),
        ("'h1:!h1'", ["no_host_matches"]),
        ("'{{ params.x }}'", []),
        ("h2, empty_hosts: ok", []),
    ],
)
def test_a_pattern_that_matches_no_host_is_told(
    here: Place, capsys: pytest.CaptureFixture[str], hosts: str, expected: list[str]
) -> None:
    head = "params: {x: {type: str}}\n" if "params" in hosts else ""
    here.network(JOB.format(hosts=hosts) + head)

    assert codes(capsys, "night.yml") == expected


@pytest.mark.parametrize(("hosts", "expected"), [("h1", []), ("h2", ["no_host_matches"])])
def test_hosts_whose_files_start_something_are_looked_up(
    here: Place, capsys: pytest.CaptureFixture[str], hosts: str, expected: list[str]
) -> None:
    start_on = f"start_on: {{file: {{hosts: {hosts}, path: /in/a}}}}\n"
    here.network(f"kind: network\nname: night\nflow: [{{wait_for: 1s}}]\n{start_on}")
    schedule = f"kind: schedule\nname: files\nnetworks: night\n{start_on}"
    (here.project / "files.yml").write_text(schedule)

    assert codes(capsys, "night.yml") == expected
    assert codes(capsys, "files.yml") == expected


def test_another_inventory_can_be_named(here: Place, capsys: pytest.CaptureFixture[str]) -> None:
    here.network(JOB.format(hosts="h2"))

    assert not codes(capsys, "-i", "h2,", "night.yml")
    assert codes(capsys, "-i", "h3,", "night.yml") == ["no_host_matches"]
    assert not codes(capsys, "--no-inventory", "night.yml")


def test_an_inventory_that_is_not_there_is_told_once(
    here: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    job = "{ping: , hosts: h1, inventory: gone.ini}"
    here.network(f"kind: network\nname: night\nflow: [{job}, {job}]\n")

    assert codes(capsys, "night.yml") == ["missing_inventory"]


def test_a_project_without_inventory_is_told_once(
    here: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    (here.project / "ansible.cfg").write_text("[defaults]\ninventory = nowhere.ini\n")
    here.network("kind: network\nname: night\nhosts: h1\nflow: [ping: , ping: ]\n")

    assert codes(capsys, "night.yml") == ["no_inventory"]


def test_an_inventory_program_is_asked_only_where_somebody_says_so(
    here: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    program = here.project / "hosts.ini"
    program.write_text('#!/bin/sh\necho ran >> ran.txt\necho \'{"all": {"hosts": ["h1"]}}\'\n')
    program.chmod(0o755)
    here.network(JOB.format(hosts="h2"))

    assert not codes(capsys, "night.yml")
    assert not (here.project / "ran.txt").exists()
    assert codes(capsys, "-i", "hosts.ini", "night.yml") == ["no_host_matches"]
    assert (here.project / "ran.txt").exists()


def test_an_inventory_of_a_plugin_is_not_asked_unasked(
    here: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    (here.project / "ansible.cfg").write_text("[defaults]\ninventory = aws_ec2.yml\n")
    (here.project / "aws_ec2.yml").write_text("plugin: amazon.aws.aws_ec2\n")
    here.network(JOB.format(hosts="h2"))

    assert not codes(capsys, "night.yml")


def test_a_pattern_that_ansible_cannot_read_is_told(
    here: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    here.network(JOB.format(hosts="'~(h'"))

    assert codes(capsys, "night.yml") == ["unreadable_inventory"]


def test_strict_takes_warnings_for_errors(here: Place, capsys: pytest.CaptureFixture[str]) -> None:
    here.network(WAITS)

    assert run(["lint", "night.yml"]) == 0
    assert run(["lint", "--strict", "night.yml"]) == 1
    assert "2 errors, 0 warnings" in capsys.readouterr().err


PLACE = {
    "type": "object",
    "required": ["artifactLocation"],
    "properties": {
        "artifactLocation": {"type": "object", "required": ["uri"]},
        "region": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "startLine": {"type": "integer", "minimum": 1},
                "startColumn": {"type": "integer", "minimum": 1},
            },
        },
    },
}
RESULT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["message"],
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": {"enum": ["none", "note", "warning", "error"]},
        "message": {"type": "object", "required": ["text"]},
        "locations": {
            "type": "array",
            "items": {"type": "object", "properties": {"physicalLocation": PLACE}},
        },
    },
}
SARIF = {
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["tool"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {"driver": {"type": "object", "required": ["name"]}},
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "originalUriBaseIds": {"type": "object"},
                    "results": {"type": "array", "items": RESULT},
                },
            },
        },
    },
}
"""What we write of SARIF 2.1.0, in the words of its schema."""


def test_sarif_says_where_each_problem_is(here: Place, capsys: pytest.CaptureFixture[str]) -> None:
    here.network(WAITS)
    (here.project / "two.yml").write_text("kind: network\nname: two\nflow: [{wait_fro: 1s}]\n")

    status = run(["lint", "-o", "sarif", "."])

    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, SARIF)
    (told,) = document["runs"]
    first = told["results"][0]
    rules = told["tool"]["driver"]["rules"]
    place = first["locations"][0]["physicalLocation"]
    assert status == 1
    assert len(told["results"]) == 3
    assert (first["ruleId"], first["level"]) == ("wait_without_timeout", "warning")
    assert rules[first["ruleIndex"]]["id"] == first["ruleId"]
    assert place["artifactLocation"] == {"uri": "night.yml", "uriBaseId": "ROOT"}
    assert place["region"] == {"startLine": 3, "startColumn": 8}


def test_sarif_of_nothing_is_a_run_without_results(
    here: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    here.network("kind: network\nname: night\nflow: [{wait_for: 1s}]\n")

    run(["lint", "-o", "sarif", "night.yml"])

    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, SARIF)
    assert document["runs"][0]["results"] == []


def test_github_shows_a_problem_beside_its_line(
    here: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    here.network(WAITS)

    run(["lint", "-o", "github", "night.yml"])

    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("::warning file=night.yml,line=3,col=8,title=wait_without_timeout::")


def test_a_workflow_command_cannot_be_smuggled_in() -> None:
    what = "One\n::error::two 100%"
    problem = Problem(code="x", position=Position("/a/b,c:d.yml", 1, 2), what=what)

    line = github_line(problem, root=Path("/a"))

    assert line == "::error file=b%2Cc%3Ad.yml,line=1,col=2,title=x::One%0A::error::two 100%25"


def test_ansible_refuses_a_playbook_at_its_own_place(
    here: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    (here.project / "bad.yml").write_text("- hosts: h1\n  tasks:\n  - gone_module_x: {a: 1}\n")
    (here.project / "good.yml").write_text("- hosts: h1\n  tasks:\n  - ping:\n")
    flow = "[{playbook: bad.yml}, {playbook: good.yml}]"
    here.network(f"kind: network\nname: night\nflow: {flow}\n")

    run(["lint", "--ansible", "-o", "json", "night.yml"])

    found = json.loads(capsys.readouterr().out)["problems"]
    refused = [one for one in found if one["code"] == "playbook_refused"]
    assert [(one["file"], one["line"]) for one in refused] == [(f"{here.project}/bad.yml", 3)]
    assert "gone_module_x" in refused[0]["what"]
    assert "ansible_lint_missing" in {one["code"] for one in found} or has_ansible_lint()


def test_a_project_that_admits_only_inventory_programs_is_judged_all_the_same(
    here: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    settings = "[inventory]\nenable_plugins = script\nany_unparsed_is_failed = true\n"
    (here.project / "ansible.cfg").write_text(settings)
    (here.project / "good.yml").write_text("- hosts: h1\n  tasks:\n  - ping:\n")
    here.network("kind: network\nname: night\nflow: [{playbook: good.yml}]\n")

    assert set(codes(capsys, "--ansible", "night.yml")) <= {"ansible_lint_missing"}


def has_ansible_lint() -> bool:
    from jobnet.execution.checks import find_ansible_lint  # noqa: PLC0415 - asked by one test

    return find_ansible_lint() is not None


@pytest.mark.skipif(
    shutil.which("ansible-lint", path=os.environ.get("PATH")) is None,
    reason="ansible-lint is not installed",
)
def test_ansible_lint_speaks_about_the_authors_own_lines(
    here: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    here.network("""\
        kind: network
        name: night
        hosts: h1
        flow:
          - wait_for: 1s
          - id: two
            tasks:
              - name: Say so
                ansible.builtin.command: echo 1
              - name: And again
                ansible.builtin.shell: echo 2
    """)

    run(["lint", "--ansible", "-o", "json", "night.yml"])

    found = json.loads(capsys.readouterr().out)["problems"]
    by_rule = {one["what"].rpartition("[")[2]: one["line"] for one in found}
    assert {one["code"] for one in found} == {"ansible_lint"}
    assert by_rule["command-instead-of-shell]"] in {10, 11}
    assert {one["file"] for one in found} == {f"{here.project}/night.yml"}


def test_a_plain_list_is_linted_with_its_hosts(
    here: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    here.network("- ping:\n", name="list.yml")

    assert codes(capsys, "--hosts", "h9", "list.yml") == ["no_host_matches"]
