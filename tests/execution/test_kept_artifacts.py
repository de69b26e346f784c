"""Artifacts are opened in the folder of their own attempt, and nowhere else."""

import os
from pathlib import Path

import pytest
from jobnet.execution.kept_artifacts import SpoolArtifacts
from jobnet.execution.spool import make_spool, spool_path
from jobnet.ids import PartKey, RunId

RUN, PART = RunId("night-20260529-2155"), PartKey("each[a/b].load")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = make_spool(spool_path(tmp_path / "jobs", run=RUN, part=PART, attempt=2))
    (tmp_path / "secret").write_text("secret")
    (made["stdout"]).write_text("printed")
    return made["artifacts"]


def content(folder: Path, name: str, path: str = "") -> bytes | None:
    kept = SpoolArtifacts(folder.parents[2])
    wanted = path or f"{folder}/{name}"
    found = kept.open(RUN, PART, name, wanted)
    read = None if found is None else b"".join(found.pieces)
    assert kept.size(RUN, PART, name, wanted) == (None if read is None else len(read))
    return read


def test_a_file_is_read_wherever_the_home_has_been_moved_to(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub/report.txt").write_text("all is well")
    elsewhere = f"/before/{folder.parent.name}/artifacts/sub/report.txt"

    assert content(folder, "sub/report.txt") == b"all is well"
    assert content(folder, "sub/report.txt", elsewhere) == b"all is well"


def test_a_large_and_an_empty_file_are_whole(folder: Path) -> None:
    (folder / "large").write_bytes(bytes(range(256)) * 4000)
    (folder / "empty").touch()

    assert content(folder, "large") == bytes(range(256)) * 4000
    assert content(folder, "empty") == b""


def test_no_more_is_read_than_there_was(folder: Path) -> None:
    (folder / "log").write_text("begun")
    found = SpoolArtifacts(folder.parents[2]).open(RUN, PART, "log", f"{folder}/log")
    assert found is not None

    with (folder / "log").open("a") as log:
        log.write(" and gone on")

    assert (found.size, b"".join(found.pieces)) == (5, b"begun")


@pytest.mark.parametrize("name", ["../stdout", "/secret", "a/../../stdout", ".", "", "a//b", "\0"])
def test_a_name_leads_nowhere_else(folder: Path, name: str) -> None:
    assert content(folder, name) is None


def test_no_link_pipe_or_folder_is_opened(folder: Path) -> None:
    (folder / "link").symlink_to(folder.parents[3] / "secret")
    (folder / "up").symlink_to(folder.parents[3])
    (folder / "inner").mkdir()
    os.mkfifo(folder / "pipe")

    names = ("link", "up/secret", "pipe", "inner", "gone")
    assert [content(folder, name) for name in names] == [None] * 5


def test_a_path_of_another_attempt_or_of_none_opens_nothing(folder: Path) -> None:
    (folder / "a").write_text("a")
    spool = folder.parent.name

    paths = [
        f"/x/{spool}9/artifacts/a",
        "/x/other.2/artifacts/a",
        f"/x/{spool}/artifacts/b",
        f"/x/{spool}/a",
        f"/x/load.{'9' * 5000}/artifacts/a",
        "/x/load.²/artifacts/a",
        "a",
    ]
    assert [content(folder, "a", path) for path in paths] == [None] * 7
