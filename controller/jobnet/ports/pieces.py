"""States what the services need of the folder in which the pieces of a run lie."""

from typing import Protocol

from jobnet.ports.messages import Attachment


class RunPieces(Protocol):
    """The pieces of one run."""

    def attachment(self, path: str) -> Attachment | str:
        """Return the artifact at this path, or why it may not leave with a message."""

    def discard(self, folder: str) -> None:
        """Remove a folder inside the pieces; any other stays."""
