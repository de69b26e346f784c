"""Cleans, measures and shortens text, without knowing the font it will be drawn in.

Widths are guessed from above: what is measured as fitting also fits in the widest of the usual
screen fonts. Names come from outside and may hold anything; ``plain`` leaves nothing in them
that a viewer would obey.
"""

import unicodedata
from functools import lru_cache

NAME_MAX = 200
ELLIPSIS = "…"

_SLIM = frozenset("iljtfrI.,:;'|!()[]{} ")
_BROAD = frozenset("mwMW@%&QO")
_BOLD = 1.12


def plain(text: str, *, length_max: int = NAME_MAX) -> str:
    """Return the text on one line, without controls and marks that turn the direction of text.

    >>> plain("a" + chr(10) + "b" + chr(0x202E) + "c")
    'a b c'
    """
    bare = "".join(char if char.isprintable() else " " for char in text[: 4 * length_max])
    line = " ".join(bare.split())
    return line if len(line) <= length_max else line[: length_max - 1] + ELLIPSIS


def width_of(text: str, size: float, *, is_bold: bool = False) -> float:
    """Return how wide the text is at most, in the unit of ``size``."""
    return sum(map(_em_of, text)) * size * (_BOLD if is_bold else 1.0)


@lru_cache(maxsize=4096)
def _em_of(char: str) -> float:
    if char in _SLIM:
        return 0.36
    if char in _BROAD or unicodedata.east_asian_width(char) in "WF":
        return 1.0
    if unicodedata.combining(char):
        return 0.0
    if char.isascii():
        return 0.74 if char.isupper() else 0.6
    return 0.9


def fitted(text: str, width: float, size: float, *, is_bold: bool = False) -> str:
    """Return the text, cut with an ellipsis where it is wider than the room for it."""
    if width_of(text, size, is_bold=is_bold) <= width:
        return text
    room = width - width_of(ELLIPSIS, size, is_bold=is_bold)
    used = 0.0
    kept: list[str] = []
    for char in text:
        used += width_of(char, size, is_bold=is_bold)
        if used > room:
            break
        kept.append(char)
    return "".join(kept).rstrip() + ELLIPSIS
