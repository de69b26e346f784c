"""Lays out the inside of a container whose flows have been laid out: how ways part and join.

A single way runs straight through; several stand side by side between two bars; a block has its
rescue beside its flow and its always below both.
"""

from jobnet.pictures.blocks import Block, moved_jumps
from jobnet.pictures.outline import Lane, Role, is_quiet
from jobnet.pictures.shapes import Line, Pill, Section, Shape, Stroke
from jobnet.pictures.sizes import (
    BAR_GAP,
    FRAME_PAD,
    LABEL_HEIGHT,
    LANE_GAP,
    PILL_HEIGHT,
    SECTION_LABELS,
    pill_width,
)

Laid = tuple[Lane, Block]
"""A lane and its flow, laid out."""


def inside(ways: tuple[Laid, ...]) -> Block:
    """Return what stands in the frame of a container."""
    roles = {lane.role for lane, _ in ways}
    if roles & {Role.RESCUE, Role.ALWAYS}:
        return _guarded(ways)
    return _single(*ways[0]) if len(ways) == 1 else _side_by_side(ways)


def line(*points: tuple[int, int], stroke: Stroke, has_arrow: bool = False) -> Line:
    """Return a line without points that change nothing."""
    kept = [point for index, point in enumerate(points) if index == 0 or point != points[index - 1]]
    return Line(points=tuple(kept), stroke=stroke, has_arrow=has_arrow)


def stroke_of(*, quiet: bool) -> Stroke:
    """Return how the line of a way is drawn."""
    return Stroke.QUIET if quiet else Stroke.TAKEN


def _leaving(lane: Lane) -> Stroke:
    """Return how the line out of a lane is drawn: as its last step was entered or not."""
    last = lane.steps[-1].state if lane.steps else None
    return stroke_of(quiet=lane.is_quiet or is_quiet(last))


def around(
    width: int, height: int, axis: int, shapes: list[Shape], *placed: tuple[Block, int, int]
) -> Block:
    """Return a block with others inside, taking over their open jumps."""
    return Block(
        width=width,
        height=height,
        axis=axis,
        shapes=tuple(shapes),
        inside=tuple((x, y, block) for block, x, y in placed),
        jumps=tuple(jump for block, x, y in placed for jump in moved_jumps(block, x, y)),
    )


