"""Tells which executions of a network have not ended, over all runs.

A network executes as a run of its own or as a part of other runs, so the runs of every network
that calls it are asked too. What a run answers is kept until its journal goes on.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from jobnet.engine import open_executions
from jobnet.engine.waits import OpenExecution, Outlook
from jobnet.ids import NetworkName, RunId
from jobnet.ports.store import RunRow, Transaction
from jobnet.ports.store.plan import PlanState
from jobnet.services.controller.trackers import Trackers

RUNS_KEPT_MAX = 5_000
PLANNED_AROUND = timedelta(days=4)
"""An operating day has up to 48 hours, and a start of it may have been held long."""
PLANNED_READ_MAX = 1_000
TO_COME = (PlanState.FIXED, PlanState.HELD)
NO_RUN = RunId("")


class Executions:
    """The open executions of runs, by the position of their journals."""

    def __init__(self, trackers: Trackers, *, now: Callable[[], datetime]) -> None:
        self._trackers, self._now = trackers, now
        self._kept: OrderedDict[RunId, tuple[int, tuple[OpenExecution, ...]]] = OrderedDict()

    def of(self, tx: Transaction, network: NetworkName) -> tuple[OpenExecution, ...]:
        """Return the open executions of a network and its planned starts, within a transaction."""
        begun = (
            each
            for row in self.runs_with(tx, network)
            for each in self._of_run(tx, row)
            if each.network == network
        )
        return (*begun, *_planned(tx, network, self._now()))

    def runs_with(self, tx: Transaction, network: NetworkName) -> Sequence[RunRow]:
        """Return the runs that have not ended and in which a network may execute."""
        return tuple(self._runs_with(tx, network))

    def _runs_with(self, tx: Transaction, network: NetworkName) -> Iterator[RunRow]:
        for row in tx.runs.unended():
            if row.network == network or self._calls(row, network):
                yield row

    def _calls(self, row: RunRow, network: NetworkName) -> bool:
        """Return whether a run that has begun may execute a network as one of its parts."""
        return row.position > 0 and network in self._trackers.empty(row).layout.bundle.networks

    def _of_run(self, tx: Transaction, row: RunRow) -> tuple[OpenExecution, ...]:
        if row.position == 0:
            return (_unbegun(row),)
        known = self._kept.get(row.run)
        if known is not None and known[0] == row.position:
            self._kept.move_to_end(row.run)
            return known[1]
        found = open_executions(self._trackers.current(tx, row))
        self._kept[row.run] = (row.position, found)
        while len(self._kept) > RUNS_KEPT_MAX:
            self._kept.popitem(last=False)
        return found


def _planned(tx: Transaction, network: NetworkName, now: datetime) -> Iterator[OpenExecution]:
    """Yield the starts of the near plan that no run has come of yet."""
    around = (now - PLANNED_AROUND, now + PLANNED_AROUND)
    rows = tx.plan.between(*around, network=network, states=TO_COME, limit=PLANNED_READ_MAX)
    for row in rows:
        yield OpenExecution(
            network=network,
            execution=f"start {row.key.operating_day} {row.key.nominal}",
            run=NO_RUN,
            outlook=Outlook.PLANNED,
            operating_day=row.key.operating_day,
            planned_start=row.start,
        )


def _unbegun(row: RunRow) -> OpenExecution:
    """Return a run that waits until its network may execute once more."""
    return OpenExecution(
        network=row.network,
        execution=str(row.run),
        run=row.run,
        outlook=Outlook.PLANNED,
        operating_day=row.operating_day,
        planned_start=row.planned_start,
    )
