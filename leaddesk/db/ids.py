"""Many ids in one statement, the way each engine likes it: one bound value, one compiled statement."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import BigInteger, Text, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection

T = TypeVar("T")


def among(connection: Connection, field: ColumnElement[Any], ids: Sequence[int]) -> ColumnElement[bool]:
    """`field` is one of `ids`, however many: a JSON array on SQLite, a native one on PostgreSQL."""
    if connection.dialect.name == "sqlite":
        values = func.json_each(bindparam(None, json.dumps(list(ids)), unique=True, type_=Text)).table_valued("value")
        return field.in_(select(values.c.value))
    return field == any_(bindparam(None, list(ids), unique=True, type_=ARRAY(BigInteger)))


def among_texts(connection: Connection, field: ColumnElement[Any], texts: Sequence[str]) -> ColumnElement[bool]:
    """`field` is one of `texts`, however many."""
    if connection.dialect.name == "sqlite":
        values = func.json_each(bindparam(None, json.dumps(list(texts)), unique=True, type_=Text)).table_valued("value")
        return field.in_(select(values.c.value))
    return field == any_(bindparam(None, list(texts), unique=True, type_=ARRAY(Text)))


def chunks(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """`values` in pieces of at most `size`."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
