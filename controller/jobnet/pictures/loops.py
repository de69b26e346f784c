"""Draws the way back of a continuity beside the flow that holds its target.

A jump may come from inside a branch or block further down; it leaves to the nearer side, runs up
outside of everything between, and ends at the part where the flow goes on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from jobnet.pictures.blocks import Block, Jump, moved_jumps
from jobnet.pictures.outline import Step
from jobnet.pictures.shapes import Line, Stroke
from jobnet.pictures.sizes import GUTTER

_ARRIVAL, _ARRIVAL_STEP = 14, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class _Back:
    """One way back, from a step to an earlier one; all x count from the axis of the flow."""

    jump: Jump
    target: int
    source: int


class Loops:
    """The ways back inside one flow, and the jumps that it leaves to the flow around it."""

    def __init__(self, steps: Sequence[Step], blocks: Sequence[Block], tops: Sequence[int]) -> None:
        self._blocks, self._tops = blocks, tops
        self._open: list[Jump] = []
        backs = list(self._sorted_out(steps))
        backs.sort(key=lambda back: (back.source - back.target, back.source))
        self._left = self._gutters([back for back in backs if _is_left(back.jump)], is_left=True)
        right = [back for back in backs if not _is_left(back.jump)]
        self._right = self._gutters(right, is_left=False)

    @property
    def left(self) -> int:
        """How far the ways back reach left of the axis; 0 without any."""
        return max((-gutter + GUTTER for _, gutter in self._left), default=0)

    @property
    def right(self) -> int:
        """How far they reach right of the axis; 0 without any."""
        return max((gutter + GUTTER for _, gutter in self._right), default=0)

    def open(self, axis: int) -> tuple[Jump, ...]:
        """Return the jumps whose target is not in this flow, as seen from its left edge."""
        return tuple(
            replace(jump, left=jump.left + axis, right=jump.right + axis) for jump in self._open
        )

    def lines(self, axis: int) -> tuple[Line, ...]:
        """Return the ways back, the short ones inside the long ones."""
        return tuple(
            self._line(back, axis, axis + gutter, number)
            for side in (self._left, self._right)
            for number, (back, gutter) in enumerate(side)
        )

    def _sorted_out(self, steps: Sequence[Step]) -> Iterator[_Back]:
        index_of = {step.id: index for index, step in enumerate(steps) if not step.is_summary}
        for source, (block, top) in enumerate(zip(self._blocks, self._tops, strict=True)):
            for jump in moved_jumps(block, -block.axis, top):
                target = index_of.get(jump.target)
                if target is None:
                    self._open.append(jump)
                else:
                    yield _Back(jump=jump, target=target, source=source)

    def _gutters(self, backs: list[_Back], *, is_left: bool) -> list[tuple[_Back, int]]:
        """Return each way back with the x at which it runs up, outside of what it passes."""
        placed: list[tuple[_Back, int]] = []
        for number, back in enumerate(backs):
            passed = self._blocks[back.target : back.source + 1]
            if is_left:
                edge = -max(block.axis for block in passed)
                placed.append((back, edge - GUTTER * (number + 1)))
            else:
                edge = max(block.width - block.axis for block in passed)
                placed.append((back, edge + GUTTER * (number + 1)))
        return placed

    def _line(self, back: _Back, axis: int, gutter: int, number: int) -> Line:
        jump, target = back.jump, self._blocks[back.target]
        is_left = gutter < axis
        begin = axis + (jump.left if is_left else jump.right)
        side = axis - target.axis + (0 if is_left else target.width)
        lower = min(_ARRIVAL + _ARRIVAL_STEP * number, max(_ARRIVAL, target.height - 6))
        y = self._tops[back.target] + lower
        return Line(
            points=((begin, jump.y), (gutter, jump.y), (gutter, y), (side, y)),
            stroke=Stroke.QUIET if jump.is_quiet else Stroke.BACK,
            has_arrow=True,
        )


def _is_left(jump: Jump) -> bool:
    return jump.left + jump.right <= 0
