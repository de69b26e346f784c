"""Reads who asks for something and who holds it, and what there is to be had.

With thousands in line this is read again and again, so of a run only what counts is looked up, and
placements are read from their text once.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from jobnet.definition import Network, Placement, Queue
from jobnet.engine import Candidate, Limits
from jobnet.ids import EditionId, NetworkName, RunId
from jobnet.ports.store import SignalKind, SlotRow, SlotState, Transaction
from jobnet.services.controller.limits import Defined, Settings, limits_of, next_change
from jobnet.services.controller.payloads import placement_from_payload
from jobnet.services.controller.trips import read_reaches, tripped

PLACEMENTS_KEPT_MAX = 4_096


class Definitions(Protocol):
    """What admission needs of the definitions that have been applied."""

    def current(self) -> EditionId:
        """Return the latest edition."""

    def network(self, name: NetworkName, *, edition: EditionId | None = None) -> Network | None:
        """Return a network of an edition; None where it is not in it."""

    def queues(self, edition: EditionId | None = None) -> Mapping[str, Queue]:
        """Return the queues of an edition by their qualified names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Everybody who asks or holds, by the name that the engine knows them by.

    ``is_whole`` False: somebody asks for a network whose rule was not known when this was read.
    ``next_change`` is when one of the ``settings`` runs out, ``signals`` are those that this
    answers.
    """

    rows: Mapping[str, SlotRow]
    asking: tuple[Candidate, ...]
    holding: tuple[Candidate, ...]
    limits: Limits
    next_change: datetime | None
    signals: tuple[int, ...]
    is_whole: bool
    settings: Settings


def is_rung_for(tx: Transaction) -> bool:
    """Return whether anything has changed that counts in a line."""
    return bool(tx.signals.pending((SignalKind.ADMIT,)))


def asked_networks(tx: Transaction) -> Mapping[NetworkName, EditionId]:
    """Return the networks whose executions are asked for, with the edition of a run of each."""
    named: dict[NetworkName, EditionId] = {}
    for row in tx.errands.slots():
        if row.network is not None and row.network not in named:
            run = tx.runs.find(row.run)
            if run is not None:
                named[row.network] = run.edition
    return named


def defined_for(definitions: Definitions, asked: Mapping[NetworkName, EditionId]) -> Defined:
    """Return what is defined now; of a network that is no more, what a run is pinned to."""
    edition = definitions.current()
    networks: dict[NetworkName, Network] = {}
    for name, pinned in asked.items():
        found = definitions.network(name, edition=edition)
        found = found or definitions.network(name, edition=pinned)
        if found is not None:
            networks[name] = found
    return Defined(queues=definitions.queues(edition), networks=networks, edition=edition)


def read_line(
    tx: Transaction,
    defined: Defined,
    *,
    now: datetime,
    jobs_max: int,
    last_starts: Mapping[str, datetime],
) -> Line:
    """Return everybody in line, and what counts for them."""
    settings = tx.queues.settings()
    limits = limits_of(defined, settings, now=now, jobs_max=jobs_max)
    limits = replace(limits, tripped=tripped(limits.queues, read_reaches(tx, limits.queues)))
    found = tx.errands.slots(for_update=True)
    rows = {name_of(row): row for row in found if _is_known(row, defined)}
    networks = _networks_of(tx, rows.values()) if limits.suspended else {}
    return Line(
        rows=rows,
        asking=_candidates(rows, networks, SlotState.ASKING),
        holding=_candidates(rows, networks, SlotState.HOLDING),
        limits=replace(limits, last_starts=_latest(found, last_starts)),
        next_change=next_change(settings, now),
        signals=tuple(number for number, _ in tx.signals.pending((SignalKind.ADMIT,))),
        is_whole=len(rows) == len(found),
        settings=settings,
    )


def name_of(row: SlotRow) -> str:
    """Return what the engine calls one who asks or holds."""
    return f"{row.run}/{row.part}:{row.attempt}"


def _is_known(row: SlotRow, defined: Defined) -> bool:
    is_asking = row.state is SlotState.ASKING
    return not is_asking or row.network is None or row.network in defined.networks


def _networks_of(tx: Transaction, rows: Collection[SlotRow]) -> Mapping[RunId, NetworkName]:
    """Return the networks of runs that ask for something."""
    asking = dict.fromkeys(row.run for row in rows if row.state is SlotState.ASKING)
    found = ((run, tx.runs.find(run)) for run in asking)
    return {run: row.network for run, row in found if row is not None}


def _candidates(
    rows: Mapping[str, SlotRow], networks: Mapping[RunId, NetworkName], state: SlotState
) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            id=name,
            asked_at=row.asked_at,
            placement=_placement(row.placement, row.queue),
            network=row.network,
            within=(networks[row.run],) if row.run in networks else (),
        )
        for name, row in rows.items()
        if row.state is state
    )


@lru_cache(maxsize=PLACEMENTS_KEPT_MAX)
def _placement(payload: str, queue: str | None) -> Placement:
    return replace(placement_from_payload(payload), queue=queue)


def _latest(rows: Sequence[SlotRow], known: Mapping[str, datetime]) -> Mapping[str, datetime]:
    """Return when the last job of each queue started, as far as that is known."""
    found = dict(known)
    for row in rows:
        if row.queue is not None and row.granted_at is not None and row.is_job:
            found[row.queue] = max(row.granted_at, found.get(row.queue, row.granted_at))
    return found
