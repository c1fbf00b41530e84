"""Leads that a careless export would lose something of."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import ContactPoint, Lead, LeadExtra, Note, Refusal, Source, Suppression, User
from leaddesk.workflow.export import Kind, LeadOut, rows_of, where_of
from leaddesk.workflow.points import PointInput, new_point
from leaddesk.workflow.ports import Work
from leaddesk.workflow.vocabulary import Channel, PartOfDay, PointState, Status, Temperature
from tests.engines import START

BEFORE = datetime(2025, 12, 24, 18, 30, 15, 123000, tzinfo=UTC)
LATER = datetime(2027, 1, 2, 7, 0, tzinfo=UTC)


def leads_of(desk: Desk) -> list[LeadOut]:
    return [row for row in rows_of(desk, where_of(Kind.LEADS, [])) if isinstance(row, LeadOut)]


def add(work: Work, lead: Lead, points: list[ContactPoint], notes: list[str], extra: dict[str, str]) -> int:
    lead_id = work.put_many([lead])[0]
    work.put_many([replace(p, lead_id=lead_id, position=at) for at, p in enumerate(points)])
    work.put_many([Note(lead_id=lead_id, at=lead.created_at or START, text=text) for text in notes])
    if extra:
        work.add(LeadExtra(id=lead_id, fields=extra))
    return lead_id


def phone(text: str, **more: Any) -> ContactPoint:
    return replace(new_point(PointInput(Channel.PHONE, text), "DE"), **more)


def hard_leads(work: Work) -> None:
    """Whatever a careful export could stumble over, one lead each."""
    fair = work.add(Source(name="Fair; Köln, hall 4")).id
    anna = work.find(User, login="anna")[0].id
    everything = Lead(
        name="Ann  O’Neill, Dr.", first_name="Ann", last_name="O’Neill", company="N/A", role="CEO;CTO", decides=False,
        interest="line one\nline two\r\nthree", industry="-", website="https://x.org/?a=1,2;b", budget="= 5 000 €",
        country="DE", region="NW", city="Köln", address="+1 Main St.\t2nd floor", postal_code="01234", language="de",
        zone="Europe/Berlin", status=Status.QUALIFIED, temperature=Temperature.HOT, source_id=fair, owner_id=anna,
        preferred_channel=Channel.WHATSAPP, preferred_part=PartOfDay.EVENING, no_mail=True, greet=True,
        tags=("hot", "a, b", 'say "x"', "c; d", "-5"), external_system="Some CRM", external_id="00017",
        retry_at=LATER, created_at=BEFORE,
    )  # fmt: skip
    points = [
        phone("+49 30 901820 ext. 12", label="work"), phone("0151 23456789", label="mobile", state=PointState.VALID),
        phone("ask; at the desk"), phone("+49 221 123456", state=PointState.WRONG_PERSON, label="home, old"),
        *(replace(new_point(PointInput(c, t), "DE")) for c, t in (
            (Channel.EMAIL, "ann@x.org"), (Channel.EMAIL, "no address; none"), (Channel.TELEGRAM, "@ann"),
            (Channel.TELEGRAM, "a; b"), (Channel.SKYPE, "live:ann"), (Channel.OTHER, "Signal +49…"),
            (Channel.LINKEDIN, "https://linkedin.com/in/ann"),
        )),
    ]  # fmt: skip
    notes = ["first\n\nnote", "* * *", "a\n* * *\nb", "=1+1", "  blanks  "]
    add(
        work, everything, points, notes, {"Shoe size": "44", "Hat, or cap": " =1 ", "name": "another", "status": "lost"}
    )
    work.put_many([Suppression(channel=Channel.PHONE, key="+4915123456789", at=START)])
    refused = Lead(name="Ben", status=Status.REFUSED, return_at=LATER, parked_why="Too dear", created_at=BEFORE)
    ben = add(work, refused, [phone("+49 30 901821")], [], {})
    work.add(Refusal(lead_id=ben, at=BEFORE, reason="price", words="twice; “too dear”"))
    work.add(Refusal(lead_id=ben, at=START, reason="other", words="taken back", taken_back_at=START))
    more = [
        Lead(name="Cyd", status=Status.DEFERRED, return_at=LATER, parked_why="after the fair", created_at=START),
        Lead(company="Only & Co", no_call=True, decides=True, created_at=START),
        Lead(name="null", status=Status.DISQUALIFIED, parked_why="Spam", created_at=START),
        Lead(name="Dora", status=Status.CONVERTED, tags=("x",), created_at=START),
        Lead(name="Ed", status=Status.IN_PROGRESS, retry_at=LATER, owner_id=anna, created_at=START),
        Lead(external_id="9", external_system="id", created_at=START),
        Lead(name="Asdf Qwerty", suspicion_ok=True, suspicion=("any",), created_at=START),
    ]
    for at, lead in enumerate(more):
        add(work, lead, [phone(f"+49 30 90183{at}")], [], {})
    twice = [phone("+49 30 901899", preferred=False), phone("+49 30 901898", preferred=True)]
    add(work, Lead(name="Fay", created_at=START), twice, [], {})
    add(work, Lead(name="Fay again", created_at=START), [phone("+49 30 901898")], [], {})
