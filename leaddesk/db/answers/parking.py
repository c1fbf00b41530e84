"""Parked leads, and whose day has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from leaddesk.db.mapping import at
from leaddesk.db.tables import app_user, lead
from leaddesk.workflow.parking import DueToReturn, Parked, ParkedRow
from leaddesk.workflow.vocabulary import PARKED_STATUSES, Status

if TYPE_CHECKING:
    from leaddesk.db.answers.reading import Answers, Reading

_PARKED = lead.c.status.in_([str(s) for s in PARKED_STATUSES])


def due_to_return(reading: Reading, _question: DueToReturn) -> list[int]:
    """By the day they were to come back."""
    due = lead.c.return_at.is_not(None) & (lead.c.return_at <= reading.now_ms) & _PARKED
    return list(reading.connection.scalars(select(lead.c.id).where(due).order_by(lead.c.return_at, lead.c.id)))


def parked(reading: Reading, question: Parked) -> list[ParkedRow]:
    """By the day they come back; those that never do at the end."""
    c = lead.c
    statement = (
        select(c.id, c.name, c.company, c.external_id, c.status, c.return_at, c.parked_why, app_user.c.name)
        .select_from(lead.outerjoin(app_user, app_user.c.id == c.owner_id))
        .where(_PARKED, reading.visible())
    )
    if question.returning_only:
        statement = statement.where(c.return_at.is_not(None))
    statement = statement.order_by(c.return_at.is_(None), c.return_at, c.id).limit(question.limit)
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
        for row in reading.rows(statement)
    ]


ANSWERS: Answers = {DueToReturn: due_to_return, Parked: parked}
