"""Letters as they would be written, as they are kept, and the templates they are written from."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from leaddesk.db.answers.suppressions import suppressed_keys
from leaddesk.db.letter_tables import letter, letter_template
from leaddesk.db.tables import lead, refusal
from leaddesk.workflow.derived import Reached, SuppressedKeys
from leaddesk.workflow.entities import ContactPoint, Lead, RefusalReason
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letter_entities import Letter, LetterTemplate
from leaddesk.workflow.letter_files import language_of
from leaddesk.workflow.letter_html import direction
from leaddesk.workflow.letters import Drafted, LetterById, LetterDraft
from leaddesk.workflow.reasons import in_language
from leaddesk.workflow.templates import TemplateRow, Templates, TemplateVersions, shipped_rows, text_of
from leaddesk.workflow.vocabulary import Channel, Role, Status

if TYPE_CHECKING:
    from datetime import date, datetime

    from leaddesk.db.answers.reading import Answers, Reading


def own_templates(reading: Reading) -> dict[tuple[str, str], LetterTemplate]:
    """The floor's own templates in use, by key and language."""
    rows = reading.those(LetterTemplate, current=True)
    return {(row.key, row.language): row for row in rows}


def draft(reading: Reading, question: LetterDraft) -> Drafted:
    """The letter with this lead's plain values merged in; empty `to_address` where it may not be written."""
    from leaddesk.workflow.templating import render

    known = question.at_hand
    person = known.lead if known else reading.lead(question.lead_id)
    if person is None:
        raise Refused(f"There is no lead {question.lead_id}.", field="lead_id")
    language = language_of(question.language, person.language, person.zone_key.partition("|")[0])
    template = text_of(own_templates(reading), question.template, language)
    written = template.language
    values = _values(reading, person, question, written)
    rendered = render(question.text or template.text, values)
    address, why_not = _address(person, known.by if known else _reached(reading, person))
    return Drafted(
        template.key,
        written,
        address,
        rendered.subject,
        rendered.body,
        why_not,
        template.kind,
        template.number,
        person.name,
        rendered.marks,
        template.attachments,
    )


def _values(reading: Reading, person: Lead, question: LetterDraft, language: str) -> dict[str, str]:
    user, settings = reading.user, reading.settings
    company = settings.text("letters.company")
    values = {
        "name": person.name,
        "first_name": person.first_name,
        "company": person.company,
        "interest": person.interest,
        "reason": question.reason,
        "reason_title": _reason_title(reading, question, language),
        "sender": user.name,
        "sender_phone": user.phone,
        "sender_email": user.email,
        "our_company": company,
        # Unless the floor has said what it sells, the English default would stand in every language.
        "our_offer": str(settings.changed.get("letters.offer", "")),
        "holiday": question.holiday,
        "return_date": _day(question.until, reading, language) if question.until else "",
        "today": _day(reading.now, reading, language),
    }
    joined = {key: " ".join(value.split()) for key, value in values.items()}
    made = "\n".join(filter(None, (joined["sender"], joined["sender_phone"], joined["our_company"])))
    whole = {**joined, "signature": user.signature or made}
    if direction(language) == "rtl":
        whole = {key: value if key == "reason" else _isolated(value) for key, value in whole.items()}
    return whole


def _isolated(value: str) -> str:
    """Each line with its own direction: a phone number among Persian words is read from its plus sign on.

    FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE, as the Unicode Bidirectional Algorithm (UAX 9) asks for text
    merged from elsewhere.
    """
    return "\n".join(f"\u2068{line}\u2069" if line else line for line in value.split("\n"))


def _reason_title(reading: Reading, question: LetterDraft, language: str) -> str:
    if question.at_hand:
        return in_language(question.at_hand.reason, language).title
    found = reading.those(RefusalReason, key=question.reason) if question.reason else []
    return in_language(found[0], language).title if found else ""


def _day(moment: datetime, reading: Reading, language: str) -> str:
    return _in_words(moment.astimezone(reading.zone).date(), language)


