"""Leads in one line, and what became of them."""

from datetime import datetime
from typing import Any

from leaddesk.workflow.calls import CallDone, LogCall
from leaddesk.workflow.cards import LeadCard, LeadCardData
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Lead, Task
from leaddesk.workflow.leads import AddLead
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.queue import Drawable, Queue
from leaddesk.workflow.vocabulary import Channel, Section

KYIV = "+380674410098"
KYIV_TOO = "+380501234512"
KYIV_OFFICE = "+380445370112"
TALLINN = "+37253498812"


def phone(number: str) -> PointInput:
    return PointInput(Channel.PHONE, number)


def email(address: str) -> PointInput:
    return PointInput(Channel.EMAIL, address)


def add(desk: Desk, *points: str, name: str = "Olena Hrytsenko", **values: Any) -> Lead:
    """A lead with these numbers and addresses, whoever else has them."""
    given = tuple(email(p) if "@" in p else phone(p) for p in points)
    return desk.do(AddLead(values={"name": name, **values}, points=given, even_if_known=True)).value


def card(desk: Desk, lead: Lead) -> LeadCardData:
    return desk.read(LeadCard(lead.id))


def now_is(desk: Desk, lead: Lead) -> Lead:
    """The lead as it is stored now."""
    return card(desk, lead).lead


def open_tasks(desk: Desk, lead: Lead) -> list[Task]:
    return [task for task in card(desk, lead).tasks if task.is_open]


def call(desk: Desk, lead: Lead, outcome: str, *, at: datetime | None = None, **more: Any) -> CallDone:
    return desk.do(LogCall(lead_id=lead.id, outcome=outcome, at=at, **more)).value


def due(desk: Desk, limit: int = 100) -> list[tuple[int, Section]]:
    """The queue without what comes later."""
    return [(r.lead_id, r.section) for r in desk.read(Queue(limit=limit)).rows if r.section is not Section.LATER]


def drawable(desk: Desk, limit: int = 20) -> list[int]:
    return desk.read(Drawable(limit))
