"""Lists what a person should look at now, and the commands that look and that help."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from jobnet.engine.states import CLASS_OF_END, EndClass, Flag, State, WaitReason
from jobnet.engine.tracker import PartRecord
from jobnet.ports.store import PartRow, RunRow, Transaction
from jobnet.ports.store.lists import RunFilter
from jobnet.services.controller.plan.keeper import PlanHealth
from jobnet.services.controller.trackers import Trackers
from jobnet.services.controller.views.concerns import AttentionView, Concern
from jobnet.services.controller.views.plan_attention import plan_attention
from jobnet.services.controller.views.trigger_attention import trigger_attention

HELD_LONG = timedelta(hours=24)
LOOKED_BACK = timedelta(hours=24)
SHOWN_MAX = 200
PARTS_READ_MAX = 500

BAD_ENDS = tuple(state for state, bad in CLASS_OF_END.items() if bad is EndClass.ABNORMAL)


def attention(
    tx: Transaction,
    trackers: Trackers,
    now: datetime,
    unended: tuple[RunRow, ...],
    plan: PlanHealth,
) -> tuple[AttentionView, ...]:
    """Return what wants attention, the oldest first."""
    found = [
        *_ended(tx, now),
        *_open(unended),
        *_operator(tx, trackers, unended),
        *_parts(tx, now),
        *plan_attention(tx, plan, now),
        *trigger_attention(tx),
    ]
    return tuple(sorted(found, key=lambda each: (each.since, each.run, each.part))[:SHOWN_MAX])


def _ended(tx: Transaction, now: datetime) -> Iterator[AttentionView]:
    """Yield runs that ended badly of late and after which none of their network ended well."""
    since = now - LOOKED_BACK
    meant = RunFilter(states=BAD_ENDS, created_since=since)
    for row in tx.lists.runs(meant, after=None, limit=SHOWN_MAX):
        later = RunFilter(network=row.network, created_since=row.created_at)
        rows = tx.lists.runs(later, after=None, limit=SHOWN_MAX)
        if not any(_is_better(each, row) for each in rows):
            yield _of_run(row, Concern.RUN_FAILED, row.detail, row.ended or row.created_at)


def _is_better(row: RunRow, than: RunRow) -> bool:
    is_later = (row.created_at, row.run) > (than.created_at, than.run)
    return is_later and row.ended is not None and row.state not in BAD_ENDS


def _open(rows: tuple[RunRow, ...]) -> Iterator[AttentionView]:
    for row in rows:
        since = row.started or row.created_at
        if Flag.HAS_FAILED_PART in row.flags:
            yield _of_run(row, Concern.PART_FAILED, "a part of it has failed; it goes on", since)
        late = [
            flag for flag in (Flag.LATE_START, Flag.LATE_END, Flag.OVERRUN) if flag in row.flags
        ]
        if late:
            yield _of_run(row, Concern.LATE, ", ".join(flag.value for flag in late), since)


def _of_run(row: RunRow, kind: Concern, what: str, since: datetime) -> AttentionView:
    return AttentionView(
        kind=kind,
        run=row.run,
        part="",
        network=row.network,
        what=what or row.state.value,
        since=since,
        commands=(f"jobnet why {row.run}", f"jobnet rerun {row.run} --failed"),
    )


def _operator(
    tx: Transaction, trackers: Trackers, unended: tuple[RunRow, ...]
) -> Iterator[AttentionView]:
    """Yield parts whose end somebody has to judge before their run goes on."""
    for row in unended:
        records = trackers.current(tx, row).parts.values() if row.failed_parts else ()
        for record in records:
            if record.awaits_operator:
                yield _awaiting(row, record)


def _awaiting(row: RunRow, record: PartRecord) -> AttentionView:
    is_lost = record.state is State.LOST
    name = f"{row.run}/{record.key}"
    first = f"jobnet change-result {name} normal" if is_lost else f"jobnet release {name}"
    return AttentionView(
        kind=Concern.LOST if is_lost else Concern.OPERATOR,
        run=row.run,
        part=record.key,
        network=row.network,
        what=record.message or record.state.value,
        since=record.since,
        commands=(f"jobnet logs {name}", f"jobnet rerun {name}", first),
    )


def _parts(tx: Transaction, now: datetime) -> Iterator[AttentionView]:
    for row in tx.lists.parts(states=[State.WAITING], after=None, limit=PARTS_READ_MAX):
        if row.reason == WaitReason.DEADLOCK.value:
            commands = (f"jobnet clear-wait {_name(row)}", f"jobnet cancel {row.run}")
            yield _of_part(row, Concern.DEADLOCK, row.detail, commands)
    for row in tx.lists.parts(states=[State.HELD], after=None, limit=PARTS_READ_MAX):
        if now - row.since > HELD_LONG:
            what = row.detail or "held for more than a day"
            yield _of_part(row, Concern.HELD_LONG, what, (f"jobnet release {_name(row)}",))


def _name(row: PartRow) -> str:
    return f"{row.run}/{row.part}"


def _of_part(row: PartRow, kind: Concern, what: str, commands: tuple[str, ...]) -> AttentionView:
    return AttentionView(
        kind=kind,
        run=row.run,
        part=row.part,
        network=row.network,
        what=what,
        since=row.ended or row.since,
        commands=(*commands, f"jobnet why {row.run}"),
    )
