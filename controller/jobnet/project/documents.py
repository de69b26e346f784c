"""Reads queues, notifications, projects, and the documents that are only kept.

Credentials are checked for their shape and kept as plain data: what they ask for is not carried
out yet.
"""

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from jobnet.definition import (
    NOWHERE,
    Address,
    Escalation,
    Notification,
    Position,
    Project,
    Queue,
    Trip,
)
from jobnet.project.nodes import Mapping, child, entries, position_of
from jobnet.project.scalars import plain
from jobnet.project.schema.documents import (
    CredentialShape,
    NotificationShape,
    ProjectShape,
    QueueShape,
)
from jobnet.project.schema.headings import DocumentShape
from jobnet.project.validation import Text, check, join

PLAIN_SHAPES: dict[str, type[DocumentShape]] = {"credential": CredentialShape}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainDocument:
    """A document whose shape was checked and whose meaning comes later."""

    kind: str
    name: str
    folder: str = ""
    data: MappingOf[str, Any]
    position: Position = NOWHERE


def folder_of(shape: DocumentShape, folder: str) -> str:
    """Return the folder that a document names, else that of its file."""
    return folder if shape.folder is None else shape.folder.strip("/")


def read_queue(node: Mapping, text: Text, folder: str) -> Queue | None:
    """Return a queue."""
    shape = check(QueueShape, node, text=text, path="")
    if shape is None:
        return None
    return Queue(
        name=shape.name,
        folder=folder_of(shape, folder),
        limit=shape.limit,
        priority=shape.priority,
        is_held=shape.state == "held",
        nodes=tuple(shape.nodes),
        distribution=shape.distribution,
        start_spacing=shape.start_spacing or timedelta(0),
        forward_to=tuple(shape.forward_to),
        trip=None
        if shape.trip is None
        else Trip(unreachable=shape.trip.unreachable, within=shape.trip.within),
        warm=shape.warm,
        position=position_of(node, text.file),
    )


def read_project_document(node: Mapping, text: Text, folder: str) -> Project | None:
    """Return what holds for the networks of a folder and below."""
    shape = check(ProjectShape, node, text=text, path="")
    if shape is None:
        return None
    return Project(
        name=shape.name,
        folder=folder_of(shape, folder),
        warm=shape.warm,
        position=position_of(node, text.file),
    )


def read_notification(node: Mapping, text: Text, folder: str) -> Notification | None:
    """Return a notification; each address is a mail address or a web address."""
    shape = check(NotificationShape, node, text=text, path="")
    if shape is None:
        return None
    addresses: list[Address] = []
    for index, one in enumerate(shape.to):
        given = [
            (kind, target)
            for kind in ("mail", "webhook")
            if (target := getattr(one, kind)) is not None
        ]
        if len(given) == 1 and _is_address(*given[0]):
            addresses.append(Address(kind=given[0][0], target=given[0][1]))
            continue
        listed = child(node, "to")
        where = (child(listed, index) if listed else None) or listed or node
        text.object_to(
            where,
            join("to", index),
            "no_address",
            "This is no address",
            "Write {mail: ops@example.com} or {webhook: https://...}",
        )
    return Notification(
        name=shape.name,
        to=tuple(addresses),
        folder=folder_of(shape, folder),
        on=tuple(shape.on),
        folders=tuple(shape.folders),
        escalate=tuple(Escalation(after=one.after, to=tuple(one.to)) for one in shape.escalate),
        digest_at=shape.digest.at if shape.digest else None,
        position=position_of(node, text.file),
    )


def _is_address(kind: str, target: str) -> bool:
    if kind == "webhook":
        return target.startswith(("http://", "https://"))
    return "@" in target and not any(c.isspace() or not c.isprintable() for c in target)


def read_plain(kind: str, node: Mapping, text: Text, folder: str) -> PlainDocument | None:
    """Return a credential as plain data."""
    if kind == "credential" and _has_literal(node, text):
        return None
    shape = check(PLAIN_SHAPES[kind], node, text=text, path="")
    if shape is None:
        return None
    data = plain(node)
    assert isinstance(data, dict), "a document is a mapping"
    return PlainDocument(
        kind=kind,
        name=shape.name,
        folder=folder_of(shape, folder),
        data=data,
        position=position_of(node, text.file),
    )


def _has_literal(node: Mapping, text: Text) -> bool:
    """Tell of a secret that stands in the file; the message never repeats it."""
    pair = entries(node).get("value")
    if pair is None or isinstance(pair[1], Mapping) or plain(pair[1]) == "stored":
        return False
    text.object_to(
        pair[1],
        "value",
        "literal_secret",
        "A secret never stands in a file",
        "Write {env: NAME}, {file: PATH}, {vault: ...} or stored",
    )
    return True
