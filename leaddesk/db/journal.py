"""The journal: what each operation changed, and the way back.

One line per changed row with its values before and after as JSON of stored values. Undo reads nothing but
this, so it works across restarts, and by set-based statements, so it costs the same per row for one lead
as for a hundred thousand.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    DefaultClause,
    Integer,
    SmallInteger,
    Text,
    cast,
    func,
    insert,
    literal,
    literal_column,
    null,
    select,
    text,
    update,
)

from leaddesk.db.ids import among
from leaddesk.db.mapping import from_ms
from leaddesk.db.tables import app_user, change, metadata, operation
from leaddesk.workflow.undo import OperationRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Row, Select, Table

BOOKKEEPING = frozenset({"version", "changed_at"})
"""Columns every change of a row writes; two operations that share only these do not stand on each other."""

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


def value_of(connection: Connection, table: Table, name: str, source: str) -> str:
    """SQL for one stored value out of the JSON text in `source`, in the column's own type.

    A line older than the column says nothing of it: then it is what a new row gets.
    """
    column = table.c[name]
    if connection.dialect.name == "sqlite":
        value = f"json_extract({source}, '$.{name}')"
    else:
        as_type = "bigint" if isinstance(column.type, BigInteger | Integer | SmallInteger) else "text"
        value = f"({source}::json ->> '{name}')::{as_type}"
    if column.nullable or not isinstance(column.server_default, DefaultClause):
        return value
    return f"COALESCE({value}, '{column.server_default.arg}')"


def operations() -> Select[*tuple[Any, ...]]:
    """The journal's lines with the name of who did them."""
    o = operation.c
    return select(
        o.id, o.at, o.user_id, app_user.c.name, o.command, o.words, o.kind, o.undone, o.target_id
    ).select_from(operation.outerjoin(app_user, app_user.c.id == o.user_id))


def operation_row(row: Row[*tuple[Any, ...]]) -> OperationRow:
    """A line of `operations()` as the workflow sees it."""
    values = list(row)
    values[1] = from_ms(values[1])
    values[3] = values[3] or "LeadDesk"
    values[7] = bool(values[7])
    return OperationRow(*values)


def one(connection: Connection, statement: Select[*tuple[Any, ...]]) -> OperationRow | None:
    """The first line of a selection of operations."""
    row = connection.execute(statement.limit(1)).first()
    return operation_row(row) if row else None


def last_undoable(connection: Connection, user_id: int) -> OperationRow | None:
    """The user's newest operation that stands."""
    o = operation.c
    mine = (o.user_id == user_id) & (o.kind == "do") & (o.undone == 0)
    return one(connection, operations().where(mine).order_by(o.id.desc()))


def last_redoable(connection: Connection, user_id: int) -> OperationRow | None:
    """The target of the user's newest undo that stands, if they did nothing new since."""
    o = operation.c
    newest = connection.scalar(
        select(o.id).where((o.user_id == user_id) & (o.kind == "do")).order_by(o.id.desc()).limit(1)
    )
    target = operation.alias("target")
    undone = (
        select(target.c.id)
        .select_from(operation.join(target, target.c.id == o.target_id))
        .where((o.user_id == user_id) & (o.kind == "undo") & (o.undone == 0) & (target.c.undone == 1))
        .where(o.id > (newest or 0))
        .order_by(o.id.desc())
        .limit(1)
    )
    target_id = connection.scalar(undone)
    return None if target_id is None else one(connection, operations().where(o.id == target_id))


_OVERLAPS = text(
    """SELECT DISTINCT later.operation_id, mine.tbl, mine.cols AS mine_cols, later.cols AS later_cols
    FROM change AS mine JOIN change AS later
      ON later.tbl = mine.tbl AND later.row_id = mine.row_id AND later.operation_id > mine.operation_id
    JOIN operation AS o ON o.id = later.operation_id
    WHERE mine.operation_id = :op AND o.kind = 'do' AND o.undone = 0"""
)
_DEPENDENTS = """SELECT DISTINCT later.operation_id
    FROM change AS mine JOIN change AS later
      ON later.{key} = mine.row_id AND later.operation_id > mine.operation_id
    JOIN operation AS o ON o.id = later.operation_id
    WHERE mine.operation_id = :op AND mine.tbl = '{table}' AND mine.before IS NULL
      AND o.kind = 'do' AND o.undone = 0"""


_JOINED = text(
    """SELECT DISTINCT later.operation_id
    FROM change AS mine JOIN lead AS l ON l.client_id = mine.row_id
    JOIN change AS later ON later.tbl = 'lead' AND later.row_id = l.id AND later.operation_id > mine.operation_id
    JOIN operation AS o ON o.id = later.operation_id
    WHERE mine.operation_id = :op AND mine.tbl = 'client' AND mine.before IS NULL
      AND later.cols LIKE '%client_id%' AND o.kind = 'do' AND o.undone = 0"""
)
"""A lead joined to a client is not the client's row, but the client cannot go from under it."""


