"""Opens a database on a PostgreSQL server, for any number of processes."""

from jobnet.storage.postgresql.database import PostgresDatabase

__all__ = ["PostgresDatabase"]
