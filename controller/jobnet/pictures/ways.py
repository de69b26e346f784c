"""Names the ways through a container: its flows, what each is to it, and the words beside it."""

from collections.abc import Iterator

from jobnet.definition import Branch, CalendarBranch, Flow, ForEach, Part, flows_of
from jobnet.definition.bodies import AnyOf, Parallel
from jobnet.pictures.day_words import day_words
from jobnet.pictures.outline import Role

OTHERWISE = "otherwise"

_ROLES = {"flow": Role.FLOW, "item": Role.FLOW, "rescue": Role.RESCUE, "always": Role.ALWAYS}


def ways_of(part: Part) -> tuple[tuple[str, Flow], ...]:
    """Return the flows of a part by slot, with the way past a branch that has no ``else``."""
    flows = flows_of(part)
    match part.body:
        case Branch(else_flow=()) | CalendarBranch(else_flow=()):
            return (*flows, ("else", ()))
        case _:
            return flows


def role_of(slot: str) -> Role:
    """Return what a slot is to its container."""
    return _ROLES.get(slot, Role.BRANCH)


def is_past(slot: str, flow: Flow, taken: str | None) -> bool:
    """Return whether this is the way past a branch of which a run took no other way."""
    return slot == "else" and not flow and not taken


def labels_of(part: Part) -> dict[str, str]:
    """Return the words beside each way that needs some, by slot."""
    return dict(_labels(part))


def _labels(part: Part) -> Iterator[tuple[str, str]]:
    match part.body:
        case Branch(cases=cases):
            for number, case in enumerate(cases):
                yield f"case{number}", case.name or case.when.text
            yield "else", OTHERWISE
        case CalendarBranch(cases=days):
            for number, day in enumerate(days):
                yield f"case{number}", day.name or day_words(day.on)
            yield "else", OTHERWISE
        case Parallel(branches=branches) | AnyOf(branches=branches):
            for number, branch in enumerate(branches):
                yield f"branch{number}", branch.name
        case ForEach(as_name=name):
            yield "item", f"each {name}"
        case _:
            return
