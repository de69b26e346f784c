"""Finds the place in the text that a path inside a document leads to."""

import re
from pathlib import Path

from jobnet.definition import Position
from jobnet.project.nodes import Mapping, Node, child, position_of
from jobnet.project.shelf import Document, Shelf

_STEP = re.compile(r"\[([0-9]+)\]|([^.\[\]]+)")


def node_of_document(shelf: Shelf, document: Document) -> Mapping | None:
    """Return the text of a document as it was composed, None where it is a plain list."""
    raws = shelf.library.files[Path(document.file)].documents
    return next((one.node for one in raws if one.position == document.position), None)


def place_of(shelf: Shelf, document: Document, path: str) -> Position:
    """Return where ``rules[0].at[1]`` of a document stands, or what is nearest to it."""
    node: Node | None = node_of_document(shelf, document)
    if node is None:
        return document.position
    for number, word in _STEP.findall(path):
        inner = child(node, int(number) if number else word)
        if inner is None:
            break  # one value was written where a list of them may stand
        node = inner
    return position_of(node, document.file)
