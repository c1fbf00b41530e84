"""The kinds of columns the tables are made of, and the metadata they stand in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer, "sqlite")


def key() -> Column[int]:
    """An id that is never used twice, not even after its row is gone."""
    return Column("id", Id, primary_key=True, autoincrement=True)


def words(name: str) -> Column[str]:
    """Text that is never NULL; "" is nothing."""
    return Column(name, Text, nullable=False, server_default="")


def flag(name: str) -> Column[int]:
    """0 or 1."""
    return Column(name, SmallInteger, nullable=False, server_default="0")


def count(name: str) -> Column[int]:
    """A whole number, 0 unless said."""
    return Column(name, Integer, nullable=False, server_default="0")


def moment(name: str, *, required: bool = False) -> Column[int]:
    """Milliseconds since 1970 UTC."""
    return Column(name, BigInteger, nullable=not required)


def link(name: str, target: str, *, required: bool = False) -> Column[int]:
    """The id of a row of `target`, checked at once.

    Undo alone defers the checks (`Turn`). Declared deferred, SQLite would look through every child table at each
    insert of a parent: imports took time by the square of the file.
    """
    return Column(name, Id, ForeignKey(f"{target}.id", deferrable=True, initially="IMMEDIATE"), nullable=not required)


def version() -> Column[int]:
    """The operation that last wrote the row."""
    return Column("version", BigInteger, nullable=False, server_default="0")


def new_table(name: str, *parts: Column[int] | Column[str] | Index | UniqueConstraint) -> Table:
    """A table whose ids are never used twice."""
    return Table(name, metadata, *parts, sqlite_autoincrement=True)


def some(index: str, condition: str, *columns: str | ColumnElement[Any]) -> Index:
    """An index over the few rows that `condition` holds for; the queue reads nothing but these."""
    return Index(index, *columns, sqlite_where=text(condition), postgresql_where=text(condition))
