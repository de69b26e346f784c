"""Reads a part that uses a job type: its args are checked, and its text becomes a play.

The args are Ansible's: they are handed over as they were written. What can be told before
anything runs (an unknown arg, a missing one, a literal of the wrong type) is told here.
"""

from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from pathlib import Path

from jobnet.definition import Param, PlaybookJob, PlayJob
from jobnet.expressions import Template, parse_template
from jobnet.project.composed import block_text, mapping, merged, sequence, text_node, word
from jobnet.project.context import Build, Place
from jobnet.project.job_types import JobType
from jobnet.project.keywords import BECOME, PLAY_KEYWORDS
from jobnet.project.nodes import Mapping, Node, Scalar, child, entries
from jobnet.project.params import Unfit, convert
from jobnet.project.paths import absolute
from jobnet.project.playbooks import inherited_become
from jobnet.project.plays import conditioned, inherited_keywords, play, under_conditions
from jobnet.project.problems import Problem
from jobnet.project.scalars import plain
from jobnet.project.schema.values import YES, is_template
from jobnet.project.suggestions import shown, suggest
from jobnet.project.unit import UnitItem

TAKEN = frozenset({"job", "args", "vars", "environment", "tags", "become_exe", *BECOME})
ANSIBLE_TAGS = ("!vault", "!unsafe", "!vault-encrypted")


def read_typed_job(item: UnitItem, place: Place, build: Build) -> PlayJob | PlaybookJob | None:
    """Return the job that a type and its args make, or None after telling what is wrong."""
    for key in item.ansible:
        if key not in TAKEN:
            build.object_to(
                item.pairs[key][0],
                place,
                "unknown_key",
                f"`{shown(key)}` is not known here",
                suggest(key, TAKEN),
            )
    name = item.pairs["job"][1]
    found = build.find_job_type(name.value) if isinstance(name, Scalar) else None
    if isinstance(found, Problem):
        what = f"The job type `{shown(getattr(name, 'value', ''))}` has problems of its own"
        build.object_to(name, place.at("job"), "broken_job_type", what, f"The first: {found}")
        return None
    if found is None:
        what = f"No job type is called `{shown(getattr(name, 'value', ''))}`"
        hint = suggest(
            str(getattr(name, "value", "")),
            build.job_type_names(),
            otherwise="Add a document with kind: job_type beside this file",
        )
        build.object_to(name, place.at("job"), "unknown_job_type", what, hint)
        return None
    given = _args(found, item, place, build)
    return None if given is None else _content(found, given, item, place, build)


def _args(found: JobType, item: UnitItem, place: Place, build: Build) -> dict[str, Node] | None:
    """Return the value of each param as a node: the arg, else the default."""
    node = item.pairs["args"][1] if "args" in item.pairs else mapping({})
    place = place.at("args")
    if not isinstance(node, Mapping):
        build.object_to(node, place, "wrong_type", "A mapping belongs here")
        return None
    given = entries(node)
    for key, (where, value) in given.items():
        if build.text.findings.is_full:
            return None
        if key not in found.params:
            build.object_to(
                where,
                place,
                "unknown_arg",
                f"The job type `{found.name}` has no param `{shown(key)}`",
                suggest(key, found.params),
            )
        else:
            _check_literal(value, found.params[key], place.at(key), build)
    values: dict[str, Node] = {}
    for key, param in found.params.items():
        if key in given:
            values[key] = given[key][1]
        elif param.required:
            build.object_to(
                item.node,
                place,
                "missing_arg",
                f"The job type `{found.name}` needs `{key}`",
                f"Add `{key}` to `args`",
            )
        else:
            values[key] = _default(found, key)
    return values


def _default(found: JobType, key: str) -> Node:
    declared = child(child(found.node, "params") or word(""), key)
    default = child(declared, "default") if declared is not None else None
    return default if default is not None else word("null")


