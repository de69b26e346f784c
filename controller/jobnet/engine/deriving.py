"""Derives commands from facts: the only source of what the shell is asked to do.

A fact that starts something names what it needs through the tracker, which already has it.
After a crash ``open_commands`` gives again all that is under way.
"""

from collections.abc import Iterator, Mapping
from typing import cast

from jobnet.definition import (
    AwaitedResult,
    Dialog,
    Notify,
    Part,
    Placement,
    SubNetwork,
    UnitJob,
    WaitEvent,
    WaitFile,
    WaitNetwork,
    WaitPart,
)
from jobnet.engine import commands as c
from jobnet.engine import facts as f
from jobnet.engine.keys import part_key
from jobnet.engine.names import Names
from jobnet.engine.published import executions_around
from jobnet.engine.standing import flow_of, part_of, parts_in, record_of, run_of
from jobnet.engine.states import Flag, QueueReason, State, WaitReason
from jobnet.engine.tracker import PartRecord, Tracker
from jobnet.engine.waits import EndWait, EventWait, Wait
from jobnet.engine.warmth import may_start_warm
from jobnet.ids import EventName, HostName, NetworkName, PartId


def commands_of(tracker: Tracker, fact: f.Fact) -> Iterator[c.Command]:  # noqa: C901, PLR0912, PLR0915 - a line per fact
    """Yield what the shell has to do because of a fact that the tracker already has."""
    match fact:
        case f.PartQueued(reason=None):
            yield _ask_slot(tracker, record_of(tracker, fact.part))
        case f.PartStarted():
            yield _start(tracker, record_of(tracker, fact.part))
        case f.PartWaited():
            yield from _wait(tracker, record_of(tracker, fact.part))
        case f.PartPrompted():
            yield _prompt(tracker, record_of(tracker, fact.part))
        case f.KillRequested():
            yield c.KillJob(part=fact.part, attempt=fact.attempt)
        case f.TimerArmed():
            yield c.ArmTimer(timer=fact.armed)
        case f.TimersArmed():
            yield from (c.ArmTimer(timer=armed) for armed in fact.armed)
        case f.TimersDropped():
            yield from (c.DropTimer(timer=timer) for timer in fact.timers)
        case f.TimerOver(has_fired=False):
            yield c.DropTimer(timer=fact.timer)
        case f.AttemptEnded() | f.LateAnswer():
            yield c.ReturnSlot(part=fact.part, attempt=fact.attempt)
        case f.PlacementChanged():
            yield from _move_in_line(tracker, record_of(tracker, fact.part))
        case f.PartHeld():
            record = record_of(tracker, fact.part)
            yield c.ReturnSlot(part=fact.part, attempt=record.attempt)
        case f.PartEnded() | f.ResultChanged():
            yield from _over(tracker, record_of(tracker, fact.part))
        case f.EventSent():
            yield c.PublishEvent(event=fact.event)
        case f.StartPaused():
            yield c.ReturnSlot(part=fact.part, attempt=fact.attempt)
        case f.ClockTrusted():
            yield from _go_by_the_clock(tracker)
        case _:
            pass


def _go_by_the_clock(tracker: Tracker) -> Iterator[c.Command]:
    """Yield all timers once more, those that came to nothing too, and who stands in line."""
    yield from _timers(tracker)
    for record in tracker.parts.values():
        if record.state is State.QUEUED:
            yield _ask_slot(tracker, record)


def _timers(tracker: Tracker) -> Iterator[c.ArmTimer]:
    for armed in run_of(tracker).timers:
        yield c.ArmTimer(timer=armed)
    for record in tracker.parts.values():
        for armed in record.timers:
            yield c.ArmTimer(timer=armed)


def _is_paused(tracker: Tracker, record: PartRecord) -> bool:
    """Return whether a part in line does not ask before the clock is trusted again."""
    return record.reason is QueueReason.PAUSED and bool(run_of(tracker).clock_jump_seconds)


