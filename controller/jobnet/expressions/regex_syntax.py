"""Translates a regular expression of Python into one of RE2 that means the same.

Python's own engine may need exponential time and cannot be interrupted; RE2 needs time in
proportion to the text. Python's parser reads the pattern, so what is accepted here means what
it means in Ansible. What RE2 cannot do in bounded time (backreferences, lookaround, atomic
groups) is refused.

``$`` of Python also matches before a newline that ends the text, which RE2 cannot say. For
such a text all other newlines are swapped for ``STAND_IN``, which then stands for a newline in
every class of the pattern, and ``$`` becomes RE2's end of line.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import Any

from jobnet.errors.expressions import ExpressionFailed
from jobnet.expressions.characters import (
    ASCII,
    LAST,
    Ranges,
    category,
    complement,
    has,
    in_any_case,
    united,
    written,
)

# Python's own reader of patterns; no stub describes it, so it is imported by its name.
codes: Any = import_module("re._constants")
_parser: Any = import_module("re._parser")

PATTERN_MAX = 1000
"""How many characters a pattern may have."""

GROUPS_MAX = 100
"""How many brackets a pattern may have."""

REPEAT_MAX = 1000
"""How often a piece may be repeated by a number, as RE2 allows."""

STAND_IN = 0x10FFFD
NEWLINE = 10

Argument = Any
Tree = Iterable[tuple[object, Argument]]
"""What Python's parser makes: pairs of an operation and its argument, of many shapes."""

