"""Reasons with their shares, and what the rebuttals saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from leaddesk.db.tables import lead, refusal, refusal_reason, stay
from leaddesk.workflow.entities import RefusalReason
from leaddesk.workflow.reasons import in_language
from leaddesk.workflow.refusals import ReasonRow, Reasons
from leaddesk.workflow.vocabulary import Status

if TYPE_CHECKING:
    from sqlalchemy import Select

    from leaddesk.db.answers.reading import Answers, Reading


def reasons(reading: Reading, question: Reasons) -> list[ReasonRow]:
    """Those in use, by digit, each with its share of all refusals and what came of them."""
    r = refusal.c
    standing = select(r.reason, func.count(), func.count(r.returned_at)).where(r.taken_back_at.is_(None))
    used = {reason: (count, back) for reason, count, back in reading.rows(standing.group_by(r.reason))}
    clients: dict[str, int] = reading.pairs(_became_clients()) if question.outcomes else {}
    stayed = reading.pairs(select(stay.c.reason, func.count()).group_by(stay.c.reason))
    whole = sum(count for count, _ in used.values())
    where = [] if question.retired else [refusal_reason.c.retired == 0]
    found = sorted(reading.all_of(RefusalReason, *where), key=lambda r: (r.retired, r.digit or 10, r.id))
    rows = []
    for reason in found:
        count, returned = used.get(reason.key, (0, 0))
        share = round(100 * count / whole) if whole else 0
        said = in_language(reason, question.language)
        rows.append(ReasonRow(said, count, share, stayed.get(reason.key, 0), returned, clients.get(reason.key, 0)))
    return rows


def _became_clients() -> Select[*tuple[str, int]]:
    """How many that came back are clients now, by reason. Clients are fewer than refusals: the search begins with them."""
    r = refusal.c
    return (
        select(r.reason, func.count())
        .select_from(lead.join(refusal, r.lead_id == lead.c.id))
        .with_hint(lead, "INDEXED BY ix_lead_status", "sqlite")
        .where(lead.c.status == str(Status.CONVERTED), r.returned_at.is_not(None), r.taken_back_at.is_(None))
        .group_by(r.reason)
    )


ANSWERS: Answers = {Reasons: reasons}
