"""What becomes of each row in one transaction: the lines of the journal before they are written.

A row that is changed twice has one line, from what it was at first to what it is at last; one that is made and
removed again has none. Turning an operation back and forth relies on it: of two lines nobody knows which came first.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from leaddesk.db.ids import among
from leaddesk.db.journal import BOOKKEEPING
from leaddesk.db.tables import change

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Table

Stored = dict[str, Any]
"""Column → value as stored."""


@dataclass(slots=True)
class _Line:
    """Before and after in stored values; None is "no row"."""

    before: Stored | None
    after: Stored | None
    lead_id: int | None
    client_id: int | None


def subjects_of(table: Table, full: Stored) -> tuple[int | None, int | None]:
    """Whose card a row belongs to: its lead's id and its client's. A lead is not its client's row.

    That two leads are two people is told on the first one's card.
    """
    if table.name == "not_same":
        return full["a"], None
    if table.name in ("lead", "lead_extra"):
        return full["id"], None
    if table.name == "client":
        return None, full["id"]
    return full.get("lead_id"), full.get("client_id")


class Lines:
    """The lines of one transaction."""

    def __init__(self) -> None:
        """None yet."""
        self._lines: dict[tuple[str, int], _Line] = {}
        self._many: dict[str, tuple[set[int], set[str]]] = defaultdict(lambda: (set(), set()))

    def add(self, table: Table, row_id: int, before: Stored | None, after: Stored | None, full: Stored) -> None:
        """One more change of a row; `full` is the whole row, for whose it is."""
        key = (table.name, row_id)
        known = self._lines.get(key)
        if known is None:
            self._lines[key] = _Line(before, after, *subjects_of(table, full))
            return
        if known.before is not None and before is not None:
            known.before = {**before, **known.before}
        if after is None and known.before is None:
            del self._lines[key]
        elif after is None or known.after is None:
            known.after = after
        else:
            known.after = {**known.after, **after}

    def wrote_many(self, table: Table, ids: Iterable[int], names: Iterable[str]) -> None:
        """These columns of these rows were changed, and journalled, by one statement."""
        self._many[table.name][0].update(ids)
        self._many[table.name][1].update(names)

    def written(self, table: Table, ids: Sequence[int]) -> list[int]:
        """Those of these rows that this transaction changed before, singly or many at once."""
        many = self._many[table.name][0]
        return [i for i in ids if i in many or (table.name, i) in self._lines]

    def continues_many(self, line: Stored) -> bool:
        """Whether a line changes again what one statement changed on that row before."""
        ids, names = self._many[line["tbl"]]
        return line["row_id"] in ids and not names.isdisjoint(line["cols"].split(","))

    def changed(self) -> list[Stored]:
        """The lines to write, without those that came to nothing."""
        lines = []
        for (table, row_id), line in self._lines.items():
            cols = "*"
            if line.before is not None and line.after is not None:
                differing = {name for name, value in line.after.items() if line.before.get(name) != value}
                if not differing - BOOKKEEPING:
                    continue
                cols = ",".join(sorted(line.after))
            lines.append(
                {
                    "tbl": table,
                    "row_id": row_id,
                    "lead_id": line.lead_id,
                    "client_id": line.client_id,
                    "cols": cols,
                    "before": _dumped(line.before),
                    "after": _dumped(line.after),
                }
            )
        return lines

    def come_to_nothing(self) -> list[tuple[str, int, Stored]]:
        """Rows changed and changed back, as (table, id, the marks they had): to be as if nothing had happened."""
        found = []
        for (table, row_id), line in self._lines.items():
            if line.before is not None and line.after is not None:
                marks = {name: value for name, value in line.before.items() if line.after.get(name) != value}
                if marks and not marks.keys() - BOOKKEEPING:
                    found.append((table, row_id, marks))
        return found

    def subjects(self) -> tuple[set[int], set[int]]:
        """The leads and clients touched."""
        lines = self._lines.values()
        return {line.lead_id for line in lines if line.lead_id}, {line.client_id for line in lines if line.client_id}


def join_earlier(connection: Connection, operation_id: int, lines: Sequence[Stored]) -> list[Stored]:
    """Work these changes into the lines an earlier transaction of the operation wrote of the same rows; gives the rest.

    So undo finds one line for a row, from what it was before the whole operation to what it was after.
    """
    rest: list[Stored] = []
    by_table: dict[str, list[Stored]] = {}
    for line in lines:
        by_table.setdefault(line["tbl"], []).append(line)
    for name, mine in by_table.items():
        here = (change.c.operation_id == operation_id) & (change.c.tbl == name)
        rows = select(change.c.id, change.c.row_id, change.c.before, change.c.after)
        rows = rows.where(here & among(connection, change.c.row_id, [line["row_id"] for line in mine]))
        earlier = {row.row_id: row for row in connection.execute(rows) if row.after is not None}
        for line in mine:
            there = earlier.get(line["row_id"])
            if there is None or line["before"] is None or line["after"] is None:
                rest.append(line)
                continue
            after = json.loads(there.after) | json.loads(line["after"])
            before = None if there.before is None else json.loads(line["before"]) | json.loads(there.before)
            joined = {
                "cols": "*" if before is None else ",".join(sorted(after)),
                "before": _dumped(before),
                "after": _dumped(after),
            }
            connection.execute(update(change).where(change.c.id == there.id).values(joined))
    return rest


_written = json.JSONEncoder(ensure_ascii=False).encode


def _dumped(values: Stored | None) -> str | None:
    return None if values is None else _written(values)
