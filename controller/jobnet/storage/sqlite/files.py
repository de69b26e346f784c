"""Opens connections to a database file, for the one who writes and for those who read."""

import sqlite3
from pathlib import Path
from urllib.parse import quote

from jobnet.storage.places import SqlitePlace

BUSY_SECONDS_MAX = 5.0
"""How long to wait for a backup or a checkpoint of another process."""
_STATEMENTS_KEPT = 256
_WAL_BYTES_KEPT = 64 * 1024 * 1024
_CACHE_KIB = 16 * 1024


def open_writer(place: SqlitePlace) -> sqlite3.Connection:
    """Return the connection that writes; the file is made where there is none, for its owner."""
    place.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not place.path.exists():
        place.path.touch(mode=0o600)
    connection = _connect(place.path, "rwc")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {'FULL' if place.is_synced else 'NORMAL'}")
    connection.execute(f"PRAGMA journal_size_limit = {_WAL_BYTES_KEPT}")
    return connection


def open_reader(place: SqlitePlace) -> sqlite3.Connection:
    """Return a connection that can only read."""
    connection = _connect(place.path, "ro")
    connection.execute("PRAGMA query_only = ON")
    return connection


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}",
        uri=True,
        timeout=BUSY_SECONDS_MAX,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=_STATEMENTS_KEPT,
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    return connection
