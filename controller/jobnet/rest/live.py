"""Routes of live notes: a stream of server-sent events, and the same notes page by page."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from jobnet.errors.rest import CursorRefused
from jobnet.ids import RunId
from jobnet.rest.asking import Services
from jobnet.rest.streams import Streams, notes_as_text
from jobnet.services.controller.views.live import NOTES_MAX, LivePage
from jobnet.wire.live import NotePage, note_of
from jobnet.wire.shapes import NAME_MAX

router = APIRouter(prefix="/live", tags=["live"])

CURSOR_MAX = 2**63
_DIGITS_MAX = 19
_After = Annotated[int | None, Query(ge=0, lt=CURSOR_MAX)]
_OfRun = Annotated[str | None, Query(max_length=NAME_MAX, pattern=r"^[^\x00]+$")]


@router.get("")
def list_notes(
    services: Services,
    after: _After = None,
    run: _OfRun = None,
    limit: Annotated[int, Query(ge=1, le=NOTES_MAX)] = NOTES_MAX,
) -> NotePage:
    """List notes after a cursor, in order; without one only say where to begin."""
    page = services.views.live(after, run=_run(run), limit=limit)
    items = [note_of(cursor, note) for cursor, note in page.notes]
    return NotePage(items=items, next=page.next, is_reset=page.is_reset)


@router.get(
    "/stream",
    response_class=StreamingResponse,
    responses={200: {"description": "Server-sent events.", "content": {"text/event-stream": {}}}},
)
async def stream_notes(
    request: Request,
    services: Services,
    after: _After = None,
    run: _OfRun = None,
    last_event_id: Annotated[str | None, Header(max_length=100)] = None,
) -> StreamingResponse:
    """Stream notes as they come: events note, reset, begin and end; comments are heartbeats.

    The id of each event is a cursor: Last-Event-ID goes on after it. A cursor that is too old gets
    a reset event: read anew what you show, nothing is missing from there on.
    """
    streams: Streams = request.app.state.streams
    place = after if last_event_id is None else _cursor(last_event_id)

    async def read(cursor: int | None) -> LivePage:
        return await run_in_threadpool(services.views.live, cursor, run=_run(run), limit=NOTES_MAX)

    text: AsyncIterator[bytes] = notes_as_text(streams, read, place)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(text, media_type="text/event-stream", headers=headers)


def _run(name: str | None) -> RunId | None:
    return None if name is None else RunId(name)


def _cursor(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > _DIGITS_MAX:
        raise CursorRefused(text)
    return int(text)
