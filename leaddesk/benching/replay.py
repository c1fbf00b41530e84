"""The limit of a command: the very rows it wrote, written once more by the bare driver.

What a command wrote stands in its journal. So the limit never says less than the command did (the same rows, the
same lines of the journal, the same search texts, the same durable commit) nor more: one statement for all rows that
come to the same values, everything worked out beforehand, and of reading only what the decision hangs on.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from leaddesk.db.search import SEARCHED
from leaddesk.db.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from leaddesk.benching.driver import Bare, Row

NAMES = ("tbl", "row_id", "lead_id", "client_id", "cols", "before", "after")
LINE = ", ".join(NAMES)
OPERATION = "at, user_id, command, words, args, kind, target_id, undone"
INSERT_OPERATION = f"INSERT INTO operation ({OPERATION}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"

TOGETHER = 8
"""So many rows that come to the same values, on average, are quicker by a statement for all of them than by their ids."""


@dataclass(frozen=True, slots=True)
class Step:
    """One statement with its values, of several rows of values if `many`; or rows `into` these columns of a table."""

    statement: str
    values: Sequence[Any]
    many: bool = False
    into: tuple[str, ...] = ()

    def run(self, bare: Bare) -> None:
        """Run it."""
        if self.into:
            bare.insert(self.statement, self.into, self.values)
        elif self.many:
            bare.many(self.statement, self.values)
        else:
            bare.run(self.statement, *self.values)


@dataclass(frozen=True, slots=True)
class Written:
    """What one operation wrote, as steps forth and back, worked out before anybody looks at a clock."""

    number: int
    operation: Row
    forth: tuple[Step, ...]
    back: tuple[Step, ...]
    lines: tuple[Row, ...]
    turned: tuple[Row, ...]
    rows: int

    def do(self, bare: Bare, reads: Iterable[Step] = ()) -> int:
        """Write it all in one durable transaction; gives the new operation's number."""
        bare.begin(writing=True)
        for read in reads:
            bare.rows(read.statement, *read.values)
        number = self._log(bare, self.operation, self.lines)
        for step in self.forth:
            step.run(bare)
        bare.commit()
        return number

    def undo(self, bare: Bare, number: int) -> None:
        """Take it back as the journal does: read its lines, see that nothing stands on them, write them turned."""
        bare.begin(writing=True)
        bare.rows(f"SELECT {OPERATION} FROM operation WHERE id = ?", number)
        bare.rows(f"SELECT {LINE} FROM change WHERE operation_id = ?", number)
        bare.rows(
            "SELECT later.operation_id FROM change AS mine JOIN change AS later ON later.tbl = mine.tbl "
            "AND later.row_id = mine.row_id AND later.operation_id > mine.operation_id "
            "WHERE mine.operation_id = ?",
            number,
        )
        at, user, command, words, args, _kind, _target, _undone = self.operation
        self._log(bare, (at, user, command, words, args, "undo", number, 0), self.turned)
        for step in self.back:
            step.run(bare)
        bare.run("UPDATE operation SET undone = 1 WHERE id = ?", number)
        bare.commit()

    @staticmethod
    def _log(bare: Bare, operation: Row, lines: Sequence[Row]) -> int:
        number = int(bare.rows(INSERT_OPERATION, *operation)[0][0])
        bare.insert("change", ("operation_id", *NAMES), [(number, *line) for line in lines])
        return number


class Capture:
    """Reads what an operation wrote while it stands, and its search texts once more when it is undone."""

    def __init__(self, bare: Bare, number: int) -> None:
        """`number` is the operation; it stands."""
        self._number = number
        self._operation = bare.rows(f"SELECT {OPERATION} FROM operation WHERE id = ?", number)[0]
        self._lines = bare.rows(f"SELECT {LINE} FROM change WHERE operation_id = ? ORDER BY id", number)
        self._docs = sorted(_docs_of(self._lines))
        self._after = self._texts(bare)

    def _texts(self, bare: Bare) -> dict[int, str]:
        if not self._docs:
            return {}
        here = bare.among("id")
        return dict(bare.rows(f"SELECT id, text FROM search_doc WHERE {here}", bare.these(self._docs)))

    def undone(self, bare: Bare, *leaving: Step) -> Written:
        """The operation is undone now. `leaving` are writes of it that no journal knows, such as a lease let go."""
        before = self._texts(bare)
        turned = [(*line[:5], line[6], line[5]) for line in self._lines]
        return Written(
            self._number,
            self._operation,
            (*_steps(bare, self._lines), *_search_steps(bare, before, self._after), *leaving),
            (*_steps(bare, turned), *_search_steps(bare, self._after, before)),
            tuple(self._lines),
            tuple(turned),
            len(self._lines),
        )


