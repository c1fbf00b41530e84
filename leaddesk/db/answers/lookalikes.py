"""The live banner: who may be the person being typed or shown, by index whatever the size of the file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select, text, union_all

from leaddesk.db.answers.duplicates import leads_by_id, matches, owner_names
from leaddesk.db.intake_tables import not_same
from leaddesk.db.prepared import Prepared, any_of, given
from leaddesk.db.tables import lead
from leaddesk.workflow.duplicates import COMPARED, Candidate, Lookalikes, Match, Matches
from leaddesk.workflow.name_keys import keys_near, name_key
from leaddesk.workflow.vocabulary import Status

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, CompoundSelect

    from leaddesk.db.answers.reading import Answers, Reading
KEYED = text("lead.name_key <> ''")
"""The words of the index of keys: without them, to the letter, it is not used."""

LOOKED_AT = 1000
"""Cards of one name, and of one company, that are read: past it a name tells nobody apart."""


def lookalikes(reading: Reading, question: Lookalikes) -> list[Match]:
    """Those with the same number or address first, then the likeliest by name; not those called two people."""
    found = matches(reading, Matches(question.keys, but_lead=question.but_lead)) if question.keys else []
    known = {match.id for match in found if match.kind == "lead"} | {question.but_lead}
    candidates = [card for card in _candidates(reading, question) if card.id not in known]
    if question.but_lead and (found or candidates):
        apart = _apart(reading, question.but_lead)
        found = [match for match in found if not (match.kind == "lead" and match.id in apart)]
        candidates = [card for card in candidates if card.id not in apart]
    if candidates and len(found) < question.limit:
        found += _likeliest(reading, question, candidates, question.limit - len(found))
    return found[: max(question.limit, 0)]


def _apart(reading: Reading, lead_id: int) -> set[int]:
    return {other for pair in _NOT_SAME.rows(reading.connection, id=lead_id) for other in pair if other != lead_id}


def _likeliest(reading: Reading, question: Lookalikes, candidates: list[Candidate], limit: int) -> list[Match]:
    from leaddesk.workflow.duplicate_banner import alike

    file = _LAST_LEAD.scalar(reading.connection) or 1
    key = name_key(question.name.strip(), question.company)
    wanted = Candidate(0, question.name, "", key, (question.company, question.city, "", "", "", ""))
    alikes = {one.id: one for one in alike(wanted, candidates, file, limit)}
    cards = {card.id: card for card in leads_by_id(reading, alikes)}
    owners = owner_names(reading, {card.owner_id for card in cards.values()})
    return [
        Match(
            "lead",
            one.id,
            cards[one.id].title,
            Status(cards[one.id].status).words,
            owners.get(cards[one.id].owner_id, ""),
            one.why,
            "",
            score=one.score,
        )
        for one in alikes.values()
    ]


def _candidates(reading: Reading, question: Lookalikes) -> list[Candidate]:
    """Cards of the same name, of a name one letter away, and of the same company, by one statement."""
    keys, company = keys_near(question.name.strip(), question.company), question.company.strip()
    asked = _CANDIDATES.get((bool(keys), bool(company)))
    if asked is None:
        return []
    values: dict[str, Any] = {"key": keys[0], "near": keys[1:]} if keys else {}
    found = asked.rows(reading.connection, **values, **({"company": company} if company else {}))
    cards = {row[0]: Candidate(row[0], row[1], row[2], row[3], row[4:]) for row in found}
    return list(cards.values())


def _asked(sqlite: bool, *, named: bool, at_company: bool) -> CompoundSelect[Any]:
    """Each part has its own limit and its own index; a plain OR would have one of each."""
    c = lead.c
    fields = (c.id, c.name, c.last_name, c.name_key, *(c[name] for name in COMPARED))
    some: list[ColumnElement[bool]] = []
    if named:
        some += [(c.name_key == given("key")) & KEYED, any_of(sqlite, c.name_key, "near") & KEYED]
    if at_company:
        some.append(c.company == given("company"))
    return union_all(*[select(select(*fields).where(here).limit(LOOKED_AT).subquery()) for here in some])


_CANDIDATES = {
    (named, at_company): Prepared(partial(_asked, named=named, at_company=at_company))
    for named, at_company in ((True, True), (True, False), (False, True))
}
_NOT_SAME = Prepared(
    lambda _: select(not_same.c.a, not_same.c.b).where(or_(not_same.c.a == given("id"), not_same.c.b == given("id")))
)
_LAST_LEAD = Prepared(lambda _: select(func.max(lead.c.id)))

ANSWERS: Answers = {Lookalikes: lookalikes}
