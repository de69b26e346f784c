"""Decides how the supervisor of a job is started: by a warm server, or cold.

Cold always works; warm is tried where it is allowed and possible, and each start is counted
with its reason.
"""

from collections import Counter
from pathlib import Path

from jobnet.execution.prepare import PreparedJob
from jobnet.execution.settings import is_our_ansible
from jobnet.execution.supervisor_process import ColdSupervisor, SupervisorProcess
from jobnet.execution.warm.pool import WarmPool
from jobnet.execution.warm.server_handle import ServerUnusable
from jobnet.ports.jobs import JobOrder


class Starter:
    """Starts supervisors for one runner."""

    def __init__(self, *, logs: Path, is_leashed: bool, warm: bool) -> None:
        self._is_leashed = is_leashed
        self._is_warm = warm
        self._pool = WarmPool(logs=logs)
        self.counts: Counter[str] = Counter()

    def start(self, order: JobOrder, prepared: PreparedJob, ticks: int) -> SupervisorProcess:
        """Start the supervisor of a prepared job."""
        reason = self._why_cold(order, prepared)
        if not reason:
            try:
                supervisor = self._pool.supervise(
                    prepared, ticks=ticks, is_leashed=self._is_leashed
                )
            except ServerUnusable as unusable:
                reason = f"fallback: {unusable}"
            else:
                self.counts["warm"] += 1
                return supervisor
        self.counts[reason] += 1
        return ColdSupervisor(prepared, ticks=ticks, is_leashed=self._is_leashed)

    def close(self) -> None:
        """End what is kept warm."""
        self._pool.close()

    def _why_cold(self, order: JobOrder, prepared: PreparedJob) -> str:
        if not self._is_warm:
            return "cold: switched off"
        if not is_our_ansible(prepared.manifest.program):
            return "cold: its Ansible belongs to another Python"
        return ""
