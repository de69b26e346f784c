"""Writes the facts of a run as lines of JSON and reads them back.

One line is one fact: its position, its kind, the version of its fields and the fields. A
published fact keeps its fields for ever, so a reader meets old lines and never new ones; a
line that a crash has cut off is the last one, was never acted on, and is left out.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import cast, get_args

from jobnet.engine.bounds import JOURNAL_ENTRY_MAX_BYTES
from jobnet.engine.facts import Fact
from jobnet.errors.play import JournalEntryTooLong, JournalNotRead
from jobnet.services.fact_fields import fields_from_json, fields_to_json

VERSION = 1
KINDS: Mapping[str, type] = {kind.__name__: kind for kind in get_args(Fact)}


def fact_to_line(fact: Fact, *, position: int) -> str:
    """Return the line of a fact, in ASCII and without its line end; positions count from 1.

    Raise ``JournalEntryTooLong`` for one that is larger than an entry may be. The engine cuts or
    refuses before that whatever a job, an operator or a network gives; this is the last guard.
    """
    entry = {
        "position": position,
        "kind": type(fact).__name__,
        "version": VERSION,
        "fact": fields_to_json(fact),
    }
    line = json.dumps(entry, separators=(",", ":"), allow_nan=False)
    if len(line) > JOURNAL_ENTRY_MAX_BYTES:
        raise JournalEntryTooLong(
            position=position,
            kind=type(fact).__name__,
            size=len(line),
            size_max=JOURNAL_ENTRY_MAX_BYTES,
        )
    return line


def fact_from_line(line: str, *, position: int) -> Fact:
    """Return the fact of a line, or say why there is none."""
    try:
        entry = json.loads(line)
        kind = _kind(entry, position)
        return cast("Fact", fields_from_json(kind, entry["fact"]))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise JournalNotRead(line=position, problem=str(error)[:200]) from error


def _kind(entry: Mapping[str, object], position: int) -> type:
    if entry["position"] != position:
        raise ValueError(f"it is entry {entry['position']} and stands at {position}")
    if entry["version"] != VERSION or entry["kind"] not in KINDS:
        raise ValueError(f"kind {entry['kind']!r}, version {entry['version']!r} is unknown")
    return KINDS[str(entry["kind"])]


def facts_from_lines(lines: Iterable[str]) -> Iterator[Fact]:
    """Yield the facts of a journal file; a last line without its end is left out."""
    for position, line in enumerate(lines, start=1):
        if not line.endswith("\n"):
            return
        yield fact_from_line(line, position=position)
