"""Compares looks at a file with what its wait saw first, and decides when it is satisfied.

Created is absent then present, updated is a change of size, mtime or inode, deleted is present
then absent. ``settle`` counts from the last change seen. A look with an error says nothing
about the file: the wait goes on and tells why.
"""

from jobnet.definition import FileEvent, HostsMatch, WaitFile
from jobnet.engine.answers import current
from jobnet.engine.appointments import arm_after, drop
from jobnet.engine.bounds import line
from jobnet.engine.facts import FilesLooked
from jobnet.engine.firing import end_settled
from jobnet.engine.inputs import FilesSeen
from jobnet.engine.standing import part_of, record_of
from jobnet.engine.states import WaitReason
from jobnet.engine.timers import TimerKind
from jobnet.engine.tracker import PartRecord
from jobnet.engine.turn import Turn
from jobnet.engine.waits import FileLook, FileLooks
from jobnet.ids import HostName


def files_seen(turn: Turn, given: FilesSeen) -> None:
    """Take a look at the path of a file wait into account."""
    record = current(turn, given.part, given.attempt)
    if record is None or record.reason is not WaitReason.FILE:
        return
    body = part_of(turn.tracker, record).body
    assert isinstance(body, WaitFile), "only a file wait waits for a file"
    has_changed = record.looks is None or _differ(record.looks, given.looks)
    baseline = _baseline(record, body, given.looks)
    detail = _told(record, body, given.looks)
    if baseline != record.baseline:
        _keep(turn, record, baseline, detail=detail, is_baseline=True)
    if has_changed or detail != record.detail:
        _keep(turn, record, given.looks, detail=detail, is_baseline=False)
    kept = record_of(turn.tracker, record.key)
    if not is_satisfied(body, baseline, given.looks):
        drop(turn, record.key, TimerKind.SETTLE)
    elif not body.settle:
        end_settled(turn, kept)
    elif has_changed or not _is_settling(kept):
        arm_after(turn, kept, TimerKind.SETTLE, body.settle)


def _keep(
    turn: Turn, record: PartRecord, looks: FileLooks, *, detail: str, is_baseline: bool
) -> None:
    turn.record(
        FilesLooked(
            at=turn.now,
            part=record.key,
            attempt=record.attempt,
            looks=looks,
            is_baseline=is_baseline,
            detail=detail,
        )
    )


def _baseline(record: PartRecord, body: WaitFile, looks: FileLooks) -> FileLooks:
    """Return what the next look is compared with, host by host.

    It is the first look, until the file has been seen in the state that the event starts
    from: absent for created, present for updated and deleted.
    """
    known = dict(record.baseline or {})
    for host, look in looks.items():
        if look.error:
            continue
        before = known.get(host)
        if before is None or (before.exists != look.exists and _is_start(body, look)):
            known[host] = look
    return known


def _is_start(body: WaitFile, look: FileLook) -> bool:
    return look.exists != (body.event is FileEvent.CREATED)


def _differ(before: FileLooks, after: FileLooks) -> bool:
    return {host: look for host, look in before.items() if not look.error} != {
        host: look for host, look in after.items() if not look.error
    }


def _is_settling(record: PartRecord) -> bool:
    return any(armed.timer.kind is TimerKind.SETTLE for armed in record.timers)


def _told(record: PartRecord, body: WaitFile, looks: FileLooks) -> str:
    """Return what the wait shows: its path, and why a host cannot be looked at."""
    path = (record.arguments or {}).get("path", "")
    errors = [f"{host}: {look.error}" for host, look in looks.items() if look.error]
    detail = f"{body.event.value}: {path}"
    return line(f"{detail} ({'; '.join(errors[:3])})" if errors else detail)


def is_satisfied(body: WaitFile, baseline: FileLooks, looks: FileLooks) -> bool:
    """Return whether enough hosts show the awaited event, compared with their baseline."""
    if not looks:
        return False
    seen = [_shows(body, baseline.get(HostName(host)), look) for host, look in looks.items()]
    return all(seen) if body.hosts_match is HostsMatch.ALL else any(seen)


def _shows(body: WaitFile, before: FileLook | None, look: FileLook) -> bool:
    if look.error or before is None:
        return False
    match body.event:
        case FileEvent.CREATED:
            return look.exists and (body.accepts_existing or not before.exists)
        case FileEvent.UPDATED:
            return look.exists and before.exists and look != before
        case FileEvent.DELETED:
            return before.exists and not look.exists
