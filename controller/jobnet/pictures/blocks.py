"""Composes pieces of a picture from smaller ones, each laid out for itself.

A block knows its size and its axis, the vertical line on which a flow enters and leaves it.
What is inside keeps its own coordinates until the whole is flattened, so that placing a
thousand parts moves none of them twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from jobnet.ids import PartId
from jobnet.pictures.shapes import Line, Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """A continuity that still looks for the part it goes back to; ``right`` is its other side."""

    target: PartId
    left: int
    right: int
    y: int
    is_quiet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A rectangle with shapes of its own and blocks inside it at ``(x, y)``."""

    width: int
    height: int
    axis: int
    shapes: tuple[Shape, ...] = ()
    inside: "tuple[tuple[int, int, Block], ...]" = ()
    jumps: tuple[Jump, ...] = ()


def moved_jumps(block: Block, x: int, y: int) -> Iterator[Jump]:
    """Yield the open jumps of a block that stands at ``(x, y)``."""
    for jump in block.jumps:
        yield replace(jump, left=jump.left + x, right=jump.right + x, y=jump.y + y)


def flatten(block: Block, x: int, y: int) -> Iterator[Shape]:
    """Yield every shape at its place in the picture."""
    for shape in block.shapes:
        yield _moved(shape, x, y)
    for dx, dy, inner in block.inside:
        yield from flatten(inner, x + dx, y + dy)


def _moved(shape: Shape, x: int, y: int) -> Shape:
    if isinstance(shape, Line):
        return replace(shape, points=tuple((px + x, py + y) for px, py in shape.points))
    return replace(shape, x=shape.x + x, y=shape.y + y)
