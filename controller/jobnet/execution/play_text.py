"""Composes a play as text around the author's own YAML, which nobody but Ansible reads.

The author's text is never loaded and dumped again: quotes, ``!vault`` and YAML 1.1 words
such as ``0644`` and ``yes`` reach Ansible as they were written.
"""

import textwrap
from collections.abc import Mapping

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from jobnet.errors.execution import VariableNameRefused
from jobnet.execution.unsafe_text import unsafe_yaml
from jobnet.ports.jobs import PlayText

_BLOCK_KEYS = frozenset({"block", "include_tasks", "import_tasks", "include_role", "import_role"})


def play_yaml(play: PlayText, handed_over: Mapping[str, object]) -> str:
    """Return the playbook: handed-over values are unsafe, the author's own ``vars`` win."""
    own = _entries(play.variables).keys()
    given = {name: value for name, value in handed_over.items() if name not in own}
    lines = [f"- name: {_quoted(play.name)}", f"  hosts: {_quoted(play.hosts)}"]
    if given or own or play.variables.strip():
        lines.append("  vars:")
        lines += [f"    {line}" for line in variable_lines(given)]
        lines.append(_indented(play.variables, 4))
    lines.append(_indented(play.keywords, 2))
    return "\n".join(line for line in lines if line.strip()) + "\n"


def variable_lines(values: Mapping[str, object]) -> list[str]:
    """Return one ``name: value`` line for each value, all of them unsafe."""
    for name in values:
        if not name.isidentifier() or not name.isascii():
            raise VariableNameRefused(name=name)
    return [f"{name}: {unsafe_yaml(value)}" for name, value in values.items()]


def is_single_task(play: PlayText) -> bool:
    """Tell whether the play runs exactly one task, so that every result's rc counts."""
    parts = _entries(play.keywords)
    if {"roles", "pre_tasks", "post_tasks", "handlers"} & parts.keys():
        return False
    tasks = parts.get("tasks")
    if not isinstance(tasks, SequenceNode) or len(tasks.value) != 1:
        return False
    only = tasks.value[0]
    if not isinstance(only, MappingNode):
        return False
    return not any(str(key.value).rpartition(".")[2] in _BLOCK_KEYS for key, _ in only.value)


def _entries(text: str) -> dict[str, Node]:
    """Return the nodes of a block mapping by key; none if Ansible will have to refuse it."""
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except YAMLError:
        return {}
    if not isinstance(node, MappingNode):
        return {}
    return {str(key.value): value for key, value in node.value}


def _quoted(text: str) -> str:
    # Both are final: Jobnet rendered them, and data of a run may stand in them.
    return unsafe_yaml(text)


def _indented(text: str, spaces: int) -> str:
    return textwrap.indent(text.rstrip("\n"), " " * spaces)
