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

    @cached_property
    def dialect(self) -> Dialect:
        """Return how SQLAlchemy speaks to it; parameters go by position."""
        if self is Kind.SQLITE:
            return SQLiteDialect_pysqlite(paramstyle="qmark")
        return PGDialect_psycopg(paramstyle="format")  # type: ignore[no-untyped-call]

    def insert(self, table: Table) -> Insert:
        """Begin an INSERT that can say what happens on a conflict."""
        return sqlite.insert(table) if self is Kind.SQLITE else postgresql.insert(table)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement's text, and how its values are converted; None: not at all."""

    sql: str
    parameters: tuple[tuple[str, object, _Convert | None], ...]
    columns: tuple[_Convert | None, ...]

    def bound(self, values: Values) -> list[object]:
        """Return the values in the order of the text."""
        found = []
        for name, default, convert in self.parameters:
            value = values.get(name, default)
            found.append(value if convert is None else convert(value))
        return found

    def read(self, rows: Sequence[Row]) -> list[Row]:
        """Return rows with their values converted."""
        converted = [(at, convert) for at, convert in enumerate(self.columns) if convert]
        if not converted:
            return list(rows)
        found = []
        for row in rows:
            values = list(row)
            for at, convert in converted:
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
    parameters = []
    for name in compiled.positiontup or ():
        type_ = compiled.binds[name].type
        convert = type_.dialect_impl(dialect).bind_processor(dialect)
        parameters.append((name, compiled.params.get(name), convert))
    selected = core.selected_columns if isinstance(core, Select) else ()
    columns = tuple(
        column.type.dialect_impl(dialect).result_processor(dialect, _FLOAT) for column in selected
    )
    return Compiled(str(compiled), tuple(parameters), columns)
