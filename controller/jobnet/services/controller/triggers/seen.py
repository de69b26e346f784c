"""Makes of what has come for a leaf the row that is kept: its key, its day, what it brings.

What comes from outside is bounded and made printable before it is kept: a file may have any name.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from jobnet.engine.names import Record
from jobnet.engine.waits import ExecutionEnd, SentEvent
from jobnet.errors.expressions import ExpressionFailed
from jobnet.expressions import evaluate_condition
from jobnet.ports.plain_values import to_json
from jobnet.ports.store.triggers import SeenRow
from jobnet.schedules import EventArrived, FileArrived, Leaf, NetworkEnded, WantedEnd
from jobnet.schedules.file_memory import Arrival
from jobnet.schedules.judging import SeenThing
from jobnet.services.controller.triggers.book import Trigger

TOLD_MAX: Final = 300
_WITHOUT_A_RUN: Final = frozenset({"missed", "cancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a thing that came tells people, and what ``as`` gives to the network."""

    told: str
    request: Mapping[str, object]


def of_end(trigger: Trigger, leaf: Leaf, end: ExecutionEnd) -> SeenRow | None:
    """Return the end of a run for a leaf that waits for it, None where it does not count.

    A rerun that ends again brings nothing new: what follows has been started.
    """
    source = leaf.source
    assert isinstance(source, NetworkEnded), "the caller has chosen the leaf"
    is_wanted = source.result is WantedEnd.ENDED or end.is_fine_or_warning
    if not is_wanted or end.state in _WITHOUT_A_RUN:
        return None
    brought = Brought(told=f"{end.network} ended {end.state} ({end.run})", request={})
    day = trigger.day(end.ended_at, own_day=end.operating_day)
    return _row(trigger, leaf, end.execution, at=end.ended_at, day=day, brought=brought)


def of_event(trigger: Trigger, leaf: Leaf, event: SentEvent) -> SeenRow | None:
    """Return an event for a leaf that waits for it, None where it does not count."""
    source = leaf.source
    assert isinstance(source, EventArrived), "the caller has chosen the leaf"
    if not _fits(source, event):
        return None
    data = event.data if isinstance(event.data, Mapping) else {}
    brought = Brought(
        told=f"event {event.name} from {event.sender}",
        request={"name": str(event.name), "data": to_json(data), "sender": event.sender},
    )
    day = trigger.day(event.sent_at, own_day=event.operating_day) or trigger.day(event.sent_at)
    return _row(trigger, leaf, str(event.id), at=event.sent_at, day=day, brought=brought)


def of_file(
    trigger: Trigger, leaf: Leaf, host: str, arrival: Arrival, now: datetime
) -> SeenRow | None:
    """Return a file that has come, changed or gone, None where it does not count."""
    source = leaf.source
    assert isinstance(source, FileArrived), "the caller has chosen the leaf"
    path = printable(arrival.path)
    brought = Brought(
        told=f"file {path} {source.event.value} on {printable(host)}",
        request={"host": host, "path": arrival.path, "event": source.event.value},
    )
    key = json.dumps([host, arrival.path, arrival.change.mark, arrival.change.since.isoformat()])
    return _row(trigger, leaf, key, at=now, day=trigger.day(now), brought=brought)


def of_request(
    trigger: Trigger, leaf: Leaf, signature: str, request: Mapping[str, object], now: datetime
) -> SeenRow | None:
    """Return a signed request, None where it does not count now."""
    brought = Brought(told=f"a request to /hooks/{request.get('path', '')}", request=request)
    return _row(trigger, leaf, signature, at=now, day=trigger.day(now), brought=brought)


def thing_of(row: SeenRow) -> SeenThing:
    """Return a row as conditions are judged by it."""
    return SeenThing(at=row.at, leaf=row.leaf, key=row.key, operating_day=row.operating_day)


def brought_by(row: SeenRow) -> Brought:
    """Return what a row brings; what cannot be read any more brings nothing."""
    try:
        document = json.loads(row.what)
        return Brought(told=str(document["told"]), request=dict(document["request"]))
    except (ValueError, KeyError, TypeError):
        return Brought(told="something that cannot be read any more", request={})


def printable(text: str) -> str:
    r"""Return a text that fits into a line, whatever is in it.

    >>> printable("a\nb")
    'a?b'
    """
    return "".join(each if each.isprintable() else "?" for each in text)[:TOLD_MAX]


def _row(
    trigger: Trigger, leaf: Leaf, key: str, *, at: datetime, day: date | None, brought: Brought
) -> SeenRow | None:
    if day is None:
        return None
    what = json.dumps({"told": printable(brought.told), "request": brought.request})
    return SeenRow(
        trigger=trigger.id,
        leaf=leaf.id,
        key=hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()[:40],
        operating_day=day,
        at=at,
        what=what,
    )


def _fits(source: EventArrived, event: SentEvent) -> bool:
    """Return whether ``where`` is true of the event; one that has no value is not."""
    if source.where is None:
        return True
    values = {
        "name": str(event.name),
        "data": event.data,
        "sender": event.sender,
        "sent_at": event.sent_at,
    }
    try:
        return evaluate_condition(source.where, {"event": Record("event", values)})
    except ExpressionFailed:
        return False
