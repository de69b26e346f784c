"""Holds a network as a tree to be drawn: steps, and the lanes inside containers.

One outline serves every format. It is plain text and structure: no size, no colour, no markup,
so nothing in it has been escaped for anything yet.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from jobnet.engine.states import State
from jobnet.ids import PartId


class Role(StrEnum):
    """What a lane is to its container."""

    FLOW = "flow"  # the only way through
    BRANCH = "branch"  # one of several ways
    RESCUE = "rescue"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One flow inside a container; ``label`` "" stands where there is nothing to tell apart.

    ``is_quiet`` lanes have not been entered.
    """

    role: Role
    label: str
    steps: "tuple[Step, ...]"
    is_quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One part, with its lanes if it is a container.

    ``says`` is what it does, ``notes`` are the attributes that change how it goes on.
    ``state`` is None in the picture of a definition; ``standing`` and ``message`` are
    what a run adds to it.
    ``jump`` is the part that a continuity goes back to. ``is_summary`` steps stand for items
    that are not drawn, and are no part.
    """

    key: str
    id: PartId
    name: str
    kind: str
    says: str = ""
    notes: str = ""
    state: State | None = None
    standing: str = ""
    message: str = ""
    lanes: tuple[Lane, ...] = ()
    jump: PartId | None = None
    is_summary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A whole picture; ``warnings`` are what a reader must know before believing it."""

    title: str
    subtitles: tuple[str, ...]
    lane: Lane
    state: State | None = None
    standing: str = ""
    warnings: tuple[str, ...] = ()


def steps_in(lane: Lane) -> Iterator[Step]:
    """Yield every step of a lane and of the lanes inside it, in the order of the text."""
    for step in lane.steps:
        yield step
        for inner in step.lanes:
            yield from steps_in(inner)


_NOT_BEGUN = frozenset(
    {
        State.PLANNED,
        State.FIXED,
        State.BYPASSED,
        State.NOT_RUN,
        State.MISSED,
        State.CANCELLED,
    }
)


def is_quiet(state: State | None) -> bool:
    """Return whether a run has not entered what is in this state; a definition has no state."""
    return state in _NOT_BEGUN
