"""Names what a laid-out picture consists of: boxes, lines and labels at fixed places.

Coordinates are whole numbers of pixels from the upper left corner of the picture.
"""

from dataclasses import dataclass
from enum import Enum

from jobnet.pictures.outline import Role, Step


class Stroke(Enum):
    """What a line says."""

    TAKEN = "taken"
    QUIET = "quiet"  # a run has not gone this way
    RESCUE = "rescue"
    BACK = "back"  # of a continuity


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The box of a part without lanes."""

    x: int
    y: int
    width: int
    height: int
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The box around a container."""

    x: int
    y: int
    width: int
    height: int
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The ground behind the rescue or the always of a block."""

    x: int
    y: int
    width: int
    height: int
    role: Role
    label: str
    is_quiet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pill:
    """The name of a way, on its line."""

    x: int
    y: int
    width: int
    height: int
    label: str
    is_quiet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of right angles through some points, with or without an arrow at its end."""

    points: tuple[tuple[int, int], ...]
    stroke: Stroke
    has_arrow: bool


Shape = Card | Frame | Section | Pill | Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All shapes of a picture, those behind others first; ``axis`` is where its flow begins."""

    width: int
    height: int
    axis: int
    shapes: tuple[Shape, ...]
