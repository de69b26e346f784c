"""Says what jobs do in an example: how long each attempt takes, and how it ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jobnet.engine.results import HostResult, JobEnd, JobResult
from jobnet.ids import HostName


@dataclass(frozen=True, kw_only=True)
class Does:
    """What the script says of one attempt of a job.

    ``answers`` False: it never says anything. ``dies`` False: a kill does not reach it.
    ``message_error`` is for notify parts.
    """

    exit_code: int = 0
    seconds: float = 0
    end: JobEnd = JobEnd.ENDED
    message: str = ""
    outputs: Mapping[str, object] = field(default_factory=dict)
    hosts: Mapping[str, HostResult] = field(default_factory=dict)
    answers: bool = True
    dies: bool = True
    begins: bool = True

    @property
    def result(self) -> JobResult:
        """What the execution side reports."""
        has_ended = self.end is JobEnd.ENDED
        return JobResult(
            end=self.end,
            is_normal=has_ended and self.exit_code == 0,
            exit_code=self.exit_code if has_ended else None,
            message=self.message,
            outputs=self.outputs,
            hosts={HostName(name): host for name, host in self.hosts.items()},
        )


def takes(seconds: float, exit_code: int = 0) -> Does:
    """An attempt that lasts."""
    return Does(seconds=seconds, exit_code=exit_code)


NEVER = Does(answers=False)
LOST = Does(end=JobEnd.LOST)
NO_START = Does(end=JobEnd.FAILED_TO_START, message="no host matched")

Script = Mapping[str, object]
"""Part key to exit code or ``Does``, or to a list of them, one per attempt (the last repeats)."""
