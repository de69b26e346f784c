"""Counts what those who have started hold: jobs by queue, executions, locks and resources."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

from jobnet.definition import LockMode, Placement
from jobnet.ids import NetworkName

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Tally:
    """What is held; it grows while candidates are granted."""

    def __init__(self, last_starts: Mapping[str, datetime]) -> None:
        self.jobs = 0
        self._jobs: Counter[str] = Counter()
        self._waiting: Counter[str] = Counter()
        self._executions: Counter[NetworkName] = Counter()
        self._shared: Counter[str] = Counter()
        self._exclusive: set[str] = set()
        self._resources: Counter[str] = Counter()
        self._last_starts = dict(last_starts)
        self._turns: dict[str, int] = {}

    def add(
        self,
        placement: Placement,
        *,
        network: NetworkName | None,
        started_at: datetime | None = None,
    ) -> None:
        """Count one who holds something."""
        if network is not None:
            self._executions[network] += 1
        else:
            self.jobs += 1
            if placement.queue is not None:
                self._jobs[placement.queue] += 1
                if started_at is not None:
                    self._last_starts[placement.queue] = started_at
                    self._turns[placement.queue] = self.jobs
        for name, mode in placement.locks.items():
            if mode is LockMode.EXCLUSIVE:
                self._exclusive.add(name)
            else:
                self._shared[name] += 1
        self._resources.update(placement.resources)

    def await_in(self, queue: str | None) -> None:
        """Count one who stands in line."""
        if queue is not None:
            self._waiting[queue] += 1

    def jobs_in(self, queue: str) -> int:
        """Return how many jobs of a queue run."""
        return self._jobs[queue]

    def waiting_in(self, queue: str) -> int:
        """Return how many stand in line or run in a queue: who comes has them before him."""
        return self._waiting[queue] + self._jobs[queue]

    def turn_of(self, queue: str) -> tuple[datetime, int]:
        """Return what is smaller for a queue whose turn it is: its last start is longer ago."""
        return (self._last_starts.get(queue, _LONG_AGO), self._turns.get(queue, 0))

    def last_start(self, queue: str) -> datetime | None:
        """Return when the last job of a queue started."""
        return self._last_starts.get(queue)

    def executions(self, network: NetworkName) -> int:
        """Return how many executions of a network there are."""
        return self._executions[network]

    def lock_in_the_way(self, locks: Mapping[str, LockMode]) -> str:
        """Return the first lock that cannot be had beside those that are held, or ""."""
        for name, mode in locks.items():
            is_shared = mode is LockMode.SHARED
            if name in self._exclusive or (self._shared[name] and not is_shared):
                return name
        return ""

    def resource_missing(self, wanted: Mapping[str, int], capacities: Mapping[str, int]) -> str:
        """Return the first resource of which too little is left, or "".

        One whose capacity nobody has given is there without end.
        """
        for name, amount in wanted.items():
            left = capacities.get(name, self._resources[name] + amount) - self._resources[name]
            if amount > left:
                return f"{name}: {amount} wanted"
        return ""
