"""Today's counters, by the user's own day."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from leaddesk.db.figure_indexes import CONVERTED, PROMISED, holds
from leaddesk.db.mapping import to_ms
from leaddesk.db.tables import call, client, lead, operation, outcome, task
from leaddesk.workflow.cards import DayCounts, Today
from leaddesk.workflow.vocabulary import Role

if TYPE_CHECKING:
    from leaddesk.db.answers.reading import Answers, Reading


def today(reading: Reading, _question: Today) -> DayCounts:
    """Calls, talks and conversions since this user's midnight, promised callbacks due, cards in the file."""
    midnight = datetime.combine(reading.now.astimezone(reading.zone).date(), time(0), reading.zone)
    since, me, count = to_ms(midnight), reading.user.id, reading.connection.scalar
    talked = func.sum(case((outcome.c.human == 1, 1), else_=0))
    calls, talks = reading.connection.execute(
        select(func.count(), talked)
        .select_from(call.outerjoin(outcome, outcome.c.key == call.c.outcome))
        .where(call.c.user_id == me, call.c.started_at >= since)
    ).one()
    o = operation.c
    converted = select(func.count()).where(holds(CONVERTED), o.user_id == me, o.at >= since)
    due = select(func.count()).where(holds(PROMISED), task.c.due_at <= reading.now_ms)
    if reading.user.role is Role.OPERATOR:
        # Two seeks: with OR the planner would read every promise there is.
        due = select(
            due.where(task.c.owner_id == me).scalar_subquery() + due.where(task.c.owner_id.is_(None)).scalar_subquery()
        )
    return DayCounts(
        calls=calls,
        talks=talks or 0,
        converted=count(converted) or 0,
        callbacks_due=count(due) or 0,
        leads=count(select(func.count()).select_from(lead)) or 0,
        clients=count(select(func.count()).select_from(client)) or 0,
    )


ANSWERS: Answers = {Today: today}
