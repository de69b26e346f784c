"""What the job that looks for files on hosts says, read back, and the job itself."""

import os
import threading
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

import pytest
from jobnet.engine.results import HostResult, HostState, JobEnd, JobResult
from jobnet.execution.runner import AnsibleRunner
from jobnet.ids import HostName, RunId
from jobnet.ports.jobs import JobOver, JobReport
from jobnet.schedules.file_memory import FolderLook
from jobnet.services.controller.triggers.folder_looks import (
    FILES_MAX,
    TOO_MANY,
    UNKNOWN_HOST,
    look_order,
    looks_of,
    objection,
)
from jobnet.services.host_looks import Hosts

from tests.execution.conftest import make_project
from tests.services.controller.office import now

FTP = HostName("ftp1")
SECONDS_MAX = 120


def result(text: object, *, cuts: tuple[str, ...] = ()) -> JobResult:
    host = HostResult(state=HostState.OK, result={"msg": text})
    return JobResult(end=JobEnd.ENDED, is_normal=True, hosts={FTP: host}, cuts=cuts)


def file(path: str) -> str:
    return f"5 1.5 7 {b64encode(path.encode()).decode()}|"


def test_each_pattern_has_its_files() -> None:
    text = "".join(["#2 |", file("/in/a b"), file("/in/c"), "#0 |", "# Permission denied|"])

    first, second, third = looks_of(result(text), ["/in/*", "/x/*", "/y/*"])

    assert first[FTP].files == {"/in/a b": (5, 1.5, 7), "/in/c": (5, 1.5, 7)}
    assert second[FTP] == FolderLook()
    assert third[FTP].problem == "Permission denied"


@pytest.mark.parametrize(
    "text", ["", "#", "#x |", "#1 |", f"#{FILES_MAX + 1} |", "#1 |5 1.5|", "#1 |a b c d|", None, 7]
)
def test_an_answer_that_is_not_whole_is_a_problem(text: object) -> None:
    (looks,) = looks_of(result(text), ["/in/*"])

    assert looks[FTP].problem
    assert not looks[FTP].files


def test_answers_that_were_cut_are_no_answers() -> None:
    (looks,) = looks_of(result("#0 |", cuts=("hosts.results",)), ["/in/*"])

    assert looks == {UNKNOWN_HOST: FolderLook(problem=TOO_MANY)}


@pytest.mark.parametrize("pattern", ["in/*.csv", "/in/*/a.csv", "/"])
def test_patterns_that_no_host_can_be_asked_for_are_objected_to(pattern: str) -> None:
    assert objection(pattern)


def looked(folder: Path, patterns: Sequence[str]) -> list[FolderLook]:
    """Return what a real job finds for each pattern on the host h1."""
    root = str(make_project(folder).root)
    hosts = Hosts(pattern="h1", inventory=(), project_root=root, network_folder=root, warm=False)
    over = threading.Event()
    ends: list[JobOver] = []

    def report(each: JobReport) -> None:
        if isinstance(each, JobOver):
            ends.append(each)
            over.set()

    runner = AnsibleRunner(spool_root=folder / "jobs", clock=now)
    runner.start(look_order(hosts, patterns, run=RunId("r"), group=1, number=1), report)
    assert over.wait(SECONDS_MAX)
    runner.close()
    return [each[HostName("h1")] for each in looks_of(ends[0].result, patterns)]


@pytest.mark.parts
def test_the_job_finds_files_of_any_name_and_nothing_in_a_folder_that_is_not_there(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    names = ["a.csv", "{{ 1 }}.csv", "b\nc.csv", "ü #1.csv", *(f"{n:03}.txt" for n in range(60))]
    for name in names:
        (folder / name).write_text("12345", encoding="utf-8")

    looks = looked(tmp_path, [str(folder / "*.csv"), str(folder / "*.txt"), "/nowhere/*"])

    found = [sorted(map(os.path.basename, each.files)) for each in looks]
    assert found == [sorted(names[:4]), sorted(names[4:]), []]
    size, mtime, inode = looks[0].files[str(folder / "a.csv")]
    stat = (folder / "a.csv").stat()
    assert (size, inode) == (5, stat.st_ino)
    assert mtime == pytest.approx(stat.st_mtime)
