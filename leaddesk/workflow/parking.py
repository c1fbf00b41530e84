"""Parking leads until a day, and bringing them back when it has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from leaddesk.workflow.calling_hours import calling_state, hours_for, parse_zone_key
from leaddesk.workflow.derived import refresh
from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.entities import Lead, Refusal
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.lifecycle import LEGAL, check_move
from leaddesk.workflow.settings import hours_in
from leaddesk.workflow.tasks import drop_open_tasks
from leaddesk.workflow.vocabulary import PARKED_STATUSES, Status

if TYPE_CHECKING:
    from datetime import date

    from leaddesk.workflow.ports import Work
    from leaddesk.workflow.settings import Settings

SOMETIME_DAYS = 90
"""A lead parked by an imported file that names no day comes back after a quarter."""


@dataclass(frozen=True)
class DueToReturn(Question[list[int]]):
    """Parked leads whose day has come."""


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


def morning_of(day: date, zone_key: str, settings: Settings) -> datetime:
    """The moment that day opens for the lead: its first calling minute, by its own clock."""
    country, zones = parse_zone_key(zone_key)
    zone = ZoneInfo(zones[0]) if zones else UTC
    midnight = datetime.combine(day, time(0), zone).astimezone(UTC)
    if not zones:
        return midnight + timedelta(hours=9)
    state = calling_state(zones, hours_for(country, hours_in(settings)), midnight)
    return midnight if state.open else state.opens_at or midnight + timedelta(hours=9)


@dataclass(frozen=True, kw_only=True)
class DeferLead(Command[Lead]):
    """Park a lead, with all we know, until a moment in the future; then it comes back by itself."""

    lead_id: int
    until: datetime
    why: str = ""

    def handle(self, work: Work) -> Lead:
        """Raises `Refused` for a date in the past or an illegal move."""
        lead = work.get(Lead, self.lead_id)
        work.words = f"Parked {lead.title}"
        return _defer(work, lead, self.until, self.why)


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
    """Park many leads at once; those that may not be parked are left out and named."""

    lead_ids: tuple[int, ...]
    until: datetime
    why: str = ""

    def handle(self, work: Work) -> ManyDone:
        """Raises `Refused` for a date in the past, or if none of them may be parked."""
        done, left_out = 0, []
        for lead_id in self.lead_ids:
            lead = work.get(Lead, lead_id)
            if Status.DEFERRED in LEGAL[lead.status]:
                _defer(work, lead, self.until, self.why)
                done += 1
            else:
                left_out.append((lead.id, f"{lead.title} is {lead.status.words}"))
        if not done:
            raise Refused("None of these leads may be parked: they are clients or disqualified.", field="lead_ids")
        work.words = f"Parked {done} leads"
        return ManyDone(done, tuple(left_out))


def come_back(work: Work, lead: Lead, why: str) -> Lead:
    """Take a lead back into work, with why; its refusal is marked as returned. Raises `Refused` for a client."""
    status = check_move(lead, Status.IN_PROGRESS)
    for refusal in work.find(Refusal, lead_id=lead.id)[-1:]:
        if lead.status is Status.REFUSED and refusal.returned_at is None:
            work.change(refusal, returned_at=work.now)
    values: dict[str, Any] = {"status": status, "return_at": None, "parked_why": "", "attempts": 0}
    return refresh(work, work.change(lead, **values, came_back_at=work.now, came_back_why=why, idle_ok=False))


def _why_back(lead: Lead) -> str:
    reason = f": {lead.parked_why}" if lead.parked_why else ""
    return f"Parked{reason}" if lead.status is Status.DEFERRED else f"Refused{reason}"


@dataclass(frozen=True)
class BringBack(Command[Lead]):
    """Take a parked, refused or disqualified lead back into work now, whatever its day."""

    lead_id: int
    why: str = ""

    def handle(self, work: Work) -> Lead:
        """Raises `Refused` if it is in work already, or a client."""
        lead = work.get(Lead, self.lead_id)
        if lead.status in (Status.NEW, Status.IN_PROGRESS, Status.QUALIFIED):
            raise Refused(f"{lead.title} is in work already.", field="lead_id")
        work.words = f"Brought back {lead.title}"
        return come_back(work, lead, self.why.strip() or f"{_why_back(lead)}; brought back by {work.user.name}")


@dataclass(frozen=True)
class ReturnDueLeads(Command[int]):
    """Bring back every parked lead whose day has come, also those that came due while nobody was here.

    `automatic` where the clock and not a person asked for it.
    """

    automatic: bool = False

    def by_itself(self) -> bool:
        """As said."""
        return self.automatic

    def handle(self, work: Work) -> int:
        """Gives how many came back; nothing is journalled when none did."""
        due = work.ask(DueToReturn())
        for lead in work.find(Lead, id=due) if due else ():
            if lead.status in PARKED_STATUSES:
                parked = (work.now - lead.changed_at).days if lead.changed_at else 0
                come_back(work, lead, f"{_why_back(lead)}; {parked} days ago")
        work.words = f"{len(due)} parked lead{'s' if len(due) != 1 else ''} came back"
        return len(due)
