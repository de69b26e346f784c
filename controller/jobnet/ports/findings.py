"""States what ``jobnet doctor`` finds: one thing, how it is, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How a thing is: BAD keeps jobs from running, WARNING may, NOTE is worth knowing."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found about one thing; ``advice`` is "" where nothing is to be done."""

    name: str
    grade: Grade
    text: str
    advice: str = ""
