"""Makes the lines of a tree from a tracker of this process."""

from jobnet.cli.tree import TreeLine
from jobnet.engine import Tracker, TrackLine, track
from jobnet.engine.states import has_ended


def tree_lines(tracker: Tracker) -> tuple[TreeLine, ...]:
    """Return a line for every part of the run."""
    return tuple(tree_line(line) for line in track(tracker))


def tree_line(line: TrackLine) -> TreeLine:
    """Return what is drawn of one part."""
    record = line.record
    if record is None:
        return TreeLine(
            key=line.key,
            name=line.name,
            state=line.state.value,
            depth=line.depth,
            has_begun=False,
            has_ended=has_ended(line.state),
        )
    return TreeLine(
        key=line.key,
        name=line.name,
        state=line.state.value,
        depth=line.depth,
        has_ended=has_ended(line.state),
        iteration=record.iteration,
        attempt=record.attempt,
        reason="" if record.reason is None else record.reason.value,
        detail=record.detail,
        until=record.until,
        started=line.started,
        ended=line.ended,
        exit_code=record.exit_code,
        flags=tuple(flag.value for flag in record.flags),
        message=record.message,
    )
