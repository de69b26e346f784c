"""Lists all that differs from the definitions at this moment: since when, by whom, why, until when.

What was set or suspended stands in the settings, what is held in the projections; what an operator
did to a part of a run that is still open is told by the audit, as is who did it and why.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from jobnet.engine.states import State
from jobnet.ids import RunId
from jobnet.ports.store import PartRow, RunRow, Transaction
from jobnet.ports.store.audits import AuditRow
from jobnet.ports.store.lists import RunFilter
from jobnet.ports.store.plan import ChangeKind, PlanState
from jobnet.ports.store.queues import SettingRow

HELD_SHOWN_MAX = 500
ACTS_READ_MAX = 2000
ACTS_OF_ONE_MAX = 20
LOOKED_BACK = timedelta(days=7)


class Deviation(StrEnum):
    """How something differs."""

    SETTING = "setting"
    HELD = "held"
    SUSPENDED = "suspended"
    SKIPPED = "skipped"
    NO_EXEC = "no_exec"
    RESULT = "result"
    WAIT_CLEARED = "wait_cleared"
    TIME_CHANGED = "time_changed"
    MOVED = "moved"
    ADDED = "added"
    PARAMS = "params"


_OF_ACT = {
    "skip": Deviation.SKIPPED,
    "no-exec": Deviation.NO_EXEC,
    "change-result": Deviation.RESULT,
    "clear-wait": Deviation.WAIT_CLEARED,
    "change-time": Deviation.TIME_CHANGED,
    "set-priority": Deviation.MOVED,
    "move-queue": Deviation.MOVED,
}


_OF_CHANGE = {
    ChangeKind.MOVE: Deviation.MOVED,
    ChangeKind.SKIP: Deviation.SKIPPED,
    ChangeKind.HOLD: Deviation.HELD,
    ChangeKind.ADD: Deviation.ADDED,
    ChangeKind.PARAMS: Deviation.PARAMS,
}
_OVER = (PlanState.STARTED, PlanState.MISSED, PlanState.MERGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviationView:
    """One thing that is not as defined; ``by`` "" : by its definition, or nobody knows any more."""

    kind: Deviation
    what: str
    value: str
    since: datetime
    by: str = ""
    reason: str = ""
    until: datetime | None = None


def deviations(tx: Transaction, now: datetime) -> tuple[DeviationView, ...]:
    """Return everything that is not as defined, the oldest first."""
    found = [
        *_settings(tx, now),
        *_held(tx),
        *_suspended(tx),
        *_done_to_parts(tx, now),
        *_of_the_plan(tx),
    ]
    return tuple(sorted(found, key=lambda each: (each.since, each.what)))


def _settings(tx: Transaction, now: datetime) -> Iterator[DeviationView]:
    for row in tx.queues.settings().values():
        if row.until is None or row.until > now:
            yield DeviationView(
                kind=Deviation.SETTING,
                what=f"{_named(row)} {row.field}",
                value=row.value,
                since=row.at,
                by=row.by,
                reason=row.reason,
                until=row.until,
            )


def _named(row: SettingRow) -> str:
    return f"{row.kind} {row.name}" if row.name else row.kind


def _held(tx: Transaction) -> Iterator[DeviationView]:
    for row in tx.lists.parts(states=[State.HELD], after=None, limit=HELD_SHOWN_MAX):
        act = _last_act(tx, f"{row.run}/{row.part}", "hold")
        yield DeviationView(
            kind=Deviation.HELD,
            what=f"{row.run}/{row.part}",
            value=State.HELD.value,
            since=row.since,
            by="" if act is None else act.by,
            reason=_reason(act, row),
        )


def _reason(act: AuditRow | None, row: PartRow) -> str:
    return row.detail if act is None else act.reason


def _suspended(tx: Transaction) -> Iterator[DeviationView]:
    for row in tx.runs.unended():
        if row.is_suspended:
            act = _last_act(tx, row.run, "suspend") or _last_act(tx, row.run, "start")
            yield DeviationView(
                kind=Deviation.SUSPENDED,
                what=row.run,
                value="suspended",
                since=row.created_at if act is None else act.at,
                by=row.by if act is None else act.by,
                reason="" if act is None else act.reason,
            )


def _done_to_parts(tx: Transaction, now: datetime) -> Iterator[DeviationView]:
    """Yield what was done to parts of runs that are still open; a thing done twice counts once."""
    acts = tx.audits.page(before=None, limit=ACTS_READ_MAX, since=now - LOOKED_BACK)
    seen: set[tuple[Deviation, str]] = set()
    for act in acts:
        kind = _OF_ACT.get(act.act)
        if kind is None or act.refusal or (kind, act.subject) in seen:
            continue
        seen.add((kind, act.subject))
        if _is_open(tx.runs.find(RunId(act.subject.partition("/")[0]))):
            yield DeviationView(
                kind=kind,
                what=act.subject,
                value=act.after,
                since=act.at,
                by=act.by,
                reason=act.reason,
            )


def _of_the_plan(tx: Transaction) -> Iterator[DeviationView]:
    """Yield changes on the day of starts that are still to come, or that are lost."""
    for change in tx.plan.changes():
        row = tx.plan.find(change.key)
        if row is not None and row.state in _OVER:
            continue
        yield DeviationView(
            kind=_OF_CHANGE[change.kind],
            what=f"start {change.key}",
            value=change.value,
            since=change.at,
            by=change.by,
            reason=change.reason,
            until=None if row is None else row.start,
        )


def _is_open(row: RunRow | None) -> bool:
    return row is not None and row.ended is None


def _last_act(tx: Transaction, subject: str, act: str) -> AuditRow | None:
    rows = tx.audits.page(before=None, limit=ACTS_OF_ONE_MAX, subject=subject)
    return next((row for row in rows if row.act == act and row.subject == subject), None)


def open_runs(tx: Transaction, limit: int) -> tuple[RunRow, ...]:
    """Return the runs that have not ended, the latest first."""
    return tuple(tx.lists.runs(RunFilter(is_open=True), after=None, limit=limit))
