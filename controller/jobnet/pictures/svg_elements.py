"""Writes single elements of an SVG: everything that comes from outside is escaped here.

There is no style sheet, no script, no id and no reference in what is written, so that a picture
may stand in any page, several times, under any content security policy.
"""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from jobnet.pictures.lettering import fitted, plain
from jobnet.pictures.shapes import Line

TOLD_MAX = 1_000


def element(name: str, content: str = "", **attributes: object) -> str:
    """Return an element; ``content`` is markup, attribute names have ``_`` for ``-``."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(str(value))}"
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def text(
    words: str,
    x: float,
    y: float,
    *,
    size: float,
    fill: str,
    width: float,
    is_bold: bool = False,
    anchor: str | None = None,
) -> str:
    """Return text on its base line, shortened to the room for it; "" gives nothing."""
    shown = fitted(plain(words), width, size, is_bold=is_bold)
    if not shown:
        return ""
    return element(
        "text",
        escape(shown),
        x=_number(x),
        y=_number(y),
        font_size=_number(size),
        font_weight="600" if is_bold else None,
        fill=fill,
        text_anchor=anchor,
    )


def safe(words: str) -> str:
    """Return words as content of an element: escaped, and of characters that XML has."""
    return escape(plain(words, length_max=TOLD_MAX))


def told(words: Iterable[str]) -> str:
    """Return the words that a reader gets who points at something or cannot see it."""
    lines = [line for each in words if (line := safe(each))]
    return f"<title>{chr(10).join(lines)}</title>" if lines else ""


def strokes(path: str, x: float, y: float, size: float, colour: str, weight: float = 1.4) -> str:
    """Return an icon or a symbol, drawn in a square of this size."""
    scale = size / 16
    return element(
        "path",
        d=path,
        transform=f"translate({_number(x)} {_number(y)}) scale({_number(scale)})",
        fill="none",
        stroke=colour,
        stroke_width=_number(weight / scale),
        stroke_linecap="round",
        stroke_linejoin="round",
    )


def polyline(line: Line, colour: str, *, dashes: str | None, radius: int = 6) -> str:
    """Return a line with round corners, and its arrow."""
    written = element(
        "path",
        d=_rounded(line.points, radius),
        fill="none",
        stroke=colour,
        stroke_width="1.5",
        stroke_dasharray=dashes,
    )
    if not line.has_arrow or len(line.points) < 2:  # noqa: PLR2004 - no direction
        return written
    (before_x, before_y), (x, y) = line.points[-2:]
    along_x, along_y = _sign(x - before_x), _sign(y - before_y)
    back_x, back_y = x - 7 * along_x, y - 7 * along_y
    side_x, side_y = 4 * along_y, 4 * along_x
    head = f"M{x} {y}L{back_x + side_x} {back_y + side_y}L{back_x - side_x} {back_y - side_y}z"
    return written + element("path", d=head, fill=colour)


def _rounded(points: tuple[tuple[int, int], ...], radius: int) -> str:
    path = [f"M{points[0][0]} {points[0][1]}"]
    for before, (x, y), after in zip(points, points[1:], points[2:], strict=False):
        bend = min(radius, _length(before, (x, y)) // 2, _length((x, y), after) // 2)
        in_x, in_y = x - bend * _sign(x - before[0]), y - bend * _sign(y - before[1])
        out_x, out_y = x + bend * _sign(after[0] - x), y + bend * _sign(after[1] - y)
        path.append(f"L{in_x} {in_y}Q{x} {y} {out_x} {out_y}")
    path.append(f"L{points[-1][0]} {points[-1][1]}")
    return "".join(path)


def _length(one: tuple[int, int], other: tuple[int, int]) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
