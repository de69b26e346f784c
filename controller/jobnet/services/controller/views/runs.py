"""Shows one run with all of its parts as they stood at one instant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from jobnet.engine import Tracker
from jobnet.engine.states import State, WaitReason, has_ended
from jobnet.errors.controller import RunNotFound
from jobnet.ids import RunId
from jobnet.ports.store import RunRow, Transaction
from jobnet.ports.store.queues import SettingRow
from jobnet.schedules import OccurrenceKey
from jobnet.services.controller.limits import (
    EVERYTHING,
    IS_SUSPENDED,
    NETWORK,
    counts,
    value_of,
)
from jobnet.services.controller.views.parts import PartView, parts_of
from jobnet.services.controller.views.waiting import (
    Resolver,
    Surroundings,
    WaitingOn,
    waits_of_run,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """One run and what keeps it from going on; ``planned`` is the start that made it, if any."""

    row: RunRow
    waiting_on: tuple[WaitingOn, ...]
    planned: OccurrenceKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackView:
    """One run with all of its parts after one journal entry; ``now`` is when that was read."""

    run: RunId
    state: State
    position: int
    now: datetime
    waiting_on: tuple[WaitingOn, ...]
    items: tuple[PartView, ...]


def row_of(tx: Transaction, run: RunId) -> RunRow:
    """Return the row of a run, or raise ``RunNotFound``."""
    row = tx.runs.find(run)
    if row is None:
        raise RunNotFound(run)
    return row


def surroundings(tx: Transaction, now: datetime) -> Surroundings:
    """Return what is known outside of the runs."""
    return Surroundings(
        slots=tx.errands.slots(), suspensions=_suspensions(tx.queues.settings().values(), now)
    )


def _suspensions(settings: Iterable[SettingRow], now: datetime) -> Mapping[str, WaitingOn]:
    found = {}
    for row in settings:
        is_meant = row.field == IS_SUSPENDED and row.kind in {EVERYTHING, NETWORK}
        if is_meant and counts(row, now) and value_of(row) is True:
            name = "" if row.kind == EVERYTHING else row.name
            what = EVERYTHING if row.kind == EVERYTHING else f"network {row.name}"
            why = f": {row.reason}" if row.reason else ""
            found[name] = WaitingOn(
                kind=WaitReason.SUSPENDED.value,
                what=f"{what} was suspended by {row.by}{why}",
                since=row.at,
                expected_at=row.until,
                who_can_resolve=Resolver.OPERATOR,
            )
    return found


def run_view(
    row: RunRow,
    tracker: Tracker,
    around: Surroundings,
    now: datetime,
    *,
    planned: OccurrenceKey | None = None,
) -> RunView:
    """Return one run."""
    return RunView(row=row, waiting_on=_waits(row, tracker, around, now), planned=planned)


def planned_as(tx: Transaction, run: RunId) -> OccurrenceKey | None:
    """Return the start of the plan that made a run, None for one that was started otherwise."""
    found = tx.plan.of_run(run)
    return None if found is None else found.key


def track_view(row: RunRow, tracker: Tracker, around: Surroundings, now: datetime) -> TrackView:
    """Return one run with its parts; one that has not begun has none yet."""
    return TrackView(
        run=row.run,
        state=row.state,
        position=row.position,
        now=now,
        waiting_on=_waits(row, tracker, around, now),
        items=parts_of(tracker, around),
    )


def _waits(
    row: RunRow, tracker: Tracker, around: Surroundings, now: datetime
) -> tuple[WaitingOn, ...]:
    if tracker.run is not None:
        return waits_of_run(tracker, around)
    if has_ended(row.state):
        return ()
    suspended = [each for name in ("", row.network) if (each := around.suspensions.get(name))]
    return (*suspended, _before_it_begins(row, now))


def _before_it_begins(row: RunRow, now: datetime) -> WaitingOn:
    is_early = row.planned_start > now
    return WaitingOn(
        kind=(WaitReason.START_TIME if is_early else WaitReason.NETWORK_LIMIT).value,
        what=row.detail or ("its planned start" if is_early else "a place for its network"),
        since=row.created_at,
        expected_at=row.planned_start if is_early else None,
        who_can_resolve=Resolver.TIME if is_early else Resolver.RUN,
    )
