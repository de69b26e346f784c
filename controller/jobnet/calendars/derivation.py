"""Says how the open days of a calendar come from those of other calendars.

A derivation takes the place of the standard week: single dates of the same document still
overlay it. Its calendars are named here, and found and compiled elsewhere.
"""

from dataclasses import dataclass
from enum import StrEnum

SOURCES_MIN = 2
SOURCES_MAX = 16
SHIFT_MAX = 366


class SetOperation(StrEnum):
    """How the open days of several calendars become those of one."""

    UNION = "union"  # open where any of them is
    INTERSECTION = "intersection"  # open where all of them are
    MINUS = "minus"  # open where the first is and none of the others


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """Open days by a set operation on the calendars named."""

    operation: SetOperation
    calendars: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The calendars that it needs, the leading one first."""
        return self.calendars


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Each open day of ``calendar``, moved by so many days; by open days where ``by`` counts.

    The day that lies ``distance`` open days of ``by`` after an open day of ``calendar`` is open,
    and no other. ``by`` None counts all days. A negative distance moves to earlier days.
    """

    calendar: str
    distance: int
    by: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The calendars that it needs, the leading one first."""
        return (self.calendar,) if self.by is None else (self.calendar, self.by)


Derivation = Combination | Shift


def derivation_word(derived: Derivation) -> str:
    """Return the key of a document under which such a derivation stands."""
    return derived.operation.value if isinstance(derived, Combination) else "shift"
