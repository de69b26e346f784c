"""Keeps what was set at run time above the definitions."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Field

from jobnet.ports.store.queues import SettingRow
from jobnet.storage.connections import Connection
from jobnet.storage.records import Record, table_of
from jobnet.storage.shapes import Shape
from jobnet.storage.statements import Statement
from jobnet.storage.types import JsonText, Name, UtcDateTime, Words


class SettingRecord(Record, table=True):
    """One thing that was set above its definition, until it is taken back."""

    __tablename__ = "setting"

    kind: str = Field(sa_type=Name, primary_key=True)
    name: str = Field(sa_type=Name, primary_key=True)
    field: str = Field(sa_type=Name, primary_key=True)
    value: str = Field(sa_type=JsonText)
    by_whom: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=UtcDateTime)
    reason: str = Field(sa_type=Words)
    until: datetime | None = Field(sa_type=UtcDateTime)


SETTINGS = Shape(SettingRow, SettingRecord, key=("kind", "name", "field"))
_SETTING = table_of(SettingRecord)
_ALL = Statement(
    lambda _: SETTINGS.selected().order_by(_SETTING.c.kind, _SETTING.c.name, _SETTING.c.field)
)


class Queues:
    """What was set at run time, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def settings(self) -> Mapping[tuple[str, str, str], SettingRow]:
        """Return all settings by kind, name and field."""
        found = SETTINGS.all(self._connection.rows(_ALL))
        return {(each.kind, each.name, each.field): each for each in found}

    def set(self, row: SettingRow) -> None:
        """Set or replace one."""
        self._connection.change(SETTINGS.put, SETTINGS.values(row))

    def unset(self, *, kind: str, name: str, field: str) -> bool:
        """Take one back; False where there is none."""
        key = {"kind": kind, "name": name, "field": field}
        return bool(self._connection.change(SETTINGS.drop, key))
