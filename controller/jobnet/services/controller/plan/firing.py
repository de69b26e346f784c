"""Starts what is due: the row becomes started and the run is added in one transaction.

The row is replaced only where it is still fixed, so of all who try one starts the run, whoever
dies meanwhile. A start that cannot be made, since its network is gone or takes no such params, is
missed and says why.
"""

import json
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, TypeVar

from jobnet.errors import ControllerError
from jobnet.errors.storage import DatabaseAway
from jobnet.ids import OperatorName
from jobnet.ports.plain_values import from_json
from jobnet.ports.store import RunRow, Store, Transaction
from jobnet.ports.store.plan import ChangeKind, PlanRow, PlanState
from jobnet.services.controller.plan.materialising import tell_waits
from jobnet.services.controller.plan.misfire import Judgement, judge
from jobnet.services.controller.starts import Meant, Starts, StartWish, add_run
from jobnet.services.controller.working import tell

DUE_MAX: Final = 10_000
"""So many due starts are judged at once."""
BATCH: Final = 20
"""So many runs are added in one transaction."""
DETAIL_MAX: Final = 1_000
"""Why a start could not be made is told in so many characters."""
_FIXED: Final = (PlanState.FIXED,)

Item = TypeVar("Item")


@dataclass(slots=True)
class PlanCounts:
    """What was counted since the controller began; ``seconds_late`` is the sum over all fired."""

    fired: int = 0
    missed: int = 0
    asked: int = 0
    seconds_late: float = 0.0
    seconds_late_max: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fire(self, seconds: float) -> None:
        """Count one that was started so long after its time."""
        with self.lock:
            self.fired += 1
            self.seconds_late += max(0.0, seconds)
            self.seconds_late_max = max(self.seconds_late_max, seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """A start with all that its run needs."""

    row: PlanRow
    wish: StartWish
    meant: Meant


class Firing:
    """Starts the runs of planned starts."""

    def __init__(self, store: Store, starts: Starts, counts: PlanCounts) -> None:
        self._store, self._starts, self._counts = store, starts, counts

    def fire(self) -> int:
        """Settle what is due, and return how many starts that were."""
        settled = 0
        while True:
            now = self._store.now()
            due = self._store.read(lambda tx, now=now: tx.plan.due(now, DUE_MAX + 1))  # type: ignore[misc]
            if not due:
                return settled
            judgement = judge(due[:DUE_MAX], now, is_cut=len(due) > DUE_MAX)
            settled += self._carry_out(judgement, now)

    def _carry_out(self, judgement: Judgement, now: datetime) -> int:
        for batch in _batches(judgement.missed, BATCH):
            self._settle(batch, PlanState.MISSED, now)
        for batch in _batches(judgement.asking, BATCH):
            self._settle(batch, PlanState.HELD, now)
        for rows in _batches(judgement.starting, BATCH):
            self._start(rows)
        return len(judgement.missed) + len(judgement.asking) + len(judgement.starting)

    def _settle(self, rows: Sequence[tuple[PlanRow, str]], state: PlanState, now: datetime) -> None:
        is_over = state is PlanState.MISSED

        def settle(tx: Transaction) -> int:
            tell_waits(tx, {row.key.network for row, _ in rows})
            return sum(
                tx.plan.replace(
                    replace(row, state=state, detail=detail, settled_at=now if is_over else None),
                    expected=_FIXED,
                )
                for row, detail in rows
            )

        count = self._store.write(settle)
        with self._counts.lock:
            self._counts.missed += count if is_over else 0
            self._counts.asked += 0 if is_over else count

    def _start(self, rows: Sequence[PlanRow]) -> None:
        by = self._store.read(lambda tx: _who_added(tx, rows))
        ready, failed = [], []
        for row in rows:
            try:
                ready.append(self._ready(row, by))
            except DatabaseAway:
                raise
            except Exception as error:  # noqa: BLE001 - one start holds no other up
                failed.append((row, error))
        self._fail(failed)
        if ready:
            self._add(ready)

    def _fail(self, failed: Sequence[tuple[PlanRow, Exception]]) -> None:
        """Let starts be missed that were refused; those that met a fault wait for a word."""
        now = self._store.now()
        for row, error in failed:
            is_refused = isinstance(error, ControllerError)
            if not is_refused:
                tell("start_fault", level=logging.ERROR, error=error, start=str(row.key))
            state = PlanState.MISSED if is_refused else PlanState.HELD
            said = f"could not be started: {error if is_refused else repr(error)}"
            self._settle([(row, said[:DETAIL_MAX])], state, now)

    def _ready(self, row: PlanRow, by: Mapping[object, OperatorName]) -> _Ready:
        params = from_json(json.loads(row.params))
        assert isinstance(params, dict), "params are a mapping"
        said = f"schedule {row.key.schedule}" if row.key.schedule else ""
        wish = StartWish(
            network=row.key.network,
            by=by.get(row.key, OperatorName(said or "plan")),
            key=f"plan:{row.key}",
            params=params,
            day=row.key.operating_day.isoformat(),
            reason=f"planned for {row.start.isoformat(timespec='minutes')}",
        )
        return _Ready(
            row=row, wish=wish, meant=self._starts.meant(wish, at=row.start, zone=row.zone)
        )

    def _add(self, ready: Sequence[_Ready]) -> None:
        """Start runs, all in one transaction; where one cannot be, each in its own."""
        try:
            begun = self._store.write(lambda tx: self._added(tx, ready))
        except DatabaseAway:
            raise
        except Exception as error:  # noqa: BLE001 - one start holds no other up
            if len(ready) == 1:
                self._fail([(ready[0].row, error)])
                return
            for each in ready:
                self._add([each])
            return
        for each, row in begun:
            self._counts.fire((row.created_at - each.row.start).total_seconds())
            self._starts.begun(row, each.meant)

    def _added(self, tx: Transaction, ready: Sequence[_Ready]) -> list[tuple[_Ready, RunRow]]:
        now = self._store.now()
        found = []
        for each in ready:
            started = replace(each.row, state=PlanState.STARTED, settled_at=now)
            if tx.plan.replace(started, expected=_FIXED):
                row = add_run(tx, each.wish, each.meant, now)
                tx.plan.replace(replace(started, run=row.run), expected=(PlanState.STARTED,))
                found.append((each, row))
        tell_waits(tx, {each.row.key.network for each, _ in found})
        return found


def _who_added(tx: Transaction, rows: Sequence[PlanRow]) -> Mapping[object, OperatorName]:
    """Return who has added starts by hand; those of schedules are nobody's."""
    keys = [row.key for row in rows if not row.key.schedule]
    changes = tx.plan.changes(keys) if keys else ()
    return {change.key: change.by for change in changes if change.kind is ChangeKind.ADD}


def _batches(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    return (items[at : at + size] for at in range(0, len(items), size))
