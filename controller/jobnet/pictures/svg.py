"""Draws an outline as SVG: one picture in one file, with a light ground, for people of all eyes.

Every part is a group with its whole text as title, also what its box has no room for. Equal
outlines give equal bytes.
"""

from collections import Counter
from collections.abc import Iterator
from typing import assert_never

from jobnet.engine.states import State
from jobnet.pictures.arranging import arrange
from jobnet.pictures.boxes import card, frame, pill, section
from jobnet.pictures.lettering import width_of
from jobnet.pictures.looks import LOOKS, Tone, word_of
from jobnet.pictures.outline import Outline, steps_in
from jobnet.pictures.shapes import Card, Frame, Line, Pill, Section, Shape, Sheet, Stroke
from jobnet.pictures.svg_elements import element, polyline, safe, strokes, text

MARGIN = 28
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif"

_HEAD, _ROW, _DOT, _LEAD = 32, 22, 5, 22
_CHIP_GAP = 8
_SUBTITLE = 17
_WIDTH_MIN, _HEAD_WIDTH_MAX = 420, 1_000
_LINES = {
    Stroke.TAKEN: ("#7b8794", None),
    Stroke.QUIET: ("#c0c8cf", "4 4"),
    Stroke.RESCUE: (Tone.RED.line, "5 4"),
    Stroke.BACK: (Tone.BLUE.line, "5 4"),
}


def to_svg(outline: Outline) -> str:
    """Return the picture as one SVG document that ends in a line end."""
    sheet = arrange(outline)
    chips = list(_chips(outline))
    head_width = max(_chips_width(chips), _heading_width(outline), _WIDTH_MIN)
    width = 2 * MARGIN + max(sheet.width, head_width)
    below_head = MARGIN + _HEAD + _SUBTITLE * len(outline.subtitles)
    top = below_head + (_ROW + 10 if chips else 0) + _ROW * len(outline.warnings)
    left = (width - sheet.width) // 2
    height = top + 2 * _LEAD + sheet.height + MARGIN
    body = [
        element("rect", width=width, height=height, rx=10, fill="#ffffff"),
        *_heading(outline, width),
        *_draw_chips(chips, below_head),
        *_warnings(outline, top, width),
        f'<g transform="translate({left} {top + _LEAD})">',
        *_ends(sheet),
        *(_draw(shape) for shape in sheet.shapes),
        "</g>",
    ]
    return "\n".join([*_opening(outline, width, height), *filter(None, body), "</svg>", ""])


def _opening(outline: Outline, width: int, height: int) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" role="img" font-family="{FONT}">'
    )
    yield f"<title>{safe(outline.title)}</title>"
    yield f"<desc>{safe(_description(outline))}</desc>"


def _description(outline: Outline) -> str:
    """Return the picture in one paragraph, for those who cannot see it."""
    steps = [step for step in steps_in(outline.lane) if not step.is_summary]
    words = [*outline.subtitles, f"{len(steps)} parts"]
    if outline.state is not None:
        words.append(f"the run is {word_of(outline.state)}")
    words += [f"{count} {word_of(state)}" for state, count in _chips(outline)]
    return "; ".join([*words, *outline.warnings]) + "."


def _chips(outline: Outline) -> Iterator[tuple[State, int]]:
    """Yield how many parts are in each state, in the order of a life; nothing for a definition."""
    counts = Counter(
        step.state for step in steps_in(outline.lane) if not step.lanes and not step.is_summary
    )
    for state in State:
        if counts[state]:
            yield state, counts[state]


def _chip_width(state: State, count: int) -> int:
    return int(width_of(f"{word_of(state)} {count}", 11, is_bold=True)) + 34


def _chips_width(chips: list[tuple[State, int]]) -> int:
    return sum(_chip_width(*chip) + _CHIP_GAP for chip in chips)