def _docs_of(lines: Iterable[Row]) -> set[int]:
    found: set[int] = set()
    for table, _row, lead_id, client_id, cols, _before, _after in lines:
        searched = SEARCHED.get(table)
        if searched and (cols == "*" or not searched.isdisjoint(cols.split(","))):
            found |= {number for number in (lead_id and lead_id * 2, client_id and client_id * 2 + 1) if number}
    return found


@lru_cache(maxsize=1)
def _order() -> dict[str, int]:
    return {table.name: place for place, table in enumerate(metadata.sorted_tables)}


def _steps(bare: Bare, lines: Sequence[Row]) -> list[Step]:
    """Inserts and updates in the order in which rows need one another, then deletes the other way round."""
    groups: defaultdict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for line in lines:
        kind = "insert" if line[5] is None else "delete" if line[6] is None else "update"
        groups[line[0], kind, line[4]].append(line)
    order = _order()
    steps: list[Step] = []
    for (table, kind, _cols), some in sorted(groups.items(), key=lambda group: (order[group[0][0]], group[0][1:])):
        if kind == "insert":
            steps += _inserts(table, some)
        elif kind == "update":
            steps += _update(bare, table, some)
    for (table, kind, _cols), some in sorted(groups.items(), key=lambda group: -order[group[0][0]]):
        if kind == "delete":
            statement = f"DELETE FROM {table} WHERE {bare.among('id')}"
            steps.append(Step(statement, (bare.these(line[1] for line in some),)))
    return steps


def _inserts(table: str, lines: Sequence[Row]) -> list[Step]:
    """One step for the rows that say something of the same columns: imports leave out what is empty in a whole chunk."""
    alike: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
    for line in lines:
        row = json.loads(line[6])
        alike[tuple(row)].append(tuple(row.values()))
    return [Step(table, rows, into=names) for names, rows in alike.items()]


def _update(bare: Bare, table: str, lines: Sequence[Row]) -> list[Step]:
    same: defaultdict[str, list[int]] = defaultdict(list)
    for line in lines:
        same[line[6]].append(line[1])
    names = list(json.loads(lines[0][6]))
    sets = ", ".join(f"{name} = ?" for name in names)
    if len(same) * TOGETHER <= len(lines):
        statement = f"UPDATE {table} SET {sets} WHERE {bare.among('id')}"
        return [Step(statement, (*_values(after, names), bare.these(ids))) for after, ids in same.items()]
    statement = f"UPDATE {table} SET {sets} WHERE id = ?"
    rows = [(*_values(line[6], names), line[1]) for line in lines]
    return [Step(statement, rows, many=True) if len(rows) > 1 else Step(statement, rows[0])]


def _values(after: str, names: Sequence[str]) -> tuple[Any, ...]:
    kept = json.loads(after)
    return tuple(kept[name] for name in names)


def _search_steps(bare: Bare, before: dict[int, str], after: dict[int, str]) -> list[Step]:
    """The search index from one state of these texts to the other."""
    stale = [(i, text) for i, text in before.items() if after.get(i) != text]
    fresh = [(i, text) for i, text in after.items() if before.get(i) != text]
    steps: list[Step] = []
    if stale:
        if bare.sqlite:
            forget = "INSERT INTO search_fts(search_fts, rowid, text) VALUES ('delete', ?, ?)"
            steps.append(Step(forget, stale, many=True))
        gone = f"DELETE FROM search_doc WHERE {bare.among('id')}"
        steps.append(Step(gone, (bare.these(i for i, _ in stale),)))
    if fresh:
        steps.append(Step("search_doc", fresh, into=("id", "text")))
        if bare.sqlite:
            steps.append(Step("INSERT INTO search_fts(rowid, text) VALUES (?, ?)", fresh, many=True))
    return steps
