"""Finds the word that somebody meant when they wrote another one."""

from collections.abc import Iterable
from difflib import get_close_matches

WORD_LENGTH_MAX = 80
NAMES_LISTED_MAX = 12
NAMES_COMPARED_MAX = 2_000
LIKENESS_MIN = 0.6


def nearest(word: str, known: Iterable[str], *, likeness_min: float = LIKENESS_MIN) -> str | None:
    """Return the known word that is most like this one, or None where none is like it."""
    names = list(known)
    if len(word) > WORD_LENGTH_MAX or len(names) > NAMES_COMPARED_MAX:
        return None
    near = get_close_matches(word.lower(), sorted(names), n=1, cutoff=likeness_min)
    return near[0] if near else None


def suggest(word: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """Return the hint for an unknown word: the nearest one, or the list of all if it is short."""
    names = list(known)
    near = nearest(word, names)
    if near is not None:
        return f"Did you mean `{near}`?"
    if names and len(names) <= NAMES_LISTED_MAX:
        return f"Known here: {', '.join(sorted(names))}"
    return otherwise


def shown(text: object, *, length_max: int = 60) -> str:
    """Return a value for a message: on one line, cut where it is long, never control codes."""
    plain = "".join(c if c.isprintable() else " " for c in str(text)[: length_max + 1])
    return plain if len(plain) <= length_max else plain[:length_max] + "…"
