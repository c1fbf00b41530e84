"""Who could be greeted on a holiday that is near."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from leaddesk.db.answers.suppressions import suppressed_keys
from leaddesk.db.ids import among, chunks
from leaddesk.db.letter_tables import letter
from leaddesk.db.mapping import to_ms
from leaddesk.db.tables import contact_point, lead, setting
from leaddesk.workflow import festive
from leaddesk.workflow.derived import SuppressedKeys
from leaddesk.workflow.entities import ContactPoint
from leaddesk.workflow.greetings import DECLINED, GREETED_BY, PEACE, Declined, GreetingDue, GreetingsDue
from leaddesk.workflow.letter_files import language_of
from leaddesk.workflow.mornings import clock_of
from leaddesk.workflow.vocabulary import PARKED_STATUSES, Channel, LetterKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from leaddesk.db.answers.reading import Answers, Reading

AT_ONCE = 5_000


def greetings_due(reading: Reading, question: GreetingsDue) -> list[GreetingDue]:
    """By day, occasion and id. Leads without a holiday near are dropped before anything more is read of them."""
    near = _near(reading, question)
    found: list[GreetingDue] = []
    for some in chunks(sorted(near), AT_ONCE):
        greeted, lately = _greeted(reading, some)
        addresses = _addresses(reading, [i for i in some if i not in lately])
        for lead_id in some:
            row, occasions = near[lead_id]
            open_ones = [o for o in occasions if o.key not in greeted[lead_id]]
            if lead_id in addresses and open_ones:
                found.append(_due(row, open_ones[0], addresses[lead_id]))
    return sorted(found, key=lambda one: (one.day, one.occasion, one.lead_id))


def _due(row: Any, occasion: festive.Occasion, address: str) -> GreetingDue:
    country = _country(row)
    language = language_of("", row.language, country)
    title = row.name or row.company or f"Lead {row.external_id or '#' + str(row.id)}"
    name = festive.name_in(occasion, country, language)
    return GreetingDue(row.id, title, country, occasion.key, occasion.day, name, language, address)


def _country(row: Any) -> str:
    return str(row.country or row.zone_key.partition("|")[0])


def _near(reading: Reading, question: GreetingsDue) -> dict[int, tuple[Any, list[festive.Occasion]]]:
    """Leads that allow it, with the holidays ahead of them, by their own calendar."""
    c = lead.c
    statement = select(c.id, c.name, c.company, c.external_id, c.country, c.zone_key, c.language).where(
        c.greet == 1, c.no_mail == 0, c.status.in_([str(s) for s in PARKED_STATUSES]), reading.visible()
    )
    if question.lead_ids:
        statement = statement.where(among(reading.connection, c.id, question.lead_ids))
    days = reading.settings.number("letters.greet_days")
    known: dict[tuple[str, date], list[festive.Occasion]] = {}
    near: dict[int, tuple[Any, list[festive.Occasion]]] = {}
    for row in reading.rows(statement):
        today = reading.now.astimezone(clock_of(row.zone_key, reading.settings)).date()
        place = (_country(row).upper(), today)
        if place not in known:
            known[place] = festive.ahead(*place, days)
        if known[place]:
            near[row.id] = (row, known[place])
    declined = {o.key: declined_for(reading, Declined(o.key)) for ones in known.values() for o in ones}
    for lead_id, (row, ones) in near.items():
        near[lead_id] = (row, [o for o in ones if lead_id not in declined[o.key]])
    return {lead_id: (row, ones) for lead_id, (row, ones) in near.items() if ones}


def _greeted(reading: Reading, ids: Sequence[int]) -> tuple[dict[int, set[str]], set[int]]:
    """The occasions each was written to for, and who was greeted within `PEACE`, for whatever."""
    c = letter.c
    since = to_ms(reading.now - PEACE)
    statement = select(c.lead_id, c.occasion, c.state, c.created_at).where(
        among(reading.connection, c.lead_id, ids), c.kind == str(LetterKind.GREETING)
    )
    occasions: dict[int, set[str]] = defaultdict(set)
    lately: set[int] = set()
    for lead_id, occasion, state, created in reading.rows(statement):
        occasions[lead_id].add(occasion)
        if state in GREETED_BY and (created or 0) > since:
            lately.add(lead_id)
    return occasions, lately


def _addresses(reading: Reading, ids: list[int]) -> dict[int, str]:
    """The address each would be written to, of those that may be written to at all: as `LetterDraft` chooses it."""
    p = contact_point.c
    where = among(reading.connection, p.lead_id, ids) & (p.channel == str(Channel.EMAIL)) & (p.key != "")
    points = [one for one in reading.all_of(ContactPoint, where, order=p.position) if one.usable]
    barred = suppressed_keys(reading, SuppressedKeys(tuple({one.key for one in points})))
    chosen: dict[int, str] = {}
    for one in sorted(points, key=lambda one: not one.preferred):
        if one.lead_id is not None and one.key not in barred:
            chosen.setdefault(one.lead_id, one.value)
    return chosen


def declined_for(reading: Reading, question: Declined) -> frozenset[int]:
    """What anybody said no to."""
    ours = setting.c.key.startswith(f"{DECLINED}.", autoescape=True)
    mine = setting.c.key.endswith(f".{question.occasion}", autoescape=True)
    lists = reading.connection.scalars(select(setting.c.value).where(ours, mine))
    return frozenset(lead_id for ids in lists for lead_id in json.loads(ids))


ANSWERS: Answers = {GreetingsDue: greetings_due, Declined: declined_for}
