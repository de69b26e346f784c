"""Reads a unit job: a module, a task list, a role, a playbook or a job type.

The keys of the item are Jobnet's attributes or Ansible's keywords; ``keywords`` says which.
Jobnet's are taken out, Ansible's are composed into a play as they stand.
"""

from collections.abc import Callable
from collections.abc import Mapping as MappingOf
from dataclasses import replace

from jobnet.definition import PlaybookJob, PlayJob, UnitJob
from jobnet.expressions import Expression, Template
from jobnet.project.composed import mapping, sequence
from jobnet.project.conditions import parts_asked, split_condition
from jobnet.project.context import Build, Place
from jobnet.project.handover import read_by
from jobnet.project.keywords import (
    PART_ATTRIBUTES,
    PLAY_AND_TASK,
    PLAY_KEYWORDS,
    PLAY_ONLY,
    ROLE_KEYWORDS,
    TASK_KEYWORDS,
    UNIT_ATTRIBUTES,
)
from jobnet.project.kinds import MODULE, Kind
from jobnet.project.mentions import Mention
from jobnet.project.nodes import Mapping, Node, Scalar, Sequence
from jobnet.project.paths import inventories, joined_hosts
from jobnet.project.playbooks import read_playbook
from jobnet.project.plays import (
    conditioned,
    inherited_keywords,
    play,
    summary_of_task,
    under_conditions,
)
from jobnet.project.schema.attributes import UnitShape
from jobnet.project.suggestions import shown, suggest
from jobnet.project.tasks import object_to_task
from jobnet.project.typed_jobs import read_typed_job
from jobnet.project.unit import UnitItem
from jobnet.project.validation import check

TEXT_COMPOSED_MAX = 16 * 2**20
OURS = PART_ATTRIBUTES | UNIT_ATTRIBUTES


def read_unit_job(
    kind: Kind,
    node: Mapping,
    pairs: MappingOf[str, tuple[Scalar, Node]],
    place: Place,
    build: Build,
) -> tuple[UnitJob | None, Expression | None]:
    """Return the job, None after telling what is wrong, and the condition that Jobnet asks."""
    if build.text_composed > TEXT_COMPOSED_MAX:
        return None, None
    shape = check(UnitShape, node, text=build.text, path=place.path, keys=UNIT_ATTRIBUTES)
    own = pairs.get("when")
    ours, theirs = split_condition(own[1] if own else None, place.at("when"), build)
    if shape is None:
        return None, ours
    build.note(shape, node, place)
    item = UnitItem(
        kind=kind,
        node=node,
        pairs=pairs,
        ansible={key: value for key, (_, value) in pairs.items() if key not in OURS},
        hosts=_hosts(shape, place),
        conditions=(*place.inherited.conditions, *theirs),
    )
    asked = parts_asked(theirs)
    object_to_task(node, place, build)
    content = READERS[kind.name](item, place, build)
    if content is None:
        return None, ours
    return replace(_unit(content, shape, item, place, build), asks_parts=asked), ours


def _hosts(shape: UnitShape, place: Place) -> Template | None:
    return joined_hosts(shape.hosts) if shape.hosts else place.inherited.hosts


def _unit(
    content: PlayJob | PlaybookJob, shape: UnitShape, item: UnitItem, place: Place, build: Build
) -> UnitJob:
    text = (
        content.extra_vars
        if isinstance(content, PlaybookJob)
        else (content.keywords + content.variables)
    )
    _count_text(len(text), item, place, build)
    reading = read_by(text)
    if content.job_type is None:
        build.mentions.append(
            Mention(
                references=reading.references,
                node=item.node,
                path=place.path,
                scope=place.scope,
                is_loose=True,
            )
        )
    own = inventories(shape.inventory, build.file_folder)
    check_mode, diff = _modes(content, item)
    return UnitJob(
        content=content,
        inventory=own or place.inherited.inventory,
        check_mode=check_mode,
        diff=diff,
        empty_hosts_ok=shape.empty_hosts == "ok",
        credentials=tuple(shape.credentials),
        execution_environment=shape.execution_environment,
        reads_parts=None if isinstance(content, PlaybookJob) else reading.parts,
    )


def _count_text(length: int, item: UnitItem, place: Place, build: Build) -> None:
    """Tell once that what the jobs inherit, repeated in each of them, is too much text."""
    build.text_composed += length
    if build.text_composed > TEXT_COMPOSED_MAX:
        what = f"The jobs of this network make more than {TEXT_COMPOSED_MAX // 2**20} MiB of text"
        hint = "Put large `vars` into the inventory"
        build.object_to(item.node, place, "too_much_text", what, hint)


