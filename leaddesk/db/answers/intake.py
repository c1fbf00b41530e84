"""What an import asks: who of these is known, and what of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from leaddesk.db.ids import among, among_texts
from leaddesk.db.mapping import mapper
from leaddesk.db.tables import app_user, client, contact_point, lead, lead_extra, note
from leaddesk.workflow.duplicates import SWITCHBOARD
from leaddesk.workflow.entities import ContactPoint, Lead, LeadExtra
from leaddesk.workflow.intake_matching import SHARED, Known, KnownCards, StoredLead, StoredLeads
from leaddesk.workflow.intake_rows import sameness
from leaddesk.workflow.vocabulary import Channel, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leaddesk.db.answers.reading import Answers, Reading

_PAIR = (Channel.PHONE.value, Channel.EMAIL.value)


def known_cards(reading: Reading, question: KnownCards) -> list[Known]:
    """By two look-ups in indexes; most imports end there, for nobody is known. A switchboard's number is nobody's."""
    wanted = set(question.keys)
    switchboards: set[tuple[str, str]] = set()
    lead_ids: set[int] = set()
    client_ids: set[int] = set()
    if wanted:
        p = contact_point.c
        here = among_texts(reading.connection, p.key, sorted({key for _, key in wanted}))
        holders: defaultdict[tuple[str, str], list[tuple[int | None, int | None]]] = defaultdict(list)
        for channel, key, *holder in reading.rows(select(p.channel, p.key, p.lead_id, p.client_id).where(here)):
            if (channel, key) in wanted:
                holders[channel, key].append((holder[0], holder[1]))
        switchboards = {pair for pair, some in holders.items() if len(set(some)) > SWITCHBOARD}
        for pair in holders.keys() - switchboards:
            lead_ids.update(lead_id for lead_id, _ in holders[pair] if lead_id)
            client_ids.update(client_id for _, client_id in holders[pair] if client_id)
    if question.external:
        pairs = set(question.external)
        here = among_texts(reading.connection, lead.c.external_id, sorted({number for _, number in pairs}))
        # The condition of the partial index, in words the planner knows it by.
        found = select(lead.c.id, lead.c.external_system, lead.c.external_id).where(here & (lead.c.external_id != ""))
        lead_ids.update(row[0] for row in reading.rows(found) if (row[1], row[2]) in pairs)
    if question.names:
        c = lead.c
        named = among_texts(reading.connection, c.name, question.names)
        nameless = (c.name == "") & among_texts(reading.connection, c.company, question.names)
        for here in (named, nameless):
            lead_ids.update(reading.connection.scalars(select(c.id).where(here & (c.external_id == ""))))
    cards = [*_leads(reading, sorted(lead_ids), told=bool(question.names)), *_clients(reading, sorted(client_ids))]
    if not switchboards:
        return cards
    shared = frozenset((Channel(channel), key) for channel, key in switchboards)
    return [*(replace(card, keys=card.keys - shared) for card in cards), Known(SHARED, 0, "", "", shared)]


def _leads(reading: Reading, ids: list[int], *, told: bool) -> Iterable[Known]:
    if not ids:
        return
    same = _told(reading, ids) if told else {}
    keys = _keys(reading, contact_point.c.lead_id, ids)
    c = lead.c
    columns = (c.id, c.name, c.company, c.status, app_user.c.name, c.external_system, c.external_id, c.batch_id)
    statement = select(*columns).select_from(lead.outerjoin(app_user, app_user.c.id == c.owner_id))
    for i, name, company, status, owner, system, external, batch in reading.rows(
        statement.where(among(reading.connection, c.id, ids))
    ):
        about = ", ".join(filter(None, (Status(status).words, owner)))
        yield Known(
            "lead", i, name or company, about, keys[i], (system, external) if external else None, same.get(i),
            batch=batch or 0,
        )  # fmt: skip


def _told(reading: Reading, ids: list[int]) -> dict[int, tuple[object, ...]]:
    extras = {e.id: e for e in reading.all_of(LeadExtra, among(reading.connection, lead_extra.c.id, ids))}
    nothing = LeadExtra()
    return {
        row.id: sameness(row, extras.get(row.id, nothing).fields, extras.get(row.id, nothing).original)
        for row in reading.all_of(Lead, among(reading.connection, lead.c.id, ids))
    }


def _clients(reading: Reading, ids: list[int]) -> Iterable[Known]:
    if not ids:
        return
    keys = _keys(reading, contact_point.c.client_id, ids)
    notes: defaultdict[int, list[str]] = defaultdict(list)
    written = select(note.c.client_id, note.c.text).where(among(reading.connection, note.c.client_id, ids))
    for client_id, words in reading.rows(written):
        notes[client_id].append(words)
    c = client.c
    statement = select(c.id, c.name, c.company, app_user.c.name).select_from(
        client.outerjoin(app_user, app_user.c.id == c.owner_id)
    )
    for i, name, company, owner in reading.rows(statement.where(among(reading.connection, c.id, ids))):
        yield Known("client", i, company or name, owner or "", keys[i], notes=tuple(notes[i]))


def _keys(reading: Reading, holder: Any, ids: list[int]) -> defaultdict[int, frozenset[tuple[Channel, str]]]:
    p = contact_point.c
    here = among(reading.connection, holder, ids) & p.channel.in_(_PAIR) & (p.key != "")
    found: defaultdict[int, frozenset[tuple[Channel, str]]] = defaultdict(frozenset)
    for i, channel, key in reading.rows(select(holder, p.channel, p.key).where(here)):
        found[i] |= {(Channel(channel), key)}
    return found


def stored_leads(reading: Reading, question: StoredLeads) -> list[StoredLead]:
    """Whole leads with their points, extra fields and notes."""
    points: defaultdict[int | None, list[ContactPoint]] = defaultdict(list)
    here = among(reading.connection, contact_point.c.lead_id, question.ids)
    for point in reading.all_of(ContactPoint, here, order=contact_point.c.position):
        points[point.lead_id].append(point)
    extras_of = mapper(LeadExtra)
    extras = {
        extra.id: extra
        for extra in reading.all_of(LeadExtra, among(reading.connection, extras_of.table.c.id, question.ids))
    }
    notes: defaultdict[int, list[str]] = defaultdict(list)
    written = select(note.c.lead_id, note.c.text).where(among(reading.connection, note.c.lead_id, question.ids))
    for lead_id, words in reading.rows(written.order_by(note.c.id)):
        notes[lead_id].append(words)
    return [
        StoredLead(found, tuple(points[found.id]), extras.get(found.id, LeadExtra()), tuple(notes[found.id]))
        for found in reading.all_of(Lead, among(reading.connection, lead.c.id, question.ids))
    ]


ANSWERS: Answers = {KnownCards: known_cards, StoredLeads: stored_leads}
