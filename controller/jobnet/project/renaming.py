"""Replaces the names in a flow by the keys of the bundle that they mean."""

from collections.abc import Callable
from dataclasses import replace

from jobnet.definition import (
    Body,
    CalendarBranch,
    Flow,
    Notify,
    Part,
    SubNetwork,
    WaitNetwork,
    WaitPart,
)
from jobnet.expressions import Template, parse_template
from jobnet.project.rewriting import rewritten

Rename = Callable[[str, str], str]
"""Gives the key for a kind of document and a name as it was written."""


def renamed_flow(flow: Flow, rename: Rename) -> Flow:
    """Return a flow whose bodies and attributes hold keys instead of written names."""
    return rewritten(flow, lambda part: _renamed_part(part, rename))


def _renamed_part(part: Part, rename: Rename) -> Part:
    placement = part.placement
    if placement.queue is not None:
        placement = replace(placement, queue=rename("queue", placement.queue))
    return replace(part, body=_renamed_body(part.body, rename), placement=placement)


def _renamed_body(body: Body, rename: Rename) -> Body:
    match body:
        case SubNetwork() | WaitNetwork():
            return replace(body, network=rename("network", body.network))
        case WaitPart() if body.network is not None:
            return replace(body, network=rename("network", body.network))
        case CalendarBranch() if body.calendar is not None:
            return replace(body, calendar=rename("calendar", body.calendar))
        case Notify():
            return replace(body, to=tuple(_renamed_address(one, rename) for one in body.to))
        case _:
            return body


def is_document_name(text: Template) -> bool:
    """Return whether an entry of ``to`` names a notification rather than an address."""
    return text.is_constant and "@" not in text.text and "://" not in text.text


def _renamed_address(address: Template, rename: Rename) -> Template:
    if not is_document_name(address):
        return address
    name = rename("notification", address.text)
    return address if name == address.text else parse_template(name)
