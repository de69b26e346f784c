"""Opens a database in a file: one writer, many readers."""

from jobnet.storage.sqlite.database import SqliteDatabase

__all__ = ["SqliteDatabase"]
