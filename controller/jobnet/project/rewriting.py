"""Changes the parts of a flow and of all flows inside it, and leaves the rest as it is."""

from collections.abc import Callable
from dataclasses import replace

from jobnet.definition import (
    AnyOf,
    Block,
    Body,
    Branch,
    CalendarBranch,
    Flow,
    ForEach,
    Parallel,
    Part,
)

Change = Callable[[Part], Part]


def rewritten(flow: Flow, change: Change) -> Flow:
    """Return the flow with every part changed, those inside a container before it."""
    return tuple(change(_with_inner(part, change)) for part in flow)


def _with_inner(part: Part, change: Change) -> Part:
    body = _rewritten_body(part.body, change)
    return part if body is part.body else replace(part, body=body)


def _rewritten_body(body: Body, change: Change) -> Body:
    match body:
        case Block():
            return replace(
                body,
                flow=rewritten(body.flow, change),
                rescue=rewritten(body.rescue, change),
                always=rewritten(body.always, change),
            )
        case Branch():
            cases = tuple(replace(one, flow=rewritten(one.flow, change)) for one in body.cases)
            return replace(body, cases=cases, else_flow=rewritten(body.else_flow, change))
        case CalendarBranch():
            days = tuple(replace(one, flow=rewritten(one.flow, change)) for one in body.cases)
            return replace(body, cases=days, else_flow=rewritten(body.else_flow, change))
        case Parallel() | AnyOf():
            branches = (replace(one, flow=rewritten(one.flow, change)) for one in body.branches)
            return replace(body, branches=tuple(branches))
        case ForEach():
            return replace(body, flow=rewritten(body.flow, change))
        case _:
            return body
