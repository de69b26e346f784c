"""Starts the networks of a trigger for what has come, and uses that up in the same transaction.

What cannot be started now is told and kept: it starts when the definitions have been mended.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jobnet.errors import ControllerError
from jobnet.ids import NetworkName, OperatorName
from jobnet.ports.store import RunRow, Store, Transaction
from jobnet.ports.store.triggers import SeenRow
from jobnet.schedules.judging import JudgedStart, starts_of
from jobnet.services.controller.starts import Meant, Starts, StartWish, add_run
from jobnet.services.controller.triggers.book import Trigger
from jobnet.services.controller.triggers.seen import brought_by, thing_of

UNUSED_MAX: Final = 10_000
BY_MAX: Final = 120
REASON_MAX: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What is due for one trigger, and why it cannot be started ("" where it can)."""

    trigger: Trigger
    starts: tuple["Due", ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The runs of one start, and what they use up."""

    runs: tuple[tuple[StartWish, Meant], ...]
    used: tuple[SeenRow, ...]


class UsedElsewhere(Exception):
    """Something that was to be used up is not there any more."""


class Starting:
    """Judges triggers and starts what is due."""

    def __init__(self, store: Store, starts: Starts) -> None:
        self._store, self._starts = store, starts

    def ready(self, trigger: Trigger) -> Ready:
        """Return what is due for a trigger."""
        if trigger.problem:
            return Ready(trigger=trigger, problem=trigger.problem)

        def look(tx: Transaction) -> tuple[Sequence[SeenRow], tuple[JudgedStart, ...]]:
            rows = tx.triggers.unused(trigger.id, UNUSED_MAX)
            started = tx.triggers.started_days(trigger.id)
            return rows, starts_of(trigger.condition, map(thing_of, rows), started)

        rows, judged = self._store.read(look)
        by_key = {(row.leaf, row.key): row for row in rows}
        try:
            due = [
                self._due(trigger, each, by_key)
                for each in judged
                if not trigger.is_absent(each.operating_day)
            ]
        except ControllerError as error:
            return Ready(trigger=trigger, problem=str(error))
        return Ready(trigger=trigger, starts=tuple(due))

    def start(self, due: Due) -> tuple[RunRow, ...]:
        """Start the runs of one start, all or none; () where they have been started already."""

        def work(tx: Transaction) -> tuple[RunRow, ...]:
            now = self._store.now()
            rows = tuple(add_run(tx, wish, meant, now) for wish, meant in due.runs)
            if tx.triggers.use(due.used, rows[0].run) != len(due.used):
                raise UsedElsewhere
            return rows

        try:
            rows = self._store.write(work)
        except UsedElsewhere:
            return ()
        for row, (_, meant) in zip(rows, due.runs, strict=True):
            self._starts.begun(row, meant)
        return rows

    def _due(
        self, trigger: Trigger, judged: JudgedStart, by_key: Mapping[tuple[str, str], SeenRow]
    ) -> Due:
        used = tuple(by_key[thing.leaf, thing.key] for thing in judged.used)
        wishes = [_wish(trigger, network, judged, used) for network in trigger.planned.networks]
        zones = trigger.planned.zones
        return Due(
            runs=tuple(
                (wish, self._starts.meant(wish, zone=zones.get(NetworkName(wish.network))))
                for wish in wishes
            ),
            used=used,
        )


def _wish(
    trigger: Trigger, network: NetworkName, judged: JudgedStart, used: Sequence[SeenRow]
) -> StartWish:
    """Return the wish for a run: who it is by says what has come."""
    told = [brought_by(row).told for row in used]
    more = f" and {len(told) - 1} more" if len(told) > 1 else ""
    things = "\n".join(f"{row.leaf} {row.key}" for row in used)
    digest = hashlib.sha256(things.encode()).hexdigest()[:32]
    return StartWish(
        network=network,
        by=OperatorName(f"{told[0][:BY_MAX]}{more}"),
        key=f"start_on:{trigger.id}:{digest}:{network}",
        params=_params(trigger, used),
        day=judged.operating_day.isoformat(),
        reason=f"start condition of {trigger.id}: {'; '.join(told)}"[:REASON_MAX],
    )


def _params(trigger: Trigger, used: Sequence[SeenRow]) -> Mapping[str, object]:
    """Return the params of the schedule, and what came under the names that ``as`` gives."""
    names = {leaf.id: leaf.request_as for leaf in trigger.leaves}
    found = dict(trigger.planned.params)
    for row in used:
        name = names.get(row.leaf)
        if name is not None:
            found[name] = dict(brought_by(row).request)
    return found
