"""The search box letter by letter, and who may be the person being typed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from leaddesk.benching import limits
from leaddesk.benching.action import Action, Measured, taking_turns
from leaddesk.benching.budgets import Kind
from leaddesk.db.search import digits, fold
from leaddesk.workflow.cards import Search
from leaddesk.workflow.duplicates import Lookalikes
from leaddesk.workflow.phones import national_digits
from leaddesk.workflow.vocabulary import Channel

if TYPE_CHECKING:
    from leaddesk.benching.action import Round
    from leaddesk.benching.ground import Ground

LENGTHS = range(1, 9)
WORDS = 60
"""Different words of one length, taken from the leads themselves: what is common among them is looked for often."""
PARTS = {
    "name": "part of a name",
    "company": "part of a company",
    "phone": "part of a number as dialled at home",
    "email": "part of an address",
    "nothing": "what nobody is called",
}


def _told(part: str, ground: Ground) -> list[str]:
    """What leads are found by, as a person would type it."""
    if part in ("name", "company"):
        leads = ground.some_leads(WORDS * 2, f"{part} <> ''")
        here = ground.bare.among("id")
        statement = f"SELECT {part} FROM lead WHERE {here}"
        return [name for (name,) in ground.bare.rows(statement, ground.bare.these(leads))]
    if part == "nothing":
        return ["".join(ground.dice.choice("qxzjw") for _ in range(9)) for _ in range(WORDS)]
    leads = ground.some_leads(WORDS * 2, "1 = 1")
    here = ground.bare.among("lead_id")
    found = ground.bare.rows(
        f"SELECT value FROM contact_point WHERE {here} AND channel = ?",
        ground.bare.these(leads),
        part,
    )
    return [national_digits(value) or digits(value) if part == "phone" else value for (value,) in found]


def words_of(part: str, length: int, ground: Ground) -> list[str]:
    """Words of exactly this length; what is too short is left out."""
    words: dict[str, None] = {}
    for told in _told(part, ground):
        pieces = [told] if part == "phone" else told.replace("@", " ").split()
        words.update(dict.fromkeys(piece[:length] for piece in pieces[:2] if len(piece) >= length))
    return list(words)[:WORDS]


def _search(part: str, length: int, ground: Ground) -> Round | None:
    words = words_of(part, length, ground)
    if not words:
        return None
    for word in words:
        # The cold rounds of the action before left no page of the file in memory: what is timed as warm has to be.
        ground.desk.read(Search(word))
        limits.search(ground.bare, fold(word))
    return taking_turns(
        f"search_{part}_{length}",
        lambda number: ground.desk.read(Search(words[number % len(words)])),
        lambda number: limits.search(ground.bare, fold(words[number % len(words)])),
        lambda ours, bare: len(ours) == min(20, len(bare)),
    )


def _typed(ground: Ground) -> Round | None:
    leads = ground.some_leads(200, "name <> ''")
    if not leads:
        return None
    here = ground.bare.among("lead_id")
    keys: dict[int, list[tuple[Channel, str]]] = {}
    found = ground.bare.rows(
        f"SELECT lead_id, channel, key FROM contact_point WHERE {here} AND key <> '' AND channel IN ('phone', 'email')",
        ground.bare.these(leads),
    )
    for lead_id, channel, key in found:
        keys.setdefault(lead_id, []).append((Channel(channel), key))
    names = {
        row[0]: (row[1], row[2])
        for row in ground.bare.rows(
            f"SELECT id, name, company FROM lead WHERE {ground.bare.among('id')}",
            ground.bare.these(leads),
        )
    }

    def asked(number: int) -> tuple[tuple[tuple[Channel, str], ...], str, str]:
        lead = leads[number % len(leads)]
        return tuple(keys.get(lead, ())), *names[lead]

    def ours(number: int) -> object:
        given, name, company = asked(number)
        return ground.desk.read(Lookalikes(given, name=name, company=company))

    def bare(number: int) -> object:
        given, name, company = asked(number)
        return limits.alike(ground.bare, [key for _, key in given], name, company)

    return taking_turns("duplicates_typed", ours, bare, lambda mine, rows: bool(mine) == bool(rows))


ACTIONS = (
    *(
        Action(
            (Measured(f"search_{part}_{length}", f"Search {length} letters: {words}", Kind.INTERACTIVE),),
            partial(_search, part, length),
            cold=length in (1, 4, 8),
        )
        for part, words in PARTS.items()
        for length in LENGTHS
    ),
    Action((Measured("duplicates_typed", "Duplicates of what is being typed", Kind.INTERACTIVE),), _typed),
)
