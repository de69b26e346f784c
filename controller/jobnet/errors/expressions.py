"""Says what an expression of a network may not say, and what went wrong in one that it may.

``ExpressionRefused`` is about the text alone and is found when a definition is read. The
others happen while a run evaluates the text. Whoever raises them deep inside a filter does
not know where it stands; ``place`` is called once, by the evaluator, on the way out.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import ClassVar, Self

from jobnet.errors import ControllerError

SHOWN_MAX = 120
"""How much of a long text a message repeats."""


class ExpressionRefused(ControllerError):
    """An expression or template whose text cannot be accepted."""

    code: ClassVar[str] = "expression_refused"

    def __init__(self, what: str, *, text: str, line: int = 1, column: int = 1) -> None:
        super().__init__(what)
        self.what = what
        self.text = text
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return f"{self.what} ({_where(self.text, self.line, self.column)})"


class ExpressionFailed(ControllerError):
    """An expression that was accepted and has no value with the present data."""

    code: ClassVar[str] = "expression_failed"

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
        self.text: str | None = None
        self.line = 1
        self.column = 1

    def place(self, *, text: str, line: int, column: int) -> Self:
        """Note where it happened; the first, innermost place stays."""
        if self.text is None:
            self.text, self.line, self.column = text, line, column
        return self

    def __str__(self) -> str:
        if self.text is None:
            return self.what
        return f"{self.what} ({_where(self.text, self.line, self.column)})"


class UnknownName(ExpressionFailed):
    """A name or attribute that nothing defines; also what a ``Namespace`` raises."""

    code: ClassVar[str] = "unknown_name"

    def __init__(self, name: str, known: Iterable[str] = (), *, owner: str = "") -> None:
        self.name = name
        self.known = tuple(known)
        self.owner = owner
        of_owner = f" in {owner}" if owner else ""
        super().__init__(f"{name!r} is not defined{of_owner}{nearest(name, self.known)}")


class BudgetExceeded(ExpressionFailed):
    """An expression that would have cost more than it may; nothing was computed beyond it."""

    code: ClassVar[str] = "budget_exceeded"

    def __init__(self, limit: str, allowed: int, *, doing: str = "") -> None:
        self.limit = limit
        self.allowed = allowed
        cause = f"{doing} costs" if doing else "this expression costs"
        super().__init__(
            f"{cause} more than the limit {limit} of {allowed:,} allows; "
            "do this work inside a unit job"
        )


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the end of a message: ``; did you mean 'ping'?``, the few known names, or nothing."""
    choices = sorted({entry for entry in known if isinstance(entry, str)})[:1000]
    close = get_close_matches(name[:SHOWN_MAX], choices, n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    if 0 < len(choices) <= 8:  # noqa: PLR2004 - a longer list is no help
        return f"; known are {', '.join(choices)}"
    return ""


def _where(text: str, line: int, column: int) -> str:
    lines = text.splitlines() or [""]
    shown = lines[min(line, len(lines)) - 1].strip()
    if len(shown) > SHOWN_MAX:
        shown = shown[:SHOWN_MAX] + "..."
    return f"line {line}, column {column} of: {shown}"