def _modes(content: PlayJob | PlaybookJob, item: UnitItem) -> tuple[bool | None, bool | None]:
    """Return ``check_mode`` and ``diff`` of a playbook; in a play they are its own keywords."""
    if isinstance(content, PlayJob):
        return None, None
    return item.check_mode, item.diff


def _module_job(item: UnitItem, place: Place, build: Build) -> PlayJob | None:
    module = item.kind.module
    arguments = item.pairs[module][1]
    known = PLAY_KEYWORDS | TASK_KEYWORDS | {module, "args"}
    if not _are_known(item, place, build, known):
        return None
    name = {"name": item.pairs["name"][1]} if "name" in item.pairs else {}
    task_keys = {key: value for key, value in item.ansible.items() if key not in PLAY_ONLY}
    task_keys.pop(module, None)
    task = conditioned(mapping({**name, module: arguments, **task_keys}), item.conditions)
    play_keys = {key: value for key, value in item.ansible.items() if key in PLAY_ONLY}
    keywords = inherited_keywords(place.inherited, play_keys) | {"tasks": sequence([task])}
    return play(
        keywords,
        hosts=_needed_hosts(item, place, build),
        variables=place.inherited.variables,
        summary=summary_of_task(module, arguments),
    )


def _tasks_job(item: UnitItem, place: Place, build: Build) -> PlayJob | None:
    tasks = item.pairs["tasks"][1]
    if not isinstance(tasks, Sequence) or not tasks.items:
        build.object_to(tasks, place.at("tasks"), "wrong_type", "A list of tasks belongs here")
        return None
    if not _are_known(item, place, build, PLAY_KEYWORDS):
        return None
    own = {key: value for key, value in item.ansible.items() if key != "vars"}
    keywords = inherited_keywords(place.inherited, own)
    count = "1 task" if len(tasks.items) == 1 else f"{len(tasks.items)} tasks"
    return play(
        under_conditions(keywords, item.conditions),
        hosts=_needed_hosts(item, place, build),
        variables=item.variables(place, build),
        summary=count,
    )


def _role_job(item: UnitItem, place: Place, build: Build) -> PlayJob | None:
    role = item.pairs["role"][1]
    if not isinstance(role, Scalar) or not role.value:
        build.object_to(role, place.at("role"), "wrong_type", "The name of a role belongs here")
        return None
    if not _are_known(item, place, build, PLAY_KEYWORDS | ROLE_KEYWORDS | {"role"}):
        return None
    entry = {
        key: value
        for key, value in item.ansible.items()
        if key == "role" or (key in ROLE_KEYWORDS and key not in PLAY_AND_TASK)
    }
    own = {key: value for key, value in item.ansible.items() if key not in entry and key != "vars"}
    roles = sequence([conditioned(mapping(entry), item.conditions)])
    keywords = inherited_keywords(place.inherited, own) | {"roles": roles}
    return play(
        keywords,
        hosts=_needed_hosts(item, place, build),
        variables=item.variables(place, build),
        summary=f"role: {shown(role.value)}",
    )


def _needed_hosts(item: UnitItem, place: Place, build: Build) -> Template | None:
    if item.hosts is None:
        build.object_to(
            item.node,
            place,
            "no_hosts",
            "This job says on which hosts it runs nowhere",
            "Add `hosts` here, to a block around it or to the network",
        )
    return item.hosts


def _are_known(item: UnitItem, place: Place, build: Build, known: frozenset[str]) -> bool:
    """Tell every key that this shape of unit job does not take."""
    wrong = [
        key
        for key in item.ansible
        if key not in known and not (key.startswith("with_") and item.kind.name == MODULE)
    ]
    for key in wrong:
        place_of_key = item.pairs[key][0]
        if key in TASK_KEYWORDS:
            what = f"`{key}` belongs to a task and cannot stand beside `{item.kind.name}`"
            hint = (
                "Put it on the task inside `tasks`"
                if item.kind.name == "tasks"
                else ("Write `tasks` with `include_role`")
            )
        else:
            what = f"`{shown(key)}` is not known here"
            hint = suggest(key, known | OURS)
        build.object_to(place_of_key, place, "unknown_key", what, hint)
    return not wrong


Reader = Callable[[UnitItem, Place, Build], "PlayJob | PlaybookJob | None"]
READERS: dict[str, Reader] = {
    MODULE: _module_job,
    "tasks": _tasks_job,
    "role": _role_job,
    "playbook": read_playbook,
    "job": read_typed_job,
}
