"""Finds the documents of a file: which of them are Jobnet's, and which are passed over.

Only a mapping with ``kind`` and ``name`` and without ``apiVersion`` counts. Playbooks, vaulted
files, manifests of others and templates lie in the same folders and are left alone.
"""

from dataclasses import dataclass
from pathlib import Path

from jobnet.definition import Position
from jobnet.project.composing import compose
from jobnet.project.files import read_text
from jobnet.project.nodes import Mapping, Node, Scalar, Sequence, entries, position_of
from jobnet.project.problems import Problem
from jobnet.project.schema.documents import SHAPES
from jobnet.project.suggestions import nearest, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """One document before it is read; ``listed`` is the file's content if it is a plain list."""

    kind: str
    name: str
    folder: str
    node: Mapping
    file: Path
    problems: tuple[Problem, ...] = ()
    listed: Sequence | None = None

    @property
    def position(self) -> Position:
        """Return where the document begins."""
        return position_of(self.node, str(self.file))


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFile:
    """What a file holds; ``listed`` is its content if it is one plain list."""

    documents: tuple[Raw, ...] = ()
    listed: Sequence | None = None
    problems: tuple[Problem, ...] = ()
    list_problems: tuple[Problem, ...] = ()

    @property
    def is_passed_over(self) -> bool:
        """Return whether nothing in the file is Jobnet's."""
        return not self.documents and not self.problems


def read_raw(path: Path, folder: str, *, is_named: bool) -> RawFile:
    """Return the documents of a file.

    ``is_named``: somebody asked for this very file, so all that keeps it from being read is
    a problem; in a file that was only found, it means that the file is not Jobnet's.
    """
    text = read_text(path)
    if isinstance(text, Problem):
        return RawFile(problems=(text,) if is_named else ())
    return raw_of(text, path, folder, is_named=is_named)


def raw_of(text: str, path: Path, folder: str, *, is_named: bool) -> RawFile:
    """Return the documents of a text that is a file's, or is meant to be."""
    if not is_named and "kind" not in text:
        return RawFile()
    composition = compose(text, file=str(path))
    documents: list[Raw] = []
    problems: list[Problem] = []
    for one in composition.documents:
        found = _recognised(one.root, one.problems, path, folder)
        if isinstance(found, Raw):
            documents.append(found)
        elif found is not None:
            problems.append(found)
    roots = [one for one in composition.documents if one.root is not None]
    listed = roots[0].root if len(roots) == 1 and not composition.problems else None
    if is_named or documents:
        problems += composition.problems
    return RawFile(
        documents=tuple(documents),
        problems=tuple(problems),
        listed=listed if isinstance(listed, Sequence) else None,
        list_problems=roots[0].problems if roots else (),
    )


def _recognised(
    root: Node | None, problems: tuple[Problem, ...], path: Path, folder: str
) -> Raw | Problem | None:
    """Return a document of Jobnet's, a problem with what nearly is one, or None."""
    if not isinstance(root, Mapping) or root.tag is not None:
        return None
    pairs = entries(root)
    kind, name = _text(pairs, "kind"), _text(pairs, "name")
    if kind is None or "apiVersion" in pairs:
        return None
    if kind in SHAPES:
        own = _text(pairs, "folder")
        return Raw(
            kind=kind,
            name=name or "",
            node=root,
            file=path,
            problems=problems,
            folder=folder if own is None else own.strip("/"),
        )
    near = nearest(kind, SHAPES)
    if name is None or near is None:
        return None
    return Problem(
        code="unknown_kind",
        position=position_of(pairs["kind"][1], str(path)),
        path="kind",
        what=f"`{shown(kind)}` is no kind of document",
        hint=f"Did you mean `{near}`?",
    )


def _text(pairs: dict[str, tuple[Scalar, Node]], key: str) -> str | None:
    node = pairs[key][1] if key in pairs else None
    return node.value if isinstance(node, Scalar) else None