def _check_literal(node: Node, param: Param, place: Place, build: Build) -> None:
    """Tell a value of the wrong type; templates and vaulted values are Ansible's to judge."""
    if _has_template(node) or node.tag in ANSIBLE_TAGS:
        return
    try:
        convert(plain(node), param)
    except Unfit as objection:
        build.object_to(node, place, "wrong_type", str(objection)[:1].upper() + str(objection)[1:])


def _has_template(node: Node) -> bool:
    if isinstance(node, Scalar):
        return is_template(node.value)
    if isinstance(node, Mapping):
        return any(_has_template(one) or one.tag in ANSIBLE_TAGS for _, one in node.pairs)
    return any(_has_template(one) for one in node.items)


def _content(
    found: JobType, values: MappingOf[str, Node], item: UnitItem, place: Place, build: Build
) -> PlayJob | PlaybookJob | None:
    hosts = item.hosts if "hosts" in item.pairs else _hosts_of(found) or item.hosts
    own = [one for one in (item.ansible.get("vars"),) if isinstance(one, Mapping)]
    if found.content == "playbook":
        return _playbook(found, [mapping(values), *own], hosts, place)
    if hosts is None:
        build.object_to(
            item.node,
            place,
            "no_hosts",
            "This job says on which hosts it runs nowhere",
            "Add `hosts` here, to the job type or to the network",
        )
        return None
    keywords = {
        key: value
        for key, (_, value) in entries(found.node).items()
        if key in PLAY_KEYWORDS and key not in {"name", "hosts", "vars"}
    }
    if found.content == "role":
        role = mapping({"role": child(found.node, "role") or word("")})
        keywords["roles"] = sequence([conditioned(role, item.conditions)])
    keywords = _with_outputs(found, under_conditions(keywords, item.conditions))
    overriding = {
        key: value for key, value in item.ansible.items() if key in TAKEN - {"job", "args", "vars"}
    }
    play_keywords = inherited_keywords(place.inherited, {})
    for layer in (keywords, overriding):
        play_keywords |= layer
    variables = [*place.inherited.variables, *_variables(found), mapping(values), *own]
    return play(
        play_keywords,
        hosts=hosts,
        variables=variables,
        job_type=found.name,
        summary=_summary(found, values),
    )


def _summary(found: JobType, values: MappingOf[str, Node]) -> str:
    first = next((one.value for one in values.values() if isinstance(one, Scalar)), "")
    return f"{found.name}: {shown(first)}" if first else found.name


def _hosts_of(found: JobType) -> Template | None:
    node = child(found.node, "hosts")
    text = plain(node) if isinstance(node, Scalar) else None
    return parse_template(text) if isinstance(text, str) else None


def _variables(found: JobType) -> Iterable[Mapping]:
    node = child(found.node, "vars")
    return [node] if isinstance(node, Mapping) else []


def _playbook(
    found: JobType, variables: Iterable[Mapping], hosts: Template | None, place: Place
) -> PlaybookJob:
    node = child(found.node, "playbook")
    assert isinstance(node, Scalar), "the document was checked when it was read"
    become = inherited_become(place)
    return PlaybookJob(
        path=absolute(node.value, str(Path(found.file).parent)),
        hosts=hosts,
        extra_vars=block_text(merged(variables)),
        become=become.get("become") in YES or None,
        become_user=become.get("become_user"),
        become_method=become.get("become_method"),
        become_flags=become.get("become_flags"),
        job_type=found.name,
    )


def _with_outputs(found: JobType, keywords: dict[str, Node]) -> dict[str, Node]:
    """Return a play that ends by publishing the type's outputs, which Ansible templates."""
    outputs = child(found.node, "outputs")
    if not isinstance(outputs, Mapping) or not outputs.pairs:
        return keywords
    publish = mapping(
        {
            "name": text_node("Publish the outputs of the job type"),
            "ansible.builtin.set_stats": mapping({"data": outputs}),
        }
    )
    later = keywords.get("post_tasks")
    before = list(getattr(later, "items", ()))
    return keywords | {"post_tasks": sequence([*before, publish])}
