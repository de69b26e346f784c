"""Writes acts on the plan into the audit, and finds those that were done before."""

import json
from datetime import date, datetime

from jobnet.ports.store import Transaction
from jobnet.ports.store.audits import AuditRow
from jobnet.ports.store.plan import PlanRow
from jobnet.schedules import OccurrenceKey
from jobnet.services.controller.edition_writing import Act
from jobnet.services.controller.plan.changed import instant_text


def is_done(tx: Transaction, act: Act, verb: str) -> bool:
    """Return whether an act was done already under its key."""
    return bool(act.key) and tx.audits.find(key=act.key, act=_act(verb)) is not None


def added_before(tx: Transaction, act: Act, verb: str) -> OccurrenceKey | None:
    """Return the start that an act has added under its key, if it was done already."""
    known = tx.audits.find(key=act.key, act=_act(verb)) if act.key else None
    if known is None:
        return None
    kept = json.loads(known.after)
    return OccurrenceKey(
        schedule=kept["schedule"],
        network=kept["network"],
        operating_day=date.fromisoformat(kept["operating_day"]),
        nominal=kept["nominal"],
    )


def note(
    tx: Transaction,
    act: Act,
    verb: str,
    key: OccurrenceKey,
    now: datetime,
    *,
    before: PlanRow | None,
    after: PlanRow | None,
) -> None:
    """Write an act, with the start as it was and as it is."""
    tx.audits.add(
        AuditRow(
            at=now,
            by=act.by,
            act=_act(verb),
            subject=f"start {key}",
            reason=act.reason,
            before=_shown(before),
            after=_shown(after),
            key=act.key,
        )
    )


def _shown(row: PlanRow | None) -> str:
    if row is None:
        return "{}"
    key = row.key
    document = {
        "schedule": key.schedule,
        "network": key.network,
        "operating_day": key.operating_day.isoformat(),
        "nominal": key.nominal,
        "start": instant_text(row.start),
        "state": row.state.value,
        "params": json.loads(row.params),
    }
    return json.dumps(document, sort_keys=True)


def _act(verb: str) -> str:
    return f"plan {verb}"
