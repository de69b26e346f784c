"""States how the files of a project are told apart and kept: what stands beside definitions.

Roles, playbooks and inventories are Ansible's files. A run goes by them as they stood when its
network was applied, where that can be had: from the commit of a git work tree.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """How one project stood when it was applied.

    A project in a git work tree at ``top`` has its ``commit``; ``is_dirty``: files in it differ
    from that. ``copy`` names the copy of the commit that runs go by; "" for the live files, whose
    ``manifest`` is then the digest of what was there. ``detail`` says why there is no copy.
    """

    commit: str = ""
    is_dirty: bool = False
    top: str = ""
    copy: str = ""
    manifest: str = ""
    detail: str = ""


class Projects(Protocol):
    """Looks at projects of this machine, and keeps copies of them; nothing here ever raises."""

    def inspect(self, root: str) -> Snapshot:
        """Return how a project stands now; ``copy`` names the copy that could be made."""

    def keep(self, root: str, snapshot: Snapshot) -> Snapshot:
        """Make the copy that a snapshot names, or remember the live files it goes by.

        Returns the snapshot, without a copy and with a ``detail`` where none could be made. Doing
        it again changes nothing.
        """

    def place(self, snapshot: Snapshot) -> str:
        """Return the folder of the copy that a snapshot names, "" where it is not there."""

    def changed(self, root: str, snapshot: Snapshot) -> tuple[str, ...] | None:
        """Return the live files that differ from what was there; () for a copy that is there.

        None where nobody knows any more what was there.
        """

    def tidy(self, needed: Collection[str]) -> None:
        """Remove copies that nobody has used for long, but the needed ones."""
