"""The folder of a controller: its lock, its token and the process that holds it."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from jobnet.errors.server import (
    ControllerFolderNotMade,
    ControllerFolderUnsafe,
    ControllerRunsAlready,
)
from jobnet.machine.server_home import (
    announce,
    end_process,
    held_place,
    holder_of,
    read_server,
    token_of,
)
from jobnet.ports.server_place import place_in

HOLDER = """
import sys
from pathlib import Path
from jobnet.machine.server_home import held_place
with held_place(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""
SECONDS_MAX = 60


@contextmanager
def other_process(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that holds the place."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_the_folder_is_private_even_if_it_was_not(tmp_path: Path) -> None:
    place_in(tmp_path).folder.mkdir(mode=0o755)

    with held_place(tmp_path) as place:
        assert stat.S_IMODE(place.folder.stat().st_mode) == 0o700


def test_a_second_controller_is_told_who_is_there_and_where(tmp_path: Path) -> None:
    with held_place(tmp_path) as place:
        announce(place, {"url": "http://127.0.0.1:1"})

        with pytest.raises(ControllerRunsAlready) as refused, held_place(tmp_path):
            pass

        assert (refused.value.pid, refused.value.url) == (os.getpid(), "http://127.0.0.1:1")


def test_a_place_is_free_when_its_holder_was_killed(tmp_path: Path) -> None:
    with other_process(tmp_path) as other:
        other.kill()
        other.wait(SECONDS_MAX)

        assert holder_of(place_in(tmp_path)) is None
        with held_place(tmp_path) as place:
            found = holder_of(place)
    assert found is not None
    assert found.pid == os.getpid()
    assert holder_of(place_in(tmp_path)) is None


def test_the_holder_is_asked_to_end(tmp_path: Path) -> None:
    with other_process(tmp_path) as other:
        holder = holder_of(place_in(tmp_path))
        assert holder is not None
        assert holder.pid == other.pid

        has_ended = end_process(holder, seconds_max=SECONDS_MAX)

        assert has_ended
        assert other.wait(SECONDS_MAX) != 0


def test_a_stranger_with_the_number_of_the_holder_is_left_alone(tmp_path: Path) -> None:
    place = place_in(tmp_path)
    with other_process(tmp_path / "elsewhere") as stranger:
        named = holder_of(place_in(tmp_path / "elsewhere"))
        assert named is not None
        place.folder.mkdir()
        lock = {"pid": stranger.pid, "start": named.start - 1, "boot": named.boot}
        place.lock.write_text(json.dumps(lock))

        assert holder_of(place) is None
        assert stranger.poll() is None


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"pid": -1, "start": 0, "boot": ""}', "[" * 900, '{"pid": "x"}']
)
def test_a_lock_that_names_nobody_names_nobody(tmp_path: Path, text: str) -> None:
    place = place_in(tmp_path)
    place.folder.mkdir()
    place.lock.write_text(text)

    assert holder_of(place) is None


def test_the_token_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with held_place(tmp_path) as place:
            token = token_of(place)
            place.token.chmod(0o644)
            again = token_of(place)
    finally:
        os.umask(before)

    assert token == again
    assert len(token) >= 40
    assert stat.S_IMODE(place.token.stat().st_mode) == 0o600


def test_an_empty_token_is_made_anew(tmp_path: Path) -> None:
    with held_place(tmp_path) as place:
        place.token.write_text("\n")

        assert token_of(place)


@pytest.mark.parametrize("text", ["", "[1]", "{", "[" * 100_000])
def test_an_announcement_that_cannot_be_read_says_nothing(tmp_path: Path, text: str) -> None:
    place = place_in(tmp_path)
    place.folder.mkdir()
    place.server.write_text(text)

    assert read_server(place) == {}


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "file"
    home.write_text("")

    with pytest.raises(ControllerFolderNotMade, match="JOBNET_HOME"), held_place(home):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder of another user")
def test_a_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    folder = place_in(tmp_path).folder
    folder.mkdir()
    os.chown(folder, 12345, -1)

    with pytest.raises(ControllerFolderUnsafe), held_place(tmp_path):
        pass
