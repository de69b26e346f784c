"""Reads the parts that hold flows: blocks, branches, parallels, OR branches, for-each."""

# ruff: noqa: ARG001 - all containers are read through one signature

from jobnet.definition import (
    AnyOf,
    Block,
    Branch,
    CalendarBranch,
    Case,
    DayCase,
    ForEach,
    NamedFlow,
    Parallel,
)
from jobnet.project.conditions import split_condition
from jobnet.project.context import Build, FlowReader, Inherited, Place
from jobnet.project.keywords import HANDED_OVER, JOBNET_ONLY, RESERVED
from jobnet.project.nodes import Mapping, Node, child, entries
from jobnet.project.paths import inventories, joined_hosts
from jobnet.project.schema.attributes import UnitShape
from jobnet.project.schema.bodies import (
    AnyOfShape,
    BlockShape,
    BranchOfFlows,
    BranchShape,
    CalendarBranchShape,
    ForEachShape,
    ParallelShape,
)
from jobnet.project.trees import tree
from jobnet.project.validation import check

INHERITED_NODES = (
    "become",
    "become_user",
    "become_method",
    "become_flags",
    "become_exe",
    "environment",
    "tags",
)


def branch(shape: BranchShape, node: Node, place: Place, reader: FlowReader) -> Branch:
    """Return a condition branch."""
    _warn_without_else(shape, node, place, reader.build)
    cases = tuple(
        Case(when=case.when, name=case.name, flow=reader.flow(case.flow, _in_case(place, n)))
        for n, case in enumerate(shape.cases)
    )
    return Branch(cases=cases, else_flow=reader.flow(shape.else_flow, place.at("else")))


def calendar_branch(
    shape: CalendarBranchShape, node: Node, place: Place, reader: FlowReader
) -> CalendarBranch:
    """Return a calendar branch."""
    _warn_without_else(shape, node, place, reader.build)
    cases = tuple(
        DayCase(on=case.on, name=case.name, flow=reader.flow(case.flow, _in_case(place, n)))
        for n, case in enumerate(shape.cases)
    )
    otherwise = reader.flow(shape.else_flow, place.at("else"))
    return CalendarBranch(calendar=shape.calendar, cases=cases, else_flow=otherwise)


def _warn_without_else(
    shape: BranchShape | CalendarBranchShape, node: Node, place: Place, build: Build
) -> None:
    if "else_flow" not in shape.model_fields_set:
        build.warn(
            node,
            place,
            "branch_without_else",
            "Where no case fits, this branch does nothing",
            "Add `else: []` if that is meant, or what to do then",
        )


def _in_case(place: Place, index: int) -> Place:
    return place.at("cases", index, "flow")


def parallel(shape: ParallelShape, node: Node, place: Place, reader: FlowReader) -> Parallel:
    """Return a parallel."""
    return Parallel(branches=_branches(shape.branches, place, reader), limit=shape.limit)


def any_of(shape: AnyOfShape, node: Node, place: Place, reader: FlowReader) -> AnyOf:
    """Return an OR branch."""
    return AnyOf(branches=_branches(shape.branches, place, reader), losers=shape.losers)


def _branches(
    branches: list[BranchOfFlows], place: Place, reader: FlowReader
) -> tuple[NamedFlow, ...]:
    return tuple(
        NamedFlow(name=one.name, flow=reader.flow(one.flow, place.at("branches", n, "flow")))
        for n, one in enumerate(branches)
    )


def for_each(
    shape: ForEachShape, node: Node, place: Place, reader: FlowReader, loop: str
) -> ForEach:
    """Return a for-each part; ``items`` see what is around it, ``key`` and the flow the item."""
    name = shape.as_name
    taken = HANDED_OVER | JOBNET_ONLY | RESERVED | set(place.scope.loop_names)
    if name in taken or name.startswith("ansible_"):
        reader.build.object_to(
            child(node, "as") or node,
            place.at("as"),
            "reserved_name",
            f"`{name}` already has a meaning here",
            "Choose another name",
        )
    inside = place.in_loop(loop, name)
    if shape.key is not None:
        reader.build.note(shape.key, child(node, "key") or node, inside.at("key"))
    return ForEach(
        items=tree(shape.items, place.at("items"), reader.build),
        as_name=name,
        flow=reader.flow(shape.flow, inside.at("flow")),
        key=shape.key,
        limit=shape.limit,
    )


def block(shape: BlockShape, node: Node, place: Place, reader: FlowReader) -> Block:
    """Return a block; ``place`` already inherits what the block gives."""
    return Block(
        flow=reader.flow(shape.block, place.at("block")),
        rescue=reader.flow(shape.rescue, place.at("rescue").in_rescue()),
        always=reader.flow(shape.always, place.at("always")),
    )


def inherit(node: Mapping, place: Place, build: Build) -> Place:
    """Return the place with what a network or a block gives to the unit jobs in it.

    Of its ``when`` only the conditions that Ansible asks are inherited; what Jobnet asks
    belongs to the block as a part.
    """
    pairs = entries(node)
    given = check(UnitShape, node, text=build.text, path=place.path, keys=("inventory", "hosts"))
    if given is not None:
        build.note(given, node, place)
    outer = place.inherited
    variables = pairs["vars"][1] if "vars" in pairs else None
    if variables is not None and not isinstance(variables, Mapping):
        build.object_to(variables, place.at("vars"), "wrong_type", "A mapping belongs here")
        variables = None
    when = pairs["when"][1] if "when" in pairs else None
    return place.inheriting(
        Inherited(
            inventory=inventories(given.inventory if given else (), build.file_folder)
            or outer.inventory,
            hosts=joined_hosts(given.hosts) if given and given.hosts else outer.hosts,
            keywords=outer.keywords
            + tuple((key, pairs[key][1]) for key in INHERITED_NODES if key in pairs),
            variables=outer.variables + ((variables,) if variables is not None else ()),
            conditions=outer.conditions + _ansible_conditions(when, place, build),
        )
    )


def _ansible_conditions(when: Node | None, place: Place, build: Build) -> tuple[Node, ...]:
    if when is None:
        return ()
    mentions = len(build.mentions)
    _, theirs = split_condition(when, place.at("when"), build)
    del build.mentions[mentions:]  # the block's own condition is noted where it is read
    return theirs
