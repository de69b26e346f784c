"""States the shapes of what the controller says about itself."""

from jobnet.wire.shapes import Answer, Instant


class Health(Answer):
    """Whether something works; ``problems`` say what does not."""

    is_well: bool
    problems: list[str]


class WhoAmI(Answer):
    """Who the controller takes the caller for."""

    name: str
    now: Instant
    version: str
