"""Hosts whose files are looked at by small jobs, on a virtual clock."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jobnet.engine.results import HostResult, HostState, JobEnd, JobResult
from jobnet.ids import HostName, PartKey, RunId
from jobnet.ports.jobs import JobOrder, JobOver, JobReport
from jobnet.testing import VirtualClock

from tests.services.playing import START

ABSENT = "False     "


def there(*, size: int = 3, mtime: float = 1.5, inode: int = 9) -> str:
    """Return what a host says of a plain file."""
    return f"True True {size} {mtime} {inode} "


@dataclass
class LookedHosts:
    """A runner that only looks: ``files`` says since when, in seconds, a path is there."""

    clock: VirtualClock
    files: Mapping[str, float] = field(default_factory=dict)
    hosts: Sequence[str] = ("ftp1",)
    unreachable: Sequence[str] = ()
    seconds: float = 2.0
    cuts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.orders: list[JobOrder] = []
        self.begun: list[float] = []
        self.at_once: list[int] = []
        self._under_way = 0

    def start(self, order: JobOrder, report: Callable[[JobReport], None]) -> None:
        """Look at the paths when the job ends."""
        self.orders.append(order)
        self.begun.append(self.now)
        self._under_way += 1
        self.at_once.append(self._under_way)
        self.clock.call_later(self.seconds, lambda: self._over(order, report))

    def adopt(self, order: JobOrder, report: Any, *, has_begun: bool) -> None:  # noqa: ANN401
        """Take over nothing."""

    def kill(self, *, run: RunId, part: PartKey, attempt: int) -> None:
        """Kill nothing."""

    def leave(self) -> None:
        """Leave nothing to anybody."""

    def close(self) -> None:
        """Leave nothing behind."""

    @property
    def now(self) -> float:
        """The seconds since the start."""
        return (self.clock.now() - START).total_seconds()

    @property
    def looked_at(self) -> list[list[str]]:
        """The paths of each job."""
        return [paths_of(order) for order in self.orders]

    def _over(self, order: JobOrder, report: Callable[[JobReport], None]) -> None:
        self._under_way -= 1
        rows = [there() if self.files.get(path, 1e9) <= self.now else ABSENT
                for path in paths_of(order)]  # fmt: skip
        hosts = {HostName(name): self._host(name, rows) for name in self.hosts}
        result = JobResult(
            end=JobEnd.ENDED, is_normal=True, hosts=hosts, cuts=self.cuts,
            folder=f"/looks/{order.part}.{order.attempt}",
        )  # fmt: skip
        report(JobOver(part=order.part, attempt=order.attempt, at=self.clock.now(), result=result))

    def _host(self, name: str, rows: Sequence[str]) -> HostResult:
        if name in self.unreachable:
            return HostResult(state=HostState.UNREACHABLE, message="no route to host")
        return HostResult(state=HostState.OK, result={"msg": list(rows)})


def paths_of(order: JobOrder) -> list[str]:
    """Return the paths that a job looks at."""
    params = order.handed_over["params"]
    assert isinstance(params, Mapping)
    return list(params["paths"])
