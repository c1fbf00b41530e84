"""The way back and forth: the rows of one operation as they were before it, or after it, by set-based statements.

It costs the same per row for one lead as for a hundred thousand; where there are but a few rows, `turn_few.py` does
the usual of them sooner. A row that others wrote meanwhile (its `version` tells) keeps what they wrote and gets a version of its own; all
others return to the byte.
"""

# ruff: noqa: S608 - statements are built from our own table and column names only
from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, DefaultClause, Integer, SmallInteger, select, text

from leaddesk.db.journal import COUNTED, FOLLOWING, SHARED, object_of
from leaddesk.db.prepared import said
from leaddesk.db.standing import weighty
from leaddesk.db.tables import change, lead, metadata

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Table

NOTHING: Mapping[str, Sequence[int]] = {}
Group = tuple[str, str, bool, bool]
"""Table and columns of some lines, whether the rows are to be made, and whether they are to go."""


@cache
def places() -> Mapping[str, int]:
    """By table its place in the order in which rows need one another."""
    return {table.name: place for place, table in enumerate(metadata.sorted_tables)}


def telling(table: Table, names: Iterable[str]) -> list[str]:
    """The columns among these that tell whether a row was written since: its version, or fields no check kept still.

    None, if nobody can have written these columns.
    """
    return ["version"] if "version" in names else sorted(FOLLOWING.get(table.name, frozenset()).intersection(names))


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


def _meant(statement: str, values: dict[str, Any]) -> dict[str, Any]:
    """Those of the values that the statement names."""
    return {name: value for name, value in values.items() if f":{name}" in statement}


def _list(ids: Iterable[int]) -> str:
    return ",".join(str(int(i)) for i in ids)


