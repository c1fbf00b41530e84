"""What an outcome's rule looks at, and what it would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from leaddesk.db.answers.suppressions import suppressed_keys
from leaddesk.db.mapping import mapper
from leaddesk.db.prepared import Prepared, at_most, given
from leaddesk.db.tables import call, outcome
from leaddesk.workflow.cadence import Tried, next_number
from leaddesk.workflow.calling_hours import hours_for, parse_zone_key
from leaddesk.workflow.calls import CallFacts, OutcomePreview, preview
from leaddesk.workflow.derived import SUPPRESSIBLE, SuppressedKeys
from leaddesk.workflow.entities import Call, ContactPoint, Lead, Outcome
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.outcomes import Effect, Facts, Outcomes
from leaddesk.workflow.settings import hours_in

if TYPE_CHECKING:
    from leaddesk.db.answers.reading import Answers, Reading


_LAST_CALLS = Prepared(
    lambda _: (
        select(*mapper(Call).columns, outcome.c.human)
        .select_from(call.outerjoin(outcome, outcome.c.key == call.c.outcome))
        .where(call.c.lead_id == given("lead_id"))
        .order_by(call.c.started_at.desc(), call.c.id.desc())
        .limit(at_most("most"))
    )
)


def unanswered(reading: Reading, lead: Lead) -> list[Call]:
    """The calls in a row that reached nobody, oldest first, since the last talk or the last return.

    `attempts` on the lead begins anew with both; the calls of before a return are still there.
    """
    if not lead.attempts:
        return []
    m = mapper(Call)
    rows = _LAST_CALLS.rows(reading.connection, lead_id=lead.id, most=min(lead.attempts, 60))
    calls: list[Call] = []
    for row in rows:
        made = m.entity(row[:-1])
        if row[-1]:
            break
        calls.append(made)
    return calls[::-1]


def call_facts(reading: Reading, question: CallFacts) -> Facts:
    """Everything about one lead that bears on the next call."""
    lead = question.lead or reading.lead(question.lead_id)
    if lead is None:
        raise Refused(f"There is no lead {question.lead_id}.", field="lead_id")
    points = reading.those(ContactPoint, "position", lead_id=lead.id)
    keys = tuple(p.key for p in points if p.channel in SUPPRESSIBLE and p.key)
    barred = suppressed_keys(reading, SuppressedKeys(keys))
    country, zones = parse_zone_key(lead.zone_key)
    tried = Tried(unanswered(reading, lead), zones)
    dialled = next((p for p in points if p.id == question.contact_id), None)
    if dialled is None:
        dialled = next_number(points, tried, barred, tried.local(reading.now).date())
    hours = hours_for(country, hours_in(reading.settings))
    return Facts(lead, tuple(points), barred, dialled, tried, hours, reading.now, reading.settings)


def outcome_preview(reading: Reading, question: OutcomePreview) -> Effect:
    """What an outcome would do now."""
    found = reading.those(Outcome, key=question.outcome)
    if not found:
        raise Refused(f"There is no outcome “{question.outcome}”.", field="outcome")
    facts = call_facts(reading, CallFacts(question.lead_id, question.contact_id))
    return preview(facts, found[0], question.said)


def outcomes(reading: Reading, _question: Outcomes) -> list[Outcome]:
    """Those in use, as the call panel lays them out: 1 to 9, then 0."""
    found = reading.those(Outcome, retired=False)
    return sorted(found, key=lambda o: o.digit or 10)


ANSWERS: Answers = {CallFacts: call_facts, OutcomePreview: outcome_preview, Outcomes: outcomes}
