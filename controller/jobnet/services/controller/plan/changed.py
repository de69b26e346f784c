"""Says what changes on the day make of a start: its instant, its params, its state."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from jobnet.ports.store.plan import ChangeKind, PlanChange, PlanRow, PlanState
from jobnet.schedules import OccurrenceKey

INSTANT = "start"
"""Where the value of a move or of an added start has its instant."""
PARAMS = "params"
ZONE = "zone"


def with_changes(row: PlanRow, changes: Iterable[PlanChange]) -> PlanRow:
    """Return a start as the rules give it with what people have changed of it."""
    for change in changes:
        row = _with_change(row, change)
    return row


def instant_text(instant: datetime) -> str:
    """Return an instant as changes keep it."""
    return instant.astimezone(UTC).isoformat()


def value_of(change: PlanChange) -> Mapping[str, object]:
    """Return what a change says."""
    found = json.loads(change.value)
    assert isinstance(found, dict), "a change keeps a mapping"
    return found


def instant_of(change: PlanChange) -> datetime:
    """Return where a move or an added start is put."""
    return datetime.fromisoformat(str(value_of(change)[INSTANT]))


def with_params(before: str, given: Mapping[str, object]) -> str:
    """Return params as a row keeps them, with some of them replaced."""
    return json.dumps({**json.loads(before), **given}, sort_keys=True)


def by_key(changes: Collection[PlanChange]) -> dict[OccurrenceKey, tuple[PlanChange, ...]]:
    """Return changes by the start that they change, the oldest first."""
    found: dict[OccurrenceKey, tuple[PlanChange, ...]] = {}
    for change in changes:
        found[change.key] = (*found.get(change.key, ()), change)
    return found


def _with_change(row: PlanRow, change: PlanChange) -> PlanRow:
    row = replace(row, is_changed=True)
    is_open = row.state in {PlanState.FIXED, PlanState.HELD, PlanState.SKIPPED}
    match change.kind:
        case ChangeKind.MOVE if row.state is PlanState.UNRESOLVED:  # somebody has found a day
            return replace(row, start=instant_of(change), state=PlanState.FIXED, detail="")
        case ChangeKind.MOVE:
            return replace(row, start=instant_of(change))
        case ChangeKind.PARAMS:
            given = value_of(change)[PARAMS]
            assert isinstance(given, dict), "params are a mapping"
            return replace(row, params=with_params(row.params, given))
        case ChangeKind.SKIP if is_open:
            return replace(row, state=PlanState.SKIPPED, detail=_said("skipped", change))
        case ChangeKind.HOLD if is_open and row.state is not PlanState.SKIPPED:
            return replace(row, state=PlanState.HELD, detail=_said("held", change))
        case ChangeKind.ADD | ChangeKind.SKIP | ChangeKind.HOLD:
            return row


def _said(what: str, change: PlanChange) -> str:
    return f"{what} by {change.by}" + (f": {change.reason}" if change.reason else "")
