"""Keeps everything that must outlive the process, in a file or on a PostgreSQL server.

Tables are SQLModel classes, a module per noun; statements are written in SQLAlchemy Core,
compiled once and run on the driver's own connection. What leaves this package are the frozen rows
of ``ports.store``.
"""

from jobnet.storage.copying import copy_database, tables_in
from jobnet.storage.opening import open_outputs, open_store
from jobnet.storage.outputs import SqlOutputs
from jobnet.storage.places import Place, PostgresPlace, SqlitePlace
from jobnet.storage.store import SqlStore

__all__ = [
    "Place",
    "PostgresPlace",
    "SqlOutputs",
    "SqlStore",
    "SqlitePlace",
    "copy_database",
    "open_outputs",
    "open_store",
    "tables_in",
]
