"""Says what the live files of a project are, so that one can tell later which have changed.

A walk is bounded: what lies beyond does not count. Large files, and those after a number of MiB,
are told apart by size and time alone.
"""

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

FILES_MAX = 5_000
READ_EACH_MAX = 1024 * 1024
READ_ALL_MAX = 64 * 1024 * 1024
NEVER_ENTERED = frozenset({"node_modules", "venv", "site-packages", "__pycache__"})

Manifest = Mapping[str, str]
"""By path below the root: the SHA-256 of the content, or size and time."""


def live_manifest(root: Path, *, beside: Path) -> Manifest:
    """Return what lies in a project now; hidden folders and ``beside`` do not count."""
    found: dict[str, str] = {}
    left = READ_ALL_MAX
    for path in _files(root, beside):
        try:
            status = path.lstat()
            is_read = stat.S_ISREG(status.st_mode) and status.st_size <= min(READ_EACH_MAX, left)
            mark = _digest(path) if is_read else f"{status.st_size} {status.st_mtime_ns}"
        except OSError:
            continue  # it went while we looked, or nobody may read it
        left -= status.st_size if is_read else 0
        found[os.fsdecode(path.relative_to(root))] = mark
    return found


def digest_of(manifest: Manifest) -> str:
    """Return one digest for all that a manifest says."""
    lines = (f"{path}\0{mark}\n" for path, mark in sorted(manifest.items()))
    return hashlib.sha256("".join(lines).encode(errors="surrogateescape")).hexdigest()


def differing(before: Manifest, after: Manifest) -> tuple[str, ...]:
    """Return the paths that are new, gone or not the same, sorted."""
    return tuple(path for path in sorted({*before, *after}) if before.get(path) != after.get(path))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _files(root: Path, beside: Path) -> Iterator[Path]:
    count = 0
    for folder, inner, files in os.walk(root, followlinks=False):
        inner[:] = sorted(
            one
            for one in inner
            if one[0] != "." and one not in NEVER_ENTERED and Path(folder, one) != beside
        )
        for name in sorted(files):
            count += 1
            if count > FILES_MAX:
                return
            yield Path(folder, name)
