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
from jobnet.schedules import OccurrenceKey
from jobnet.services.controller.working import tell
from jobnet.services.expected_jobs import first_expected

AHEAD: Final = timedelta(minutes=5)
KEPT_AFTER: Final = timedelta(minutes=2)
STARTS_MAX: Final = 200
TO_COME: Final = (PlanState.FIXED,)


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
        self._told: dict[OccurrenceKey, datetime] = {}

    def warm(self, now: datetime) -> list[datetime]:
        """Make ready for starts that come soon; return when there is more to make ready, if so."""
        self._told = {key: start for key, start in self._told.items() if start >= now}
        rows = self._store.read(
            lambda tx: tx.plan.between(now, now + 2 * AHEAD, states=TO_COME, limit=STARTS_MAX)
        )
        soon = {row.key: row.start for row in rows if row.start < now + AHEAD}
        news = [key for key, start in soon.items() if self._told.get(key) != start]
        for network in dict.fromkeys(key.network for key in news):
            last = max(soon[key] for key in news if key.network == network)
            self._expect(NetworkName(network), last + KEPT_AFTER)
        self._told.update(soon)
        later = (row.start - AHEAD for row in rows if row.key not in soon)
        return [max(start, now + timedelta(seconds=1)) for start in later][:1]

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
