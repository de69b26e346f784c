"""States how the files of a project are told apart and kept: what stands beside definitions.

Roles, playbooks and inventories are Ansible's files. A run goes by them as they stood when its
network was applied, where that can be had: from the commit of a git work tree.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """How one project stood when it was applied.

    A project in a git work tree at ``top`` has its ``commit``; ``is_dirty``: files in it differ
    from that. ``manifest`` is the digest of the live files otherwise. ``checkout`` names the copy
    that runs go by, "" for the live files. ``detail`` says why it is no copy.
    """

    commit: str = ""
    is_dirty: bool = False
    top: str = ""
    manifest: str = ""
    checkout: str = ""
    detail: str = ""


class Projects(Protocol):
    """Looks at projects of this machine, and keeps copies of them."""

    def inspect(self, root: str) -> Snapshot:
        """Return how a project stands now; copies it first where that can be done."""
