"""Makes the problems that remarks are told with."""

from jobnet.definition import Network, Part
from jobnet.project.problems import Level, Problem


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
