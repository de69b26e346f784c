"""Writes what reaches a run as text for its inbox, and reads it back.

The key of an input says what it is about, so that one that is told twice before it is taken stands
there once. What is told twice later is the engine's business: it knows its attempts, timers
and orders.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import cast, get_args

from jobnet.engine import inputs as i
from jobnet.engine.inputs import Input, OrderGiven
from jobnet.engine.orders import Order
from jobnet.ids import OperatorName, RunId
from jobnet.ports.store import NewInput, StoredInput
from jobnet.services.fact_fields import fields_from_json, fields_to_json

KINDS: Mapping[str, type] = {kind.__name__: kind for kind in get_args(Input)}
ORDERS: Mapping[str, type] = {kind.__name__: kind for kind in get_args(Order)}
KEY_MAX = 400


def to_input(given: Input, *, run: RunId, at: datetime, key: str = "") -> NewInput:
    """Return the input as it stands in the inbox; ``key`` "" is made from what it is about."""
    payload = json.dumps(_to_json(given), separators=(",", ":"), allow_nan=False)
    return NewInput(
        run=run,
        key=_bounded(key or key_of(given, at)),
        kind=type(given).__name__,
        payload=payload,
        at=at,
    )


def from_input(stored: StoredInput) -> Input:
    """Return what was put into the inbox; ``ValueError`` where it cannot be read."""
    kind = KINDS.get(stored.kind)
    if kind is None:
        raise ValueError(f"the kind {stored.kind!r} of an input is unknown")
    fields = json.loads(stored.payload)
    if kind is OrderGiven:
        return _order_from_json(fields)
    return cast("Input", fields_from_json(kind, fields))


def order_key(key: str) -> str:
    """Return the key under which an order stands in the inbox and has its outcome."""
    return _bounded(f"order:{key}")


def key_of(given: Input, at: datetime) -> str:  # noqa: C901, PLR0911, PLR0912 - a line per kind
    """Return what an input is about; equal keys are the same news."""
    match given:
        case i.StartRun():
            return "start"
        case i.GoOn():
            return "go_on"
        case i.OrderGiven(key=key):
            return order_key(key)
        case i.TimerFired(timer=timer):
            words = (timer.part, timer.attempt, timer.kind.value, timer.generation)
            return ":".join(("timer", *map(str, words)))
        case i.AttemptBegan():
            return f"answer:{given.part}:{given.attempt}:began"
        case i.AttemptAnswered():
            return f"answer:{given.part}:{given.attempt}:over"
        case i.MessageAnswered():
            return f"answer:{given.part}:{given.attempt}:message"
        case i.SlotGranted():
            return f"slot:{given.part}:{given.attempt}:granted"
        case i.SlotRefused():
            return f"slot:{given.part}:{given.attempt}:refused"
        case i.SlotDelayed(reason=reason, detail=detail):
            return f"slot:{given.part}:{given.attempt}:{reason.value}:{_short(detail)}"
        case i.EventDelivered(event=event):
            return f"event:{event.id}:{given.part}:{given.attempt}"
        case i.DeadlockSeen(circle=circle):
            return f"deadlock:{given.part}:{given.attempt}:{_short(' '.join(circle))}"
        case i.ClockJumped() | i.ClockAgreed():
            return f"clock:{at.isoformat()}"
        case _:
            told = _short(json.dumps(_to_json(given), sort_keys=True))
            return f"{type(given).__name__}:{given.part}:{given.attempt}:{told}"


def _to_json(given: Input) -> Mapping[str, object]:
    if isinstance(given, OrderGiven):
        return {
            "order": type(given.order).__name__,
            "fields": fields_to_json(given.order),
            "by": given.by,
            "key": given.key,
            "reason": given.reason,
        }
    return fields_to_json(given)


def _order_from_json(fields: Mapping[str, object]) -> OrderGiven:
    kind = ORDERS.get(str(fields["order"]))
    if kind is None:
        raise ValueError(f"the order {fields['order']!r} is unknown")
    values = cast("Mapping[str, object]", fields["fields"])
    return OrderGiven(
        order=cast("Order", fields_from_json(kind, values)),
        by=OperatorName(str(fields["by"])),
        key=str(fields["key"]),
        reason=str(fields["reason"]),
    )


def _bounded(key: str) -> str:
    """Return a key that a database can hold; a long one is told apart by its digest."""
    return key if len(key) <= KEY_MAX else f"{key[: KEY_MAX - 17]}~{_short(key)}"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
