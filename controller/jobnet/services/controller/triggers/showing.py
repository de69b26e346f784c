"""Shows start conditions: what has come, what is still missing, since when they count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from jobnet.ids import NetworkName
from jobnet.ports.store import Transaction
from jobnet.ports.store.triggers import SeenRow
from jobnet.schedules import EventArrived, FileArrived, Leaf, NetworkEnded
from jobnet.schedules.judging import missing_of
from jobnet.services.controller.triggers.book import Sheet, Trigger
from jobnet.services.controller.triggers.seen import brought_by, thing_of

SEEN_SHOWN_MAX = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenView:
    """Something that came and was not used up yet: for which leaf, when, of which day."""

    leaf: str
    what: str
    at: datetime
    operating_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerView:
    """One start condition. ``missing`` are the sources that nothing came for today.

    ``schedule`` "" means that it is the network's own. ``has_started``: it starts once a day and
    has done so today. ``problem`` says what keeps it from starting, "" where nothing does.
    """

    name: str
    schedule: str
    networks: tuple[NetworkName, ...]
    since: datetime
    operating_day: date | None
    seen: tuple[SeenView, ...]
    missing: tuple[str, ...]
    has_started: bool = False
    problem: str = ""


def views_of(tx: Transaction, sheet: Sheet, now: datetime) -> tuple[TriggerView, ...]:
    """Return all triggers by name."""
    rows = {row.trigger: row for row in tx.triggers.all()}
    found = []
    for name, trigger in sorted(sheet.triggers.items()):
        row = rows.get(name)
        seen = tx.triggers.unused(name, SEEN_SHOWN_MAX)
        started = trigger.condition.once_per_day and trigger.day(now) in set(
            tx.triggers.started_days(name)
        )
        problem = trigger.problem or ("" if row is None else row.problem)
        since = now if row is None else row.since
        found.append(_view(trigger, seen, now, since=since, has_started=started, problem=problem))
    return tuple(found)


def told_of(leaf: Leaf) -> str:
    """Return what a leaf waits for, as people say it."""
    source = leaf.source
    match source:
        case NetworkEnded():
            return f"network {source.network} to end {source.result.value}"
        case FileArrived():
            return f"file {source.path} {source.event.value} on {source.hosts}"
        case EventArrived():
            where = f" where {source.where.text}" if source.where is not None else ""
            return f"event {source.name}{where}"
        case _:
            return f"a request to /hooks/{source.path}"


def _view(
    trigger: Trigger,
    seen: Sequence[SeenRow],
    now: datetime,
    *,
    since: datetime,
    has_started: bool,
    problem: str,
) -> TriggerView:
    day = trigger.day(now)
    today = [thing_of(row) for row in seen if row.operating_day == day]
    planned = trigger.planned
    return TriggerView(
        name=planned.name,
        schedule="" if planned.schedule is None else planned.name,
        networks=planned.networks,
        since=since,
        operating_day=day,
        seen=tuple(
            SeenView(
                leaf=row.leaf,
                what=brought_by(row).told,
                at=row.at,
                operating_day=row.operating_day,
            )
            for row in seen
        ),
        missing=tuple(told_of(leaf) for leaf in missing_of(trigger.condition.when, today)),
        has_started=has_started,
        problem=problem,
    )
