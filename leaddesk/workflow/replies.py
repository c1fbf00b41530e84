"""Answers to our letters: read from the mailbox or told to us, put on the card, and brought to somebody's attention."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from leaddesk.workflow.derived import refresh
from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.emails import parse_email
from leaddesk.workflow.entities import Client, ContactPoint, Lead, Refusal, Suppression, Task
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letter_entities import Letter, Reply
from leaddesk.workflow.mail import Incoming, IncomingKind, MailboxMark
from leaddesk.workflow.parking import come_back
from leaddesk.workflow.suppressions import refresh_holders
from leaddesk.workflow.vocabulary import (
    PARKED_STATUSES,
    Channel,
    LetterKind,
    LetterState,
    PointState,
    Status,
    TaskKind,
)

if TYPE_CHECKING:
    from leaddesk.workflow.ports import Work

QUESTIONS = ("1", "2", "3")
"""A farewell letter asks at most three."""
LONGEST_REPLY = 50_000
_LIVING = re.compile(r"\b5\.(?:2\.[12]|3\.[0-9]|7\.[0-9]{1,2})\b")
"""Permanent errors that say nothing of the address (RFC 3463): a full or disabled mailbox, size, policy, block lists."""


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """An answer as lists show it, with the letter it answers; `kind` is that letter's, None for an answer to none."""

    reply: Reply
    lead: str
    letter_subject: str
    reason: str
    kind: LetterKind | None = None


@dataclass(frozen=True)
class Replies(Question[list[ReplyRow]]):
    """Answers this user may see, newest first; only those kept after the answer `after`, if one is named."""

    lead_id: int | None = None
    limit: int = 200
    after: int = 0


@dataclass(frozen=True)
class NewestReply(Question[int]):
    """The id of the answer kept last, 0 before there is one: what `Replies.after` goes by."""


@dataclass(frozen=True)
class AnsweredLetter(Question["Letter | None"]):
    """The letter something in the mailbox refers to: by Message-ID, else by the token of its plus-address."""

    refers_to: tuple[str, ...] = ()
    token: str = ""


def answered(kind: LetterKind) -> str:
    """Why the lead is back in the queue."""
    names = {LetterKind.FAREWELL: "the farewell letter", LetterKind.GREETING: "our greeting"}
    return f"answered {names.get(kind, 'our letter')}"


@dataclass(frozen=True, kw_only=True)
class TakeIn(Command["Reply | None"]):
    """Deal with one thing found in the mailbox: an answer, a bounce, a wish to be left alone, or nothing of ours.

    The mark moves in the same transaction, so nothing is dealt with twice and nothing is passed over.
    """

    incoming: Incoming | None
    mark: MailboxMark
    undoable: ClassVar[bool] = False

    def by_itself(self) -> bool:
        """The program does it."""
        return True

    def handle(self, work: Work) -> Reply | None:
        """Gives the answer kept, if it was one."""
        work.post.read_to(self.mark)
        if self.incoming is None:
            return None
        letter = work.ask(AnsweredLetter(self.incoming.refers_to, self.incoming.token))
        if letter is None:
            return None
        if self.incoming.kind is IncomingKind.BOUNCE:
            _bounced(work, letter, self.incoming)
            return None
        if self.incoming.kind is IncomingKind.AUTO:
            return None
        if self.incoming.message_id and work.find(Reply, message_id=self.incoming.message_id):
            return None
        reply = _keep(work, letter, self.incoming)
        if self.incoming.kind is IncomingKind.OPT_OUT:
            _leave_alone(work, letter, self.incoming)
        else:
            _bring_to_attention(work, letter)
        return reply


@dataclass(frozen=True)
class MailboxRead(Question[MailboxMark]):
    """How far the mailbox has been read."""


@dataclass(frozen=True)
class MailboxFailed(Command[None]):
    """The mailbox was looked into at this moment; `why` says what hindered, "" that nothing did."""

    why: str
    journalled: ClassVar[bool] = False

    def handle(self, work: Work) -> None:
        """Remembers when, and the words."""
        work.post.read_to(None, self.why)


def _keep(work: Work, letter: Letter, incoming: Incoming) -> Reply:
    if letter.answered_at is None:
        work.change(letter, answered_at=work.now, **_arrived(letter))
    lead = work.find(Lead, id=letter.lead_id)[0]
    work.change(lead, touches=lead.touches + 1)
    work.words = f"{lead.title} {answered(letter.kind)}"
    return work.add(
        Reply(
            lead_id=letter.lead_id,
            letter_id=letter.id,
            refusal_id=letter.refusal_id,
            at=min(incoming.sent_at or work.now, work.now),
            from_address=incoming.from_address,
            subject=incoming.subject,
            text=incoming.text[:LONGEST_REPLY],
            answers=known_answers(incoming.answers),
            message_id=incoming.message_id,
        )
    )


def _arrived(letter: Letter) -> dict[str, Any]:
    """Who answers has got the letter, whatever the mail server did not say."""
    if letter.state is not LetterState.UNCERTAIN:
        return {}
    return {"state": LetterState.SENT, "sent_at": letter.sending_at, "error": ""}


