"""Sets of characters as ranges of code points, for translating regular expressions.

Python and RE2 disagree on what a word character, a digit or a blank is outside ASCII. Here
each such class becomes the exact set that Python means, once per process.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import lru_cache

Ranges = tuple[tuple[int, int], ...]

LAST = 0x10FFFF
SURROGATES = (0xD800, 0xDFFF)


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


@lru_cache(maxsize=8)
def category(name: str, *, below: int = LAST + 1) -> Ranges:
    r"""Return the characters below a code that Python's ``\d``, ``\s`` or ``\w`` stands for."""
    member: Callable[[str], bool] = {
        "digit": str.isdecimal,
        "space": str.isspace,
        "word": lambda character: character.isalnum() or character == "_",
    }[name]
    return united((code, code) for code in range(below) if member(chr(code)))


ASCII: dict[str, Ranges] = {
    "digit": ((0x30, 0x39),),
    "space": ((0x09, 0x0D), (0x20, 0x20)),
    "word": ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)),
}
"""The same with Python's flag ``(?a)``."""


@lru_cache(maxsize=2)
def _other_cases(below: int) -> tuple[tuple[int, int], ...]:
    """Return pairs of a character and the same one in the other case."""
    pairs: set[tuple[int, int]] = set()
    for code in range(below):
        for other in {chr(code).lower(), chr(code).upper()}:
            if len(other) == 1 and ord(other) != code:
                pairs |= {(code, ord(other)), (ord(other), code)}
    return tuple(sorted(pairs))


def in_any_case(ranges: Ranges, *, below: int) -> Ranges:
    """Return the set with both cases of each letter in it."""
    starts = [first for first, _ in ranges]
    added: list[tuple[int, int]] = []
    for code, other in _other_cases(below):
        place = bisect_right(starts, code) - 1
        if place >= 0 and code <= ranges[place][1]:
            added.append((other, other))
    return united((*ranges, *added))


def written(ranges: Ranges) -> str:
    """Return the set as a class of RE2."""
    without_surrogates = complement((*complement(ranges), SURROGATES))
    if not without_surrogates:
        return r"[^\x{0}-\x{10ffff}]"
    return "[" + "".join(
        rf"\x{{{first:x}}}-\x{{{last:x}}}" if first != last else rf"\x{{{first:x}}}"
        for first, last in without_surrogates
    ) + "]"  # fmt: skip
