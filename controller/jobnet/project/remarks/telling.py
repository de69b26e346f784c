"""Makes the problems that remarks are told with."""

from jobnet.definition import Network, Part
from jobnet.project.places import place_of
from jobnet.project.problems import Level, Problem
from jobnet.project.shelf import Document, Shelf


def remark(
    part: Part,
    code: str,
    what: str,
    hint: str = "",
    *,
    at: str = "",
    level: Level = Level.WARNING,
) -> Problem:
    """Return a remark on a part; ``at`` is the word of the part that it is about."""
    path = f"{part.path}.{at}" if at else part.path
    return Problem(
        severity=level, code=code, position=part.position, path=path, what=what, hint=hint
    )


def network_remark(
    network: Network,
    code: str,
    what: str,
    hint: str = "",
    *,
    at: str = "",
    level: Level = Level.WARNING,
) -> Problem:
    """Return a remark on a whole network."""
    return Problem(
        severity=level, code=code, position=network.position, path=at, what=what, hint=hint
    )


def document_remark(
    shelf: Shelf,
    document: Document,
    code: str,
    what: str,
    hint: str = "",
    *,
    at: str,
    level: Level = Level.WARNING,
) -> Problem:
    """Return a remark on what stands at a path inside a document."""
    position = place_of(shelf, document, at)
    return Problem(severity=level, code=code, position=position, path=at, what=what, hint=hint)
