"""The search box: any part of a name, company, address or extra field, or a phone in any format."""

from __future__ import annotations

import re
from array import array
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Integer, and_, column, func, or_, select, table, text, true
from sqlalchemy.sql.util import ClauseAdapter

from leaddesk.db.answers.search_begin import CLIENT_TOLD, LAST, LEAD_TOLD, beginning, first, is_seen, spelled
from leaddesk.db.answers.search_reasons import with_reasons
from leaddesk.db.id_lists import ids_of, is_sqlite
from leaddesk.db.intake_tables import redirect
from leaddesk.db.prepared import Prepared, any_of, at_once, given
from leaddesk.db.search import digits, fold
from leaddesk.db.stopping import stop_here
from leaddesk.db.tables import client, lead, search_doc
from leaddesk.workflow.cards import Hit, Search
from leaddesk.workflow.phones import FEWEST_DIGITS_OF_A_NUMBER
from leaddesk.workflow.vocabulary import Role, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import FromClause, Select

    from leaddesk.db.answers.reading import Answers, Reading

_NUMBER = re.compile(r"(?:tel:)?[+＋]?[\s()\d./\-\u2010-\u2015]+", re.IGNORECASE)
_PIECE = re.compile(r"(?P<number>(?<!\S)[+＋]?[(\d][\s()\d./\-\u2010-\u2015]*(?!\S))|\S+")
"""A word, or a run of digits and of the signs that stand between a number's."""
_EXTENSION = re.compile(
    r"(?<=\d)[\s,;]*(?:ext?n?\.?|x|#|доб\.?|вн\.?|дод\.?|mell\.?|;ext=)[\s.:=]*\d{1,6}\s*$", re.IGNORECASE
)
_OPTIONAL_ZERO = re.compile(r"\(\s*[0٠۰]\s*\)")
_FTS = table("search_fts", column("rowid", Integer))
TRIGRAM = 3
FEWEST_DIGITS = 4
LONGEST_ID = 18
RANKED = 300
"""How many matches are looked at to find the best ones: a search for "a" need not rank the whole file."""
LOOKED_AT = 20_000
"""Of so many matches those an operator may see are picked."""
NEWEST = 1_000
"""So many of the newest cards a server looks through before it asks its index, and sees by them how rich a word is."""
WALKED = 100_000
"""So many it looks through at the most, where the word is rich."""
SEEK = 10
"""A text an index names costs a server as much as so many it walks past in order, and far more where it is on the disk."""
LEAST_SEEN = 0.25
"""At least such a share of what is found is taken to be the operator's or the pool's; of the newest it may be less."""


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


