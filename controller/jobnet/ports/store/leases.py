"""States how one of several processes is the one that does something.

A lease ends by itself. Who holds one asks for it again in each transaction of its work: one that
stood still while its lease ended finds that another has it, and writes nothing.
"""

from datetime import datetime
from typing import Protocol


class LeaseTable(Protocol):
    """Leases by name."""

    def take(self, name: str, holder: str, *, now: datetime, until: datetime) -> int | None:
        """Take a lease or prolong one's own; return its epoch, None where another holds it.

        The epoch grows whenever the lease goes to somebody anew.
        """

    def is_held(self, name: str, epoch: int) -> bool:
        """Return whether a lease is still that of an epoch; it stays so until the commit."""

    def give_back(self, name: str, epoch: int) -> None:
        """End a lease; one that another has is left alone."""
