"""The way back and forth of a few rows: each by a plain statement with the values its line of the journal has.

An operator takes back one call, not fifty thousand leads; a statement for each of its four rows takes a tenth of what
the set-based ones take, which read the journal's JSON in the database. Only what is usual is done here: rows as the
operation left them. Whatever others wrote since, and rows of tables that work is shared by, go the set-based way.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, update

from leaddesk.db.journal import SHARED, WRITE_LINE, empty_value
from leaddesk.db.prepared import Prepared, given
from leaddesk.db.tables import metadata
from leaddesk.db.turn import NOTHING, Group, Turn, telling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Table

    from leaddesk.db.told import Line


class FewRows(Turn):
    """Turns the rows of an operation whose lines are at hand."""

    def __init__(
        self, connection: Connection, target_id: int, by: int, now_ms: int, lines: Sequence[Line], *, back: bool
    ) -> None:
        """`lines` are all of the operation's."""
        super().__init__(connection, target_id, by, now_ms, back=back)
        self._lines = lines
        self._back = back
        self._unwritten: list[Line] = []

    def run(self, spared: Sequence[int] = (), kept: Mapping[str, Sequence[int]] = NOTHING) -> None:
        """As `Turn.run`."""
        self._lines = [
            line
            for line in self._lines
            if line.row_id not in kept.get(line.table, ()) and (line.lead_id is None or line.lead_id not in spared)
        ]
        super().run(spared, kept)
        self._write_down()

    def _defer(self) -> None:
        """No need: rows are made after those they refer to, and go before them; `Turn.run` has the tables in order.

        And SQLite takes the pragma for a reason to compile every statement anew, those of the next command as well.
        """

    def _groups(self) -> Iterable[Group]:
        return {(line.table, line.cols, self._was(line) is None, self._is(line) is None) for line in self._lines}

    def _was(self, line: Line) -> str | None:
        """The row as the operation left it (or found it, where it is done again)."""
        return line.after if self._back else line.before

    def _is(self, line: Line) -> str | None:
        """The row as it is to be."""
        return line.before if self._back else line.after

    def _bring(self, table: Table) -> None:
        if table.name in SHARED:
            self._as_sets(lambda: super(FewRows, self)._bring(table))
            return
        lines = [line for line in self._of(table) if self._was(line) is None and self._is(line) is not None]
        _insert(table.name).each(self.connection, [_values(table, self._is(line)) for line in lines])
        self._unwritten += lines

    def _set(self, table: Table, cols: str, only: Sequence[int] = ()) -> None:  # noqa: ARG002 - named by the set-based way
        names = cols.split(",")
        statement, told = _update(table.name, cols), telling(table, names)
        usual: list[Line] = []
        others: list[Line] = []
        for line in self._of(table):
            if line.cols != cols:
                continue
            wanted, known = (
                _values(table, text, some) for text, some in ((self._is(line), names), (self._was(line), told))
            )
            found = statement.run(
                self.connection, row_id=line.row_id, **_marked("new", wanted), **_marked("old", known)
            )
            (usual if found else others).append(line)
        self._usual_and_others(usual, others, lambda ids: super(FewRows, self)._set(table, cols, ids))

    def _take_away(self, table: Table, only: Sequence[int] = ()) -> None:  # noqa: ARG002 - named by the set-based way
        if table.name in SHARED:
            self._as_sets(lambda: super(FewRows, self)._take_away(table))
            return
        lines = [line for line in self._of(table) if self._is(line) is None and self._was(line) is not None]
        told = telling(table, ["version"] if "version" in table.c else [])
        statement = _delete(table.name)
        usual: list[Line] = []
        others: list[Line] = []
        for line in lines:
            known = _values(table, self._was(line), told)
            found = statement.run(self.connection, row_id=line.row_id, **_marked("old", known))
            (usual if found or not told else others).append(line)
        self._usual_and_others(usual, others, lambda ids: super(FewRows, self)._take_away(table, ids))

    def _of(self, table: Table) -> list[Line]:
        return [line for line in self._lines if line.table == table.name]

    def _usual_and_others(
        self, usual: Sequence[Line], others: Sequence[Line], as_sets: Callable[[Sequence[int]], None]
    ) -> None:
        """Those that are not as the operation left them, or gone, go the set-based way, and stand first in the journal."""
        if others:
            self._as_sets(lambda: as_sets([line.row_id for line in others]))
        self._unwritten += usual

    def _as_sets(self, turn: Callable[[], None]) -> None:
        """The set-based way writes its lines at once: those before come first."""
        self._write_down()
        turn()

    def _write_down(self) -> None:
        lines = [
            {
                "operation_id": self.values["by"],
                "tbl": line.table,
                "row_id": line.row_id,
                "lead_id": line.lead_id,
                "client_id": line.client_id,
                "cols": line.cols,
                "before": self._was(line),
                "after": self._is(line),
            }
            for line in self._unwritten
        ]
        WRITE_LINE.each(self.connection, lines)
        self._unwritten = []


def _values(table: Table, text: str | None, names: Sequence[str] | None = None) -> dict[str, Any]:
    """The values of these columns (else of all) in a line's JSON.

    A line older than a column says nothing of it: then it is what a new row gets, as in `turn.value_of`.
    """
    kept = json.loads(text or "{}")
    fresh = _fresh(table.name)
    values = {name: kept.get(name) for name in (fresh if names is None else names)}
    return {name: fresh[name] if value is None else value for name, value in values.items()}


@cache
def _fresh(table: str) -> dict[str, Any]:
    """By column what a new row gets where nothing is said; None where that may be so."""
    return {column.name: empty_value(column) for column in metadata.tables[table].c}


def _marked(mark: str, values: dict[str, Any]) -> dict[str, Any]:
    return {f"{mark}_{name}": value for name, value in values.items()}


@cache
def _insert(table: str) -> Prepared:
    return Prepared(lambda _: insert(metadata.tables[table]), list(_fresh(table)))


@cache
def _update(name: str, cols: str) -> Prepared:
    """Sets these columns of the row, if it is as it was in the columns that tell."""
    table, names = metadata.tables[name], cols.split(",")
    as_it_was = [table.c[one].is_not_distinct_from(given(f"old_{one}")) for one in telling(table, names)]
    values = {one: given(f"new_{one}") for one in names}
    return Prepared(lambda _: update(table).where(table.c.id == given("row_id"), *as_it_was).values(values))


@cache
def _delete(name: str) -> Prepared:
    table = metadata.tables[name]
    told = telling(table, ["version"] if "version" in table.c else [])
    as_it_was = [table.c[one].is_not_distinct_from(given(f"old_{one}")) for one in told]
    return Prepared(lambda _: delete(table).where(table.c.id == given("row_id"), *as_it_was))
