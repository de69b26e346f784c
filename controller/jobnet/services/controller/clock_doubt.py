"""Compares the wall clock with one that only counts seconds, and remembers who knows of a jump.

Timers are kept by a clock that nobody can set, or by the database's. When the wall clock goes
another way, nobody knows which is right: runs stop their timers and starts until the readings
agree or an operator lets them go on. When an operator has done so for one run, the clocks are
right as they are from then on: no other run hears of that jump any more, and those that have
heard of it wait for their own word.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from enum import Enum, auto

from jobnet.engine.bounds import CLOCK_JUMP_SECONDS_MAX
from jobnet.ids import RunId

LOOK_AGAIN = timedelta(seconds=10)


class Reading(Enum):
    """What a look at both clocks has shown."""

    RIGHT = auto()
    JUMPED = auto()  # ``seconds`` says by how much
    AGREED = auto()  # they had jumped, and are right again


class ClockDoubt:
    """Remembers by how much two clocks differ, and which runs know of a jump.

    ``wall_seconds`` is the clock that may be set, ``real_seconds`` the one that counts.
    """

    def __init__(
        self, *, wall_seconds: Callable[[], float], real_seconds: Callable[[], float]
    ) -> None:
        self._wall_seconds, self._real_seconds = wall_seconds, real_seconds
        self._difference = self._read()
        self.seconds: float | None = None
        self.knowing: frozenset[RunId] = frozenset()

    def look(self) -> Reading:
        """Compare the clocks."""
        jump = self._read() - self._difference
        if abs(jump) > CLOCK_JUMP_SECONDS_MAX:
            if self.seconds is None or abs(jump - self.seconds) > CLOCK_JUMP_SECONDS_MAX:
                self.seconds, self.knowing = jump, frozenset()
            return Reading.JUMPED
        if self.seconds is not None:
            return Reading.AGREED
        self._difference += jump  # small corrections add up over weeks
        return Reading.RIGHT

    def accept(self) -> bool:
        """Let an operator say that the clocks are right as they are: the next look agrees.

        Returns whether they were doubted.
        """
        if self.seconds is None:
            return False
        self._difference = self._read()
        return True

    def told(self, runs: Iterable[RunId]) -> None:
        """Note that these runs have it in their inbox."""
        self.knowing |= frozenset(runs)

    def trust(self) -> None:
        """Take the clocks to be right as they are now."""
        self.seconds, self.knowing = None, frozenset()
        self._difference = self._read()

    def _read(self) -> float:
        return self._wall_seconds() - self._real_seconds()
