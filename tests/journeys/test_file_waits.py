"""File waits for real: three on an SSH host share each look, one here is told by inotify."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from jobnet.execution.runner import AnsibleRunner
from jobnet.ids import OperatorName, PartKey, RunId
from jobnet.machine import MachineClock, MachineFiles, Pieces, Threads
from jobnet.ports.jobs import JobOrder, JobOver, JobReport
from jobnet.project import bundle, convert_params, read_file, select_network
from jobnet.services.inbox import Inbox
from jobnet.services.play import Play, World, play
from jobnet.testing import FakeDesk

from tests.execution.ssh_host import ssh_host
from tests.services.looking import paths_of
from tests.services.playing import Ended, Lines, Memory, Post

pytestmark = [pytest.mark.journey, pytest.mark.parts]

END_SECONDS = 120
THREE = """\
kind: network
name: night
inventory: hosts.ini
params: {paths: {type: list}}
flow:
  - parallel:
      branches:
        - flow: [{id: a, wait_file: {path: "{{ params.paths[0] }}", REST}}]
        - flow: [{id: b, wait_file: {path: "{{ params.paths[1] }}", REST}}]
        - flow: [{id: c, wait_file: {path: "{{ params.paths[2] }}", REST}}]
""".replace("REST", "hosts: ftp, poll: 1s, timeout: 4m")
HERE = """\
kind: network
name: night
params: {paths: {type: list}}
flow:
  - {id: a, wait_file: {path: "{{ params.paths[0] }}", poll: 1h, timeout: 2h}}
"""
UNREACHABLE = "gone ansible_host=127.0.0.1 ansible_port=1 ansible_ssh_retries=0\n"


@dataclass
class Watched:
    """The real runner, with its orders kept; ``after_first`` is called when the first has ended."""

    runner: AnsibleRunner
    after_first: Callable[[], None]
    orders: list[JobOrder] = field(default_factory=list)
    ended: int = 0

    def start(self, order: JobOrder, report: Callable[[JobReport], None]) -> None:
        self.orders.append(order)

        def told(each: JobReport) -> None:
            if isinstance(each, JobOver):
                self.ended += 1
                if self.ended == 1:
                    self.after_first()
            report(each)

        self.runner.start(order, told)

    def adopt(
        self, order: JobOrder, report: Callable[[JobReport], None], *, has_begun: bool
    ) -> None:
        self.runner.adopt(order, report, has_begun=has_begun)

    def kill(self, *, run: RunId, part: PartKey, attempt: int) -> None:
        self.runner.kill(run=run, part=part, attempt=attempt)

    def leave(self) -> None:
        self.runner.leave()

    def close(self) -> None:
        self.runner.close()


@dataclass
class Night:
    """One run with the real parts, and what it leaves."""

    folder: Path
    text: str
    paths: list[str]
    after_first: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.clock = MachineClock()
        self.pieces = Pieces(folder=self.folder / "run")
        self.runner = Watched(
            AnsibleRunner(spool_root=self.pieces.jobs, clock=self.clock.now), self.after_first
        )
        self.journal = Lines()

    def play(self) -> Ended:
        file = self.folder / "night.yml"
        file.write_text(self.text)
        pinned = bundle(reading := read_file(file), select_network(reading, None))
        request = Play(
            run=RunId("r-1"),
            bundle=pinned,
            calendars={},
            operator=OperatorName("ann"),
            operating_day=date(2026, 5, 29),
            start=self.clock.now(),
            zone="UTC",
            params=convert_params(pinned.network, {"paths": self.paths}),
        )
        world = World(
            clock=self.clock,
            runner=self.runner,
            files=MachineFiles(),
            messenger=Post(),
            journal=self.journal,
            history=Memory(),
            pieces=self.pieces,
            desk=FakeDesk(lambda _seconds, _call: None),
            threads=Threads(),
        )
        return Ended(play(request, world, Inbox()))


@contextmanager
def project_with_hosts(folder: Path) -> Iterator[Path]:
    """Make a project with a host that answers and one that does not."""
    project = folder / "project"
    project.mkdir(mode=0o755)
    (project / "ansible.cfg").write_text("[defaults]\ntimeout = 20\n")
    with ssh_host(folder) as host:
        (project / "known_hosts").write_text(host.known())
        line = host.line("far", project / "known_hosts")
        (project / "hosts.ini").write_text(f"[ftp]\n{line}{UNREACHABLE}")
        yield project


def test_three_waits_on_a_host_cost_one_job_for_each_look(tmp_path: Path) -> None:
    room = tmp_path / "room"
    room.mkdir()
    names = ("plain", "a b'\"\n{{ lookup('pipe', 'id') }} $(id)", "link")
    paths = [str(room / name) for name in names]
    (room / "target").write_text("12345")

    def deliver() -> None:
        Path(paths[0]).write_text("1")
        Path(paths[1]).write_text("123")
        Path(paths[2]).symlink_to(room / "target")

    with project_with_hosts(tmp_path) as project:
        night = Night(project, THREE, paths, deliver)
        ended = night.play()

    assert [ended.part(name).value for name in "abc"] == ["normal"] * 3, night.journal.lines
    assert [paths_of(order) for order in night.runner.orders] == [paths, paths]
    assert [size_at(ended, name) for name in "abc"] == [1, 3, 5]
    assert any("gone: " in line and "refused" in line for line in night.journal.lines)
    assert list(night.pieces.jobs.glob("*/*")) == []


def size_at(ended: Ended, name: str) -> object:
    record = ended.tracker.parts.get(PartKey(name))
    assert record is not None
    seen = record.outputs["far"]
    assert isinstance(seen, Mapping)
    return seen["size"]


def test_a_wait_on_this_machine_ends_without_its_next_poll(tmp_path: Path) -> None:
    (tmp_path / "room").mkdir()
    file = tmp_path / "room" / "orders.csv"
    night = Night(tmp_path, HERE, [str(file)])
    ended: list[Ended] = []
    playing = threading.Thread(target=lambda: ended.append(night.play()), daemon=True)

    playing.start()
    for number in range(END_SECONDS * 5):
        if any("FilesLooked" in line for line in night.journal.lines):
            file.write_text(str(number))  # again and again: the watch begins on a thread of its own
        playing.join(0.2)
        if not playing.is_alive():
            break

    assert [each.part("a").value for each in ended] == ["normal"]
    assert night.runner.orders == []