def best_found(reading: Reading, terms: Sequence[Sequence[str]]) -> list[int]:
    """Search ids (lead ×2, client ×2+1) of the newest `RANKED` cards that contain every part, as this user may see them.

    `terms` as of `terms_of`; one of them at least has to be long enough for trigrams.
    """
    connection = reading.connection
    sqlite, for_operator = is_sqlite(connection), reading.user.role is Role.OPERATOR
    values = {**_values(terms, sqlite=sqlite), **({"me": reading.user.id} if for_operator else {})}
    shape = _shape(terms, sqlite=sqlite)
    if not sqlite:
        head_of = _head(shape, for_operator)
        with at_once(connection, (head_of, values), (_BY_INDEX_ALONE, {})):
            head = head_of.rows(connection, **values)
            _BY_INDEX_ALONE.rows(connection)
        newest = [found for found, seen in head if seen][:RANKED]
        if len(newest) < RANKED and is_rich(len(newest), len(head), cards=head[0][0] // 2 if head else 0):
            newest = _walk(shape, for_operator).scalars(connection, **values)
        if len(newest) == RANKED:
            return newest
    return _best(shape, for_operator).scalars(connection, **values)


def is_rich(seen: int, hits: int, cards: int) -> bool:
    """Whether on a server walking from the newest card on is quicker than asking the index, which names every hit.

    Of the `NEWEST` cards `hits` have the word and `seen` may be seen by who asks; of all `cards` as many in proportion.
    """
    walk = RANKED * NEWEST / max(seen, hits * LEAST_SEEN, 1)
    return walk < min(WALKED, hits / NEWEST * cards * SEEK)


def all_found(reading: Reading, typed: str, *, clients: bool = False) -> array[int]:
    """Ids of all leads, or of all clients, that contain every part of what was typed, whoever may see them."""
    terms, connection, bit = terms_of(typed), reading.connection, int(clients)
    sqlite = is_sqlite(connection)
    if any(map(_has_trigrams, terms)):
        shape = _shape(terms, sqlite=sqlite)
        card = _card(shape, sqlite=sqlite)
        found = _matching(shape, card // 2, sqlite=sqlite).where(card % 2 == bit)
        return ids_of(connection, found.params(_values(terms, sqlite=sqlite)))
    cards, ids = client if clients else lead, set[int]()
    for name in (cards.c.name, cards.c.company) if terms else ():
        for low in spelled(terms[0][0]):
            ids.update(ids_of(connection, select(cards.c.id).where(name.between(low, low + LAST))))
    if len(terms) < 2:
        return array("q", ids)
    return array("q", (i // 2 for i in _containing(reading, [i * 2 + bit for i in ids], terms[1:])))


def _containing(reading: Reading, ids: list[int], terms: Sequence[Sequence[str]]) -> list[int]:
    sqlite = is_sqlite(reading.connection)
    shape = tuple(map(len, terms))
    return _recheck(shape).scalars(reading.connection, ids=ids, **_parts(terms, sqlite=sqlite))


def _has_trigrams(spellings: Sequence[str]) -> bool:
    return all(len(spelling) >= TRIGRAM for spelling in spellings)


def _shape(terms: Sequence[Sequence[str]], *, sqlite: bool) -> tuple[int, ...]:
    """How many spellings each part has that is looked for in the text itself: statements are made once for each."""
    return tuple(map(len, _looked_for(terms, sqlite=sqlite)))


def _looked_for(terms: Sequence[Sequence[str]], *, sqlite: bool) -> list[Sequence[str]]:
    """The parts SQLite's index alone does not prove. One of three letters is a trigram, which it does."""
    return [words for words in terms if not sqlite or any(len(word) != TRIGRAM for word in words)]


def _values(terms: Sequence[Sequence[str]], *, sqlite: bool) -> dict[str, Any]:
    """What stands for the parts in a statement of this shape."""
    values = _parts(_looked_for(terms, sqlite=sqlite), sqlite=sqlite)
    if sqlite:
        asked = [spellings for spellings in terms if _has_trigrams(spellings)]
        values["match"] = " AND ".join("(" + " OR ".join(map(_trigrams, spellings)) + ")" for spellings in asked)
    return values


def _parts(terms: Sequence[Sequence[str]], *, sqlite: bool) -> dict[str, Any]:
    return {
        f"part_{i}_{j}": spelling if sqlite else f"%{_escaped(spelling)}%"
        for i, spellings in enumerate(terms)
        for j, spelling in enumerate(spellings)
    }


def _escaped(part: str) -> str:
    return part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _trigrams(word: str) -> str:
    parts = dict.fromkeys(word[i : i + TRIGRAM] for i in range(len(word) - TRIGRAM + 1))
    return "(" + " AND ".join('"' + part.replace('"', '""') + '"' for part in parts) + ")"


def _contains(shape: tuple[int, ...], *, sqlite: bool) -> ColumnElement[bool]:
    """Every part, in one of its spellings."""
    words = search_doc.c.text

    def one(name: str) -> ColumnElement[bool]:
        # A server takes a backslash to escape anyway; told so, it would reckon the pattern anew for each text.
        return func.instr(words, given(name)) > 0 if sqlite else words.like(given(name))

    return and_(*(or_(*(one(f"part_{i}_{j}") for j in range(many))) for i, many in enumerate(shape)))


def _card(shape: tuple[int, ...], *, sqlite: bool) -> ColumnElement[int]:
    """The search id of a match."""
    return _FTS.c.rowid if sqlite and not shape else search_doc.c.id


def _matching(shape: tuple[int, ...], what: ColumnElement[int], *, sqlite: bool) -> Select[int]:
    """Cards by index, and a look at the text of each, but where the index proves all."""
    hits = select(what.label("id"))
    if not sqlite:
        return hits.where(_contains(shape, sqlite=sqlite))
    match = text("search_fts MATCH :match").bindparams(given("match"))
    if not shape:
        return hits.select_from(_FTS).where(match)
    both = _FTS.join(search_doc, search_doc.c.id == _FTS.c.rowid)
    return hits.select_from(both).where(match, _contains(shape, sqlite=sqlite))


@lru_cache(maxsize=256)
def _best(shape: tuple[int, ...], for_operator: bool) -> Prepared:
    """The newest matches; for an operator of their own leads, the pool's, and of clients.

    Matches are looked at one by one, until enough are found. Were the owner one condition more, SQLite would begin with
    all leads of theirs. A server finds by its index first and orders then, else it would walk from the newest card to
    the first for a word that nobody has.
    """

    def build(sqlite: bool) -> Select[int]:
        found = _matching(shape, _card(shape, sqlite=sqlite), sqlite=sqlite)
        if sqlite:
            hits = found.order_by(_FTS.c.rowid.desc())
            return _seen_of(hits.limit(first(LOOKED_AT)), sqlite=True) if for_operator else hits.limit(first(RANKED))
        hit = found.limit(first(LOOKED_AT)).cte("hit").prefix_with("MATERIALIZED")
        newest = select(hit.c.id).order_by(hit.c.id.desc())
        return _seen_of(newest, sqlite=False) if for_operator else newest.limit(first(RANKED))

    return Prepared(build)


def _newest(shape: tuple[int, ...], many: int) -> Select[int]:
    """The matches among so many of the newest cards, the newest first."""
    head = select(search_doc).order_by(search_doc.c.id.desc()).limit(first(many)).subquery()
    contains = ClauseAdapter(head).traverse(_contains(shape, sqlite=False))
    return select(head.c.id).where(contains).order_by(head.c.id.desc())


@lru_cache(maxsize=256)
def _head(shape: tuple[int, ...], for_operator: bool) -> Prepared:
    """Matches among the newest cards, and whether each may be seen. A word that is in a tenth of all is found here."""

    def build(_sqlite: bool) -> Any:
        hits = _newest(shape, NEWEST)
        if not for_operator:
            return hits.add_columns(true()).limit(first(RANKED))
        hit = hits.subquery()
        return select(hit.c.id, _may_be_seen(hit)).order_by(hit.c.id.desc())

    return Prepared(build)


@lru_cache(maxsize=256)
def _walk(shape: tuple[int, ...], for_operator: bool) -> Prepared:
    """Matches from the newest card on, until there are enough: of a rich word the index would give too many."""

    def build(_sqlite: bool) -> Select[int]:
        hits = _newest(shape, WALKED)
        return _seen_of(hits, sqlite=False) if for_operator else hits.limit(first(RANKED))

    return Prepared(build)


def _seen_of(hits: Select[int], *, sqlite: bool) -> Select[int]:
    """Those of the matches an operator may see, in the same order: looked at one by one until there are enough.

    A server is told the order again, which costs it nothing; SQLite keeps it, and would sort all of them first.
    """
    hit = hits.subquery()
    seen = select(hit.c.id).where(_may_be_seen(hit)).limit(first(RANKED))
    return seen if sqlite else seen.order_by(hit.c.id.desc())


def _may_be_seen(hit: FromClause) -> ColumnElement[bool]:
    """Looked up card by card. Of an EXISTS a server makes a list of all leads the operator may see, before the first."""
    theirs = select(lead.c.id).where(lead.c.id == hit.c.id // 2, is_seen(lead.c.owner_id))
    narrow = theirs.with_hint(lead, "INDEXED BY ix_lead_about", "sqlite")
    return or_(hit.c.id % 2 == 1, narrow.scalar_subquery().is_not(None))


_BY_INDEX_ALONE = Prepared(lambda _: select(func.set_config("enable_seqscan", "off", True)))
"""Until the end of the reading: a server takes the words of one search for more common than they are."""


@lru_cache(maxsize=64)
def _recheck(shape: tuple[int, ...]) -> Prepared:
    return Prepared(
        lambda sqlite: select(search_doc.c.id).where(
            any_of(sqlite, search_doc.c.id, "ids"), _contains(shape, sqlite=sqlite)
        )
    )


_Named = tuple[str, str, int, str, str]
"""A match before it is ranked: title, kind, id, what else stands beside the title, status."""
_LEADS = Prepared(lambda sqlite: select(*LEAD_TOLD, lead.c.owner_id).where(any_of(sqlite, lead.c.id, "ids")))
_CLIENTS = Prepared(lambda sqlite: select(*CLIENT_TOLD).where(any_of(sqlite, client.c.id, "ids")))
_LEADS_TO = Prepared(lambda _: select(redirect.c.lead_id).where(redirect.c.id == given("id")))


def search(reading: Reading, question: Search) -> list[Hit]:
    """The best hits: names that begin with what was typed before names that contain it, before the rest."""
    terms, wanted = terms_of(question.text), fold(question.text)
    if any(map(_has_trigrams, terms)):
        ids = best_found(reading, terms)
        named = _leads(reading, [i // 2 for i in ids if not i % 2]) + _clients(reading, [i // 2 for i in ids if i % 2])
    else:
        named = _beginning(reading, terms, question.limit)

    def rank(found: _Named) -> tuple[int, str, bool, int]:
        name = fold(found[0])
        place = 0 if name.startswith(wanted) else 1 if wanted in name else 2
        return place, name, found[1] == "client", found[2]

    best = [_hit(found) for found in sorted(named, key=rank)[: question.limit]]
    numbers = [s for spellings in terms for s in spellings if _is_of_number(s)]
    return (_by_old_number(reading, question.text) + with_reasons(reading, best, wanted, numbers))[: question.limit]


def _beginning(reading: Reading, terms: Sequence[Sequence[str]], limit: int) -> list[_Named]:
    """By one or two letters: who is called so, and contains whatever else was typed."""
    if not terms:
        return []
    stop_here()
    operator = reading.user.id if reading.user.role is Role.OPERATOR else None
    most = limit if len(terms) == 1 else RANKED
    leads, clients = beginning(reading.connection, terms[0][0], most, operator)
    if len(terms) > 1:
        ids = [told[0] * 2 for told in leads] + [told[0] * 2 + 1 for told in clients]
        having = set(_containing(reading, ids, terms[1:]))
        leads = [told for told in leads if told[0] * 2 in having]
        clients = [told for told in clients if told[0] * 2 + 1 in having]
    return [_lead(*told) for told in leads] + [_client(*told) for told in clients]


def _hit(found: _Named) -> Hit:
    title, kind, card, why, status = found
    return Hit(kind, card, title, why, Status(status).words if status else "client")


def _is_of_number(spelling: str) -> bool:
    return len(spelling) >= FEWEST_DIGITS and spelling.isdecimal()


def _by_old_number(reading: Reading, typed: str) -> list[Hit]:
    """Who has the number of a card that was merged: it may stand on paper, as “#12”."""
    number = typed.strip().removeprefix("#")
    if not number.isascii() or not number.isdecimal() or len(number) > LONGEST_ID:
        return []
    leads_to = _LEADS_TO.scalar(reading.connection, id=int(number))
    named = _leads(reading, [leads_to]) if leads_to is not None else []
    return [replace(_hit(found), why=f"was card {number}, merged into it") for found in named]


def _leads(reading: Reading, ids: list[int]) -> list[_Named]:
    hidden = reading.user.role is Role.OPERATOR
    return [
        _lead(*told)
        for *told, owner in (_LEADS.rows(reading.connection, ids=ids) if ids else ())
        if not hidden or owner in (None, reading.user.id)
    ]


def _clients(reading: Reading, ids: list[int]) -> list[_Named]:
    return [_client(*told) for told in (_CLIENTS.rows(reading.connection, ids=ids) if ids else ())]


def _lead(lead_id: int, name: str, company: str, status: str, external: str) -> _Named:
    title = name or company or f"Lead {external or '#' + str(lead_id)}"
    return title, "lead", lead_id, company if name else "", status


def _client(card: int, company: str, legal: str, name: str) -> _Named:
    return company or legal or name or f"Client #{card}", "client", card, name if company or legal else "", ""


ANSWERS: Answers = {Search: search}
