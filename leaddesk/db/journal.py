"""The journal: what each operation changed, and the way back.

One line per changed row with its values before and after as JSON of stored values. Undo reads nothing but
this, so it works across restarts, and by set-based statements (`turn.py`), so it costs the same per row for one
lead as for a hundred thousand.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, cast, func, insert, literal, literal_column, null, select

from leaddesk.db.ids import among
from leaddesk.db.mapping import from_ms
from leaddesk.db.prepared import Prepared, given, said
from leaddesk.db.tables import app_user, change, client, lead, operation
from leaddesk.workflow.derived import DERIVED
from leaddesk.workflow.undo import SENDING, OperationRow
from leaddesk.workflow.vocabulary import OPEN_STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection, Select, Table

BOOKKEEPING = frozenset({"version", "changed_at"})
"""Columns every change of a row writes; two operations that share only these do not stand on each other."""

COUNTED = {"lead": frozenset({"touches"})}
"""Columns that only count: undo takes off what the operation put on, whatever was counted since."""

FOLLOWING = {"lead": BOOKKEEPING | DERIVED | COUNTED["lead"]}
"""By table what nobody writes but the program: what follows from other fields is worked out anew after a turn."""

PLAN = frozenset({"status", "retry_at", "return_at", "came_back_at", "idle_ok"})
"""Fields of a lead that say together whether and when it is worked next: who writes one has looked at all of them."""

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
_PARTS = said("SELECT DISTINCT tbl, cols FROM change WHERE operation_id = :op")


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


def parts(connection: Connection, operation_id: int) -> list[tuple[str, str]]:
    """What an operation wrote: tables, and the columns of an update, "*" for whole rows."""
    return [(table, columns) for table, columns in _PARTS.rows(connection, op=operation_id)]


_OVERLAPS = said(
    """SELECT DISTINCT later.operation_id, mine.tbl, mine.cols AS mine_cols, later.cols AS later_cols
    FROM change AS mine JOIN change AS later
      ON later.tbl = mine.tbl AND later.row_id = mine.row_id AND later.operation_id > mine.operation_id
    JOIN operation AS o ON o.id = later.operation_id
    WHERE mine.operation_id = :op AND o.kind = 'do' AND o.undone = 0"""
)
_DEPENDENTS = """SELECT DISTINCT later.operation_id, later.tbl, later.cols
    FROM change AS mine JOIN change AS later
      ON later.{key} = mine.row_id AND later.operation_id > mine.operation_id
    JOIN operation AS o ON o.id = later.operation_id
    WHERE mine.operation_id = :op AND mine.tbl = '{table}' AND mine.before IS NULL
      AND o.kind = 'do' AND o.undone = 0"""


_KEYS = {"lead": "lead_id", "client": "client_id"}

_JOINED = said(
    """SELECT DISTINCT later.operation_id
    FROM change AS mine CROSS JOIN lead AS l CROSS JOIN change AS later CROSS JOIN operation AS o
    WHERE mine.operation_id = :op AND mine.tbl = 'client' AND mine.before IS NULL
      AND l.client_id = mine.row_id
      AND later.tbl = 'lead' AND later.row_id = l.id AND later.operation_id > mine.operation_id
      AND later.cols LIKE '%client_id%' AND o.id = later.operation_id AND o.kind = 'do' AND o.undone = 0"""
)
"""A lead joined to a client is not the client's row, but the client cannot go from under it.

CROSS JOIN keeps SQLite to this order: it would rather read all that was ever changed on leads.
"""


_CLOSED = said(
    """SELECT DISTINCT later.operation_id, later.after
    FROM change AS mine CROSS JOIN change AS later CROSS JOIN operation AS o
    WHERE mine.operation_id = :op AND mine.tbl = 'task'
      AND later.tbl = 'lead' AND later.row_id = mine.lead_id AND later.operation_id > mine.operation_id
      AND later.cols LIKE '%status%' AND o.id = later.operation_id AND o.kind = 'do' AND o.undone = 0"""
)
"""A lead that left work has no open tasks; one that was done or moved before that must not come back open."""


_MERGED_ON = """SELECT DISTINCT later.operation_id, later.tbl, later.cols
    FROM change AS mine CROSS JOIN change AS later CROSS JOIN operation AS o
    WHERE mine.operation_id = :op AND mine.tbl = 'redirect' AND mine.before IS NULL
      AND later.lead_id = mine.{key} AND later.operation_id > mine.operation_id
      AND o.id = later.operation_id AND o.kind = 'do' AND o.undone = 0"""
"""Work on a card that was made of two: nobody could say to which of them it belongs."""


_MERGED_AWAY = said(
    """SELECT DISTINCT later.operation_id, later.row_id
    FROM change AS mine CROSS JOIN redirect AS r CROSS JOIN change AS later CROSS JOIN operation AS o
    WHERE mine.operation_id = :op AND r.id = mine.lead_id
      AND later.tbl = 'redirect' AND later.row_id = r.id AND later.before IS NULL AND later.operation_id > :op
      AND o.id = later.operation_id AND o.kind = 'do' AND o.undone = 0"""
)
"""A card that went into another one: what was done to it before is part of that one now."""


def weighty(table: str, names: Iterable[str]) -> set[str]:
    """Those of these columns that other work can stand on: not marks, nor what follows from other fields."""
    return set(names) - FOLLOWING.get(table, BOOKKEEPING)


def _is_work(table: str, cols: str) -> bool:
    """Whether a line is somebody's work on the row, and not only what followed from work elsewhere."""
    return cols == "*" or bool(weighty(table, cols.split(",")))


