"""The journal: what each operation changed, and the way back.

One line per changed row with its values before and after as JSON of stored values. Undo reads nothing but
this, so it works across restarts: a few rows one by one (`turn_few.py`), a hundred thousand by set-based statements
(`turn.py`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import DefaultClause, Text, cast, func, insert, literal, literal_column, null, select

from leaddesk.db.ids import among
from leaddesk.db.mapping import from_ms
from leaddesk.db.prepared import Prepared, given, said
from leaddesk.db.tables import app_user, change, operation
from leaddesk.workflow.derived import DERIVED
from leaddesk.workflow.undo import OperationRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Column, ColumnElement, Connection, Select, Table

BOOKKEEPING = frozenset({"version", "changed_at"})
"""Columns every change of a row writes; two operations that share only these do not stand on each other."""

COUNTED = {"lead": frozenset({"touches"})}
"""Columns that only count: undo takes off what the operation put on, whatever was counted since."""

FOLLOWING = {"lead": BOOKKEEPING | DERIVED | COUNTED["lead"]}
"""By table what nobody writes but the program: what follows from other fields is worked out anew after a turn."""

OWNED_BY = frozenset({"lead_id", "client_id"})
"""Columns that say whose card a row belongs to."""

SPARING = frozenset({"ImportRows"})
"""Commands whose undo leaves out the cards worked on since, instead of being refused."""

SHARED = ("source", "app_user", "import_batch")
"""Tables whose rows other work may have come to use; undo leaves those in place."""


def object_of(connection: Connection, table: Table, names: Sequence[str]) -> ColumnElement[Any]:
    """A JSON object of these columns, as text. PostgreSQL's functions take at most 100 arguments."""
    if connection.dialect.name != "sqlite" and len(names) == len(table.c):
        return literal_column(f"row_to_json({table.name})::text", Text)
    pairs = [part for name in names for part in (literal_column(f"'{name}'", Text), table.c[name])]
    if connection.dialect.name == "sqlite":
        return func.json_object(*pairs)
    return cast(func.json_build_object(*pairs), Text)


def operations() -> Select[*tuple[Any, ...]]:
    """The journal's lines with the name of who did them."""
    o = operation.c
    return select(
        o.id, o.at, o.user_id, app_user.c.name, o.command, o.words, o.kind, o.undone, o.target_id
    ).select_from(operation.outerjoin(app_user, app_user.c.id == o.user_id))


def operation_row(row: Sequence[Any]) -> OperationRow:
    """A line of `operations()` as the workflow sees it."""
    values = list(row)
    values[1] = from_ms(values[1])
    values[3] = values[3] or "LeadDesk"
    values[7] = bool(values[7])
    return OperationRow(*values)


_ID = operation.c.id
_MINE = operation.c.user_id == given("user_id")
_BY_ID = Prepared(lambda _: operations().where(given("id") == _ID))
_LAST_DONE = Prepared(
    lambda _: operations().where(_MINE, operation.c.kind == "do", operation.c.undone == 0).order_by(_ID.desc()).limit(1)
)
_LAST_UNDONE = said(
    """SELECT target.id FROM operation AS o JOIN operation AS target ON target.id = o.target_id
    WHERE o.user_id = :user_id AND o.kind = 'undo' AND o.undone = 0 AND target.undone = 1
      AND o.id > COALESCE((SELECT max(id) FROM operation WHERE user_id = :user_id AND kind = 'do'), 0)
    ORDER BY o.id DESC LIMIT 1"""
)
"""What the user undid last, if they did nothing new since."""


def by_id(connection: Connection, operation_id: int) -> OperationRow | None:
    """One operation."""
    row = _BY_ID.first(connection, id=operation_id)
    return operation_row(row) if row else None


def last_undoable(connection: Connection, user_id: int) -> OperationRow | None:
    """The user's newest operation that stands."""
    row = _LAST_DONE.first(connection, user_id=user_id)
    return operation_row(row) if row else None


def last_redoable(connection: Connection, user_id: int) -> OperationRow | None:
    """The target of the user's newest undo that stands, if they did nothing new since."""
    target_id = _LAST_UNDONE.scalar(connection, user_id=user_id)
    return None if target_id is None else by_id(connection, target_id)


def subjects(table: Table) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Whose card a row belongs to: its lead's id and its client's id, or NULL. A lead is not its client's row."""
    lead_id = table.c.id if table.name in ("lead", "lead_extra") else table.c.get("lead_id", null())
    client_id = table.c.id if table.name == "client" else table.c.get("client_id", null())
    return lead_id, null() if table.name == "lead" else client_id


WRITE_LINE = Prepared(lambda _: insert(change), "operation_id tbl row_id lead_id client_id cols before after".split())
"""One line, its values as of `change`."""


def of_inserted(
    connection: Connection, table: Table, operation_id: int, ids: Sequence[int], told: Sequence[str] = ()
) -> None:
    """Journal freshly inserted rows by one statement.

    `told` are the columns in which they differ from an empty row; the others may be left out, for whoever reads a line
    takes what it does not name for empty (`turn.value_of`). No names mean all columns.
    """
    whole = object_of(connection, table, list(told) or [c.name for c in table.c])
    _write(connection, table, operation_id, ids, "*", null(), whole)


def empty_value(column: Column[Any]) -> str | int | None:
    """What stands in this column of a row that says nothing of it, as `turn.value_of` has it."""
    if column.nullable or not isinstance(column.server_default, DefaultClause):
        return None
    said = str(column.server_default.arg)
    return said if isinstance(column.type, Text) else int(said)


def of_updated(
    connection: Connection, table: Table, operation_id: int, ids: Sequence[int], values: dict[str, Any]
) -> None:
    """Journal rows about to get these stored values, by one statement."""
    names = sorted(values)
    after = json.dumps({name: values[name] for name in names}, ensure_ascii=False)
    before = object_of(connection, table, names)
    _write(connection, table, operation_id, ids, ",".join(names), before, literal(after, Text))


def _these(connection: Connection, table: Table, ids: Sequence[int]) -> ColumnElement[bool]:
    """Rows that were put in together lie together."""
    if len(ids) > 1 and ids[-1] - ids[0] == len(ids) - 1 and all(map(int.__lt__, ids, ids[1:])):
        return table.c.id.between(ids[0], ids[-1])
    return among(connection, table.c.id, ids)


def _write(
    connection: Connection,
    table: Table,
    operation_id: int,
    ids: Sequence[int],
    cols: str,
    before: ColumnElement[Any],
    after: ColumnElement[Any],
) -> None:
    lead_id, client_id = subjects(table)
    rows = select(
        literal(operation_id),
        literal(table.name, Text),
        table.c.id,
        lead_id,
        client_id,
        literal(cols, Text),
        before,
        after,
    ).where(_these(connection, table, ids))
    names = ["operation_id", "tbl", "row_id", "lead_id", "client_id", "cols", "before", "after"]
    connection.execute(insert(change).from_select(names, rows))
