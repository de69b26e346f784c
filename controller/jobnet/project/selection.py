"""Chooses the network that ``FILE`` or ``FILE:NAME`` means."""

from pathlib import Path

from jobnet.errors.project import NetworkAmbiguous, NetworkNotFound
from jobnet.ids import NetworkName
from jobnet.project.nodes import Mapping, Scalar, Sequence, entries
from jobnet.project.reading import Reading
from jobnet.project.shelf import Document
from jobnet.project.suggestions import suggest


def select_network(reading: Reading, name: str | None = None) -> NetworkName:
    """Return the network by its name; without one, the network named like the file.

    Else the only one that no other in the file calls. Networks with problems count too, so
    that the same one is meant before and after they are mended.
    """
    documents = [one for one in reading.documents if one.kind == "network"]
    known = [one.qualified_name for one in documents]
    if name is not None:
        found = [one for one in documents if name in (one.name, one.qualified_name)]
        if not found:
            hint = suggest(name, known, otherwise="See its documents with `kind: network`")
            raise NetworkNotFound(name, file=reading.file, known=known, hint=hint)
        return NetworkName(found[0].qualified_name)
    if not documents:
        hint = "Begin a network with `kind: network` and `name: NAME`"
        raise NetworkNotFound(None, file=reading.file, known=(), hint=hint)
    stem = Path(reading.file).stem
    same = [one for one in documents if one.name == stem]
    chosen = same or _not_called(documents, reading)
    if len(chosen) != 1:
        raise NetworkAmbiguous(file=reading.file, known=known)
    return NetworkName(chosen[0].qualified_name)


def _not_called(documents: list[Document], reading: Reading) -> list[Document]:
    called = {
        name
        for one in documents
        if (raw := reading.shelf.library.find("network", one.name, one.folder)) is not None
        for name in _calls(raw.node)
    }
    return [one for one in documents if not {one.name, one.qualified_name} & called]


def _calls(node: Mapping) -> set[str]:
    """Return every network that the text calls, even in parts that have problems."""
    found: set[str] = set()
    waiting: list[object] = [pair[1] for pair in entries(node).values()]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Sequence):
            waiting += one.items
        elif isinstance(one, Mapping):
            for key, (_, value) in entries(one).items():
                if key == "network" and isinstance(value, Scalar):
                    found.add(value.value)
                waiting.append(value)
    return found