def _draw_chips(chips: list[tuple[State, int]], y: int) -> Iterator[str]:
    x = MARGIN
    for state, count in chips:
        width, look = _chip_width(state, count), LOOKS[state]
        line = look.tone.line
        yield element(
            "rect", x=x, y=y, width=width, height=_ROW, rx=11, fill="#ffffff", stroke="#cdd4da"
        )
        yield strokes(look.symbol, x + 8, y + 5, 12, line)
        words = f"{word_of(state)} {count}"
        yield text(words, x + 25, y + 15, size=11, fill=line, width=width, is_bold=True)
        x += width + _CHIP_GAP


def _state_words(outline: Outline) -> str:
    if outline.state is None:
        return ""
    return ", ".join(words for words in (word_of(outline.state), outline.standing) if words)


def _heading_width(outline: Outline) -> int:
    """Return the width that the words above the picture ask for, within reason."""
    title = width_of(outline.title, 20, is_bold=True) + width_of(_state_words(outline), 13) + 80
    rows = [width_of(words, 12) for words in outline.subtitles]
    rows += [width_of(words, 12) + 24 for words in outline.warnings]
    return min(_HEAD_WIDTH_MAX, int(max([title, *rows])) + 1)


def _heading(outline: Outline, width: int) -> Iterator[str]:
    room = width - 2 * MARGIN
    words = _state_words(outline)
    chip = int(width_of(words, 13, is_bold=True)) + 40 if words else 0
    title = min(room - chip - 12, int(width_of(outline.title, 20, is_bold=True)) + 1)
    yield text(
        outline.title, MARGIN, MARGIN + 17, size=20, fill="#1f2a33", width=title, is_bold=True
    )
    for row, words_below in enumerate(outline.subtitles):
        y = MARGIN + 38 + _SUBTITLE * row
        yield text(words_below, MARGIN, y, size=12, fill="#5f6870", width=room)
    if outline.state is None:
        return
    look, x, y = LOOKS[outline.state], width - MARGIN - chip, MARGIN - 4
    yield element(
        "rect", x=x, y=y, width=chip, height=28, rx=14, fill=look.tone.ground, stroke=look.tone.line
    )
    yield strokes(look.symbol, x + 11, y + 6, 16, look.tone.line)
    yield text(words, x + 33, y + 19, size=13, fill=look.tone.line, width=chip, is_bold=True)


def _warnings(outline: Outline, top: int, width: int) -> Iterator[str]:
    y = top - _ROW * len(outline.warnings) + 4
    for warning in outline.warnings:
        line = Tone.AMBER.line
        yield strokes(LOOKS[State.WARNING].symbol, MARGIN, y, 14, line)
        room = width - 2 * MARGIN - 22
        yield text(warning, MARGIN + 22, y + 11, size=12, fill=line, width=room)
        y += _ROW


def _ends(sheet: Sheet) -> Iterator[str]:
    """Yield where the flow begins and where it ends."""
    colour = _LINES[Stroke.TAKEN][0]
    x, low = sheet.axis, sheet.height
    yield element("circle", cx=x, cy=-_LEAD + _DOT, r=_DOT, fill=colour)
    begin = Line(points=((x, -_LEAD + _DOT), (x, 0)), stroke=Stroke.TAKEN, has_arrow=low > 0)
    yield polyline(begin, colour, dashes=None)
    end = Line(points=((x, low), (x, low + _LEAD - 2 * _DOT)), stroke=Stroke.TAKEN, has_arrow=False)
    yield polyline(end, colour, dashes=None)
    yield element(
        "circle", cx=x, cy=low + _LEAD - _DOT, r=_DOT, fill="none", stroke=colour, stroke_width=2
    )


def _draw(shape: Shape) -> str:
    match shape:
        case Card():
            return card(shape)
        case Frame():
            return frame(shape)
        case Section():
            return section(shape)
        case Pill():
            return pill(shape)
        case Line():
            colour, dashes = _LINES[shape.stroke]
            return polyline(shape, colour, dashes=dashes)
        case _:
            assert_never(shape)
