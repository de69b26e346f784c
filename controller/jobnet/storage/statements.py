"""Compiles a statement of SQLAlchemy Core once for each kind of database, for the driver itself.

Executing through SQLAlchemy costs several times what SQLite needs for the work. So a statement is
written in Core, made into text once, and from then on runs on the driver's connection with the
same conversions of values in and out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, cast

from sqlalchemy import Dialect, Executable, Select, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

Row = tuple[Any, ...]
Values = Mapping[str, object]
Insert = sqlite.Insert | postgresql.Insert
_Convert = Callable[[Any], Any]
_FLOAT = 701
"""PostgreSQL's number for the only type of a fraction that we store; other types do not ask."""


class Kind(Enum):
    """Which database it is."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"

    __hash__ = object.__hash__  # there is one of each, and it is looked up for every statement

    @cached_property
    def dialect(self) -> Dialect:
        """Return how SQLAlchemy speaks to it; parameters go by position."""
        if self is Kind.SQLITE:
            return SQLiteDialect_pysqlite(paramstyle="qmark")
        return PGDialect_psycopg(paramstyle="format")  # type: ignore[no-untyped-call]

    def insert(self, table: Table) -> Insert:
        """Begin an INSERT that can say what happens on a conflict."""
        return sqlite.insert(table) if self is Kind.SQLITE else postgresql.insert(table)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A statement's text, and how its values are converted, by their places.

    ``defaults`` are values that the statement itself brings.
    """

    sql: str
    names: tuple[str, ...]
    defaults: Values
    inward: tuple[tuple[int, _Convert], ...]
    outward: tuple[tuple[int, _Convert], ...]

    def bound(self, values: Values) -> list[object]:
        """Return the values in the order of the text; all that it asks for must be given."""
        if self.defaults:
            values = {**self.defaults, **values}
        found = [values[name] for name in self.names]
        for at, convert in self.inward:
            found[at] = convert(found[at])
        return found

    def read(self, rows: Sequence[Row]) -> list[Row]:
        """Return rows with their values converted."""
        if not self.outward:
            return list(rows)
        found = []
        for row in rows:
            values = list(row)
            for at, convert in self.outward:
                values[at] = convert(values[at])
            found.append(tuple(values))
        return found


class Statement:
    """One statement, made when it is first needed by a kind of database."""

    def __init__(self, make: Callable[[Kind], Executable]) -> None:
        self._make = make
        self._compiled: dict[Kind, Compiled] = {}

    def compiled(self, kind: Kind) -> Compiled:
        """Return it for one kind of database."""
        found = self._compiled.get(kind)
        if found is None:
            found = self._compiled[kind] = _compile(self._make(kind), kind.dialect)
        return found


def _compile(core: Executable, dialect: Dialect) -> Compiled:
    compiled = cast("Any", core).compile(
        dialect=dialect, compile_kwargs={"render_postcompile": True}
    )
    names = tuple(compiled.positiontup or ())
    inward = [
        compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names
    ]
    selected = core.selected_columns if isinstance(core, Select) else ()
    outward = [
        column.type.dialect_impl(dialect).result_processor(dialect, _FLOAT) for column in selected
    ]
    brought = {name: compiled.params.get(name) for name in names}
    return Compiled(
        sql=str(compiled),
        names=names,
        defaults={name: value for name, value in brought.items() if value is not None},
        inward=_at_their_places(inward),
        outward=_at_their_places(outward),
    )


def _at_their_places(converts: Sequence[_Convert | None]) -> tuple[tuple[int, _Convert], ...]:
    return tuple((at, convert) for at, convert in enumerate(converts) if convert is not None)
