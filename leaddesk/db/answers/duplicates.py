"""Who shares a number, an address or a tax number."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from leaddesk.db.prepared import Prepared, any_of
from leaddesk.db.tables import app_user, client, contact_point
from leaddesk.workflow.duplicates import SWITCHBOARD, Match, Matches
from leaddesk.workflow.entities import Client, Lead
from leaddesk.workflow.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Collection

    from leaddesk.db.answers.reading import Answers, Reading

_WHY = {"phone": "the same phone", "email": "the same e-mail"}
_SHARED = {"phone": "a switchboard of {:,} cards", "email": "an address of {:,} cards"}

Found = tuple[str, int]
"""Kind and id of a card."""


def matches(reading: Reading, question: Matches) -> list[Match]:
    """Leads and clients, also parked, refused and suppressed ones, the clients first."""
    found: dict[Found, tuple[str, str, int]] = {}
    if question.tax_key:
        for client_id in reading.connection.scalars(select(client.c.id).where(client.c.tax_key == question.tax_key)):
            found["client", client_id] = ("the same tax number", question.tax_key, 0)
    for (channel, key), cards in _cards_by_key(reading, question).items():
        shared = len(cards) if len(cards) > SWITCHBOARD else 0
        why = _SHARED[channel].format(shared) if shared else _WHY[channel]
        others = sorted(card for card in cards if card != ("lead", question.but_lead))
        leads = [] if question.clients_only else [card for card in others if card[0] == "lead"]
        for card in [*(card for card in others if card[0] == "client"), *(leads[:1] if shared else leads)]:
            known = found.get(card)
            if known is None or (known[2] and not shared):
                found[card] = (why, key, shared)
    return sorted(_told(reading, found), key=lambda m: (m.kind, m.id))


_P = contact_point.c
_HOLDERS = Prepared(
    lambda sqlite: select(_P.channel, _P.key, _P.lead_id, _P.client_id).where(any_of(sqlite, _P.key, "keys"))
)
_OWNERS = Prepared(lambda sqlite: select(app_user.c.id, app_user.c.name).where(any_of(sqlite, app_user.c.id, "ids")))


def _cards_by_key(reading: Reading, question: Matches) -> dict[tuple[str, str], set[Found]]:
    """The cards each of the keys is on."""
    cards: dict[tuple[str, str], set[Found]] = defaultdict(set)
    keys = {(str(channel), key) for channel, key in question.keys}
    if not keys:
        return cards
    wanted = sorted({key for _, key in keys})
    for channel, key, lead_id, client_id in _HOLDERS.rows(reading.connection, keys=wanted):
        if (channel, key) in keys:
            of_whom = (("lead", lead_id), ("client", client_id))
            cards[channel, key].update((kind, card) for kind, card in of_whom if card is not None)
    return cards


def _told(reading: Reading, found: dict[Found, tuple[str, str, int]]) -> list[Match]:
    """The cards with title, status and owner, by one statement for each kind."""
    ids = {kind: sorted(row_id for one, row_id in found if one == kind) for kind in ("client", "lead")}
    clients = reading.those(Client, id=ids["client"]) if ids["client"] else []
    leads = leads_by_id(reading, ids["lead"])
    owners = owner_names(reading, {*(card.owner_id for card in clients), *(card.owner_id for card in leads)})
    told = [("client", c.id, c.title, "client", c.owner_id) for c in clients]
    told += [("lead", c.id, c.title, Status(c.status).words, c.owner_id) for c in leads]
    return [
        Match(kind, card_id, title, status, owners.get(owner, ""), *found[kind, card_id])
        for kind, card_id, title, status, owner in told
    ]


def leads_by_id(reading: Reading, ids: Collection[int]) -> list[Lead]:
    """Whole leads by one statement."""
    return reading.those(Lead, id=sorted(ids)) if ids else []


def owner_names(reading: Reading, ids: Collection[int | None]) -> dict[int | None, str]:
    """What the owners are called."""
    known = sorted({owner for owner in ids if owner is not None})
    if not known:
        return {}
    return dict(_OWNERS.rows(reading.connection, ids=known))


ANSWERS: Answers = {Matches: matches}
