"""Reads a command line of a unit file (``ExecStart=``) and says it as a shell would.

Such a line is no shell's: its words are split and unquoted by systemd, ``$NAME`` alone becomes
several words, ``${NAME}`` one, and ``%i`` and its kin are filled in. What comes out here means the
same to a shell.
"""

import re
import shlex
from dataclasses import dataclass

_PREFIXES = "-@:+!|"
_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
            "\\": "\\", '"': '"', "'": "'", "s": " "}  # fmt: skip
_VARIABLE = re.compile(r"\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$([A-Za-z_][A-Za-z0-9_]*)")


class CommandNotUnderstood(Exception):
    """A command line that cannot be carried; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCommand:
    """One command line: for a shell, and what its prefixes say."""

    command: str
    ignores_failure: bool = False
    is_privileged: bool = False
    had_other_name: bool = False


def read_command(line: str, *, unit: str) -> UnitCommand:
    r"""Return what a command line of a unit does.

    >>> read_command("-/bin/echo 'a b' $HOME ${HOME}", unit="x.service").command
    '/bin/echo \'a b\' $HOME "${HOME}"'
    """
    prefixes = line[: len(line) - len(line.lstrip(_PREFIXES))]
    words = _words(filled(line[len(prefixes) :], unit))
    if not words or not words[0][0]:
        raise CommandNotUnderstood("it names no program")
    if "@" in prefixes and len(words) > 1:
        del words[1]  # the program's name for itself
    substitutes = ":" not in prefixes
    return UnitCommand(
        command=" ".join(_for_shell(word, substitutes=substitutes) for word, _ in words),
        ignores_failure="-" in prefixes,
        is_privileged="+" in prefixes or "!" in prefixes,
        had_other_name="@" in prefixes,
    )


def unit_words(text: str) -> list[str]:
    """Return the words of a setting such as ``Environment=``."""
    return [word for word, _ in _words(text)]


def filled(text: str, unit: str) -> str:
    """Return a text with the specifiers that follow from the unit's name filled in."""
    stem = unit.rpartition(".")[0]
    prefix, _, instance = stem.partition("@")
    known = {"%": "%", "n": unit, "N": stem, "p": prefix, "i": instance, "I": instance}

    def fill(match: re.Match[str]) -> str:
        if match[1] not in known:
            raise CommandNotUnderstood(f"%{match[1]} is filled in by systemd alone")
        return known[match[1]]

    return re.sub(r"%(.)", fill, text)


def _words(text: str) -> list[tuple[str, bool]]:
    """Return the words of a line and whether each was quoted."""
    words: list[tuple[str, bool]] = []
    position = 0
    while True:
        while position < len(text) and text[position].isspace():
            position += 1
        if position >= len(text):
            return words
        word, was_quoted, position = _word(text, position)
        words.append((word, was_quoted))


def _word(text: str, position: int) -> tuple[str, bool, int]:
    """Return the word that begins at a place, whether it has quotes, and where it ends."""
    pieces: list[str] = []
    quote, was_quoted = "", False
    while position < len(text) and (quote or not text[position].isspace()):
        character = text[position]
        position += 1
        if character == "\\" and position < len(text):
            piece, position = _escape(text, position)
            pieces.append(piece)
        elif not quote and character in "'\"":
            quote, was_quoted = character, True
        elif character == quote:
            quote = ""
        else:
            pieces.append(character)
    if quote:
        raise CommandNotUnderstood("a quote is never closed")
    return "".join(pieces), was_quoted, position


def _escape(text: str, position: int) -> tuple[str, int]:
    if match := re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})").match(text, position):
        return chr(int(match[1] or match[2], 16)), match.end()
    return _ESCAPES.get(text[position], "\\" + text[position]), position + 1


def _for_shell(word: str, *, substitutes: bool) -> str:
    """Return a word as a shell reads it back."""
    if not substitutes:
        return shlex.quote(word)
    alone = _VARIABLE.fullmatch(word)
    if alone and alone[2]:
        return f"${alone[2]}"  # split into words, by a shell as well
    pieces: list[str] = []
    last = 0
    for match in _VARIABLE.finditer(word):
        plain = word[last : match.start()]
        pieces += [shlex.quote(plain)] if plain else []
        if match[0] == "$$":
            pieces.append("'$'")
        else:
            pieces.append(f'"${{{match[1] or match[2]}}}"')
        last = match.end()
    rest = word[last:]
    return "".join([*pieces, shlex.quote(rest)] if rest or not pieces else pieces)
