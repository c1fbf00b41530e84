"""Rows on their way between processes, by columns: most columns of a list say the same in row after row.

Such a column travels once. Written and read so, rows take half the time that objects of each would.
"""

from __future__ import annotations

from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Columns(NamedTuple):
    """Rows of one width by their columns: each a list, or, where `same` says so, the value that all rows have."""

    rows: int
    values: list[Any]
    same: list[bool]


def by_columns(rows: Sequence[tuple[Any, ...]]) -> Columns:
    """The rows, column by column. A column has values of one type, or None: 0 and False would be the same.

    Lists are never taken for the same, for each row may add to its own.
    """
    columns: list[tuple[Any, ...]] = list(zip(*rows, strict=True))
    same = [not isinstance(column[0], list) and column.count(column[0]) == len(column) for column in columns]
    values = [column[0] if is_same else list(column) for column, is_same in zip(columns, same, strict=True)]
    return Columns(len(rows), values, same)


def by_rows(columns: Columns) -> Iterator[tuple[Any, ...]]:
    """The rows again."""
    values = zip(columns.values, columns.same, strict=True)
    return zip(*(repeat(value, columns.rows) if is_same else value for value, is_same in values), strict=True)


def picked(columns: Columns, at: Sequence[int]) -> Columns:
    """Some of the rows, each once and in their order."""
    if len(at) == columns.rows:
        return columns
    told = zip(columns.values, columns.same, strict=True)
    return Columns(len(at), [value if is_same else [value[i] for i in at] for value, is_same in told], columns.same)


def joined(some: Sequence[Columns]) -> Columns:
    """The rows of all of these, one after the other. They have the same columns."""
    if len(some) == 1:
        return some[0]
    values, same = [], []
    for parts in zip(*(zip(columns.values, columns.same, strict=True) for columns in some), strict=True):
        is_same = all(told == (parts[0][0], True) for told in parts)
        same.append(is_same)
        lists = (
            repeat(value, columns.rows) if once else value for (value, once), columns in zip(parts, some, strict=True)
        )
        values.append(parts[0][0] if is_same else list(chain.from_iterable(lists)))
    return Columns(sum(columns.rows for columns in some), values, same)
