"""Carries what a supervisor has to know from the side that prepares to the side that runs.

It lies in the spool as JSON and holds no environment: that may hold secrets and goes to
the supervisor through its standard input only.
"""

import dataclasses
import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One attempt, ready to be executed."""

    program: str
    arguments: tuple[str, ...]
    working_folder: str
    pattern: str
    kill_grace_seconds: float
    is_single_task: bool
    empty_hosts_ok: bool
    keeps_host_vars: bool

    def to_text(self) -> str:
        """Return the manifest as JSON."""
        return json.dumps(dataclasses.asdict(self), indent=1)

    @staticmethod
    def from_text(text: str) -> "Manifest":
        """Read what ``to_text`` wrote."""
        fields = json.loads(text)
        return Manifest(**{**fields, "arguments": tuple(fields["arguments"])})
