"""Shows the parts of one run as lines, in the order of the text, with what each waits for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from jobnet.engine import Tracker, TrackLine, track
from jobnet.engine.results import HostResult
from jobnet.engine.states import Flag, State
from jobnet.engine.tracker import PartRecord, PastEnd
from jobnet.ids import HostName, PartKey, RunId
from jobnet.ports.plain_values import to_json
from jobnet.services.controller.views.waiting import Surroundings, WaitingOn, waits_of_part


@dataclass(frozen=True, slots=True, kw_only=True)
class HostView:
    """What a part came to on one host; ``counts`` are Ansible's, ``stats`` from ``set_stats``."""

    state: str
    rc: int | None
    message: str
    counts: Mapping[str, int]
    stats: object


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """One part as it stands.

    ``slot`` says in which flow of its container it is, ``depth`` how many containers are around
    it. ``reason`` is why it waits, or in one word why it ended. ``marks`` are orders that wait
    for its turn; ``earlier`` ends of before, the oldest first. ``waiting_on`` is empty for what
    runs or has ended.
    """

    run: RunId
    key: PartKey
    shown_key: str
    name: str
    kind: str
    slot: str
    depth: int
    state: State
    reason: str | None = None
    attempt: int = 0
    iteration: int = 1
    exit_code: int | None = None
    handled: str = ""
    since: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    message: str = ""
    flags: tuple[Flag, ...] = ()
    marks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    outputs: object = field(default_factory=dict)
    artifacts: Mapping[str, str] = field(default_factory=dict)
    hosts: Mapping[HostName, HostView] = field(default_factory=dict)
    earlier: tuple[PastEnd, ...] = ()
    waiting_on: tuple[WaitingOn, ...] = ()


def parts_of(tracker: Tracker, around: Surroundings) -> tuple[PartView, ...]:
    """Return a view of every part of the run."""
    return tuple(_view(tracker, line, around) for line in track(tracker))


def part_named(tracker: Tracker, key: PartKey, around: Surroundings) -> PartView | None:
    """Return the view of one part, or None where the run has no such part."""
    for line in track(tracker):
        if line.key == key:
            return _view(tracker, line, around)
    return None


def reason_of(line: TrackLine) -> str | None:
    """Return why a part waits, or in one word why it ended: ``end_by``, ``timeout``, ``kill``."""
    if line.reason is not None:
        return line.reason.value
    return None if line.record is None else line.record.end_reason or None


def _view(tracker: Tracker, line: TrackLine, around: Surroundings) -> PartView:
    assert tracker.run is not None, "only a run that has begun has parts"
    plain = PartView(
        run=tracker.run.run,
        key=line.key,
        shown_key=line.shown_key,
        name=line.name,
        kind=line.kind,
        slot=line.slot,
        depth=line.depth,
        state=line.state,
        reason=reason_of(line),
        waiting_on=waits_of_part(tracker, line, around),
    )
    return plain if line.record is None else _with_record(plain, line, line.record)


def _with_record(plain: PartView, line: TrackLine, record: PartRecord) -> PartView:
    return replace(
        plain,
        attempt=record.attempt,
        iteration=record.iteration,
        exit_code=record.exit_code,
        handled=record.handled,
        since=record.since,
        started=line.started,
        ended=line.ended,
        message=line.message,
        flags=line.flags,
        marks=_marks(record),
        notes=record.notes,
        outputs=to_json(record.outputs),
        artifacts=dict(record.artifacts),
        hosts={name: _host(host) for name, host in line.hosts.items()},
        earlier=record.earlier,
    )


def _marks(record: PartRecord) -> tuple[str, ...]:
    marks = record.marks
    named = {
        "hold": marks.hold,
        "skip": marks.skip,
        "no_exec": marks.no_exec,
        "cancel": marks.cancel,
    }
    return tuple(name for name, is_set in named.items() if is_set)


def _host(host: HostResult) -> HostView:
    return HostView(
        state=host.state.value,
        rc=host.rc,
        message=host.message,
        counts=dict(host.counts),
        stats=to_json(host.stats),
    )
