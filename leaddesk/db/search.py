"""The search box's index: one folded text per card, found by any part of it.

SQLite keeps trigrams in FTS5 with `detail=none` (a fifth of the size); a hit is an AND of trigrams and a
recheck of the text itself. PostgreSQL uses `pg_trgm` where the server has it, else a plain scan.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, text

from leaddesk.db.ids import among, chunks
from leaddesk.db.tables import client, client_person, contact_point, lead, lead_extra, search_doc

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

FTS = """CREATE VIRTUAL TABLE search_fts USING fts5(
    text, content='search_doc', content_rowid='id', tokenize='trigram case_sensitive 1', detail=none, columnsize=0
)"""
_FORGET = text("INSERT INTO search_fts(search_fts, rowid, text) VALUES ('delete', :id, :text)")
_LEARN = text("INSERT INTO search_fts(rowid, text) VALUES (:id, :text)")

_LEAD = ("name", "company", "role", "interest", "industry", "city", "website", "tags", "external_id")
_CLIENT = ("name", "company", "legal_name", "tax_number", "registration_number", "contract", "city", "website")
SEARCHED: dict[str, frozenset[str]] = {
    "lead": frozenset(_LEAD),
    "client": frozenset(_CLIENT),
    "contact_point": frozenset(("value", "raw", "lead_id", "client_id")),
    "lead_extra": frozenset(("fields", "original")),
    "client_person": frozenset(("name", "phone", "email")),
}
"""The columns whose change makes a card's search text stale, by table."""


def fold(words: str) -> str:
    """How text is compared: case folded, white space runs as one blank."""
    return " ".join(words.casefold().split())


def digits(words: str) -> str:
    """Only the digits: how phones are compared in any format."""
    return "".join(c for c in words if c.isdecimal())


def refresh(connection: Connection, leads: Iterable[int], clients: Iterable[int] = ()) -> None:
    """Write the search texts of these cards anew; cards that are gone lose theirs."""
    for ids in chunks(sorted(set(leads)), 2000):
        _store(connection, [i * 2 for i in ids], _lead_texts(connection, ids))
    for ids in chunks(sorted(set(clients)), 2000):
        _store(connection, [i * 2 + 1 for i in ids], _client_texts(connection, ids))


def _store(connection: Connection, doc_ids: Sequence[int], texts: dict[int, str]) -> None:
    here = among(connection, search_doc.c.id, doc_ids)
    old: dict[int, str] = dict(connection.execute(select(search_doc.c.id, search_doc.c.text).where(here)).all())
    stale: list[dict[str, Any]] = [{"id": i, "text": t} for i, t in old.items() if texts.get(i) != t]
    fresh = [{"id": i, "text": t} for i, t in texts.items() if old.get(i) != t]
    sqlite = connection.dialect.name == "sqlite"
    if stale:
        if sqlite:
            connection.execute(_FORGET, stale)
        connection.execute(delete(search_doc).where(among(connection, search_doc.c.id, [s["id"] for s in stale])))
    if fresh:
        connection.execute(search_doc.insert(), fresh)
        if sqlite:
            connection.execute(_LEARN, fresh)


def _lead_texts(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    parts: dict[int, list[str]] = {}
    columns = [lead.c[name] for name in _LEAD]
    for row in connection.execute(select(lead.c.id, *columns).where(among(connection, lead.c.id, ids))):
        parts[row[0]] = [value for value in row[1:] if value]
    points = select(contact_point.c.lead_id, contact_point.c.channel, contact_point.c.value, contact_point.c.raw)
    for lead_id, channel, value, raw in connection.execute(
        points.where(among(connection, contact_point.c.lead_id, ids))
    ):
        if lead_id in parts:
            parts[lead_id] += _point(channel, value, raw)
    extras = select(lead_extra.c.id, lead_extra.c.fields, lead_extra.c.original)
    for lead_id, *kept in connection.execute(extras.where(among(connection, lead_extra.c.id, ids))):
        for stored in kept:
            if stored and lead_id in parts:
                parts[lead_id] += dict.fromkeys(v for v in json.loads(stored).values() if len(v) >= 3)
    return {lead_id * 2: fold(" \x1f ".join(words)) for lead_id, words in parts.items()}


def _client_texts(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    parts: dict[int, list[str]] = {}
    columns = [client.c[name] for name in _CLIENT]
    for row in connection.execute(select(client.c.id, *columns).where(among(connection, client.c.id, ids))):
        parts[row[0]] = [value for value in row[1:] if value]
    points = select(contact_point.c.client_id, contact_point.c.channel, contact_point.c.value, contact_point.c.raw)
    for owner, channel, value, raw in connection.execute(
        points.where(among(connection, contact_point.c.client_id, ids))
    ):
        if owner in parts:
            parts[owner] += _point(channel, value, raw)
    people = select(client_person.c.client_id, client_person.c.name, client_person.c.phone, client_person.c.email)
    for owner, *values in connection.execute(people.where(among(connection, client_person.c.client_id, ids))):
        if owner in parts:
            parts[owner] += [value for value in values if value]
    return {client_id * 2 + 1: fold(" \x1f ".join(words)) for client_id, words in parts.items()}


def _point(channel: str, value: str, raw: str) -> list[str]:
    if channel != "phone":
        return [value] if value.casefold() == raw.casefold() or not raw else [value, raw]
    return list(dict.fromkeys(filter(None, (digits(value), digits(raw)))))
