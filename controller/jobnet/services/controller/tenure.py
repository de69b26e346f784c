"""Makes sure that one controller at a time works for a database that several could reach.

A lease says who it is. It ends by itself when nobody prolongs it, so a controller that is gone for
good holds nobody up for long; one that comes back at the same place has it at once. Who finds that
another has the lease stops working: what it had under way is taken over by the other.
"""

import logging
from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta
from typing import Final

from jobnet.errors.controller import ControllerElsewhere
from jobnet.errors.storage import DatabaseAway
from jobnet.ports.store import Store, Transaction
from jobnet.services.controller.bells import Bells, Name
from jobnet.services.controller.working import Pass, tell

LEASE: Final = "controller"
LASTS: Final = timedelta(seconds=30)
PROLONG_SECONDS: Final = 10.0


class Tenure:
    """The worker that keeps the lease; ``holder`` names a controller and its place."""

    name = "tenure"
    bells: Collection[Name] = ()

    def __init__(self, store: Store, bells: Bells, *, holder: str) -> None:
        self._store, self._everybody, self._holder = store, bells, holder
        self._epoch: int | None = None

    def recover(self) -> None:
        """Take the lease; raises ``ControllerElsewhere`` where another controller has it."""
        self._epoch = self._store.write(self._take)
        if self._epoch is None:
            raise ControllerElsewhere(seconds=LASTS.total_seconds())

    def work_once(self) -> Pass:
        """Prolong the lease, or stop everybody where another has it."""
        epoch = self._store.write(self._take)
        if epoch is None or epoch != self._epoch:
            tell("tenure_lost", level=logging.ERROR, holder=self._holder)
            self._everybody.close()
        return Pass(again_seconds=PROLONG_SECONDS)

    def give_back(self) -> None:
        """Let another controller begin at once."""
        epoch = self._epoch
        if epoch is not None:
            with suppress(DatabaseAway):  # it ends by itself
                self._store.write(lambda tx: tx.leases.give_back(LEASE, epoch))

    def _take(self, tx: Transaction) -> int | None:
        now = self._store.now()
        return tx.leases.take(LEASE, self._holder, now=now, until=now + LASTS)
