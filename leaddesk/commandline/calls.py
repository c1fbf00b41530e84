"""`call` and `outcomes`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from leaddesk.commandline.inputs import ID, when
from leaddesk.commandline.root import Command
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.vocabulary import Channel, Temperature

if TYPE_CHECKING:
    from leaddesk.commandline.session import Session
    from leaddesk.workflow.cards import LeadCardData


@click.command("call", cls=Command)
@click.argument("lead_id", metavar="ID", type=ID)
@click.option("--outcome", required=True, metavar="KEY", help="See `leaddesk outcomes`.")
@click.option("--note", default="", help="What was said.")
@click.option(
    "--at", "at", default="", metavar="WHEN", help="Promised time, by the lead's own clock: “tomorrow 14:30”."
)
@click.option("--duration", default=0, metavar="S", type=click.IntRange(0, 24 * 3600), help="Seconds talked.")
@click.option(
    "--channel", type=click.Choice([one.value for one in Channel]), default=None, help="What they would rather have."
)
@click.option("--contact", default="", metavar="NUMBER", help="The number dialled, if not the one proposed.")
@click.option("--temperature", type=click.Choice([one.value for one in Temperature]), default=None)
@click.option("--idle", is_flag=True, help="No next step is meant.")
@click.pass_obj
def call(
    session: Session,
    lead_id: int,
    *,
    outcome: str,
    note: str,
    at: str,
    duration: int,
    channel: str | None,
    contact: str,
    temperature: str | None,
    idle: bool,
) -> None:
    """Write up a call: the outcome's rule sets status, next step and temperature."""
    from leaddesk.workflow.calls import LogCall
    from leaddesk.workflow.cards import LeadCard

    card = session.desk.read(LeadCard(lead_id))
    done = session.desk.do(
        LogCall(
            lead_id=lead_id,
            outcome=outcome,
            note=note,
            at=when(session, at, "at", card.lead.zone_key)[0] if at else None,
            channel=Channel(channel) if channel else None,
            temperature=Temperature(temperature) if temperature else None,
            contact_id=_dialled(card, contact) if contact else None,
            duration_s=duration,
            idle=idle,
        )
    )
    told = done.value
    data = {
        "call": told.call_id,
        "lead": lead_id,
        "status": told.status,
        "next_action": told.next_action,
        "asks": told.asks or None,
    }
    session.done(done, data, f"{done.words}\nThen: {told.next_action}")


def _dialled(card: LeadCardData, text: str) -> int:
    from leaddesk.workflow.phones import phone_digits

    phones = [p for p in card.points if p.channel is Channel.PHONE]
    wanted = phone_digits(text)
    for point in phones:
        if text == str(point.id) or (wanted and wanted in phone_digits(point.key or point.value)):
            return point.id
    names = ", ".join(p.value for p in phones) or "none"
    raise Refused(f"{text} is not on the card of {card.lead.title}. Its numbers: {names}.", field="contact")


@click.command("outcomes", cls=Command)
@click.pass_obj
def outcomes(session: Session) -> None:
    """List how calls may end, with the flags reports read and the rule of each."""
    from leaddesk.workflow.outcomes import Outcomes

    found = session.desk.read(Outcomes())
    session.answer(
        {"outcomes": found},
        lambda: session.table(
            ("digit", "key", "title", "next step"), [(o.digit, o.key, o.title, o.next_step) for o in found]
        ),
    )
