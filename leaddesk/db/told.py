"""What the journal says of one operation, asked once before it is turned back or done again.

Nearly all operations wrote a handful of rows: their lines are read whole, by one statement, and whatever is to be known
of them is seen there. Of one that wrote thousands of rows the database is asked for each thing, and for no lines.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from sqlalchemy import select

from leaddesk.db import search
from leaddesk.db.prepared import Prepared, any_of, given, said
from leaddesk.db.tables import change, client, lead

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Table

FEW = 200
"""Lines that are read whole. Rows are written back one by one as quickly as by one statement up to some such number."""


class Line(NamedTuple):
    """A line of the journal; `before` and `after` are JSON, None where there was no row."""

    table: str
    row_id: int
    lead_id: int | None
    client_id: int | None
    cols: str
    before: str | None
    after: str | None


_C = change.c
_FIRST = Prepared(
    lambda _: (
        select(_C.tbl, _C.row_id, _C.lead_id, _C.client_id, _C.cols, _C.before, _C.after)
        .where(_C.operation_id == given("op"))
        .order_by(_C.tbl, _C.cols, _C.id)
        .limit(FEW + 1)
    )
)
_PARTS = said("SELECT DISTINCT tbl, cols FROM change WHERE operation_id = :op")
_SUBJECTS = said("SELECT DISTINCT lead_id, client_id FROM change WHERE operation_id = :op")
_MOVED = Prepared(
    lambda _: select(_C.before).where(
        _C.operation_id == given("op"),
        _C.cols.like("%lead\\_id%", escape="\\") | _C.cols.like("%client\\_id%", escape="\\"),
    )
)


def _lock(table: Table) -> Prepared:
    these = select(table.c.id).order_by(table.c.id).with_for_update()
    return Prepared(lambda sqlite: these.where(any_of(sqlite, table.c.id, "ids")))


_LOCKS = (_lock(lead), _lock(client))

Cards = tuple[set[int], set[int]]
"""Ids of leads, ids of clients."""


class Told:
    """One operation by its lines in the journal."""

    few: ClassVar[int] = FEW
    """How many lines are read whole, `FEW` at most."""

    def __init__(self, connection: Connection, operation_id: int) -> None:
        """Reads the lines, if they are few."""
        self.operation_id = operation_id
        self._connection = connection
        rows = _FIRST.rows(connection, op=operation_id)
        self.lines = [Line._make(row) for row in rows] if len(rows) <= self.few else None
        """All of them, in the order in which they were written for each table and columns; None of many."""
        found = _PARTS.rows(connection, op=operation_id) if self.lines is None else {(r[0], r[4]) for r in rows}
        self.parts: list[tuple[str, str]] = [(table, columns) for table, columns in found]
        """What it wrote: tables, and the columns of an update, "*" for whole rows."""

    @property
    def reaches_others(self) -> bool:
        """Whether it concerns cards it does not name: a number is barred on whatever card it stands."""
        return any(table == "suppression" for table, _ in self.parts)

    def touched(self) -> Cards:
        """The leads and clients it touched."""
        if self.lines is not None:
            return _cards_of(self.lines)
        subjects = _SUBJECTS.rows(self._connection, op=self.operation_id)
        return _cards(subjects, _MOVED.scalars(self._connection, op=self.operation_id))

    def unfindable(self) -> Cards:
        """The cards whose search text does not say what they say once this is turned."""
        if self.lines is not None:
            return _cards_of([line for line in self.lines if search.is_about([(line.table, line.cols)])])
        return self.touched() if search.is_about(self.parts) else (set(), set())

    def hold_cards(self) -> None:
        """Have a server keep the cards it concerns as they are until commit: work under way on one is waited for.

        So that work is seen to stand on the operation.
        """
        if self.lines is None:
            subjects: Iterable[tuple[Any, ...]] = _SUBJECTS.rows(self._connection, op=self.operation_id)
        else:
            subjects = [(line.lead_id, line.client_id) for line in self.lines]
        for lock, ids in zip(_LOCKS, _cards(subjects), strict=True):
            if ids:
                lock.rows(self._connection, ids=sorted(ids))


def _cards_of(lines: Sequence[Line]) -> Cards:
    moved = [line.before for line in lines if "lead_id" in line.cols or "client_id" in line.cols]
    return _cards([(line.lead_id, line.client_id) for line in lines], moved)


def _cards(subjects: Iterable[tuple[Any, ...]], moved: Iterable[str | None] = ()) -> Cards:
    """A row that moved from one card to another is written down under the other: the one is in what it was before."""
    were = [json.loads(before) for before in moved if before]
    both = [*subjects, *((values.get("lead_id"), values.get("client_id")) for values in were)]
    return {lead_id for lead_id, _ in both} - {None}, {client_id for _, client_id in both} - {None}
