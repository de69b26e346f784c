"""Shows the files that a part has left, as its record names them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jobnet.errors.rest import ArtifactNotFound
from jobnet.ports.artifacts import Artifacts, OpenArtifact
from jobnet.services.controller.views.parts import PartView

ARTIFACTS_MAX: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactView:
    """A file that a part has left; ``size`` in bytes, None where it is not there any more."""

    name: str
    size: int | None


def artifacts_of(artifacts: Artifacts, part: PartView) -> Sequence[ArtifactView]:
    """Return what a part has left, by name, at most ``ARTIFACTS_MAX``."""
    named = sorted(part.artifacts.items())[:ARTIFACTS_MAX]
    return tuple(
        ArtifactView(name=name, size=artifacts.size(part.run, part.key, name, path))
        for name, path in named
    )


def open_artifact(artifacts: Artifacts, part: PartView, name: str) -> OpenArtifact:
    """Return one of them, open; raise ``ArtifactNotFound``."""
    path = part.artifacts.get(name)
    found = None if path is None else artifacts.open(part.run, part.key, name, path)
    if found is None:
        raise ArtifactNotFound(part.run, part.key, name, was_there=path is not None)
    return found
