"""Writes and reads the places where pages of a list begin; a cursor is opaque to callers."""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from fastapi import Request

from jobnet.errors.rest import CursorRefused
from jobnet.ports.store.lists import Cursor

CURSOR_MAX = 400


def written(cursor: Cursor) -> str:
    """Return a cursor as text for an address."""
    text = json.dumps([cursor.at.isoformat(), cursor.id])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(text: str | None) -> Cursor | None:
    """Return the cursor that a text stands for; ``CursorRefused`` for any other text."""
    if text is None:
        return None
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        at, last = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        cursor = Cursor(at=datetime.fromisoformat(at), id=last)
    except (ValueError, TypeError, RecursionError) as error:
        raise CursorRefused(text) from error
    if cursor.at.tzinfo is None or not isinstance(last, str) or "\x00" in last:
        raise CursorRefused(text)
    return cursor


def address_after(request: Request, changed: Mapping[str, object]) -> str:
    """Return the address of a request with other values in its query."""
    names = [name for name in request.query_params if name not in changed]
    kept = [(name, value) for name in names for value in request.query_params.getlist(name)]
    pairs: Sequence[tuple[str, object]] = [*dict.fromkeys(kept), *changed.items()]
    return f"{request.url.path}?{urlencode(pairs)}"
