"""Opens a database on a PostgreSQL server."""
