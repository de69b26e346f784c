"""The socket of a running play: who is heard, what hostile or hanging clients cost."""

import socket
import stat
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from jobnet.errors.control import AnswerNotUnderstood, PlayNotReached
from jobnet.machine import Pieces, control_socket
from jobnet.machine.control_socket import (
    CLIENTS_MAX,
    LINE_BYTES_MAX,
    SOCKET_NAME,
    ControlSocket,
    ask_play,
)


def echo(line: bytes, peer: str) -> bytes:
    return peer.encode() + b":" + line.strip()


@contextmanager
def listening(folder: Path, *, idle: float = 5.0) -> Iterator[Pieces]:
    pieces = Pieces(folder=folder)
    control = ControlSocket(pieces, echo, idle_seconds_max=idle)
    try:
        yield pieces
    finally:
        control.close()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose path is short enough for a socket, wherever temporary files lie."""
    with tempfile.TemporaryDirectory(prefix="jn-") as path:
        yield Path(path)


def test_an_answer_on_its_way_arrives_though_the_play_ends(folder: Path) -> None:
    is_asked, is_closing = threading.Event(), threading.Event()

    def slow(line: bytes, _peer: str) -> bytes:
        is_asked.set()
        is_closing.wait(timeout=5)
        time.sleep(0.2)
        return b"killed " + line.strip()

    control = ControlSocket(Pieces(folder=folder), slow)
    client = connect(folder)
    client.sendall(b"kill\n")
    assert is_asked.wait(timeout=5)
    is_closing.set()
    control.close()

    with client, client.makefile("rb") as lines:
        assert lines.read() == b"killed kill\n"


def test_who_never_answers_does_not_keep_the_play_from_ending(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_socket, "FAREWELL_SECONDS_MAX", 0.1)
    is_asked, is_over = threading.Event(), threading.Event()

    def mute(_line: bytes, _peer: str) -> bytes:
        is_asked.set()
        is_over.wait(timeout=30)
        return b""

    control = ControlSocket(Pieces(folder=folder), mute)
    with connect(folder) as idle, connect(folder) as client:  # accepted in this order
        client.sendall(b"status\n")
        assert is_asked.wait(timeout=5)
        control.close()

        assert client.recv(1) == b""
        assert idle.recv(1) == b""
    is_over.set()


def connect(folder: Path) -> socket.socket:
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.settimeout(5)
    try:
        client.connect(str(folder / SOCKET_NAME))
    except OSError:
        client.close()
        raise
    return client


def test_a_request_is_answered_with_who_sent_it(folder: Path) -> None:
    with listening(folder) as pieces:
        answer = ask_play(pieces, b"hello")

    assert answer.endswith(b":hello\n")
    assert not answer.startswith(b":")


def test_only_its_user_may_open_the_socket(folder: Path) -> None:
    with listening(folder):
        mode = stat.S_IMODE((folder / SOCKET_NAME).stat().st_mode)

    assert mode == 0o600


def test_nothing_is_left_when_the_play_is_over(folder: Path) -> None:
    with listening(folder):
        pass

    assert list(folder.iterdir()) == []


def test_a_run_that_nobody_plays_says_so(folder: Path) -> None:
    with pytest.raises(PlayNotReached, match="is not being played"):
        ask_play(Pieces(folder=folder), b"hello")


def test_the_socket_of_a_dead_play_is_told_from_a_living_one_and_replaced(folder: Path) -> None:
    dead = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    dead.bind(str(folder / SOCKET_NAME))
    dead.close()

    with pytest.raises(PlayNotReached):
        ask_play(Pieces(folder=folder), b"hello")
    with listening(folder) as pieces:
        assert ask_play(pieces, b"hello").endswith(b":hello\n")


def test_a_folder_that_lies_too_deep_for_a_socket_is_reached_all_the_same(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    deep.mkdir()

    with listening(deep) as pieces:
        found = sorted(deep.iterdir())
        answer = ask_play(pieces, b"hello")

    assert answer.endswith(b":hello\n")
    assert found == [deep / SOCKET_NAME]
    assert not list(deep.iterdir())


def test_a_line_without_end_is_hung_up_on(folder: Path) -> None:
    with listening(folder), connect(folder) as client:
        try:
            client.sendall(b"x" * (LINE_BYTES_MAX + 10))
            assert client.recv(10) == b""
        except ConnectionError:
            pass  # hung up while we were still talking

        with pytest.raises(AnswerNotUnderstood):
            ask_play(Pieces(folder=folder), b"y" * (LINE_BYTES_MAX + 10))


def test_clients_that_hang_keep_nobody_out_for_ever(folder: Path) -> None:
    with listening(folder, idle=0.3) as pieces:
        hanging = [connect(folder) for _ in range(CLIENTS_MAX)]
        for client in hanging:
            assert client.recv(10) == b""  # it was hung up on

        assert ask_play(pieces, b"hello").endswith(b":hello\n")
        for client in hanging:
            client.close()


def test_one_client_too_many_is_sent_away_at_once(folder: Path) -> None:
    with listening(folder):
        talking = [connect(folder) for _ in range(CLIENTS_MAX)]
        for client in talking:
            client.sendall(b"a\n")
            assert client.recv(100).endswith(b":a\n")

        with connect(folder) as late:
            assert late.recv(10) == b""
        for client in talking:
            client.close()
