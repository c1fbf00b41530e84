"""How a lead comes back into work: one, or ten thousand after a week in which nobody was here."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from leaddesk.workflow.derived import READ_AT_ONCE, derive, suppressed_among
from leaddesk.workflow.entities import ContactPoint, Lead, Refusal, Task
from leaddesk.workflow.lifecycle import check_move
from leaddesk.workflow.team import Users
from leaddesk.workflow.vocabulary import Status, UserState
from leaddesk.workflow.when import say_when

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leaddesk.workflow.entities import User
    from leaddesk.workflow.ports import Work

TOGETHER = 4
"""So many leads that come to the same values are written by one statement; fewer cost less one by one."""


def come_back(work: Work, lead: Lead, why: str) -> Lead:
    """Take a lead back into work, with why; its refusal is marked as returned. Raises `Refused` for a client."""
    come_back_many(work, [lead], {lead.id: why})
    return work.find(Lead, id=lead.id)[0]


def come_back_many(work: Work, leads: Sequence[Lead], why: Mapping[int, str]) -> None:
    """Take leads back into work, each with why, by its id. Raises `Refused` for one that may not.

    A lead whose owner has left goes to the pool with what is planned, and says so; one whose owner is away stays with
    them, and says till when: handing over is a team lead's decision.
    """
    owners = {user.id: user for user in work.ask(Users())}
    for start in range(0, len(leads), READ_AT_ONCE):
        _come_back(work, leads[start : start + READ_AT_ONCE], why, owners)


def _come_back(work: Work, leads: Sequence[Lead], why: Mapping[int, str], owners: dict[int, User]) -> None:
    ids = [lead.id for lead in leads]
    of_lead: dict[int | None, list[ContactPoint]] = defaultdict(list)
    points = work.find(ContactPoint, lead_id=ids)
    for point in points:
        of_lead[point.lead_id].append(point)
    suppressed = suppressed_among(work, points)
    same: dict[tuple[tuple[str, Any], ...], list[Lead]] = defaultdict(list)
    for lead in leads:
        values = _values(work, lead, why[lead.id], owners.get(lead.owner_id or 0))
        values |= derive(replace(lead, **values), of_lead[lead.id], suppressed)
        differing = sorted((name, value) for name, value in values.items() if getattr(lead, name) != value)
        same[tuple(differing)].append(lead)
    _mark_returned(work, [lead.id for lead in leads if lead.status is Status.REFUSED])
    for changed, some in same.items():
        if len(some) >= TOGETHER:
            work.change_many(Lead, [lead.id for lead in some], **dict(changed))
        else:
            for lead in some:
                work.change(lead, **dict(changed))
    _free_tasks(work, [lead.id for lead in leads if _has_left(owners.get(lead.owner_id or 0))])


def _values(work: Work, lead: Lead, why: str, owner: User | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "status": check_move(lead, Status.IN_PROGRESS),
        "return_at": None,
        "parked_why": "",
        "attempts": 0,
        "came_back_at": work.now,
        "came_back_why": why,
        "idle_ok": False,
    }
    if owner is not None and _has_left(owner):
        gone = f"{why}; {owner.name} no longer works here, so it is in the pool"
        return {**values, "came_back_why": gone, "owner_id": None, "assigned_at": None}
    if owner is not None and owner.away_until is not None and owner.away_until > work.now:
        clock = ZoneInfo(owner.zone or "UTC")
        till = say_when(owner.away_until.astimezone(clock), work.now.astimezone(clock), exact=False)
        return {**values, "came_back_why": f"{why}; {owner.name} is away till {till}"}
    return values


def _has_left(owner: User | None) -> bool:
    return owner is not None and owner.state is UserState.LEFT


def _mark_returned(work: Work, lead_ids: Sequence[int]) -> None:
    """The refusal each of these was away for has led to a return."""
    if not lead_ids:
        return
    newest = {refusal.lead_id: refusal for refusal in work.find(Refusal, lead_id=lead_ids, taken_back_at=None)}
    back = [refusal for refusal in newest.values() if refusal.returned_at is None]
    if len(back) >= TOGETHER:
        work.change_many(Refusal, [refusal.id for refusal in back], returned_at=work.now)
    else:
        for refusal in back:
            work.change(refusal, returned_at=work.now)


def _free_tasks(work: Work, lead_ids: Sequence[int]) -> None:
    if lead_ids:
        for task in work.find(Task, lead_id=lead_ids, done_at=None, dropped=False):
            work.change(task, owner_id=None)
