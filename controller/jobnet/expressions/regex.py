"""Searches texts with regular expressions in time that is bounded beforehand.

RE2 takes, at worst, a few nanoseconds for each character and each state of the pattern. The
product of both is paid for; how far each match can run on is known from the pattern, so that
many short matches in a long text stay cheap and a quadratic search is refused.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import re2  # type: ignore[import-untyped]

from jobnet.errors.expressions import BudgetExceeded, ExpressionFailed
from jobnet.expressions.budget import Meter
from jobnet.expressions.characters import Ranges
from jobnet.expressions.regex_syntax import NEWLINE, STAND_IN, Translation, translate

SUBJECT_MAX = 256 * 1024
"""How many characters a text that is searched may have."""

EFFORT_MAX = 50_000_000
"""How many characters times states one search may look at."""

EFFORT_PER_STEP = 500
"""What one step of the budget pays of it."""

MEMORY_MAX = 1 << 20
"""How much RE2 may use for one pattern."""


@dataclass(frozen=True, slots=True)
class Match:
    """Where a pattern was found: the span of each group, (-1, -1) for one that took no part."""

    text: str
    spans: tuple[tuple[int, int], ...]

    def group(self, number: int) -> str | None:
        """Return what a group matched."""
        start, end = self.spans[number]
        return None if start < 0 else self.text[start:end]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that is ready to search."""

    translation: Translation
    regexp: "re2._Regexp"
    states: int

    def number(self, group: int | str) -> int:
        """Return the number of a group that is given by number or name."""
        number = self.translation.names.get(group, -1) if isinstance(group, str) else group
        if not 0 <= number <= self.translation.groups:
            raise ExpressionFailed(f"the pattern has no group {group!r}")
        return number


def compiled(pattern: str, text: str, *, ignorecase: bool, multiline: bool) -> Pattern:
    """Return the pattern made ready for this text; raise ``ExpressionFailed`` if it cannot be."""
    flags = re.IGNORECASE * ignorecase | re.MULTILINE * multiline
    ascii_only = text.isascii() and pattern.isascii()
    made = _compiled(pattern, int(flags), ascii_only, False)  # noqa: FBT003
    if made.translation.has_word_edge and not ascii_only:
        raise ExpressionFailed("\\b can only be used on ASCII texts here; write (^|\\W) or (\\W|$)")
    if made.translation.has_soft_end and text.endswith("\n"):
        return _compiled(pattern, int(flags), ascii_only, True)  # noqa: FBT003
    return made


@lru_cache(maxsize=64)
def _compiled(pattern: str, flags: int, ascii_only: bool, stand_in: bool) -> Pattern:  # noqa: FBT001
    translation = translate(pattern, flags, ascii_only=ascii_only, stand_in=stand_in)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MEMORY_MAX
    try:
        regexp = re2.compile(translation.text, options)
    except re2.error as error:
        raise ExpressionFailed(f"the pattern {pattern[:100]!r} is too large") from error
    states = regexp.programsize + regexp.reverseprogramsize
    return Pattern(translation, regexp, states)


def matches(meter: Meter, pattern: str, text: str, *, ignorecase: bool = False,
            multiline: bool = False) -> Iterator[Match]:  # fmt: skip
    """Yield each place where the pattern is found, from left to right."""
    ready = prepared(meter, pattern, text, ignorecase=ignorecase, multiline=multiline)
    searched = _swapped(ready, text)
    reach = _Reach(ready.translation, searched)
    effort, before = ready.states * len(text), 0
    last = (-1, -1)
    for found in ready.regexp.finditer(searched):
        looked_at = ready.states * (reach.end(found.start()) - before)
        effort += looked_at
        before = found.start()
        _pay(meter, looked_at, effort)
        if found.span() == last:
            continue  # RE2's wrapper gives an empty match behind a gap twice.
        last = found.span()
        if last[0] == last[1] and ready.translation.may_prefer_nothing:
            raise ExpressionFailed(
                f"the pattern {pattern[:100]!r} finds nothing where it could find more; "
                "write it without ?? *? and empty alternatives"
            )
        yield Match(text, _spans(found, ready))


def search(meter: Meter, pattern: str, text: str, *, ignorecase: bool = False,
           multiline: bool = False, at_start: bool = False) -> Match | None:  # fmt: skip
    """Return the first place where the pattern is found (or the one at the start)."""
    ready = prepared(meter, pattern, text, ignorecase=ignorecase, multiline=multiline)
    look = ready.regexp.match if at_start else ready.regexp.search
    found = look(_swapped(ready, text))
    return Match(text, _spans(found, ready)) if found else None


def prepared(meter: Meter, pattern: str, text: str, *, ignorecase: bool,
             multiline: bool) -> Pattern:  # fmt: skip
    """Return the pattern, after the first search in this text has been paid for."""
    if len(text) > SUBJECT_MAX:
        raise BudgetExceeded("SUBJECT_MAX", SUBJECT_MAX, doing="searching a text by a pattern")
    ready = compiled(pattern, text, ignorecase=ignorecase, multiline=multiline)
    meter.build(len(text))
    effort = ready.states * len(text)
    _pay(meter, effort, effort)
    return ready


class _Reach:
    """Answers how far the search for a match that starts at a place can look."""

    def __init__(self, translation: Translation, text: str) -> None:
        self.width = translation.width
        self.length = len(text)
        others = _class_without(translation.running)
        self.stops = [found.start() for found in re.finditer(others, text)]

    def end(self, start: int) -> int:
        """Return the place behind the last character that can be looked at."""
        position = bisect_right(self.stops, start - 1) + self.width
        return self.stops[position] + 1 if position < len(self.stops) else self.length


def _class_without(ranges: Ranges) -> str:
    if not ranges:
        return r"[\s\S]"
    return "[^" + "".join(rf"\U{first:08x}-\U{last:08x}" for first, last in ranges) + "]"


def _swapped(ready: Pattern, text: str) -> str:
    """Return the text with the newlines inside swapped, if the pattern was made for that."""
    if not (ready.translation.has_soft_end and text.endswith("\n")):
        return text
    if chr(STAND_IN) in text:
        raise ExpressionFailed(f"the text holds U+{STAND_IN:X}, which cannot be searched with $")
    return text[:-1].replace(chr(NEWLINE), chr(STAND_IN)) + "\n"


def _spans(found: "re2._Match", ready: Pattern) -> tuple[tuple[int, int], ...]:
    return tuple(found.span(number) for number in range(ready.translation.groups + 1))


def _pay(meter: Meter, looked_at: int, effort: int) -> None:
    meter.step(1 + looked_at // EFFORT_PER_STEP)
    if effort > EFFORT_MAX:
        raise BudgetExceeded("EFFORT_MAX", EFFORT_MAX, doing="this search")
