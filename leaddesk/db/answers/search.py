"""The search box: any part of a name, company, address or extra field, or a phone in any format."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, bindparam, column, func, or_, select, table, text

from leaddesk.db.ids import among
from leaddesk.db.intake_tables import redirect
from leaddesk.db.search import digits, fold, is_number, written
from leaddesk.db.tables import client, contact_point, lead, search_doc
from leaddesk.workflow.cards import Hit, Search
from leaddesk.workflow.entities import LeadExtra
from leaddesk.workflow.phones import FEWEST_DIGITS_OF_A_NUMBER
from leaddesk.workflow.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.db.answers.reading import Answers, Reading

_NUMBER = re.compile(r"(?:tel:)?[+＋]?[\s()\d./\-\u2010-\u2015]+", re.IGNORECASE)
_PIECE = re.compile(r"(?P<number>(?<!\S)[+＋]?[(\d][\s()\d./\-\u2010-\u2015]*(?!\S))|\S+")
"""A word, or a run of digits and of the signs that stand between a number's."""
_EXTENSION = re.compile(
    r"(?<=\d)[\s,;]*(?:ext?n?\.?|x|#|доб\.?|вн\.?|дод\.?|mell\.?|;ext=)[\s.:=]*\d{1,6}\s*$", re.IGNORECASE
)
_OPTIONAL_ZERO = re.compile(r"\(\s*[0٠۰]\s*\)")
_FTS = table("search_fts", column("rowid"))
TRIGRAM = 3
FEWEST_DIGITS = 4
LONGEST_ID = 18
RANKED = 300
"""How many matches are looked at to find the best ones: a search for "a" need not rank the whole file."""


def terms_of(typed: str) -> list[list[str]]:
    """What every hit must contain: for each part one of its spellings.

    A number is looked for by its digits, whole or beside words: "067 123", "olena (067) 123-45-67". Beside words only
    what is long enough for a number is taken for one: the "12 14" of an address is two parts.
    """
    text = _EXTENSION.sub("", typed.strip())
    if _NUMBER.fullmatch(text) and len(digits(text)) >= FEWEST_DIGITS:
        return [number_spellings(text)]
    terms: list[list[str]] = []
    for found in _PIECE.finditer(text):
        number = found["number"]
        if number and len(digits(number)) >= FEWEST_DIGITS_OF_A_NUMBER:
            terms.append(number_spellings(number))
        else:
            terms += [[word] for word in fold(found[0]).split()]
    return terms


def number_spellings(typed: str) -> list[str]:
    """The digits of a number as cards may have them.

    Cards have a number as dialled from abroad and at home, so that little is left to guess: what is dialled to get
    abroad (00, 011 in America, 8~10 in Russia) stands on no card, nor the zero of "+44 (0)20"; and where a whole
    number was typed, its trunk prefix may be missing on a card whose country nobody knew.
    """
    abroad = typed.lstrip().startswith(("+", "＋")) or digits(typed).startswith("00")
    number = digits(_OPTIONAL_ZERO.sub("", typed) if abroad else typed)
    spellings = [number]
    spellings += [number.removeprefix(p) for p in ("00", "011", "810") if number.startswith(p)]
    if not abroad:
        rests = (number.removeprefix(p) for p in ("0", "8") if number.startswith(p))
        spellings += [rest for rest in rests if len(rest) >= FEWEST_DIGITS_OF_A_NUMBER]
    return [s for s in dict.fromkeys(spellings) if len(s) >= TRIGRAM]


def found_ids(reading: Reading, typed: str, limit: int) -> list[int]:
    """Search ids (lead ×2, client ×2+1) of cards that contain every part of what was typed."""
    terms = terms_of(typed)
    if not terms:
        return []
    recheck = and_(*(or_(*(_contains(reading, s) for s in spellings)) for spellings in terms))
    asked = [s for s in terms if all(len(spelling) >= TRIGRAM for spelling in s)]
    if not asked:
        return _by_beginning(reading, terms, limit)
    if reading.connection.dialect.name != "sqlite":
        statement = select(search_doc.c.id).where(recheck).order_by(search_doc.c.id.desc()).limit(limit)
        return list(reading.connection.scalars(statement))
    match = " AND ".join("(" + " OR ".join(_trigrams(s) for s in spellings) + ")" for spellings in asked)
    statement = (
        select(search_doc.c.id)
        .select_from(_FTS.join(search_doc, search_doc.c.id == _FTS.c.rowid))
        .where(text("search_fts MATCH :match").bindparams(match=match), recheck)
        .limit(limit)
    )
    return list(reading.connection.scalars(statement))


def _trigrams(word: str) -> str:
    parts = dict.fromkeys(word[i : i + TRIGRAM] for i in range(len(word) - TRIGRAM + 1))
    return "(" + " AND ".join('"' + part.replace('"', '""') + '"' for part in parts) + ")"


def _contains(reading: Reading, part: str) -> ColumnElement[bool]:
    if reading.connection.dialect.name == "sqlite":
        return func.instr(search_doc.c.text, bindparam(None, part, unique=True)) > 0
    escaped = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return search_doc.c.text.like(f"%{escaped}%", escape="\\")


