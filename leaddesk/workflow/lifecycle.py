"""The life of a lead: one table of legal moves. Everything that changes a status asks here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaddesk.workflow.errors import Refused
from leaddesk.workflow.vocabulary import Status

if TYPE_CHECKING:
    from leaddesk.workflow.entities import Lead

LEGAL: dict[Status, dict[Status, str]] = {
    Status.NEW: {
        Status.IN_PROGRESS: "LogCall",
        Status.QUALIFIED: "Qualify",
        Status.CONVERTED: "ConvertLead",
        Status.REFUSED: "RefuseLead",
        Status.DEFERRED: "DeferLead",
        Status.DISQUALIFIED: "Disqualify",
    },
    Status.IN_PROGRESS: {
        Status.QUALIFIED: "Qualify",
        Status.CONVERTED: "ConvertLead",
        Status.REFUSED: "RefuseLead",
        Status.DEFERRED: "DeferLead",
        Status.DISQUALIFIED: "Disqualify",
    },
    Status.QUALIFIED: {
        Status.CONVERTED: "ConvertLead",
        Status.REFUSED: "RefuseLead",
        Status.DEFERRED: "DeferLead",
        Status.DISQUALIFIED: "Disqualify",
    },
    Status.REFUSED: {
        Status.IN_PROGRESS: "BringBack",
        Status.DEFERRED: "DeferLead",
        Status.DISQUALIFIED: "Disqualify",
    },
    Status.DEFERRED: {
        Status.IN_PROGRESS: "BringBack",
        Status.QUALIFIED: "Qualify",
        Status.CONVERTED: "ConvertLead",
        Status.REFUSED: "RefuseLead",
        Status.DEFERRED: "DeferLead",
        Status.DISQUALIFIED: "Disqualify",
    },
    Status.DISQUALIFIED: {Status.IN_PROGRESS: "BringBack"},
    Status.CONVERTED: {},
}
"""From → to → the command that makes the move. A move that is not here is refused in words.

Merging two cards is no move: what comes of their statuses is in `merging_standing.ALIVE`.
"""

_INSTEAD = {
    Status.CONVERTED: "It has become a client; work on the client card, or undo the conversion.",
    Status.REFUSED: "It has refused; bring it back first.",
    Status.DISQUALIFIED: "It was disqualified; bring it back first.",
    Status.QUALIFIED: "It is qualified already.",
}


def check_move(lead: Lead, to: Status) -> Status:
    """Give `to` back if the lead may move there. Raises `Refused` saying why not and what instead."""
    if to in LEGAL[lead.status]:
        return to
    instead = _INSTEAD.get(lead.status, "")
    raise Refused(
        f"{lead.title} is {lead.status.words} and cannot become {to.words}. {instead}".strip(), field="status"
    )


def check_workable(lead: Lead, what: str) -> None:
    """Raise `Refused` unless the lead is in work; `what` is the deed, such as "called"."""
    if lead.status in (Status.CONVERTED, Status.REFUSED, Status.DISQUALIFIED):
        raise Refused(
            f"{lead.title} is {lead.status.words} and cannot be {what}. {_INSTEAD[lead.status]}", field="status"
        )
