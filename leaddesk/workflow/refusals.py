"""Refusals: why they said no, what would change it, the letter that keeps the door open."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from leaddesk.workflow.calls import LogCall
from leaddesk.workflow.derived import reached, refresh
from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.entities import Lead, Refusal, RefusalReason, Stay
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letter_entities import Letter
from leaddesk.workflow.letters import AUTO, NO_LETTER, AtHand, LetterDraft, left_otherwise, new_letter, reworded
from leaddesk.workflow.lifecycle import LEGAL, check_move, check_workable
from leaddesk.workflow.mornings import each_morning, own_morning
from leaddesk.workflow.outbox import can_send, queued
from leaddesk.workflow.suppressions import suppress_points
from leaddesk.workflow.tasks import drop_open_tasks
from leaddesk.workflow.vocabulary import UNSENT_STATES, RefusalKind, Status
from leaddesk.workflow.wrap_up import log_within

if TYPE_CHECKING:
    from datetime import datetime

    from leaddesk.workflow.ports import Work


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """A reason with its share of all refusals in percent, and how many stayed after its rebuttal."""

    reason: RefusalReason
    used: int
    share: int
    stayed: int = 0
    returned: int = 0
    converted: int = 0


@dataclass(frozen=True)
class Reasons(Question[list[ReasonRow]]):
    """The reasons in use, by digit, in the words of a language of the screen; the retired ones as well if asked.

    Without `outcomes` nobody counts who of them became a client: a form that opens at a key has no time for it.
    """

    language: str = "en"
    retired: bool = False
    outcomes: bool = True


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is said about a refusal, of one lead or of many."""

    reason: str
    kind: RefusalKind | None = None
    words: str = ""
    competitor: str = ""
    change_mind: str = ""
    until: datetime | None = None
    never_again: bool = False
    greet: bool = False
    letter: str = AUTO
    language: str = ""
    send: bool = True


@dataclass(frozen=True, kw_only=True)
class RefuseLead(Command[RefusedLead]):
    """The lead said no. Kept for ever: a lead that comes back and refuses again has two refusals.

    `until` parks it till then; `never_again` suppresses all its numbers and addresses; `greet` allows holiday
    greetings meanwhile. `letter` is a template's key, "auto" (the reason's own) or "none"; `subject` and `body`
    replace the drafted text. The letter goes into the outbox, unless `send` is False or there is no mail server.
    `kind` says how far the "no" goes where it is not the reason's own kind. `way` says that the letter left already
    by another way ("saved", "copied"), so that one undo takes back all of it.
    """

    lead_id: int
    reason: str
    kind: RefusalKind | None = None
    words: str = ""
    competitor: str = ""
    change_mind: str = ""
    until: datetime | None = None
    never_again: bool = False
    greet: bool = False
    letter: str = AUTO
    subject: str = ""
    body: str = ""
    language: str = ""
    send: bool = True
    way: str = ""
    call: LogCall | None = None

    def handle(self, work: Work) -> RefusedLead:
        """Raises `Refused` without a reason, words where demanded, or for a date that is past."""
        if self.call is not None:
            log_within(work, self.call, self.lead_id)
        wish = Wish(**{f.name: getattr(self, f.name) for f in fields(Wish)})
        reason = checked_reason(work, wish)
        wish = replace(wish, send=wish.send and not self.way)
        lead = work.get(Lead, self.lead_id)
        done = refuse(work, lead, reason, wish, (self.subject, self.body))
        if self.way and done.letter is not None:
            done = replace(done, letter=left_otherwise(work, done.letter))
        work.words = f"Refused: {lead.title} ({reason.title.lower()})"
        return done


@dataclass(frozen=True, slots=True)
class RefusedMany:
    """What came of a bulk refusal; those left out are named with why."""

    done: tuple[RefusedLead, ...]
    left_out: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class RefuseLeads(Command[RefusedMany]):
    """Many leads said no for one reason; each gets its own letter in its own language. One step, one undo."""

    lead_ids: tuple[int, ...]
    wish: Wish

    def handle(self, work: Work) -> RefusedMany:
        """Raises `Refused` for the wish itself, or if none of the leads may refuse."""
        reason = checked_reason(work, self.wish)
        done, left_out = [], []
        for lead_id in self.lead_ids:
            lead = work.get(Lead, lead_id)
            if Status.REFUSED in LEGAL[lead.status]:
                done.append(refuse(work, lead, reason, _own_day(work, lead, self.wish)))
            else:
                left_out.append((lead.id, f"{lead.title} is {lead.status.words}"))
        if not done:
            raise Refused(
                "None of these leads can refuse: they are clients, refused or disqualified.", field="lead_ids"
            )
        work.words = f"Refused: {len(done)} lead{'s' if len(done) != 1 else ''} ({reason.title.lower()})"
        return RefusedMany(tuple(done), tuple(left_out))


def _own_day(work: Work, lead: Lead, wish: Wish) -> Wish:
    """A day said for many means each one's own morning."""
    if wish.until is None:
        return wish
    return replace(wish, until=each_morning(wish.until, lead.zone_key, work.settings))


def checked_reason(work: Work, wish: Wish) -> RefusalReason:
    """The reason as stored. Raises `Refused` for an unknown one, missing words, or a past day."""
    reason = find_reason(work, wish.reason)
    if reason.needs_words and not wish.words.strip():
        raise Refused(f"“{reason.title}” needs words: write down what they said.", field="words")
    if wish.until is not None and wish.until <= work.now:
        raise Refused("The day to come back is in the past. Say when, such as “in 3 months”.", field="until")
    return reason


