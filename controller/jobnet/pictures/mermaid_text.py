"""Writes text so that neither Mermaid nor Markdown nor HTML can take any of it for its own.

Inside a quoted label every character with a meaning somewhere becomes its number; in the lines
that cannot be quoted (comments, the title) it is left out.
"""

from jobnet.pictures.lettering import plain

_SAFE = frozenset(" -_.,:/()=+!?")


def label(*rows: str) -> str:
    """Return rows below each other as one quoted label; empty rows are left out.

    >>> label('a "b"', "", "c")
    '"a #34;b#34;<br/>c"'
    """
    written = "<br/>".join(_escaped(plain(row)) for row in rows if row)
    return f'"{written or " "}"'


def bare(words: str) -> str:
    """Return words for a line that has no quotes.

    >>> bare("a; %%{init}")
    'a init'
    """
    return plain("".join(char if _is_safe(char) else " " for char in words))


def _escaped(words: str) -> str:
    return "".join(char if _is_safe(char) else f"#{ord(char)};" for char in words)


def _is_safe(char: str) -> bool:
    return char.isalnum() or char in _SAFE or not char.isascii()