REFUSED = {
    "ASSERT": "lookahead and lookbehind",
    "ASSERT_NOT": "lookahead and lookbehind",
    "GROUPREF": "references to a group",
    "GROUPREF_EXISTS": "conditions on a group",
    "ATOMIC_GROUP": "atomic groups",
    "POSSESSIVE_REPEAT": "possessive repeats",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A pattern for RE2, and what bounds how far a match can run on.

    A match takes at most ``width`` characters outside of ``running``, which are those that an
    endless repeat can take. ``may_prefer_nothing``: an empty match may be preferred to a longer
    one; Python would look for the longer one next, RE2 cannot.
    """

    text: str
    names: dict[str, int]
    groups: int
    width: int
    running: Ranges
    has_soft_end: bool
    has_word_edge: bool
    may_prefer_nothing: bool


@dataclass(slots=True)
class _Translator:
    """Walks Python's parse tree once."""

    ascii_only: bool
    stand_in: bool
    running: list[tuple[int, int]] = field(default_factory=list)
    has_soft_end: bool = False
    has_word_edge: bool = False
    has_line_edge: bool = False
    may_prefer_nothing: bool = False

    @property
    def below(self) -> int:
        """Return the code below which all characters of text and pattern are."""
        return 128 if self.ascii_only else LAST + 1

    def sequence(self, tree: Tree, flags: int) -> tuple[str, int]:
        """Return a sequence of pieces, and how many characters it takes outside of repeats."""
        pieces = [self.piece(str(op), argument, flags) for op, argument in tree]
        return "".join(text for text, _ in pieces), sum(width for _, width in pieces)

    def piece(self, op: str, argument: Argument, flags: int) -> tuple[str, int]:
        """Return one piece of the pattern and its width."""
        if op in REFUSED:
            raise ExpressionFailed(f"{REFUSED[op]} cannot be used in a pattern here")
        match op, argument:
            case ("AT", _):
                return self.edge(str(argument), flags), 0
            case ("BRANCH", (_, branches)):
                if any(branch.getwidth()[0] == 0 for branch in branches[:-1]):
                    self.may_prefer_nothing = True
                options = [self.sequence(branch, flags) for branch in branches]
                return f"(?:{'|'.join(o for o, _ in options)})", max(w for _, w in options)
            case ("SUBPATTERN", (group, added, removed, inner)):
                return self.group(group, inner, flags, added, removed)
            case ("MAX_REPEAT" | "MIN_REPEAT", (least, most, inner)):
                return self.repeat(least, most, inner, flags, lazy=op == "MIN_REPEAT")
        return written(self.members(op, argument, flags)), 1

    def edge(self, where: str, flags: int) -> str:
        """Return an anchor."""
        if where in {"AT_BOUNDARY", "AT_NON_BOUNDARY"}:
            self.has_word_edge = True
            return r"\b" if where == "AT_BOUNDARY" else r"\B"
        if flags & re.MULTILINE and where in {"AT_BEGINNING", "AT_END"}:
            self.has_line_edge = True
            return "(?m:^)" if where == "AT_BEGINNING" else "(?m:$)"
        if where == "AT_END":
            self.has_soft_end = True
            return "(?m:$)" if self.stand_in else r"\z"
        return r"\A" if where.startswith("AT_BEGINNING") else r"\z"

    def group(
        self, number: int | None, inner: Tree, flags: int, added: int, removed: int
    ) -> tuple[str, int]:
        """Return a group, with the flags that hold inside of it."""
        inside = (flags | added) & ~removed
        text, width = self.sequence(inner, inside)
        return (f"({text})" if number is not None else f"(?:{text})"), width

    def repeat(
        self, least: int, most: Argument, inner: Argument, flags: int, *, lazy: bool
    ) -> tuple[str, int]:
        """Return a repeated piece; the characters of an endless one are remembered."""
        endless = most is codes.MAXREPEAT
        highest = least if endless else int(most)
        if highest > REPEAT_MAX or least > REPEAT_MAX:
            raise ExpressionFailed(f"a pattern may repeat a piece at most {REPEAT_MAX} times")
        if lazy and (least == 0 or inner.getwidth()[0] == 0):
            self.may_prefer_nothing = True
        if endless:
            self.running += _members_below(self, inner, flags)
        text, width = self.sequence(inner, flags)
        bounds = f"{{{least},}}" if endless else f"{{{least},{highest}}}"
        return f"(?:{text}){bounds}{'?' * lazy}", width * (1 if endless else highest)

    def category(self, flags: int) -> Callable[[str], Ranges]:
        r"""Return what tells the characters of ``\d``, ``\s`` and ``\w`` under these flags."""
        if flags & re.ASCII:
            return ASCII.__getitem__
        return partial(category, below=self.below)

    def members(self, op: str, argument: Argument, flags: int) -> Ranges:
        """Return the set of characters that one piece stands for."""
        negated = False
        match op, argument:
            case ("LITERAL", int(code)):
                ranges: Ranges = ((code, code),)
            case ("NOT_LITERAL", int(code)):
                negated, ranges = True, ((code, code),)
            case ("ANY", _):
                negated, ranges = True, () if flags & re.DOTALL else ((NEWLINE, NEWLINE),)
            case ("IN", list(parts)):
                negated = str(parts[0][0]) == "NEGATE"
                ranges = _united_parts(parts, self.category(flags))
            case _:
                raise ExpressionFailed(f"{op.lower()} cannot be used in a pattern here")
        if flags & re.IGNORECASE:
            ranges = in_any_case(ranges, below=self.below)
        return self.with_stand_in(complement(ranges) if negated else ranges)

    def with_stand_in(self, ranges: Ranges) -> Ranges:
        """Return the set with the character in it that stands for a newline, or without."""
        if not self.stand_in:
            return ranges
        stand_in = (STAND_IN, STAND_IN)
        if has(ranges, NEWLINE):
            return united((*ranges, stand_in))
        return complement((*complement(ranges), stand_in))


def _members_below(translator: _Translator, tree: Tree, flags: int) -> list[tuple[int, int]]:
    """Return every character that can be taken anywhere inside a repeated piece."""
    found: list[tuple[int, int]] = []
    for op, argument in tree:
        match str(op), argument:
            case ("SUBPATTERN", (_, added, removed, inner)):
                found += _members_below(translator, inner, (flags | added) & ~removed)
            case ("BRANCH", (_, branches)):
                for branch in branches:
                    found += _members_below(translator, branch, flags)
            case ("MAX_REPEAT" | "MIN_REPEAT", (_, _, inner)):
                found += _members_below(translator, inner, flags)
            case ("LITERAL" | "NOT_LITERAL" | "ANY" | "IN") as plain, _:
                found += translator.members(plain, argument, flags)
    return found


def _united_parts(
    parts: list[tuple[object, Argument]], category_of: Callable[[str], Ranges]
) -> Ranges:
    ranges: list[tuple[int, int]] = []
    for op, argument in parts:
        match str(op), argument:
            case ("LITERAL", int(code)):
                ranges.append((code, code))
            case ("RANGE", (int(first), int(last))):
                ranges.append((first, last))
            case ("CATEGORY", name):
                word = str(name).removeprefix("CATEGORY_").lower()
                members = category_of(word.removeprefix("not_"))
                ranges += complement(members) if word.startswith("not_") else members
    return united(ranges)


def translate(pattern: str, flags: int, *, ascii_only: bool, stand_in: bool) -> Translation:
    """Return the pattern for RE2; raise ``ExpressionFailed`` for one that cannot be bounded.

    ``ascii_only`` says that text and pattern are ASCII, so small classes do; ``stand_in`` that
    the newlines inside of the text were swapped.
    """
    if len(pattern) > PATTERN_MAX or pattern.count("(") > GROUPS_MAX:
        raise ExpressionFailed(
            f"a pattern may have at most {PATTERN_MAX} characters and {GROUPS_MAX} brackets"
        )
    try:
        tree = _parser.parse(pattern, flags)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        raise ExpressionFailed(f"the pattern {pattern[:100]!r} cannot be read: {error}") from error
    translator = _Translator(ascii_only, stand_in)
    text, width = translator.sequence(tree, tree.state.flags)
    if stand_in and translator.has_line_edge and translator.has_soft_end:
        raise ExpressionFailed("a pattern cannot mix $ with and without multiline; write \\Z")
    return Translation(
        text=text,
        names=dict(tree.state.groupdict),
        groups=tree.state.groups - 1,
        width=width,
        running=united(translator.running),
        has_soft_end=translator.has_soft_end,
        has_word_edge=translator.has_word_edge,
        may_prefer_nothing=translator.may_prefer_nothing,
    )
