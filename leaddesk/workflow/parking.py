"""Parking leads until a day, and bringing them back when it has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from leaddesk.workflow.derived import READ_AT_ONCE
from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.entities import Lead, Refusal
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.lifecycle import LEGAL, check_move
from leaddesk.workflow.mornings import each_morning, morning_of, own_morning
from leaddesk.workflow.returning import come_back, come_back_many
from leaddesk.workflow.tasks import drop_open_tasks
from leaddesk.workflow.vocabulary import PARKED_STATUSES, Status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from leaddesk.workflow.ports import Work

__all__ = [
    "SOMETIME_DAYS", "BringBack", "DeferLead", "DeferLeads", "DueToReturn", "ManyDone", "MoveReturn", "Parked",
    "ParkedRow", "ParkedSince", "ReturnDueLeads", "TakeDue", "bring_back_many", "come_back", "morning_of",
]  # fmt: skip

SOMETIME_DAYS = 90
"""A lead parked by an imported file that names no day comes back after a quarter."""
AT_ONCE = 10_000
"""Leads that come back by themselves in one transaction: whoever else writes waits some seconds, the rest a minute."""


@dataclass(frozen=True)
class DueToReturn(Question[list[int]]):
    """Parked leads whose day has come."""


@dataclass(frozen=True)
class TakeDue(Question[list[int]]):
    """Parked leads whose day has come, kept as they are until commit; only to be asked within a transaction.

    Left out are those somebody else works on at this very moment: another window that brings the same ones back.
    `limit` 0 is all of them.
    """

    limit: int = 0


@dataclass(frozen=True)
class ParkedSince(Question["dict[int, datetime]"]):
    """Since when these leads are what they are (deferred, refused), as far as the journal tells."""

    lead_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ParkedRow:
    """A parked lead as the Parked page shows it."""

    id: int
    title: str
    company: str
    status: Status
    return_at: datetime | None
    why: str
    owner: str


@dataclass(frozen=True)
class Parked(Question[list[ParkedRow]]):
    """Deferred and refused leads, by the day they come back; those that never do at the end."""

    limit: int = 1000
    returning_only: bool = False


@dataclass(frozen=True, kw_only=True)
class DeferLead(Command[Lead]):
    """Park a lead, with all we know, until a moment in the future; then it comes back by itself.

    A bare date (midnight) means the morning of that day by the lead's own clock.
    """

    lead_id: int
    until: datetime
    why: str = ""

    def handle(self, work: Work) -> Lead:
        """Raises `Refused` for a date in the past or an illegal move."""
        lead = work.get(Lead, self.lead_id)
        work.words = f"Parked {lead.title}"
        return _defer(work, lead, own_morning(self.until, lead.zone_key, work.settings), self.why)


def _defer(work: Work, lead: Lead, until: datetime, why: str) -> Lead:
    if until <= work.now:
        raise Refused("A deferral needs a day in the future. Say when, such as “in 3 months”.", field="until")
    status = check_move(lead, Status.DEFERRED)
    drop_open_tasks(work, lead, "parked")
    work.drop_leases([lead.id])
    return work.change(
        lead,
        status=status,
        return_at=until,
        parked_why=why.strip() or lead.parked_why,
        retry_at=None,
        came_back_at=None,
        came_back_why="",
    )


@dataclass(frozen=True, slots=True)
class ManyDone:
    """What a bulk command did and what it left out, with the reason."""

    done: int
    left_out: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class DeferLeads(Command[ManyDone]):
    """Park many leads at once; those that may not be parked are left out and named.

    `until` as a day (`mornings.each_morning`) brings each of them back in the morning of its own clock.
    """

    lead_ids: tuple[int, ...]
    until: datetime
    why: str = ""

    def handle(self, work: Work) -> ManyDone:
        """Raises `Refused` for a date in the past, or if none of them may be parked."""
        done, left_out = 0, []
        for lead_id in self.lead_ids:
            lead = work.get(Lead, lead_id)
            if Status.DEFERRED in LEGAL[lead.status]:
                _defer(work, lead, each_morning(self.until, lead.zone_key, work.settings), self.why)
                done += 1
            else:
                left_out.append((lead.id, f"{lead.title} is {lead.status.words}"))
        if not done:
            raise Refused("None of these leads may be parked: they are clients or disqualified.", field="lead_ids")
        work.words = f"Parked {done} leads"
        return ManyDone(done, tuple(left_out))


@dataclass(frozen=True, kw_only=True)
class MoveReturn(Command[ManyDone]):
    """Give parked leads another day to come back, or the first one where they had none. Refused ones stay refused.

    For one lead `until` is the moment, for many a day means each one's own morning. `why` replaces the words of the
    deferred; what a refused lead said is not rewritten.
    """

    lead_ids: tuple[int, ...]
    until: datetime
    why: str = ""

    def handle(self, work: Work) -> ManyDone:
        """Raises `Refused` for a date in the past, or with the first reason if none of them can be moved."""
        moved: list[Lead] = []
        left_out: list[tuple[int, str]] = []
        for lead_id in sorted(self.lead_ids):  # In one order, so that two such commands never wait for each other.
            try:
                moved.append(self._move(work, work.get(Lead, lead_id)))
            except Refused as refused:
                if refused.field == "until":
                    raise
                left_out.append((lead_id, refused.words))
        if not moved:
            raise Refused(left_out[0][1] if left_out else "No leads were chosen.", field="lead_ids")
        work.words = f"Moved {moved[0].title}" if len(moved) == 1 else f"Moved {len(moved):,} parked leads"
        return ManyDone(len(moved), tuple(left_out))

    def _move(self, work: Work, lead: Lead) -> Lead:
        if lead.status not in PARKED_STATUSES:
            raise Refused(f"{lead.title} is {lead.status.words}, not parked.", field="lead_ids")
        settled = own_morning if len(self.lead_ids) == 1 else each_morning
        until = settled(self.until, lead.zone_key, work.settings)
        if until <= work.now:
            raise Refused("The day to come back is over. Say when, such as “in 3 months”.", field="until")
        if lead.status is Status.DEFERRED:
            return work.change(lead, return_at=until, parked_why=self.why.strip() or lead.parked_why)
        for refusal in _standing(work.find(Refusal, lead_id=lead.id)):
            if refusal.suppressed:
                raise Refused(f"{lead.title} asked to be left alone and does not come back.", field="lead_ids")
            work.change(refusal, return_at=until)
        return work.change(lead, return_at=until)


def _standing(refusals: list[Refusal]) -> Iterator[Refusal]:
    """The refusal a refused lead is away for."""
    yield from [r for r in refusals if r.returned_at is None and r.taken_back_at is None][-1:]


_WAS = {Status.DEFERRED: "Parked", Status.REFUSED: "Refused", Status.DISQUALIFIED: "Disqualified"}


def _why_back(lead: Lead) -> str:
    was = _WAS.get(lead.status, "Away")
    return f"{was}: {lead.parked_why}" if lead.parked_why else was


@dataclass(frozen=True)
class BringBack(Command[Lead]):
    """Take a parked, refused or disqualified lead back into work now, whatever its day."""

    lead_id: int
    why: str = ""

    def handle(self, work: Work) -> Lead:
        """Raises `Refused` if it is in work already, or a client."""
        lead = work.get(Lead, self.lead_id)
        _refuse_unless_away(lead)
        work.words = f"Brought back {lead.title}"
        return come_back(work, lead, self.why.strip() or f"{_why_back(lead)}; brought back by {work.user.name}")


def _refuse_unless_away(lead: Lead) -> None:
    if lead.status in (Status.NEW, Status.IN_PROGRESS, Status.QUALIFIED):
        raise Refused(f"{lead.title} is in work already.", field="lead_id")
    check_move(lead, Status.IN_PROGRESS)


def bring_back_many(work: Work, lead_ids: tuple[int, ...]) -> ManyDone:
    """`BringBack` for many, by few statements. Raises `Refused` with the first reason if it suits none of them."""
    away: list[Lead] = []
    left_out: list[tuple[int, str]] = []
    for lead_id in sorted(lead_ids):
        try:
            lead = work.get(Lead, lead_id)
            _refuse_unless_away(lead)
        except Refused as refused:
            left_out.append((lead_id, refused.words))
        else:
            away.append(lead)
    if not away:
        raise Refused(left_out[0][1] if left_out else "No leads were chosen.", field="lead_ids")
    come_back_many(work, away, {lead.id: f"{_why_back(lead)}; brought back by {work.user.name}" for lead in away})
    return ManyDone(len(away), tuple(left_out))


@dataclass(frozen=True)
class ReturnDueLeads(Command[int]):
    """Bring back every parked lead whose day has come, also those that came due while nobody was here.

    `automatic` where the clock and not a person asked for it. Two windows that do it at once share the leads.
    """

    automatic: bool = False

    def by_itself(self) -> bool:
        """As said."""
        return self.automatic

    def handle(self, work: Work) -> int:
        """Gives how many came back; nothing is journalled when none did."""
        due = work.ask(TakeDue(AT_ONCE if self.automatic else 0))
        since = work.ask(ParkedSince(tuple(due))) if due else {}
        for some in (due[start : start + READ_AT_ONCE] for start in range(0, len(due), READ_AT_ONCE)):
            leads = work.find(Lead, id=some)
            come_back_many(work, leads, {lead.id: _why_due(work.now, lead, since.get(lead.id)) for lead in leads})
        work.words = f"{len(due):,} parked lead{'s' if len(due) != 1 else ''} came back"
        return len(due)


def _why_due(now: datetime, lead: Lead, since: datetime | None) -> str:
    days = max(0, (now - (since or lead.changed_at or now)).days)
    ago = "today" if not days else "yesterday" if days == 1 else f"{days} days ago"
    return f"{_why_back(lead)}; {ago}"
