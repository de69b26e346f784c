"""Says how a frozen row of the ports and the columns of a table correspond."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import ColumnElement, Executable, Select, bindparam, delete, select, update
from sqlmodel import SQLModel

from jobnet.storage.records import given, table_of
from jobnet.storage.statements import Insert, Kind, Row, Statement

R = TypeVar("R")

RENAMED: Mapping[str, str] = MappingProxyType(
    {"run": "run_id", "by": "by_whom", "order": "job_order", "edition": "edition_id"}
)
"""Fields whose columns have another name: words that SQL keeps for itself, and references."""


class Shape(Generic[R]):
    """One class of rows and its table.

    ``key`` are the columns that tell rows apart, ``counted`` those that the database counts up.
    """

    def __init__(
        self,
        row_type: type[R],
        model: type[SQLModel],
        *,
        key: Sequence[str],
        renamed: Mapping[str, str] = RENAMED,
        counted: Sequence[str] = (),
    ) -> None:
        self.table = table_of(model)
        self._row_type = row_type
        names = [each.name for each in fields(cast("Any", row_type))]
        self._fields = tuple(names)
        self.columns = tuple(renamed.get(name, name) for name in names)
        self.key = tuple(key)
        self._written = [name for name in self.columns if name not in counted]
        self._get = attrgetter(*names)
        self.add = Statement(self._insert_or_nothing)
        self.put = Statement(lambda kind: self.upsert(kind, self._changing()))
        self.change = Statement(lambda _: self._replacement())
        self.drop = Statement(lambda _: delete(self.table).where(*self.key_given()))

    def values(self, row: R) -> dict[str, object]:
        """Return a row's values by column."""
        return dict(zip(self.columns, self._get(row), strict=True))

    def row(self, values: Row) -> R:
        """Return the row of what ``selected`` has found."""
        return self._row_type(**dict(zip(self._fields, values, strict=True)))

    def all(self, found: Iterable[Row]) -> list[R]:
        """Return the rows of what ``selected`` has found."""
        return [self.row(values) for values in found]

    def selected(self) -> Select[Any]:
        """Return a SELECT of all columns that a row is made of."""
        return select(*(self.table.c[name] for name in self.columns))

    def key_given(self) -> tuple[ColumnElement[bool], ...]:
        """Return the conditions that all columns of the key have the values that are given."""
        return tuple(given(self.table.c[name]) for name in self.key)

    def upsert(self, kind: Kind, changing: Mapping[str, object] | Sequence[str]) -> Executable:
        """Return an INSERT that changes these columns of a row that is there already."""
        begun = self.insert(kind)
        new = dict(changing) if isinstance(changing, Mapping) else {}
        if not isinstance(changing, Mapping):
            new = {name: begun.excluded[name] for name in changing}
        return begun.on_conflict_do_update(index_elements=list(self.key), set_=new)

    def insert(self, kind: Kind) -> Insert:
        """Return an INSERT of all columns but those that the database counts up itself."""
        columns = self.table.c
        given_values = {name: bindparam(name, type_=columns[name].type) for name in self._written}
        return kind.insert(self.table).values(given_values)

    def _insert_or_nothing(self, kind: Kind) -> Executable:
        return self.insert(kind).on_conflict_do_nothing(index_elements=list(self.key))

    def _replacement(self) -> Executable:
        columns = self.table.c
        new = {name: bindparam(name, type_=columns[name].type) for name in self._changing()}
        return update(self.table).where(*self.key_given()).values(new)

    def _changing(self) -> list[str]:
        return [name for name in self._written if name not in self.key]
