"""What stands on an operation: later work that undo would pull the ground from under.

One statement finds all later work that may do so, each with the way in which it is near; what of it really stands on
the operation is told by the columns both wrote.
"""

# ruff: noqa: S608 - statements are built from our own table and column names only
from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

from leaddesk.db.journal import BOOKKEEPING, FOLLOWING, SHARED, operation_row, operations
from leaddesk.db.prepared import Prepared, said
from leaddesk.db.tables import operation
from leaddesk.workflow.undo import SENDING, OperationRow
from leaddesk.workflow.vocabulary import OPEN_STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from leaddesk.db.told import Told

PLAN = frozenset({"status", "retry_at", "return_at", "came_back_at", "idle_ok"})
"""Fields of a lead that say together whether and when it is worked next: who writes one has looked at all of them."""


def weighty(table: str, names: Iterable[str]) -> set[str]:
    """Those of these columns that other work can stand on: not marks, nor what follows from other fields."""
    return set(names) - FOLLOWING.get(table, BOOKKEEPING)


def _is_work(table: str, cols: str) -> bool:
    """Whether a line is somebody's work on the row, and not only what followed from work elsewhere."""
    return cols == "*" or bool(weighty(table, cols.split(",")))


def _clash(table: str, mine: str, later: str) -> bool:
    if table in SHARED:
        return False
    if "*" in (mine, later):
        return _is_work(table, mine) and _is_work(table, later)
    ours, theirs = weighty(table, mine.split(",")), weighty(table, later.split(","))
    return bool(ours & theirs) or (table == "lead" and bool(ours & PLAN and theirs & PLAN))


_LATER = """later.operation_id > :op AND o.id = later.operation_id AND o.kind = 'do' AND o.undone = 0"""
_WAYS = {
    "same row": "later.tbl = mine.tbl AND later.row_id = mine.row_id",
    "on a lead it made": "mine.tbl = 'lead' AND mine.before IS NULL AND later.lead_id = mine.row_id",
    "on a client it made": "mine.tbl = 'client' AND mine.before IS NULL AND later.client_id = mine.row_id",
    # Nobody could say to which of the two cards work on the one made of them belongs.
    "on a card it merged away": "mine.tbl = 'redirect' AND mine.before IS NULL AND later.lead_id = mine.row_id",
    "on a card it merged": "mine.tbl = 'redirect' AND mine.before IS NULL AND later.lead_id = mine.lead_id",
    # A lead joined to a client is not the client's row, but the client cannot go from under it.
    "lead joined": (
        "mine.tbl = 'client' AND mine.before IS NULL AND l.client_id = mine.row_id "
        "AND later.tbl = 'lead' AND later.row_id = l.id AND later.cols LIKE '%client_id%'"
    ),
    # What was done to a card before it went into another one is part of that one now.
    "merged away": "r.id = mine.lead_id AND later.tbl = 'redirect' AND later.row_id = r.id AND later.before IS NULL",
    # A lead that left work has no open tasks; one that was done or moved before that must not come back open.
    "lead moved": (
        "mine.tbl = 'task' AND later.tbl = 'lead' AND later.row_id = mine.lead_id AND later.cols LIKE '%status%'"
    ),
    # And a lead to which something was promised since does not leave work again.
    "task since": (
        "mine.tbl = 'lead' AND mine.cols LIKE '%status%' AND t.lead_id = mine.row_id AND t.done_at IS NULL "
        "AND t.dropped = 0 AND later.tbl = 'task' AND later.row_id = t.id"
    ),
}
"""How later work may be near to an operation's: the rows `later` of the journal, beside the operation's own, `mine`."""
_BESIDE = {"lead joined": "lead AS l", "merged away": "redirect AS r", "task since": "task AS t"}
"""Whom a way leads by."""
_LEFT_WITH = {"lead moved": "later.after", "task since": "mine.{}"}
"""Where a way ends in, as JSON, if that has to be looked at; `{}` is the side of the operation it is turned to."""


def _ways(told: Told) -> tuple[str, ...]:
    """Those ways that can be, after what it wrote: only whole rows can have been made."""
    whole = {table for table, columns in told.parts if columns == "*"}
    can_be = {
        "same row": True,
        "on a lead it made": "lead" in whole,
        "on a client it made": "client" in whole,
        "on a card it merged away": "redirect" in whole,
        "on a card it merged": "redirect" in whole,
        "lead joined": "client" in whole,
        "merged away": True,
        "lead moved": any(table == "task" for table, _ in told.parts),
        "task since": any(table == "lead" and "status" in columns.split(",") for table, columns in told.parts),
    }
    return tuple(way for way in _WAYS if can_be[way])


@cache
def _near(ways: tuple[str, ...], side: str) -> Prepared:
    """CROSS JOIN keeps SQLite to this order: it would rather read all that was ever changed on leads."""
    parts = []
    for way in ways:
        ends_in = _LEFT_WITH.get(way, "''").format(side)
        beside = f"CROSS JOIN {_BESIDE[way]} " if way in _BESIDE else ""
        parts.append(
            f"SELECT '{way}' AS way, mine.tbl, mine.cols, later.operation_id, later.tbl, later.cols, {ends_in} "
            f"FROM change AS mine {beside}CROSS JOIN change AS later CROSS JOIN operation AS o "
            f"WHERE mine.operation_id = :op AND {_WAYS[way]} AND {_LATER}"
        )
    return said(" UNION ".join(parts))


def _stands(way: str, mine_table: str, mine: str, table: str, later: str, ends_in: str) -> bool:
    if way == "same row":
        return _clash(mine_table, mine, later)
    if way in _LEFT_WITH:
        return json.loads(ends_in)["status"] not in OPEN_STATUSES
    return way in ("lead joined", "merged away") or _is_work(table, later)


def blockers(connection: Connection, told: Told, *, back: bool, most: int = 5) -> list[OperationRow]:
    """Operations that stand on this one: they changed the same fields later, or hang on rows it made.

    Of one that is undone (not `back`): those that came since and would stand on it if it were done again.
    """
    near = _near(_ways(told), "before" if back else "after").rows(connection, op=told.operation_id)
    later = {number for way, mine_table, mine, number, *rest in near if _stands(way, mine_table, mine, *rest)}
    if not later:
        return []
    blocking = operation.c.id.in_(sorted(later)) & operation.c.command.not_in(sorted(SENDING))
    newest = operations().where(blocking).order_by(operation.c.id.desc()).limit(most)
    return [operation_row(row) for row in connection.execute(newest)]


def touched_since(connection: Connection, operation_id: int) -> list[int]:
    """Leads an operation made that later work touched, and those merged into others since."""
    found = _SINCE.rows(connection, op=operation_id)
    merged = _MERGED_AWAY.scalars(connection, op=operation_id)
    return sorted({lead_id for lead_id, tbl, cols in found if _is_work(tbl, cols)} | set(merged))


_SINCE = said(
    """SELECT DISTINCT mine.row_id, later.tbl, later.cols FROM change AS mine
    JOIN change AS later ON later.lead_id = mine.row_id AND later.operation_id > mine.operation_id
    JOIN operation AS o ON o.id = later.operation_id
    WHERE mine.operation_id = :op AND mine.tbl = 'lead' AND o.kind = 'do' AND o.undone = 0"""
)
_MERGED_AWAY = said(
    "SELECT DISTINCT later.row_id FROM change AS mine CROSS JOIN redirect AS r CROSS JOIN change AS later "
    f"CROSS JOIN operation AS o WHERE mine.operation_id = :op AND {_WAYS['merged away']} AND {_LATER}"
)
