"""The web server of a controller: where it listens, and how it ends."""

import asyncio
import threading
from collections.abc import Awaitable, Callable

import httpx
import pytest
from jobnet.errors.server import AddressInUse, NotLoopback
from jobnet.machine.web_server import WebServer, listen, url_of

SECONDS_MAX = 60
Send = Callable[[object], Awaitable[None]]


async def hello(_scope: object, _receive: object, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "192.0.2.1", "night.example.com", "", "127.0.0.1 ", "1", "²"],  # noqa: S104
)
def test_only_this_machine_is_listened_to(host: str) -> None:
    with pytest.raises(NotLoopback, match="ssh -L"):
        listen(host, 0)


def test_an_address_that_is_taken_is_said_with_the_option_that_helps() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]

        with pytest.raises(AddressInUse, match="--port 0"):
            listen("127.0.0.1", port)


def test_requests_are_answered_until_it_is_stopped() -> None:
    listening = listen("127.0.0.1", 0)
    url = url_of(listening)
    server = WebServer(hello, listening)
    server.start()

    answer = httpx.get(url, timeout=SECONDS_MAX, trust_env=False)
    server.stop()
    server.wait()

    assert answer.text == "hello"
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, timeout=SECONDS_MAX, trust_env=False)


def test_a_request_under_way_is_answered_when_it_is_stopped() -> None:
    has_come, may_answer = threading.Event(), threading.Event()

    async def slow(scope: object, receive: object, send: Send) -> None:
        has_come.set()
        await asyncio.to_thread(may_answer.wait, SECONDS_MAX)
        await hello(scope, receive, send)

    listening = listen("127.0.0.1", 0)
    server = WebServer(slow, listening)
    server.start()
    said: list[str] = []
    url = url_of(listening)

    def ask() -> None:
        said.append(httpx.get(url, timeout=SECONDS_MAX, trust_env=False).text)

    asking = threading.Thread(target=ask)
    asking.start()
    assert has_come.wait(SECONDS_MAX)
    server.stop()
    may_answer.set()
    server.wait()
    asking.join(SECONDS_MAX)

    assert said == ["hello"]
