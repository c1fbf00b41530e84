"""Lists: ordered ids first, rows by id when they are painted (`list_rows`).

SQLite reads what it sieves and sorts by from one narrow index (`ix_lead_list`), in one pass however the chips are set:
70 ms of a million leads for the first rows, a quarter of a second for all (`list_orders`). A server reads the same index, or
a narrower one (`figure_indexes`); of a whole order it gives keys and ids as they come, which are sorted here in a third of
the time it takes itself.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from leaddesk.db.answers.list_orders import LOOKED_UP, all_ids, first_ids, ordered
from leaddesk.db.answers.search import all_found
from leaddesk.db.id_lists import as_ids, ids_of, is_sqlite, numbers, those_among, unindexed
from leaddesk.db.ids import among
from leaddesk.db.mapping import to_ms
from leaddesk.db.tables import client, lead
from leaddesk.workflow.cards import ClientIds, Filter, LeadIds
from leaddesk.workflow.vocabulary import HELD_FROM, Reach, Role, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from leaddesk.db.answers.reading import Answers, Reading

    Plain = Callable[[ColumnElement[Any]], ColumnElement[Any]]

_CLIENT_SORTS: dict[str, ColumnElement[Any]] = {
    "title": client.c.company,
    "name": client.c.name,
    "country": client.c.country,
    "tax_number": client.c.tax_number,
    "owner": client.c.owner_id,
    "created": client.c.created_at,
    "changed": client.c.changed_at,
    "id": client.c.id,
}


def conditions(reading: Reading, wanted: Filter, *, seek: bool = True) -> list[ColumnElement[bool]]:
    """Those of the chips and of who asks; none if that is everybody.

    With `seek`, SQLite looks for the owner by index and for nothing else; without, not even that.
    """
    owner = lead.c.owner_id if seek else unindexed(reading.connection, lead.c.owner_id)
    return _owners(reading, wanted, owner) + _chips(reading, wanted)


def _chips(reading: Reading, wanted: Filter) -> list[ColumnElement[bool]]:
    """What the chips leave, whosever it is."""

    def plain(column: ColumnElement[Any]) -> ColumnElement[Any]:
        return unindexed(reading.connection, column)

    c = lead.c
    parts: list[ColumnElement[bool]] = []
    if wanted.statuses:
        parts.append(plain(c.status).in_([str(s) for s in wanted.statuses]))
    if wanted.source_id is not None:
        parts.append(plain(c.source_id) == wanted.source_id)
    if wanted.batch_id:
        parts.append(plain(c.batch_id) == wanted.batch_id)
    if wanted.temperatures:
        parts.append(c.temperature.in_([str(t) for t in wanted.temperatures]))
    if wanted.min_score:
        parts.append(c.score >= wanted.min_score)
    if wanted.created_from:
        parts.append(plain(c.created_at) >= to_ms(wanted.created_from))
    if wanted.created_to:
        parts.append(plain(c.created_at) < to_ms(wanted.created_to))
    return parts + _qualities(reading, wanted, plain)


def _owners(reading: Reading, wanted: Filter, owner: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    """Whose leads. An operator sees their own and the pool (PRODUCT 11)."""
    me = reading.user.id
    if reading.user.role is Role.OPERATOR and wanted.owner_id not in (None, 0, me):
        return [false()]
    if wanted.owner_id is not None:
        return [owner == wanted.owner_id if wanted.owner_id else owner.is_(None)]
    return [or_(owner == me, owner.is_(None))] if reading.user.role is Role.OPERATOR else []


def _owners_apart(reading: Reading, wanted: Filter) -> list[ColumnElement[bool]]:
    """The same by one condition for each owner; none if that is everybody."""
    both = reading.user.role is Role.OPERATOR and wanted.owner_id is None
    owner = lead.c.owner_id
    return [owner == reading.user.id, owner.is_(None)] if both else _owners(reading, wanted, owner)


def _qualities(reading: Reading, wanted: Filter, plain: Plain) -> list[ColumnElement[bool]]:
    c, other = lead.c, lead.alias("other")
    parts: list[ColumnElement[bool]] = []
    if wanted.tag:
        place = func.instr if is_sqlite(reading.connection) else func.strpos
        tagged = select(other.c.id).where(other.c.tags != "", place(other.c.tags, wanted.tag) > 0)
        parts.append(plain(c.id).in_(tagged))
    if wanted.incomplete:
        nameless = select(other.c.id).where(other.c.name == "")
        parts.append(or_(c.reach == str(Reach.NONE), plain(c.id).in_(nameless)))
    if wanted.suspicious:
        parts.append(and_(c.spam >= HELD_FROM, c.suspicion_ok == 0, plain(c.status) != str(Status.DISQUALIFIED)))
    return parts


def lead_ids(reading: Reading, question: LeadIds) -> array[int]:
    """Ordered ids. `KeyError` for an unknown sort: columns declare theirs."""
    connection, sort, down, sqlite = (
        reading.connection,
        question.sort,
        question.descending,
        is_sqlite(reading.connection),
    )
    found = all_found(reading, question.filter.text) if question.filter.text.strip() else None
    if found is not None and (not sqlite or len(found) <= LOOKED_UP):
        where = [*conditions(reading, question.filter, seek=False), among(connection, lead.c.id, found)]
        statement = ordered(
            connection, select(lead.c.id).where(*where), sort, down=down, walk=sqlite or question.limit > 0
        )
        return ids_of(connection, statement.limit(question.limit or None))
    where = conditions(reading, question.filter)
    if question.limit and found is None:
        first = first_ids(connection, sort, where, question.limit, down=down)
        if first is not None:
            return first
    chips, owners = _chips(reading, question.filter), _owners_apart(reading, question.filter)
    ids = all_ids(connection, sort, chips, owners, down=down)
    if found is not None:
        ids = as_ids(those_among(numbers(ids), numbers(found)))
    return ids[: question.limit] if question.limit else ids


def client_ids(reading: Reading, question: ClientIds) -> array[int]:
    """Ordered ids of clients."""
    statement = select(client.c.id)
    if question.text.strip():
        found = all_found(reading, question.text, clients=True)
        statement = statement.where(among(reading.connection, client.c.id, found))
    column, row_id = _CLIENT_SORTS[question.sort], client.c.id
    keys = (row_id,) if column is row_id else (column, row_id)
    statement = statement.order_by(*(key.desc() if question.descending else key for key in keys))
    return ids_of(reading.connection, statement)


ANSWERS: Answers = {LeadIds: lead_ids, ClientIds: client_ids}
