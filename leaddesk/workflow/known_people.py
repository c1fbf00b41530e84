"""Somebody known has come again: their card says so, their owner hears of it, and nobody becomes a second lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leaddesk.workflow.entities import Client, Lead, Note, Task
from leaddesk.workflow.vocabulary import OPEN_STATUSES, PARKED_STATUSES, Channel, Reach, Status, TaskKind, Temperature

if TYPE_CHECKING:
    from leaddesk.workflow.ports import Work

CAME_AGAIN = "Came again"
"""How the titles of these tasks begin; one that is still open is not added twice."""
_WARMER = {Temperature.COLD: Temperature.WARM, Temperature.WARM: Temperature.HOT, Temperature.HOT: Temperature.HOT}


def come_again(work: Work, lead: Lead, told: str, origin: str) -> Lead:
    """Write `told` onto a lead's card and let its owner know; `origin` is the list or form they came by.

    A parked or refused lead comes back into work, one degree warmer. Whoever became a client is their client's
    owner's. Nobody plans to contact the suppressed or those found not to be leads: for them the note is all.
    """
    if lead.status is Status.CONVERTED and lead.client_id:
        client_comes_again(work, work.get(Client, lead.client_id), told, origin, lead_id=lead.id)
        return lead
    work.add(Note(lead_id=lead.id, user_id=work.user.id, at=work.now, text=told))
    if lead.reach is Reach.BARRED or (lead.no_call and lead.no_mail) or lead.status is Status.DISQUALIFIED:
        return lead
    why = f"came again: {origin}"
    if lead.status in PARKED_STATUSES:
        from leaddesk.workflow.returning import come_back

        lead = come_back(work, lead, why)
    values: dict[str, Any] = {"temperature": _WARMER[lead.temperature]}
    if lead.status in OPEN_STATUSES:
        values |= {"came_back_at": work.now, "came_back_why": why}
    lead = work.change(lead, **values)
    _tell(work, origin, lead_id=lead.id, owner_id=lead.owner_id, callable_=lead.reach is Reach.PHONE)
    return lead


def client_comes_again(work: Work, client: Client, told: str, origin: str, lead_id: int | None = None) -> None:
    """Write `told` onto a client's card (and the lead's it was made from) and let the client's owner know."""
    from leaddesk.workflow.entities import ContactPoint

    work.add(Note(lead_id=lead_id, client_id=client.id, user_id=work.user.id, at=work.now, text=told))
    phones = [p for p in work.find(ContactPoint, client_id=client.id) if p.channel is Channel.PHONE and p.usable]
    _tell(work, origin, client_id=client.id, owner_id=client.owner_id, callable_=bool(phones))


def _tell(
    work: Work,
    origin: str,
    *,
    owner_id: int | None,
    callable_: bool,
    lead_id: int | None = None,
    client_id: int | None = None,
) -> None:
    """One open task a card: ten rows of one file are one reason to call."""
    card = {"lead_id": lead_id} if lead_id else {"client_id": client_id}
    if any(task.title.startswith(CAME_AGAIN) for task in work.find(Task, done_at=None, dropped=False, **card)):
        return
    work.add(
        Task(
            lead_id=lead_id,
            client_id=client_id,
            owner_id=owner_id,
            kind=TaskKind.CALL if callable_ else TaskKind.LETTER,
            title=f"{CAME_AGAIN}: {origin}",
            due_at=work.now,
            created_by=work.user.id,
        )
    )
