"""Says what became of everything that was to be imported: carried, changed in meaning, or left.

Nothing is dropped in silence: whoever imports reads here what to look at before the old scheduler
is switched off.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What became of one thing."""

    CARRIED = "carried"
    CHANGED = "changed"  # carried, and it means something else than before
    LEFT = "left"  # not carried
    PASSED_OVER = "passed_over"  # it was switched off; nothing is missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing of the source, what became of it and what a person has to do."""

    outcome: Outcome
    source: str
    subject: str
    what: str
    advice: str = ""

    def __str__(self) -> str:
        """Return one line for people."""
        words = f"{self.source}: {self.subject}: {self.what}"
        return f"{words.rstrip('.')}. {self.advice}".rstrip() if self.advice else words


@dataclass(slots=True)
class Report:
    """The remarks of one import, in the order in which they came, each once."""

    remarks: list[Remark] = field(default_factory=list)
    seen: set[Remark] = field(default_factory=set)

    def carried(self, source: str, subject: str, what: str) -> None:
        """Note that something was carried."""
        self._add(Outcome.CARRIED, source, subject, what, "")

    def changed(self, source: str, subject: str, what: str, advice: str = "") -> None:
        """Note that something means something else now."""
        self._add(Outcome.CHANGED, source, subject, what, advice)

    def left(self, source: str, subject: str, what: str, advice: str = "") -> None:
        """Note that something was not carried."""
        self._add(Outcome.LEFT, source, subject, what, advice)

    def passed_over(self, source: str, subject: str, what: str) -> None:
        """Note that something was no part of what ran."""
        self._add(Outcome.PASSED_OVER, source, subject, what, "")

    def _add(self, outcome: Outcome, source: str, subject: str, what: str, advice: str) -> None:
        remark = Remark(outcome=outcome, source=source, subject=subject, what=what, advice=advice)
        if remark not in self.seen:
            self.seen.add(remark)
            self.remarks.append(remark)

    def of(self, outcome: Outcome) -> tuple[Remark, ...]:
        """Return the remarks about what had this outcome."""
        return tuple(remark for remark in self.remarks if remark.outcome is outcome)
