"""Prepares that a run which has ended goes on: what it knows, and what a rerun would do.

The order is tried on the tracker before anything is touched, so that a rerun which the engine
refuses leaves no trace, and whoever asks sees what will run again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from jobnet.calendars import Calendar
from jobnet.definition import Bundle, Network, RerunRule, UnitJob
from jobnet.engine import Tracker, ends_of
from jobnet.engine.commands import SendMessage
from jobnet.engine.deriving import commands_of
from jobnet.engine.facts import EventSent, Fact, PartStarted, RunReopened
from jobnet.engine.keys import id_of, owner_of_scope, scope_of
from jobnet.engine.orders import Rerun
from jobnet.engine.rerunning import plan_rerun
from jobnet.engine.standing import descendants, part_of
from jobnet.engine.tracker import PartRecord
from jobnet.engine.waits import ExecutionEnd, SentEvent
from jobnet.ids import PartKey
from jobnet.project import convert_params
from jobnet.services.journal import facts_from_lines
from jobnet.services.replay import replay
from jobnet.services.secret_params import refuse_secrets


@dataclass(slots=True, kw_only=True)
class Past:
    """What is known of a run of before: its tracker, and what its parts may wait for.

    ``digests`` are messages that wait for the end of the run; ``note`` is journaled when a run
    that was cut off goes on.
    """

    tracker: Tracker
    ends: list[ExecutionEnd] = field(default_factory=list)
    events: list[SentEvent] = field(default_factory=list)
    digests: list[SendMessage] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """A run of before that goes on with this order; ``note`` is journaled with it."""

    past: Past
    order: Rerun
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a rerun would do: who runs again, who is carried, who must be asked about it."""

    again: tuple[PartKey, ...]
    carried: int
    asking: tuple[tuple[PartKey, str], ...]


def read_past(
    run: str, bundle: Bundle, calendars: Mapping[str, Calendar], lines: Iterable[str]
) -> Past:
    """Return what the journal of a run says, read with this definition."""
    ends: list[ExecutionEnd] = []
    events: list[SentEvent] = []
    digests: list[SendMessage] = []

    def seen(fact: Fact, tracker: Tracker) -> None:
        ends.extend(ends_of(tracker, fact))
        _keep_digests(tracker, fact, digests)
        if isinstance(fact, EventSent):
            events.append(fact.event)

    tracker = replay(run, bundle, lines, calendars=calendars, seen=seen)
    return Past(tracker=tracker, ends=ends, events=events, digests=_unsent(tracker, digests))


def _keep_digests(tracker: Tracker, fact: Fact, kept: list[SendMessage]) -> None:
    """Keep what waits for the end of the run; an earlier round has sent its own at its end."""
    if isinstance(fact, RunReopened):
        kept.clear()
    elif isinstance(fact, PartStarted):
        found = commands_of(tracker, fact)
        kept.extend(each for each in found if isinstance(each, SendMessage) and each.digest)


def _unsent(tracker: Tracker, messages: Iterable[SendMessage]) -> list[SendMessage]:
    """Leave out what is under way: it is handed over anew, and answered then."""
    live = {(record.key, record.attempt) for _, record in tracker.parts.items() if record.is_live}
    return [each for each in messages if (each.part, each.attempt) not in live]


def begun_ids(lines: Iterable[str]) -> frozenset[str]:
    """Return the ids of all parts, and of what is around them, that a journal speaks of."""
    return begun_in(facts_from_lines(lines))


def begun_in(facts: Iterable[Fact]) -> frozenset[str]:
    """Return the ids of all parts, and of what is around them, that facts speak of."""
    found: set[str] = set()
    for key in {getattr(fact, "part", None) for fact in facts} - {None}:
        part = PartKey(str(key))
        while part:
            found.add(str(id_of(part)))
            scope = scope_of(part)
            part = owner_of_scope(scope) if scope else PartKey("")
    return frozenset(found)


def preview(tracker: Tracker, order: Rerun) -> Preview:
    """Return what a rerun would do, or raise ``OrderRefused`` with the reason."""
    plan = plan_rerun(tracker, order)
    records = [
        each
        for key in plan.reset
        if (record := tracker.parts.get(key)) is not None
        for each in (record, *descendants(tracker, record))
    ]
    reset = {record.key for record in records}
    carried = sum(1 for record in tracker.parts.values() if record.key not in reset)
    asking = tuple(
        (record.key, part_of(tracker, record).errors.rerun_note)
        for record in records
        if _asks(tracker, record)
    )
    return Preview(again=plan.reset, carried=carried, asking=asking)


def _asks(tracker: Tracker, record: PartRecord) -> bool:
    """Return whether a part has run before and wants a yes before it runs again."""
    part = part_of(tracker, record)
    is_job = isinstance(part.body, UnitJob)
    return is_job and bool(record.attempt) and part.errors.rerun is RerunRule.ASK


def changed_params(
    network: Network, before: Mapping[str, object], given: Mapping[str, object]
) -> Mapping[str, object]:
    """Return the params that change, in their declared types; all others stay as they were."""
    if not given:
        return {}
    converted = convert_params(network, {**before, **given})
    refuse_secrets(network, {name: converted[name] for name in given})
    return {name: converted[name] for name in given}


def not_before(past: Past, now: datetime) -> datetime:
    """Return the instant at which a rerun may begin: no fact is before the last one."""
    last = past.tracker.last_at
    return now if last is None or now > last else last