def open_commands(tracker: Tracker) -> Iterator[c.Command]:
    """Yield the commands of everything that is under way, for a shell that starts anew."""
    if tracker.run is not None:
        yield from _timers(tracker)
    for record in tracker.parts.values():
        if record.is_live:
            yield from _live(tracker, record)
        elif record.state is State.QUEUED and not _is_paused(tracker, record):
            yield _ask_slot(tracker, record)
        elif record.state is State.WAITING:
            yield from _wait(tracker, record)
        elif record.state is State.PROMPTING:
            yield _prompt(tracker, record)


def _live(tracker: Tracker, record: PartRecord) -> Iterator[c.Command]:
    """Yield what a shell may not have done yet for an attempt that was handed over.

    Whether a job that was not confirmed has begun is known to the shell alone: an attempt
    that exists is not started a second time.
    """
    is_message = isinstance(part_of(tracker, record).body, Notify)
    if record.state is State.STARTING or (is_message and record.state is State.RUNNING):
        yield _start(tracker, record)
    if Flag.KILL_REQUESTED in record.flags:
        yield c.KillJob(part=record.key, attempt=record.attempt)


def _ask_slot(tracker: Tracker, record: PartRecord) -> c.AskSlot:
    flow = flow_of(tracker, record.flow)
    part = part_of(tracker, record)
    network = tracker.layout.network(flow.network)
    own, outer = part.placement, network.placement
    placement = Placement(
        queue=record.queue or own.queue or outer.queue,
        priority=_first(record.priority, own.priority, outer.priority),
        nodes=own.nodes or outer.nodes,
        locks=own.locks,
        resources=own.resources,
    )
    called = NetworkName(part.body.network) if isinstance(part.body, SubNetwork) else None
    return c.AskSlot(part=record.key, attempt=record.attempt, placement=placement, network=called)


def _move_in_line(tracker: Tracker, record: PartRecord) -> Iterator[c.Command]:
    """Let a part that stands in line stand there with what an operator gave it.

    It only asks again: its slot may have been granted already and be on its way.
    """
    if record.state is State.QUEUED and not _is_paused(tracker, record):
        yield _ask_slot(tracker, record)


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)


def _start(tracker: Tracker, record: PartRecord) -> c.Command:
    part = part_of(tracker, record)
    values = record.arguments or {}
    if isinstance(part.body, Notify):
        return _message(record, part.body, values)
    assert isinstance(part.body, UnitJob), "only jobs and messages are started"
    run = run_of(tracker)
    job = part.body
    return c.StartJob(
        part=record.key,
        attempt=record.attempt,
        network=flow_of(tracker, record.flow).network,
        name=part.name or str(part.id),
        job=job,
        hosts=cast("str | None", values.get("hosts")),
        inventory=_texts(values.get("inventory")),
        handed_over=cast("Mapping[str, object]", values.get("handed_over", {})),
        host_vars=_host_vars(tracker, record, job),
        only_hosts=record.only_hosts,
        check=run.check if job.check_mode is None else job.check_mode,
        diff=run.diff if job.diff is None else job.diff,
        kill_grace_seconds=part.errors.kill_grace.total_seconds(),
        warm=may_start_warm(tracker, record),
    )


def _texts(values: object) -> tuple[str, ...]:
    return tuple(str(value) for value in values) if isinstance(values, list | tuple) else ()


def _host_vars(
    tracker: Tracker, record: PartRecord, job: UnitJob
) -> Mapping[HostName, Mapping[str, object]]:
    """Return what earlier jobs of a plain task list have registered, host by host."""
    if not job.keeps_host_vars:
        return {}
    flow = flow_of(tracker, record.flow)
    merged: dict[HostName, dict[str, object]] = {}
    for part in parts_in(tracker, flow)[: flow.next]:
        before = tracker.parts.get(part_key(flow.scope, part.id))
        result = None if before is None else before.result
        for host, values in {} if result is None else result.host_vars.items():
            merged.setdefault(host, {}).update(values)
    return merged


