"""The columns of the Parked page."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from leaddesk.ui.columns import GROUP_KINDS, LEADS, Column, Say, return_group
from leaddesk.workflow.parked import ParkedLead
from leaddesk.workflow.vocabulary import LetterState
from leaddesk.workflow.when import say_when

LETTER_KINDS = {
    LetterState.QUEUED: "accent",
    LetterState.SENDING: "accent",
    LetterState.SENT: "ok",
    LetterState.SAVED: "ok",
    LetterState.FAILED: "hot",
    LetterState.UNCERTAIN: "warm",
}
"""The colour family of a letter's chip; the word on it says the same."""


def _back(row: ParkedLead, say: Say) -> str:
    """The day by the lead's own calendar: it is the day that was agreed on."""
    if row.back_on is None:
        return "stays away"
    here = say.now.astimezone(say.zone).replace(tzinfo=None)
    return say_when(datetime.combine(row.back_on, time()), here, exact=False)


def _back_sub(row: ParkedLead, say: Say) -> str:
    if row.return_at is None:
        return "for good"
    return say.late(row.return_at)


def _why_sub(row: ParkedLead, _say: Say) -> str:
    """How far the "no" goes where it is not a plain one."""
    return row.refusal.words if row.refusal else ""


def letter_words(row: ParkedLead, _say: Say) -> str:
    """What became of the newest letter."""
    if row.letter is None:
        return ""
    if row.answered:
        return "answered"
    return "came back" if row.bounced else row.letter.value


def _letter_kind(row: ParkedLead, say: Say) -> str:
    words = letter_words(row, say)
    if not words or row.letter is None:
        return ""
    return {"answered": "ok", "came back": "hot"}.get(words) or LETTER_KINDS.get(row.letter, "chip")


def _name(row: ParkedLead, _say: Say) -> str:
    return row.name or row.company or f"Lead #{row.id}"


PARKED: tuple[Column[Any], ...] = (
    Column(
        "group",
        "",
        lambda r, s: return_group(r.return_at, s),
        width=104,
        chip=lambda r, s: GROUP_KINDS[return_group(r.return_at, s)],
    ),
    Column("return", "Comes back", _back, sort="return", width=100, sub=_back_sub, alarm=lambda r, s: bool(s.late(r.return_at))),
    Column("name", "Lead", _name, sort="name", width=166, sub=lambda r, _s: r.company if r.name else "", bold=True),
    Column("why", "Why it is parked", lambda r, _s: r.parked_why or "no reason written", width=156, sub=_why_sub),
    Column("status", "Status", LEADS[2].text, sort="status", width=92, chip=LEADS[2].chip),
    Column("letter", "Letter", letter_words, width=102, chip=_letter_kind),
    Column("owner", "Owner", lambda r, _s: r.owner or "pool", sort="owner", width=96),
    Column("greet", "Greetings", lambda r, _s: "allowed" if r.greet else "", width=88, shown=False),
    Column("phone", "Phone", lambda r, _s: r.phone, width=170, sub=lambda r, _s: r.email, shown=False),
    Column("country", "Country", lambda r, _s: r.country, sort="country", width=76, shown=False),
)  # fmt: skip
