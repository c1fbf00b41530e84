"""One or two letters: trigrams know nothing so short, so whose name or company begins with them is found.

Each way to match gives the first few in order of names, by one statement that brings along what a hit shows: what is
typed first is looked for most often, and is the least that can be said.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, Text, literal_column, or_, select, union_all

from leaddesk.db.prepared import ONE_PLAN, Prepared, at_once, given
from leaddesk.db.tables import client, lead

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Select, Table

LAST = "\U0010ffff"
BEGUN = 5_000
"""Of so many names that begin so those an operator may see are picked."""

LEAD, CLIENT = 0, 1
"""Which of the two a search id is of: it is the card's id ×2, plus this."""
LEAD_TOLD = tuple(lead.c[name] for name in "id name company status external_id".split())
CLIENT_TOLD = tuple(client.c[name] for name in "id company legal_name name".split())
"""What is told of a lead or a client that was found."""

Told = tuple[Any, ...]
_ALL: ColumnElement[Any] = literal_column("*")
"""The columns of the one subquery, not named again: the driver takes statements of up to 4,096 letters from memory."""


def spelled(word: str) -> list[str]:
    """How a name may begin: indexes know nothing of capital letters."""
    return list(dict.fromkeys((word.capitalize(), word, word.upper())))


def beginning(connection: Connection, word: str, most: int, operator_id: int | None) -> tuple[list[Told], list[Told]]:
    """Leads (`LEAD_TOLD`) and clients (`CLIENT_TOLD`) whose name or company begins so, each way the first `most`.

    `operator_id` is whose leads, beside the pool's, may be seen; None sees all.
    """
    values: dict[str, Any] = {} if operator_id is None else {"me": operator_id}
    spellings = spelled(word)
    for place, low in enumerate(spellings):
        values |= {f"low_{place}": low, f"high_{place}": low + LAST}
    begin = _begin(len(spellings), most, operator_id is not None)
    with at_once(connection, (ONE_PLAN, {}), (begin, values)):
        found = begin.rows(connection, **values)
    return _once(row[1:] for row in found if row[0] == LEAD), _once(row[1:5] for row in found if row[0] == CLIENT)


def _once(rows: Any) -> list[Told]:
    """A card may be called by its name as by its company."""
    return list({row[0]: row for row in rows}.values())


def first(many: int) -> ColumnElement[int]:
    """For a LIMIT, written down. SQLite would plan a statement anew each time it is given this number from outside."""
    return literal_column(str(int(many)), Integer)


@lru_cache(maxsize=64)
def _begin(spellings: int, most: int, for_operator: bool) -> Prepared:
    def build(_sqlite: bool) -> Any:
        ways = [
            _way(cards, kind, told, name, place, most, hides=for_operator and kind == LEAD)
            for cards, kind, told in ((lead, LEAD, LEAD_TOLD), (client, CLIENT, CLIENT_TOLD))
            for name in ("name", "company")
            for place in range(spellings)
        ]
        return union_all(*(select(_ALL).select_from(way.subquery()) for way in ways))

    return Prepared(build)


def _way(
    cards: Table, kind: int, told: Sequence[ColumnElement[Any]], name: str, place: int, most: int, *, hides: bool
) -> Select[*tuple[Any, ...]]:
    """Who is called so, in order of names."""
    c = cards.c
    blank = [literal_column("''", Text).label("blank")] * (len(LEAD_TOLD) - len(told))
    begins = c[name].between(given(f"low_{place}"), given(f"high_{place}"))
    shown = select(literal_column(str(kind)).label("kind"), *told, *blank).where(begins).order_by(c[name], c.id)
    if not hides:
        return shown.limit(first(most))
    head = shown.add_columns(c.owner_id).limit(first(BEGUN)).subquery()
    *columns, owner = head.c
    return select(*columns).where(is_seen(owner)).limit(first(most))


def is_seen(owner: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether an operator, given as `me`, may see a lead of this owner's: their own, and the pool's."""
    return or_(owner == given("me"), owner.is_(None))
