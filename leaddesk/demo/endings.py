"""What comes after the last call: a client, a refusal with its letter, a pause, a return."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from leaddesk.demo.data import words
from leaddesk.demo.scale import RECENT_DAYS
from leaddesk.workflow.clients import checked, from_lead
from leaddesk.workflow.emails import parse_email
from leaddesk.workflow.entities import Client, ClientPerson, Lead, Refusal, Suppression, Task
from leaddesk.workflow.letter_entities import Letter
from leaddesk.workflow.letter_files import best, language_of
from leaddesk.workflow.tax_numbers import check_tax_number
from leaddesk.workflow.templating import NO_VALUES, render
from leaddesk.workflow.vocabulary import Channel, LetterState, PointState, Status, TaskKind

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from leaddesk.demo.floor import Story
    from leaddesk.demo.histories import Histories
    from leaddesk.demo.people import Person
    from leaddesk.workflow.entities import Outcome

_REASONS = (("price", 31), ("budget", 18), ("plans", 13), ("competitor", 19), ("no_need", 14), ("other", 5))
_TAX_DIGITS = {"UA": 8, "HU": 8, "EE": 9, "AZ": 10, "PL": 10, "DE": 9, "US": 9, "GB": 9, "IR": 11}
"""Digits of a firm's tax number, check digits included."""
_ENDINGS = 20
"""Tried for one beginning; some beginnings no office gives out."""


def drop(story: Story, why: str, only: TaskKind | None = None) -> None:
    """What was planned will not be done."""
    story.tasks = [
        replace(task, dropped=True, result=why) if task.is_open and only in (None, task.kind) else task
        for task in story.tasks
    ]


def never_again(story: Story, now: datetime, said: str) -> None:
    """They asked not to be called: every number is suppressed."""
    lead = story.lead
    owner = lead["owner_id"]
    for key in sorted({p.key for p in story.points if p.channel is Channel.PHONE}):
        why = f"asked in a call: {lead['name']}"
        story.suppressions.append(Suppression(channel=Channel.PHONE, key=key, why=why, user_id=owner, at=now))
    story.refusal = Refusal(lead_id=0, user_id=owner, at=now, reason="do_not_call", words=said, suppressed=True)
    drop(story, "asked not to be called")


def convert(histories: Histories, story: Story, person: Person, ended: datetime) -> None:
    """The lead agreed: its client card, filled in minutes after the call."""
    random, lead = histories.random, story.lead
    now = ended + timedelta(seconds=random.randint(60, 900))
    country = person.country
    values: dict[str, Any] = from_lead(Lead(**lead))
    legal = country.legal.format(stem=person.stem, trade=person.trade)
    street = country.street.format(n=random.randint(1, 180))
    post = ""
    if country.post:
        low, high, digits = country.post
        post = f"{random.randint(low, high):0{digits}d}"
    values |= checked(
        {
            "legal_name": legal if lead["company"] else "",
            "tax_number": tax_number(random, country.code),
            "legal_address": ", ".join(filter(None, (street, post, lead["city"]))),
            "contract": f"{now.year}/{random.randint(100, 9999)}" if random.random() < 0.7 else "",
            "invoice": f"INV-{random.randint(1000, 99999)}" if random.random() < 0.5 else "",
        },
        country.code,
    )
    story.client = Client(**values, created_at=now, changed_at=now)
    story.people.append(ClientPerson(client_id=0, name=lead["name"], role=lead["role"], decides=lead["decides"]))
    lead |= {"status": Status.CONVERTED, "converted_at": now, "retry_at": None, "changed_at": now}
    if random.random() < 0.3 and _lately(histories, now):
        due = histories.floor.midnight + timedelta(days=random.randint(-1, 30), hours=9)
        owner = lead["owner_id"]
        delivery = Task(owner_id=owner, title="Ask how the delivery went", due_at=due, created_by=owner, created_at=now)
        story.client_tasks.append(delivery)


def tax_number(random: Random, country: str) -> str:
    """A number whose check digits are right; ever another ending is tried until they are."""
    digits = _TAX_DIGITS[country]
    start = random.randrange(10 ** (digits - 1), 10**digits - _ENDINGS)
    for number in range(start, start + _ENDINGS):
        if check_tax_number(country, str(number), "tax").ok is not False:
            return str(number)
    return tax_number(random, country)


def refuse(histories: Histories, story: Story, ended: datetime) -> None:
    """The lead said no: reason, letter, the day to ask again; some have come back by now."""
    random, lead, floor = histories.random, story.lead, histories.floor
    keys, weights = zip(*_REASONS, strict=True)
    reason = floor.reasons[random.choices(keys, weights)[0]]
    said = words()
    days = reason.default_days or random.choice((60, 120))
    until = ended + timedelta(days=days)
    now = ended + timedelta(seconds=random.randint(20, 240))
    owner = lead["owner_id"]
    story.refusal = Refusal(
        lead_id=0,
        user_id=owner,
        at=now,
        reason=reason.key,
        words=random.choice(said["refusals"][reason.key]),
        competitor=random.choice(said["competitors"]) if reason.key == "competitor" else "",
        change_mind=random.choice(said["change_mind"]),
        return_at=until,
    )
    if _lately(histories, now):
        _letter(histories, story, reason.key, now)
    drop(story, "refused")
    lead |= {
        "status": Status.REFUSED,
        "return_at": until,
        "parked_why": reason.title,
        "retry_at": None,
        "changed_at": now,
    }
    if until < floor.midnight:
        _settle(histories, story, f"Refused: {reason.title}", now)