def _clash(mine: str, later: str) -> bool:
    if "*" in (mine, later):
        return True
    return bool((set(mine.split(",")) & set(later.split(","))) - BOOKKEEPING)


def blockers(connection: Connection, operation_id: int, *, most: int = 5) -> list[OperationRow]:
    """Operations that stand on this one: they changed the same fields later, or hang on rows it made."""
    rows = connection.execute(_OVERLAPS, {"op": operation_id}).all()
    later = {row[0] for row in rows if row[1] not in SHARED and _clash(row[2], row[3])}
    for table, key in (("lead", "lead_id"), ("client", "client_id")):
        statement = text(_DEPENDENTS.format(table=table, key=key))
        later.update(connection.scalars(statement, {"op": operation_id}))
    later.update(connection.scalars(_JOINED, {"op": operation_id}))
    newest = sorted(later, reverse=True)[:most]
    found = connection.execute(operations().where(operation.c.id.in_(newest)).order_by(operation.c.id.desc()))
    return [operation_row(row) for row in found]


def touched(connection: Connection, operation_id: int) -> tuple[set[int], set[int]]:
    """The leads and clients an operation touched."""
    ids = []
    for column in (change.c.lead_id, change.c.client_id):
        here = (change.c.operation_id == operation_id) & column.is_not(None)
        ids.append(set(connection.scalars(select(column).where(here).distinct())))
    # A row that moved from one card to another is written down under the other.
    moved = change.c.cols.like("%lead\\_id%", escape="\\") | change.c.cols.like("%client\\_id%", escape="\\")
    for before in connection.scalars(select(change.c.before).where(change.c.operation_id == operation_id, moved)):
        values = json.loads(before)
        for found, name in zip(ids, ("lead_id", "client_id"), strict=True):
            found.update({values.get(name)} - {None})
    return ids[0], ids[1]


def reaches_others(connection: Connection, operation_id: int) -> bool:
    """Whether an operation concerns cards it does not name: a number is barred on whatever card it stands."""
    here = (change.c.operation_id == operation_id) & (change.c.tbl == "suppression")
    return connection.execute(select(change.c.id).where(here).limit(1)).first() is not None


