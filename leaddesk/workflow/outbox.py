"""The outbox as people use it: putting letters in, taking them out, and what stands in it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from leaddesk.workflow.derived import SuppressedKeys
from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.emails import parse_email
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.letter_entities import Letter
from leaddesk.workflow.letters import one_line, own_letter
from leaddesk.workflow.mail import Secrets, Security, ServerSettings
from leaddesk.workflow.vocabulary import LetterKind, LetterState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from leaddesk.workflow.ports import Work
    from leaddesk.workflow.settings import Settings

QUEUEABLE = (LetterState.DRAFT, LetterState.FAILED, LetterState.WITHDRAWN)
"""Letters nobody has: putting them in the outbox cannot send anything twice."""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A letter as the outbox lists it. `at` is when it leaves, left, or was written."""

    id: int
    lead_id: int
    lead: str
    to_address: str
    subject: str
    kind: LetterKind
    template: str
    language: str
    state: LetterState
    at: datetime | None
    send_after: datetime | None
    sent_at: datetime | None
    tries: int
    error: str
    reply: str
    user: str
    answered_at: datetime | None
    bounced_at: datetime | None


@dataclass(frozen=True)
class Outbox(Question[list[OutboxRow]]):
    """Letters this user may see, newest first; only those in `states` where some are named."""

    states: tuple[LetterState, ...] = ()
    lead_id: int | None = None
    limit: int = 500
    answered: bool = False


@dataclass(frozen=True, slots=True)
class OutboxStanding:
    """How the outbox stands: letters by state, who sends, what hinders, and how far the mailbox is read."""

    counts: dict[LetterState, int]
    answered: int
    ready: bool
    paused_until: datetime | None
    why: str
    mailbox_at: datetime | None
    mailbox_why: str


@dataclass(frozen=True)
class OutboxNow(Question[OutboxStanding]):
    """How the outbox stands."""


def can_send(settings: Settings) -> bool:
    """Whether a mail server is set at all; without one letters stay drafts and leave by other ways."""
    return bool(settings.text("letters.smtp_host").strip())


def smtp_settings(settings: Settings, keyring: Secrets) -> ServerSettings:
    """How to reach the mail server, with the password of this machine's keyring."""
    return _server(settings, "smtp", keyring)


def imap_settings(settings: Settings, keyring: Secrets) -> ServerSettings:
    """How to reach the mailbox answers come to, likewise."""
    return _server(settings, "imap", keyring)


def secret_name(settings: Settings, kind: str) -> str:
    """Under which name the keyring keeps the password of "smtp" or "imap"; "" where nobody signs in."""
    user = settings.text(f"letters.{kind}_user").strip()
    return f"{kind}:{user}" if user else ""


def _server(settings: Settings, kind: str, keyring: Secrets) -> ServerSettings:
    name = secret_name(settings, kind)
    return ServerSettings(
        host=settings.text(f"letters.{kind}_host").strip(),
        port=settings.number(f"letters.{kind}_port"),
        security=Security(settings.text(f"letters.{kind}_security")),
        user=settings.text(f"letters.{kind}_user").strip(),
        password=(keyring.get(name) or "") if name else "",
    )


def queued(work: Work, letter: Letter) -> dict[str, Any]:
    """The fields of a letter that goes into the outbox now. Raises `Refused` where it may not."""
    if not letter.body.strip():
        raise Refused("The letter is empty. Write it first.", field="body")
    one_line(letter.subject)
    if not parse_email(letter.to_address).valid:
        raise Refused(f"“{letter.to_address}” is no address a letter can go to. Correct the card first.", field="to")
    why = barred(work, letter)
    if why:
        raise Refused(f"The letter to {letter.to_name or letter.to_address} may not be sent: {why}.", field="to")
    wait = timedelta(seconds=work.settings.number("letters.undo_seconds"))
    return {
        "state": LetterState.QUEUED,
        "message_id": letter.message_id or new_message_id(work),
        "send_after": work.now + wait,
        "tries": 0,
        "error": "",
        "reply": "",
    }


def barred(work: Work, letter: Letter) -> str:
    """Why nobody may write to this address, or "". Asked when a letter is queued and again when it is sent."""
    lead = next(iter(work.find(Lead, id=letter.lead_id)), None)
    if lead is None:
        return "the lead is gone"
    if lead.no_mail:
        return "they asked not to be written to"
    key = parse_email(letter.to_address).key
    keys = tuple({letter.to_key, key} - {""})
    if not keys or work.ask(SuppressedKeys(keys)):
        return "the address is suppressed"
    if letter.kind is LetterKind.GREETING and not lead.greet:
        return "they did not ask for greetings"
    return ""


def new_message_id(work: Work) -> str:
    """A Message-ID of ours, never guessed and never used twice; its left side is what a plus-address carries."""
    domain = sender_address(work.settings, work.user.email).rpartition("@")[2]
    host = domain.encode("idna").decode("ascii") if domain else "leaddesk.invalid"
    return f"<{secrets.token_hex(10)}@{host}>"


def sender_address(settings: Settings, own: str) -> str:
    """The address letters come from: the floor's where it is set, else the user's own."""
    return settings.text("letters.from_address").strip() or own.strip()


