"""The files that a part has left are listed and sent, and never shown by a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jobnet.engine.results import JobEnd, JobResult
from jobnet.execution.spool import spool_path
from jobnet.ids import PartKey, RunId
from jobnet.testing import Script

from tests.rest.serving import Served, eventually, served

NIGHT = """
kind: network
name: night
flow:
  - {id: load, hosts: h, ansible.builtin.command: x}
"""
PAGE, GONE = "sub/été.html", "gone"
LEFT = JobResult(
    end=JobEnd.ENDED,
    is_normal=True,
    exit_code=0,
    ansible_rc=0,
    artifacts={name: f"/before/load.1/artifacts/{name}" for name in (PAGE, GONE)},
)


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path, {"load": Script(seconds=0, result=LEFT)}) as found:
        (tmp_path / "project").mkdir()
        (tmp_path / "project/inventory").write_text("h\n", encoding="utf-8")
        found.apply(NIGHT)
        yield found


def ended(night: Served) -> str:
    """Run the night, whose job leaves a page and a file that is gone."""
    client = night.client
    run = client.start("night")
    eventually(lambda: client.shown(f"/runs/{run}")["ended"])
    root = night.office.folder / "jobs"
    spool = spool_path(root, run=RunId(run), part=PartKey("load"), attempt=1)
    (spool / "artifacts/sub").mkdir(parents=True)
    (spool / "artifacts" / PAGE).write_text("<script>alert()</script>")
    return run


def test_the_files_of_a_part_are_listed_with_their_sizes(night: Served) -> None:
    run = ended(night)

    listed = night.client.shown(f"/runs/{run}/parts/load/artifacts")["items"]
    answer = night.client.get(listed[1]["address"].removeprefix("/api/v1"))

    assert [(each["name"], each["size"]) for each in listed] == [(GONE, None), (PAGE, 24)]
    assert answer.text == "<script>alert()</script>"


def test_a_file_is_sent_to_be_kept(night: Served) -> None:
    run = ended(night)

    answer = night.client.get(f"/runs/{run}/parts/load/artifacts/file", params={"name": PAGE})

    assert answer.headers["content-type"] == "application/octet-stream"
    assert (
        answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%A9t%C3%A9.html"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-length"] == "24"


@pytest.mark.parametrize("name", [GONE, "../../stdout", "/etc/passwd", "nothing"])
def test_what_a_part_has_not_left_is_not_found(night: Served, name: str) -> None:
    run = ended(night)

    answer = night.client.get(f"/runs/{run}/parts/load/artifacts/file", params={"name": name})

    assert (answer.status_code, answer.json()["code"]) == (404, "artifact_not_found")
