"""States what the services need of the files that jobs have left in ``$JOBNET_ARTIFACTS``."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from jobnet.ids import PartKey, RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenArtifact:
    """An artifact that is open; ``pieces`` yields ``size`` bytes at most and closes it."""

    name: str
    size: int
    pieces: Iterator[bytes]


class Artifacts(Protocol):
    """The artifacts of the attempts of all runs.

    Each is named as the result of its job names it, with the ``path`` that is recorded there.
    What is no plain file inside of an attempt's own folder of artifacts is not there.
    """

    def size(self, run: RunId, part: PartKey, name: str, path: str) -> int | None:
        """Return how many bytes it has; None where it is not there any more."""

    def open(self, run: RunId, part: PartKey, name: str, path: str) -> OpenArtifact | None:
        """Return it, open; None where it is not there any more."""