@dataclass(frozen=True, slots=True)
class Queued:
    """What was put into the outbox, and what was left out with the reason."""

    letters: tuple[Letter, ...]
    left_out: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class QueueLetters(Command[Queued]):
    """Put letters into the outbox; they leave after the undo minute. Those that may not are left out and named."""

    letter_ids: tuple[int, ...]

    def handle(self, work: Work) -> Queued:
        """Raises `Refused` without a mail server, or if none of them may be sent."""
        refuse_without_server(work.settings)
        done, left_out = [], []
        for letter_id in self.letter_ids:
            letter = own_letter(work, letter_id)
            if letter.state not in QUEUEABLE:
                left_out.append((letter.id, f"it is {letter.state.value}"))
                continue
            try:
                done.append(work.change(letter, **queued(work, letter)))
            except Refused as refused:
                left_out.append((letter.id, refused.words))
        if not done:
            raise Refused(left_out[0][1] if left_out else "There is no letter to send.", field="letter_ids")
        work.words = _counted(len(done), "put into the outbox")
        return Queued(tuple(done), tuple(left_out))


def refuse_without_server(settings: Settings) -> None:
    """Raise `Refused` where no mail server is set."""
    if not can_send(settings):
        raise Refused(
            "No mail server is set up. Enter it under Settings → Letters, or save the letter as a file.",
            field="letters.smtp_host",
        )


@dataclass(frozen=True, kw_only=True)
class WithdrawLetters(Command[int]):
    """Take letters out of the outbox before they leave; they are kept and can be put in again."""

    letter_ids: tuple[int, ...]
    to_draft: bool = False

    def handle(self, work: Work) -> int:
        """Raises `Refused` if one has left already."""
        state = LetterState.DRAFT if self.to_draft else LetterState.WITHDRAWN
        for letter_id in self.letter_ids:
            letter = own_letter(work, letter_id)
            if letter.state.has_left:
                raise Refused(_left_already(letter), field="letter_ids")
            work.change(letter, state=state, send_after=None)
        work.words = _counted(len(self.letter_ids), "taken out of the outbox")
        return len(self.letter_ids)


@dataclass(frozen=True, kw_only=True)
class SendAgain(Command[Letter]):
    """Send a failed or uncertain letter once more: a person's decision, never the program's own.

    It carries the same Message-ID, so that a mail program that did get the first one shows one letter.
    """

    letter_id: int

    def handle(self, work: Work) -> Letter:
        """Raises `Refused` for a letter in any other state, or one that may not be sent."""
        refuse_without_server(work.settings)
        letter = own_letter(work, self.letter_id)
        if letter.state not in (LetterState.FAILED, LetterState.UNCERTAIN):
            raise Refused(f"This letter is {letter.state.value}; only failed and uncertain ones are sent again.")
        work.words = f"Letter to {letter.to_name or letter.to_address} is sent again"
        return work.change(letter, **queued(work, letter))


@dataclass(frozen=True, kw_only=True)
class SettleUncertain(Command[Letter]):
    """Somebody found out whether an uncertain letter arrived."""

    letter_id: int
    arrived: bool

    def handle(self, work: Work) -> Letter:
        """Raises `Refused` for a letter that is not uncertain."""
        letter = own_letter(work, self.letter_id)
        if letter.state is not LetterState.UNCERTAIN:
            raise Refused(f"This letter is {letter.state.value}, not uncertain.", field="letter_id")
        name = letter.to_name or letter.to_address
        if not self.arrived:
            work.words = f"The letter to {name} did not arrive"
            return work.change(letter, state=LetterState.FAILED, error="It did not arrive, as found out by hand.")
        lead = work.get(Lead, letter.lead_id)
        work.change(lead, touches=lead.touches + 1)
        work.words = f"The letter to {name} arrived"
        return work.change(letter, state=LetterState.SENT, sent_at=letter.sending_at or work.now, error="")


@dataclass(frozen=True, kw_only=True)
class SendNow(Command[int]):
    """Do not wait for the rest of the undo minute: this user's own letters leave at once.

    Undo means the refusal behind a letter, not the hurry: this is the sender's work, and stands in nobody's way.
    """

    letter_ids: tuple[int, ...] = ()
    undoable: ClassVar[bool] = False

    def by_itself(self) -> bool:
        """So that Ctrl+Z goes to what was done before."""
        return True

    def handle(self, work: Work) -> int:
        """Gives how many there were; nothing is journalled when there were none."""
        waiting = work.find(Letter, state=LetterState.QUEUED, user_id=work.user.id)
        hurried = [
            letter
            for letter in waiting
            if (not self.letter_ids or letter.id in self.letter_ids)
            and letter.send_after is not None
            and letter.send_after > work.now
            and not letter.tries
        ]
        for letter in hurried:
            work.change(letter, send_after=work.now)
        work.words = _counted(len(hurried), "sent at once")
        return len(hurried)


def _counted(count: int, done: str) -> str:
    return f"{count} letter{'s' if count != 1 else ''} {done}"


def _left_already(letter: Letter) -> str:
    return f"The letter to {letter.to_name or letter.to_address} has left already and cannot be called back."


def unsent_of(letters: Sequence[Letter]) -> list[Letter]:
    """Those nobody has."""
    return [letter for letter in letters if not letter.state.has_left]
