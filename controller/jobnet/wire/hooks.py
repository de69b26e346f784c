"""States the shape of the answer to a signed request of another system."""

from jobnet.wire.shapes import Answer


class Taken(Answer):
    """A request that was accepted; ``is_new`` False: it came before, or counts for nobody now.

    It says nothing about what was started: whoever may see that asks for the runs.
    """

    path: str
    is_new: bool
