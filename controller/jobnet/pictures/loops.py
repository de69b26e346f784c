"""Draws the way back of a continuity beside the flow that holds its target.

A jump may come from inside a branch or block further down; it leaves to the nearer side, runs up
outside of everything between, and ends at the part where the flow goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from jobnet.pictures.blocks import Block, Jump, moved_jumps
from jobnet.pictures.outline import Step
from jobnet.pictures.shapes import Line, Stroke
from jobnet.pictures.sizes import GUTTER

_ARRIVAL, _ARRIVAL_STEP = 14, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class _Back:
    """One way back: from a height to the target with this index; x counts from the axis."""

    jump: Jump
    target: int
    span: int


class Loops:
    """The ways back inside one flow, and the jumps that it leaves to the flow around it."""

    def __init__(
        self,
        steps: Sequence[Step],
        blocks: Sequence[Block],
        tops: Sequence[int],
        *,
        left: int,
        right: int,
    ) -> None:
        self._blocks, self._tops = blocks, tops
        self._edge_left, self._edge_right = left, right
        index_of = {step.id: index for index, step in enumerate(steps) if not step.is_summary}
        self._open: list[Jump] = []
        backs: list[_Back] = []
        for block, top in zip(blocks, tops, strict=True):
            for jump in moved_jumps(block, -block.axis, top):
                target = index_of.get(jump.target)
                if target is None:
                    self._open.append(jump)
                else:
                    backs.append(_Back(jump=jump, target=target, span=jump.y - tops[target]))
        backs.sort(key=lambda back: back.span)
        self._left = [back for back in backs if back.jump.left + back.jump.right <= 0]
        self._right = [back for back in backs if back.jump.left + back.jump.right > 0]

    @property
    def room_left(self) -> int:
        """How much the ways back need left of the flow."""
        return GUTTER * (len(self._left) + 1) if self._left else 0

    @property
    def room_right(self) -> int:
        """How much they need right of it."""
        return GUTTER * (len(self._right) + 1) if self._right else 0

    def open(self, axis: int) -> tuple[Jump, ...]:
        """Return the jumps whose target is not in this flow, as seen from its left edge."""
        return tuple(
            Jump(
                target=jump.target,
                left=jump.left + axis,
                right=jump.right + axis,
                y=jump.y,
                is_quiet=jump.is_quiet,
            )
            for jump in self._open
        )

    def lines(self, axis: int) -> tuple[Line, ...]:
        """Return the ways back, the short ones inside the long ones."""
        left = [
            self._line(
                back,
                axis,
                axis + back.jump.left,
                axis - self._edge_left - GUTTER * (number + 1),
                number,
                is_left=True,
            )
            for number, back in enumerate(self._left)
        ]
        right = [
            self._line(
                back,
                axis,
                axis + back.jump.right,
                axis + self._edge_right + GUTTER * (number + 1),
                number,
                is_left=False,
            )
            for number, back in enumerate(self._right)
        ]
        return (*left, *right)

    def _line(
        self, back: _Back, axis: int, begin: int, gutter: int, number: int, *, is_left: bool
    ) -> Line:
        target = self._blocks[back.target]
        side = axis - target.axis if is_left else axis - target.axis + target.width
        lower = min(_ARRIVAL + _ARRIVAL_STEP * number, max(_ARRIVAL, target.height - 6))
        y = self._tops[back.target] + lower
        return Line(
            points=((begin, back.jump.y), (gutter, back.jump.y), (gutter, y), (side, y)),
            stroke=Stroke.QUIET if back.jump.is_quiet else Stroke.BACK,
            has_arrow=True,
        )
