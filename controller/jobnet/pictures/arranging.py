"""Lays an outline out: flows from top to bottom, the ways of a container side by side.

Every flow keeps one straight axis, so the way that a good run takes is a straight line.
The layout is a function of the outline alone: nothing moves unless the network changes.
"""

from jobnet.pictures.blocks import Block, Jump, flatten
from jobnet.pictures.containers import around, inside, line, stroke_of
from jobnet.pictures.loops import Loops
from jobnet.pictures.outline import Lane, Outline, Step, is_quiet
from jobnet.pictures.shapes import Card, Frame, Line, Pill, Section, Shape, Sheet
from jobnet.pictures.sizes import (
    FLOW_GAP,
    FRAME_PAD,
    TITLE_HEIGHT,
    card_height,
    card_width,
    title_width,
)

_ORDER = {Frame: 0, Section: 1, Line: 2, Pill: 3, Card: 4}


def arrange(outline: Outline) -> Sheet:
    """Return the shapes of a picture, with their upper left corner at (0, 0)."""
    block = _flow(outline.lane, card_width(outline.lane))
    shapes = sorted(flatten(block, 0, 0), key=lambda shape: _ORDER[type(shape)])
    return Sheet(width=block.width, height=block.height, axis=block.axis, shapes=tuple(shapes))


def _flow(lane: Lane, card: int) -> Block:
    """Return the steps of a lane below each other, all of them on one axis."""
    blocks = [_step(step, card) for step in lane.steps]
    left = max((block.axis for block in blocks), default=0)
    right = max((block.width - block.axis for block in blocks), default=0)
    tops: list[int] = []
    height = 0
    for block in blocks:
        tops.append(height)
        height += block.height + FLOW_GAP
    loops = Loops(lane.steps, blocks, tops)
    axis = max(left, loops.left)
    return Block(
        width=axis + max(right, loops.right),
        height=max(0, height - FLOW_GAP),
        axis=axis,
        shapes=(*_edges(lane, tops, axis), *loops.lines(axis)),
        inside=tuple(
            (axis - block.axis, top, block) for block, top in zip(blocks, tops, strict=True)
        ),
        jumps=loops.open(axis),
    )


def _edges(lane: Lane, tops: list[int], axis: int) -> list[Line]:
    """Return the lines between the steps of a flow."""
    return [
        line(
            (axis, top - FLOW_GAP),
            (axis, top),
            stroke=stroke_of(quiet=is_quiet(step.state)),
            has_arrow=True,
        )
        for step, top in zip(lane.steps[1:], tops[1:], strict=True)
    ]


def _step(step: Step, card: int) -> Block:
    """Return a card, or a frame with the lanes inside."""
    if not step.lanes:
        return _card(step, card)
    body = inside(tuple((lane, _flow(lane, card)) for lane in step.lanes))
    width = max(title_width(step), body.width + 2 * FRAME_PAD)
    left = (width - body.width) // 2
    height = TITLE_HEIGHT + body.height
    frame = Frame(x=0, y=0, width=width, height=height, step=step)
    return around(width, height, left + body.axis, [frame], (body, left, TITLE_HEIGHT))


def _card(step: Step, width: int) -> Block:
    height = card_height(step)
    shapes: tuple[Shape, ...] = (Card(x=0, y=0, width=width, height=height, step=step),)
    jumps: tuple[Jump, ...] = ()
    if step.jump is not None:
        quiet = is_quiet(step.state)
        jumps = (Jump(target=step.jump, left=0, right=width, y=height // 2, is_quiet=quiet),)
    return Block(width=width, height=height, axis=width // 2, shapes=shapes, jumps=jumps)
