"""`next`, `queue`, `release`: who is to be called now, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from leaddesk.commandline.inputs import ID
from leaddesk.commandline.root import Command

if TYPE_CHECKING:
    from leaddesk.commandline.session import Session
    from leaddesk.workflow.calling_hours import CallingState


@click.command("next", cls=Command)
@click.option("--leave", type=ID, default=None, metavar="ID", help="Give up this lead and go on past it.")
@click.pass_obj
def next_(session: Session, leave: int | None) -> None:
    """Draw the next lead: nobody else gets it for a while."""
    from leaddesk.workflow.cards import LeadCard
    from leaddesk.workflow.queue import TakeNext

    drawn = session.desk.do(TakeNext(leaving=leave)).value
    if drawn.row is None:
        data: dict[str, Any] = {"lead": None, "why": drawn.why, "phone": None, "local_time": None}
        session.answer(data, drawn.why)
        return
    card = session.desk.read(LeadCard(drawn.row.lead_id))
    phone = (card.dial.key or card.dial.value) if card.dial else None
    data = {
        "lead": card.lead.id,
        "why": drawn.why,
        "phone": phone,
        "local_time": local_time(card.calling),
        "name": card.lead.name,
        "title": card.lead.title,
        "company": card.lead.company,
        "section": drawn.row.section,
        "due": drawn.row.due,
        "status": card.lead.status,
        "temperature": card.lead.temperature,
        "calling": card.calling.words,
        "next_step": card.next_step,
        "held_until": drawn.until,
    }
    who = ", ".join(filter(None, (card.lead.title, card.lead.company if card.lead.name else "")))
    session.answer(data, f"{who} (lead {card.lead.id})\n{phone or 'no number'} · {card.calling.words}\n{drawn.why}")


def local_time(state: CallingState) -> str | None:
    """The time on the lead's own wall, "13:30–14:30" where it may be either; None where nobody knows."""
    if not state.local_times:
        return None
    first, last = (f"{clock:%H:%M}" for clock in (state.local_times[0][1], state.local_times[-1][1]))
    return first if first == last else f"{first}–{last}"


@click.command("queue", cls=Command)
@click.option("--limit", default=50, type=click.IntRange(1, 10_000), show_default=True)
@click.option("--later", is_flag=True, help="Also what falls due or opens later today.")
@click.pass_obj
def queue(session: Session, limit: int, *, later: bool) -> None:
    """Show the queue in its order, each with the reason."""
    from leaddesk.workflow.queue import Queue

    page = session.desk.read(Queue(limit, later=later, count_at_most=1_000_000))
    rows = [
        {
            "lead": r.lead_id,
            "why": r.why,
            "due": r.due,
            "title": r.title,
            "company": r.company,
            "section": r.section,
            "when": r.when,
            "late": r.late,
            "status": r.status,
            "temperature": r.temperature,
            "callable_now": r.callable_now,
            "held_by": r.held_by,
        }
        for r in page.rows
    ]
    session.answer(
        {"rows": rows, "total": page.total},
        lambda: (
            session.table(
                ("lead", "", "who", "when", "why"),
                [(r.lead_id, r.section.words, r.title, r.when, r.why) for r in page.rows],
            )
            + f"\n{page.total} to do now"
        ),
    )


@click.command("release", cls=Command)
@click.pass_obj
def release(session: Session) -> None:
    """Give up every lead drawn and not called, at the end of a shift."""
    from leaddesk.workflow.queue import ReleaseLeads

    session.desk.do(ReleaseLeads())
    session.answer({"released": True}, "Every lead you held is free again.")
