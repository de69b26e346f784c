"""Says what is wrong with a definition: where, what, and what would be right.

A reader of definitions never stops at the first problem: it adds one to its ``Findings`` and
goes on with what can still be understood.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from jobnet.definition import NOWHERE, Position

PROBLEMS_MAX = 500


class Level(StrEnum):
    """Whether a definition with this problem can run at all."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong; ``code`` is stable, ``path`` leads to it inside its document."""

    severity: Level = Level.ERROR
    code: str
    position: Position = NOWHERE
    path: str = ""
    what: str
    hint: str = ""

    @property
    def is_error(self) -> bool:
        """Return whether the definition must not run."""
        return self.severity is Level.ERROR

    def __str__(self) -> str:
        """Return one line as compilers write it: where, what, what would be right."""
        place = self.position if self.position.line else self.position.file
        words = [f"{place}:"] if self.position != NOWHERE else []
        words += [f"{self.path}:"] if self.path else []
        words += ["warning:"] if not self.is_error else []
        words.append(_sentence(self.what))
        words += [_sentence(self.hint)] if self.hint else []
        return " ".join(words)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?")) else f"{text}."


@dataclass(slots=True)
class Findings:
    """The problems found so far; at most ``PROBLEMS_MAX`` are kept."""

    problems: list[Problem] = field(default_factory=list)
    is_cut: bool = False

    @property
    def is_full(self) -> bool:
        """Return whether looking for further problems is of no use."""
        return len(self.problems) >= PROBLEMS_MAX

    def add(self, problem: Problem) -> None:
        """Keep a problem."""
        if self.is_full:
            self.is_cut = True
        else:
            self.problems.append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Keep several problems; no more are asked for than can be kept."""
        for problem in problems:
            self.add(problem)
            if self.is_cut:
                return

    def in_order(self) -> tuple[Problem, ...]:
        """Return every problem once, in the order of the text; last, whether there are more."""
        found = sorted(dict.fromkeys(self.problems), key=lambda one: (one.position, one.path))
        if self.is_cut:
            what = f"There may be more problems than these {PROBLEMS_MAX}"
            found.append(Problem(code="too_many_problems", what=what, hint="Mend these first"))
        return tuple(found)


def has_errors(problems: Iterable[Problem]) -> bool:
    """Return whether any of them keeps the definition from running."""
    return any(problem.is_error for problem in problems)
