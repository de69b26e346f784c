"""Reads a job type document: its params, its exit rule, and that Ansible has something to run."""

from jobnet.project.context import Build, Place
from jobnet.project.job_types import JobType
from jobnet.project.keywords import HANDED_OVER, PLAY_KEYWORDS, RESERVED
from jobnet.project.names import Ids
from jobnet.project.networks import Surroundings, new_build, read_params
from jobnet.project.nodes import Mapping, Node, Scalar, Sequence, child, entries, position_of
from jobnet.project.playbooks import existing_playbook
from jobnet.project.scalars import value_of
from jobnet.project.schema.documents import JobTypeShape
from jobnet.project.tasks import object_to_tasks
from jobnet.project.trees import template_at
from jobnet.project.validation import Text, check, join, words_of

CONTENTS = ("tasks", "role", "playbook")


def read_job_type(node: Mapping, text: Text, around: Surroundings) -> JobType | None:
    """Return the job type, or None after telling what is wrong with it."""
    pairs = entries(node)
    words = set(words_of(JobTypeShape))
    ansible = {key for key in pairs if key in PLAY_KEYWORDS and key not in words}
    shape = check(JobTypeShape, node, text=text, path="", keys=set(pairs) - ansible)
    build = new_build(text, around, Ids(frozenset()))
    content = _content(node, pairs, build)
    hosts = child(node, "hosts")
    if isinstance(hosts, Scalar) and isinstance(value_of(hosts), str):
        template_at(hosts, Place(path="hosts"), build)
    if shape is None or content is None:
        return None
    _object_to_names(list(shape.params), child(node, "params"), text)
    return JobType(
        name=shape.name,
        folder=around.folder if shape.folder is None else shape.folder.strip("/"),
        title=shape.title,
        content=content,
        node=node,
        params=read_params(shape.params, child(node, "params"), "params", text),
        exit_code=shape.exit_code,
        exit_codes=shape.exit_codes,
        file=str(around.file),
        position=position_of(node, text.file),
    )


def _content(node: Mapping, pairs: dict[str, tuple[Scalar, Node]], build: Build) -> str | None:
    given = [key for key in CONTENTS if key in pairs]
    if len(given) != 1:
        what = "A job type runs one of tasks, role and playbook"
        hint = f"Keep one of {', '.join(given)}" if given else "Add `tasks`"
        build.object_to(node, Place(), "several_kinds" if given else "no_kind", what, hint)
        return None
    content, value = given[0], pairs[given[0]][1]
    place = Place(path=content)
    if content == "tasks":
        if not isinstance(value, Sequence) or not value.items:
            build.object_to(value, place, "wrong_type", "A list of tasks belongs here")
            return None
        object_to_tasks(value, place, build)
    elif not isinstance(value, Scalar) or not value.value:
        build.object_to(value, place, "wrong_type", f"The name of a {content} belongs here")
        return None
    elif content == "playbook":
        if "outputs" in pairs and child(node, "outputs") is not None:
            outputs = pairs["outputs"][1]
            if isinstance(outputs, Mapping) and outputs.pairs:
                build.object_to(
                    outputs,
                    Place(path="outputs"),
                    "outputs_of_playbook",
                    "A playbook publishes its own outputs",
                    "Use set_stats in it",
                )
        return content if existing_playbook(value, place, build) else None
    return content


def _object_to_names(names: list[str], node: Node | None, text: Text) -> None:
    for name in names:
        if name in HANDED_OVER | RESERVED or name.startswith("ansible_"):
            where = entries(node)[name][0] if isinstance(node, Mapping) else None
            if where is not None:
                text.object_to(
                    where,
                    join("params", name),
                    "reserved_name",
                    f"`{name}` already has a meaning in every job",
                    "Choose another name",
                )
