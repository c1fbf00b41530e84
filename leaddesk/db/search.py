"""The search box's index: one folded text per card, found by any part of it.

SQLite keeps trigrams in FTS5 with `detail=none` (a fifth of the size); a hit is an AND of trigrams and a
recheck of the text itself. PostgreSQL uses `pg_trgm` where the server has it, else a plain scan.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, text

from leaddesk.db.ids import chunks
from leaddesk.db.prepared import Prepared, any_of
from leaddesk.db.tables import client, client_person, contact_point, lead, lead_extra, search_doc
from leaddesk.workflow.phones import FEWEST_DIGITS_OF_A_NUMBER, national_digits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Column, Connection

FTS = """CREATE VIRTUAL TABLE search_fts USING fts5(
    text, content='search_doc', content_rowid='id', tokenize='trigram case_sensitive 1', detail=none, columnsize=0
)"""
_FORGET = Prepared(lambda _: text("INSERT INTO search_fts(search_fts, rowid, text) VALUES ('delete', :id, :text)"))
_LEARN = Prepared(lambda _: text("INSERT INTO search_fts(rowid, text) VALUES (:id, :text)"))

_NO_DIGIT = re.compile(r"\D+")
_NOT_DIGITS = {code: None for code in range(128) if not chr(code).isdecimal()}
_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")
_NUMBER = re.compile(r"\s*[+＋]?[\s()\d./\-\u2010-\u2015]+")

_SHORTEST_EXTRA = 3
"""Letters of an extra field worth looking for: trigrams know nothing shorter."""

LEAD_COLUMNS = ("name", "company", "role", "interest", "industry", "city", "website", "tags", "external_id")
_CLIENT = ("name", "company", "legal_name", "tax_number", "registration_number", "contract", "city", "website")
SEARCHED: dict[str, frozenset[str]] = {
    "lead": frozenset(LEAD_COLUMNS),
    "client": frozenset(_CLIENT),
    "contact_point": frozenset(("value", "raw", "lead_id", "client_id")),
    "lead_extra": frozenset(("fields", "original")),
    "client_person": frozenset(("name", "phone", "email")),
}
"""The columns whose change makes a card's search text stale, by table."""


def is_about(parts: Iterable[tuple[str, str]]) -> bool:
    """Whether any of these (table, columns as the journal names them) is searched."""
    return any(
        table in SEARCHED and (columns == "*" or not SEARCHED[table].isdisjoint(columns.split(",")))
        for table, columns in parts
    )


def fold(words: str) -> str:
    """How text is compared: case folded, white space runs as one blank, digits of any script as 0 to 9."""
    folded = " ".join(words.casefold().split())
    return folded if folded.isascii() else _FOREIGN_DIGIT.sub(lambda digit: str(int(digit[0])), folded)


def digits(words: str) -> str:
    """Only the digits, of any script: how phones are compared in any format."""
    if words.isascii():
        return words.translate(_NOT_DIGITS)
    found = _NO_DIGIT.sub("", words)
    return found if found.isascii() else "".join(str(int(sign)) for sign in found)


def written(value: str, raw: str = "") -> list[str]:
    """The digits by which a number is found: as dialled from abroad, as dialled at home, and as the file had it.

    What is part of another is left out, so that most numbers cost their digits twice. "+380 67 123…" is found by
    38067, by 067 and by 67; a Hungarian one by 36 30, 06 30 and 30.
    """
    abroad, home, filed = digits(value), national_digits(value), digits(raw)
    known = [abroad] if abroad else []
    if home and home not in abroad:
        known.append(home)
    if filed and filed not in abroad and filed not in home:
        known.append(filed)
    return known


def is_number(words: str) -> bool:
    """Whether a text is nothing but a telephone number, as in a messenger's address or a column nobody mapped."""
    return _NUMBER.fullmatch(words) is not None and len(digits(words)) >= FEWEST_DIGITS_OF_A_NUMBER


def refresh(connection: Connection, leads: Iterable[int], clients: Iterable[int] = ()) -> None:
    """Write the search texts of these cards anew; cards that are gone lose theirs."""
    for ids in chunks(sorted(set(leads)), 2000):
        _store(connection, [i * 2 for i in ids], _lead_texts(connection, ids))
    for ids in chunks(sorted(set(clients)), 2000):
        _store(connection, [i * 2 + 1 for i in ids], _client_texts(connection, ids))


def _texts_of(column: Column[Any], *columns: Column[Any]) -> Prepared:
    return Prepared(lambda sqlite: select(column, *columns).where(any_of(sqlite, column, "ids")))


