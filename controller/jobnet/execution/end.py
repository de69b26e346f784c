"""Says how Ansible's process ended; the one thing that only its supervisor has seen.

It is all that a supervisor leaves beside what the job itself wrote: judging needs the
engine's types and is done by whoever reads the spool, so a supervisor starts fast.
"""

import dataclasses
import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptEnd:
    """How Ansible's process ended, as its supervisor saw it.

    ``trouble`` is what went wrong outside of Ansible, such as a full disk: with it no end
    is normal. ``unended`` names processes that survived a kill. ``no_space`` is what to say of
    incomplete records when the disk is full.
    """

    ansible_rc: int | None
    duration_seconds: float
    was_killed: bool = False
    prompt: str | None = None
    trouble: str = ""
    unended: str = ""
    no_space: str = ""

    def to_text(self) -> str:
        """Return the end as JSON."""
        return json.dumps(dataclasses.asdict(self))

    @staticmethod
    def from_text(text: str) -> "AttemptEnd":
        """Read what ``to_text`` wrote."""
        return AttemptEnd(**json.loads(text))
