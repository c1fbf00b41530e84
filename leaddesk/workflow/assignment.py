"""Handing leads out: one, or a hundred thousand at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.entities import Lead, Note, Task, User
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.vocabulary import Role, UserState

if TYPE_CHECKING:
    from leaddesk.workflow.ports import Work


@dataclass(frozen=True, slots=True)
class Load:
    """What moves with some leads: open tasks, promised callbacks among them, drafts, and who never had an owner."""

    leads: tuple[int, ...]
    tasks: tuple[int, ...]
    callbacks: int
    drafts: int
    never_assigned: tuple[int, ...]


@dataclass(frozen=True)
class LoadOf(Question[Load]):
    """The load of these leads, or of all open leads an owner has."""

    lead_ids: tuple[int, ...] = ()
    owner_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class AssignLeads(Command[Load]):
    """Give leads to a user (None: back to the pool), with their open tasks. One undoable step, set-based.

    An operator may take leads from the pool and give own ones back; others' need a team lead.
    """

    lead_ids: tuple[int, ...]
    owner_id: int | None
    note: str = ""

    def handle(self, work: Work) -> Load:
        """Raises `Refused` for an owner who left, or leads that are not this user's to give."""
        owner = work.get(User, self.owner_id) if self.owner_id else None
        if owner is not None and owner.state is UserState.LEFT:
            raise Refused(f"{owner.name} no longer works here. Choose somebody else.", field="owner")
        if work.user.role is Role.OPERATOR:
            if self.owner_id not in (None, work.user.id):
                raise Refused(
                    "Only a team lead gives leads to others. Give them back to the pool instead.", field="owner"
                )
            for lead_id in self.lead_ids:
                work.get(Lead, lead_id)
        load = work.ask(LoadOf(self.lead_ids))
        if not load.leads:
            raise Refused("None of these leads exists any more.", field="lead_ids")
        fresh = set(load.never_assigned) if owner else set()
        values = {"owner_id": self.owner_id, "assigned_at": work.now if owner else None}
        if fresh:
            work.change_many(Lead, load.never_assigned, **values, first_assigned_at=work.now)
        work.change_many(Lead, [i for i in load.leads if i not in fresh], **values)
        if load.tasks:
            work.change_many(Task, load.tasks, owner_id=self.owner_id)
        if self.note.strip():
            work.add_many(
                [Note(lead_id=i, user_id=work.user.id, at=work.now, text=self.note.strip()) for i in load.leads]
            )
        count = "1 lead" if len(load.leads) == 1 else f"{len(load.leads)} leads"
        work.words = f"{count} given to {owner.name if owner else 'the pool'}"
        return load
