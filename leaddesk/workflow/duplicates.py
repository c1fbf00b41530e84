"""Known already? Exact matches by number and address over leads and clients, whatever their status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from leaddesk.workflow.desk import Question
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.vocabulary import Channel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.workflow.entities import ContactPoint
    from leaddesk.workflow.ports import Work


@dataclass(frozen=True, slots=True)
class Match:
    """A card that shares a number, an address or a tax number. `kind` is lead or client."""

    kind: str
    id: int
    title: str
    status: str
    owner: str
    why: str
    key: str


@dataclass(frozen=True)
class Matches(Question[list[Match]]):
    """Cards that share any of these (channel, key) pairs, or the tax key; without the ones left out."""

    keys: tuple[tuple[Channel, str], ...]
    tax_key: str = ""
    but_lead: int = 0
    clients_only: bool = False


def keys_of(points: Sequence[ContactPoint]) -> tuple[tuple[Channel, str], ...]:
    """What these numbers and addresses are matched by."""
    return tuple((p.channel, p.key) for p in points if p.key and p.channel in (Channel.PHONE, Channel.EMAIL))


def refuse_known(work: Work, points: Sequence[ContactPoint]) -> None:
    """Raise `Refused` naming the card and its owner if any of these is on one already."""
    keys = keys_of(points)
    for match in work.ask(Matches(keys)) if keys else ():
        owner = f", {match.owner}" if match.owner else ""
        raise Refused(
            f"{match.key} is known: {match.kind} {match.id}, {match.title} ({match.status}{owner}). "
            "Open that card, or add this one all the same.",
            field="phone",
        )
