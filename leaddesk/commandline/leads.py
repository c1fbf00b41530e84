"""`lead …`, `search`, `note`, `qualify`, `disqualify`, `confirm`, `spam`."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from leaddesk.commandline.inputs import ID, lead_values, pairs, person
from leaddesk.commandline.root import Command, Group
from leaddesk.workflow.vocabulary import Channel, Status, Temperature

if TYPE_CHECKING:
    from leaddesk.commandline.session import Session
    from leaddesk.workflow.cards import LeadCardData, LeadRow
    from leaddesk.workflow.entities import ContactPoint, Lead
    from leaddesk.workflow.refusal_stories import RefusalStory

_TEXTS = ("company", "role", "interest", "country", "city")


@click.group("lead", cls=Group)
def lead() -> None:
    """Add, show, edit and list leads."""


@lead.command("add")
@click.option("--name", default="", help="The person.")
@click.option("--phone", multiple=True, help="As written; may be given several times.")
@click.option("--email", multiple=True, help="May be given several times.")
@click.option("--company", default="")
@click.option("--role", default="", help="What they are there.")
@click.option("--interest", default="", help="What they want.")
@click.option("--source", default="", help="The channel it came by; a new one is made.")
@click.option("--country", default="", help="Name or two letters.")
@click.option("--city", default="")
@click.option("--temperature", type=click.Choice([one.value for one in Temperature]), default=None)
@click.option("--region", default="", help="Country of numbers without a code, such as UA.")
@click.option("--owner", default="", metavar="LOGIN", help="Whose lead it is; else the pool's.")
@click.option("--note", default="")
@click.option("--field", multiple=True, metavar="FIELD=VALUE", help="Any other field of the card.")
@click.option("--even-if-known", is_flag=True, help="Add it though the number or address is known.")
@click.option("--refuse-known", is_flag=True, help="Change nothing where the number or address is known.")
@click.pass_obj
def add(
    session: Session,
    /,
    *,
    phone: tuple[str, ...],
    email: tuple[str, ...],
    source: str,
    region: str,
    owner: str,
    note: str,
    field: tuple[str, ...],
    temperature: Temperature | None,
    even_if_known: bool,
    refuse_known: bool,
    **texts: str,
) -> None:
    """Add a lead. Somebody whose number or address is known does not become a second one: it goes onto their card."""
    from leaddesk.workflow.leads import AddLead
    from leaddesk.workflow.points import PointInput
    from leaddesk.workflow.requests import TakeRequest

    values = lead_values(session, pairs(field, "--field"))
    values |= {name: texts[name] for name in ("name", *_TEXTS) if texts[name]}
    if temperature:
        values["temperature"] = temperature
    points = [PointInput(Channel.PHONE, text) for text in phone] + [PointInput(Channel.EMAIL, text) for text in email]
    wish = AddLead(
        values=values,
        points=tuple(points),
        source=source,
        note=note,
        owner_id=person(session, owner, "owner").id if owner else None,
        region=region.upper(),
        even_if_known=even_if_known,
    )
    if even_if_known or refuse_known:
        added = session.desk.do(wish)
        session.done(added, {**_lead(added.value), "known": False}, f"{added.words} as lead {added.value.id}")
        return
    done = session.desk.do(TakeRequest(wish))
    taken = done.value
    card = _lead(taken.lead) if taken.lead else {"id": None}
    data = {**card, "known": taken.known, "client": taken.client.id if taken.client else None}
    new = f" as lead {taken.lead.id}" if taken.lead and not taken.known else ""
    session.done(done, data, f"{done.words}{new}")


@lead.command("show")
@click.argument("lead_id", metavar="ID", type=ID)
@click.pass_obj
def show(session: Session, lead_id: int) -> None:
    """Show a lead's whole card."""
    from leaddesk.workflow.cards import LeadCard
    from leaddesk.workflow.refusal_stories import RefusalStories

    card = session.desk.read(LeadCard(lead_id))
    stories = session.desk.read(RefusalStories(card.lead.id))
    session.answer(_card(card, stories), lambda: _card_words(session, card, stories))


@lead.command("edit")
@click.argument("lead_id", metavar="ID", type=ID)
@click.argument("fields", metavar="FIELD=VALUE", nargs=-1, required=True)
@click.pass_obj
def edit(session: Session, lead_id: int, fields: tuple[str, ...]) -> None:
    """Change fields of a card: `lead edit 12 company="Klochkivska Trade" decides=yes phone="+380 57 705 41 22"`.

    `phone`, `email` and messengers correct the first of their kind or add one; `owner` is a login, `me` or `pool`.
    """
    from leaddesk.workflow.assignment import AssignLeads
    from leaddesk.workflow.leads import EditLead
    from leaddesk.workflow.points import PointInput

    given = pairs(fields, "FIELD=VALUE")
    owner = given.pop("owner", None)
    points = tuple(PointInput(channel, given.pop(channel)) for channel in Channel if channel in given)
    if owner is not None:
        owner_id = None if owner == "pool" else person(session, owner, "owner").id
        done_owner = session.desk.do(AssignLeads(lead_ids=(lead_id,), owner_id=owner_id))
        if not given and not points:
            session.done(done_owner, {"id": lead_id, "owner_id": owner_id})
            return
    done = session.desk.do(EditLead(lead_id=lead_id, values=lead_values(session, given), points=points))
    session.done(done, _lead(done.value))


