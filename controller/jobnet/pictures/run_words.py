"""Says what a run adds to a picture: how long things took, which attempt, how they ended."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from jobnet.calendars import format_duration
from jobnet.definition import Network
from jobnet.engine import TrackLine
from jobnet.engine.states import Flag, has_ended
from jobnet.engine.tracker import RunRecord

_HANDLED = {
    "rescue": "rescued",
    "branch": "branched over",
    "continue": "continued",
    "release": "released",
}
_TOLD_BY_STATE = frozenset({Flag.HAS_FAILED_PART, Flag.NO_EXEC})


def about(network: Network) -> Iterator[str]:
    """Yield what a reader may want to know of a network beside its parts."""
    yield f"network {network.name}"
    if network.calendar:
        yield f"calendar {network.calendar}"
    if network.placement.queue:
        yield f"queue {network.placement.queue}"


def times(run: RunRecord) -> str:
    """Return when a run began and ended, on the wall of its own zone."""
    zone = ZoneInfo(run.zone)
    if run.ended is None:
        return f"began {_wall(run.started, zone)} {run.started.astimezone(zone):%Z}"
    return (
        f"{_wall(run.started, zone)} to {_wall(run.ended, zone)}"
        f" {run.ended.astimezone(zone):%Z} ({format_duration(run.ended - run.started)})"
    )


def standing(line: TrackLine) -> Iterator[str]:
    """Yield what stands beside the state of a part, the most wanted first."""
    if line.started is not None and line.ended is not None:
        yield format_duration(line.ended - line.started)
    record = line.record
    if record is None:
        return
    if record.attempt > 1:
        yield f"attempt {record.attempt}"
    if record.iteration > 1:
        yield f"iteration {record.iteration}"
    if record.times:
        yield f"{record.times} {'time' if record.times == 1 else 'times'} back"
    if record.reason is not None and not has_ended(line.state):
        yield record.reason.value.replace("_", " ")
    if record.exit_code:
        yield f"exit code {record.exit_code}"
    if record.handled:
        yield _HANDLED.get(record.handled, record.handled)
    yield from (flag.value.replace("_", " ") for flag in line.flags if flag not in _TOLD_BY_STATE)


def _wall(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"
