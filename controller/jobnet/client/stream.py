"""Reads the live stream of a controller: server-sent events, over lost connections too.

The id of the last event is given back when the stream is opened again, so that nothing is lost
and nothing comes twice. A stream that says nothing, not even its heartbeat, is opened again.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import httpx

from jobnet.client.problems import refusal_of
from jobnet.errors.client import ControllerAway

SILENCE_SECONDS_MAX: Final = 60.0
OPENINGS_MAX: Final = 8
PAUSE_SECONDS: Final = 0.25
PAUSE_SECONDS_MAX: Final = 5.0
DATA_CHARACTERS_MAX: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event; ``data`` is text as it came, ``id`` the cursor after it."""

    id: str
    name: str
    data: str


def read_events(
    http: httpx.Client,
    path: str,
    *,
    after: str,
    query: Mapping[str, object],
    pause: Callable[[float], None],
) -> Iterator[Event]:
    """Return events until the caller has enough; a controller that stays away is refused.

    ``OPENINGS_MAX`` counts openings in a row that brought no event.
    """
    failed, problem = 0, ""
    while failed < OPENINGS_MAX:
        if failed:
            pause(min(PAUSE_SECONDS_MAX, PAUSE_SECONDS * 2 ** (failed - 1)))
        failed += 1
        try:
            for event in _opened(http, path, after, query):
                failed, after = 0, event.id or after
                yield event
        except httpx.HTTPError as error:
            problem = str(error) or type(error).__name__
    raise ControllerAway(str(http.base_url), problem=problem)


def _opened(
    http: httpx.Client, path: str, after: str, query: Mapping[str, object]
) -> Iterator[Event]:
    headers = {"Accept": "text/event-stream", **({"Last-Event-ID": after} if after else {})}
    timeout = httpx.Timeout(SILENCE_SECONDS_MAX, connect=5.0)
    params = {name: str(value) for name, value in query.items()}
    with http.stream("GET", path, params=params, headers=headers, timeout=timeout) as answer:
        if not answer.is_success:
            answer.read()
            raise refusal_of(answer, str(http.base_url))
        yield from parse_events(answer.iter_lines())


def parse_events(lines: Iterator[str]) -> Iterator[Event]:
    """Return the events of a stream's lines; comments (heartbeats) are passed over.

    An event that is cut off by the end of the stream is none. Data beyond a bound is none either.
    """
    identity, name, data, size = "", "message", list[str](), 0
    for line in lines:
        if not line:
            if data and size <= DATA_CHARACTERS_MAX:
                yield Event(id=identity, name=name, data="\n".join(data))
            name, data, size = "message", [], 0
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match field:
            case "id" if "\0" not in value:
                identity = value
            case "event":
                name = value
            case "data":
                size += len(value)
                if size <= DATA_CHARACTERS_MAX:
                    data.append(value)
