"""The Parked page's list: ids first, rows when they are painted."""

from __future__ import annotations

from array import array
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, TextClause, exists, func, select

from leaddesk.db.answers.list_orders import SORTS
from leaddesk.db.answers.list_rows import lead_rows
from leaddesk.db.answers.search import all_found
from leaddesk.db.figure_indexes import PARKED, holds
from leaddesk.db.id_lists import ids_of
from leaddesk.db.ids import among
from leaddesk.db.letter_tables import letter
from leaddesk.db.mapping import from_ms, to_ms
from leaddesk.db.tables import lead, refusal
from leaddesk.workflow.cards import LeadRow, LeadRows
from leaddesk.workflow.mornings import clock_of
from leaddesk.workflow.parked import ParkedFilter, ParkedIds, ParkedLead, ParkedLeads
from leaddesk.workflow.vocabulary import PARKED_STATUSES, LetterState, RefusalKind, Status

if TYPE_CHECKING:
    from leaddesk.db.answers.reading import Answers, Reading

_COPIED = [f.name for f in fields(LeadRow)]


def parked_ids(reading: Reading, question: ParkedIds) -> array[int]:
    """Ordered ids. `KeyError` for an unknown sort: columns declare theirs."""
    column = SORTS[question.sort]
    order: list[ColumnElement[Any]] = [column.desc(), lead.c.id.desc()] if question.descending else [column, lead.c.id]
    statement = select(lead.c.id).where(*_conditions(reading, question.filter)).order_by(*order)
    if question.sort != "return":
        return ids_of(reading.connection, statement)
    if _plain(question.filter):
        statement = statement.with_hint(lead, "INDEXED BY ix_lead_parked", "sqlite")
    # In two parts, each in the order of the index: sorted whole, those without a day last, it takes twice as long.
    with_day, without = lead.c.return_at.is_not(None), lead.c.return_at.is_(None)
    return ids_of(reading.connection, statement.where(with_day)) + ids_of(reading.connection, statement.where(without))


def _plain(wanted: ParkedFilter) -> bool:
    """Whether nothing narrows the list that another index knows better."""
    return not (wanted.text.strip() or wanted.reasons or wanted.greet)


def _conditions(reading: Reading, wanted: ParkedFilter) -> list[ColumnElement[bool] | TextClause]:
    c = lead.c
    parts: list[ColumnElement[bool] | TextClause] = [holds(PARKED), reading.visible()]
    if wanted.statuses:
        parts.append(c.status.in_([str(s) for s in wanted.statuses if s in PARKED_STATUSES]))
    if wanted.back_before is not None:
        parts.append(c.return_at < to_ms(wanted.back_before))
    if wanted.stays_away:
        parts.append(c.return_at.is_(None))
    if wanted.greet:
        parts.append(c.greet == 1)
    if wanted.reasons:
        later = refusal.alias("later")
        newest = ~exists().where(later.c.lead_id == refusal.c.lead_id, later.c.id > refusal.c.id)
        given = exists().where(refusal.c.lead_id == c.id, refusal.c.reason.in_(wanted.reasons), newest)
        parts += [c.status == str(Status.REFUSED), given]
    if wanted.text.strip():
        parts.append(among(reading.connection, c.id, all_found(reading, wanted.text)))
    return parts


def parked_leads(reading: Reading, question: ParkedLeads) -> list[ParkedLead]:
    """Rows in the order of the ids."""
    ids = question.ids
    rows = lead_rows(reading, LeadRows(ids))
    zones = {row[0]: row[1:] for row in _about(reading, ids)}
    kinds = _newest(reading, ids, refusal, refusal.c.kind)
    letters = _newest(reading, ids, letter, letter.c.state, letter.c.answered_at, letter.c.bounced_at)
    made = []
    for row in rows:
        zone_key, return_at, greet = zones.get(row.id, ("|", None, 0))
        day = from_ms(return_at).astimezone(clock_of(zone_key, reading.settings)).date() if return_at else None
        kind = kinds.get(row.id) if row.status is Status.REFUSED else None
        state, answered, bounced = letters.get(row.id, (None, None, None))
        made.append(
            ParkedLead(
                **{name: getattr(row, name) for name in _COPIED},
                back_on=day,
                refusal=RefusalKind(kind[0]) if kind else None,
                letter=LetterState(state) if state else None,
                answered=answered is not None,
                bounced=bounced is not None,
                greet=bool(greet),
            )
        )
    return made


def _about(reading: Reading, ids: tuple[int, ...]) -> list[Any]:
    c = lead.c
    where = among(reading.connection, c.id, ids)
    return list(reading.rows(select(c.id, c.zone_key, c.return_at, c.greet).where(where)))


def _newest(
    reading: Reading, ids: tuple[int, ...], table: Any, *columns: ColumnElement[Any]
) -> dict[int, tuple[Any, ...]]:
    """These columns of the newest row each lead has in a table."""
    last = select(func.max(table.c.id)).where(among(reading.connection, table.c.lead_id, ids)).group_by(table.c.lead_id)
    statement = select(table.c.lead_id, *columns).where(table.c.id.in_(last))
    return {row[0]: tuple(row[1:]) for row in reading.connection.execute(statement)}


ANSWERS: Answers = {ParkedIds: parked_ids, ParkedLeads: parked_leads}