_STORED = _texts_of(search_doc.c.id, search_doc.c.text)
_REMOVE = Prepared(lambda sqlite: delete(search_doc).where(any_of(sqlite, search_doc.c.id, "ids")))
_KEEP = Prepared(lambda _: search_doc.insert(), ["id", "text"])


def _store(connection: Connection, doc_ids: Sequence[int], texts: dict[int, str]) -> None:
    old: dict[int, str] = {i: stored for i, stored in _STORED.rows(connection, ids=doc_ids)}  # noqa: C416 - typed
    stale: list[dict[str, Any]] = [{"id": i, "text": t} for i, t in old.items() if texts.get(i) != t]
    fresh = [{"id": i, "text": t} for i, t in texts.items() if old.get(i) != t]
    sqlite = connection.dialect.name == "sqlite"
    if stale:
        if sqlite:
            _FORGET.each(connection, stale)
        _REMOVE.run(connection, ids=[s["id"] for s in stale])
    _KEEP.each(connection, fresh)
    if sqlite:
        _LEARN.each(connection, fresh)


def learn(connection: Connection, leads: Sequence[tuple[int, str]]) -> None:
    """Write the search texts of new leads, as `text_of` made them."""
    fresh = [(lead_id * 2, words) for lead_id, words in leads]
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_doc (id, text) VALUES (?, ?)", fresh)
        connection.exec_driver_sql("INSERT INTO search_fts (rowid, text) VALUES (?, ?)", fresh)
    elif fresh:
        connection.execute(search_doc.insert(), [{"id": i, "text": words} for i, words in fresh])


def text_of(told: Iterable[str], points: Iterable[tuple[str, str, str]], kept: Iterable[Mapping[str, str]] = ()) -> str:
    """A lead's search text: of its own columns in `SEARCHED`, its points (channel, value, raw), its extra fields."""
    words = [value for value in told if value]
    known = set()
    for channel, value, raw in points:
        words += _point(channel, value, raw)
        known.add(raw)
    for fields in kept:
        for said in dict.fromkeys(fields.values()):
            if len(said) >= _SHORTEST_EXTRA and said not in known:
                words += _anything(said)
    return fold(" \x1f ".join(words))


_LEADS = _texts_of(lead.c.id, *(lead.c[name] for name in LEAD_COLUMNS))
_CLIENTS = _texts_of(client.c.id, *(client.c[name] for name in _CLIENT))
_POINT_COLUMNS = (contact_point.c.channel, contact_point.c.value, contact_point.c.raw)
_LEADS_POINTS = _texts_of(contact_point.c.lead_id, *_POINT_COLUMNS)
_CLIENTS_POINTS = _texts_of(contact_point.c.client_id, *_POINT_COLUMNS)
_EXTRAS = _texts_of(lead_extra.c.id, lead_extra.c.fields, lead_extra.c.original)
_PEOPLE = _texts_of(client_person.c.client_id, client_person.c.name, client_person.c.phone, client_person.c.email)


def _lead_texts(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    told = {row[0]: row[1:] for row in _LEADS.rows(connection, ids=ids)}
    points: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for lead_id, channel, value, raw in _LEADS_POINTS.rows(connection, ids=ids):
        points[lead_id].append((channel, value, raw))
    kept = {
        lead_id: [json.loads(stored) for stored in both if stored]
        for lead_id, *both in _EXTRAS.rows(connection, ids=ids)
    }
    return {lead_id * 2: text_of(row, points[lead_id], kept.get(lead_id, ())) for lead_id, row in told.items()}


def _client_texts(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    parts = {row[0]: [value for value in row[1:] if value] for row in _CLIENTS.rows(connection, ids=ids)}
    for owner, channel, value, raw in _CLIENTS_POINTS.rows(connection, ids=ids):
        if owner in parts:
            parts[owner] += _point(channel, value, raw)
    for owner, *values in _PEOPLE.rows(connection, ids=ids):
        for value in values if owner in parts else ():
            parts[owner] += _anything(value)
    return {client_id * 2 + 1: fold(" \x1f ".join(words)) for client_id, words in parts.items()}


def _point(channel: str, value: str, raw: str) -> list[str]:
    if channel == "phone":
        return written(value, raw)
    known = [value] if value == raw or not raw or value.casefold() == raw.casefold() else [value, raw]
    return known + written(value) if is_number(value) else known


def _anything(said: str) -> list[str]:
    """A text as it is, and by its digits if it is a number with signs between them."""
    if not said:
        return []
    return [said, *(spelling for spelling in written(said) if spelling != said)] if is_number(said) else [said]
