"""Letters to a lead: drafted from templates that are data, with plain values only, and changed while nobody has them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar
from unicodedata import category

from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.emails import parse_email
from leaddesk.workflow.entities import Lead, RefusalReason
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letter_entities import Letter
from leaddesk.workflow.vocabulary import UNSENT_STATES, LetterKind, LetterState, Role

if TYPE_CHECKING:
    from datetime import datetime

    from leaddesk.workflow.derived import Reached
    from leaddesk.workflow.ports import Work

AUTO = "auto"
"""The template the reason proposes."""
NO_LETTER = "none"
_BREAKING = ("Cc", "Cs", "Zl", "Zp")
"""Controls, halves of characters, line and paragraph separators. Not joiners, which Persian is written with."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A letter as it would be written. `to_address` "" means it cannot be: `why_not` says why.

    `marks` are (start, length) of the merged values in `body`, for showing them. `attachments` are names with keys
    of stored files.
    """

    template: str
    language: str
    to_address: str
    subject: str
    body: str
    why_not: str = ""
    kind: LetterKind = LetterKind.FAREWELL
    version: int = 0
    to_name: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    attachments: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AtHand:
    """What was read already, in the same transaction, for a letter: whom it is to, by what they are reached, and why."""

    lead: Lead
    by: Reached
    reason: RefusalReason


@dataclass(frozen=True)
class LetterDraft(Question[Drafted]):
    """A letter for a lead, in its language unless another is named.

    `template` is a key such as "farewell.price"; `reason`, `until` and `holiday` fill the fields of their names.
    `text` is a template's text tried out instead of the stored one. Raises `Refused` for what cannot be filled.
    """

    lead_id: int
    reason: str = ""
    template: str = "farewell"
    language: str = ""
    until: datetime | None = None
    holiday: str = ""
    text: str = ""
    at_hand: AtHand | None = None


@dataclass(frozen=True)
class LetterById(Question["Letter | None"]):
    """One letter."""

    letter_id: int


def new_letter(work: Work, lead: Lead, drafted: Drafted) -> Letter:
    """The letter as drafted, of this user; not stored yet."""
    return Letter(
        lead_id=lead.id,
        user_id=work.user.id or None,
        kind=drafted.kind,
        template=drafted.template,
        template_version=drafted.version,
        language=drafted.language,
        to_name=drafted.to_name,
        to_address=drafted.to_address,
        to_key=parse_email(drafted.to_address).key,
        subject=drafted.subject,
        body=drafted.body,
        attachments=drafted.attachments,
    )


def reworded(letter: Letter, subject: str, body: str) -> Letter:
    """The letter in the operator's own words, where there are any. Raises `Refused` for a subject of two lines."""
    subject = subject.strip()
    one_line(subject)
    return replace(letter, subject=subject or letter.subject, body=body or letter.body)


def one_line(subject: str) -> str:
    """Raise `Refused` for a line break or another control character, which could smuggle in headers."""
    if any(category(sign) in _BREAKING for sign in subject):
        raise Refused("The subject has a line break or a control sign in it. Write it on one line.", field="subject")
    return subject


@dataclass(frozen=True, kw_only=True)
class WriteLetter(Command[Letter]):
    """Write a letter to a lead from a template, as a draft; `QueueLetters` puts it into the outbox."""

    lead_id: int
    template: str
    language: str = ""
    subject: str = ""
    body: str = ""

    def handle(self, work: Work) -> Letter:
        """Raises `Refused` where the lead may not be written to, or the template cannot be filled."""
        lead = work.get(Lead, self.lead_id)
        drafted = work.ask(LetterDraft(lead.id, template=self.template, language=self.language))
        if not drafted.to_address:
            raise Refused(f"{lead.title} cannot be written to: {drafted.why_not}.", field="to")
        letter = work.add(reworded(new_letter(work, lead, drafted), self.subject, self.body))
        work.words = f"Letter to {lead.title} drafted"
        return letter


@dataclass(frozen=True, kw_only=True)
class EditLetter(Command[Letter]):
    """Change a letter nobody has yet. `base_*` are what the editor began with: somebody else's change is not lost."""

    letter_id: int
    subject: str
    body: str
    to_address: str = ""
    base_subject: str | None = None
    base_body: str | None = None

    def handle(self, work: Work) -> Letter:
        """Raises `Refused` for one that has left, a bad address, or a change made meanwhile."""
        letter = own_letter(work, self.letter_id)
        if letter.state not in UNSENT_STATES:
            raise Refused(f"This letter is {letter.state.value}: its text stays as it was.", field="letter_id")
        for mine, theirs in ((self.base_subject, letter.subject), (self.base_body, letter.body)):
            if mine is not None and mine != theirs:
                raise Refused("Somebody changed this letter meanwhile. Look at it again.", field="body")
        to = self._address(letter)
        if not self.body.strip():
            raise Refused("The letter is empty. Write it, or take it out of the outbox.", field="body")
        words = reworded(letter, self.subject, self.body)
        work.words = f"Letter to {letter.to_name or to} changed"
        return work.change(
            letter, subject=words.subject, body=words.body, to_address=to, to_key=parse_email(to).key, error=""
        )

    def _address(self, letter: Letter) -> str:
        if not self.to_address.strip():
            return letter.to_address
        email = parse_email(self.to_address)
        if not email.valid:
            raise Refused(f"“{self.to_address}” is no e-mail address.", field="to")
        return email.address


def own_letter(work: Work, letter_id: int) -> Letter:
    """A letter of a lead this user may work. Raises `Refused` otherwise."""
    letter = work.get(Letter, letter_id)
    work.get(Lead, letter.lead_id)
    return letter


@dataclass(frozen=True)
class LetterSaved(Command[Letter]):
    """The letter left by another way: a file, the clipboard, a mail program. It is no draft any more."""

    letter_id: int
    way: str = "saved"

    def handle(self, work: Work) -> Letter:
        """Raises `Refused` if there is no such letter."""
        letter = work.get(Letter, self.letter_id)
        lead = work.get(Lead, letter.lead_id)
        work.words = f"Letter to {lead.title} {self.way}"
        return left_otherwise(work, letter) if letter.state in UNSENT_STATES else letter


def left_otherwise(work: Work, letter: Letter) -> Letter:
    """The letter has left by another way than the outbox: a touch like any other."""
    lead = work.get(Lead, letter.lead_id)
    work.change(lead, touches=lead.touches + 1)
    return work.change(letter, state=LetterState.SAVED, send_after=None)


@dataclass(frozen=True)
class SaveSignature(Command[str]):
    """What stands under one's letters; "" for name, company and phone."""

    text: str
    user_id: int | None = None
    role: ClassVar[Role] = Role.OPERATOR

    def handle(self, work: Work) -> str:
        """Raises `Refused` for somebody else's, unless a team lead asks, and for one longer than a letter's foot."""
        from leaddesk.workflow.entities import User

        user = work.get(User, self.user_id or work.user.id)
        if user.id != work.user.id and not work.user.role.covers(Role.TEAM_LEAD):
            raise Refused(f"This is {user.name}’s signature. They or a team lead can change it.")
        text = self.text.strip().replace("\r\n", "\n")
        if len(text) > LONGEST_SIGNATURE:
            raise Refused(f"A signature has at most {LONGEST_SIGNATURE} characters.", field="signature")
        work.words = f"Signature of {user.name}"
        return work.change(user, signature=text).signature


LONGEST_SIGNATURE = 1000
