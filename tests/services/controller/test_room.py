"""While the disk is nearly full no new job starts, and those that run go on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jobnet.engine.states import State
from jobnet.services.controller.room import RoomKeeper
from jobnet.services.controller.settings import SettingsDesk
from jobnet.testing import Script

from tests.services.controller.office import Office, office, wait_until

MIB = 1024 * 1024
JOBS = """
kind: network
name: jobs
flow:
  - {id: first, hosts: localhost, command: "true"}
  - {id: pause, wait_for: 1s}
  - {id: second, hosts: localhost, command: "true"}
"""


class Disk:
    """A disk of which so much is free."""

    def __init__(self) -> None:
        self.free_mib = 1000.0

    def free_bytes(self) -> int:
        return round(self.free_mib * MIB)


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "home", {"first": Script(seconds=0.05)}) as opened:
        opened.apply(JOBS)
        yield opened


@pytest.fixture
def keeper(at: Office, disk: Disk) -> RoomKeeper:
    desk = SettingsDesk(at.store, at.controller.bells)
    return RoomKeeper(at.store, desk, free_bytes=disk.free_bytes, kept_bytes=256 * MIB)


def test_a_job_waits_for_room_and_says_so(at: Office, disk: Disk, keeper: RoomKeeper) -> None:
    disk.free_mib = 100
    keeper.work_once()

    run = at.start("jobs")

    wait_until(lambda: at.reason(run, "first") == "paused", "the reason")
    assert "100 MiB of the disk are free and 256 are kept" in at.detail(run, "first")
    disk.free_mib = 400
    keeper.work_once()
    assert at.ended(run).state is State.NORMAL


def test_what_runs_and_what_needs_no_job_goes_on(
    at: Office, disk: Disk, keeper: RoomKeeper
) -> None:
    run = at.start("jobs")
    at.wait_for(run, "first", State.RUNNING, State.NORMAL)
    disk.free_mib = 100

    keeper.work_once()

    at.wait_for(run, "second", State.QUEUED)
    assert at.state(run, "first") is State.NORMAL
    disk.free_mib = 400
    keeper.work_once()
    assert at.ended(run).state is State.NORMAL


def test_jobs_start_again_only_when_there_is_more_than_what_is_kept(
    at: Office, disk: Disk, keeper: RoomKeeper
) -> None:
    stands = []
    for disk.free_mib in (300, 255, 257, 319, 320, 257, 100):
        keeper.work_once()
        stands.append(bool(at.store.read(lambda tx: tx.queues.settings())))

    assert stands == [False, True, True, True, False, False, True]


def test_it_is_told_once_and_seen_by_everybody(at: Office, disk: Disk, keeper: RoomKeeper) -> None:
    disk.free_mib = 100
    for _ in range(3):
        keeper.work_once()

    acts = at.store.read(lambda tx: tx.audits.page(before=None, limit=50))
    assert [act.subject for act in acts if act.by == "jobnet"] == ["everything"]
    (deviation,) = at.controller.views.deviations()
    assert deviation.what == "everything disk_full"
    disk.free_mib = 400
    keeper.work_once()


def test_a_controller_looks_by_itself(tmp_path: Path, disk: Disk) -> None:
    disk.free_mib = 1

    with office(tmp_path / "home", free_bytes=disk.free_bytes, kept_bytes=256 * MIB) as opened:
        opened.apply(JOBS)
        run = opened.start("jobs")
        opened.wait_for(run, "first", State.QUEUED)

        assert opened.started() == []