@lead.command("list")
@click.option("--status", multiple=True, type=click.Choice([one.value for one in Status]))
@click.option("--owner", default="", metavar="LOGIN", help="A login, `me` or `pool`.")
@click.option("--source", default="", metavar="NAME")
@click.option("--search", default="", metavar="TEXT", help="As in the search box.")
@click.option("--limit", default=50, type=click.IntRange(0, 1_000_000), show_default=True)
@click.pass_obj
def list_(session: Session, status: tuple[str, ...], owner: str, source: str, search: str, limit: int) -> None:
    """List leads, the last changed first."""
    from leaddesk.workflow.cards import Filter, LeadIds, LeadRows

    chosen = Filter(
        statuses=tuple(Status(s) for s in status),
        owner_id=(0 if owner == "pool" else person(session, owner, "owner").id) if owner else None,
        source_id=lead_values(session, {"source": source})["source_id"] if source else None,
        text=search,
    )
    ids = session.desk.read(LeadIds(chosen))
    rows = session.desk.read(LeadRows(tuple(ids[:limit])))
    session.answer(
        {"leads": [_row(row) for row in rows], "total": len(ids)},
        lambda: (
            session.table(
                ("id", "name", "company", "phone", "status", "owner"),
                [(r.id, r.name, r.company, r.phone, r.status.words, r.owner) for r in rows],
            )
            + f"\n{len(rows)} of {len(ids)}"
        ),
    )


@click.command("search", cls=Command)
@click.argument("text")
@click.option("--limit", default=20, type=click.IntRange(1, 1000), show_default=True)
@click.pass_obj
def search(session: Session, text: str, limit: int) -> None:
    """Find any part of a name, company, e-mail or phone, in leads and clients."""
    from leaddesk.workflow.cards import Search

    desk = session.desk
    started = perf_counter()
    hits = desk.read(Search(text, limit))
    ms = round((perf_counter() - started) * 1000, 1)
    session.answer(
        {"hits": hits, "ms": ms},
        lambda: session.table(
            ("", "id", "name", "", "status"), [(h.kind, h.id, h.title, h.why, h.status) for h in hits]
        ),
    )


@click.command("note", cls=Command)
@click.argument("card_id", metavar="ID", type=ID)
@click.argument("text")
@click.option("--client", is_flag=True, help="ID is a client's.")
@click.pass_obj
def note(session: Session, card_id: int, text: str, *, client: bool) -> None:
    """Write something down on a lead's card, or a client's."""
    from leaddesk.workflow.leads import AddNote

    done = session.desk.do(AddNote(text, client_id=card_id) if client else AddNote(text, lead_id=card_id))
    session.done(done, {"note": done.value.id, "lead": done.value.lead_id, "client": done.value.client_id})


@click.command("qualify", cls=Command)
@click.argument("lead_id", metavar="ID", type=ID)
@click.pass_obj
def qualify(session: Session, lead_id: int) -> None:
    """Say that a lead fits: in the market, able to buy."""
    from leaddesk.workflow.leads import Qualify

    done = session.desk.do(Qualify(lead_id))
    session.done(done, {"lead": lead_id, "status": done.value.status})


@click.command("disqualify", cls=Command)
@click.argument("lead_id", metavar="ID", type=ID)
@click.option("--why", required=True, help="Spam, a competitor, the wrong person, not in the market…")
@click.pass_obj
def disqualify(session: Session, lead_id: int, why: str) -> None:
    """Say that it is no lead, and why."""
    from leaddesk.workflow.leads import Disqualify

    done = session.desk.do(Disqualify(lead_id, why))
    session.done(done, {"lead": lead_id, "status": done.value.status})


@click.command("confirm", cls=Command)
@click.argument("lead_id", metavar="ID", type=ID)
@click.pass_obj
def confirm(session: Session, lead_id: int) -> None:
    """Say that a suspicious lead is real: it enters the queue."""
    from leaddesk.workflow.leads import ConfirmLead

    done = session.desk.do(ConfirmLead(lead_id))
    session.done(done, {"lead": lead_id, "status": done.value.status, "suspicion": done.value.suspicion})


