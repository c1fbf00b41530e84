"""Tasks and promised callbacks. Finishing one asks for the next step, so that no lead is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.entities import Client, Lead, Task
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.lifecycle import check_workable
from leaddesk.workflow.vocabulary import OPEN_STATUSES, TaskKind

if TYPE_CHECKING:
    from datetime import datetime

    from leaddesk.workflow.ports import Work


@dataclass(frozen=True)
class OpenTasks(Question[list[Task]]):
    """Open tasks of this user and the pool (or of one owner), by due time."""

    owner_id: int | None = None
    limit: int = 200


def drop_open_tasks(work: Work, lead: Lead, why: str) -> None:
    """What was planned with a lead that leaves work will not be done."""
    for task in work.find(Task, lead_id=lead.id, done_at=None, dropped=False):
        work.change(task, dropped=True, result=why)


def check_next_step(work: Work, lead: Lead) -> None:
    """Raise `Refused` if a lead in work would be left with nothing planned (PRODUCT 4)."""
    if lead.status not in OPEN_STATUSES or lead.retry_at or lead.came_back_at or lead.idle_ok:
        return
    if lead.status == "new" and lead.last_call_at is None:
        return
    if work.find(Task, lead_id=lead.id, done_at=None, dropped=False):
        return
    raise Refused(
        f"{lead.title} would be left without a next step. Add one, or say that none is meant.", field="next_step"
    )


@dataclass(frozen=True, kw_only=True)
class AddTask(Command[Task]):
    """Plan something with a lead or a client. `due_at` UTC; `exact` if the minute matters."""

    kind: TaskKind
    due_at: datetime
    title: str = ""
    lead_id: int | None = None
    client_id: int | None = None
    owner_id: int | None = None
    exact: bool = False
    promised: bool = False

    def handle(self, work: Work) -> Task:
        """Raises `Refused` for a lead not in work, or a promise in the past."""
        lead = work.get(Lead, self.lead_id) if self.lead_id else None
        client = work.get(Client, self.client_id) if self.client_id else None
        if lead is None and client is None:
            raise Refused("A task belongs to a lead or a client. Name one.", field="lead_id")
        if lead is not None:
            check_workable(lead, "planned for")
        if self.promised and self.due_at <= work.now:
            raise Refused("The promised time is in the past. Say when, such as “tomorrow 14:30”.", field="due_at")
        owner = self.owner_id or (lead.owner_id if lead else client.owner_id if client else None) or work.user.id
        title = self.title.strip() or self.kind.words.capitalize()
        if lead is not None and lead.idle_ok:
            work.change(lead, idle_ok=False)
        card = lead or client
        work.words = f"Task “{title}” for {card.title if card else ''}"
        return work.add(
            Task(
                lead_id=self.lead_id,
                client_id=self.client_id,
                owner_id=owner,
                kind=self.kind,
                title=title,
                due_at=self.due_at,
                exact=self.exact,
                promised=self.promised,
                created_by=work.user.id,
            )
        )


def _open_task(work: Work, task_id: int, version: int) -> Task:
    """The task, if it is still to be done and as the person saw it; `version` 0 takes it as it is."""
    task = work.get(Task, task_id)
    if task.lead_id:
        work.get(Lead, task.lead_id)
    if not task.is_open:
        raise Refused(f"“{task.title}” is {'done' if task.done_at else 'dropped'} already.", field="task_id")
    if version not in (0, task.version):
        raise Refused(f"Somebody changed “{task.title}” meanwhile. Look again and repeat.", field="task_id")
    return task


@dataclass(frozen=True, kw_only=True)
class DoneTask(Command[Task]):
    """A task is done. Its lead must have a next step: give one here, or say `idle`."""

    task_id: int
    result: str = ""
    next_kind: TaskKind | None = None
    next_at: datetime | None = None
    next_title: str = ""
    idle: bool = False
    version: int = 0

    def handle(self, work: Work) -> Task:
        """Raises `Refused` if it is done or changed already, or the lead would be left without a next step."""
        task = _open_task(work, self.task_id, self.version)
        done = work.change(task, done_at=work.now, result=self.result.strip())
        if self.next_kind and self.next_at:
            AddTask(
                kind=self.next_kind,
                due_at=self.next_at,
                title=self.next_title,
                lead_id=None if task.client_id else task.lead_id,
                client_id=task.client_id,
                owner_id=task.owner_id,
                exact=True,
            ).handle(work)
        if task.lead_id:
            lead = work.get(Lead, task.lead_id)
            lead = work.change(lead, idle_ok=True) if self.idle else lead
            check_next_step(work, lead)
        work.words = f"Done: {task.title}"
        return done


@dataclass(frozen=True, kw_only=True)
class MoveTask(Command[Task]):
    """Do a task at another time. `exact` None: as it was."""

    task_id: int
    due_at: datetime
    exact: bool | None = None
    version: int = 0

    def handle(self, work: Work) -> Task:
        """Raises `Refused` if it is done or changed already, or the new time is past."""
        task = _open_task(work, self.task_id, self.version)
        if self.due_at <= work.now:
            raise Refused("The new time is in the past. Say when, such as “tomorrow 14:30”.", field="due_at")
        work.words = f"Moved: {task.title}"
        exact = task.exact if self.exact is None else self.exact
        return work.change(task, due_at=self.due_at, exact=exact)
