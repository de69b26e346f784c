"""Finds what is probably a secret, so that no import writes one into a file.

The value is replaced by a variable that has to be filled in: until then the job stops with a
message, it never runs with an empty password.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORD = (
    r"(?:pass(?:wd|word|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|auth)"
)
_NAME = re.compile(
    r"(?:^|[_.-])(?:(?:db|my|pg|mysql|ssh|vault|become|user|app|smtp|mail|login|root)?"
    r"(?:pass(?:wd|word|phrase)?|pwd)|secrets?|tokens?|api_?key|access_?key|private_?key|auth"
    r"|credentials?)(?:$|[_.-])",
    re.IGNORECASE,
)
_NOT_THE_SECRET = re.compile(r"(?:file|path|command|cmd|script|name|url|id|ttl)s?$", re.IGNORECASE)
_IN_COMMANDS = (
    re.compile(
        rf"--?[\w-]*{_WORD}(?P<tail>[\w-]*)(?:=|\s+)(?P<value>'[^']*'|\"[^\"]*\"|[^\s;|&<>]+)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b\w*{_WORD}(?P<tail>\w*)=(?P<value>'[^']*'|\"[^\"]*\"|[^\s;|&<>]+)", re.IGNORECASE
    ),
    re.compile(r"://[^/\s:@'\"]+:(?P<value>[^@\s/'\"]+)@"),
    re.compile(r"\b(?:Bearer|Basic)\s+(?P<value>[^\s'\"]+)", re.IGNORECASE),
    re.compile(r"\bcurl\b[^|;&\n]*?\s(?:-u|--user)\s*['\"]?[^\s:'\"]+:(?P<value>[^\s'\"]+)"),
    re.compile(r"\bmysql\w*\b[^|;&\n]*?\s-p(?P<value>[^\s'\"]+)"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concealed:
    """A text without its secrets, and the variables that stand for them now."""

    text: str
    variables: tuple[str, ...]


def is_secret_name(name: str) -> bool:
    """Return whether a variable of this name probably holds a secret.

    >>> is_secret_name("DB_PASSWORD"), is_secret_name("PASSWORD_FILE"), is_secret_name("PASSES")
    (True, False, False)
    """
    return bool(_NAME.search(name)) and not _NOT_THE_SECRET.search(name)


def placeholder(name: str) -> str:
    """Return a value for Ansible that stops the job until somebody has replaced it."""
    word = "".join(c if c.isalnum() or c in "_-." else "_" for c in name[:80])
    return f"{{{{ undef(hint='{word} was not imported; put it into a vault and name it here') }}}}"


def is_placeholder(value: object) -> bool:
    """Return whether a value stands for a secret that was not written."""
    return isinstance(value, str) and value.startswith("{{ undef(")


def concealed(command: str, *, prefix: str = "IMPORTED_SECRET") -> Concealed:
    """Return a shell command whose secrets are variables of the environment.

    >>> concealed("dump --password=hunter2 shop").text
    'dump --password="$IMPORTED_SECRET_1" shop'
    """
    spans: list[tuple[int, int]] = []
    for start, end in sorted(set(_spans(command))):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    pieces: list[str] = []
    names: list[str] = []
    last = 0
    for start, end in spans:
        names.append(f"{prefix}_{len(names) + 1}")
        pieces += [command[last:start], _variable(names[-1], _quote_at(command, start))]
        last = end
    return Concealed(text="".join([*pieces, command[last:]]), variables=tuple(names))


def _spans(command: str) -> Iterator[tuple[int, int]]:
    for pattern in _IN_COMMANDS:
        for match in pattern.finditer(command):
            tail = match.groupdict().get("tail") or ""
            value = match["value"].strip("'\"")
            if value and not _NOT_THE_SECRET.search(tail) and not value.startswith(("$", "`", "-")):
                yield match.span("value")


def _variable(name: str, quote: str) -> str:
    if quote == "'":
        return f"'\"${name}\"'"
    return f"${{{name}}}" if quote == '"' else f'"${name}"'


def _quote_at(command: str, position: int) -> str:
    """Return the quote that a place of a shell command stands in, or ""."""
    quote, index = "", 0
    while index < position:
        character = command[index]
        if character == "\\" and quote != "'":
            index += 1
        elif not quote and character in "'\"":
            quote = character
        elif character == quote:
            quote = ""
        index += 1
    return quote
