"""Says what SQLite's own errors mean to an operator."""

import sqlite3
from pathlib import Path

from jobnet.errors import ControllerError
from jobnet.errors.storage import (
    DatabaseAway,
    DatabaseDamaged,
    DatabaseFull,
    DatabaseReadOnly,
)

_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_AWAY = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PROTOCOL,
    }
)


def refusal_of(error: sqlite3.Error, path: Path) -> ControllerError | None:
    """Return what an error means, or None where it is a mistake of ours."""
    code = getattr(error, "sqlite_errorcode", None)
    primary = None if code is None else code & 0xFF
    if primary == sqlite3.SQLITE_FULL:
        return DatabaseFull(str(path))
    if primary == sqlite3.SQLITE_READONLY:
        return DatabaseReadOnly(str(path))
    if primary in _DAMAGED:
        return DatabaseDamaged(str(path), problem=str(error))
    if primary in _AWAY:
        return DatabaseAway(str(path), problem=str(error))
    return None
