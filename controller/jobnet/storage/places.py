"""Says where a database is: a file of this machine, or a server."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlitePlace:
    """A file; ``is_read_only`` opens it beside the process that writes, for reading alone.

    ``is_synced`` False: what was confirmed may be lost when the machine itself goes down, not
    when the process does. That is for output, never for journals.
    """

    path: Path
    is_read_only: bool = False
    is_synced: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresPlace:
    """A database of a PostgreSQL server, as ``postgresql://user:password@host:port/name``."""

    url: str = field(repr=False)
    connections_max: int = 20


Place = SqlitePlace | PostgresPlace
