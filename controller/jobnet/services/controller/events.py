"""Sends events from outside: a program, an operator. Runs send theirs themselves.

The key makes sending idempotent: it is a part of the event's id, and one that is known is not
added again.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from jobnet.definition import Arguments
from jobnet.engine.waits import SentEvent
from jobnet.errors.controller import EventRefused
from jobnet.ids import EventId, EventName, OperatorName, RunId
from jobnet.ports.store import Signal, SignalKind, Store, Transaction
from jobnet.ports.store.audits import AuditRow
from jobnet.services.controller.bells import Bells
from jobnet.services.controller.effects import SENT

NAME_MAX: Final = 200
DATA_BYTES_MAX: Final = 64 * 1024
KEEP_MAX: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWish:
    """Somebody sends an event; ``operating_day`` None means the day that it is now."""

    name: str
    by: OperatorName
    key: str
    data: Arguments = None
    keep: timedelta = timedelta(0)
    operating_day: date | None = None
    reason: str = ""


class Events:
    """Takes events from outside; ``zone`` says which day it is."""

    def __init__(self, store: Store, bells: Bells, *, zone: str) -> None:
        self._store, self._bells, self._zone = store, bells, ZoneInfo(zone)

    def send(self, wish: EventWish) -> SentEvent:
        """Send an event and return it; with a key that was used it is not sent again."""
        event = self._event(wish)

        def work(tx: Transaction) -> SentEvent:
            if not tx.board.add_event(event):
                return event
            tx.signals.add(
                [
                    Signal(kind=SignalKind.MATCH_EVENT, name=event.name, run=RunId("")),
                    Signal(kind=SignalKind.TRIGGER, name=f"{SENT}{event.name}", run=RunId("")),
                ]
            )
            tx.audits.add(_act(event, wish))
            return event

        sent = self._store.write(work)
        self._bells.ring((SignalKind.MATCH_EVENT, SignalKind.TRIGGER))
        return sent

    def _event(self, wish: EventWish) -> SentEvent:
        if not wish.name or len(wish.name) > NAME_MAX or not wish.name.isprintable():
            raise EventRefused(wish.name, f"a name has 1 to {NAME_MAX} printable characters")
        if not timedelta(0) <= wish.keep <= KEEP_MAX:
            raise EventRefused(wish.name, f"it is kept for 0 to {KEEP_MAX.days} days")
        _check_data(wish)
        now = self._store.now()
        digest = hashlib.sha256(f"{wish.by}\0{wish.key}".encode()).hexdigest()[:32]
        return SentEvent(
            id=EventId(f"outside:{digest}"),
            name=EventName(wish.name),
            data=wish.data,
            sender=wish.by,
            sent_at=now,
            operating_day=wish.operating_day or now.astimezone(self._zone).date(),
            keep_until=now + wish.keep if wish.keep else None,
        )


def _check_data(wish: EventWish) -> None:
    try:
        size = len(json.dumps(wish.data, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise EventRefused(wish.name, f"its data is not plain JSON ({error})") from error
    if size > DATA_BYTES_MAX:
        raise EventRefused(
            wish.name, f"its data takes {size:,} bytes, and {DATA_BYTES_MAX:,} are allowed"
        )


def _act(event: SentEvent, wish: EventWish) -> AuditRow:
    return AuditRow(
        at=event.sent_at,
        by=wish.by,
        act="send",
        subject=f"event {event.name}",
        reason=wish.reason,
        after=json.dumps({"id": event.id, "data": event.data}),
        key=wish.key,
    )
