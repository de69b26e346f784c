"""What jobs have left behind is measured and removed, unless something is at work there."""

import os
from pathlib import Path

from jobnet.execution.remains import GOING, SpoolRemains
from jobnet.execution.spool import Spool, make_spool, spool_path, take_lock
from jobnet.ids import PartKey, RunId

RUN = RunId("payroll.pay-2026-05-29-2155")


def spool(root: Path, part: str = "load", run: str = RUN) -> Spool:
    made = make_spool(spool_path(root, run=RunId(run), part=PartKey(part), attempt=1))
    made["stdout"].write_text("12345")
    return made


def test_the_folders_of_one_run_are_measured_and_go(tmp_path: Path) -> None:
    spool(tmp_path)
    spool(tmp_path, "a/b")
    other = spool(tmp_path, run="other")
    remains = SpoolRemains(tmp_path)

    size = remains.size(RUN)
    is_gone = remains.remove(RUN)

    assert (size, is_gone) == (10, True)
    assert [each.name for each in tmp_path.iterdir()] == ["other"]
    assert other["stdout"].exists()


def test_a_run_that_left_nothing_is_gone(tmp_path: Path) -> None:
    remains = SpoolRemains(tmp_path / "nothing")

    assert (remains.size(RUN), remains.remove(RUN)) == (0, True)


def test_nothing_goes_while_a_supervisor_is_at_work(tmp_path: Path) -> None:
    spool(tmp_path)
    held = take_lock(spool(tmp_path, "runs"))
    remains = SpoolRemains(tmp_path)

    is_gone = remains.remove(RUN)
    os.close(held)

    assert not is_gone
    assert remains.size(RUN) == 10
    assert remains.remove(RUN)


def test_what_a_crash_has_left_of_a_removal_goes(tmp_path: Path) -> None:
    half = tmp_path / f"{GOING}{RUN}"
    half.mkdir()
    (half / "stdout").touch()

    is_gone = SpoolRemains(tmp_path).remove(RUN)

    assert is_gone
    assert list(tmp_path.iterdir()) == []


def test_links_lead_nowhere(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    root = tmp_path / "jobs"
    (spool(root).folder / "link").symlink_to(outside)

    SpoolRemains(root).remove(RUN)

    assert (outside / "kept").read_text() == "kept"
