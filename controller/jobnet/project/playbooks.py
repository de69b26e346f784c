"""Reads a playbook part: a playbook of the project, run as it is."""

from pathlib import Path

from jobnet.definition import PlaybookJob
from jobnet.project.composed import block_text, merged
from jobnet.project.context import Build, Place
from jobnet.project.keywords import BECOME, PLAY_KEYWORDS, TASK_KEYWORDS
from jobnet.project.nodes import Mapping, Scalar
from jobnet.project.paths import absolute, is_collection_playbook, missing_file_hint
from jobnet.project.schema.bodies import PlaybookShape
from jobnet.project.schema.values import YES, is_template
from jobnet.project.suggestions import shown, suggest
from jobnet.project.unit import UnitItem
from jobnet.project.validation import check, words_of


def read_playbook(item: UnitItem, place: Place, build: Build) -> PlaybookJob | None:
    """Return the job, or None after telling what is wrong."""
    known = words_of(PlaybookShape)
    wrong = [key for key in item.ansible if key not in known]
    for key in wrong:
        what, hint = f"`{shown(key)}` is not known here", suggest(key, known)
        if key in PLAY_KEYWORDS | TASK_KEYWORDS:
            what = f"A playbook is run as it is and takes no `{key}`"
            hint = "Write it in the playbook, or use `tasks` or `role`"
        build.object_to(item.pairs[key][0], place, "unknown_key", what, hint)
    if item.conditions:
        build.object_to(
            item.conditions[0],
            place.at("when"),
            "condition_of_playbook",
            "Only Ansible knows the names of this condition, and it asks them by task",
            "Put it on the tasks of the playbook",
        )
    keys = [key for key in item.ansible if key in known]
    shape = check(PlaybookShape, item.node, text=build.text, path=place.path, keys=keys)
    if shape is None or wrong:
        return None
    build.note(shape, item.node, place)
    if place.inherited.variables and "vars" not in item.ansible:
        what = "A playbook does not see the `vars` of a network or block"
        hint = "Write `vars` on this part: they are its extra vars"
        build.warn(item.pairs["playbook"][0], place, "vars_not_inherited", what, hint)
    path = existing_playbook(item.pairs["playbook"][1], place.at("playbook"), build)
    return None if path is None else _job(shape, path, item, place, build)


def _job(
    shape: PlaybookShape, path: str, item: UnitItem, place: Place, build: Build
) -> PlaybookJob:
    variables = shape.vars
    if variables is not None and not isinstance(variables, Mapping):
        build.object_to(variables, place.at("vars"), "wrong_type", "A mapping belongs here")
        variables = None
    become = inherited_become(place)
    return PlaybookJob(
        path=path,
        hosts=item.hosts,
        tags=tuple(shape.tags),
        skip_tags=tuple(shape.skip_tags),
        extra_vars=block_text(merged([variables])) if variables is not None else "",
        become=shape.become if shape.become is not None else become.get("become") in YES or None,
        become_user=shape.become_user or become.get("become_user"),
        become_method=shape.become_method or become.get("become_method"),
        become_flags=shape.become_flags or become.get("become_flags"),
        forks=shape.forks,
    )


def inherited_become(place: Place) -> dict[str, str]:
    """Return the words of ``become`` that a network or a block gives."""
    found: dict[str, str] = {}
    for key, node in place.inherited.keywords:
        if key in BECOME and isinstance(node, Scalar):
            found[key] = node.value.lower() if key == "become" else node.value
    return found


def existing_playbook(node: object, place: Place, build: Build) -> str | None:
    """Return the absolute path of a playbook, or None after telling that there is none."""
    assert isinstance(node, Scalar), "the shape has checked that this is a text"
    if is_template(node.value):
        build.object_to(
            node,
            place,
            "templated_playbook",
            "A playbook is named, never computed",
            "Use a branch with a part for each of them",
        )
        return None
    if is_collection_playbook(node.value):
        return node.value
    path = absolute(node.value, build.file_folder)
    if build.is_trusted:
        return path
    try:
        exists = Path(path).is_file()
    except (OSError, ValueError):
        exists = False
    if not exists:
        build.object_to(
            node,
            place,
            "missing_playbook",
            f"There is no playbook {shown(path, length_max=300)}",
            missing_file_hint(path) if "\0" not in path else "",
        )
        return None
    return path
