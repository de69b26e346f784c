"""Makes of what happens in a run the messages that notification documents ask for.

A turn writes one for every occasion, whoever listens: who does is found when it is sent, in the
edition that the run is pinned to.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jobnet.engine import Tracker
from jobnet.engine.facts import Fact
from jobnet.engine.states import State
from jobnet.ids import PartKey
from jobnet.ports.store import MessageRow, RunRow, Signal, SignalKind
from jobnet.services.notifications import Occasion, letter_text, occasions

PREFIX: Final = "notify:"
"""No part has a key that begins so: a colon is no character of an id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An occasion with the text of its letter."""

    occasion: Occasion
    text: str


def notices_of(facts: Sequence[Fact], tracker: Tracker, row: RunRow) -> tuple[MessageRow, ...]:
    """Return a message for every occasion of a turn's facts; a check run has none.

    ``row`` is that before the turn: its position numbers the messages.
    """
    if tracker.run is None or tracker.run.check:
        return ()
    care = tracker.layout.network(row.network).care
    rows = []
    for number, fact in enumerate(facts, start=row.position + 1):
        for count, occasion in enumerate(occasions(fact, tracker)):
            text = letter_text(
                occasion, tracker, owner=care.owner or "", runbook=care.runbook or ""
            )
            key = PartKey(f"{PREFIX}{number}" if count == 0 else f"{PREFIX}{number}.{count}")
            payload = _payload(Notice(occasion=occasion, text=text))
            rows.append(MessageRow(run=row.run, part=key, attempt=1, payload=payload))
    return tuple(rows)


def notice_of_missed(row: RunRow, message: str) -> MessageRow:
    """Return the message that a run never began: it has no journal that could say so."""
    line = f"{row.network} of {row.operating_day} is missed: {message}"
    text = f"{line}\n\nnetwork        {row.network}\nrun            {row.run}"
    occasion = Occasion(words=(State.MISSED.value,), part=None, text=line)
    payload = _payload(Notice(occasion=occasion, text=text))
    return MessageRow(run=row.run, part=PartKey(f"{PREFIX}0"), attempt=1, payload=payload)


def notice_signals(notices: Sequence[MessageRow]) -> tuple[Signal, ...]:
    """Return the signals that let them be sent."""
    return tuple(
        Signal(kind=SignalKind.MESSAGE, name=str(row.part), run=row.run) for row in notices
    )


def notice_from_payload(text: str) -> Notice:
    """Return what ``notices_of`` wrote; ``ValueError`` or ``KeyError`` for anything else."""
    document = json.loads(text)
    occasion = Occasion(
        words=tuple(document["words"]), part=document["part"], text=document["line"]
    )
    return Notice(occasion=occasion, text=document["text"])


def _payload(notice: Notice) -> str:
    document = {
        "words": notice.occasion.words,
        "part": notice.occasion.part,
        "line": notice.occasion.text,
        "text": notice.text,
    }
    return json.dumps(document, separators=(",", ":"))
