"""The lead card and the client card, each read in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from leaddesk.db.answers.calls import call_facts
from leaddesk.db.answers.judging import names_at_numbers
from leaddesk.db.answers.lookalikes import lookalikes
from leaddesk.db.answers.reading import SETTINGS
from leaddesk.db.answers.suppressions import suppressed_keys
from leaddesk.db.answers.timeline import Kept, asked_of, client_timeline, kept_of, lead_timeline
from leaddesk.db.mapping import mapper
from leaddesk.db.prepared import Asked, Prepared, at_once, given, said
from leaddesk.db.tables import (
    draft,
)
from leaddesk.workflow.calling_hours import calling_state
from leaddesk.workflow.calls import CallFacts
from leaddesk.workflow.cards import CardMatches, ClientCard, ClientCardData, Drafts, LeadCard, LeadCardData
from leaddesk.workflow.completeness import client_completeness, lead_completeness
from leaddesk.workflow.derived import SuppressedKeys, suspicions_of
from leaddesk.workflow.duplicates import Lookalikes, keys_of
from leaddesk.workflow.entities import Client, ClientPerson, ContactPoint, Lead, LeadExtra, Note, Task
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.intake_entities import Redirect
from leaddesk.workflow.judging import NamesAtNumbers
from leaddesk.workflow.scoring import score_of
from leaddesk.workflow.suspicion import many_names
from leaddesk.workflow.vocabulary import OPEN_STATUSES, Channel, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.db.answers.reading import Answers, Reading
    from leaddesk.workflow.duplicates import Match
    from leaddesk.workflow.outcomes import Facts
    from leaddesk.workflow.suspicion import Suspicion


_NAMES = said(
    "SELECT (SELECT name FROM source WHERE id = :source), (SELECT name FROM app_user WHERE id = :owner), "
    "(SELECT file FROM import_batch WHERE id = :batch), "
    "(SELECT u.name FROM lease l JOIN app_user u ON u.id = l.user_id "
    "WHERE l.lead_id = :lead AND l.until > :now AND l.user_id <> :me)"
)
_OWNER = said("SELECT name FROM app_user WHERE id = :id")
_DRAFTS = Prepared(
    lambda _: select(draft.c.place, draft.c.text).where(
        draft.c.user_id == given("user_id"), draft.c.place >= given("low"), draft.c.place < given("high")
    )
)


def _owner(reading: Reading, user_id: int | None) -> str:
    return (_OWNER.scalar(reading.connection, id=user_id) or "") if user_id else ""


def lead_card(reading: Reading, question: LeadCard) -> LeadCardData:
    """Everything the card shows. Raises `Refused` if it is gone or not this user's."""
    with at_once(reading.connection, *_asked(reading, question.lead_id)):
        return _lead_card(reading, question)


def _asked(reading: Reading, lead_id: int) -> list[Asked]:
    """What every card reads, however little there is on it."""
    return [
        (SETTINGS, {}),
        *_who(lead_id),
        mapper(Redirect).find({"lead_id": lead_id}),
        mapper(LeadExtra).find({"id": lead_id}),
        *asked_of(lead_id),
        (_DRAFTS, _within(reading, f"lead:{lead_id}:")),
    ]


def _who(lead_id: int) -> list[Asked]:
    """The lead and its numbers and addresses."""
    return [(mapper(Lead).by_id, {"row_id": lead_id}), mapper(ContactPoint).find({"lead_id": lead_id}, "position")]


def _lead_card(reading: Reading, question: LeadCard) -> LeadCardData:
    facts = call_facts(reading, CallFacts(question.lead_id))
    one, points = facts.lead, facts.points
    lead_id = one.id
    merged = reading.merged_into(lead_id)
    if reading.user.role is Role.OPERATOR and one.owner_id not in (None, reading.user.id):
        owner = _owner(reading, one.owner_id)
        raise Refused(f"{one.title} is with {owner}. Ask your team lead to hand it over.", field="lead_id")
    extras = reading.those(LeadExtra, id=lead_id)
    kept = kept_of(reading, lead_id)
    signs = _signs(reading, one, points)
    came_by, owner, file, held_by = _NAMES.rows(
        reading.connection,
        source=one.source_id,
        owner=one.owner_id,
        batch=one.batch_id,
        lead=lead_id,
        now=reading.now_ms,
        me=reading.user.id,
    )[0]
    return LeadCardData(
        lead=one,
        extra=extras[0] if extras else LeadExtra(id=lead_id),
        points=points,
        suppressed=facts.barred,
        tasks=tuple(kept.tasks),
        notes=tuple(kept.notes),
        letters=tuple(kept.letters),
        refusals=tuple(kept.refusals),
        timeline=tuple(lead_timeline(reading, lead_id, kept, merged)),
        matches=tuple(lookalikes(reading, _like(one, points))) if question.matches else (),
        completeness=lead_completeness(one, points),
        score_reasons=tuple(score_of(one, points)[1]),
        calling=calling_state(facts.zones, facts.hours, reading.now),
        suspicion=tuple(sign.words for sign in signs),
        signs=signs,
        source=came_by or "",
        owner=owner or "",
        client=_client_title(reading, one.client_id),
        held_by=held_by or "",
        next_step=_next_step(facts, kept.tasks),
        dial=facts.dialled,
        drafts=_drafts_of(reading, f"lead:{lead_id}:"),
        batch=file or "",
        merged=tuple(merged),
    )


