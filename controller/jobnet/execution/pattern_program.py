"""Answers, as a program of its own, how many hosts patterns find: JSON in, JSON out.

It runs in the project's folder with the project's configuration, so that Ansible's own
inventory manager reads what a job would read. A program or a plugin is asked only if the
caller says so.
"""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

PLUGIN = re.compile(r"^plugin:", re.MULTILINE)
HEAD_MAX = 65_536


def main() -> None:
    """Read the questions from standard input and write one answer for each."""
    answers_to = os.dup(1)
    os.dup2(2, 1)  # what Ansible and inventory programs print is not the answer
    asked = json.load(sys.stdin)
    answers = [_answer(one, may_run=asked["may_run"]) for one in asked["questions"]]
    with os.fdopen(answers_to, "w", encoding="utf-8") as stream:
        json.dump(answers, stream)


def _answer(question: dict[str, Any], *, may_run: bool) -> dict[str, Any]:
    from ansible import constants  # noqa: PLC0415 - the module is importable without Ansible

    named = question["sources"]
    sources = named or [one for one in constants.DEFAULT_HOST_LIST if "," in one or _exists(one)]
    if not sources:
        return {"kind": "no_inventory"}
    if not may_run and any(_asks_outside(Path(one)) for one in sources if "," not in one):
        return {"kind": "not_asked"}
    try:
        manager = _manager(tuple(sources))
        found = len(_hosts(manager, question["pattern"], question.get("other", "")))
    except Exception as error:  # noqa: BLE001 - a plugin may raise anything
        return {"kind": "unreadable", "why": str(error)}
    return {"kind": "found", "hosts": found, "known": len(manager.hosts)}


def _hosts(manager: Any, pattern: str, other: str) -> set[str]:  # noqa: ANN401 - as below
    """Return the names of the hosts of a pattern; with another one only those that it has too."""
    found = {host.name for host in manager.get_hosts(pattern)}
    return found & {host.name for host in manager.get_hosts(other)} if other else found


_MANAGERS: dict[tuple[str, ...], Any] = {}


def _manager(sources: tuple[str, ...]) -> Any:  # noqa: ANN401 - ansible-core ships no types
    if sources not in _MANAGERS:
        from ansible.inventory.manager import InventoryManager  # noqa: PLC0415 - as above
        from ansible.parsing.dataloader import DataLoader  # noqa: PLC0415 - as above

        _MANAGERS[sources] = InventoryManager(loader=DataLoader(), sources=list(sources))
    return _MANAGERS[sources]


def _exists(source: str) -> bool:
    return Path(source).exists()


def _asks_outside(source: Path) -> bool:
    """Return whether a source is a program or the settings of an inventory plugin."""
    files = [one for one in source.iterdir() if one.is_file()] if source.is_dir() else [source]
    return any(os.access(one, os.X_OK) or _is_plugin(one) for one in files)


def _is_plugin(file: Path) -> bool:
    if file.suffix not in {".yml", ".yaml"}:
        return False
    with file.open(encoding="utf-8", errors="replace") as stream:
        return bool(PLUGIN.search(stream.read(HEAD_MAX)))


if __name__ == "__main__":
    main()
