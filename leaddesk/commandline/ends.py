"""How a lead leaves work: `convert`, `refuse`, `defer`, `return`, `suppress`, `unsuppress`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from leaddesk.commandline.inputs import ID, pairs, person, when
from leaddesk.commandline.root import Command
from leaddesk.workflow.errors import Refused, Unavailable
from leaddesk.workflow.vocabulary import LetterState, RefusalKind

if TYPE_CHECKING:
    from leaddesk.commandline.session import Session
    from leaddesk.workflow.clients import PersonInput
    from leaddesk.workflow.letter_entities import Letter


@click.command("convert", cls=Command)
@click.argument("lead_id", metavar="ID", type=ID)
@click.option("--client", type=ID, default=None, metavar="ID", help="Attach to this client instead of making a card.")
@click.option("--field", multiple=True, metavar="KEY=VALUE", help="legal_name, tax_number, contract, invoice, owner…")
@click.option("--person", "people", multiple=True, metavar="NAME[;ROLE[;PHONE[;EMAIL]]]", help="A contact person.")
@click.option("--new", is_flag=True, help="Make another card though a client like it is known.")
@click.pass_obj
def convert(
    session: Session, lead_id: int, *, client: int | None, field: tuple[str, ...], people: tuple[str, ...], new: bool
) -> None:
    """Make the client card of a lead that agreed; both stay linked."""
    from leaddesk.workflow.clients import ConvertLead

    values: dict[str, Any] = dict(pairs(field, "--field"))
    if "owner" in values:
        values["owner_id"] = person(session, values.pop("owner"), "owner").id
    done = session.desk.do(
        ConvertLead(
            lead_id=lead_id,
            client_id=client,
            values=values,
            people=tuple(_person(text) for text in people),
            even_if_known=new,
        )
    )
    session.done(done, {"client": done.value.id, "lead": lead_id, "linked": True})


def _person(text: str) -> PersonInput:
    from leaddesk.workflow.clients import PersonInput

    name, role, phone, email = [part.strip() for part in [*text.split(";"), "", "", ""][:4]]
    return PersonInput(name, role, phone, email)


@click.command("refuse", cls=Command)
@click.argument("lead_id", metavar="ID", type=ID)
@click.option(
    "--reason",
    required=True,
    metavar="KEY",
    help="price, budget, plans, competitor, no_need…: `leaddesk reasons list`.",
)
@click.option(
    "--kind",
    type=click.Choice([one.value for one in RefusalKind]),
    default=None,
    help="How far the “no” goes, where it is not the reason's own.",
)
@click.option("--words", default="", help="What they said; “other” needs it.")
@click.option("--competitor", default="", help="Whom they chose.")
@click.option("--change-mind", default="", help="What would change their mind.")
@click.option("--until", default="", metavar="WHEN", help="Park it till then: “in 3 months”, “2027-09-01”.")
@click.option("--letter", default="auto", metavar="TEMPLATE|none", help="Else the reason's own.")
@click.option("--language", default="", help="Of the letter; else the lead's.")
@click.option("--greet", is_flag=True, help="They agree to holiday greetings meanwhile.")
@click.option("--draft", is_flag=True, help="Leave the letter a draft even where a mail server is set.")
@click.option("--never", is_flag=True, help="Never call or write again.")
@click.option("--eml", type=click.Path(path_type=Path, dir_okay=False), default=None, help="Save the letter here.")
@click.pass_obj
def refuse(
    session: Session,
    lead_id: int,
    *,
    reason: str,
    kind: str | None,
    words: str,
    competitor: str,
    change_mind: str,
    until: str,
    letter: str,
    language: str,
    greet: bool,
    draft: bool,
    never: bool,
    eml: Path | None,
) -> None:
    """Write up a refusal: the reason, the farewell letter, the day it comes back."""
    from leaddesk.commandline.letters import check_folder
    from leaddesk.workflow.cards import LeadCard
    from leaddesk.workflow.letter_files import LETTER_LANGUAGES, spoken
    from leaddesk.workflow.refusals import RefuseLead

    if language and not spoken(language):
        raise Refused(f"There are no letters in “{language}”, but in {', '.join(LETTER_LANGUAGES)}.", field="language")
    if eml is not None:
        check_folder(eml, "eml")
    zone_key = session.desk.read(LeadCard(lead_id)).lead.zone_key if until else ""
    done = session.desk.do(
        RefuseLead(
            lead_id=lead_id,
            reason=reason,
            kind=RefusalKind(kind) if kind else None,
            words=words,
            competitor=competitor,
            change_mind=change_mind,
            until=when(session, until, "until", zone_key)[0] if until else None,
            never_again=never,
            letter=letter,
            language=language,
            greet=greet,
            send=not draft,
        )
    )
    made = done.value
    saved = _save(session, made.letter, eml) if made.letter and eml else None
    data = {
        "refusal": made.refusal.id,
        "letter": made.letter.id if made.letter else None,
        "letter_state": _state(made.letter, saved),
        "send_after": made.letter.send_after if made.letter and not saved else None,
        "kind": made.refusal.kind,
        "return_at": made.refusal.return_at,
        "lead": lead_id,
        "subject": made.letter.subject if made.letter else None,
        "to": made.letter.to_address if made.letter else None,
        "why_no_letter": made.why_no_letter or None,
        "eml": saved,
        "suppressed": made.refusal.suppressed,
    }
    told = f"letter to {made.letter.to_address}: {made.letter.subject}" if made.letter else made.why_no_letter
    session.done(done, data, f"{done.words}\n{told}" + (f"\nsaved as {saved}" if saved else ""))


def _state(letter: Letter | None, saved: Path | None) -> LetterState | None:
    if letter is None:
        return None
    return LetterState.SAVED if saved else letter.state


def _save(session: Session, letter: Letter, file: Path) -> Path:
    """Write the letter for any mail program to open. The refusal stands even if the disk does not take it."""
    from leaddesk.commandline.letters import save_letter

    try:
        save_letter(session, letter, file)
    except Unavailable as error:
        raise Unavailable(f"The refusal is recorded, but {error.words}") from error
    return file


@click.command("defer", cls=Command)
@click.argument("lead_id", metavar="ID", type=ID)
@click.option("--until", required=True, metavar="WHEN", help="“in 3 months”, “2027-09-01”.")
@click.option("--why", default="")
@click.pass_obj
def defer(session: Session, lead_id: int, until: str, why: str) -> None:
    """Park a lead, with all we know, until a day; then it comes back by itself."""
    from leaddesk.workflow.cards import LeadCard
    from leaddesk.workflow.parking import DeferLead

    zone_key = session.desk.read(LeadCard(lead_id)).lead.zone_key
    done = session.desk.do(DeferLead(lead_id=lead_id, until=when(session, until, "until", zone_key)[0], why=why))
    session.done(done, {"lead": lead_id, "return_at": done.value.return_at})


@click.command("return", cls=Command)
@click.argument("lead_id", metavar="[ID]", type=ID, required=False)
@click.option("--why", default="", help="With ID: why it comes back before its day.")
@click.pass_obj
def return_(session: Session, lead_id: int | None, why: str) -> None:
    """Bring back every parked lead whose day has come; with ID this one now, whatever its day."""
    from leaddesk.workflow.parking import BringBack, ReturnDueLeads

    if lead_id is not None:
        back = session.desk.do(BringBack(lead_id, why))
        session.done(back, {"returned": 1, "lead": lead_id})
        return
    done = session.desk.do(ReturnDueLeads())
    session.done(done, {"returned": done.value})


@click.command("suppress", cls=Command)
@click.argument("value", metavar="PHONE_OR_EMAIL")
@click.option("--why", default="")
@click.pass_obj
def suppress(session: Session, value: str, why: str) -> None:
    """Never call this number, or never write to this address, again."""
    from leaddesk.workflow.suppressions import Suppress

    done = session.desk.do(Suppress(value, why))
    session.done(done, {"value": done.value.key, "kind": done.value.channel})


@click.command("unsuppress", cls=Command)
@click.argument("value", metavar="PHONE_OR_EMAIL")
@click.pass_obj
def unsuppress(session: Session, value: str) -> None:
    """Allow a number or address again; a team lead's decision."""
    from leaddesk.workflow.suppressions import Unsuppress

    done = session.desk.do(Unsuppress(value))
    session.done(done, {"value": done.value.key, "kind": done.value.channel})
