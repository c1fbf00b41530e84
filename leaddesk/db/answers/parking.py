"""Parked leads, and whose day has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from leaddesk.db.figure_indexes import PARKED, holds
from leaddesk.db.ids import among, chunks
from leaddesk.db.mapping import at, from_ms
from leaddesk.db.tables import app_user, change, lead, operation
from leaddesk.workflow.parking import DueToReturn, Parked, ParkedRow, ParkedSince, TakeDue
from leaddesk.workflow.vocabulary import Status

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select

    from leaddesk.db.answers.reading import Answers, Reading

_PARKED = holds(PARKED)
_BY_DAY = "INDEXED BY ix_lead_parked"


def due_to_return(reading: Reading, _question: DueToReturn) -> list[int]:
    """By the day they were to come back."""
    return list(reading.connection.scalars(_due(reading)))


def take_due(reading: Reading, question: TakeDue) -> list[int]:
    """The same, locked. A SQLite writer is alone anyway."""
    statement = _due(reading)
    if question.limit:
        statement = statement.limit(question.limit)
    if reading.connection.dialect.name != "sqlite":
        statement = statement.with_for_update(skip_locked=True)
    return list(reading.connection.scalars(statement))


def _due(reading: Reading) -> Select[*tuple[int]]:
    due = select(lead.c.id).where(_PARKED, lead.c.return_at <= reading.now_ms).with_hint(lead, _BY_DAY, "sqlite")
    return due.order_by(lead.c.return_at, lead.c.id)


def parked_since(reading: Reading, question: ParkedSince) -> dict[int, datetime]:
    """When the journal last says that somebody set their status."""
    c = change.c
    told = (c.tbl == "lead") & (c.cols.contains("status") | (c.cols == "*"))
    stands = (operation.c.kind == "do") & (operation.c.undone == 0)
    found: dict[int, datetime] = {}
    for some in chunks(question.lead_ids, 5_000):
        statement = (
            select(c.row_id, func.max(operation.c.at))
            .join(operation, operation.c.id == c.operation_id)
            .where(among(reading.connection, c.row_id, some), told, stands)
            .group_by(c.row_id)
        )
        found |= {row_id: from_ms(at_ms) for row_id, at_ms in reading.rows(statement)}
    return found


def parked(reading: Reading, question: Parked) -> list[ParkedRow]:
    """By the day they come back; those that never do at the end."""
    c = lead.c
    chosen = select(c.id).where(_PARKED, reading.visible()).with_hint(lead, _BY_DAY, "sqlite").limit(question.limit)
    coming = chosen.where(c.return_at.is_not(None)).order_by(c.return_at, c.id)
    ids = list(reading.connection.scalars(coming))
    if not question.returning_only and len(ids) < question.limit:
        never = chosen.where(c.return_at.is_(None)).order_by(c.id).limit(question.limit - len(ids))
        ids += reading.connection.scalars(never)
    statement = (
        select(c.id, c.name, c.company, c.external_id, c.status, c.return_at, c.parked_why, app_user.c.name)
        .select_from(lead.outerjoin(app_user, app_user.c.id == c.owner_id))
        .where(among(reading.connection, c.id, ids))
    )
    found = {row[0]: row for row in reading.rows(statement)}
    return [
        ParkedRow(
            row[0],
            row[1] or row[2] or (f"Lead {row[3]}" if row[3] else f"Lead #{row[0]}"),
            row[2],
            Status(row[4]),
            at(row[5]),
            row[6],
            row[7] or "",
        )
        for row in (found[i] for i in ids if i in found)
    ]


ANSWERS: Answers = {DueToReturn: due_to_return, Parked: parked, ParkedSince: parked_since, TakeDue: take_due}
