"""Refusals: why they said no, what would change it, the letter that keeps the door open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from leaddesk.workflow.calls import LogCall
from leaddesk.workflow.derived import refresh
from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.entities import ContactPoint, Lead, Refusal, RefusalReason
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letter_entities import Letter
from leaddesk.workflow.letters import Drafted, FarewellDraft
from leaddesk.workflow.lifecycle import check_move
from leaddesk.workflow.suppressions import suppress_points
from leaddesk.workflow.tasks import drop_open_tasks
from leaddesk.workflow.vocabulary import RefusalKind, Status
from leaddesk.workflow.wrap_up import log_within

if TYPE_CHECKING:
    from datetime import datetime

    from leaddesk.workflow.ports import Work

DEFAULT_REASONS: tuple[RefusalReason, ...] = (
    RefusalReason(
        key="price",
        title="Too expensive",
        digit=1,
        hint="Offer the smaller plan or payment in two parts.",
        letter="farewell.price",
        default_days=90,
    ),
    RefusalReason(
        key="budget",
        title="No budget now",
        digit=2,
        hint="Ask when the next budget is decided, and who decides it.",
        letter="farewell.budget",
        default_days=180,
    ),
    RefusalReason(
        key="plans",
        title="Plans changed",
        digit=3,
        hint="Ask what has to happen first, and by when.",
        letter="farewell.plans",
        default_days=180,
    ),
    RefusalReason(
        key="competitor",
        title="Chose a competitor",
        digit=4,
        hint="Ask what decided it, and when that contract ends.",
        letter="farewell.competitor",
        default_days=365,
    ),
    RefusalReason(
        key="no_need",
        title="No need",
        digit=5,
        hint="Ask how they solve it today, and what bothers them in it.",
        letter="farewell.no_need",
        default_days=365,
    ),
    RefusalReason(
        key="ignores",
        title="Never answers us",
        digit=6,
        kind=RefusalKind.IGNORES,
        hint="Try another channel and another time of day first.",
        letter="farewell.ignores",
        default_days=90,
    ),
    RefusalReason(
        key="not_now",
        title="Will not talk now",
        digit=7,
        kind=RefusalKind.NOT_NOW,
        hint="Offer another channel or another time, not a farewell.",
        letter="farewell.not_now",
        default_days=30,
    ),
    RefusalReason(
        key="do_not_call",
        title="Asks not to be called",
        digit=8,
        hint="Apologise and end the call. Nobody will call again.",
        suppress=True,
    ),
    RefusalReason(key="other", title="Something else, in words", digit=9, needs_words=True, letter="farewell.other"),
)
"""What a new file starts with: the keys of the refuse dialog. `default_days` is the deferral proposed."""


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """A reason with its share of all refusals, in percent."""

    reason: RefusalReason
    used: int
    share: int


@dataclass(frozen=True)
class Reasons(Question[list[ReasonRow]]):
    """The reasons in use, by digit."""


def find_reason(work: Work, key: str) -> RefusalReason:
    """A reason by key. Raises `Refused` naming the ones there are."""
    for reason in work.find(RefusalReason, key=key, retired=False):
        return reason
    names = ", ".join(r.key for r in work.find(RefusalReason, retired=False))
    raise Refused(f"There is no reason “{key}”. There are: {names}.", field="reason")


@dataclass(frozen=True, slots=True)
class RefusedLead:
    """What came of a refusal. `letter` is None when none was drafted; `why_no_letter` then says why."""

    refusal: Refusal
    letter: Letter | None
    why_no_letter: str = ""


@dataclass(frozen=True, kw_only=True)
class RefuseLead(Command[RefusedLead]):
    """The lead said no. Kept for ever: a lead that comes back and refuses again has two refusals.

    `until` parks it till then; `never_again` suppresses all its numbers and addresses. `letter` is a
    template's key, "auto" (the reason's own) or "none"; `subject` and `body` replace the drafted text.
    """

    lead_id: int
    reason: str
    words: str = ""
    competitor: str = ""
    change_mind: str = ""
    until: datetime | None = None
    never_again: bool = False
    letter: str = "auto"
    subject: str = ""
    body: str = ""
    language: str = ""
    call: LogCall | None = None

    def handle(self, work: Work) -> RefusedLead:
        """Raises `Refused` without a reason, words where demanded, or for a date that is past."""
        if self.call is not None:
            log_within(work, self.call, self.lead_id)
        lead = work.get(Lead, self.lead_id)
        status = check_move(lead, Status.REFUSED)
        reason = self._checked_reason(work)
        refusal = self._record(work, lead, reason)
        letter, why_not = self._draft(work, lead, reason, refusal)
        if refusal.suppressed:
            suppress_points(work, work.find(ContactPoint, lead_id=lead.id), why=f"refused: {reason.title}")
        drop_open_tasks(work, lead, "refused")
        lead = work.change(
            lead,
            status=status,
            return_at=refusal.return_at,
            parked_why=reason.title,
            retry_at=None,
            came_back_at=None,
            came_back_why="",
        )
        refresh(work, lead)
        work.drop_leases([lead.id])
        work.words = f"Refused: {lead.title} ({reason.title.lower()})"
        return RefusedLead(refusal, letter, why_not)

    def _checked_reason(self, work: Work) -> RefusalReason:
        reason = find_reason(work, self.reason)
        if reason.needs_words and not self.words.strip():
            raise Refused(f"“{reason.title}” needs words: write down what they said.", field="words")
        if self.until is not None and self.until <= work.now:
            raise Refused("The day to come back is in the past. Say when, such as “in 3 months”.", field="until")
        return reason

    def _record(self, work: Work, lead: Lead, reason: RefusalReason) -> Refusal:
        never = self.never_again or reason.suppress
        refusal = Refusal(
            lead_id=lead.id,
            user_id=work.user.id,
            at=work.now,
            reason=reason.key,
            words=self.words.strip(),
            competitor=self.competitor.strip(),
            change_mind=self.change_mind.strip(),
            return_at=None if never else self.until,
            suppressed=never,
        )
        return work.add(refusal)

    def _draft(self, work: Work, lead: Lead, reason: RefusalReason, refusal: Refusal) -> tuple[Letter | None, str]:
        template = reason.letter if self.letter == "auto" else self.letter
        if refusal.suppressed:
            return None, "no letter: they asked to be left alone"
        if template in ("none", ""):
            return None, "no letter: not wanted"
        drafted: Drafted = work.ask(FarewellDraft(lead.id, reason.key, template, self.language))
        if not drafted.to_address:
            return None, drafted.why_not
        letter = Letter(
            lead_id=lead.id,
            refusal_id=refusal.id,
            user_id=work.user.id,
            template=drafted.template,
            language=drafted.language,
            to_address=drafted.to_address,
            subject=" ".join(self.subject.split()) or drafted.subject,
            body=self.body or drafted.body,
        )
        return work.add(letter), ""


def proposed_return(reason: RefusalReason, now: datetime) -> datetime | None:
    """The day to come back that this reason proposes, or None to ask."""
    return now + timedelta(days=reason.default_days) if reason.default_days else None
