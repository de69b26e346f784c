"""States what the services need of what jobs have left behind: the folders of their attempts."""

from typing import Protocol

from jobnet.ids import RunId


class Remains(Protocol):
    """The folders of runs; one that is not there is as good as empty."""

    def size(self, run: RunId) -> int:
        """Return how many bytes the folders of a run take up."""

    def remove(self, run: RunId) -> bool:
        """Remove them; False where something of the run is still at work there: nothing goes."""
