"""Says in one JSON document how a run ended; for programs, and kept with its pieces."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from jobnet.engine import TrackLine, track
from jobnet.engine.results import HostResult
from jobnet.engine.states import State
from jobnet.engine.tracker import Tracker
from jobnet.ids import HostName
from jobnet.ports.plain_values import to_json

DOCUMENT_VERSION = 1


def summary_of(
    tracker: Tracker,
    *,
    folder: str,
    journal: str,
    stop_reason: str,
    warnings: Iterable[str],
) -> dict[str, object]:
    """Return the document. Instants are ISO 8601 in UTC, the zone is named beside them."""
    run = tracker.run
    assert run is not None, "only a run that has started has a summary"
    return {
        "version": DOCUMENT_VERSION,
        "run": run.run,
        "network": run.network,
        "state": run.state.value,
        "exit_code": run.exit_code,
        "message": run.message or stop_reason,
        "operating_day": run.operating_day.isoformat(),
        "zone": run.zone,
        "planned_start": _instant(run.planned_start),
        "started": _instant(run.started),
        "ended": _instant(run.ended),
        "check": run.check,
        "params": to_json(run.params),
        "outputs": to_json(run.outputs),
        "flags": [flag.value for flag in run.flags],
        "recovered": list(run.recovered),
        "stop_reason": stop_reason,
        "parts": [_part(line) for line in track(tracker)],
        "warnings": list(warnings),
        "folder": folder,
        "journal": journal,
    }


def has_lost_part(tracker: Tracker) -> bool:
    """Return whether nobody can say of some part how it ended."""
    return any(record.state is State.LOST for _, record in tracker.parts.items())


def _part(line: TrackLine) -> dict[str, object]:
    record = line.record
    return {
        "key": line.key,
        "name": line.name,
        "kind": line.kind,
        "depth": line.depth,
        "state": line.state.value,
        "reason": _reason(line),
        "exit_code": None if record is None else record.exit_code,
        "attempt": 0 if record is None else record.attempt,
        "iteration": 1 if record is None else record.iteration,
        "handled": "" if record is None else record.handled,
        "started": _instant(line.started),
        "ended": _instant(line.ended),
        "message": line.message,
        "flags": [flag.value for flag in line.flags],
        "hosts": _hosts(line.hosts),
        "outputs": {} if record is None else to_json(record.outputs),
        "artifacts": {} if record is None else dict(record.artifacts),
        "folder": record.result.folder if record is not None and record.result else "",
    }


def _reason(line: TrackLine) -> str | None:
    """Return why a part waits, or in one word why it ended: ``end_by``, ``timeout``, ``kill``."""
    if line.reason is not None:
        return line.reason.value
    return None if line.record is None else line.record.end_reason or None


def _hosts(hosts: Mapping[HostName, HostResult]) -> dict[str, object]:
    return {
        name: {
            "state": host.state.value,
            "rc": host.rc,
            "message": host.message,
            "counts": dict(host.counts),
            "stats": to_json(host.stats),
        }
        for name, host in hosts.items()
    }


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
