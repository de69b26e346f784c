"""Has Ansible loaded for starts of the next minutes, so that their first jobs start warm."""

import logging
from datetime import datetime, timedelta
from typing import Final, Protocol

from jobnet.definition import Bundle
from jobnet.errors import ControllerError
from jobnet.ids import EditionId, NetworkName
from jobnet.ports.store import Store
from jobnet.ports.store.plan import PlanState
from jobnet.ports.warmth import Warmer
from jobnet.services.controller.working import tell
from jobnet.services.expected_jobs import first_expected

AHEAD: Final = timedelta(minutes=5)
KEPT_AFTER: Final = timedelta(minutes=2)
STARTS_MAX: Final = 200


class Definitions(Protocol):
    """What is needed of the definitions that have been applied."""

    def current(self) -> EditionId:
        """Return the latest edition."""

    def bundle(self, edition: EditionId, network: NetworkName) -> Bundle:
        """Return the network with all that it needs, as it was in an edition."""


class Warming:
    """Tells who can make ready what will be needed soon."""

    def __init__(self, store: Store, definitions: Definitions, warmer: Warmer) -> None:
        self._store, self._definitions, self._warmer = store, definitions, warmer
        self._told_until: datetime | None = None

    def warm(self, now: datetime) -> list[datetime]:
        """Make ready for starts that come soon; return when there is more to make ready, if so."""
        first, last = max(now, self._told_until or now), now + AHEAD
        rows = self._store.read(
            lambda tx: tx.plan.between(first, last, states=(PlanState.FIXED,), limit=STARTS_MAX)
        )
        for network in dict.fromkeys(row.key.network for row in rows):
            start = max(row.start for row in rows if row.key.network == network)
            self._expect(NetworkName(network), start + KEPT_AFTER)
        self._told_until = rows[-1].start if len(rows) == STARTS_MAX else last
        until = self._told_until
        ahead = self._store.read(
            lambda tx: tx.plan.between(until, now + 10 * AHEAD, states=(PlanState.FIXED,), limit=1)
        )
        return [max(row.start - AHEAD, now + timedelta(seconds=1)) for row in ahead]

    def _expect(self, network: NetworkName, until: datetime) -> None:
        try:
            bundle = self._definitions.bundle(self._definitions.current(), network)
        except ControllerError as error:  # its start will say so
            tell("not_warmed", level=logging.INFO, network=network, problem=str(error))
            return
        job = first_expected(bundle)
        if job is not None:
            self._warmer.expect(
                project_root=job.project_root, environment=job.environment, until=until
            )
