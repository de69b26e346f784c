"""States what can be asked of a database itself: whether it is whole."""

from collections.abc import Sequence
from typing import Protocol

from jobnet.ids import RunId


class SoundnessTable(Protocol):
    """What is wrong with what is kept."""

    def damage(self, limit: int) -> Sequence[str]:
        """Return what the database finds wrong with itself, a line each; it reads everything.

        A server looks after itself: nothing is found there.
        """

    def incomplete_journals(self, limit: int) -> Sequence[RunId]:
        """Return runs whose journal has a gap, or another length than their row says."""
