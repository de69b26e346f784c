"""The rules and commands that a guide names in passing are ones that there are."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
from jobnet.cli.app import app
from jobnet.project import lint, read_project

from tests.docs.telling import FENCE

DOCS = Path(__file__).resolve().parents[2] / "docs"
SCHEDULES = (DOCS / "guides/schedules.md").read_text(encoding="utf-8")
PAGES = ("schedules", "importing", "start-conditions", "maintenance-windows")
GUIDES = {name: (DOCS / f"guides/{name}.md").read_text(encoding="utf-8") for name in PAGES}
TYPED = re.compile(r"`(jobnet [^`]+)`|^(jobnet [^\n#]+)", re.MULTILINE)
SCHEDULE = "kind: schedule\nname: s\nnetworks: [n]\nrules:\n  - at: ['22:00']\n    "
BESIDE = (
    "kind: network\nname: n\nflow: [{wait_for: 1s}]\n---\n"
    "kind: calendar\nname: freeze\nweek: {open: [mon]}\n---\n"
)


def rules() -> list[str]:
    """Return the words of rules that stand in the second column of the first table."""
    table = SCHEDULES.partition("| wanted | written |")[2].partition("\n\n")[0]
    cells = [line.split("|")[2] for line in table.splitlines() if line.count("|") > 2]
    words = [word for cell in cells for word in re.findall(r"`(\w+: [^`]+)`", cell)]
    return [word for word in words if "..." not in word and not word.startswith("measured")]


def commands(page: str) -> list[str]:
    """Return every command that a guide names, without those that are cut short."""
    found = [one or other for one, other in TYPED.findall(GUIDES[page])]
    shown = re.findall(r"^\$ (jobnet .*)", GUIDES[page], re.MULTILINE)
    return sorted({one.strip() for one in [*found, *shown] if "..." not in one})


@pytest.mark.parametrize("words", rules())
def test_a_rule_of_the_table_is_one_that_lint_understands(words: str, tmp_path: Path) -> None:
    is_of_schedule = words.startswith("exclude")
    text = f"{SCHEDULE}months: [1]\n{words}\n" if is_of_schedule else f"{SCHEDULE}{words}\n"
    (tmp_path / "s.yml").write_text(BESIDE + text, encoding="utf-8")

    problems = [str(one) for one in lint(read_project([str(tmp_path)])) if one.is_error]

    assert problems == []


def test_the_table_has_rules() -> None:
    assert len(rules()) >= 8
    assert all(FENCE.search(page) for page in GUIDES.values())


@pytest.mark.parametrize(
    ("page", "line"), [(page, line) for page in GUIDES for line in commands(page)]
)
def test_a_command_that_a_guide_names_can_be_typed(page: str, line: str) -> None:  # noqa: ARG001
    words = shlex.split(line.partition("  #")[0])[1:]
    command: Any = typer.main.get_command(app)
    while words and (below := getattr(command, "commands", None)) is not None:
        found = below.get(words[0])
        assert found is not None, f"there is no command {words[0]!r}"
        command, words = found, words[1:]

    if words:  # a name alone stands for what its help says
        command.make_context("jobnet", words)
