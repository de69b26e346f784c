import os
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

import jobnet
import pytest
from jobnet.machine import examine
from jobnet.machine.examine import MIB, Home, borrowed_home, clock, disk, examine_machine, memory
from jobnet.ports.findings import Grade


class Usage(NamedTuple):
    """What ``shutil.disk_usage`` gives."""

    total: int
    used: int
    free: int


@pytest.mark.parametrize(
    ("free", "grade"),
    [(20 * MIB, Grade.BAD), (500 * MIB, Grade.WARNING), (5000 * MIB, Grade.OK)],
)
def test_little_space_is_told_and_none_is_bad(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, grade: Grade
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(0, 0, free))

    found = disk(tmp_path)

    assert found.grade is grade
    assert f"{free // MIB} MiB free" in found.text


def test_a_disk_that_is_not_there_is_bad(tmp_path: Path) -> None:
    assert disk(tmp_path / "nowhere").grade is Grade.BAD


@pytest.mark.parametrize(
    ("available", "grade"), [(100 * MIB, Grade.WARNING), (999 * MIB, Grade.OK)]
)
def test_little_memory_means_cold_starts(available: int, grade: Grade) -> None:
    assert memory(available).grade is grade


@pytest.mark.parametrize(
    ("is_synchronised", "grade"), [(True, Grade.OK), (None, Grade.OK), (False, Grade.NOTE)]
)
def test_a_clock_that_nothing_keeps_right_is_noted(
    *, is_synchronised: bool | None, grade: Grade
) -> None:
    assert clock(is_synchronised=is_synchronised, zone="Asia/Tokyo").grade is grade


def test_a_clock_before_the_installation_is_bad(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    late = tmp_path / "__init__.py"
    late.touch()

    os.utime(late, (9e9, 9e9))
    monkeypatch.setattr(jobnet, "__file__", str(late))

    assert clock(is_synchronised=True, zone="UTC").grade is Grade.BAD


def test_a_home_that_is_refused_is_bad(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with borrowed_home(str(tmp_path / "file" / "home")) as home:
        found = {finding.name: finding for finding in examine_machine(home, zone="UTC")}

    assert found["state folder"].grade is Grade.BAD


def test_a_home_that_others_may_write_to_is_a_warning(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)

    (state, *_) = examine_machine(Home(folder=tmp_path), zone="UTC")

    assert state.grade is Grade.WARNING
    assert "chmod go-w" in state.advice


def test_a_temporary_home_goes_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = tmp_path / "jobnet-x"
    made.mkdir()
    monkeypatch.setattr(examine, "state_home", lambda _: made)
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))

    with borrowed_home("") as home:
        (state, *_) = examine_machine(home, zone="UTC")

    assert (state.grade, made.exists()) == (Grade.WARNING, False)
