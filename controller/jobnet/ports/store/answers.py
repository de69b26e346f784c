"""States how it is kept what a program asked for under a key of its own, and what it was answered.

A program that has heard no answer asks again with the same key. What it asked for is kept before
it is done, the answer afterwards; between the two it is done again, which is harmless, since every
service knows its keys.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """One thing that was asked; ``digest`` tells it apart from another with the same key.

    ``status`` 0: there is no answer yet. ``answer`` is JSON.
    """

    key: str
    digest: str
    at: datetime
    status: int = 0
    answer: str = ""


class AnswerTable(Protocol):
    """What was asked under a key, and the answers."""

    def claim(self, row: AnswerRow) -> AnswerRow:
        """Keep what is asked and return it, or what is kept under its key already."""

    def give(self, key: str, *, status: int, answer: str) -> None:
        """Keep the answer to what was asked under a key; an earlier answer stays."""

    def forget(self, *, older_than: datetime) -> int:
        """Remove what was asked before an instant; return how much."""
