"""Lists what of the plan a person should look at: starts that did not come about, silent schedules.

Starts of one schedule and network with the same fate are one thing to look at, however many an
outage has left.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from jobnet.ports.store import Transaction
from jobnet.ports.store.plan import ChangeKind, PlanChange, PlanRow, PlanState
from jobnet.schedules import OccurrenceKey
from jobnet.services.controller.plan.changed import by_key
from jobnet.services.controller.plan.keeper import PlanHealth
from jobnet.services.controller.views.concerns import AttentionView, Concern

LOOKED_BACK = timedelta(hours=24)
LOOKED_AROUND = timedelta(days=32)
"""So far around now starts lie that are looked at: as far as an outage is caught up."""
HELD_LONG = timedelta(hours=24)
ROWS_MAX = 2_000

_KINDS: Mapping[PlanState, Concern] = {
    PlanState.MISSED: Concern.START_MISSED,
    PlanState.UNRESOLVED: Concern.START_UNRESOLVED,
    PlanState.HELD: Concern.START_ASKS,
}


def plan_attention(tx: Transaction, health: PlanHealth, now: datetime) -> Iterator[AttentionView]:
    """Yield what of the plan wants attention."""
    yield from _health(health, now)
    changes = by_key(tx.plan.changes())
    for key, some in changes.items():
        for change in some:
            if change.is_lost:
                yield _lost(key, change)
    groups: dict[tuple[PlanState, str, str], list[PlanRow]] = {}
    rows = tx.plan.between(
        now - LOOKED_AROUND, now + LOOKED_AROUND, states=tuple(_KINDS), limit=ROWS_MAX
    )
    for row in rows:
        if _wants(row, changes.get(row.key, ()), now):
            groups.setdefault((row.state, row.key.schedule, row.key.network), []).append(row)
    for (state, _, _), some_rows in groups.items():
        yield _of_rows(_KINDS[state], some_rows)


def _wants(row: PlanRow, changes: tuple[PlanChange, ...], now: datetime) -> bool:
    if row.state is PlanState.HELD:
        held = [change for change in changes if change.kind is ChangeKind.HOLD]
        return not held or now - held[-1].at > HELD_LONG
    return now - (row.settled_at or row.start) <= LOOKED_BACK or row.start > now


def _of_rows(kind: Concern, rows: list[PlanRow]) -> AttentionView:
    last = rows[-1]
    more = f" (and {len(rows) - 1} more of this schedule)" if len(rows) > 1 else ""
    command = "release" if kind is Concern.START_ASKS else "start"
    return AttentionView(
        kind=kind,
        run="",
        part="",
        network=last.key.network,
        what=f"start {last.key}: {last.detail or last.state.value}{more}",
        since=last.settled_at or last.start,
        commands=(
            f"jobnet plan show --network {last.key.network}",
            f"jobnet plan {command} '{last.key}'",
        ),
    )


def _lost(key: OccurrenceKey, change: PlanChange) -> AttentionView:
    return AttentionView(
        kind=Concern.CHANGE_LOST,
        run="",
        part="",
        network=key.network,
        what=f"{change.kind.value} of start {key} by {change.by}: the rules give no such start now",
        since=change.at,
        commands=(
            f"jobnet plan take-back {change.id}",
            f"jobnet plan show --network {key.network}",
        ),
    )


def _health(health: PlanHealth, now: datetime) -> Iterator[AttentionView]:
    since = health.since or now
    for schedule, problem in sorted(health.problems.items()):
        name = f"schedule {schedule}" if schedule else "the plan"
        yield _of_schedule(Concern.SCHEDULE_SILENT, f"{name}: {problem}", since, schedule)
    for schedule, last in sorted(health.ends.items()):
        what = f"schedule {schedule}: its calendar ends on {last}; nothing starts after that day"
        yield _of_schedule(Concern.CALENDAR_ENDS, what, since, schedule)
    if health.clock_jump_seconds is not None:
        what = (
            f"the clock has jumped by {health.clock_jump_seconds:.0f} s, so planned starts wait"
            " until the clocks agree or somebody says that they are right:"
            " jobnet resume --everything"
        )
        yield _of_schedule(Concern.CLOCK_DOUBTED, what, since, "")


def _of_schedule(kind: Concern, what: str, since: datetime, schedule: str) -> AttentionView:
    command = f"jobnet schedule show {schedule}" if schedule else "jobnet plan show"
    return AttentionView(
        kind=kind, run="", part="", network="", what=what, since=since, commands=(command,)
    )
