"""Reads a network document into its definition, with all that is wrong with it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from jobnet.definition import ErrorRules, Flow, Network, Param, Part, Placement
from jobnet.expressions import Expression
from jobnet.ids import NetworkName
from jobnet.project import containers
from jobnet.project.attributes import care, deadlines
from jobnet.project.collections import Collections
from jobnet.project.conditions import joined_condition, split_condition
from jobnet.project.context import Build, Place
from jobnet.project.folders import qualified
from jobnet.project.job_types import JobType
from jobnet.project.mentions import Scope
from jobnet.project.names import Ids
from jobnet.project.nodes import Mapping, child, entries, position_of
from jobnet.project.params import Unfit, convert, declared
from jobnet.project.parts import Reader, written_ids
from jobnet.project.problems import Problem
from jobnet.project.schema.documents import NetworkShape, ParamShape
from jobnet.project.scopes import check_mentions, with_known_reads
from jobnet.project.start_conditions import (
    Around,
    node_of,
    path_of,
    read_start_on,
    request_objection,
)
from jobnet.project.structure import structure_problems
from jobnet.project.validation import Text, check, join
from jobnet.schedules import StartCondition, leaves


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where a document stands, and how it finds the job types that it uses.

    ``is_trusted``: it was checked before; what is missing on the disk now is Ansible's to tell.
    """

    file: Path
    root: Path
    folder: str
    find_job_type: Callable[[str], JobType | Problem | None]
    job_type_names: Callable[[], tuple[str, ...]]
    collections: Collections
    is_trusted: bool = False


def new_build(text: Text, around: Surroundings, ids: Ids) -> Build:
    """Return an empty build for one network of a file."""
    return Build(
        text=text,
        ids=ids,
        folder=around.folder,
        file_folder=str(around.file.parent),
        find_job_type=around.find_job_type,
        job_type_names=around.job_type_names,
        collections=around.collections,
        is_trusted=around.is_trusted,
    )


def read_network(node: Mapping, text: Text, around: Surroundings) -> Network | None:
    """Return the network as far as it can be understood, None where its own keys cannot."""
    shape = check(NetworkShape, node, text=text, path="")
    flow_node = child(node, "flow")
    build = new_build(text, around, Ids(frozenset(written_ids(flow_node))))
    pairs = entries(node)
    when, _ = split_condition(
        pairs["when"][1] if "when" in pairs else None, Place(path="when"), build
    )
    inside = containers.inherit(node, Place(), build)
    flow = Reader(build).flow(flow_node, inside.at("flow"))
    if shape is None:
        return None
    build.note(shape.model_copy(update={"start_on": None}), node, Place(), Scope())
    params = read_params(shape.params, child(node, "params"), "params", text)
    check_mentions(build, params=frozenset(params))
    text.findings.extend(structure_problems(flow, frozenset(build.parts)))
    flow = with_known_reads(flow, build.parts)
    network = _network(
        shape,
        flow if when is None else _guarded(flow, when, node, build),
        params,
        build,
        node,
        around,
    )
    start_on = _start_on(shape, params, node, build, inside)
    return network if start_on is None else replace(network, start_on=start_on)


def _guarded(flow: Flow, when: Expression, node: Mapping, build: Build) -> Flow:
    """Return a flow whose parts all ask the network's own condition first."""
    guarded: list[Part] = []
    for part in flow:
        both = when if part.when is None else joined_condition([when.text, part.when.text])
        if both is None:
            what = f"The condition of `{part.id}` and that of the network are too long together"
            build.object_to(node, Place(path="when"), "text_too_long", what)
        guarded.append(replace(part, when=both))
    return tuple(guarded)


def _network(
    shape: NetworkShape,
    flow: Flow,
    params: dict[str, Param],
    build: Build,
    node: Mapping,
    around: Surroundings,
) -> Network:
    folder = around.folder if shape.folder is None else shape.folder.strip("/")
    return Network(
        name=NetworkName(qualified(folder, shape.name)),
        flow=flow,
        title=shape.title,
        folder=folder,
        labels=dict(shape.labels),
        params=params,
        calendar=shape.calendar,
        timezone=shape.timezone,
        limit=shape.limit,
        overlap=shape.overlap,
        outputs=dict(shape.outputs),
        errors=ErrorRules(exit_code=shape.exit_code, exit_codes=shape.exit_codes),
        deadlines=deadlines(shape),
        placement=Placement(queue=shape.queue, priority=shape.priority, warm=shape.warm),
        care=care(shape),
        four_eyes=tuple(shape.four_eyes),
        exit_code=shape.exit_code,
        file=str(around.file),
        project_root=str(around.root),
        position=position_of(node, build.text.file),
    )


def _start_on(
    shape: NetworkShape, params: dict[str, Param], node: Mapping, build: Build, inside: Place
) -> StartCondition | None:
    """Return what starts the network; the param that is to take what came must be declared."""
    around = Around(folder=build.file_folder, inventory=inside.inherited.inventory)
    condition = read_start_on(shape.start_on, node, build.text, around)
    for leaf in leaves(condition.when) if condition is not None else ():
        objection = request_objection(leaf.request_as, params)
        if objection is not None:
            where = node_of(leaf, child(node, "start_on") or node, "as")
            build.text.object_to(where, path_of(leaf, "as"), *objection)
    return condition


def read_params(
    shapes: dict[str, ParamShape], node: object, path: str, text: Text
) -> dict[str, Param]:
    """Return declared params; a default that does not fit its own declaration is told."""
    found: dict[str, Param] = {}
    for name, shape in shapes.items():
        param = declared(shape)
        found[name] = param
        if "default" not in shape.model_fields_set or shape.default is None:
            continue
        try:
            found[name] = replace(param, default=convert(shape.default, param))
        except Unfit as objection:
            where = child(child(node, name), "default")  # type: ignore[arg-type]
            if where is not None:
                text.object_to(
                    where,
                    join(join(path, name), "default"),
                    "wrong_type",
                    f"The default does not fit: {objection}",
                )
    return found
