"""Counts what one evaluation costs and ends it before it costs too much.

Three limits with names: *steps* (every node that is evaluated, every item that is looked at,
every KiB that is copied), *bytes* (everything that is built, whether it is kept or not; a
character counts as one, any other scalar and every slot of a container as eight) and *depth*
(how deep a value nests). Nothing here reads a clock: equal work costs equally everywhere.
"""

from dataclasses import dataclass

from jobnet.errors.expressions import BudgetExceeded

DEEPEST = 100
"""No budget may allow values that nest deeper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What one evaluation may cost; the defaults end the worst text in well under a second."""

    steps_max: int = 200_000
    bytes_max: int = 4 * 1024 * 1024
    depth_max: int = 64

    def __post_init__(self) -> None:
        assert self.steps_max > 0, "an evaluation needs at least one step"
        assert self.bytes_max > 0, "an evaluation builds at least one value"
        assert 0 < self.depth_max <= DEEPEST, "deeper values would exhaust the interpreter's stack"


class Meter:
    """What is left of a budget during one evaluation."""

    __slots__ = ("budget", "bytes_left", "steps_left")

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.steps_left = budget.steps_max
        self.bytes_left = budget.bytes_max

    def step(self, count: int = 1) -> None:
        """Pay for ``count`` nodes or items, before they are looked at."""
        self.steps_left -= count
        if self.steps_left < 0:
            raise BudgetExceeded("steps_max", self.budget.steps_max)

    def build(self, size: int) -> None:
        """Pay for ``size`` bytes, before they are allocated."""
        self.bytes_left -= size
        if self.bytes_left < 0:
            raise BudgetExceeded("bytes_max", self.budget.bytes_max)
        if size > 1023:  # noqa: PLR2004 - each full KiB is a step
            self.step(size >> 10)

    def descend(self, depth: int) -> None:
        """Check one more level of a value that is walked through."""
        if depth > self.budget.depth_max:
            raise BudgetExceeded("depth_max", self.budget.depth_max)