def refuse(work: Work, lead: Lead, reason: RefusalReason, wish: Wish, text: tuple[str, str] = ("", "")) -> RefusedLead:
    """Refuse one lead: the refusal, its letter, suppression or the day to come back. `text` is subject and body."""
    status = check_move(lead, Status.REFUSED)
    refusal = _record(work, lead, reason, wish)
    by = reached(work, lead)
    letter, why_not = _write(work, refusal, AtHand(lead, by, reason), wish, text)
    if refusal.suppressed:
        suppress_points(work, by.points, why=f"refused: {reason.title}")
        by = reached(work, lead)
    drop_open_tasks(work, lead, "refused")
    lead = work.change(
        lead,
        status=status,
        return_at=refusal.return_at,
        parked_why=reason.title,
        greet=wish.greet and not refusal.suppressed and not lead.no_mail,
        retry_at=None,
        came_back_at=None,
        came_back_why="",
    )
    refresh(work, lead, as_known=True, by=by)
    work.save_draft(f"lead:{lead.id}:refuse", "")
    work.drop_leases([lead.id])
    return RefusedLead(refusal, letter, why_not)


def _record(work: Work, lead: Lead, reason: RefusalReason, wish: Wish) -> Refusal:
    never = wish.never_again or reason.suppress
    return work.add(
        Refusal(
            lead_id=lead.id,
            user_id=work.user.id,
            at=work.now,
            kind=wish.kind or reason.kind,
            reason=reason.key,
            words=wish.words.strip(),
            competitor=wish.competitor.strip(),
            change_mind=wish.change_mind.strip(),
            return_at=None if never or wish.until is None else own_morning(wish.until, lead.zone_key, work.settings),
            suppressed=never,
        )
    )


def _write(work: Work, refusal: Refusal, known: AtHand, wish: Wish, text: tuple[str, str]) -> tuple[Letter | None, str]:
    lead, reason = known.lead, known.reason
    template = reason.letter if wish.letter == AUTO else wish.letter
    if refusal.suppressed:
        return None, "no letter: they asked to be left alone"
    if template in (NO_LETTER, ""):
        return None, "no letter: not wanted"
    drafted = work.ask(LetterDraft(lead.id, reason.key, template, wish.language, wish.until, at_hand=known))
    if not drafted.to_address:
        return None, drafted.why_not
    letter = replace(reworded(new_letter(work, lead, drafted), *text), refusal_id=refusal.id)
    if wish.send and can_send(work.settings):
        letter = replace(letter, **queued(work, letter))
    return work.add(letter), ""


@dataclass(frozen=True, kw_only=True)
class Stayed(Command[Stay]):
    """They gave a reason to refuse and stayed after what we answered: counted beside the reason's refusals."""

    lead_id: int
    reason: str

    def handle(self, work: Work) -> Stay:
        """Raises `Refused` for an unknown reason, or a lead that is not in work."""
        lead = work.get(Lead, self.lead_id)
        check_workable(lead, "kept")
        reason = find_reason(work, self.reason)
        work.words = f"{lead.title} stayed ({reason.title.lower()})"
        return work.add(Stay(lead_id=lead.id, user_id=work.user.id, at=work.now, reason=reason.key))


@dataclass(frozen=True, kw_only=True)
class CorrectRefusal(Command[Refusal]):
    """The reason turned out to be another one. What was said before stays in the history.

    `redraft` writes the letter anew for the right reason, if nobody has it yet.
    """

    refusal_id: int
    reason: str
    words: str = ""
    competitor: str = ""
    change_mind: str = ""
    redraft: bool = False

    def handle(self, work: Work) -> Refusal:
        """Raises `Refused` for an unknown reason or missing words."""
        refusal = work.get(Refusal, self.refusal_id)
        lead = work.get(Lead, refusal.lead_id)
        wish = Wish(reason=self.reason, words=self.words or refusal.words)
        reason = checked_reason(work, wish)
        if self.redraft:
            self._redraft(work, lead, refusal, reason)
        if lead.status is Status.REFUSED and lead.parked_why:
            work.change(lead, parked_why=reason.title)
        work.words = f"{lead.title}: refused because “{reason.title}”"
        return work.change(
            refusal,
            reason=reason.key,
            kind=reason.kind,
            words=wish.words.strip(),
            competitor=self.competitor.strip() or refusal.competitor,
            change_mind=self.change_mind.strip() or refusal.change_mind,
        )

    def _redraft(self, work: Work, lead: Lead, refusal: Refusal, reason: RefusalReason) -> None:
        for letter in work.find(Letter, refusal_id=refusal.id):
            if letter.state in UNSENT_STATES and reason.letter:
                draft = work.ask(LetterDraft(lead.id, reason.key, reason.letter, letter.language, refusal.return_at))
                work.change(
                    letter,
                    template=draft.template,
                    template_version=draft.version,
                    subject=draft.subject,
                    body=draft.body,
                    attachments=draft.attachments,
                )


def proposed_return(reason: RefusalReason, now: datetime) -> datetime | None:
    """The day to come back that this reason proposes, or None to ask."""
    return now + timedelta(days=reason.default_days) if reason.default_days else None
