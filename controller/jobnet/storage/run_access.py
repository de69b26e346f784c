"""Reads runs with their journals and inboxes, and puts inputs into inboxes."""

from collections.abc import Collection, Sequence

from jobnet.errors.controller import RunNotFound
from jobnet.ids import NetworkName, RunId
from jobnet.ports.store import Entry, NewInput, OrderOutcome, PartRow, RunRow
from jobnet.storage.connections import Connection
from jobnet.storage.inboxes import NEW_INPUTS, RUNS_WITH_INPUTS
from jobnet.storage.journals import ENTRIES, ENTRIES_AFTER, ENTRIES_BETWEEN
from jobnet.storage.outcomes import FIND_OUTCOME, OUTCOMES
from jobnet.storage.parts import PARTS, PARTS_OF_RUN
from jobnet.storage.runs import (
    ADD_RUN,
    FIND_RUN,
    HAS_RUN,
    OPEN_RUNS,
    OPEN_RUNS_OF_NETWORK,
    REPLACE_UNSTARTED,
    RUNS,
    run_values,
)


class Runs:
    """Runs, their inboxes and journals, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, row: RunRow) -> bool:
        """Add a run; False where one with this id exists already, which stays as it is."""
        return bool(self._connection.change(ADD_RUN, run_values(row)))

    def find(self, run: RunId) -> RunRow | None:
        """Return the run's row."""
        found = self._connection.row(FIND_RUN, {"id": run})
        return RUNS.row(found) if found else None

    def replace_unstarted(self, row: RunRow) -> bool:
        """Replace the row of a run without a journal; False where there is none such."""
        values = {**run_values(row), "of_run": row.run}
        return bool(self._connection.change(REPLACE_UNSTARTED, values))

    def parts(self, run: RunId) -> Sequence[PartRow]:
        """Return the rows of the parts that something has happened to, by key."""
        return PARTS.all(self._connection.rows(PARTS_OF_RUN, {"run_id": run}))

    def entries(self, run: RunId, after: int) -> Sequence[Entry]:
        """Return the journal after a position, in order."""
        return ENTRIES.all(self._connection.rows(ENTRIES_AFTER, {"run_id": run, "after": after}))

    def entries_between(self, run: RunId, after: int, last: int) -> Sequence[Entry]:
        """Return the journal after a position and up to another, in order."""
        values = {"run_id": run, "after": after, "last": last}
        return ENTRIES.all(self._connection.rows(ENTRIES_BETWEEN, values))

    def put_inputs(self, inputs: Collection[NewInput]) -> int:
        """Put inputs into inboxes; return how many were new. Raises ``RunNotFound``.

        Runs are taken in one order, so that two who put into the same inboxes cannot block
        each other; inputs of one run stay in theirs.
        """
        for run in dict.fromkeys(each.run for each in inputs):
            if self._connection.row(HAS_RUN, {"id": run}) is None:
                raise RunNotFound(run)
        ordered = sorted(inputs, key=lambda each: each.run)
        return self._connection.change_many(NEW_INPUTS.add, map(NEW_INPUTS.values, ordered))

    def with_inputs(self) -> Sequence[RunId]:
        """Return the runs whose inbox is not empty, the oldest input first."""
        return [RunId(run) for (run,) in self._connection.rows(RUNS_WITH_INPUTS)]

    def outcome(self, run: RunId, key: str) -> OrderOutcome | None:
        """Return what became of an order."""
        found = self._connection.row(FIND_OUTCOME, {"run_id": run, "key": key})
        return OUTCOMES.row(found) if found else None

    def unended(self, network: NetworkName | None = None) -> Sequence[RunRow]:
        """Return the runs that have not ended, by planned start; of one network if told."""
        if network is None:
            return RUNS.all(self._connection.rows(OPEN_RUNS))
        return RUNS.all(self._connection.rows(OPEN_RUNS_OF_NETWORK, {"network": network}))
