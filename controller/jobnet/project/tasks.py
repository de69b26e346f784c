"""Looks through tasks for what can never work in a job that nobody watches."""

from jobnet.project.context import Build, Place
from jobnet.project.keywords import HANDED_OVER, PLAY_KEYWORDS, TASK_KEYWORDS
from jobnet.project.nodes import Mapping, Node, Scalar, Sequence, entries

NESTED = ("block", "rescue", "always", "tasks", "pre_tasks", "post_tasks", "handlers")
RESERVED_FOR_REGISTER = HANDED_OVER | TASK_KEYWORDS | PLAY_KEYWORDS


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
    if "debugger" in pairs:
        build.object_to(
            pairs["debugger"][0],
            place,
            "debugger",
            "A debugger waits for a keyboard that a job does not have",
            "Remove it",
        )
    if "vars_prompt" in pairs:
        build.object_to(
            pairs["vars_prompt"][0],
            place,
            "prompt",
            "Nobody can answer a prompt of a job",
            "Use `vars`, or a dialog before it",
        )
    if "async" in pairs and _text(pairs.get("poll")) == "0":
        build.object_to(
            pairs["async"][0],
            place,
            "async_without_poll",
            "With `poll: 0` nobody learns how the task ended",
            "Leave `poll` out, or give it a number above 0",
        )
    register = pairs.get("register")
    name = _text(register)
    if register and (name in RESERVED_FOR_REGISTER or name in place.scope.loop_names):
        build.object_to(
            register[1],
            place.at("register"),
            "reserved_name",
            f"`{name}` already has a meaning in every job",
            "Choose another name",
        )
    for key in NESTED:
        if key in pairs:
            object_to_tasks(pairs[key][1], place.at(key), build)


def _text(pair: tuple[Scalar, Node] | None) -> str:
    return pair[1].value if pair and isinstance(pair[1], Scalar) else ""
