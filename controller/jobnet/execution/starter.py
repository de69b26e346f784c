"""Decides how the supervisor of a job is started: by a warm server, or cold.

Cold always works; warm is tried where it is allowed and possible, and each start is counted
with its reason.
"""

import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress

from jobnet.execution.bounds import shortened
from jobnet.execution.prepare import PreparedJob
from jobnet.execution.settings import ansible_program, is_our_ansible
from jobnet.execution.spool import WARMTH
from jobnet.execution.supervisor_process import ColdSupervisor, Ending, SupervisorProcess
from jobnet.execution.warm.pool import WarmPool
from jobnet.execution.warm.server_handle import ServerUnusable
from jobnet.ports.jobs import JobOrder
from jobnet.ports.warmth import WORDS, ColdReason, Warmth


class Starter:
    """Starts supervisors for one runner."""

    def __init__(self, pool: WarmPool, *, is_leashed: bool, warm: bool) -> None:
        self._pool = pool
        self._is_leashed = is_leashed
        self._is_warm = warm
        self._lock = threading.Lock()
        self._told: dict[ColdReason, str] = {}
        self.counts: Counter[str] = Counter()

    def start(self, order: JobOrder, prepared: PreparedJob, ticks: int) -> SupervisorProcess:
        """Start the supervisor of a prepared job."""
        reason, told = self._why_cold(order, prepared), ""
        if reason is None:
            try:
                supervisor = self._pool.supervise(
                    prepared, ticks=ticks, is_leashed=self._is_leashed
                )
            except ServerUnusable as unusable:
                reason, told = unusable.reason, str(unusable)
            else:
                self._note(prepared, None, "")
                return supervisor
        self._note(prepared, reason, told or WORDS[reason])
        return ColdSupervisor(prepared, ticks=ticks, is_leashed=self._is_leashed)

    def start_instead(
        self, prepared: PreparedJob, ticks: int, *, ending: Ending
    ) -> SupervisorProcess:
        """Start a cold supervisor in place of a warm one that ended without ``started``."""
        self._pool.note_broken(prepared, ending)
        with self._lock:
            self.counts["warm"] -= 1
        reason = ColdReason.ENDED_EARLY
        self._note(prepared, reason, f"it {ending.words}")
        return ColdSupervisor(prepared, ticks=ticks, is_leashed=self._is_leashed)

    def expect(
        self, environment: Mapping[str, str], project_root: str, *, keep_seconds: float
    ) -> None:
        """Have a server ready for jobs of this environment, and keep it so long at least."""
        if self._is_warm and is_our_ansible(ansible_program("ansible-playbook")):
            self._pool.expect(environment, project_root, keep_seconds=keep_seconds)

    def warmth(self) -> Warmth:
        """Return how many jobs were started how."""
        with self._lock:
            cold = {one: self.counts[one] for one in ColdReason if self.counts[one]}
            return Warmth(warm=self.counts["warm"], cold=cold, told=dict(self._told))

    def close(self) -> None:
        """End what is kept warm."""
        self._pool.close()

    def _why_cold(self, order: JobOrder, prepared: PreparedJob) -> ColdReason | None:
        if not self._is_warm:
            return ColdReason.SWITCHED_OFF
        if not order.warm:
            return ColdReason.ASKED_FOR
        if not is_our_ansible(prepared.manifest.program):
            return ColdReason.OTHER_PYTHON
        return None

    def _note(self, prepared: PreparedJob, reason: ColdReason | None, told: str) -> None:
        """Count the start, and leave a line in the spool for whoever asks what was different."""
        line = "warm"
        with self._lock:
            if reason is not None:
                self._told[reason] = shortened(told, 400)
                line = f"cold: {reason}: {self._told[reason]}"
            self.counts[reason or "warm"] += 1
        with suppress(OSError):  # a full disk shows elsewhere
            prepared.spool[WARMTH].write_text(f"{line}\n", encoding="utf-8", errors="replace")
