"""Reasons with their shares, and what the rebuttals saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from leaddesk.db.tables import lead, refusal, refusal_reason, stay
from leaddesk.workflow.entities import RefusalReason
from leaddesk.workflow.reasons import in_language
from leaddesk.workflow.refusals import ReasonRow, Reasons
from leaddesk.workflow.vocabulary import Status

if TYPE_CHECKING:
    from leaddesk.db.answers.reading import Answers, Reading


def reasons(reading: Reading, question: Reasons) -> list[ReasonRow]:
    """Those in use, by digit, each with its share of all refusals and what came of them."""
    came_back = refusal.c.returned_at.is_not(None)
    became = came_back & (lead.c.status == str(Status.CONVERTED))
    counted = (
        select(
            refusal.c.reason,
            func.count(),
            func.sum(case((came_back, 1), else_=0)),
            func.sum(case((became, 1), else_=0)),
        )
        .select_from(refusal.join(lead, lead.c.id == refusal.c.lead_id))
        .where(refusal.c.taken_back_at.is_(None))
        .group_by(refusal.c.reason)
    )
    used = {row[0]: row[1:] for row in reading.rows(counted)}
    stayed = reading.pairs(select(stay.c.reason, func.count()).group_by(stay.c.reason))
    whole = sum(row[0] for row in used.values())
    where = [] if question.retired else [refusal_reason.c.retired == 0]
    found = sorted(reading.all_of(RefusalReason, *where), key=lambda r: (r.retired, r.digit or 10, r.id))
    rows = []
    for reason in found:
        count, returned, converted = used.get(reason.key, (0, 0, 0))
        share = round(100 * count / whole) if whole else 0
        said = in_language(reason, question.language)
        rows.append(ReasonRow(said, count, share, stayed.get(reason.key, 0), int(returned), int(converted)))
    return rows


ANSWERS: Answers = {Reasons: reasons}
