"""Remembers beside a run which files its network was read from, and tells if they have changed.

The record holds digests and no text: the definition itself stays where its author keeps it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from jobnet.machine.pieces import Pieces

ORIGIN_NAME = "definition.json"
VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The network of a run, and the digest of every file that it was read from.

    ``hosts`` is what was given for a plain list of tasks; ``meaning`` the digest of what the
    definition meant, and ``outline`` its parts. Records of earlier releases have neither.
    """

    file: str
    network: str
    hosts: str | None
    digests: tuple[tuple[str, str], ...]
    meaning: str = ""
    outline: Mapping[str, str] = field(default_factory=dict)


def keep_origin(
    pieces: Pieces,
    *,
    file: str,
    network: str,
    hosts: str | None,
    files: Iterable[str],
    meaning: str = "",
    outline: Mapping[str, str] | None = None,
) -> None:
    """Write the record; a run on a full disk goes on without it."""
    document = {
        "version": VERSION,
        "file": str(Path(file).absolute()),
        "network": network,
        "hosts": hosts,
        "digests": {path: _digest(path) for path in sorted(set(files))},
        "meaning": meaning,
        "outline": dict(outline or {}),
    }
    with suppress(OSError):
        (pieces.folder / ORIGIN_NAME).write_text(json.dumps(document, indent=2), encoding="utf-8")


def read_origin(pieces: Pieces) -> Origin | None:
    """Return the record, or None where there is none that can be read."""
    try:
        document = json.loads((pieces.folder / ORIGIN_NAME).read_text(encoding="utf-8"))
        hosts = document["hosts"]
        return Origin(
            file=str(document["file"]),
            network=str(document["network"]),
            hosts=None if hosts is None else str(hosts),
            digests=tuple((str(path), str(one)) for path, one in document["digests"].items()),
            meaning=str(document.get("meaning", "")),
            outline={str(key): str(place) for key, place in document.get("outline", {}).items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def changed_files(origin: Origin) -> tuple[str, ...]:
    """Return the files that are not what they were when the run began."""
    return tuple(path for path, digest in origin.digests if _digest(path) != digest)


def _digest(path: str) -> str:
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except (OSError, ValueError):
        return ""