@click.command("spam", cls=Command)
@click.argument("lead_ids", metavar="ID…", type=ID, nargs=-1, required=True)
@click.option(
    "--bar", is_flag=True, help="Remember their numbers and addresses, too: nobody is to call or write there."
)
@click.pass_obj
def spam(session: Session, lead_ids: tuple[int, ...], bar: bool) -> None:
    """Say that suspicious leads are spam: they are disqualified, and in no queue."""
    from leaddesk.workflow.judging import JudgeLeads

    done = session.desk.do(JudgeLeads(lead_ids=lead_ids, real=False, bar=bar))
    left_out = [{"lead": lead_id, "why": why} for lead_id, why in done.value.left_out]
    words = "\n".join([done.words, *(f"Lead {one['lead']}: {one['why']}" for one in left_out)])
    session.done(done, {"leads": done.value.done, "left_out": left_out}, words)


def _row(row: LeadRow) -> dict[str, Any]:
    """A row of a list; phones as everywhere in JSON: E.164 where they could be read."""
    return {**{name: getattr(row, name) for name in row.__dataclass_fields__}, "phone": row.phone_key or row.phone}


def _lead(one: Lead) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def _card(card: LeadCardData, stories: list[RefusalStory]) -> dict[str, Any]:
    """The card; the lead's own fields stand at the top, beside what belongs to it."""
    return {
        **_lead(card.lead),
        "title": card.lead.title,
        "source": card.source,
        "owner": card.owner,
        "client": card.lead.client_id,
        "client_title": card.client,
        "batch": card.batch,
        "merged": [one.id for one in card.merged],
        "completeness": {"percent": card.completeness.percent, "missing": card.completeness.missing},
        "score_reasons": [{"why": why, "points": points} for why, points in card.score_reasons],
        "suspicion_words": card.suspicion,
        "signs": card.signs,
        "calling": {"open": card.calling.open, "opens_at": card.calling.opens_at, "words": card.calling.words},
        "next_step": card.next_step,
        "held_by": card.held_by,
        "dial": card.dial.key or card.dial.value if card.dial else None,
        "phones": [p.key or p.value for p in card.points if p.channel is Channel.PHONE],
        "numbers": [_number(p) for p in card.points if p.channel is Channel.PHONE],
        "emails": [p.value for p in card.points if p.channel is Channel.EMAIL],
        "points": card.points,
        "suppressed": card.suppressed,
        "extra": card.extra.fields,
        "tasks": card.tasks,
        "notes": card.notes,
        "refusals": [_refusal(story) for story in stories],
        "letters": card.letters,
        "duplicates": card.matches,
        "timeline": card.timeline,
    }


def _number(point: ContactPoint) -> dict[str, Any]:
    """A phone as it can be told from its digits: how it is written at home, what it is and where."""
    from leaddesk.workflow.phones import parse_phone

    phone = parse_phone(point.value if point.key else point.raw or point.value)
    return {
        "point": point.id,
        "number": point.key or point.value,
        "national": phone.national,
        "type": phone.line_type,
        "region": phone.region,
        "zones": phone.zones,
        "valid": phone.valid,
        "extension": phone.extension,
    }


def _refusal(story: RefusalStory) -> dict[str, Any]:
    """A refusal with its letter, the answers to it, and what became of it; `answers` are by question, newest last."""
    letter = story.letters[-1] if story.letters else None
    return {
        **{name: getattr(story.refusal, name) for name in story.refusal.__dataclass_fields__},
        "reason_title": story.reason,
        "letter": letter.id if letter else None,
        "letter_state": letter.state if letter else None,
        "letters": [one.id for one in story.letters],
        "answers": {number: said for reply in story.answers for number, said in reply.answers.items()},
        "replies": [{"id": one.id, "at": one.at, "text": one.text} for one in story.answers],
        "became": story.became,
        "became_words": story.words,
    }


def _card_words(session: Session, card: LeadCardData, stories: list[RefusalStory]) -> str:
    from leaddesk.workflow.suspicion import in_words

    one, zone = card.lead, session.zone
    lines = [
        f"{one.title} (lead {one.id}), {one.status.words}, {one.temperature}, {one.score} points",
        ", ".join(filter(None, (one.role, one.company, one.city, one.country))),
        *(f"{p.channel}: {p.value}{'' if p.state == 'unknown' else f' ({p.state.words})'}" for p in card.points),
        f"interest: {one.interest}" if one.interest else "",
        f"owner: {card.owner or 'the pool'}" + (f" · source: {card.source}" if card.source else ""),
        f"card: {card.completeness.percent} %, {card.completeness.words}",
        f"calling: {card.calling.words}",
        f"next: {card.next_step}",
        *(f"refused {s.refusal.at.astimezone(zone):%Y-%m-%d}, {s.reason.lower()}: {s.words}" for s in stories),
        in_words(card.signs).replace("Suspicious", "suspicious", 1),
        *(f"same as {m.kind} {m.id}, {m.title} ({m.why})" for m in card.matches),
        *(f"{name}: {value}" for name, value in card.extra.fields.items()),
    ]
    told = [
        f"{row.at.astimezone(zone):%Y-%m-%d %H:%M}  {row.title}" + (f": {row.text}" if row.text else "")
        for row in card.timeline
    ]
    return "\n".join([*filter(None, lines), *told])