def _bring_to_attention(work: Work, letter: Letter) -> None:
    """A parked lead comes back into work; a task says why, for the owner, or the client's owner."""
    lead = work.find(Lead, id=letter.lead_id)[0]
    why = answered(letter.kind)
    if lead.status in PARKED_STATUSES:
        lead = come_back(work, lead, f"{why[:1].upper()}{why[1:]}")
    elif lead.status is not Status.CONVERTED and lead.status is not Status.DISQUALIFIED:
        lead = work.change(lead, came_back_at=work.now, came_back_why=f"{why[:1].upper()}{why[1:]}")
    title = f"{why[:1].upper()}{why[1:]}"
    if lead.status is Status.DISQUALIFIED or work.find(Task, lead_id=lead.id, title=title, done_at=None, dropped=False):
        return
    work.add(
        Task(
            lead_id=lead.id,
            client_id=lead.client_id,
            owner_id=_owner(work, lead),
            kind=TaskKind.CALL,
            title=title,
            due_at=work.now,
        )
    )


def _owner(work: Work, lead: Lead) -> int | None:
    clients = work.find(Client, id=lead.client_id) if lead.client_id else []
    return clients[0].owner_id or lead.owner_id if clients else lead.owner_id


def _leave_alone(work: Work, letter: Letter, incoming: Incoming) -> None:
    """They asked not to be written to: this address never again, and no letter to this lead."""
    lead = work.find(Lead, id=letter.lead_id)[0]
    work.change(lead, no_mail=True, greet=False)
    for key in {letter.to_key, parse_email(incoming.from_address).key} - {""}:
        if not work.find(Suppression, channel=Channel.EMAIL, key=key):
            work.add(Suppression(channel=Channel.EMAIL, key=key, why="asked in a letter", at=work.now))
            refresh_holders(work, Channel.EMAIL, key)
    work.words = f"{lead.title} asked not to be written to"


def _bounced(work: Work, letter: Letter, incoming: Incoming) -> None:
    """The address does not work: marked on the card, and the letter says so."""
    if not incoming.permanent or letter.bounced_at is not None:
        return
    why = incoming.words or "the address does not take mail"
    work.change(letter, bounced_at=work.now, state=LetterState.FAILED, error=f"Came back: {why}")
    dead = [] if _LIVING.search(why) else work.find(ContactPoint, channel=Channel.EMAIL, key=letter.to_key)
    for point in dead:
        if point.lead_id == letter.lead_id:
            work.change(point, state=PointState.INVALID)
    lead = work.find(Lead, id=letter.lead_id)[0]
    refresh(work, lead)
    work.words = f"The letter to {lead.title} came back: {why}"


def known_answers(answers: dict[str, str]) -> dict[str, str]:
    """Answers to the numbered questions, in their order; nothing for those not answered."""
    return {number: answers[number].strip() for number in QUESTIONS if answers.get(number, "").strip()}


@dataclass(frozen=True, kw_only=True)
class SaveReply(Command[Reply]):
    """An answer told to us some other way, or the answers of one corrected (`reply_id`)."""

    lead_id: int
    reply_id: int | None = None
    letter_id: int | None = None
    text: str = ""
    answers: dict[str, str] = field(default_factory=dict)

    def handle(self, work: Work) -> Reply:
        """Raises `Refused` for an empty one, or one of another lead."""
        lead = work.get(Lead, self.lead_id)
        answers = known_answers(self.answers)
        if not answers and not self.text.strip():
            raise Refused("Write down what they answered.", field="text")
        work.words = f"Answer of {lead.title}"
        if self.reply_id is not None:
            return self._corrected(work, lead, answers)
        letter = self._letter(work, lead)
        if letter is not None and letter.answered_at is None:
            work.change(letter, answered_at=work.now)
        refusals = work.find(Refusal, lead_id=lead.id)
        return work.add(
            Reply(
                lead_id=lead.id,
                letter_id=letter.id if letter else None,
                refusal_id=letter.refusal_id if letter else refusals[-1].id if refusals else None,
                user_id=work.user.id or None,
                at=work.now,
                text=self.text.strip(),
                answers=answers,
            )
        )

    def _corrected(self, work: Work, lead: Lead, answers: dict[str, str]) -> Reply:
        reply = work.get(Reply, self.reply_id or 0)
        if reply.lead_id != lead.id:
            raise Refused("This answer is somebody else’s.", field="reply_id")
        text = reply.text if reply.message_id else self.text.strip()
        return work.change(reply, answers=answers, text=text)

    def _letter(self, work: Work, lead: Lead) -> Letter | None:
        letters = work.find(Letter, lead_id=lead.id)
        if self.letter_id is None:
            return letters[-1] if letters else None
        for letter in letters:
            if letter.id == self.letter_id:
                return letter
        raise Refused("This letter is somebody else’s.", field="letter_id")


@dataclass(frozen=True, kw_only=True)
class OptOut(Command[Lead]):
    """No letters to this lead any more (`letters` False), or yes again; greetings are asked for apart."""

    lead_id: int
    letters: bool | None = None
    greetings: bool | None = None

    def handle(self, work: Work) -> Lead:
        """Raises `Refused` if the lead is not this user's."""
        lead = work.get(Lead, self.lead_id)
        no_mail = lead.no_mail if self.letters is None else not self.letters
        greet = lead.greet if self.greetings is None else self.greetings
        work.words = (
            f"{lead.title}: {'no letters' if no_mail else 'letters'}, {'greetings' if greet else 'no greetings'}"
        )
        return work.change(lead, no_mail=no_mail, greet=greet and not no_mail)
