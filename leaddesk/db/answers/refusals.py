"""Reasons with their shares, and the farewell letter as it would be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from leaddesk.db.answers.suppressions import suppressed_keys
from leaddesk.db.tables import contact_point, refusal, refusal_reason
from leaddesk.workflow.derived import SuppressedKeys
from leaddesk.workflow.entities import ContactPoint, Lead, RefusalReason
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letter_entities import Letter
from leaddesk.workflow.letters import Drafted, FarewellDraft, LetterById, language_of, render
from leaddesk.workflow.refusals import ReasonRow, Reasons
from leaddesk.workflow.vocabulary import Channel

if TYPE_CHECKING:
    from leaddesk.db.answers.reading import Answers, Reading


def reasons(reading: Reading, _question: Reasons) -> list[ReasonRow]:
    """Those in use, by digit, each with its share of all refusals."""
    count = select(refusal.c.reason, func.count()).group_by(refusal.c.reason)
    used = reading.pairs(count)
    whole = sum(used.values())
    found = sorted(reading.all_of(RefusalReason, refusal_reason.c.retired == 0), key=lambda r: r.digit or 10)
    return [ReasonRow(r, used.get(r.key, 0), round(100 * used.get(r.key, 0) / whole) if whole else 0) for r in found]


def farewell(reading: Reading, question: FarewellDraft) -> Drafted:
    """The letter with this lead's plain values merged in; empty `to_address` where it may not be written."""
    lead = reading.one_of(Lead, question.lead_id)
    if lead is None:
        raise Refused(f"There is no lead {question.lead_id}.", field="lead_id")
    language = language_of(question.language, lead.language, lead.zone_key.partition("|")[0])
    values = {
        "name": lead.name,
        "company": lead.company,
        "interest": lead.interest,
        "reason": question.reason,
        "sender": reading.user.name,
        "sender_phone": reading.user.phone,
        "our_company": reading.settings.text("letters.company"),
        "our_offer": reading.settings.text("letters.offer"),
    }
    subject, body = render(
        question.template.partition(".")[0], language, {k: " ".join(v.split()) for k, v in values.items()}
    )
    address, why_not = _address(reading, lead)
    return Drafted(question.template, language, address, subject, body, why_not)


def _address(reading: Reading, lead: Lead) -> tuple[str, str]:
    if lead.no_mail:
        return "", "no letter: they asked not to be written to"
    points = reading.all_of(ContactPoint, contact_point.c.lead_id == lead.id, order=contact_point.c.position)
    mails = sorted(
        (p for p in points if p.channel is Channel.EMAIL and p.usable and p.key), key=lambda p: not p.preferred
    )
    if not mails:
        return "", "no letter: no e-mail on the card"
    barred = suppressed_keys(reading, SuppressedKeys(tuple(p.key for p in mails)))
    allowed = [p.value for p in mails if p.key not in barred]
    return (allowed[0], "") if allowed else ("", "no letter: the address is suppressed")


def letter_by_id(reading: Reading, question: LetterById) -> Letter | None:
    """One letter."""
    return reading.one_of(Letter, question.letter_id)


ANSWERS: Answers = {Reasons: reasons, FarewellDraft: farewell, LetterById: letter_by_id}
