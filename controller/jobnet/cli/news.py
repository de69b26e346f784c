"""Hears from the live stream that something has happened to a run, so that it is looked at then.

A stream that is not to be had changes nothing but the pace: the run is looked at more often then.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from jobnet.cli.meant import Meant
from jobnet.cli.wording import shown
from jobnet.client import Client, Event
from jobnet.ids import PartKey

REST_SECONDS: Final = 5.0
REST_SECONDS_UNHEARD: Final = 0.5
BREATH_SECONDS: Final = 0.1
NOTE: Final = "note"
JOB: Final = "job"


class News:
    """What the stream has said since somebody rested, and what jobs are doing just now."""

    def __init__(self) -> None:
        self._has_come = threading.Event()
        self._is_heard = False
        self._is_over = threading.Event()
        self.progress: dict[PartKey, str] = {}

    def rest(self) -> None:
        """Return when something has happened, or after a while."""
        seconds = REST_SECONDS if self._is_heard else REST_SECONDS_UNHEARD
        if self._has_come.wait(seconds):
            self._is_over.wait(BREATH_SECONDS)  # what comes together is looked at together
        self._has_come.clear()

    def hear(self, events: Iterator[Event]) -> None:
        """Listen until it is over; a stream that fails is not listened to any more."""
        try:
            for event in events:
                self._is_heard = True
                self._take(event)
                if self._is_over.is_set():
                    return
        except Exception:  # noqa: BLE001 - whatever it is, the run is looked at more often then
            return
        finally:
            self._is_heard = False

    def end(self) -> None:
        """Listen no more."""
        self._is_over.set()
        self._has_come.set()

    def _take(self, event: Event) -> None:
        data = _data(event) if event.name == NOTE else {}
        if data.get("kind") == JOB:
            self._progress(data.get("data"))
        else:
            self._has_come.set()

    def _progress(self, said: object) -> None:
        if isinstance(said, dict) and said.get("task"):
            host = f" on {said['host']}" if said.get("host") else ""
            self.progress[PartKey(str(said.get("part")))] = shown(f"{said['task']}{host}")


@contextmanager
def news_of(client: Client, meant: Meant) -> Iterator[News]:
    """Listen to what happens to a run."""
    news = News()
    with client.another() as listening:
        events = listening.events(run=meant.run)
        thread = threading.Thread(target=news.hear, args=(events,), name="jobnet-news", daemon=True)
        thread.start()
        try:
            yield news
        finally:
            news.end()


def _data(event: Event) -> Mapping[str, Any]:
    try:
        found = json.loads(event.data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
