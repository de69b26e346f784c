"""Reads a file that is one plain list, as Ansible's own playbooks and task files are.

It is a network named after the file. A playbook is one part and runs as it is. Of a list of
tasks, neighbours with equal ``hosts`` are one job, so that what they register stays known.
"""

from collections.abc import Iterator
from itertools import groupby

from jobnet.definition import Flow, Network, Part, PlaybookJob, UnitJob
from jobnet.expressions import Template
from jobnet.ids import NetworkName, PartId
from jobnet.project.composed import sequence, without
from jobnet.project.context import Build, Place
from jobnet.project.folders import qualified
from jobnet.project.handover import read_by
from jobnet.project.keywords import PLAY_KEYWORDS
from jobnet.project.kinds import Kind, kind_of
from jobnet.project.names import Ids, slug
from jobnet.project.networks import Surroundings, new_build
from jobnet.project.nodes import Mapping, Node, Scalar, Sequence, child, entries, position_of
from jobnet.project.parts import Reader, written_ids
from jobnet.project.plays import play
from jobnet.project.scopes import check_mentions, with_known_reads
from jobnet.project.structure import structure_problems
from jobnet.project.suggestions import shown
from jobnet.project.tasks import object_to_tasks
from jobnet.project.trees import template_at
from jobnet.project.validation import Text

PLAY_SIGNS = frozenset(
    {
        "tasks",
        "roles",
        "pre_tasks",
        "post_tasks",
        "import_playbook",
        "ansible.builtin.import_playbook",
    }
)
JOBNET_KINDS = frozenset(
    {
        "branch",
        "dialog",
        "calendar_branch",
        "parallel",
        "any_of",
        "continue_from",
        "wait_network",
        "wait_part",
        "wait_file",
        "wait_until",
        "wait_for",
        "send_event",
        "wait_event",
        "for_each",
        "notify",
        "network",
        "playbook",
        "role",
        "job",
    }
)


def read_list(
    items: Sequence, text: Text, around: Surroundings, *, hosts: str | None
) -> Network | None:
    """Return the network that a list stands for."""
    build = new_build(text, around, Ids(frozenset(written_ids(items))))
    flow = tuple(_parts(items, build, around, hosts))
    check_mentions(build, params=())
    text.findings.extend(structure_problems(flow, frozenset(build.parts)))
    flow = with_known_reads(flow, build.parts)
    name = slug(around.file.stem) or "network"
    return Network(
        name=NetworkName(qualified(around.folder, name)),
        flow=flow,
        folder=around.folder,
        file=str(around.file),
        project_root=str(around.root),
        position=position_of(items, text.file),
    )


def _parts(
    items: Sequence, build: Build, around: Surroundings, hosts: str | None
) -> Iterator[Part]:
    if items.items and all(_is_play(item) for item in items.items):
        yield _whole_playbook(items, build, around, hosts)
        return
    sorts = [(index, item, _sort(item)) for index, item in enumerate(items.items)]
    for sort, group in groupby(sorts, key=lambda one: one[2]):
        members = [(index, item) for index, item, _ in group]
        if sort == "part":
            yield from _jobnet_parts(members, build)
        elif sort == "play":
            for index, item in members:
                yield from _play_part(index, item, build)
        else:
            yield from _task_parts(members, build, hosts)


def _sort(item: Node) -> str:
    if not isinstance(item, Mapping):
        return "task"
    if _is_play(item):
        return "play"
    kind = kind_of(entries(item))
    return "part" if isinstance(kind, Kind) and kind.name in JOBNET_KINDS else "task"


def _is_play(item: Node) -> bool:
    if not isinstance(item, Mapping):
        return False
    pairs = entries(item)
    imports = any(key.endswith("import_playbook") for key in pairs)
    return imports or (
        "hosts" in pairs and (bool(PLAY_SIGNS & set(pairs)) or set(pairs) <= PLAY_KEYWORDS)
    )


def _whole_playbook(items: Sequence, build: Build, around: Surroundings, hosts: str | None) -> Part:
    part_id, is_named = build.ids.derive(around.file.stem, "playbook")
    limit = _given_hosts(hosts, items, build) if hosts else None
    content = PlaybookJob(path=str(around.file), hosts=limit)
    return Part(
        id=PartId(part_id),
        is_named=is_named,
        name=around.file.name,
        body=UnitJob(content=content, reads_parts=None),
        path="[0]",
        position=build.position(items),
    )


