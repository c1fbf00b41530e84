"""Who shares a number, an address or a tax number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from leaddesk.db.ids import among_texts
from leaddesk.db.tables import app_user, client, contact_point
from leaddesk.workflow.duplicates import Match, Matches
from leaddesk.workflow.entities import Client, Lead
from leaddesk.workflow.vocabulary import Status

if TYPE_CHECKING:
    from leaddesk.db.answers.reading import Answers, Reading

_WHY = {"phone": "the same phone", "email": "the same e-mail"}


def matches(reading: Reading, question: Matches) -> list[Match]:
    """Leads and clients, also parked, refused and suppressed ones, the clients first."""
    found: dict[tuple[str, int], Match] = {}
    if question.tax_key:
        _by_tax(reading, question, found)
    keys = {(str(channel), key) for channel, key in question.keys}
    if keys:
        p = contact_point.c
        here = among_texts(reading.connection, p.key, sorted({key for _, key in keys}))
        for channel, key, lead_id, client_id in reading.rows(
            select(p.channel, p.key, p.lead_id, p.client_id).where(here)
        ):
            if (channel, key) in keys:
                _add(reading, question, found, lead_id, client_id, _WHY[channel], key)
    return sorted(found.values(), key=lambda m: (m.kind, m.id))


def _by_tax(reading: Reading, question: Matches, found: dict[tuple[str, int], Match]) -> None:
    for client_id in reading.connection.scalars(select(client.c.id).where(client.c.tax_key == question.tax_key)):
        _add(reading, question, found, None, client_id, "the same tax number", question.tax_key)


def _add(
    reading: Reading,
    question: Matches,
    found: dict[tuple[str, int], Match],
    lead_id: int | None,
    client_id: int | None,
    why: str,
    key: str,
) -> None:
    if client_id is not None and ("client", client_id) not in found:
        card = reading.one_of(Client, client_id)
        if card is not None:
            owner = _owner(reading, card.owner_id)
            found["client", client_id] = Match("client", client_id, card.title, "client", owner, why, key)
    if lead_id in (None, question.but_lead) or question.clients_only or ("lead", lead_id) in found:
        return
    row = reading.one_of(Lead, lead_id or 0)
    if row is not None:
        status = Status(row.status).words
        found["lead", row.id] = Match("lead", row.id, row.title, status, _owner(reading, row.owner_id), why, key)


def _owner(reading: Reading, user_id: int | None) -> str:
    if user_id is None:
        return ""
    return reading.connection.scalar(select(app_user.c.name).where(app_user.c.id == user_id)) or ""


ANSWERS: Answers = {Matches: matches}