def _by_beginning(reading: Reading, terms: list[list[str]], limit: int) -> list[int]:
    """One or two letters: names and companies that begin so, through their indexes."""
    found: dict[int, None] = {}
    word = terms[0][0]
    for cards, bit, columns in (
        (lead, 0, (lead.c.name, lead.c.company)),
        (client, 1, (client.c.name, client.c.company)),
    ):
        for name in columns:
            for spelling in dict.fromkeys((word.capitalize(), word, word.upper())):
                begins = name.between(spelling, spelling + "\U0010ffff")
                ids = reading.connection.scalars(select(cards.c.id).where(begins).order_by(name).limit(limit))
                found.update(dict.fromkeys(i * 2 + bit for i in ids))
    here = among(reading.connection, search_doc.c.id, list(found))
    rest = [or_(*(_contains(reading, s) for s in spellings)) for spellings in terms[1:]]
    if not rest:
        return list(found)[:limit]
    return list(reading.connection.scalars(select(search_doc.c.id).where(here, *rest).limit(limit)))


def search(reading: Reading, question: Search) -> list[Hit]:
    """The best hits: names that begin with what was typed before names that contain it, before the rest."""
    ids = found_ids(reading, question.text, RANKED)
    wanted = fold(question.text)
    hits = _leads(reading, [i // 2 for i in ids if not i % 2]) + _clients(reading, [i // 2 for i in ids if i % 2])

    def rank(hit: tuple[str, Hit]) -> tuple[int, str]:
        name = fold(hit[0])
        place = 0 if name.startswith(wanted) else 1 if wanted in name else 2
        return place, name

    best = [hit for _, hit in sorted(hits, key=rank)[: question.limit]]
    return (_by_old_number(reading, question.text) + _with_reasons(reading, best, question.text))[: question.limit]


def _by_old_number(reading: Reading, typed: str) -> list[Hit]:
    """Who has the number of a card that was merged: it may stand on paper, as “#12”."""
    number = typed.strip().removeprefix("#")
    if not number.isascii() or not number.isdecimal() or len(number) > LONGEST_ID:
        return []
    leads_to = reading.connection.scalar(select(redirect.c.lead_id).where(redirect.c.id == int(number)))
    hits = _leads(reading, [leads_to]) if leads_to is not None else []
    return [replace(hit, why=f"was card {number}, merged into it") for _, hit in hits]


def _leads(reading: Reading, ids: Sequence[int]) -> list[tuple[str, Hit]]:
    c = lead.c
    statement = select(c.id, c.name, c.company, c.status, c.external_id).where(
        among(reading.connection, c.id, ids), reading.visible()
    )
    hits = []
    for lead_id, name, company, status, external in reading.rows(statement):
        title = name or company or f"Lead {external or '#' + str(lead_id)}"
        hits.append((title, Hit("lead", lead_id, title, company if name else "", Status(status).words)))
    return hits


def _clients(reading: Reading, ids: Sequence[int]) -> list[tuple[str, Hit]]:
    c = client.c
    statement = select(c.id, c.company, c.legal_name, c.name).where(among(reading.connection, c.id, ids))
    hits = []
    for client_id, company, legal_name, name in reading.rows(statement):
        title = company or legal_name or name or f"Client #{client_id}"
        hits.append((title, Hit("client", client_id, title, name if company or legal_name else "", "client")))
    return hits


def _with_reasons(reading: Reading, hits: list[Hit], typed: str) -> list[Hit]:
    """Say where a hit matched when its title does not show it."""
    wanted = fold(typed)
    numbers = [s for spellings in terms_of(typed) for s in spellings if len(s) >= FEWEST_DIGITS and s.isdecimal()]
    explained = []
    for hit in hits:
        why = hit.why
        if wanted not in fold(f"{hit.title} {hit.why}"):
            why = _point_with(reading, hit, wanted, numbers) or _extra_with(reading, hit, wanted, numbers) or why
        explained.append(Hit(hit.kind, hit.id, hit.title, why, hit.status))
    return explained


def _point_with(reading: Reading, hit: Hit, wanted: str, numbers: Sequence[str]) -> str:
    p = contact_point.c
    owner: ColumnElement[Any] = p.lead_id if hit.kind == "lead" else p.client_id
    for channel, value, raw in reading.rows(select(p.channel, p.value, p.raw).where(owner == hit.id)):
        if wanted in fold(value) or ((channel == "phone" or is_number(value)) and _is_in(numbers, value, raw)):
            return str(value)
    return ""


def _is_in(numbers: Sequence[str], value: str, raw: str = "") -> bool:
    return any(number in spelling for number in numbers for spelling in written(value, raw))


def _extra_with(reading: Reading, hit: Hit, wanted: str, numbers: Sequence[str]) -> str:
    """The column of an imported file that says it, with its value."""
    kept = reading.one_of(LeadExtra, hit.id) if hit.kind == "lead" else None
    for header, value in {**kept.fields, **kept.original}.items() if kept else ():
        if wanted in fold(value) or (is_number(value) and _is_in(numbers, value)):
            return f"{header}: {value}"
    return ""


ANSWERS: Answers = {Search: search}
