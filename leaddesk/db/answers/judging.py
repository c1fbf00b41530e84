"""What other cards tell about a number: under how many names it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from leaddesk.db.prepared import Prepared, any_of, given
from leaddesk.db.search import fold
from leaddesk.db.tables import client, contact_point, lead
from leaddesk.workflow.duplicates import SWITCHBOARD
from leaddesk.workflow.judging import NamesAtNumbers
from leaddesk.workflow.vocabulary import Channel

if TYPE_CHECKING:
    from leaddesk.db.answers.reading import Answers, Reading

_HOLDERS = Prepared(
    lambda _: (
        select(contact_point.c.lead_id, contact_point.c.client_id)
        .where(contact_point.c.key == given("number"), contact_point.c.channel == str(Channel.PHONE))
        .limit(SWITCHBOARD + 1)
    )
)
"""One seek a number, and no more of a switchboard than tells that it is one."""

_LEAD_NAMES = Prepared(lambda sqlite: select(lead.c.name).where(any_of(sqlite, lead.c.id, "ids")))
_CLIENT_NAMES = Prepared(lambda sqlite: select(client.c.name).where(any_of(sqlite, client.c.id, "ids")))


def names_at_numbers(reading: Reading, question: NamesAtNumbers) -> dict[str, int]:
    """Names are the same whatever their case and white space; cards without a name have none."""
    found = {}
    for number in dict.fromkeys(question.keys):
        holders = _HOLDERS.rows(reading.connection, number=number)
        if question.cards <= len(holders) <= SWITCHBOARD:
            leads = {lead_id for lead_id, _ in holders if lead_id is not None}
            clients = {client_id for _, client_id in holders if client_id is not None}
            found[number] = len(_names(reading, leads, clients))
    return found


def _names(reading: Reading, leads: set[int], clients: set[int]) -> set[str]:
    names: set[str] = set()
    for called, ids in ((_LEAD_NAMES, leads), (_CLIENT_NAMES, clients)):
        if ids:
            names |= {fold(name) for name in called.scalars(reading.connection, ids=sorted(ids))}
    return names - {""}


ANSWERS: Answers = {NamesAtNumbers: names_at_numbers}
