"""Known already? Exact matches by number and address over leads and clients, whatever their status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from leaddesk.workflow.desk import Question
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.vocabulary import Channel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from leaddesk.workflow.entities import ContactPoint
    from leaddesk.workflow.ports import Work

SWITCHBOARD = 20
"""A number or address on more cards than this is shared by many people: it tells nothing about who is whom."""


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


@dataclass(frozen=True, slots=True)
class Pair:
    """Two leads that may be one person; `a` < `b`, `score` 0 to 1, `why` in words, the strongest reason first.

    `certain` pairs are merged many at once without being looked at one by one.
    """

    a: int
    b: int
    score: float
    why: tuple[str, ...] = ()
    certain: bool = False


@dataclass(frozen=True, slots=True)
class PairsFound:
    """What the last search for duplicates found and still holds, best first; `at` is None where none was made."""

    pairs: tuple[Pair, ...] = ()
    total: int = 0
    certain: int = 0
    leads: int = 0
    at: datetime | None = None
    seconds: int = 0


@dataclass(frozen=True)
class FoundPairs(Question[PairsFound]):
    """Pairs of the last search, without those merged, gone, or called two people since."""

    min_score: float = 0.0
    limit: int = 10_000
    certain_only: bool = False


@dataclass(frozen=True)
class Lookalikes(Question[list[Match]]):
    """Who may be the person being typed or shown: same number or address, or much the same name and company.

    For the live banner: answered by index, whatever the size of the file.
    """

    keys: tuple[tuple[Channel, str], ...] = ()
    name: str = ""
    company: str = ""
    city: str = ""
    but_lead: int = 0
    limit: int = 10


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
