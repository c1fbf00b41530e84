"""Orders of all leads, and of those that chips leave: the first rows at once, the whole soon after."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, case, or_, select

from leaddesk.db.id_lists import as_ids, ids_of, is_sqlite, numbers, sorted_ids, those_among, unindexed
from leaddesk.db.ids import among
from leaddesk.db.tables import lead
from leaddesk.workflow.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Select

SORTS: dict[str, ColumnElement[Any]] = {
    "name": lead.c.name,
    "company": lead.c.company,
    "status": lead.c.status,
    "temperature": case({"hot": 0, "warm": 1}, value=lead.c.temperature, else_=2),
    "score": lead.c.score,
    "source": lead.c.source_id,
    "owner": lead.c.owner_id,
    "country": lead.c.country,
    "city": lead.c.city,
    "last_call": lead.c.last_call_at,
    "next": lead.c.retry_at,
    "return": lead.c.return_at,
    "attempts": lead.c.attempts,
    "touches": lead.c.touches,
    "created": lead.c.created_at,
    "changed": lead.c.changed_at,
    "id": lead.c.id,
}
_STATUS = case({word: place for place, word in enumerate(sorted(map(str, Status)))}, value=lead.c.status, else_=-1)
"""A status as a number, in the order of the words."""
_BY_INDEX = frozenset(("name", "company", "status", "source", "created", "changed", "id"))
"""All leads stand so in an index."""
_IN_ROWS = frozenset(("name", "company", "city"))
"""What `ix_lead_list` does not have: texts of any length."""
_EMPTY_ANYWHERE = frozenset(("source", "owner", "last_call", "next", "return"))
_INSTANTS = frozenset(("last_call", "next", "return", "created", "changed"))
_NOWADAYS = 1_800_000_000_000
"""An instant of our days, 2027, in milliseconds."""
LOOKED_UP = 30_000
"""Up to so many leads are sorted by what stands in their rows; past it a walk through the order of all is faster."""
WALKED = 5_000
"""So many leads from the head of an order are looked at for the first rows of what chips leave of it."""


def ordered(connection: Connection, statement: Select[int], sort: str, *, down: bool, walk: bool = True) -> Select[int]:
    """By the column, then by id, both the same way round so that one index serves; who has nothing there comes lowest.

    Without `walk` a server shall not go along the index of names and look up lead by lead whom the chips leave.
    """
    column, row_id = SORTS[sort], lead.c.id
    if not walk and sort in _IN_ROWS:
        column = column.concat("")
    keys = [row_id] if column is row_id else [column, row_id]
    turned = [key.desc() if down else key.asc() for key in keys]
    if sort in _EMPTY_ANYWHERE and not is_sqlite(connection):
        turned[0] = turned[0].nulls_last() if down else turned[0].nulls_first()
    return statement.order_by(*turned)


def _by_rows(connection: Connection, statement: Select[int], sort: str, *, down: bool) -> Select[int]:
    """The same order, but SQLite sorts what it has found, and does not look for it along the order's index."""
    keys = (unindexed(connection, SORTS[sort]), unindexed(connection, lead.c.id))
    return statement.order_by(*(key.desc() if down else key for key in keys))


def first_ids(
    connection: Connection, sort: str, where: Sequence[ColumnElement[bool]], limit: int, *, down: bool
) -> array[int] | None:
    """The first `limit` of the whole. None where they cannot be had sooner than the whole."""
    listed = select(lead.c.id).where(*where).limit(limit)
    if not is_sqlite(connection):
        return ids_of(connection, ordered(connection, listed, sort, down=down))
    if not where and (sort in _BY_INDEX or sort == "owner"):
        return ids_of(connection, ordered(connection, listed, sort, down=down))
    if sort == "city":
        return None
    if sort in _IN_ROWS:
        other, column = lead.alias("other"), SORTS[sort].key
        keys = (other.c[str(column)], other.c.id)
        head = select(other.c.id).order_by(*(key.desc() if down else key for key in keys)).limit(WALKED)
        here = select(lead.c.id).where(lead.c.id.in_(head), *where).limit(limit)
        first = ids_of(connection, _by_rows(connection, here, sort, down=down))
        return first if len(first) == limit else None
    return ids_of(connection, _by_rows(connection, listed, sort, down=down))


def all_ids(
    connection: Connection,
    sort: str,
    chips: Sequence[ColumnElement[bool]],
    owners: Sequence[ColumnElement[bool]],
    *,
    down: bool,
) -> array[int]:
    """The whole of what the chips leave: of these owners (a condition for each), or of everybody."""
    where = [*chips, or_(*owners)] if owners else chips
    listed = select(lead.c.id).where(*where)
    if not where and sort in _BY_INDEX:
        return ids_of(connection, ordered(connection, listed, sort, down=down))
    if sort not in _IN_ROWS and sort != "country":
        key = _STATUS if sort == "status" else unindexed(connection, SORTS[sort])
        around = _NOWADAYS if sort in _INSTANTS else 0
        found = sorted_ids(connection, key, chips, owners, down=down, around=around)
        if found is not None:
            return as_ids(found)
    if not is_sqlite(connection):
        return ids_of(connection, ordered(connection, listed, sort, down=down, walk=not where))
    if sort in _IN_ROWS and where:
        here = ids_of(connection, listed)
        if len(here) <= LOOKED_UP:
            few = select(lead.c.id).where(among(connection, lead.c.id, here))
            return ids_of(connection, _by_rows(connection, few, sort, down=down))
        everybody = ids_of(connection, ordered(connection, select(lead.c.id), sort, down=down))
        return as_ids(those_among(numbers(everybody), numbers(here)))
    return ids_of(connection, ordered(connection, listed, sort, down=down))
