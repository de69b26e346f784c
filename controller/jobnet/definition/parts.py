"""Says what a part is: its kind, its place in the text and the attributes all parts share."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from jobnet.definition.attributes import Care, Deadlines, ErrorRules, Placement
from jobnet.definition.bodies import (
    AnyOf,
    Block,
    Body,
    Branch,
    CalendarBranch,
    ForEach,
    Parallel,
)
from jobnet.definition.positions import NOWHERE, Position
from jobnet.expressions import Expression
from jobnet.ids import PartId


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One step of a network.

    ``id`` is unique in its network; ``is_named`` is False for the ids that Jobnet made up
    (``branch_2``), which no expression may name. ``path`` is where it stands in the text:
    ``flow[3].rescue[0]``.
    """

    id: PartId
    body: Body
    name: str = ""
    is_named: bool = True
    path: str = ""
    position: Position = NOWHERE
    when: Expression | None = None
    errors: ErrorRules = field(default_factory=ErrorRules)
    deadlines: Deadlines = field(default_factory=Deadlines)
    placement: Placement = field(default_factory=Placement)
    care: Care = field(default_factory=Care)
    hold: bool = False
    skip: bool = False
    no_exec: bool = False


Flow = tuple[Part, ...]


def flows_of(part: Part) -> tuple[tuple[str, Flow], ...]:
    """Return the flows inside a part with the name of their slot, in the order of the text.

    A slot is ``flow``, ``rescue``, ``always``, ``case0``, ``else``, ``branch0`` or ``item``;
    a leaf has none, and so has a called network, whose flow stands in another document.
    """
    body = part.body
    match body:
        case Block():
            slots = (("flow", body.flow), ("rescue", body.rescue), ("always", body.always))
            return tuple(slot for slot in slots if slot[1] or slot[0] == "flow")
        case Branch(cases=cases, else_flow=else_flow):
            return _cases(tuple(case.flow for case in cases), else_flow)
        case CalendarBranch(cases=days, else_flow=else_flow):
            return _cases(tuple(case.flow for case in days), else_flow)
        case Parallel() | AnyOf():
            return tuple((f"branch{n}", branch.flow) for n, branch in enumerate(body.branches))
        case ForEach():
            return (("item", body.flow),)
        case _:
            return ()


def _cases(flows: "tuple[Flow, ...]", else_flow: "Flow") -> "tuple[tuple[str, Flow], ...]":
    """Return the slots of a branch; an empty ``else`` has none."""
    cases = tuple((f"case{number}", flow) for number, flow in enumerate(flows))
    return (*cases, ("else", else_flow)) if else_flow else cases


def walk(flow: Flow) -> Iterator[Part]:
    """Yield every part of a flow and of the flows inside it, in the order of the text."""
    for part in flow:
        yield part
        for _, inner in flows_of(part):
            yield from walk(inner)
