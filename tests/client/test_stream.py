"""The live stream: its format, and what happens when the connection is lost."""

from collections.abc import Callable, Iterator
from itertools import islice

import httpx
import pytest
from jobnet.client import Address, Client, Event
from jobnet.client.stream import DATA_CHARACTERS_MAX, OPENINGS_MAX, parse_events
from jobnet.errors.client import ControllerAway, ControllerRefused

ADDRESS = Address(url="http://controller", token="secret", user="ann")


class Cut(httpx.SyncByteStream):
    """A body that ends with a lost connection."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __iter__(self) -> Iterator[bytes]:
        yield self._text.encode()
        raise httpx.ReadError("reset")


def client(answers: Callable[[httpx.Request], httpx.Response]) -> Client:
    return Client(ADDRESS, transport=httpx.MockTransport(answers), pause=lambda _: None)


def note(number: int) -> str:
    return f"id: {number}\nevent: run\ndata: {{}}\n\n"


def test_a_lost_stream_goes_on_after_the_last_event_that_arrived() -> None:
    asked: list[str | None] = []
    bodies = iter([Cut(note(1) + note(2) + "id: 3\ndata: cut"), Cut(note(3))])

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers.get("Last-Event-ID"))
        return httpx.Response(200, stream=next(bodies))

    with client(answer) as asking:
        events = list(islice(asking.events(), 3))

    assert [event.id for event in events] == ["1", "2", "3"]
    assert asked == [None, "2"]


def test_a_controller_that_stays_away_is_not_asked_for_ever() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        raise httpx.ConnectError("refused")

    with client(answer) as asking, pytest.raises(ControllerAway):
        list(asking.events())

    assert len(asked) == OPENINGS_MAX


def test_a_stream_that_is_refused_is_not_asked_for_again() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(401, json={"code": "who", "detail": "Say who you are."})

    with client(answer) as asking, pytest.raises(ControllerRefused, match="who you are"):
        list(asking.events())

    assert len(asked) == 1


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("", []),
        (": heartbeat\n\n", []),
        ("data: cut off", []),
        ("data: a\n\n", [("", "message", "a")]),
        ("event: run\nid: 7\ndata: a\ndata:b\nretry: 1\n\n", [("7", "run", "a\nb")]),
        ("id: 7\ndata: a\n\ndata: b\n\n", [("7", "message", "a"), ("7", "message", "b")]),
        ("id: 7\x00\ndata: a\n\n", [("", "message", "a")]),
        ("data\n\n", [("", "message", "")]),
        ("data: " + "x" * (DATA_CHARACTERS_MAX + 1) + "\n\ndata: a\n\n", [("", "message", "a")]),
    ],
)
def test_the_format_of_a_stream(text: str, events: list[tuple[str, str, str]]) -> None:
    found = list(parse_events(iter(text.split("\n"))))

    assert found == [Event(id=i, name=name, data=data) for i, name, data in events]
