"""A call that ends in a conversion or a refusal: both in one step, so one undo takes back both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaddesk.workflow.calls import CallFacts, LogCall, close_due_calls, find_outcome, latest, write_call
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.errors import Refused

if TYPE_CHECKING:
    from leaddesk.workflow.ports import Work


def log_within(work: Work, call: LogCall, lead_id: int) -> None:
    """Write up the call inside a command that itself decides what becomes of the lead.

    Raises `Refused` for a call with another lead.
    """
    if call.lead_id != lead_id:
        raise Refused("The call to write up was with another lead.", field="call")
    lead = work.get(Lead, call.lead_id)
    outcome = find_outcome(work, call.outcome)
    facts = work.ask(CallFacts(lead.id, call.contact_id, lead))
    made, _ = write_call(work, facts, outcome, call)
    close_due_calls(work, lead, outcome, replaced=False)
    work.change(
        lead,
        attempts=0 if outcome.human else lead.attempts + 1,
        touches=lead.touches + 1,
        last_call_at=latest(lead.last_call_at, made.started_at),
        owner_id=lead.owner_id or work.user.id,
        first_assigned_at=lead.first_assigned_at or work.now,
        assigned_at=lead.assigned_at or work.now,
    )
    work.save_draft(f"lead:{lead.id}:call", "")
