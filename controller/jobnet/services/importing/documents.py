"""Holds the documents that an import makes, and writes them as YAML text.

Values are ordinary data. A text that Ansible must not template (a shell command with ``{{`` in
it) is ``Unsafe``; all others arrive as they are written.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from jobnet.project.emission import emit, is_plain_word
from jobnet.project.nodes import Mapping as MappingNode
from jobnet.project.nodes import Node, Scalar
from jobnet.project.nodes import Sequence as SequenceNode

NAME_LENGTH_MAX = 60
TITLE_LENGTH_MAX = 120

_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./+=-]*(?: [A-Za-z0-9_./+=-]+)*")


class Unsafe(str):
    """A text that is handed to Ansible and not templated by it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedDocument:
    """One document of Jobnet that was made from something else."""

    kind: str
    name: str
    content: Mapping[str, object]
    comments: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The name of its file; all lie in one folder, so that bare names find each other."""
        return f"{self.name}.{self.kind}.yml"

    @property
    def text(self) -> str:
        """The document as YAML, its comments first."""
        head = "".join(f"# {_on_one_line(comment)}\n" for comment in self.comments)
        return head + emit(node_of({"kind": self.kind, "name": self.name, **self.content}))


@dataclass(slots=True)
class Names:
    """Gives each document a name of its own within its kind."""

    taken: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)

    def take(self, wanted: str, *, otherwise: str) -> str:
        """Return a name made of a text; the second one of the same text has a number."""
        stem = name_of(wanted) or otherwise
        name = stem
        while name in self.taken:
            self.counts[stem] += 1
            name = f"{stem[: NAME_LENGTH_MAX - 6]}_{self.counts[stem] + 1}"
        self.taken.add(name)
        return name


def name_of(text: str) -> str:
    """Return the name that a text gives, or "" where nothing of it is left.

    >>> name_of("Nightly Backup (host-1)")
    'nightly_backup_host-1'
    """
    ascii_text = unicodedata.normalize("NFKD", text[:400]).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9-]+", "_", ascii_text.lower())
    return re.sub(r"[_-]*-[_-]*|_+", _joint, words).strip("_-")[:NAME_LENGTH_MAX].strip("_-")


def _joint(match: re.Match[str]) -> str:
    return "-" if "-" in match[0] else "_"


def title_of(text: str, *, length_max: int = TITLE_LENGTH_MAX) -> str:
    """Return a title on one line; braces would be read as a template."""
    return _on_one_line(text.replace("{", "(").replace("}", ")"))[:length_max].strip()


def as_written(text: str) -> str:
    """Return a text that nobody is to template: marked where it looks like a template."""
    return Unsafe(text) if "{{" in text or "{%" in text or "{#" in text else text


def _on_one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def node_of(value: object) -> Node:
    """Return the node of some data, its texts quoted where they have to be."""
    if isinstance(value, Mapping):
        pairs = tuple((node_of(str(key)), node_of(one)) for key, one in value.items())
        return MappingNode(pairs, None, 0, 0, 1, is_flow=False)
    if isinstance(value, list | tuple):
        return SequenceNode(tuple(map(node_of, value)), None, 0, 0, 1, is_flow=False)
    if value is None:
        return Scalar("null", "", None, 0, 0)
    if isinstance(value, bool):
        return Scalar("true" if value else "false", "", None, 0, 0)
    if isinstance(value, int | float):
        return Scalar(repr(value), "", None, 0, 0)
    text = str(value)
    return Scalar(text, _style(text), "!unsafe" if isinstance(value, Unsafe) else None, 0, 0)


def _style(text: str) -> str:
    if is_plain_word(text) or ((" " in text or "/" in text) and _PLAIN.fullmatch(text)):
        return ""
    return "|" if "\n" in text else '"'


def texts(values: Iterable[object]) -> str:
    """Return values as a list for people."""
    return ", ".join(str(value) for value in values)
