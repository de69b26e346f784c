"""Compares the wall clock of the machine with the one that nobody can set.

A jump is told to the run, and when the readings agree again that is told too. When an operator
has let the run go on, the clocks are right as they are from then on.
"""

from datetime import timedelta

from jobnet.engine import Tracker
from jobnet.engine.bounds import CLOCK_JUMP_SECONDS_MAX
from jobnet.engine.inputs import ClockAgreed, ClockJumped
from jobnet.ports.clock import Clock

LOOK_AGAIN = timedelta(seconds=10)
"""So often a run whose clock is doubted looks whether the readings agree."""


class ClockWatch:
    """Remembers by how much the two clocks differ; ``news`` looks at both."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._difference = self._read()
        self._told: float | None = None

    def news(self, tracker: Tracker) -> ClockJumped | ClockAgreed | None:
        """Return what the run does not know yet of its clocks."""
        run = tracker.run
        if run is None or run.ended is not None:
            return None
        jump = self._read() - self._difference
        if self._told is not None and not run.clock_jump_seconds:
            self._told, self._difference = None, self._read()  # an operator has resumed the run
            return None
        is_far = abs(jump) > CLOCK_JUMP_SECONDS_MAX
        if not is_far and run.clock_jump_seconds:
            self._told = None
            return ClockAgreed()
        if is_far and self._is_other(jump):
            self._told = jump
            return ClockJumped(seconds=jump)
        self._difference += 0.0 if is_far else jump  # small corrections add up over weeks
        return None

    def _is_other(self, jump: float) -> bool:
        return self._told is None or abs(jump - self._told) > CLOCK_JUMP_SECONDS_MAX

    def _read(self) -> float:
        return self._clock.wall_seconds() - self._clock.real_seconds()
