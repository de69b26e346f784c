"""Looks through tasks for what can never work in a job that nobody watches."""

from jobnet.project.context import Build, Place
from jobnet.project.emission import emit
from jobnet.project.keywords import HANDED_OVER, PLAY_KEYWORDS, TASK_KEYWORDS
from jobnet.project.kinds import FULL_NAME, unknown_builtin
from jobnet.project.nodes import Mapping, Node, Scalar, Sequence, entries
from jobnet.project.suggestions import shown

NESTED = ("block", "rescue", "always", "tasks", "pre_tasks", "post_tasks", "handlers")
RESERVED_FOR_REGISTER = HANDED_OVER | TASK_KEYWORDS | PLAY_KEYWORDS

KEYBOARDS = (
    (
        "debugger",
        "A debugger waits for a keyboard that a job does not have",
        "Remove it",
    ),
    (
        "vars_prompt",
        "Nobody can answer a prompt of a job",
        "Use `vars`, or a dialog before it",
    ),
)


def object_to_tasks(tasks: Node, place: Place, build: Build) -> None:
    """Tell what cannot work in a list of tasks and in the blocks inside it."""
    if not isinstance(tasks, Sequence):
        return
    for index, task in enumerate(tasks.items):
        if isinstance(task, Mapping):
            object_to_task(task, place.at(index), build)


def object_to_task(task: Mapping, place: Place, build: Build) -> None:
    """Tell what cannot work in one task, or in the item of a flow that holds tasks."""
    pairs = entries(task)
    for key, what, hint in KEYBOARDS:
        if key in pairs:
            build.object_to(pairs[key][0], place, key, what, hint)
    if "async" in pairs and _text(pairs.get("poll")) == "0":
        what = "With `poll: 0` nobody learns how the task ended"
        hint = "Leave `poll` out, or give it a number above 0"
        build.object_to(pairs["async"][0], place, "async_without_poll", what, hint)
    _warn_of_pause(pairs, place, build)
    for key in pairs:
        _object_to_module(key, pairs[key][0], place, build)
    _object_to_register(pairs, place, build)
    for key in NESTED:
        if key in pairs:
            object_to_tasks(pairs[key][1], place.at(key), build)


def _object_to_register(pairs: dict[str, tuple[Scalar, Node]], place: Place, build: Build) -> None:
    name = _text(pairs.get("register"))
    if name in RESERVED_FOR_REGISTER or name in place.scope.loop_names:
        what = f"`{name}` already has a meaning in every job"
        node = pairs["register"][1]
        build.object_to(node, place.at("register"), "reserved_name", what, "Choose another name")


def _warn_of_pause(pairs: dict[str, tuple[Scalar, Node]], place: Place, build: Build) -> None:
    """Warn of a pause that waits for a keyboard rather than for a time."""
    for key in ("pause", "ansible.builtin.pause"):
        text = emit(pairs[key][1]) if key in pairs else "seconds"
        if "seconds" not in text and "minutes" not in text:
            what = "This pause waits for a keyboard that a job does not have"
            hint = "Give it `seconds` or `minutes`, or use a dialog"
            build.warn(pairs[key][0], place, "prompt", what, hint)


def _object_to_module(key: str, node: Scalar, place: Place, build: Build) -> None:
    if not FULL_NAME.match(key):
        return
    near = unknown_builtin(key)
    if near is not None:
        hint = f"Did you mean `ansible.builtin.{near}`?" if near else ""
        what = f"ansible-core has no module `{shown(key)}`"
        build.object_to(node, place, "unknown_module", what, hint)
    elif not build.is_trusted and (objection := build.collections.objection(key)):
        build.object_to(node, place, "unknown_module", *objection)


def _text(pair: tuple[Scalar, Node] | None) -> str:
    return pair[1].value if pair and isinstance(pair[1], Scalar) else ""
