"""Cuts the text of a file into the texts of its documents, comments and order as they are.

A document's text goes from its ``---`` (or the beginning of the file) to the next one. What
stands between belongs to the document before it; the marks themselves are left out, so that a
document may move to another place of its file and stay the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast

import yaml

MARK = "---"
END = "..."


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One document of a text: ``text`` is its own, from ``line`` (from 1) to before ``end``."""

    line: int
    end: int
    text: str


def cut_documents(text: str) -> tuple[Cut, ...]:
    r"""Return the documents of a text that is YAML throughout, in order.

    >>> [cut.text for cut in cut_documents("---\n# the first\na: 1\n---\nb: 2\n")]
    ['# the first\na: 1\n', 'b: 2\n']
    """
    lines = text.splitlines(keepends=True)
    begins = [line for line in _begins(text) if line < len(lines)]
    borders = [0, *begins[1:], len(lines)] if begins else [0, len(lines)]
    return tuple(
        Cut(line=first + 1, end=after + 1, text=own_text("".join(lines[first:after])))
        for first, after in pairwise(borders)
    )


def own_text(text: str) -> str:
    """Return a document without the marks around it, ended by one line break."""
    lines = text.splitlines()
    if lines and lines[0].rstrip() == MARK:
        del lines[0]
    while lines and lines[-1].strip() in {"", END}:
        del lines[-1]
    return "\n".join(lines) + "\n" if lines else ""


def replace_document(text: str, cut: Cut, own: str) -> str:
    """Return the text of a file with another text for one of its documents."""
    lines = text.splitlines(keepends=True)
    before, after = lines[: cut.line - 1], lines[cut.end - 1 :]
    new = own_text(own)
    needs_mark = bool(before) or "".join(lines[cut.line - 1 : cut.line]).startswith(MARK)
    if needs_mark and not new.startswith((MARK, "%")):
        new = f"{MARK}\n{new}"
    return "".join([*before, new, *after])


def without_document(text: str, cut: Cut) -> str:
    """Return the text of a file without one of its documents."""
    lines = text.splitlines(keepends=True)
    return "".join([*lines[: cut.line - 1], *lines[cut.end - 1 :]])


def _begins(text: str) -> Iterator[int]:
    """Yield the lines, from 0, in which documents begin."""
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    for event in cast(Iterator[Any], yaml.parse(text, Loader=loader)):
        if type(event).__name__ == "DocumentStartEvent":
            yield event.start_mark.line
