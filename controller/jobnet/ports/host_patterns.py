"""States how one learns whether two host patterns have hosts in common."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternPair:
    """Two patterns over the inventory of a project; no ``sources``: what ``ansible.cfg`` says."""

    root: str
    sources: tuple[str, ...]
    pattern: str
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternsMeet:
    """Whether they have a host in common; ``problem`` says why nobody could tell."""

    meet: bool
    problem: str = ""


class HostPatterns(Protocol):
    """Asks inventories; this may take a while and is done on a thread aside."""

    def meet(self, pair: PatternPair) -> PatternsMeet:
        """Return whether both patterns have a host in common."""
