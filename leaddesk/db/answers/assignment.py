"""What moves when leads are handed over, and open tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from leaddesk.db.ids import chunks
from leaddesk.db.mapping import mapper
from leaddesk.db.prepared import Prepared, any_of
from leaddesk.db.tables import draft, lead, task
from leaddesk.workflow.assignment import Load, LoadOf
from leaddesk.workflow.entities import Task
from leaddesk.workflow.tasks import OpenTasks
from leaddesk.workflow.vocabulary import OPEN_STATUSES, Role

if TYPE_CHECKING:
    from leaddesk.db.answers.reading import Answers, Reading


_LEADS = Prepared(lambda sqlite: select(lead.c.id, lead.c.first_assigned_at).where(any_of(sqlite, lead.c.id, "ids")))
_TASKS = Prepared(
    lambda sqlite: select(task.c.id, task.c.promised).where(
        any_of(sqlite, task.c.lead_id, "ids"), task.c.done_at.is_(None), task.c.dropped == 0
    )
)
_DRAFTS = Prepared(lambda sqlite: select(func.count()).where(any_of(sqlite, draft.c.place, "places")))


def load_of(reading: Reading, question: LoadOf) -> Load:
    """The leads themselves, their open tasks, and which never had an owner."""
    ids = list(question.lead_ids)
    if question.owner_id is not None:
        mine = (lead.c.owner_id == question.owner_id) & lead.c.status.in_([str(s) for s in OPEN_STATUSES])
        ids = list(reading.connection.scalars(select(lead.c.id).where(mine).order_by(lead.c.id)))
    leads: list[int] = []
    fresh: list[int] = []
    tasks: list[int] = []
    callbacks = drafts = 0
    for some in chunks(ids, 20_000):
        for lead_id, first in _LEADS.rows(reading.connection, ids=some):
            leads.append(lead_id)
            if first is None:
                fresh.append(lead_id)
        for task_id, promised in _TASKS.rows(reading.connection, ids=some):
            tasks.append(task_id)
            callbacks += promised
        places = [f"lead:{i}:{what}" for i in some[:2000] for what in ("note", "call")]
        drafts += _DRAFTS.scalar(reading.connection, places=places)
    return Load(tuple(leads), tuple(tasks), callbacks, drafts, tuple(fresh))


def open_tasks(reading: Reading, question: OpenTasks) -> list[Task]:
    """By due time; an operator's own and the pool's."""
    where = [task.c.done_at.is_(None), task.c.dropped == 0]
    if question.owner_id is not None:
        where.append(task.c.owner_id == question.owner_id)
    elif reading.user.role is Role.OPERATOR:
        where.append(or_(task.c.owner_id == reading.user.id, task.c.owner_id.is_(None)))
    m = mapper(Task)
    first = select(*m.columns).where(*where).order_by(task.c.due_at, task.c.id).limit(question.limit)
    return [m.entity(row) for row in reading.connection.execute(first)]


ANSWERS: Answers = {LoadOf: load_of, OpenTasks: open_tasks}
