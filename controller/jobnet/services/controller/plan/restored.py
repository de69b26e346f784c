"""Keeps starts back that a restored controller may have run before: nobody knows any more.

A backup is older than what happened after it. Starts that were due since then may have run, so
none of them starts by itself: each waits for somebody's word. The file that tells of the backup
goes when that is in the database.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from jobnet.ports.store import Store, Transaction
from jobnet.ports.store.plan import PlanState
from jobnet.services.controller.plan.materialising import tell_waits

DUE_MAX: Final = 1_000
"""So many starts are held in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """The file that a restore leaves; what is not there has not been restored."""

    path: Path

    @property
    def is_news(self) -> bool:
        """Return whether nobody has heeded it yet."""
        return self.path.exists()

    def hold(self, store: Store) -> None:
        """Hold all starts that are due."""
        made_at = self.path.read_text(encoding="utf-8")
        detail = (
            f"restored from a backup of {made_at}: nobody knows whether it has run since;"
            " release it or skip it"
        )

        def hold(tx: Transaction) -> int:
            rows = tx.plan.due(store.now(), DUE_MAX)
            for row in rows:
                held = replace(row, state=PlanState.HELD, detail=detail)
                tx.plan.replace(held, expected=(PlanState.FIXED,))
            tell_waits(tx, {row.key.network for row in rows})
            return len(rows)

        while store.write(hold):
            pass

    def heeded(self) -> None:
        """Note that everything is held; what is due from now on starts by itself."""
        self.path.unlink(missing_ok=True)
