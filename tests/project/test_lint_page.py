"""The page of lint codes names every code, and each of its examples gives the code beside it."""

import re
from datetime import date
from pathlib import Path

import pytest
from jobnet.project import lint, read_file

from tests.project.written import network_of

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/reference/lint.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(?P<code>\w+)` \|[^|]*\| (?P<cell>`.*`) \|$", re.MULTILINE)
TODAY = date(2026, 11, 22)
BESIDE = {
    "p.yml": "- hosts: web\n  tasks: []\n",
    "late.yml": 'kind: calendar\nname: late\nweek: {open: [mon]}\nbase_time: "06:00"\n',
    "bare.yml": "kind: calendar\nname: bare\n",
    "broken.yml": "kind: job_type\nname: broken\n",
    "whole.yml": "kind: job_type\nname: whole\nparams: {a: {type: str}}\ntasks: [{ping: }]\n",
    "needs_x.yml": "kind: network\nname: needs_x\nparams: {x: {type: str}}\n"
    "flow: [{wait_for: 1s}]\n",
    "a_queue.yml": "kind: queue\nname: taken\n",
}
"""What stands in the folder of each example."""

OUTSIDE = {
    "ansible_lint", "ansible_lint_missing", "missing_inventory", "no_host_matches",
    "no_inventory", "playbook_refused", "unreadable_inventory",
}  # fmt: skip
"""Codes that the command gives; tests/cli/test_lint.py looks at them."""


def examples() -> list[tuple[str, str]]:
    return [
        (row["code"], "\n".join(re.findall(r"`([^`]*)`", row["cell"])))
        for row in ROW.finditer(PAGE)
    ]


@pytest.mark.parametrize(("code", "text"), examples())
def test_an_example_of_the_page_gives_its_code(tmp_path: Path, code: str, text: str) -> None:
    (tmp_path / "ansible.cfg").touch()
    for name, content in BESIDE.items():
        (tmp_path / name).write_text(content)
    (tmp_path / "net.yml").write_text(network_of(text) if text.startswith("- ") else text)

    reading = read_file(tmp_path / "net.yml")

    assert code in {one.code for one in lint(reading, today=TODAY)} | duplicates(tmp_path)


def duplicates(folder: Path) -> set[str]:
    """Return what only the whole folder tells."""
    from jobnet.project import read_project  # noqa: PLC0415 - used here alone

    return {one.code for one in read_project([folder]).problems}


def codes_in_code() -> set[str]:
    """Return every code that the project package writes as a literal where a code belongs.

    Scenarios of the simulation have a page of their own.
    """
    files = sorted((ROOT / "controller/jobnet/project").rglob("*.py"))
    text = "\n".join(path.read_text(encoding="utf-8") for path in files if path.stem != "scenarios")
    calls = r"(?:object_to|warn|remark|refused|_tell|_too_much|_problem)"
    given = re.findall(r'code="(\w+)"', text)
    told = re.findall(calls + r'\((?:[^"()]|\([^()]*\))*?"(\w+_\w+)",\s*(?:f?["\']|what)', text)
    returned = re.findall(r'(?:return |objection = )\(?\s*"(\w+_\w+)",\s*(?:f?"|what)', text)
    return set(given) | set(told) | set(returned)


def test_every_code_stands_on_the_page() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    last = re.findall(r"`(\w+)`", PAGE.rpartition("\n|")[2])

    found = codes_in_code()

    assert len(found) > 80, "the patterns above find no codes any more"
    assert not found - {*rows, *last}


def test_codes_of_the_command_stand_on_the_page_and_are_tested() -> None:
    tests = (ROOT / "tests/cli/test_lint.py").read_text(encoding="utf-8")

    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) >= OUTSIDE
    assert all(f'"{code}"' in tests for code in OUTSIDE)