def _single(lane: Lane, flow: Block) -> Block:
    """Return the one way through, with the lines that enter and leave it."""
    wide = pill_width(lane.label)
    axis = max(flow.axis, wide // 2)
    top = BAR_GAP + (PILL_HEIGHT if wide else 0) + (BAR_GAP if lane.steps else 0)
    bottom = top + flow.height + BAR_GAP
    stroke = stroke_of(quiet=lane.is_quiet)
    shapes: list[Shape] = [
        line((axis, 0), (axis, top), stroke=stroke, has_arrow=bool(lane.steps)),
        line((axis, top + flow.height), (axis, bottom), stroke=_leaving(lane)),
    ]
    if wide:
        shapes.append(_pill(lane, axis, BAR_GAP - 4))
    width = axis + max(flow.width - flow.axis, (wide + 1) // 2)
    return around(width, bottom, axis, shapes, (flow, axis - flow.axis, top))


def _side_by_side(ways: tuple[Laid, ...]) -> Block:
    """Return ways that part at a bar above and join at one below."""
    axes, width = _axes(ways)
    middle = len(axes) // 2
    axis = axes[middle] if len(axes) % 2 else (axes[middle - 1] + axes[middle]) // 2
    labels = any(lane.label for lane, _ in ways)
    top = BAR_GAP + (BAR_GAP + PILL_HEIGHT if labels else 0) + BAR_GAP + 2
    join = top + max(flow.height for _, flow in ways) + BAR_GAP
    shapes: list[Shape] = []
    # Ways that were not taken come first: a taken one is drawn over what they share.
    order = sorted(range(len(ways)), key=lambda index: not ways[index][0].is_quiet)
    for index in order:
        (lane, flow), at = ways[index], axes[index]
        entry = ((axis, 0), (axis, BAR_GAP), (at, BAR_GAP))
        leave = ((at, join), (axis, join), (axis, join + BAR_GAP))
        stroke = stroke_of(quiet=lane.is_quiet)
        if lane.steps:
            shapes.append(line(*entry, (at, top), stroke=stroke, has_arrow=True))
            shapes.append(line((at, top + flow.height), *leave, stroke=_leaving(lane)))
        else:
            shapes.append(line(*entry, *leave, stroke=stroke))
        if lane.label:
            shapes.append(_pill(lane, at, 2 * BAR_GAP - 4))
    placed = [(flow, at - flow.axis, top) for (_, flow), at in zip(ways, axes, strict=True)]
    return around(width, join + BAR_GAP, axis, shapes, *placed)


def _guarded(ways: tuple[Laid, ...]) -> Block:
    """Return the flow of a block with its rescue beside it, and its always below both."""
    of = {lane.role: (lane, flow) for lane, flow in ways}
    body = _with_rescue(of[Role.FLOW], of.get(Role.RESCUE))
    if Role.ALWAYS not in of:
        return body
    lane, flow = of[Role.ALWAYS]
    always = _section(lane, flow)
    stroke = stroke_of(quiet=lane.is_quiet)
    axis = max(body.axis, always.axis)
    right = max(body.width - body.axis, always.width - always.axis)
    top = body.height + BAR_GAP
    low = top + always.height
    shapes: list[Shape] = [
        line((axis, body.height), (axis, top), stroke=stroke, has_arrow=True),
        line((axis, low), (axis, low + BAR_GAP), stroke=stroke),
    ]
    placed = ((body, axis - body.axis, 0), (always, axis - always.axis, top))
    return around(axis + right, low + BAR_GAP, axis, shapes, *placed)


def _with_rescue(main: Laid, rescue: Laid | None) -> Block:
    (lane, flow), axis = main, main[1].axis
    if rescue is None:
        return _single(lane, flow)
    section = _section(*rescue)
    top = 2 * BAR_GAP + 2
    join = top + max(flow.height, section.height) + BAR_GAP
    at = flow.width + LANE_GAP + section.axis
    failing = Stroke.QUIET if rescue[0].is_quiet else Stroke.RESCUE
    stroke = stroke_of(quiet=lane.is_quiet)
    entry = ((axis, BAR_GAP), (at, BAR_GAP), (at, top))
    leave = ((at, top + section.height), (at, join), (axis, join))
    shapes: list[Shape] = [
        line(*entry, stroke=failing, has_arrow=True),
        line(*leave, stroke=failing),
        line((axis, 0), (axis, top), stroke=stroke, has_arrow=bool(lane.steps)),
        line((axis, top + flow.height), (axis, join), stroke=_leaving(lane)),
        line((axis, join), (axis, join + BAR_GAP), stroke=stroke),
    ]
    placed = ((flow, 0, top), (section, at - section.axis, top))
    width = at - section.axis + section.width
    return around(width, join + BAR_GAP, axis, shapes, *placed)


def _section(lane: Lane, flow: Block) -> Block:
    """Return a lane on a ground of its own, with its label above."""
    label = SECTION_LABELS[lane.role]
    width = max(flow.width + 2 * FRAME_PAD, pill_width(label) + FRAME_PAD)
    left = (width - flow.width) // 2
    axis = left + flow.axis
    top = LABEL_HEIGHT + BAR_GAP
    height = top + flow.height + FRAME_PAD
    stroke = stroke_of(quiet=lane.is_quiet)
    ground = Section(
        x=0,
        y=0,
        width=width,
        height=height,
        role=lane.role,
        label=label,
        is_quiet=lane.is_quiet,
    )
    shapes: list[Shape] = [
        ground,
        line((axis, LABEL_HEIGHT), (axis, top), stroke=stroke, has_arrow=True),
        line((axis, top + flow.height), (axis, height), stroke=_leaving(lane)),
    ]
    return around(width, height, axis, shapes, (flow, left, top))


def _axes(ways: tuple[Laid, ...]) -> tuple[list[int], int]:
    """Return where each of some lanes has its axis, and how wide they are together."""
    axes: list[int] = []
    x = 0
    for lane, flow in ways:
        half = pill_width(lane.label) // 2 + 1 if lane.label else 8
        axes.append(x + max(flow.axis, half))
        x = axes[-1] + max(flow.width - flow.axis, half) + LANE_GAP
    return axes, x - LANE_GAP


def _pill(lane: Lane, axis: int, y: int) -> Pill:
    width = pill_width(lane.label)
    return Pill(
        x=axis - width // 2,
        y=y,
        width=width,
        height=PILL_HEIGHT,
        label=lane.label,
        is_quiet=lane.is_quiet,
    )
