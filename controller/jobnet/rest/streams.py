"""Sends live notes to all who listen, for as long as they do and the controller lives.

One thread hears the bell for all streams; a stream costs no thread while nothing happens. What a
stream sends is always read from the database after the last cursor that it has sent, so a
connection that breaks loses nothing and doubles nothing: the next one goes on from there.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from jobnet.errors.storage import DatabaseAway, DatabaseClosed
from jobnet.services.controller.bells import Bells, Worker
from jobnet.services.controller.views.live import LivePage
from jobnet.wire.live import note_of

HEARTBEAT_SECONDS: Final = 15.0
LOOK_SECONDS: Final = 30.0
BREATH_SECONDS: Final = 0.05
"""A stream looks so often at most: what comes in between is sent together."""
RETRY_MILLISECONDS: Final = 1000

ReadPage = Callable[[int | None], Awaitable[LivePage]]
"""Reads the notes after a cursor."""


@dataclass(frozen=True, slots=True, eq=False)
class Ear:
    """Hears that there are new notes since it was last cleared."""

    loop: asyncio.AbstractEventLoop
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def heard(self, *, seconds_max: float) -> bool:
        """Wait for news or for a time; return whether there are any."""
        try:
            await asyncio.wait_for(self.news.wait(), seconds_max)
        except TimeoutError:
            return False
        return True

    def wake(self) -> None:
        """Say from any thread that there are news."""
        with suppress(RuntimeError):  # the loop is closed, and nobody listens any more
            self.loop.call_soon_threadsafe(self.news.set)


class Streams:
    """Wakes every stream of one application when there are new notes, or nothing more."""

    def __init__(self, bells: Bells) -> None:
        self._bells = bells
        self._lock = threading.Lock()
        self._ears: set[Ear] = set()
        self._is_heard = False
        self._is_over = False

    @property
    def is_over(self) -> bool:
        """Whether streams are to end."""
        return self._is_over or self._bells.is_closed

    @contextmanager
    def listening(self) -> Iterator[Ear]:
        """Return an ear of the running loop."""
        ear = Ear(asyncio.get_running_loop())
        with self._lock:
            self._ears.add(ear)
            if not self._is_heard:
                self._is_heard = True
                threading.Thread(target=self._listen, name="jobnet-live", daemon=True).start()
        try:
            yield ear
        finally:
            with self._lock:
                self._ears.discard(ear)

    def end(self) -> None:
        """End all streams, from any thread; whoever stops the server does so first."""
        self._is_over = True
        self._bells.ring([Worker.LIVE])

    def _listen(self) -> None:
        """Wake all ears at every ring, as long as there are any."""
        heard = self._bells.heard([Worker.LIVE])
        while True:
            with self._lock:
                ears = tuple(self._ears)
                if not ears:
                    self._is_heard = False
                    return
            for ear in ears:
                ear.wake()
            if self.is_over:
                heard = self._bells.wait([Worker.LIVE], heard, seconds_max=BREATH_SECONDS)
            else:
                heard = self._bells.wait([Worker.LIVE], heard, seconds_max=LOOK_SECONDS)


async def notes_as_text(
    streams: Streams, read: ReadPage, after: int | None
) -> AsyncIterator[bytes]:
    """Yield server-sent events: notes with their cursors as ids, resets, and heartbeats."""
    yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
    with streams.listening() as ear:
        while not streams.is_over:
            ear.news.clear()
            page = await _read(read, after)
            if page is not None:
                for text in _told_page(page, is_first=after is None):
                    yield text
            is_behind = page is not None and page.next != after
            after = after if page is None else page.next
            if not is_behind and not await ear.heard(seconds_max=HEARTBEAT_SECONDS):
                yield b": nothing new\n\n"
            await asyncio.sleep(BREATH_SECONDS)
    yield _told("end", None, "{}")


async def _read(read: ReadPage, after: int | None) -> LivePage | None:
    """Return a page, or None while there is no database."""
    try:
        return await read(after)
    except (DatabaseAway, DatabaseClosed):
        return None


def _told_page(page: LivePage, *, is_first: bool) -> Iterator[bytes]:
    if page.is_reset or is_first:
        yield _told("reset" if page.is_reset else "begin", page.next, "{}")
    for cursor, note in page.notes:
        yield _told("note", cursor, note_of(cursor, note).model_dump_json())


def _told(kind: str, cursor: int | None, data: str) -> bytes:
    place = "" if cursor is None else f"id: {cursor}\n"
    return f"event: {kind}\n{place}data: {data}\n\n".encode()