def _message(record: PartRecord, body: Notify, values: Mapping[str, object]) -> c.SendMessage:
    return c.SendMessage(
        part=record.key,
        attempt=record.attempt,
        to=_texts(values.get("to")),
        subject=str(values.get("subject", "")),
        message=str(values.get("message", "")),
        attach=_texts(values.get("attach")),
        digest=body.digest,
    )


def _prompt(tracker: Tracker, record: PartRecord) -> c.OpenDialog:
    body = part_of(tracker, record).body
    assert isinstance(body, Dialog), "only a dialog prompts"
    return c.OpenDialog(part=record.key, attempt=record.attempt, dialog=body, message=record.detail)


def _wait(tracker: Tracker, record: PartRecord) -> Iterator[c.Command]:
    part = part_of(tracker, record)
    match record.awaits:
        case WaitReason.FILE:
            yield _watch_file(tracker, record, part)
        case WaitReason.EVENT | WaitReason.NETWORK | WaitReason.PART:
            yield c.OpenWait(wait=outside_wait(tracker, record, part))
        case WaitReason.NETWORK_LIMIT:
            yield _ask_slot(tracker, record)
        case WaitReason.SUSPENDED:
            yield c.ReturnSlot(part=record.key, attempt=record.attempt)
        case _:
            pass


def _watch_file(tracker: Tracker, record: PartRecord, part: Part) -> c.WatchFile:
    assert isinstance(part.body, WaitFile), "only a file wait waits for a file"
    values = record.arguments or {}
    return c.WatchFile(
        part=record.key,
        attempt=record.attempt,
        network=flow_of(tracker, record.flow).network,
        wait=part.body,
        hosts=cast("str | None", values.get("hosts")),
        inventory=_texts(values.get("inventory")),
        path=str(values.get("path", "")),
        warm=may_start_warm(tracker, record),
    )


def outside_wait(tracker: Tracker, record: PartRecord, part: Part) -> Wait:
    """Return what an open wait for an event, a network or a part is given things by."""
    run = run_of(tracker)
    flow = flow_of(tracker, record.flow)
    body = part.body
    if isinstance(body, WaitEvent):
        return EventWait(
            run=run.run,
            part=record.key,
            attempt=record.attempt,
            name=EventName(body.name),
            where=body.where,
            names=Names(tracker, flow, record.since),
            match=body.match,
            within=body.within,
            operating_day=run.operating_day,
            opened_at=record.since,
            taken=record.events,
        )
    assert isinstance(body, WaitNetwork | WaitPart), "the other waits are for ends"
    awaited = None if isinstance(body, WaitNetwork) else body.part
    if awaited is not None and body.network is None:
        awaited = own_part(tracker, record, awaited)
    return EndWait(
        run=run.run,
        part=record.key,
        attempt=record.attempt,
        network=None if body.network is None else NetworkName(body.network),
        awaited_part=awaited,
        match=body.match,
        within=body.within,
        needs_normal=body.result is AwaitedResult.NORMAL,
        operating_day=run.operating_day,
        planned_start=run.planned_start,
        opened_at=record.since,
        inside=executions_around(tracker, record.key),
    )


def own_part(tracker: Tracker, record: PartRecord, awaited: str) -> str:
    """Return the key of a part of this run that stands in the nearest scope around a wait."""
    flow = flow_of(tracker, record.flow)
    place = tracker.layout.places.get((flow.network, PartId(awaited)))
    if place is None:
        return awaited
    return part_key(flow.scopes[min(len(place.loops), len(flow.scopes) - 1)], place.part.id)


def _over(tracker: Tracker, record: PartRecord) -> Iterator[c.Command]:
    body = part_of(tracker, record).body
    if isinstance(body, WaitFile | WaitEvent | WaitNetwork | WaitPart | Dialog):
        yield c.StopWaiting(part=record.key, attempt=record.attempt)
    elif isinstance(body, UnitJob | SubNetwork) and not record.is_live:
        yield c.ReturnSlot(part=record.key, attempt=record.attempt)
