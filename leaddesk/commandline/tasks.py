"""`task add|done|move|list`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from leaddesk.commandline.answers import utc
from leaddesk.commandline.inputs import ID, person, when
from leaddesk.commandline.root import Group
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.vocabulary import TaskKind

if TYPE_CHECKING:
    from leaddesk.commandline.session import Session

KIND = click.Choice([one.value for one in TaskKind])
WHEN = "“tomorrow 14:30”, “in 3 days”, “2027-09-01”, by the lead's own clock."


@click.group("task", cls=Group)
def task() -> None:
    """Add, finish, move and list tasks and promised callbacks."""


@task.command("add")
@click.argument("card_id", metavar="LEAD", type=ID)
@click.option("--kind", type=KIND, required=True)
@click.option("--at", "at", required=True, metavar="WHEN", help=WHEN)
@click.option("--title", default="")
@click.option("--client", is_flag=True, help="The number is a client's.")
@click.option("--promised", is_flag=True, help="They expect it: a promised callback.")
@click.pass_obj
def add(session: Session, card_id: int, *, kind: str, at: str, title: str, client: bool, promised: bool) -> None:
    """Plan something with a lead or a client."""
    from leaddesk.workflow.tasks import AddTask

    due, exact = when(session, at, "at", "" if client else _zone_key(session, card_id))
    done = session.desk.do(
        AddTask(
            kind=TaskKind(kind),
            due_at=due,
            title=title,
            lead_id=None if client else card_id,
            client_id=card_id if client else None,
            exact=exact,
            promised=promised,
        )
    )
    session.done(done, {"task": done.value.id, "lead": done.value.lead_id, "due": done.value.due_at})


@task.command("done")
@click.argument("task_id", metavar="TASK", type=ID)
@click.option("--result", default="", help="What came of it.")
@click.option("--next", "next_kind", type=KIND, default=None, help="The next step's kind.")
@click.option("--at", "at", default="", metavar="WHEN", help="When the next step is due.")
@click.option("--title", default="", help="The next step's title.")
@click.option("--idle", is_flag=True, help="No next step is meant.")
@click.pass_obj
def done_(
    session: Session, task_id: int, *, result: str, next_kind: str | None, at: str, title: str, idle: bool
) -> None:
    """Finish a task; its lead needs a next step, or --idle."""
    from leaddesk.workflow.tasks import DoneTask

    if bool(next_kind) != bool(at):
        raise click.UsageError("A next step needs both --next KIND and --at WHEN.")
    due = when(session, at, "at", _zone_key_of_task(session, task_id))[0] if at else None
    done = session.desk.do(
        DoneTask(
            task_id=task_id,
            result=result,
            next_kind=TaskKind(next_kind) if next_kind else None,
            next_at=due,
            next_title=title,
            idle=idle,
        )
    )
    session.done(done, {"task": done.value.id, "lead": done.value.lead_id})


@task.command("move")
@click.argument("task_id", metavar="TASK", type=ID)
@click.option("--at", "at", required=True, metavar="WHEN", help=WHEN)
@click.pass_obj
def move(session: Session, task_id: int, at: str) -> None:
    """Do a task at another time."""
    from leaddesk.workflow.tasks import MoveTask

    due, exact = when(session, at, "at", _zone_key_of_task(session, task_id))
    done = session.desk.do(MoveTask(task_id=task_id, due_at=due, exact=exact))
    session.done(done, {"task": done.value.id, "lead": done.value.lead_id, "due": done.value.due_at})


@task.command("list")
@click.option("--owner", default="", metavar="LOGIN", help="Only this person's.")
@click.option("--limit", default=50, type=click.IntRange(1, 10_000), show_default=True)
@click.pass_obj
def list_(session: Session, owner: str, limit: int) -> None:
    """List open tasks, the first due first."""
    from leaddesk.workflow.tasks import OpenTasks

    owner_id = person(session, owner, "owner").id if owner else None
    found = session.desk.read(OpenTasks(owner_id, limit))
    session.answer(
        {"tasks": found, "total": len(found)},
        lambda: session.table(
            ("task", "lead", "due", "kind", "title"),
            [
                (
                    t.id,
                    t.lead_id or f"client {t.client_id}",
                    utc(t.due_at),
                    "callback" if t.promised else t.kind,
                    t.title,
                )
                for t in found
            ],
        ),
    )


def _zone_key(session: Session, lead_id: int) -> str:
    from leaddesk.workflow.cards import LeadCard

    return session.desk.read(LeadCard(lead_id)).lead.zone_key


def _zone_key_of_task(session: Session, task_id: int) -> str:
    """The clock of the lead a task is for; "" for a client's. Raises `Refused` if the task is not open."""
    from leaddesk.workflow.tasks import OpenTasks

    for one in session.desk.read(OpenTasks(limit=1_000_000)):
        if one.id == task_id:
            return _zone_key(session, one.lead_id) if one.lead_id else ""
    raise Refused(f"There is no open task {task_id} of yours.", field="task_id")