def _signs(reading: Reading, one: Lead, points: Sequence[ContactPoint]) -> tuple[Suspicion, ...]:
    """What its own fields tell, and what is known of its numbers from other cards."""
    own = suspicions_of(one, points) if one.suspicion else ()
    shown = {point.key: point.value for point in points if point.channel is Channel.PHONE and point.key}
    counts = names_at_numbers(reading, NamesAtNumbers(tuple(shown), cards=2)) if shown else {}
    others = (many_names(count, shown[number]) for number, count in counts.items())
    return (*own, *[sign for sign in others if sign is not None][:1])


def _like(one: Lead, points: Sequence[ContactPoint]) -> Lookalikes:
    """Who else may be this lead."""
    return Lookalikes(keys_of(points), one.name, one.company, one.city, but_lead=one.id)


def card_matches(reading: Reading, question: CardMatches) -> tuple[Match, ...]:
    """The same as the whole card has."""
    with at_once(reading.connection, *_who(question.lead_id)):
        one = reading.lead(question.lead_id)
        points = reading.those(ContactPoint, "position", lead_id=one.id) if one else []
    return tuple(lookalikes(reading, _like(one, points))) if one else ()


def _client_title(reading: Reading, client_id: int | None) -> str:
    card = reading.one_of(Client, client_id) if client_id else None
    return card.title if card else ""


def _next_step(facts: Facts, tasks: Sequence[Task]) -> str:
    one = facts.lead
    if one.status not in OPEN_STATUSES:
        if one.return_at:
            return f"Comes back {facts.when(one.return_at)}"
        return {"converted": "A client now", "disqualified": "None: not a lead"}.get(
            one.status, "None: parked for good"
        )
    for planned in tasks:
        if planned.is_open:
            return f"{planned.title} {facts.when(planned.due_at)}"
    if one.came_back_at:
        return "Call: it came back"
    if one.retry_at:
        return f"Call {facts.when(one.retry_at)}" if one.retry_at > facts.now else "Call now"
    if one.last_call_at is None:
        return "First call"
    return "None, as said" if one.idle_ok else "None: plan one"


def _drafts_of(reading: Reading, prefix: str) -> dict[str, str]:
    """Those whose place begins so: by the key of the table itself."""
    return dict(_DRAFTS.rows(reading.connection, **_within(reading, prefix)))


def _within(reading: Reading, prefix: str) -> dict[str, Any]:
    return {"user_id": reading.user.id, "low": prefix, "high": f"{prefix}\U0010ffff"}


def drafts(reading: Reading, _question: Drafts) -> dict[str, str]:
    """All that this user has typed and not saved."""
    return _drafts_of(reading, "")


def client_card(reading: Reading, question: ClientCard) -> ClientCardData:
    """Everything the client card shows."""
    card = reading.one_of(Client, question.client_id)
    if card is None:
        raise Refused(f"There is no client {question.client_id}.", field="client_id")
    people = reading.those(ClientPerson, client_id=card.id)
    points = reading.those(ContactPoint, "position", client_id=card.id)
    leads = reading.those(Lead, client_id=card.id)
    kept = Kept(reading.those(Note, "-at", client_id=card.id), reading.those(Task, "due_at", client_id=card.id))
    return ClientCardData(
        client=card,
        people=tuple(people),
        points=tuple(points),
        leads=tuple(leads),
        tasks=tuple(kept.tasks),
        timeline=tuple(client_timeline(reading, card.id, kept, leads if question.with_leads else [])),
        completeness=client_completeness(card, people, points),
        owner=_owner(reading, card.owner_id),
        suppressed=suppressed_keys(reading, SuppressedKeys(tuple(p.key for p in points if p.key))),
        notes=tuple(kept.notes),
    )


ANSWERS: Answers = {LeadCard: lead_card, CardMatches: card_matches, ClientCard: client_card, Drafts: drafts}
