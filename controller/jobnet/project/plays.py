"""Composes the play of a unit job: what is inherited, the author's own text, nothing rendered.

A keyword that tasks and plays both know stays on the author's task; ``vars`` and ``become``
from the network or a block go to the play, where Ansible lets the task's own win.
"""

from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from functools import lru_cache

from jobnet.definition import PlayJob
from jobnet.expressions import Template
from jobnet.project.composed import block_text, mapping, merged, sequence, with_pairs, word
from jobnet.project.context import Inherited
from jobnet.project.handover import gathers_facts
from jobnet.project.keywords import MERGED_KEYWORDS
from jobnet.project.nodes import Mapping, Node, Same, Scalar, Sequence, child, entries
from jobnet.project.suggestions import shown

TASK_LISTS = ("pre_tasks", "tasks", "post_tasks")


def inherited_keywords(inherited: Inherited, own: MappingOf[str, Node]) -> dict[str, Node]:
    """Return the play's keywords: inherited ones, the own ones over or beside them."""
    found: dict[str, Node] = {}
    for key, node in (*inherited.keywords, *own.items()):
        if key in MERGED_KEYWORDS and key in found:
            found[key] = sequence([*_items(found[key]), *_items(node)])
        else:
            found[key] = node
    return found


def _items(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else (node,)


def play(
    keywords: MappingOf[str, Node],
    *,
    hosts: Template | None,
    variables: Iterable[Mapping] = (),
    summary: str,
    job_type: str | None = None,
) -> PlayJob:
    """Return the play; facts are gathered where the text says so or names one."""
    given = dict(keywords)
    own_variables = _variables_text(tuple(Same(one) for one in variables))
    if "gather_facts" not in given:
        needed = gathers_facts(block_text(given)) or gathers_facts(own_variables)
        given = {"gather_facts": word("true" if needed else "false"), **given}
    return PlayJob(
        hosts=hosts,
        keywords=block_text(given),
        variables=own_variables,
        summary=summary,
        job_type=job_type,
    )


@lru_cache(maxsize=16)
def _variables_text(mappings: tuple[Same, ...]) -> str:
    """Return the text of variables; what many jobs inherit is written once."""
    return block_text(merged(same.mapping for same in mappings))


def conditioned(task: Mapping, conditions: tuple[Node, ...]) -> Mapping:
    """Return a task or role with further conditions before its own."""
    if not conditions:
        return task
    own = child(task, "when")
    every = [*conditions, *(_items(own) if own is not None else ())]
    return with_pairs(task, {"when": every[0] if len(every) == 1 else sequence(every)})


def under_conditions(
    keywords: MappingOf[str, Node], conditions: tuple[Node, ...]
) -> dict[str, Node]:
    """Return a play's keywords with its task lists in a block that asks the conditions."""
    found = dict(keywords)
    for key in TASK_LISTS:
        if conditions and key in found:
            block = mapping({"block": found[key]})
            found[key] = sequence([conditioned(block, conditions)])
    return found


def summary_of_task(module: str, arguments: Node) -> str:
    """Return one line for people: the module's short name and how its arguments begin."""
    short = module.rpartition(".")[2]
    return f"{short}: {shown(_first_words(arguments))}".removesuffix(": ")


def _first_words(node: Node) -> str:
    if isinstance(node, Scalar):
        return " ".join(node.value.split())
    if isinstance(node, Sequence):
        return " ".join(_first_words(item) for item in node.items[:5])
    pairs = entries(node)
    for key in ("cmd", "_raw_params", "name", "src", "path", "msg", "url", "dest"):
        value = pairs[key][1] if key in pairs else None
        if isinstance(value, Scalar):
            return " ".join(value.value.split())
    return ", ".join(pairs)