@lru_cache(maxsize=256)
def _in_words(day: date, language: str) -> str:
    from babel.dates import format_date

    return format_date(day, "long", locale=language)


def _reached(reading: Reading, person: Lead) -> Reached:
    points = reading.those(ContactPoint, lead_id=person.id)
    keys = tuple(p.key for p in points if p.channel is Channel.EMAIL and p.key)
    return Reached(tuple(points), suppressed_keys(reading, SuppressedKeys(keys)))


def _address(person: Lead, by: Reached) -> tuple[str, str]:
    if person.no_mail:
        return "", "no letter: they asked not to be written to"
    mails = sorted(
        (p for p in by.points if p.channel is Channel.EMAIL and p.usable and p.key),
        key=lambda p: (not p.preferred, p.position),
    )
    if not mails:
        return "", "no letter: no e-mail on the card"
    allowed = [p.value for p in mails if p.key not in by.barred]
    return (allowed[0], "") if allowed else ("", "no letter: the address is suppressed")


def letter_by_id(reading: Reading, question: LetterById) -> Letter | None:
    """One letter, of a lead this user may see."""
    found = reading.one_of(Letter, question.letter_id)
    if found is None or reading.user.role is not Role.OPERATOR:
        return found
    whose = (lead.c.id == found.lead_id) & reading.visible()
    return found if reading.connection.scalar(select(lead.c.id).where(whose)) else None


def templates(reading: Reading, question: Templates) -> list[TemplateRow]:
    """The floor's own versions stand in the place of the shipped ones."""
    rows = {(row.key, row.language): row for row in shipped_rows()}
    for (key, language), own in own_templates(reading).items():
        shipped = rows.get((key, language))
        title = own.title or (shipped.title if shipped else key)
        rows[key, language] = TemplateRow(
            key, own.kind, own.reason, language, title, own.number, own.text, own.attachments
        )
    wanted = [
        row for row in rows.values() if question.kind in (None, row.kind) and question.language in ("", row.language)
    ]
    return _counted(reading, wanted) if question.counted else wanted


def _counted(reading: Reading, rows: list[TemplateRow]) -> list[TemplateRow]:
    """With what came of the letters that left: answered, came back, became clients."""
    left = letter.c.state.in_(["sent", "saved", "sending", "uncertain"])
    came_back = refusal.c.returned_at.is_not(None)
    client = (
        select(lead.c.id)
        .with_hint(lead, "INDEXED BY ix_lead_status", "sqlite")
        .where(lead.c.status == str(Status.CONVERTED), lead.c.id == letter.c.lead_id)
        .exists()
    )
    statement = (
        select(
            letter.c.template,
            letter.c.language,
            func.count(),
            func.count(letter.c.answered_at),
            func.sum(case((came_back, 1), else_=0)),
            func.sum(case((came_back & client, 1), else_=0)),
        )
        .select_from(letter.outerjoin(refusal, refusal.c.id == letter.c.refusal_id))
        .with_hint(letter, "INDEXED BY ix_letter_counted", "sqlite")
        .where(left)
        .group_by(letter.c.template, letter.c.language)
    )
    found = {(row[0], row[1]): row[2:] for row in reading.rows(statement)}
    made = []
    for row in rows:
        used, answered, returned, converted = found.get((row.key, row.language), (0, 0, 0, 0))
        made.append(replace(row, used=used, answered=answered, returned=returned or 0, converted=converted or 0))
    return made


def template_versions(reading: Reading, question: TemplateVersions) -> list[LetterTemplate]:
    """Newest first."""
    t = letter_template.c
    where = (t.key == question.key) & (t.language == question.language)
    return reading.all_of(LetterTemplate, where, order=t.number.desc())


ANSWERS: Answers = {
    LetterDraft: draft,
    LetterById: letter_by_id,
    Templates: templates,
    TemplateVersions: template_versions,
}
