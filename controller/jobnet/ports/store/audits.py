"""States how acts are kept: who did what to which thing, when, why, before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from jobnet.ids import OperatorName


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One act. ``before`` and ``after`` are JSON or "". ``id`` is given by the database.

    ``act`` is a verb such as ``hold`` or ``apply``; ``subject`` names the thing as people write it
    (``run/part``, ``network payroll/pay``, ``queue backup``). ``refusal`` says why it was not done.
    """

    at: datetime
    by: OperatorName
    act: str
    subject: str
    reason: str = ""
    before: str = ""
    after: str = ""
    refusal: str = ""
    key: str = ""
    id: int = 0


class AuditTable(Protocol):
    """Acts are added and never changed."""

    def add(self, row: AuditRow) -> None:
        """Add an act."""

    def find(self, *, key: str, act: str) -> AuditRow | None:
        """Return the first act that was done under an idempotency key."""

    def page(
        self,
        *,
        before: int | None,
        limit: int,
        subject: str = "",
        by: str = "",
        since: datetime | None = None,
    ) -> Sequence[AuditRow]:
        """Return acts, the latest first, with ids below ``before``; ``subject`` is a prefix."""
