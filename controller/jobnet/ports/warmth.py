"""States how unit jobs were started, and how a runner hears of jobs that are to come.

Warm means in an Ansible that was loaded beforehand; cold always works. Each cold start has
one of a few reasons, so that they can be counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol


class ColdReason(StrEnum):
    """Why a job was started cold."""

    SWITCHED_OFF = "switched_off"  # for the whole installation
    ASKED_FOR = "asked_for"  # by `warm: off` in the definition
    OTHER_PYTHON = "other_python"
    ANSIBLE_SPEAKS = "ansible_speaks"  # it prints while it is loaded, or cannot be loaded
    CANARY = "canary"
    BEING_TRIED = "being_tried"
    LOW_MEMORY = "low_memory"
    NO_SERVER = "no_server"  # it is gone, gives no answer or cannot fork
    ENDED_EARLY = "ended_early"  # before it had begun, so that nothing of the job was run
    CLOSING = "closing"


WORDS: Mapping[ColdReason, str] = MappingProxyType(
    {
        ColdReason.SWITCHED_OFF: "warm starts are switched off (JOBNET_WARM)",
        ColdReason.ASKED_FOR: "the definition says `warm: off`",
        ColdReason.OTHER_PYTHON: "Ansible belongs to another Python than Jobnet",
        ColdReason.ANSIBLE_SPEAKS: "Ansible prints something while it is loaded",
        ColdReason.CANARY: "the canary job did not run warm as it should",
        ColdReason.BEING_TRIED: "the canary job had not ended yet",
        ColdReason.LOW_MEMORY: "too little memory is free",
        ColdReason.NO_SERVER: "the warm server could not be used",
        ColdReason.ENDED_EARLY: "the warm supervisor ended before the job had begun",
        ColdReason.CLOSING: "the runner was closing",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Warmth:
    """How many jobs were started how; ``told`` has the last words about a reason."""

    warm: int = 0
    cold: Mapping[ColdReason, int] = field(default_factory=dict)
    told: Mapping[ColdReason, str] = field(default_factory=dict)

    @property
    def jobs(self) -> int:
        """All that were started."""
        return self.warm + sum(self.cold.values())


class Warmer(Protocol):
    """Can get ready for jobs and tell how they were started."""

    def expect(
        self, *, project_root: str, environment: Mapping[str, str], until: datetime | None = None
    ) -> None:
        """Get ready for jobs of this project that may start warm; returns at once.

        ``environment`` is what their orders add. What was got ready is kept until the instant
        ``until``, without one as long as anything that nobody uses.
        """

    def warmth(self) -> Warmth:
        """Return how the jobs of this runner were started so far."""
