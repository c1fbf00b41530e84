"""What the cards, lists and the search box ask for."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from leaddesk.workflow.desk import Question

if TYPE_CHECKING:
    from datetime import datetime

    from leaddesk.workflow.calling_hours import CallingState
    from leaddesk.workflow.completeness import Completeness
    from leaddesk.workflow.duplicates import Match
    from leaddesk.workflow.entities import Client, ClientPerson, ContactPoint, Lead, LeadExtra, Note, Refusal, Task
    from leaddesk.workflow.intake_entities import Redirect
    from leaddesk.workflow.letter_entities import Letter
    from leaddesk.workflow.suspicion import Suspicion
    from leaddesk.workflow.vocabulary import Status, Temperature


if TYPE_CHECKING:
    Ids = array[int]
else:
    Ids = array
"""Ordered ids, eight bytes each: a million fit into a list that an ordinary one would need 36 MB for."""


class TimelineRow(NamedTuple):
    """One thing that happened. `kind` is call, note, letter, reply, task, refusal or event; `title` bold, `text` below."""

    at: datetime
    kind: str
    title: str
    text: str = ""
    who: str = ""
    ref: int = 0


@dataclass(frozen=True, slots=True)
class LeadCardData:
    """Everything the lead card shows, read in one go.

    `signs` are those that it may not be real, of itself and of other cards, `suspicion` their words. `merged` are the
    cards that were merged into it. Asked for by the number of one of them, `lead` is this one.
    """

    lead: Lead
    extra: LeadExtra
    points: tuple[ContactPoint, ...]
    suppressed: frozenset[str]
    tasks: tuple[Task, ...]
    notes: tuple[Note, ...]
    letters: tuple[Letter, ...]
    refusals: tuple[Refusal, ...]
    timeline: tuple[TimelineRow, ...]
    matches: tuple[Match, ...]
    completeness: Completeness
    score_reasons: tuple[tuple[str, int], ...]
    calling: CallingState
    suspicion: tuple[str, ...]
    source: str
    owner: str
    client: str
    held_by: str
    next_step: str
    dial: ContactPoint | None
    drafts: dict[str, str]
    batch: str = ""
    merged: tuple[Redirect, ...] = ()
    signs: tuple[Suspicion, ...] = ()


@dataclass(frozen=True)
class LeadCard(Question[LeadCardData]):
    """A lead's card. Raises `Refused` if it is not there, or not this user's to see.

    Without `matches` nobody else is looked for who may be the same person: `CardMatches` does, after the card is shown.
    """

    lead_id: int
    matches: bool = True


@dataclass(frozen=True)
class CardMatches(Question[tuple["Match", ...]]):
    """Who else may be the person on a card, the likeliest first; none if there is no such card."""

    lead_id: int


@dataclass(frozen=True, slots=True)
class ClientCardData:
    """Everything the client card shows."""

    client: Client
    people: tuple[ClientPerson, ...]
    points: tuple[ContactPoint, ...]
    leads: tuple[Lead, ...]
    tasks: tuple[Task, ...]
    timeline: tuple[TimelineRow, ...]
    completeness: Completeness
    owner: str
    suppressed: frozenset[str] = frozenset()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class ClientCard(Question[ClientCardData]):
    """A client's card; `with_leads` shows its leads' histories together with its own."""

    client_id: int
    with_leads: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """Which leads a list shows; empty means any. `owner_id` 0 is the pool. `text` as in the search box.

    `batch_id` are those that came in with one import.
    """

    statuses: tuple[Status, ...] = ()
    owner_id: int | None = None
    source_id: int | None = None
    temperatures: tuple[Temperature, ...] = ()
    min_score: int = 0
    tag: str = ""
    created_from: datetime | None = None
    created_to: datetime | None = None
    incomplete: bool = False
    suspicious: bool = False
    text: str = ""
    batch_id: int = 0


@dataclass(frozen=True)
class LongList(Question[Ids]):
    """Ordered ids that may be a million: what is seen of them is asked for first."""

    def head(self, count: int) -> LongList | None:
        """The question for the first ids; None where they come no sooner than all."""
        raise NotImplementedError


@dataclass(frozen=True)
class LeadIds(LongList):
    """Ordered ids of the leads a filter lets through; rows come when painted. `sort` is a column key."""

    filter: Filter = Filter()
    sort: str = "changed"
    descending: bool = True
    limit: int = 0

    def head(self, count: int) -> LeadIds | None:
        """What a word is found in has to be found first."""
        return None if self.limit or self.filter.text.strip() else replace(self, limit=count)


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead as a table shows it."""

    id: int
    name: str
    company: str
    phone: str
    email: str
    status: Status
    temperature: Temperature
    score: int
    source: str
    owner: str
    country: str
    city: str
    next_at: datetime | None
    last_call_at: datetime | None
    created_at: datetime | None
    changed_at: datetime | None
    attempts: int
    touches: int
    incomplete: bool
    suspicious: bool
    tags: tuple[str, ...]
    parked_why: str
    return_at: datetime | None
    phone_key: str = ""


@dataclass(frozen=True)
class LeadRows(Question[list[LeadRow]]):
    """Rows by id, in the order of the ids; the ones gone are left out."""

    ids: tuple[int, ...]


@dataclass(frozen=True)
class ClientIds(Question[Ids]):
    """Ordered ids of clients; `text` as in the search box."""

    text: str = ""
    sort: str = "changed"
    descending: bool = True


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A client as a table shows it."""

    id: int
    title: str
    name: str
    company: str
    country: str
    tax_number: str
    owner: str
    phone: str
    email: str
    leads: int
    created_at: datetime | None
    changed_at: datetime | None


@dataclass(frozen=True)
class ClientRows(Question[list[ClientRow]]):
    """Rows by id, in the order of the ids."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """Something the search box found. `kind` is lead or client; `why` shows where it matched."""

    kind: str
    id: int
    title: str
    why: str
    status: str = ""


@dataclass(frozen=True)
class Search(Question[list[Hit]]):
    """Any part of a name, company, e-mail, extra field, or phone in any format."""

    text: str
    limit: int = 20


@dataclass(frozen=True, slots=True)
class DayCounts:
    """Today's counters of this user, by their own day, and what the file holds."""

    calls: int
    talks: int
    converted: int
    callbacks_due: int
    leads: int
    clients: int


@dataclass(frozen=True)
class Today(Question[DayCounts]):
    """Today's counters."""


@dataclass(frozen=True)
class Drafts(Question[dict[str, str]]):
    """What this user has typed and not saved, by place."""
