"""States how start conditions remember what has come for them.

A trigger is the start condition of a network or of a schedule: ``network NAME``, ``schedule NAME``.
What came is kept once; who starts a run uses it up in the transaction that makes the run.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from jobnet.ids import RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerRow:
    """A trigger that counts since an instant. ``condition`` is the digest of what it waits for.

    ``memory`` is JSON of what was seen of files so far. ``problem`` says why it cannot start what
    it should, "" where nothing is in its way.
    """

    trigger: str
    condition: str
    since: datetime
    memory: str = "{}"
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRow:
    """Something that came for one leaf of a trigger; ``key`` tells things of a leaf apart.

    ``what`` is JSON. ``run`` None: nothing has used it up yet.
    """

    trigger: str
    leaf: str
    key: str
    operating_day: date
    at: datetime
    what: str
    run: RunId | None = None


class TriggerTable(Protocol):
    """Triggers and what has come for them."""

    def all(self) -> Sequence[TriggerRow]:
        """Return all triggers by name."""

    def put(self, row: TriggerRow) -> None:
        """Add a trigger or replace it; what came for it stays."""

    def drop(self, trigger: str) -> None:
        """Remove a trigger and all that came for it."""

    def add_seen(self, rows: Collection[SeenRow]) -> int:
        """Add what came; what is known already stays as it is. Return how much was new."""

    def waiting(self) -> Sequence[str]:
        """Return the triggers for which something has come that was not used up yet."""

    def unused(self, trigger: str, limit: int) -> Sequence[SeenRow]:
        """Return what was not used up yet, the oldest first."""

    def count_unused(self, trigger: str, leaf: str) -> int:
        """Return how much of a leaf was not used up yet."""

    def started_days(self, trigger: str) -> Sequence[date]:
        """Return the operating days on which the trigger has started something."""

    def use(self, rows: Collection[SeenRow], run: RunId) -> int:
        """Use things up for a run; return how many were still there to be used."""

    def forget(self, *, older_than: datetime) -> int:
        """Remove what came before an instant; return how much."""