class Turn:
    """Turns the rows of one operation back (`before`) or forward again (`after`)."""

    def __init__(self, connection: Connection, target_id: int, by: int, now_ms: int, *, back: bool) -> None:
        """`by` is the operation that does the turning; its own lines are written as it goes."""
        self.connection = connection
        self.target_id = target_id
        self.old, self.new = ("after", "before") if back else ("before", "after")
        self.values: dict[str, Any] = {"op": target_id, "by": by, "now": now_ms}

    def run(self, spared: Sequence[int] = (), kept: Mapping[str, Sequence[int]] = NOTHING) -> None:
        """Turn every row, but not those of the spared leads, nor the ones kept (ids by table)."""
        self._defer()
        self._spare = self._spare_clause(spared)
        self._kept = kept
        groups = sorted(self._groups(), key=lambda group: (places()[group[0]], group[1]))
        for name, cols, to_make, to_go in groups:
            if to_make:
                self._bring(metadata.tables[name])
            elif not to_go:
                self._set(metadata.tables[name], cols)
        # Nothing goes before what hangs on it.
        for name in reversed(list(dict.fromkeys(name for name, _, to_make, to_go in groups if to_go and not to_make))):
            self._take_away(metadata.tables[name])

    def _defer(self) -> None:
        """Have references checked at the commit: one statement makes or removes many rows."""
        sqlite = self.connection.dialect.name == "sqlite"
        self.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON" if sqlite else "SET CONSTRAINTS ALL DEFERRED")

    def _groups(self) -> Iterable[Group]:
        statement = said(
            f"SELECT DISTINCT tbl, cols, {self.old} IS NULL, {self.new} IS NULL FROM change WHERE operation_id = :op"
        )
        return [
            (table, cols, bool(a), bool(b)) for table, cols, a, b in statement.rows(self.connection, op=self.target_id)
        ]

    def fits(self) -> bool:
        """Whether the rows are still as this turn expects to find them, in all that people write themselves."""
        for name, cols in self.connection.execute(
            select(change.c.tbl, change.c.cols)
            .where((change.c.operation_id == self.target_id) & (change.c[self.old].is_not(None)))
            .distinct()
        ).all():
            table = metadata.tables[name]
            # Versions tell only that something changed, maybe fields this operation never touched.
            names = sorted(weighty(name, [c.name for c in table.c] if cols == "*" else cols.split(",")))
            if not names:
                continue
            differs = " OR ".join(
                f"t.{n} IS DISTINCT FROM {value_of(self.connection, table, n, f'c.{self.old}')}" for n in names
            )
            statement = (
                f"SELECT 1 FROM change c LEFT JOIN {name} t ON t.id = c.row_id WHERE c.operation_id = :op "
                f"AND c.tbl = '{name}' AND c.cols = :cols AND c.{self.old} IS NOT NULL "
                f"AND (t.id IS NULL OR {differs}) LIMIT 1"
            )
            if self._finds(statement, {**self.values, "cols": cols}):
                return False
        return not self._in_the_way()

    def _in_the_way(self) -> bool:
        """Whether a row to bring back is there already: one that an undo had to keep."""
        to_bring = (change.c.operation_id == self.target_id) & change.c[self.old].is_(None)
        return any(
            self._finds(
                f"SELECT 1 FROM change c JOIN {there} t ON t.id = c.row_id "
                f"WHERE c.operation_id = :op AND c.tbl = '{name}' AND c.{self.old} IS NULL LIMIT 1",
                self.values,
            )
            for name in self.connection.scalars(select(change.c.tbl).where(to_bring).distinct())
            if name not in SHARED
            # A lead that was merged into another is there under that one's number.
            for there in ((name, "redirect") if name == "lead" else (name,))
        )

    def _finds(self, statement: str, values: dict[str, Any]) -> bool:
        return said(statement).first(self.connection, **_meant(statement, values)) is not None

    def _do(self, statement: str, values: dict[str, Any]) -> None:
        said(statement).run(self.connection, **_meant(statement, values))

    def _spare_clause(self, spared: Sequence[int]) -> str:
        if not spared:
            return ""
        return f" AND (c.lead_id IS NULL OR c.lead_id NOT IN ({_list(spared)}))"

    def _where(self, table: Table, only: Sequence[int]) -> str:
        """The lines of a table; `only` those of these rows, if any are named."""
        those = f" AND c.row_id IN ({_list(only)})" if only else ""
        kept = self._kept.get(table.name, ())
        but = f" AND c.row_id NOT IN ({_list(kept)})" if kept else ""
        return f"c.operation_id = :op AND c.tbl = '{table.name}'{self._spare}{those}{but}"

    def _drifted(self, table: Table, names: Iterable[str]) -> str:
        """Where a row was written since, by whatever; "" if nobody can have written these columns."""
        differs = (
            f"{table.name}.{n} IS DISTINCT FROM {value_of(self.connection, table, n, f'c.{self.old}')}"
            for n in telling(table, names)
        )
        told = " OR ".join(differs)
        return told and f"({told})"

    def _log(self, source: str, values: dict[str, Any], old: str | None = None, new: str | None = None) -> None:
        self._do(
            "INSERT INTO change (operation_id, tbl, row_id, lead_id, client_id, cols, before, after) "
            f"SELECT :by, c.tbl, c.row_id, c.lead_id, c.client_id, c.cols, {old or 'c.' + self.old}, "
            f"{new or 'c.' + self.new} FROM change c {source}",
            values,
        )

    def _bring(self, table: Table) -> None:
        """Insert rows again; those of shared tables may still be there."""
        names = [c.name for c in table.c]
        picked = ", ".join(value_of(self.connection, table, n, f"c.{self.new}") for n in names)
        where = f"{self._where(table, ())} AND c.{self.old} IS NULL AND c.{self.new} IS NOT NULL"
        if table.name in SHARED:
            where += f" AND NOT EXISTS (SELECT 1 FROM {table.name} t WHERE t.id = c.row_id)"
        self._log(f"WHERE {where}", self.values)
        self._do(
            f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {picked} FROM change c WHERE {where}", self.values
        )

    def _take_away(self, table: Table, only: Sequence[int] = ()) -> None:
        """Delete rows; those of shared tables only where nothing hangs on them."""
        where = f"{self._where(table, only)} AND c.{self.new} IS NULL AND c.{self.old} IS NOT NULL"
        if table.name in SHARED:
            for other in metadata.tables.values():
                for key in other.foreign_keys:
                    if key.column.table is table:
                        where += f" AND NOT EXISTS (SELECT 1 FROM {other.name} x WHERE x.{key.parent.name} = c.row_id)"
            where += self._held_by_merged(table)
        if "version" in table.c:
            joined = f"JOIN {table.name} ON {table.name}.id = c.row_id WHERE {where}"
            drifted = self._drifted(table, ["version"])
            as_it_is = str(object_of(self.connection, table, [c.name for c in table.c]))
            self._log(f"{joined} AND {drifted}", self.values, old=as_it_is)
            self._log(f"{joined} AND NOT {drifted}", self.values)
        else:
            self._log(f"WHERE {where}", self.values)
        self._do(f"DELETE FROM {table.name} WHERE id IN (SELECT c.row_id FROM change c WHERE {where})", self.values)

    def _held_by_merged(self, table: Table) -> str:
        """Not those a merged card had: undoing the merge brings the card back, with its source, owner and batch."""
        if not self._finds("SELECT 1 FROM redirect LIMIT 1", {}):
            return ""
        held: set[int] = set()
        for key in lead.foreign_keys:
            if key.column.table is table:
                value = value_of(self.connection, lead, key.parent.name, "gone.before")
                rows = text(
                    f"SELECT DISTINCT {value} FROM redirect r CROSS JOIN change gone "
                    "WHERE gone.tbl = 'lead' AND gone.row_id = r.id AND gone.after IS NULL"
                )
                held.update(number for number in self.connection.scalars(rows) if number is not None)
        return f" AND c.row_id NOT IN ({_list(sorted(held))})" if held else ""

    def _set(self, table: Table, cols: str, only: Sequence[int] = ()) -> None:
        """Set columns of the rows that are there; one may be gone if nothing but derived fields was written on it."""
        names = cols.split(",")
        values = {**self.values, "cols": cols}
        where = (
            f"{self._where(table, only)} AND c.cols = :cols AND c.{self.old} IS NOT NULL AND c.{self.new} IS NOT NULL"
        )
        joined = f"JOIN {table.name} ON {table.name}.id = c.row_id WHERE {where}"
        drifted = self._drifted(table, names)
        if drifted and self._finds(f"SELECT 1 FROM change c {joined} AND {drifted} LIMIT 1", values):
            self._set_drifted(table, names, f"{where} AND {drifted}", values)
            where += f" AND NOT {drifted}"
            joined += f" AND NOT {drifted}"
        self._log(joined, values)
        self._update(table, {n: value_of(self.connection, table, n, f"c.{self.new}") for n in names}, where, values)

    def _set_drifted(self, table: Table, names: list[str], where: str, values: dict[str, Any]) -> None:
        """The same for rows written since: they are neither as they were before nor as they were after."""
        marks = {n: mark for n, mark in (("version", ":by"), ("changed_at", ":now")) if n in names}
        for n in COUNTED.get(table.name, frozenset()) & set(names):
            new, old = (value_of(self.connection, table, n, f"c.{side}") for side in (self.new, self.old))
            marks[n] = f"({table.name}.{n} + {new} - {old})"
        as_it_is = str(object_of(self.connection, table, names))
        joined = f"JOIN {table.name} ON {table.name}.id = c.row_id WHERE {where}"
        self._log(joined, values, old=as_it_is, new=self._marked(marks))
        wanted = {n: value_of(self.connection, table, n, f"c.{self.new}") for n in names}
        self._update(table, {**wanted, **marks}, where, values)

    def _marked(self, marks: dict[str, str]) -> str:
        """SQL for the line's JSON with other marks."""
        if not marks:
            return f"c.{self.new}"
        if self.connection.dialect.name == "sqlite":
            pairs = ", ".join(f"'$.{n}', {mark}" for n, mark in marks.items())
            return f"json_set(c.{self.new}, {pairs})"
        pairs = ", ".join(f"'{n}', CAST({mark} AS bigint)" for n, mark in marks.items())
        return f"(c.{self.new}::jsonb || jsonb_build_object({pairs}))::text"

    def _update(self, table: Table, wanted: dict[str, str], where: str, values: dict[str, Any]) -> None:
        sets = ", ".join(f"{name} = {value}" for name, value in wanted.items())
        self._do(f"UPDATE {table.name} SET {sets} FROM change c WHERE {where} AND {table.name}.id = c.row_id", values)
