"""Known already? Who shares a number or an address, who looks much the same, and pairs a person called two people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.intake_entities import NotSame
from leaddesk.workflow.vocabulary import Channel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from leaddesk.workflow.entities import ContactPoint
    from leaddesk.workflow.ports import Work

SWITCHBOARD = 20
"""A number or address on more cards than this is shared by many people: it tells nothing about who is whom."""


COMPARED = ("company", "city", "region", "postal_code", "address", "country")
"""Fields of a lead that are compared beside its name."""


@dataclass(frozen=True, slots=True)
class Match:
    """A card that shares a number, an address or a tax number, or looks much the same. `kind` is lead or client.

    `shared` is on how many cards the number or address is if that is more than `SWITCHBOARD`, else 0: then it says
    nothing about who is whom. `score` is 1 for what is the same, below that for what is only alike.
    """

    kind: str
    id: int
    title: str
    status: str
    owner: str
    why: str
    key: str
    shared: int = 0
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a card is compared by. `key` is its `name_key`, `values` stand in the order of `COMPARED`."""

    id: int
    name: str
    last: str
    key: str
    values: tuple[str, ...]


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
    """What the last search for duplicates found and still holds, best first; `at` is None where none was made.

    `total` and `certain` count pairs as asked for, however many of them are in `pairs`; leads that went by an undone
    import rather than a merge are still in those numbers until the next search.
    """

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
class LeadsToCompare(Question[Any]):
    """All leads as columns: `duplicate_columns.Leads`, which is imported late for its numpy.

    `watch` is told how many of how many are read, and may raise to stop it.
    """

    watch: Callable[[int, int], None]


@dataclass(frozen=True)
class SetApart(Command[NotSame]):
    """Say that two leads which look alike are two people; the search tells of them no more."""

    a: int
    b: int

    def handle(self, work: Work) -> NotSame:
        """Raises `Refused` for a lead and itself, or if one is gone or somebody else's."""
        one, other = sorted((work.get(Lead, self.a), work.get(Lead, self.b)), key=lambda lead: lead.id)
        if one.id == other.id:
            raise Refused("These are one card already. Name two different leads.", field="b")
        work.words = f"{one.title} and {other.title} are two people"
        known = work.find(NotSame, a=one.id, b=other.id)
        return known[0] if known else work.add(NotSame(a=one.id, b=other.id, user_id=work.user.id, at=work.now))


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
    """Cards that share any of these (channel, key) pairs, or the tax key; without the ones left out.

    Leads on a switchboard's number are not told one by one: one of them stands for all, see `Match.shared`.
    """

    keys: tuple[tuple[Channel, str], ...]
    tax_key: str = ""
    but_lead: int = 0
    clients_only: bool = False


def keys_of(points: Sequence[ContactPoint]) -> tuple[tuple[Channel, str], ...]:
    """What these numbers and addresses are matched by."""
    return tuple((p.channel, p.key) for p in points if p.key and p.channel in (Channel.PHONE, Channel.EMAIL))


def refuse_known(work: Work, points: Sequence[ContactPoint]) -> None:
    """Raise `Refused` naming the card and its owner if any of these is on one already, but for a switchboard's."""
    keys = keys_of(points)
    for match in work.ask(Matches(keys)) if keys else ():
        if match.shared:
            continue
        owner = f", {match.owner}" if match.owner else ""
        raise Refused(
            f"{match.key} is known: {match.kind} {match.id}, {match.title} ({match.status}{owner}). "
            "Open that card, or add this one all the same.",
            field="phone",
        )
