"""Files that a part has left are listed and fetched, and none is overwritten."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jobnet.engine.results import JobEnd, JobResult
from jobnet.execution.spool import spool_path
from jobnet.ids import PartKey, RunId
from jobnet.testing import Script

from tests.cli.at_controller import Desk, desk

LEFT = JobResult(
    end=JobEnd.ENDED,
    is_normal=True,
    exit_code=0,
    ansible_rc=0,
    artifacts={name: f"/before/load.1/artifacts/{name}" for name in ("sub/report.txt", "gone")},
)


@pytest.fixture
def left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Desk]:
    with desk(tmp_path, monkeypatch, capsys, {"load": Script(seconds=0, result=LEFT)}) as sitting:
        yield sitting


def part(left: Desk) -> str:
    run = left.started()
    root = left.served.office.folder / "jobs"
    spool = spool_path(root, run=RunId(run), part=PartKey("load"), attempt=1)
    (spool / "artifacts/sub").mkdir(parents=True)
    (spool / "artifacts/sub/report.txt").write_text("all is well\n")
    return f"{run}/load"


def test_files_are_listed_and_fetched(left: Desk) -> None:
    load = part(left)

    listed = left.say("artifacts", load).splitlines()
    said = left.say("artifacts", load, "sub/report.txt")
    left.say("artifacts", load, "sub/report.txt", "--to", "other.txt")

    assert [line.split() for line in listed] == [
        ["BYTES", "NAME"], ["gone", "gone"], ["12", "sub/report.txt"],
    ]  # fmt: skip
    assert said == "report.txt\n"
    assert (left.project / "report.txt").read_text() == "all is well\n"
    assert (left.project / "other.txt").read_text() == "all is well\n"


def test_nothing_is_overwritten_and_nothing_half_is_left(left: Desk) -> None:
    load = part(left)
    (left.project / "report.txt").write_text("mine")

    there = left.type("artifacts", load, "sub/report.txt")
    gone = left.type("artifacts", load, "gone")

    assert there.status == gone.status == 1
    assert "was not written" in there.err
    assert "is no plain file any more" in gone.err
    assert (left.project / "report.txt").read_text() == "mine"
    assert not (left.project / "gone").exists()


def test_a_run_has_no_artifacts_but_its_parts_have(left: Desk) -> None:
    run = part(left).partition("/")[0]

    said = left.type("artifacts", run)
    nothing = left.say("artifacts", f"{run}/ask")

    assert said.status == 2
    assert "say RUN/PART" in said.err
    assert nothing == "It has left no artifacts.\n"