class Turn:
    """Turns the rows of one operation back (`before`) or forward again (`after`), by set-based statements."""

    def __init__(self, connection: Connection, target_id: int, by: int, now_ms: int, *, back: bool) -> None:
        """`by` is the operation that does the turning; its own lines are written as it goes."""
        self.connection = connection
        self.target_id = target_id
        self.by = by
        self.now_ms = now_ms
        self.old, self.new = ("after", "before") if back else ("before", "after")
        self.values = {"op": target_id, "by": by, "now": now_ms}

    def run(self, spared: Sequence[int] = ()) -> None:
        """Turn every row, but not those of the spared leads."""
        sqlite = self.connection.dialect.name == "sqlite"
        self.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON" if sqlite else "SET CONSTRAINTS ALL DEFERRED")
        self._spare = self._spare_clause(spared)
        groups = self.connection.execute(
            select(change.c.tbl, change.c.cols, change.c[self.old].is_(None), change.c[self.new].is_(None))
            .where(change.c.operation_id == self.target_id)
            .distinct()
        ).all()
        order = [table.name for table in metadata.sorted_tables]
        for name, cols, from_nothing, to_nothing in sorted(groups, key=lambda g: (order.index(g[0]), g[1])):
            table = metadata.tables[name]
            if from_nothing:
                self._bring(table)
            elif not to_nothing:
                self._set(table, cols.split(","))
        for name in reversed(order):
            if any(g[0] == name and g[3] and not g[2] for g in groups):
                self._take_away(metadata.tables[name])

    def fits(self) -> bool:
        """Whether the rows are still as this turn expects to find them."""
        for name, cols in self.connection.execute(
            select(change.c.tbl, change.c.cols)
            .where((change.c.operation_id == self.target_id) & (change.c[self.old].is_not(None)))
            .distinct()
        ).all():
            table = metadata.tables[name]
            names = [c.name for c in table.c] if cols == "*" else cols.split(",")
            # Versions tell only that something changed, maybe fields this operation never touched.
            names = [n for n in names if n not in BOOKKEEPING]
            differs = " OR ".join(
                f"t.{n} IS DISTINCT FROM {value_of(self.connection, table, n, f'c.{self.old}')}" for n in names
            )
            statement = (
                f"SELECT 1 FROM change c LEFT JOIN {name} t ON t.id = c.row_id WHERE c.operation_id = :op "
                f"AND c.tbl = '{name}' AND c.cols = :cols AND c.{self.old} IS NOT NULL "
                f"AND (t.id IS NULL OR {differs}) LIMIT 1"
            )
            if self.connection.execute(text(statement), {**self.values, "cols": cols}).first():
                return False
        return True

    def _spare_clause(self, spared: Sequence[int]) -> str:
        if not spared:
            return ""
        ids = ",".join(str(int(i)) for i in spared)
        return f" AND (c.lead_id IS NULL OR c.lead_id NOT IN ({ids}))"

    def _where(self, table: Table) -> str:
        return f"c.operation_id = :op AND c.tbl = '{table.name}'{self._spare}"

    def _log(self, where: str, values: dict[str, Any], old: str | None = None, new: str | None = None) -> None:
        self.connection.execute(
            text(
                "INSERT INTO change (operation_id, tbl, row_id, lead_id, client_id, cols, before, after) "
                f"SELECT :by, c.tbl, c.row_id, c.lead_id, c.client_id, c.cols, {old or 'c.' + self.old}, "
                f"{new or 'c.' + self.new} FROM change c WHERE {where}"
            ),
            values,
        )

    def _bring(self, table: Table) -> None:
        """Insert rows again; those of shared tables may still be there."""
        names = [c.name for c in table.c]
        picked = ", ".join(value_of(self.connection, table, n, f"c.{self.new}") for n in names)
        where = f"{self._where(table)} AND c.{self.old} IS NULL AND c.{self.new} IS NOT NULL"
        if table.name in SHARED:
            where += f" AND NOT EXISTS (SELECT 1 FROM {table.name} t WHERE t.id = c.row_id)"
        self._log(where, self.values)
        self.connection.execute(
            text(f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {picked} FROM change c WHERE {where}"),
            self.values,
        )

    def _take_away(self, table: Table) -> None:
        """Delete rows; those of shared tables only where nothing hangs on them."""
        where = f"{self._where(table)} AND c.{self.new} IS NULL AND c.{self.old} IS NOT NULL"
        if table.name in SHARED:
            for other in metadata.tables.values():
                for key in other.foreign_keys:
                    if key.column.table is table:
                        where += f" AND NOT EXISTS (SELECT 1 FROM {other.name} x WHERE x.{key.parent.name} = c.row_id)"
        self._log(where, self.values)
        self.connection.execute(
            text(f"DELETE FROM {table.name} WHERE id IN (SELECT c.row_id FROM change c WHERE {where})"), self.values
        )

    def _set(self, table: Table, names: list[str]) -> None:
        """Set columns; a row that other fields of were changed since keeps a version of its own."""
        c, values = self.connection, {**self.values, "cols": ",".join(names)}
        where = f"{self._where(table)} AND c.cols = :cols AND c.{self.old} IS NOT NULL AND c.{self.new} IS NOT NULL"
        drifted: list[int] = []
        if "version" in names:
            found = text(
                f"SELECT c.row_id FROM change c JOIN {table.name} t ON t.id = c.row_id WHERE {where} "
                f"AND t.version <> {value_of(c, table, 'version', f'c.{self.old}')}"
            )
            drifted = list(c.scalars(found, values))
            if drifted:
                where += f" AND c.row_id NOT IN ({','.join(str(i) for i in drifted)})"
        sets = ", ".join(f"{n} = {value_of(c, table, n, f'c.{self.new}')}" for n in names)
        self._log(where, values)
        c.execute(
            text(f"UPDATE {table.name} SET {sets} FROM change c WHERE {where} AND {table.name}.id = c.row_id"), values
        )
        for row_id in drifted:
            self._set_drifted(table, row_id)

    def _set_drifted(self, table: Table, row_id: int) -> None:
        mine = (change.c.operation_id == self.target_id) & (change.c.tbl == table.name) & (change.c.row_id == row_id)
        line = self.connection.execute(select(change).where(mine)).mappings().one()
        wanted = {k: v for k, v in json.loads(line[self.new]).items() if k not in BOOKKEEPING}
        wanted["version"] = self.by
        if "changed_at" in table.c:
            wanted["changed_at"] = self.now_ms
        names = sorted(wanted)
        row = self.connection.execute(select(*(table.c[n] for n in names)).where(table.c.id == row_id)).one()
        self.connection.execute(update(table).where(table.c.id == row_id).values(wanted))
        self.connection.execute(
            insert(change).values(
                operation_id=self.by,
                tbl=table.name,
                row_id=row_id,
                lead_id=line["lead_id"],
                client_id=line["client_id"],
                cols=",".join(names),
                before=json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False),
                after=json.dumps({n: wanted[n] for n in names}, ensure_ascii=False),
            )
        )


def touched_since(connection: Connection, operation_id: int) -> list[int]:
    """Leads an operation made that later work touched."""
    statement = text(
        """SELECT DISTINCT mine.row_id FROM change AS mine
        JOIN change AS later ON later.lead_id = mine.row_id AND later.operation_id > mine.operation_id
        JOIN operation AS o ON o.id = later.operation_id
        WHERE mine.operation_id = :op AND mine.tbl = 'lead' AND o.kind = 'do' AND o.undone = 0"""
    )
    return list(connection.scalars(statement, {"op": operation_id}))


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
    ).where(among(connection, table.c.id, ids))
    names = ["operation_id", "tbl", "row_id", "lead_id", "client_id", "cols", "before", "after"]
    connection.execute(insert(change).from_select(names, rows))
