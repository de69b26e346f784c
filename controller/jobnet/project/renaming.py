"""Replaces the names in a flow by the keys of the bundle that they mean."""

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
    NamedFlow,
    Notify,
    Parallel,
    Part,
    SubNetwork,
    WaitNetwork,
    WaitPart,
)
from jobnet.expressions import Template, parse_template

Rename = Callable[[str, str], str]
"""Gives the key for a kind of document and a name as it was written."""


def renamed_flow(flow: Flow, rename: Rename) -> Flow:
    """Return a flow whose bodies and attributes hold keys instead of written names."""
    return tuple(_renamed_part(part, rename) for part in flow)


def _renamed_part(part: Part, rename: Rename) -> Part:
    queue = part.placement.queue
    placement = part.placement
    if queue is not None:
        placement = replace(placement, queue=rename("queue", queue))
    return replace(part, body=_renamed_body(part.body, rename), placement=placement)


def _renamed_body(body: Body, rename: Rename) -> Body:
    match body:
        case SubNetwork() | WaitNetwork():
            return replace(body, network=rename("network", body.network))
        case WaitPart() if body.network is not None:
            return replace(body, network=rename("network", body.network))
        case Notify():
            return replace(body, to=tuple(_renamed_address(one, rename) for one in body.to))
        case _:
            return _renamed_container(body, rename)


def _renamed_container(body: Body, rename: Rename) -> Body:
    match body:
        case Block():
            return replace(
                body,
                flow=renamed_flow(body.flow, rename),
                rescue=renamed_flow(body.rescue, rename),
                always=renamed_flow(body.always, rename),
            )
        case Branch():
            cases = tuple(replace(one, flow=renamed_flow(one.flow, rename)) for one in body.cases)
            return replace(body, cases=cases, else_flow=renamed_flow(body.else_flow, rename))
        case CalendarBranch():
            days = tuple(replace(one, flow=renamed_flow(one.flow, rename)) for one in body.cases)
            calendar = None if body.calendar is None else rename("calendar", body.calendar)
            otherwise = renamed_flow(body.else_flow, rename)
            return replace(body, calendar=calendar, cases=days, else_flow=otherwise)
        case Parallel() | AnyOf():
            return replace(body, branches=_renamed_branches(body.branches, rename))
        case ForEach():
            return replace(body, flow=renamed_flow(body.flow, rename))
        case _:
            return body


def _renamed_branches(branches: tuple[NamedFlow, ...], rename: Rename) -> tuple[NamedFlow, ...]:
    return tuple(replace(one, flow=renamed_flow(one.flow, rename)) for one in branches)


def is_document_name(text: Template) -> bool:
    """Return whether an entry of ``to`` names a notification rather than an address."""
    return text.is_constant and "@" not in text.text and "://" not in text.text


def _renamed_address(address: Template, rename: Rename) -> Template:
    if not is_document_name(address):
        return address
    name = rename("notification", address.text)
    return address if name == address.text else parse_template(name)
