"""Looks through the text of a job, without rendering it: which facts and which parts it reads."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from jobnet.project.keywords import gathers

FACT_WORD = re.compile(r"\bansible_[a-z0-9_]+")
PART = re.compile(
    r"""(?<![\w.])(?:jobnet\.)?parts(?:\.([A-Za-z_]\w*)|\[\s*['"]([^'"]+)['"]\s*\])?"""
)
PARAM = re.compile(r"""(?<![\w.])params(?:\.([A-Za-z_]\w*)|\[\s*['"]([^'"]+)['"]\s*\])""")
BRACES = (("{{", "}}"), ("{%", "%}"))
METHODS = frozenset(dir(dict))


@dataclass(frozen=True, slots=True)
class Reading:
    """``parts`` None: the text uses ``parts`` in a way that does not say which."""

    parts: tuple[str, ...] | None
    references: tuple[tuple[str, str], ...]


@lru_cache(maxsize=16)
def gathers_facts(text: str) -> bool:
    """Return whether a job's text names a gathered fact."""
    return any(word == "ansible_facts" or gathers(word) for word in FACT_WORD.findall(text))


def read_by(text: str) -> Reading:
    """Return the parts that a job must be handed, and the names that its templates read."""
    found = [one or other for one, other in PART.findall(text)]
    parts = None if "" in found else tuple(sorted(set(found)))
    inside = "\n".join(_inside_braces(text))
    named = {("parts", one or other) for one, other in PART.findall(inside)}
    named |= {("params", one or other) for one, other in PARAM.findall(inside)}
    references = sorted(one for one in named if one[1] and one[1] not in METHODS)
    return Reading(parts, tuple(references))


def _inside_braces(text: str) -> Iterator[str]:
    """Yield what stands in Jinja's braces, in time that grows with the text and no faster."""
    for opening, closing in BRACES:
        begin = text.find(opening)
        while begin >= 0:
            end = text.find(closing, begin + 2)
            if end < 0:
                break
            yield text[begin:end]
            begin = text.find(opening, end)
