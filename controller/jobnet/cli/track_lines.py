"""Makes the lines of a tree from what a controller says of the parts of a run."""

from collections.abc import Mapping
from typing import Any

from jobnet.cli.instants import read
from jobnet.cli.tree import TreeLine
from jobnet.ids import PartKey

ENDED = frozenset(
    {
        "normal",
        "warning",
        "abnormal",
        "killed",
        "failed_to_start",
        "lost",
        "skipped",
        "bypassed",
        "not_run",
        "missed",
        "cancelled",
    }
)


def track_lines(track: Mapping[str, Any]) -> tuple[TreeLine, ...]:
    """Return a line for every part of a run, from the answer to ``/runs/RUN/parts``."""
    return tuple(track_line(part) for part in track["items"])


def track_line(part: Mapping[str, Any]) -> TreeLine:
    """Return what is drawn of one part."""
    waits = part.get("waiting_on") or []
    first = waits[0] if waits else {}
    has_ended = part["state"] in ENDED
    return TreeLine(
        key=PartKey(part["key"]),
        name=part["name"],
        state=part["state"],
        depth=part["depth"],
        has_begun=part["since"] is not None,
        has_ended=has_ended,
        iteration=part["iteration"],
        attempt=part["attempt"],
        reason=part["reason"] or ("asks" if part["state"] == "prompting" else ""),
        detail=first.get("what") or ("" if has_ended else part["message"]),
        until=read(first.get("expected_at")),
        started=read(part["started"]),
        ended=read(part["ended"]),
        exit_code=part["exit_code"],
        flags=tuple(part["flags"]),
        message=part["message"],
    )
