"""Keeps small values of the whole installation."""

from sqlalchemy import select
from sqlmodel import Field

from jobnet.storage.connections import Connection
from jobnet.storage.records import Record, given, table_of, upsert
from jobnet.storage.statements import Statement
from jobnet.storage.types import Name


class InstallationRecord(Record, table=True):
    """One value of the installation."""

    __tablename__ = "installation"

    name: str = Field(sa_type=Name, primary_key=True)
    value: str = Field(sa_type=Name)


_VALUE = table_of(InstallationRecord)
_GET = Statement(lambda _: select(_VALUE.c.value).where(given(_VALUE.c.name)))
_SET = Statement(lambda kind: upsert(kind, _VALUE))


class Installation:
    """Small values, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, name: str) -> str | None:
        """Return a value, or None where it was never set."""
        found = self._connection.row(_GET, {"name": name})
        return str(found[0]) if found else None

    def set(self, name: str, value: str) -> None:
        """Set a value."""
        self._connection.change(_SET, {"name": name, "value": value})
