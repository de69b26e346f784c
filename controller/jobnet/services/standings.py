"""Says where a running play stands, and what every part that does not run is waiting for."""

from collections.abc import Mapping
from datetime import datetime

from jobnet.engine import Tracker, TrackLine, track
from jobnet.engine.clocks import jump_text
from jobnet.engine.states import State, has_ended

_AT_WORK = frozenset({State.STARTING, State.RUNNING})
_OPERATORS = frozenset({"operator", "suspended", "held", "prompting", "deadlock"})


def standing_of(
    tracker: Tracker, now: datetime, summary: Mapping[str, object]
) -> dict[str, object]:
    """Return the summary of a run with the clock and all that is waited for."""
    return {**summary, "now": now.isoformat(), "waiting_on": waiting_on(tracker)}


def waiting_on(tracker: Tracker) -> list[dict[str, object]]:
    """Return for each part that has its turn and does not run: why, since when, until when."""
    parts = [found for line in track(tracker) if (found := _waiting(line)) is not None]
    return [*_doubt(tracker), *parts]


def _doubt(tracker: Tracker) -> list[dict[str, object]]:
    """Return why no timer fires and nothing starts, if the clock has jumped."""
    run = tracker.run
    if run is None or not run.clock_jump_seconds or run.ended is not None:
        return []
    return [
        {
            "part": str(run.run),
            "kind": "paused",
            "what": jump_text(run.clock_jump_seconds),
            "since": None if run.clock_jumped_at is None else run.clock_jumped_at.isoformat(),
            "expected_at": None,
            "who_can_resolve": "operator",
        }
    ]


def _waiting(line: TrackLine) -> dict[str, object] | None:
    record = line.record
    if record is None or line.state is State.FIXED:
        return None
    if record.awaits_operator:
        kind = "operator"
    elif record.is_suspended:
        kind = "suspended"
    elif has_ended(line.state) or line.state in _AT_WORK:
        return None
    else:
        kind = line.state.value if line.reason is None else line.reason.value
    return {
        "part": line.key,
        "kind": kind,
        "what": line.message or record.detail,
        "since": record.since.isoformat(),
        "expected_at": None if record.until is None else record.until.isoformat(),
        "who_can_resolve": "operator" if kind in _OPERATORS else "time or another part",
    }
