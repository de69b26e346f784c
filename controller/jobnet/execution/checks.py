"""Lets Ansible's own programs judge playbooks that are not run: the syntax check, ansible-lint."""

import json
import os
import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobnet.execution.environment import project_environment
from jobnet.execution.questions import ask
from jobnet.execution.settings import ansible_program

SYNTAX_SECONDS_MAX = 120
LINT_SECONDS_MAX = 600
MESSAGE_LENGTH_MAX = 400

APART = {
    "ANSIBLE_INVENTORY": "localhost,",
    "ANSIBLE_INVENTORY_ENABLED": "host_list",
    "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "false",
    "ANSIBLE_INVENTORY_UNPARSED_FAILED": "false",
    "ANSIBLE_NOCOLOR": "1",
    "ANSIBLE_FORCE_COLOR": "0",
    "ANSIBLE_VERBOSITY": "0",
}
"""A text is judged without the project's inventory: it may be a program, or refuse a list."""

_PLACE = re.compile(r"^Origin: (?P<file>.+?):(?P<line>\d+)(?::(?P<column>\d+))?$", re.MULTILINE)
_ERROR = re.compile(r"^\[?ERROR\]?[:!]? *(?P<what>.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """What Ansible says against a playbook, and where; ``rule`` is ansible-lint's."""

    what: str
    file: str
    line: int = 0
    column: int = 0
    rule: str = ""


def syntax_objection(playbook: str, *, root: Path) -> Objection | None:
    """Return why ``ansible-playbook --syntax-check`` refuses a playbook, or None."""
    command = [ansible_program("ansible-playbook"), "--syntax-check", "-i", "localhost,", playbook]
    environment = project_environment(os.environ, APART, root)
    answer = ask(command, folder=root, environment=environment, seconds_max=SYNTAX_SECONDS_MAX)
    if answer.status == 0:
        return None
    said = _ERROR.search(answer.errors)
    lines = answer.errors.strip().splitlines() or ["Ansible gave no reason"]
    what = (said["what"] if said else lines[-1])[:MESSAGE_LENGTH_MAX]
    place = _PLACE.search(answer.errors)
    if place is None:
        return Objection(what=what, file=playbook)
    column = int(place["column"] or 0)
    return Objection(what=what, file=place["file"], line=int(place["line"]), column=column)


def find_ansible_lint() -> str | None:
    """Return the program ansible-lint, the one beside this Python first, or None."""
    beside = Path(sys.executable).parent / "ansible-lint"
    return str(beside) if beside.is_file() else shutil.which("ansible-lint")


def lint_objections(
    program: str, playbooks: Sequence[str], *, root: Path
) -> tuple[Objection, ...] | str:
    """Return what ansible-lint says about playbooks, or why it could not say anything."""
    command = [program, "--offline", "--nocolor", "-q", "-f", "codeclimate", *playbooks]
    environment = project_environment(os.environ, APART, root)
    answer = ask(command, folder=root, environment=environment, seconds_max=LINT_SECONDS_MAX)
    try:
        found = json.loads(answer.output)
    except ValueError:
        lines = (answer.errors or answer.output).strip().splitlines()
        return lines[-1] if lines else "it said nothing"
    return tuple(_objection(one, root) for one in found)


def _objection(found: dict[str, Any], root: Path) -> Objection:
    place = found["location"]
    begin = place["positions"]["begin"] if "positions" in place else place["lines"]["begin"]
    if not isinstance(begin, dict):
        begin = {"line": begin}
    return Objection(
        what=str(found["description"])[:MESSAGE_LENGTH_MAX],
        file=os.path.normpath(root / place["path"]),
        line=int(begin["line"]),
        column=int(begin.get("column", 0)),
        rule=str(found["check_name"]),
    )