def _given_hosts(text: str, node: Node, build: Build) -> Template | None:
    """Return the pattern of ``--hosts``; what is wrong with it is told at the first task."""
    scalar = Scalar(text, '"', None, node.line, node.column)
    return template_at(scalar, Place(path="--hosts"), build)


def _jobnet_parts(members: list[tuple[int, Node]], build: Build) -> Flow:
    reader = Reader(build)
    found = (reader.part(item, Place().at(index)) for index, item in members)
    return tuple(part for part in found if part is not None)


def _play_part(index: int, item: Node, build: Build) -> Iterator[Part]:
    assert isinstance(item, Mapping), "a play is a mapping"
    pairs, place = entries(item), Place().at(index)
    if any(key.endswith("import_playbook") for key in pairs):
        build.object_to(
            item,
            place,
            "import_playbook",
            "A playbook cannot be imported among tasks",
            "Write `playbook: FILE`, or keep plays and tasks in files of their own",
        )
        return
    object_to_tasks(sequence([item]), place, build)
    own = {key: value for key, (_, value) in pairs.items() if key not in {"hosts", "name", "vars"}}
    variables = pairs["vars"][1] if "vars" in pairs else None
    keywords = {"gather_facts": Scalar("true", "", None, 0, 0), **own}
    content = play(
        keywords,
        hosts=_hosts(pairs["hosts"][1], place.at("hosts"), build),
        variables=[variables] if isinstance(variables, Mapping) else [],
        summary="play",
    )
    yield _part(
        UnitJob(content=content, reads_parts=read_by(content.keywords).parts, keeps_host_vars=True),
        _name(item),
        item,
        place,
        build,
    )


def _task_parts(members: list[tuple[int, Node]], build: Build, hosts: str | None) -> Iterator[Part]:
    for _, group in groupby(members, key=lambda one: _pattern(one[1])):
        tasks = list(group)
        index, first = tasks[0]
        place = Place().at(index)
        if any(not isinstance(task, Mapping) for _, task in tasks):
            build.object_to(first, place, "no_part", "A task is a mapping", "Write `MODULE: args`")
            continue
        texts = sequence(without(task, ["hosts"]) for _, task in tasks if isinstance(task, Mapping))
        object_to_tasks(texts, Place(), build)
        where = child(first, "hosts")
        target = _hosts(where, place.at("hosts"), build) if where is not None else None
        if target is None and where is None and hosts:
            target = _given_hosts(hosts, first, build)
        if target is None and where is None:
            build.object_to(
                first,
                place,
                "no_hosts",
                "These tasks say on which hosts they run nowhere",
                "Give --hosts PATTERN, or add `hosts` to each",
            )
        count = len(tasks)
        content = play(
            {"tasks": texts}, hosts=target, summary="1 task" if count == 1 else f"{count} tasks"
        )
        job = UnitJob(
            content=content, reads_parts=read_by(content.keywords).parts, keeps_host_vars=True
        )
        yield _part(job, _name(first), first, place, build)


def _pattern(item: Node) -> str:
    where = child(item, "hosts") if isinstance(item, Mapping) else None
    if isinstance(where, Scalar):
        return where.value
    return (
        ""
        if where is None
        else ",".join(one.value for one in getattr(where, "items", ()) if isinstance(one, Scalar))
    )


def _hosts(node: Node, place: Place, build: Build) -> Template | None:
    pattern = (
        node.value
        if isinstance(node, Scalar)
        else ",".join(one.value for one in getattr(node, "items", ()) if isinstance(one, Scalar))
    )
    return template_at(Scalar(pattern, '"', None, node.line, node.column), place, build)


def _name(item: Node) -> str:
    name = child(item, "name")
    if isinstance(name, Scalar):
        return name.value
    kind = kind_of(entries(item)) if isinstance(item, Mapping) else None
    return shown(kind.module.rpartition(".")[2]) if isinstance(kind, Kind) else ""


def _part(job: UnitJob, name: str, node: Node, place: Place, build: Build) -> Part:
    part_id, is_named = build.ids.derive(name, "job")
    return Part(
        id=PartId(part_id),
        is_named=is_named,
        name=name,
        body=job,
        path=place.path,
        position=build.position(node),
    )
