"""Names the options of ``jobnet lint`` and what was typed."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import typer


class LintOutput(StrEnum):
    """How problems are written."""

    HUMAN = "human"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


LintOutputOption = Annotated[
    LintOutput,
    typer.Option("-o", "--output", help="For people, for programs, or for a code host."),
]
Inventories = Annotated[
    list[str] | None,
    typer.Option(
        "-i", "--inventory", metavar="INVENTORY", help="Look hosts up here, whatever the text says."
    ),
]
NoInventory = Annotated[
    bool, typer.Option("--no-inventory", help="Do not ask whether patterns match a host.")
]
Ansible = Annotated[
    bool, typer.Option("--ansible", help="Let Ansible check playbooks, and ansible-lint, too.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Take warnings for errors.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class LintOptions:
    """What was typed after ``jobnet lint``."""

    paths: tuple[str, ...]
    hosts: str | None = None
    output: LintOutput = LintOutput.HUMAN
    inventories: tuple[str, ...] = ()
    asks_inventory: bool = True
    asks_ansible: bool = False
    is_strict: bool = False
    is_verbose: bool = False
