"""Reads and writes the content lines of iCalendar (RFC 5545): folding, parameters, escapes.

Nothing is looked up and nothing is expanded here: a file of somebody else costs what its length
costs. What cannot be a content line is refused with its number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jobnet.errors.calendars import IcsRefused

ICS_CHARACTERS_MAX = 4_000_000
FOLDED_OCTETS = 75

_PARAMETER = r';[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*'
_LINE = re.compile(rf"([A-Za-z0-9-]+)(?:{_PARAMETER})*:(.*)")
_ESCAPED = re.compile(r"\\(.)")
_LISTED = re.compile(r"(?:\\.|[^,\\])+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentLine:
    """One property, its parameters left out; ``number`` is the line on which it begins."""

    name: str
    value: str
    number: int

    @property
    def text(self) -> str:
        """The value as text for people."""
        return _ESCAPED.sub(_unescaped, self.value)

    @property
    def texts(self) -> tuple[str, ...]:
        """The values of a list of texts."""
        return tuple(_ESCAPED.sub(_unescaped, one).strip() for one in _LISTED.findall(self.value))


def read_lines(text: str) -> Iterator[ContentLine]:
    """Yield the content lines of a text; names are in capitals."""
    if len(text) > ICS_CHARACTERS_MAX:
        raise IcsRefused(f"it has more than {ICS_CHARACTERS_MAX} characters; import a part of it")
    for number, line in _unfolded(text.removeprefix("\ufeff")):
        match = _LINE.fullmatch(line)
        if match is None:
            raise IcsRefused(f"{line[:40]!r} is no property with a colon and a value", number)
        yield ContentLine(name=match[1].upper(), value=match[2], number=number)


def written_line(name: str, value: str) -> str:
    """Return a property with its line break, folded after 75 octets."""
    rest, lines = f"{name}:{value}", []
    while len(rest.encode()) > FOLDED_OCTETS:
        end = FOLDED_OCTETS
        while len(rest[:end].encode()) > FOLDED_OCTETS:
            end -= 1
        lines.append(rest[:end])
        rest = f" {rest[end:]}"
    return "\r\n".join((*lines, rest, ""))


def written_text(text: str) -> str:
    """Return a text as a value; what no calendar program can show is left out."""
    clean = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    escaped = clean.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    parts: list[str] = []
    begun = 0
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if line[:1] in {" ", "\t"} and parts:
            parts.append(line[1:])
            continue
        if parts:
            yield begun, "".join(parts)
        parts, begun = ([line] if line.strip() else []), number
    if parts:
        yield begun, "".join(parts)


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] in "nN" else match[1]
