"""Remarks on playbooks and settings that ask a person, in a job that nobody sits at.

What stands in the networks themselves is looked at when they are read (``tasks``); here the
playbooks that they run, the files that these import and ``ansible.cfg`` are looked through.
"""

import configparser
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from jobnet.definition import Network, PlaybookJob, Position, UnitJob, walk
from jobnet.project.composing import compose
from jobnet.project.emission import emit
from jobnet.project.files import read_text
from jobnet.project.nodes import Mapping, Node, Scalar, Sequence, entries, position_of
from jobnet.project.problems import Level, Problem
from jobnet.project.tasks import NESTED

FILES_MAX = 1_000
IMPORTS = ("import_playbook", "import_tasks", "include_tasks")
PAUSES = ("pause", "ansible.builtin.pause")
ASKED = {
    ("defaults", "ask_pass"): "a password",
    ("defaults", "ask_vault_pass"): "a vault password",
    ("privilege_escalation", "become_ask_pass"): "the password of become",
}


def prompt_remarks(networks: Iterable[Network]) -> Iterator[Problem]:
    """Yield what waits for a keyboard in the playbooks and settings of some networks."""
    roots: dict[str, None] = {}
    playbooks: dict[str, str] = {}
    for network in networks:
        for part in walk(network.flow):
            if isinstance(part.body, UnitJob):
                roots[network.project_root] = None
                content = part.body.content
                if isinstance(content, PlaybookJob):
                    given = playbooks.get(content.path, "")
                    playbooks[content.path] = given + content.extra_vars
    for root in roots:
        yield from _of_settings(Path(root) / "ansible.cfg")
    seen: set[Path] = set()
    for path, extra_vars in playbooks.items():
        yield from _of_playbook(Path(path), extra_vars, seen)


def _of_settings(file: Path) -> Iterator[Problem]:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    text = read_text(file)
    try:
        parser.read_string(text if isinstance(text, str) else "")
    except configparser.Error:
        return  # Ansible says so itself
    for (section, key), asked in ASKED.items():
        if parser.get(section, key, fallback="").strip().lower() in {"true", "yes", "1", "on"}:
            what = f"`{key}` asks for {asked}, and nobody sits at a job"
            hint = "Use a key, a password file or a credential"
            yield _problem("prompt", Position(str(file)), what, hint)


def _of_playbook(file: Path, extra_vars: str, seen: set[Path]) -> Iterator[Problem]:
    """Look through a playbook and what it imports, each file once, ``FILES_MAX`` in all."""
    waiting = deque([file])
    while waiting:
        path = waiting.popleft()
        if path in seen or len(seen) >= FILES_MAX:
            continue
        seen.add(path)
        text = read_text(path)
        if not isinstance(text, str):
            continue
        for document in compose(text, file=str(path)).documents:
            for task in _tasks(document.root):
                yield from _of_task(task, path, extra_vars)
                waiting.extend(_imported(task, path.parent))


def _tasks(node: Node | None) -> Iterator[Mapping]:
    """Yield the plays or tasks of a list and of the lists inside them."""
    if not isinstance(node, Sequence):
        return
    for item in node.items:
        if isinstance(item, Mapping):
            yield item
            pairs = entries(item)
            for key in NESTED:
                if key in pairs:
                    yield from _tasks(pairs[key][1])


def _imported(task: Mapping, folder: Path) -> Iterator[Path]:
    pairs = entries(task)
    for word in IMPORTS:
        for key in (word, f"ansible.builtin.{word}"):
            value = pairs[key][1] if key in pairs else None
            if isinstance(value, Mapping):
                value = entries(value).get("file", (None, None))[1]
            if isinstance(value, Scalar) and not {"{", "\0"} & set(value.value):
                yield Path(folder, value.value)


def _of_task(task: Mapping, file: Path, extra_vars: str) -> Iterator[Problem]:
    pairs = entries(task)
    if "vars_prompt" in pairs and not _is_answered(pairs["vars_prompt"][1], extra_vars):
        what, hint = "Nobody can answer a prompt of a job", "Give the part `vars` with its answer"
        yield _problem("vars_prompt", position_of(pairs["vars_prompt"][0], str(file)), what, hint)
    if "debugger" in pairs:
        what = "A debugger waits for a keyboard that a job does not have"
        yield _problem("debugger", position_of(pairs["debugger"][0], str(file)), what, "Remove it")
    poll = pairs["poll"][1] if "poll" in pairs else None
    if "async" in pairs and isinstance(poll, Scalar) and poll.value == "0":
        what = "With `poll: 0` nobody learns how the task ended, unless `async_status` asks later"
        place = position_of(pairs["async"][0], str(file))
        yield _problem("async_without_poll", place, what, "Leave `poll` out")
    for key in PAUSES:
        text = emit(pairs[key][1]) if key in pairs else "seconds"
        if "seconds" not in text and "minutes" not in text:
            what = "This pause waits for a keyboard that a job does not have"
            hint = "Give it `seconds` or `minutes`, or use a dialog"
            yield _problem("prompt", position_of(pairs[key][0], str(file)), what, hint)


def _is_answered(prompts: Node, extra_vars: str) -> bool:
    """Return whether the part gives all that is asked for as extra vars."""
    given = {line.partition(":")[0].strip("\"'") for line in extra_vars.splitlines()}
    items = prompts.items if isinstance(prompts, Sequence) else ()
    names = [entries(one).get("name") for one in items if isinstance(one, Mapping)]
    asked = {pair[1].value for pair in names if pair and isinstance(pair[1], Scalar)}
    return bool(asked) and asked <= given


def _problem(code: str, place: Position, what: str, hint: str) -> Problem:
    return Problem(severity=Level.WARNING, code=code, position=place, what=what, hint=hint)
