"""Writes what errands carry as JSON, and reads back what a worker needs of it.

An order for a job can be read again whole, since a job may have to be taken over without its run.
Of a file wait and a dialog only what people ask for is written: the rest stands in the definition.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import cast

from jobnet.definition import Dialog, Placement
from jobnet.engine.commands import SendMessage, WatchFile
from jobnet.ids import HostName, PartKey, RunId
from jobnet.ports.jobs import JobOrder, PlaybookFile, PlayText
from jobnet.ports.plain_values import from_json, to_json
from jobnet.services.fact_fields import fields_from_json, fields_to_json

_CONTENTS: Mapping[str, type] = {"play": PlayText, "playbook": PlaybookFile}
_PLAIN = (
    "project_root",
    "network_folder",
    "only_hosts",
    "check",
    "diff",
    "empty_hosts_ok",
    "keeps_host_vars",
    "warm",
    "written_at",
)


def order_text(order: JobOrder) -> str:
    """Return an order for a job as text."""
    kind = "play" if isinstance(order.content, PlayText) else "playbook"
    document = {
        "run": order.run,
        "part": order.part,
        "attempt": order.attempt,
        "content": {"kind": kind, **fields_to_json(order.content)},
        "inventory": list(order.inventory),
        "handed_over": to_json(order.handed_over),
        "host_vars": to_json(order.host_vars),
        "environment": dict(order.environment),
        "kill_grace_seconds": order.kill_grace.total_seconds(),
        **{name: getattr(order, name) for name in _PLAIN},
    }
    return json.dumps(document, separators=(",", ":"), allow_nan=False)


def order_from_text(text: str) -> JobOrder:
    """Return the order that ``order_text`` wrote; ``ValueError`` or ``KeyError`` for any other."""
    document = json.loads(text)
    content = dict(document["content"])
    kind = _CONTENTS[content.pop("kind")]
    host_vars = cast("Mapping[HostName, Mapping[str, object]]", from_json(document["host_vars"]))
    plain = {name: document[name] for name in _PLAIN}
    return JobOrder(
        run=RunId(document["run"]),
        part=PartKey(document["part"]),
        attempt=document["attempt"],
        content=cast("PlayText | PlaybookFile", fields_from_json(kind, content)),
        inventory=tuple(document["inventory"]),
        handed_over=cast("Mapping[str, object]", from_json(document["handed_over"])),
        host_vars=host_vars,
        environment=document["environment"],
        kill_grace=timedelta(seconds=document["kill_grace_seconds"]),
        **{**plain, "only_hosts": tuple(plain["only_hosts"])},
    )


def placement_payload(placement: Placement) -> str:
    """Return where somebody stands in line as text."""
    return json.dumps(fields_to_json(placement), separators=(",", ":"))


def placement_from_payload(text: str) -> Placement:
    """Return what ``placement_payload`` wrote."""
    return cast("Placement", fields_from_json(Placement, json.loads(text)))


def message_payload(command: SendMessage) -> str:
    """Return the message of a notify part as text."""
    return json.dumps(fields_to_json(command), separators=(",", ":"))


def message_from_payload(text: str) -> SendMessage:
    """Return what ``message_payload`` wrote."""
    return cast("SendMessage", fields_from_json(SendMessage, json.loads(text)))


def file_wait_payload(command: WatchFile) -> str:
    """Return what people ask of a file wait: which file, on which hosts, what is waited for."""
    document = {
        "path": command.path,
        "hosts": command.hosts,
        "event": command.wait.event.value,
        "poll_seconds": command.wait.poll.total_seconds(),
        "settle_seconds": command.wait.settle.total_seconds(),
    }
    return json.dumps(document, separators=(",", ":"))


def dialog_payload(dialog: Dialog) -> Mapping[str, object]:
    """Return what people need to answer: choices with exit codes, form fields, who may."""
    return {
        "choices": dict(dialog.choices),
        "form": {name: to_json(fields_to_json(field)) for name, field in dialog.form.items()},
        "answer": fields_to_json(dialog.answer),
        "on_timeout": dialog.on_timeout,
    }
