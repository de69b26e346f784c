"""Decides what a run does when its wall clock has jumped against the monotonic one.

While the clock is doubted no timer fires and no attempt starts; running jobs go on, waits and
dialogs take what they are given. Every timer is armed once more when the clock is trusted
again, so one whose time came in between fires then.
"""

from jobnet.engine.bounds import CLOCK_JUMP_SECONDS_MAX
from jobnet.engine.facts import ClockDoubted, ClockTrusted
from jobnet.engine.inputs import ClockAgreed, ClockJumped
from jobnet.engine.standing import run_of
from jobnet.engine.tracker import Tracker
from jobnet.engine.turn import Turn


def is_clock_doubted(tracker: Tracker) -> bool:
    """Return whether nothing may be decided by the clock now."""
    return bool(run_of(tracker).clock_jump_seconds)


def clock_jumped(turn: Turn, given: ClockJumped) -> None:
    """Stop timers and starts after a jump that is larger than clocks are corrected by."""
    run = run_of(turn.tracker)
    is_news = run.clock_jump_seconds != given.seconds
    if abs(given.seconds) > CLOCK_JUMP_SECONDS_MAX and is_news and run.ended is None:
        turn.record(ClockDoubted(at=turn.now, seconds=given.seconds))


def clock_agreed(turn: Turn, _given: ClockAgreed) -> None:
    """Go on: the readings agree again."""
    if is_clock_doubted(turn.tracker):
        turn.record(ClockTrusted(at=turn.now))


def jump_text(seconds: float) -> str:
    """Return one line about a clock that has jumped.

    >>> jump_text(-3600.0)
    'clock: it jumped 3600 s back; resume the run if it is right now'
    """
    way = "forward" if seconds > 0 else "back"
    return f"clock: it jumped {abs(seconds):.0f} s {way}; resume the run if it is right now"
