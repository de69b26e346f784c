"""Reads ``start_on`` of networks and schedules, and replaces the names in it by qualified ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from jobnet.definition import Param
from jobnet.expressions import Template, parse_template
from jobnet.project.nodes import Node, child
from jobnet.project.paths import inventories
from jobnet.project.schema.start_conditions import ConditionShape, FileSourceShape, StartOnShape
from jobnet.project.scopes import EVENT_WORDS
from jobnet.project.suggestions import shown, suggest
from jobnet.project.validation import Text, join
from jobnet.schedules import (
    AllOf,
    AnyOf,
    Condition,
    EventArrived,
    FileArrived,
    Leaf,
    NetworkEnded,
    Source,
    StartCondition,
    WantedEnd,
    WebhookCalled,
    leaves,
)

VISIBLE = frozenset({"event", "range", "dict", "true", "false", "none", "True", "False", "None"})

Rename = Callable[[str, str, str], str]
"""Gives the qualified name for a kind, a name as it was written, and the path where it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a condition finds around it: the folder that paths count from, and an inventory."""

    folder: str
    inventory: tuple[Template, ...] = ()


def read_start_on(
    shape: StartOnShape | None, node: Node, text: Text, around: Around
) -> StartCondition | None:
    """Return the condition that a document holds; what its expressions cannot see is told."""
    if shape is None:
        return None
    condition = StartCondition(
        when=_condition(shape, "", around),
        first=shape.within.from_ if shape.within else None,
        last=shape.within.to if shape.within else None,
        once_per_day=shape.once_per is not None,
    )
    where = child(node, "start_on") or node
    for leaf in leaves(condition.when):
        _check_names(leaf, where, text)
    return condition


def _condition(shape: ConditionShape, place: str, around: Around) -> Condition:
    for word, group in (("all", shape.all_), ("any", shape.any_)):
        if group is not None:
            inner = tuple(
                _condition(one, f"{place}{word}.{index}.", around)
                for index, one in enumerate(group)
            )
            return AllOf(conditions=inner) if word == "all" else AnyOf(conditions=inner)
    return Leaf(
        id=place.rstrip(".") or shape.given[0], source=_source(shape, around), request_as=shape.as_
    )


def _source(shape: ConditionShape, around: Around) -> Source:
    if shape.network is not None:
        return NetworkEnded(network=shape.network, result=shape.result or WantedEnd.NORMAL)
    if shape.event is not None:
        return EventArrived(name=shape.event.name, where=shape.event.where)
    if shape.webhook is not None:
        return WebhookCalled(path=shape.webhook.path, credential=shape.webhook.credential)
    assert shape.file is not None, "the shape has exactly one source"
    return _file(shape.file, around)


def _file(file: FileSourceShape, around: Around) -> FileArrived:
    named = tuple(parse_template(one) for one in file.inventory)
    inventory = inventories(named, around.folder) or around.inventory
    arrived = FileArrived(
        hosts=file.hosts,
        path=file.path,
        event=file.event,
        inventory=tuple(one.text for one in inventory if one.is_constant),
    )
    return replace(
        arrived,
        settle=arrived.settle if file.settle is None else file.settle,
        poll=arrived.poll if file.poll is None else file.poll,
    )


def path_of(leaf: Leaf, *words: str) -> str:
    """Return where a source stands below ``start_on``, or one of its words.

    >>> path_of(Leaf(id="all.0", source=NetworkEnded(network="load")), "network")
    'start_on.all[0].network'
    """
    path = "start_on"
    for step in _steps(leaf):
        path = join(path, step)
    for word in words:
        path = join(path, word)
    return path


def node_of(leaf: Leaf, start_on: Node, *words: str) -> Node:
    """Return the node of a source or of one of its words, as near as the text has it."""
    node = start_on
    for step in (*_steps(leaf), *words):
        inner = child(node, step)
        if inner is None:
            return node
        node = inner
    return node


def _steps(leaf: Leaf) -> tuple[str | int, ...]:
    if "." not in leaf.id:
        return ()
    return tuple(int(step) if step.isdigit() else step for step in leaf.id.split("."))


def _check_names(leaf: Leaf, start_on: Node, text: Text) -> None:
    """Tell the names that ``where`` reads and that nothing defines: only the event is there."""
    if not isinstance(leaf.source, EventArrived) or leaf.source.where is None:
        return
    node, path = node_of(leaf, start_on, "event", "where"), path_of(leaf, "event", "where")
    for name, *more in leaf.source.where.references:
        if name not in VISIBLE:
            what = f"`{shown(name)}` is not known here"
            text.object_to(node, path, "unknown_name", what, "Only `event` exists before a run")
        elif name == "event" and more and more[0] not in EVENT_WORDS:
            what = f"`event` has no `{shown(more[0])}`"
            text.object_to(node, path, "unknown_name", what, suggest(more[0], EVENT_WORDS))


def request_objection(name: str | None, params: Mapping[str, Param]) -> tuple[str, str, str] | None:
    """Return code, what and hint where a param cannot take what came, or None."""
    if name is None:
        return None
    if name not in params:
        what = f"The network declares no param `{shown(name)}` that could take what came"
        return "unknown_param", what, f"Declare `{shown(name)}: {{type: dict}}` in its `params`"
    if params[name].type != "dict":
        what = f"The param `{name}` is a {params[name].type}, and what came is a dict"
        return "wrong_type", what, "Declare it with `type: dict`"
    return None


def renamed_condition(condition: StartCondition, rename: Rename) -> StartCondition:
    """Return a start condition that names networks and credentials by their qualified names."""
    return replace(condition, when=_renamed(condition.when, rename))


def _renamed(condition: Condition, rename: Rename) -> Condition:
    if isinstance(condition, Leaf):
        return replace(condition, source=_renamed_source(condition, rename))
    inner = tuple(_renamed(one, rename) for one in condition.conditions)
    return replace(condition, conditions=inner)


def _renamed_source(leaf: Leaf, rename: Rename) -> Source:
    match leaf.source:
        case NetworkEnded(network=name) as source:
            at = path_of(leaf, "network")
            return replace(source, network=rename("network", name, at))
        case WebhookCalled(credential=name) as source:
            at = path_of(leaf, "webhook", "credential")
            return replace(source, credential=rename("credential", name, at))
        case source:
            return source
