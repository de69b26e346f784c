"""Holds what tables share: the catalogue that they belong to, and how constraints are named."""

from typing import Any, cast

from sqlalchemy import ColumnElement, Executable, MetaData, Table, bindparam, inspect
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from jobnet.storage.statements import Kind
from jobnet.storage.types import Name

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}
CATALOGUE = MetaData(naming_convention=NAMES)
"""All tables but those of output."""
OUTPUT_CATALOGUE = MetaData(naming_convention=NAMES)
"""The tables of output, which lie in a file of their own where the database is a file."""


class Record(SQLModel, registry=registry(metadata=CATALOGUE)):
    """What a table's class is; only this package builds one, from values already checked."""


class OutputRecord(SQLModel, registry=registry(metadata=OUTPUT_CATALOGUE)):
    """What the class of a table of output is."""


def table_of(model: type[SQLModel]) -> Table:
    """Return a model's table."""
    return cast("Table", inspect(model).local_table)


def given(column: ColumnElement[Any], name: str = "") -> ColumnElement[bool]:
    """Return the condition that a column has the value that is given by its own name."""
    return column == bindparam(name or cast("Any", column).name, type_=column.type)


def run_reference(*, primary_key: bool = True) -> Any:  # noqa: ANN401 - as Field itself
    """Return a column that names a run and goes with it."""
    return Field(sa_type=Name, foreign_key="run.id", ondelete="CASCADE", primary_key=primary_key)


def bound(column: ColumnElement[Any], name: str = "") -> Any:  # noqa: ANN401 - of its type
    """Return a value that is given under the column's name, or another, in the column's type."""
    return bindparam(name or cast("Any", column).name, type_=column.type)


def upsert(kind: Kind, table: Table) -> Executable:
    """Return an INSERT of all columns that replaces the row with the same primary key."""
    begun = kind.insert(table).values({each.name: bound(each) for each in table.c})
    key = [each.name for each in table.primary_key]
    new = {each.name: begun.excluded[each.name] for each in table.c if each.name not in key}
    return begun.on_conflict_do_update(index_elements=key, set_=new)
