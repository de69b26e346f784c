"""A warm server that is given up while others still wait for it sends them all to a cold start."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from jobnet.execution.warm.server_handle import ServerUnusable, WarmServer

pytestmark = pytest.mark.parts


@pytest.fixture
def server(tmp_path: Path) -> Iterator[WarmServer]:
    started = WarmServer(os.environ, project_root=str(tmp_path), log=tmp_path / "log")
    yield started
    started.close()


def test_who_asks_a_server_that_was_given_up_hears_that_it_is_no_use(server: WarmServer) -> None:
    server.close()

    with pytest.raises(ServerUnusable, match="given up meanwhile"):
        server.await_ready()


def test_all_who_wait_for_a_server_hear_that_it_is_no_use(server: WarmServer) -> None:
    heard: list[Exception | None] = []

    def wait() -> None:
        try:
            server.await_ready()
        except Exception as error:  # noqa: BLE001 - what it is, is the question
            heard.append(error)

    waiting = [threading.Thread(target=wait) for _ in range(5)]
    for thread in waiting:
        thread.start()
    server.close()
    for thread in waiting:
        thread.join()

    assert [type(error) for error in heard] == [ServerUnusable] * 5


def test_a_server_that_was_ready_is_no_use_once_it_is_closed(server: WarmServer) -> None:
    server.await_ready()
    server.close()

    with pytest.raises(ServerUnusable):
        server.await_ready()
