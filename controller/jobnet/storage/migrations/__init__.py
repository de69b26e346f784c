"""Brings tables to what this version needs, step by step, and refuses those of a newer one.

There are two histories: that of the tables of output, which lie in a file of their own where the
database is a file, and that of all others. A step never changes once it was released.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, MetaData, inspect, text

from jobnet.errors.storage import DatabaseForeign, DatabaseTooNew, DatabaseTooOld
from jobnet.storage.records import CATALOGUE, OUTPUT_CATALOGUE


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The steps of some tables; ``head`` is the last one, kept in ``version_table``."""

    steps: str
    version_table: str
    head: str
    catalogue: MetaData

    @property
    def folder(self) -> Path:
        """Return where the steps lie."""
        return Path(__file__).parent / self.steps


MAIN = History(steps="main", version_table="schema_version", head="main_5", catalogue=CATALOGUE)
OUTPUT = History(
    steps="output",
    version_table="output_schema_version",
    head="output_1",
    catalogue=OUTPUT_CATALOGUE,
)


def version_of(connection: Connection, history: History, *, place: str) -> str | None:
    """Return the last step that was done, None in an empty database.

    Raises ``DatabaseForeign`` where others keep their tables.
    """
    tables = set(inspect(connection).get_table_names())
    if history.version_table in tables:
        query = text(f"SELECT version_num FROM {history.version_table}")  # noqa: S608 - our name
        return str(connection.execute(query).scalar_one())
    histories = (MAIN, OUTPUT)
    ours = {name for each in histories for name in (*each.catalogue.tables, each.version_table)}
    if foreign := sorted(tables - ours):
        raise DatabaseForeign(place, table=foreign[0])
    return None


def upgrade(connection: Connection, history: History, *, place: str) -> bool:
    """Do the steps that are missing, in the caller's transaction; return whether there were any.

    Raises ``DatabaseTooNew`` where a newer version was here.
    """
    found = version_of(connection, history, place=place)
    if found == history.head:
        return False
    from jobnet.storage.migrations.steps import do_steps, is_known  # noqa: PLC0415 - slow, rare

    if found is not None and not is_known(history, found):
        raise DatabaseTooNew(place, found=found, known=history.head)
    do_steps(connection, history)
    return True


def check(connection: Connection, history: History, *, place: str) -> None:
    """Refuse tables that this version cannot read as they are."""
    found = version_of(connection, history, place=place)
    if found == history.head:
        return
    from jobnet.storage.migrations.steps import is_known  # noqa: PLC0415 - slow, rare

    refusal = DatabaseTooOld if found is None or is_known(history, found) else DatabaseTooNew
    raise refusal(place, found=found or "none", known=history.head)