def _settle(histories: Histories, story: Story, why: str, parked: datetime) -> None:
    """The day has come already: some came back last night, the others were asked again and put off once more."""
    lead, midnight = story.lead, histories.floor.midnight
    if histories.random.random() < 0.4 * histories.scale.live:
        back = midnight - timedelta(minutes=histories.random.randint(5, 300))
        lead |= {"status": Status.IN_PROGRESS, "return_at": None, "parked_why": "", "attempts": 0, "retry_at": None}
        lead |= {"came_back_at": back, "came_back_why": f"{why}; {(back - parked).days} days ago", "changed_at": back}
        if story.refusal is not None:
            story.refusal = replace(story.refusal, returned_at=back)
        return
    later = midnight + timedelta(days=histories.random.randint(2, _put_off(histories)), hours=7)
    lead["return_at"] = later
    if story.refusal is not None:
        story.refusal = replace(story.refusal, return_at=later)


def settled(histories: Histories, story: Story, outcome: Outcome, ended: datetime) -> None:
    """Years ago: put off ever again since then, or struck off."""
    random, lead = histories.random, story.lead
    if outcome.key == "not_now":
        until = histories.floor.midnight + timedelta(days=random.randint(3, _put_off(histories)), hours=7)
        why = random.choice(words()["deferrals"])
        lead |= {"status": Status.DEFERRED, "return_at": until, "parked_why": why}
        return
    place = story.calls[-1].place
    story.points[place] = replace(story.points[place], state=PointState.WRONG_PERSON, preferred=False)
    lead |= {"status": Status.DISQUALIFIED, "parked_why": random.choice(words()["disqualified"])}
    lead["changed_at"] = ended + timedelta(minutes=random.randint(3, 90))


def _put_off(histories: Histories) -> int:
    """Days ahead to the last day a lead is put off to: what comes back of an evening stays a day's work."""
    return 200 if histories.scale.live == 1 else 700


def _lately(histories: Histories, moment: datetime) -> bool:
    """Whether it happened since letters are written and deliveries asked after."""
    return histories.floor.midnight - moment < timedelta(days=RECENT_DAYS + 10)


def _letter(histories: Histories, story: Story, reason: str, now: datetime) -> None:
    lead = story.lead
    address = next((p.value for p in story.points if p.channel is Channel.EMAIL and p.usable), "")
    if not address:
        return
    language = language_of("", lead["language"], lead["country"])
    owner = next(user for user in histories.floor.operators if user.id == lead["owner_id"])
    template = best(f"farewell.{reason}", language)
    company = histories.floor.settings.text("letters.company")
    filled = render(
        template.text,
        {
            **NO_VALUES,
            "name": lead["name"],
            "company": lead["company"],
            "interest": lead["interest"],
            "reason": reason,
            "sender": owner.name,
            "sender_phone": owner.phone,
            "our_company": company,
            "signature": "\n".join(filter(None, (owner.name, owner.phone, company))),
        },
    )
    saved = histories.random.random() < 0.8
    story.letter = Letter(
        lead_id=0,
        user_id=owner.id,
        template=template.key,
        language=template.language,
        to_name=lead["name"],
        to_address=address,
        to_key=parse_email(address).key,
        subject=filled.subject,
        body=filled.body,
        state=LetterState.SAVED if saved else LetterState.DRAFT,
        created_at=now,
    )
    lead["touches"] += int(saved)


def afterwards(histories: Histories, story: Story, outcome: Outcome, ended: datetime) -> None:
    """What people do with a lead besides calling it: send the offer, put it off, strike it off."""
    random, lead, midnight = histories.random, story.lead, histories.floor.midnight
    now = ended + timedelta(minutes=random.randint(3, 90))
    if outcome.key == "interested" and random.random() < 0.9:
        story.tasks = [
            replace(task, done_at=now, result="sent") if task.kind is TaskKind.OFFER and task.is_open else task
            for task in story.tasks
        ]
    elif outcome.key == "not_now" and random.random() < 0.35:
        drop(story, "parked")
        until = midnight + timedelta(days=random.randint(3, 150), hours=7)
        why = random.choice(words()["deferrals"])
        lead |= {"status": Status.DEFERRED, "return_at": until, "parked_why": why, "retry_at": None, "changed_at": now}
    elif outcome.key == "wrong_number" and random.random() < 0.4:
        drop(story, "disqualified")
        why = random.choice(words()["disqualified"])
        lead |= {
            "status": Status.DISQUALIFIED,
            "parked_why": why,
            "retry_at": None,
            "return_at": None,
            "changed_at": now,
        }
    elif lead["status"] is Status.DEFERRED and random.random() < 0.12:
        _settle(histories, story, f"Parked: {lead['parked_why']}", ended)
