"""Says how many hosts of an inventory a pattern finds, before any job is started.

Ansible's own inventory manager decides, in a process of its own: loading it takes half a
second, and an inventory may be a program.
"""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from jobnet.execution.environment import project_environment
from jobnet.execution.questions import ask
from jobnet.ports.host_patterns import PatternPair, PatternsMeet

SECONDS_MAX = 120


class Found(StrEnum):
    """How a question about a pattern was answered."""

    HOSTS = "found"
    NO_INVENTORY = "no_inventory"
    NOT_ASKED = "not_asked"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternQuestion:
    """One pattern and its inventory; no ``sources``: what ``ansible.cfg`` says.

    With ``other`` only hosts are counted that this pattern finds as well.
    """

    pattern: str
    sources: tuple[str, ...] = ()
    other: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternAnswer:
    """How many hosts were found, of how many that the inventory has; ``why`` if none could be."""

    kind: Found
    hosts: int = 0
    known: int = 0
    why: str = ""


def find_hosts(
    questions: Sequence[PatternQuestion], *, root: Path, may_run: bool
) -> tuple[PatternAnswer, ...]:
    """Return one answer per question, asked in the project's folder.

    Without ``may_run`` an inventory that is a program or a plugin is not asked.
    """
    asked = [
        {"pattern": one.pattern, "sources": list(one.sources), "other": one.other}
        for one in questions
    ]
    answer = ask(
        [sys.executable, "-m", "jobnet.execution.pattern_program"],
        folder=root,
        environment=project_environment(os.environ, {}, root),
        seconds_max=SECONDS_MAX,
        text=json.dumps({"questions": asked, "may_run": may_run}),
    )
    try:
        found = json.loads(answer.output) if answer.status == 0 else None
    except ValueError:
        found = None
    if found is None:
        why = (answer.errors.strip().splitlines() or ["it did not answer"])[-1]
        return tuple(PatternAnswer(kind=Found.UNREADABLE, why=why) for _ in questions)
    return tuple(
        PatternAnswer(
            kind=Found(one["kind"]),
            hosts=one.get("hosts", 0),
            known=one.get("known", 0),
            why=one.get("why", ""),
        )
        for one in found
    )


class InventoryPatterns:
    """The real ``HostPatterns``: asks Ansible's inventory manager in a process of its own."""

    def meet(self, pair: PatternPair) -> PatternsMeet:
        """Return whether both patterns have a host in common."""
        question = PatternQuestion(pattern=pair.pattern, sources=pair.sources, other=pair.other)
        (answer,) = find_hosts((question,), root=Path(pair.root), may_run=True)
        if answer.kind is Found.HOSTS:
            return PatternsMeet(meet=answer.hosts > 0)
        return PatternsMeet(meet=False, problem=answer.why or answer.kind.value)
