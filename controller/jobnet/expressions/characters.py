"""Sets of characters as ranges of code points, for translating regular expressions.

Python and RE2 disagree on what a word character, a digit or a blank is outside ASCII. Here
each such class becomes the exact set that Python means, once per process.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache

Ranges = tuple[tuple[int, int], ...]

LAST = 0x10FFFF
SURROGATES = (0xD800, 0xDFFF)
EVERYTHING: Ranges = ((0, LAST),)


def united(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return the same set in order, with ranges that touch made one."""
    result: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if result and first <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(result[-1][1], last))
        else:
            result.append((first, last))
    return tuple(result)


def complement(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return all other characters."""
    result: list[tuple[int, int]] = []
    following = 0
    for first, last in united(ranges):
        if first > following:
            result.append((following, first - 1))
        following = last + 1
    if following <= LAST:
        result.append((following, LAST))
    return tuple(result)


def has(ranges: Ranges, code: int) -> bool:
    """Return whether the set holds the character."""
    return any(first <= code <= last for first, last in ranges)


@lru_cache(maxsize=6)
def category(name: str, *, ascii_only: bool) -> Ranges:
    """Return the characters that Python's ``\\d``, ``\\s`` or ``\\w`` stands for."""
    member: Callable[[str], bool] = {
        "digit": str.isdecimal,
        "space": str.isspace,
        "word": lambda character: character.isalnum() or character == "_",
    }[name]
    codes = range(128 if ascii_only else LAST + 1)
    found = united((code, code) for code in codes if member(chr(code)))
    if name == "space" and ascii_only:
        # Python's re takes \x1c-\x1f for blanks in Unicode patterns only.
        return tuple(pair for pair in found if pair[0] != 0x1C)  # noqa: PLR2004
    return found


def written(ranges: Ranges) -> str:
    """Return the set as a class that both RE2 and (with ``python_class``) people can read."""
    without_surrogates = complement((*complement(ranges), SURROGATES))
    if not without_surrogates:
        return r"[^\x{0}-\x{10ffff}]"
    return "[" + "".join(
        rf"\x{{{first:x}}}-\x{{{last:x}}}" if first != last else rf"\x{{{first:x}}}"
        for first, last in without_surrogates
    ) + "]"  # fmt: skip
