"""`greetings …`: holiday greetings, proposed by the calendar and written only when somebody says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from leaddesk.commandline.inputs import ID
from leaddesk.commandline.root import Group
from leaddesk.workflow.errors import Refused

if TYPE_CHECKING:
    from leaddesk.commandline.session import Session
    from leaddesk.workflow.greetings import GreetingDue


@click.group("greetings", cls=Group)
def greetings() -> None:
    """List whom one could greet on the next holidays, write to them, or let it be; nothing is ever sent unasked."""


def _due(session: Session, occasion: str = "", leads: tuple[int, ...] = ()) -> list[GreetingDue]:
    from leaddesk.workflow.greetings import GreetingsDue

    return [due for due in session.desk.read(GreetingsDue(leads)) if occasion in ("", due.occasion)]


def _ids(session: Session, occasion: str, leads: tuple[int, ...]) -> tuple[int, ...]:
    """Those named, else all who are proposed for the occasion. Raises `Refused` where there is nobody."""
    found = leads or tuple(due.lead_id for due in _due(session, occasion))
    if not found:
        raise Refused(f"Nobody is to be greeted for “{occasion}”. See: leaddesk greetings list", field="occasion")
    return found


@greetings.command("list")
@click.pass_obj
def list_(session: Session) -> None:
    """List whom one could greet, by occasion: parked leads that allowed it, before a holiday of their country."""
    rows = _due(session)
    told = [
        {
            "occasion": due.occasion,
            "day": due.day,
            "holiday": due.holiday,
            "lead": due.lead_id,
            "name": due.title,
            "country": due.country,
            "language": due.language,
            "to": due.to_address,
        }
        for due in rows
    ]
    session.answer(
        {"greetings": told, "total": len(told)},
        lambda: (
            session.table(
                ("occasion", "lead", "name", "country", "language", "to"),
                [(d.occasion, d.lead_id, d.title, d.country, d.language, d.to_address) for d in rows],
            )
            if rows
            else "Nobody is to be greeted now."
        ),
    )


@greetings.command("write")
@click.argument("occasion")
@click.option("--lead", "leads", multiple=True, type=ID, metavar="ID", help="Only these; else all who are proposed.")
@click.option("--draft", is_flag=True, help="Keep the letters as drafts.")
@click.pass_obj
def write(session: Session, occasion: str, leads: tuple[int, ...], *, draft: bool) -> None:
    """Write a greeting to each, in their language; they leave as any letter does, after the undo minute."""
    from leaddesk.workflow.greetings import WriteGreetings

    ids = _ids(session, occasion, leads)
    done = session.desk.do(WriteGreetings(lead_ids=ids, occasion=occasion, send=not draft))
    left_out = [{"lead": lead_id, "why": why} for lead_id, why in done.value.left_out]
    session.done(done, {"letters": [letter.id for letter in done.value.letters], "left_out": left_out})


@greetings.command("decline")
@click.argument("occasion")
@click.option("--lead", "leads", multiple=True, type=ID, metavar="ID", help="Only these; else all who are proposed.")
@click.pass_obj
def decline(session: Session, occasion: str, leads: tuple[int, ...]) -> None:
    """Not this time: they are not proposed for this occasion again."""
    from leaddesk.workflow.greetings import DeclineGreetings

    done = session.desk.do(DeclineGreetings(lead_ids=_ids(session, occasion, leads), occasion=occasion))
    session.done(done, {"declined": done.value})


@greetings.command("allow")
@click.argument("leads", nargs=-1, required=True, type=ID, metavar="ID…")
@click.option("--no", "forbid", is_flag=True, help="No greetings any more.")
@click.pass_obj
def allow(session: Session, leads: tuple[int, ...], *, forbid: bool) -> None:
    """Say that leads may be greeted on holidays, or no longer."""
    from leaddesk.workflow.greetings import AllowGreetings

    done = session.desk.do(AllowGreetings(lead_ids=leads, allow=not forbid))
    session.done(done, {"leads": done.value.done})
