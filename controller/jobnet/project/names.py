"""Gives every part of a network its id: the written one, else one from its name, else a number.

A derived id that could be mistaken (empty, doubled, a word of Python, a method of mappings)
gets a number; expressions may not name such a part, because the number moves with the text.
"""

import keyword
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

ID_LENGTH_MAX = 60
ID = re.compile(r"[a-z_][a-z0-9_]*")
METHODS_OF_MAPPINGS = frozenset(name for name in dir(dict) if not name.startswith("__"))


def id_objection(text: str) -> tuple[str, str] | None:
    """Return what is wrong with a written id and what would be right, or None."""
    if not ID.fullmatch(text) or len(text) > ID_LENGTH_MAX:
        what = f"An id is a word of at most {ID_LENGTH_MAX} small letters, digits and `_`"
        return what, f"Write `{slug(text) or 'part_1'}`"
    if is_reserved_id(text):
        return f"`{text}` is a word of Python or a method of mappings", f"Write `{text}_part`"
    return None


def is_reserved_id(text: str) -> bool:
    """Return whether an expression could not name a part of this id."""
    return keyword.iskeyword(text) or text in METHODS_OF_MAPPINGS


def slug(name: str) -> str:
    """Return the id that a name gives, or "" where nothing of it is left.

    >>> slug("Stop application (AP-1)")
    'stop_application_ap_1'
    """
    letters = unicodedata.normalize("NFKD", name[:400]).encode("ascii", "ignore").decode().lower()
    words = re.sub("[^a-z0-9]+", "_", letters).strip("_")[:ID_LENGTH_MAX].strip("_")
    return f"_{words}"[:ID_LENGTH_MAX] if words[:1].isdigit() else words


@dataclass(slots=True)
class Ids:
    """The ids of one network; the written ones are known before the first is derived."""

    written: frozenset[str]
    taken: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)

    def derive(self, name: str, kind: str) -> tuple[str, bool]:
        """Return an id for a part without one, and whether expressions may name it."""
        word = slug(name)
        if word and not is_reserved_id(word) and self._is_free(word):
            self.taken.add(word)
            return word, True
        stem = word or kind
        while True:
            self.counts[stem] += 1
            numbered = f"{stem}_{self.counts[stem]}"
            if self._is_free(numbered):
                self.taken.add(numbered)
                return numbered, False

    def _is_free(self, word: str) -> bool:
        return word not in self.taken and word not in self.written