def _clash(table: str, mine: str, later: str) -> bool:
    if "*" in (mine, later):
        return _is_work(table, mine) and _is_work(table, later)
    ours, theirs = weighty(table, mine.split(",")), weighty(table, later.split(","))
    return bool(ours & theirs) or (table == "lead" and bool(ours & PLAN and theirs & PLAN))


def blockers(connection: Connection, operation_id: int, *, most: int = 5) -> list[OperationRow]:
    """Operations that stand on this one: they changed the same fields later, or hang on rows it made.

    Of one that is undone: those that came since and would stand on it if it were done again.
    """
    written = parts(connection, operation_id)
    # Only whole rows can have been made, or taken away.
    whole = {table for table, columns in written if columns == "*"}
    rows = _OVERLAPS.rows(connection, op=operation_id)
    later = {row[0] for row in rows if row[1] not in SHARED and _clash(*row[1:])}
    hanging = [
        *(_DEPENDENTS.format(table=table, key=key) for table, key in _KEYS.items() if table in whole),
        *(_MERGED_ON.format(key=key) for key in ("row_id", "lead_id") if "redirect" in whole),
    ]
    for statement in hanging:
        found = said(statement).rows(connection, op=operation_id)
        later.update(number for number, tbl, cols in found if _is_work(tbl, cols))
    if "client" in whole:
        later.update(_JOINED.scalars(connection, op=operation_id))
    later.update(_MERGED_AWAY.scalars(connection, op=operation_id))
    if any(table == "task" for table, _ in written):
        moved = _CLOSED.rows(connection, op=operation_id)
        later.update(number for number, after in moved if json.loads(after)["status"] not in OPEN_STATUSES)
    if not later:
        return []
    blocking = operation.c.id.in_(sorted(later)) & operation.c.command.not_in(sorted(SENDING))
    newest = operations().where(blocking).order_by(operation.c.id.desc()).limit(most)
    return [operation_row(row) for row in connection.execute(newest)]


def hold(connection: Connection, row: OperationRow) -> bool:
    """Keep an operation and the cards it concerns as they are until commit; whether it still is as it was read.

    Work under way on one of these cards is waited for, so that it is seen to stand on the operation. A SQLite writer
    is alone anyway.
    """
    if connection.dialect.name == "sqlite":
        return True
    undone = connection.scalar(select(operation.c.undone).where(operation.c.id == row.id).with_for_update())
    for table, mine in ((lead, change.c.lead_id), (client, change.c.client_id)):
        ids = select(mine).where(change.c.operation_id == row.id, mine.is_not(None))
        connection.execute(select(table.c.id).where(table.c.id.in_(ids)).order_by(table.c.id).with_for_update())
    return bool(undone) == row.undone


def touched(connection: Connection, operation_id: int) -> tuple[set[int], set[int]]:
    """The leads and clients an operation touched."""
    ids: tuple[set[int], set[int]] = (set(), set())
    for lead_id, client_id in _SUBJECTS.rows(connection, op=operation_id):
        ids[0].update({lead_id} - {None})
        ids[1].update({client_id} - {None})
    # A row that moved from one card to another is written down under the other.
    for before in _MOVED.scalars(connection, op=operation_id):
        values = json.loads(before)
        for found, name in zip(ids, ("lead_id", "client_id"), strict=True):
            found.update({values.get(name)} - {None})
    return ids


_SUBJECTS = said("SELECT DISTINCT lead_id, client_id FROM change WHERE operation_id = :op")
_MOVED = Prepared(
    lambda _: select(change.c.before).where(
        change.c.operation_id == given("op"),
        change.c.cols.like("%lead\\_id%", escape="\\") | change.c.cols.like("%client\\_id%", escape="\\"),
    )
)
_SUPPRESSION = said("SELECT 1 FROM change WHERE operation_id = :op AND tbl = 'suppression' LIMIT 1")


def reaches_others(connection: Connection, operation_id: int) -> bool:
    """Whether an operation concerns cards it does not name: a number is barred on whatever card it stands."""
    return _SUPPRESSION.first(connection, op=operation_id) is not None


def touched_since(connection: Connection, operation_id: int) -> list[int]:
    """Leads an operation made that later work touched, and those merged into others since."""
    statement = said(
        """SELECT DISTINCT mine.row_id, later.tbl, later.cols FROM change AS mine
        JOIN change AS later ON later.lead_id = mine.row_id AND later.operation_id > mine.operation_id
        JOIN operation AS o ON o.id = later.operation_id
        WHERE mine.operation_id = :op AND mine.tbl = 'lead' AND o.kind = 'do' AND o.undone = 0"""
    )
    found = statement.rows(connection, op=operation_id)
    merged = _MERGED_AWAY.rows(connection, op=operation_id)
    return sorted({lead_id for lead_id, tbl, cols in found if _is_work(tbl, cols)} | {row[1] for row in merged})


def subjects(table: Table) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Whose card a row belongs to: its lead's id and its client's id, or NULL. A lead is not its client's row."""
    lead_id = table.c.id if table.name in ("lead", "lead_extra") else table.c.get("lead_id", null())
    client_id = table.c.id if table.name == "client" else table.c.get("client_id", null())
    return lead_id, null() if table.name == "lead" else client_id


def of_inserted(connection: Connection, table: Table, operation_id: int, ids: Sequence[int]) -> None:
    """Journal freshly inserted rows by one statement."""
    whole = object_of(connection, table, [c.name for c in table.c])
    _write(connection, table, operation_id, ids, "*", null(), whole)


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
