"""The Parked page: who is away, since what "no", until when, and what came of the letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from leaddesk.workflow.cards import Ids, LeadRow
from leaddesk.workflow.desk import Question
from leaddesk.workflow.vocabulary import LetterState, RefusalKind, Status


@dataclass(frozen=True, slots=True)
class ParkedFilter:
    """Which parked leads a list shows; empty means any. `reasons` are keys of refusal reasons.

    `back_before` lets through those that come back before a moment (overdue ones as well), `stays_away` those that
    have no day, `greet` those that may be greeted.
    """

    statuses: tuple[Status, ...] = ()
    reasons: tuple[str, ...] = ()
    back_before: datetime | None = None
    stays_away: bool = False
    greet: bool = False
    text: str = ""


@dataclass(frozen=True)
class ParkedIds(Question[Ids]):
    """Ordered ids of parked leads; by "return" those that have no day come last, whichever way."""

    filter: ParkedFilter = ParkedFilter()
    sort: str = "return"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ParkedLead(LeadRow):
    """A parked lead as the table shows it. `back_on` is the day by the lead's own calendar; `letter` the newest one's."""

    back_on: date | None = None
    refusal: RefusalKind | None = None
    letter: LetterState | None = None
    answered: bool = False
    bounced: bool = False
    greet: bool = False


@dataclass(frozen=True)
class ParkedLeads(Question[list[ParkedLead]]):
    """Rows by id, in the order of the ids; the ones gone are left out."""

    ids: tuple[int, ...]
