"""`user add|list|away|back` and `reassign`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from leaddesk.commandline.answers import utc
from leaddesk.commandline.inputs import person, when
from leaddesk.commandline.root import Command, Group
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.vocabulary import Role

if TYPE_CHECKING:
    from leaddesk.commandline.session import Session
    from leaddesk.workflow.assignment import Load
    from leaddesk.workflow.entities import User


@click.group("user", cls=Group)
def user() -> None:
    """Add and list people; say who is away."""


@user.command("add")
@click.argument("login")
@click.option("--name", default="")
@click.option("--email", default="")
@click.option("--phone", default="")
@click.option("--role", type=click.Choice([one.value for one in Role]), default=Role.OPERATOR.value, show_default=True)
@click.option("--language", "languages", multiple=True, help="May be given several times.")
@click.option("--zone", default="", help="Such as Europe/Kyiv; else the machine's.")
@click.option("--capacity", default=0, type=click.IntRange(0), help="Leads at a time; 0 for any number.")
@click.pass_obj
def add(
    session: Session,
    login: str,
    *,
    name: str,
    email: str,
    phone: str,
    role: str,
    languages: tuple[str, ...],
    zone: str,
    capacity: int,
) -> None:
    """Take somebody onto the floor."""
    from leaddesk.workflow.team import AddUser

    done = session.desk.do(
        AddUser(login, name, email, phone, Role(role), languages=languages, zone=zone, capacity=capacity)
    )
    session.done(done, {**_user(done.value), **_load(session, done.value)})


@user.command("list")
@click.pass_obj
def list_(session: Session) -> None:
    """List everybody, with the open work of each."""
    from leaddesk.workflow.team import Users

    rows = [{**_user(one), **_load(session, one)} for one in session.desk.read(Users())]
    session.answer(
        {"users": rows, "total": len(rows)},
        lambda: session.table(
            ("login", "name", "role", "", "leads", "tasks", "callbacks"),
            [(r["login"], r["name"], r["role"], _there(r), r["leads"], r["tasks"], r["callbacks"]) for r in rows],
        ),
    )


@user.command("away")
@click.argument("login")
@click.option("--until", default="tomorrow", metavar="WHEN", show_default=True)
@click.pass_obj
def away(session: Session, login: str, until: str) -> None:
    """Say that somebody is away till a moment; tells how much work waits."""
    from leaddesk.workflow.absence import SetAway

    one = person(session, login, "login")
    done = session.desk.do(SetAway(one.id, when(session, until, "until")[0]))
    session.done(done, {**_user(done.value), **_load(session, done.value)})


@user.command("back")
@click.argument("login")
@click.pass_obj
def back(session: Session, login: str) -> None:
    """Say that somebody is back."""
    from leaddesk.workflow.absence import SetBack

    done = session.desk.do(SetBack(person(session, login, "login").id))
    session.done(done, {**_user(done.value), **_load(session, done.value)})


@click.command("reassign", cls=Command)
@click.option("--from", "giver", required=True, metavar="LOGIN", help="Whose open leads.")
@click.option("--to", "taker", default="", metavar="LOGIN", help="Who gets them; else the pool.")
@click.option("--note", default="", help="A handover note for each card.")
@click.option("--dry-run", is_flag=True, help="Only count what would move.")
@click.pass_obj
def reassign(session: Session, *, giver: str, taker: str, note: str, dry_run: bool) -> None:
    """Hand one person's open leads to another, with their tasks."""
    from leaddesk.workflow.assignment import AssignLeads, LoadOf

    one = person(session, giver, "from")
    to = person(session, taker, "to") if taker else None
    if to is not None and to.id == one.id:
        raise Refused(f"{one.name} has them already. Name somebody else.", field="to")
    load = session.desk.read(LoadOf(owner_id=one.id))
    data = {"from": one.login, "to": to.login if to else None, "dry_run": dry_run, **_counts(load)}
    words = (
        f"{len(load.leads)} leads, {len(load.tasks)} tasks ({load.callbacks} promised callbacks) "
        f"and {load.drafts} drafts of {one.name}"
    )
    if dry_run or not load.leads:
        session.answer(
            {**data, "undo": None}, f"{words} would move." if load.leads else f"{one.name} has no open leads."
        )
        return
    owner_id = to.id if to else None
    done = session.desk.do(AssignLeads(lead_ids=load.leads, owner_id=owner_id, note=note))
    session.done(done, {**data, **_counts(done.value)})


def _load(session: Session, one: User) -> dict[str, int]:
    from leaddesk.workflow.assignment import LoadOf

    return _counts(session.desk.read(LoadOf(owner_id=one.id)))


def _counts(load: Load) -> dict[str, int]:
    return {
        "leads": len(load.leads),
        "tasks": len(load.tasks),
        "callbacks": load.callbacks,
        "drafts": load.drafts,
    }


def _user(one: User) -> dict[str, Any]:
    names = ("login", "name", "role", "state", "email", "phone", "languages", "zone", "capacity", "away_until")
    return {"user": one.id, **{name: getattr(one, name) for name in names}}


def _there(row: dict[str, Any]) -> str:
    return f"away until {utc(row['away_until'])}" if row["away_until"] else str(row["state"])
