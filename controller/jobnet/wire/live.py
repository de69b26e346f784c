"""States the shapes of what screens show at once."""

import json

from pydantic import Field, JsonValue

from jobnet.ports.store import LiveNote
from jobnet.wire.shapes import Answer, Instant


class Note(Answer):
    """Something that has just happened to a run."""

    cursor: int
    run: str
    kind: str
    at: Instant
    data: JsonValue


class NotePage(Answer):
    """Notes in order. ``next`` is the cursor to go on from.

    ``is_reset``: the cursor was too old. Read anew what you show; from ``next`` on nothing is
    missing.
    """

    items: list[Note]
    next: int = Field(description="Give it as after, or as Last-Event-ID to the stream.")
    is_reset: bool


def note_of(cursor: int, note: LiveNote) -> Note:
    """Return the shape of a note."""
    data = json.loads(note.payload)
    return Note(cursor=cursor, run=note.run, kind=note.kind, at=note.at, data=data)
