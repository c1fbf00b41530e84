"""What the sender writes down, step by step, so that a crash at any moment sends nothing twice and loses nothing.

One sender at a time holds the outbox by a lease. For each letter: `Prepare` (may it go?), then the mail server
is spoken to, and right before the text goes out `BeginSending` writes "sending"; what the server said is written by
`RecordSending`. A letter found in "sending" by the next holder of the outbox is uncertain: nobody knows, and only
a person decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from leaddesk.workflow.desk import Command, Question
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.letter_entities import Letter
from leaddesk.workflow.mail import Outgoing, SendResult, Verdict
from leaddesk.workflow.outbox import barred
from leaddesk.workflow.vocabulary import LetterState

if TYPE_CHECKING:
    from datetime import datetime

    from leaddesk.workflow.ports import Work

LEASE_S = 150
"""How long a sender holds the outbox without a sign of life. Longer than a mail server may keep us waiting."""
FIRST_WAIT_S = 60
LONGEST_WAIT_S = 4 * 3600
PAUSE_S = 300
"""How long nothing is tried after a server would take nothing from us."""


@dataclass(frozen=True, slots=True)
class NextLetter:
    """The next letter to send, or when to look again: `letter_id` 0 and `at` None mean "when one is queued"."""

    letter_id: int = 0
    at: datetime | None = None
    why: str = ""


@dataclass(slots=True)
class Round:
    """What one round came to. `next_at` is when to look again, None for "when something is queued"; `why` what hinders."""

    sent: int = 0
    failed: int = 0
    uncertain: int = 0
    withdrawn: int = 0
    waiting: int = 0
    next_at: datetime | None = None
    why: str = ""

    def __bool__(self) -> bool:
        """Whether anything came of it."""
        return bool(self.sent or self.failed or self.uncertain or self.withdrawn)


@dataclass(frozen=True)
class NextToSend(Question[NextLetter]):
    """Which letter is due, by the undo minute, the waits after errors, the pause and the rate limit."""


@dataclass(frozen=True)
class OutgoingLetter(Question[Outgoing]):
    """A letter with its sender, signature, attachments and headers, ready for a mail server.

    A sender without an address is refused, unless it is not `to_send` but for a file: the mail program puts its own.
    """

    letter_id: int
    to_send: bool = True


@dataclass(frozen=True, kw_only=True)
class TakeOutbox(Command[bool]):
    """Hold the outbox as `holder`, or go on holding it. False if another sender does.

    Whoever takes it over from somebody else settles what that one left behind.
    """

    holder: str
    seconds: int = LEASE_S
    journalled: ClassVar[bool] = True
    undoable: ClassVar[bool] = False

    def by_itself(self) -> bool:
        """The program does it."""
        return True

    def handle(self, work: Work) -> bool:
        """Letters in "sending" are nobody's now: they become uncertain."""
        before = work.post.holder()
        if not work.post.take(self.holder, work.now + timedelta(seconds=self.seconds)):
            return False
        if work.post.was_copy():
            _nobody_knows(work, LetterState.QUEUED, PUT_BACK)
        if before != self.holder:
            _nobody_knows(work, LetterState.SENDING, STOPPED)
        return True


STOPPED = "LeadDesk stopped while the mail server was taking this letter. It may have arrived or not."
PUT_BACK = "This database was put back from a copy in which the letter still waited. It may have left since."


def _nobody_knows(work: Work, state: LetterState, why: str) -> None:
    found = work.find(Letter, state=state)
    for letter in found:
        work.change(letter, state=LetterState.UNCERTAIN, error=why)
    if found:
        work.words = f"{len(found)} letter{'s' if len(found) != 1 else ''} may or may not have left"


@dataclass(frozen=True)
class LeaveOutbox(Command[None]):
    """Let somebody else send."""

    holder: str
    journalled: ClassVar[bool] = False

    def handle(self, work: Work) -> None:
        """Nothing happens if somebody else holds it by now."""
        work.post.leave(self.holder)


@dataclass(frozen=True)
class Prepare(Command[bool]):
    """May this letter go? One that may not any more is taken out of the outbox, with the reason."""

    letter_id: int
    undoable: ClassVar[bool] = False

    def by_itself(self) -> bool:
        """The program does it."""
        return True

    def handle(self, work: Work) -> bool:
        """Asked before a server is spoken to, and again by `BeginSending`."""
        letter = work.get(Letter, self.letter_id)
        if letter.state is not LetterState.QUEUED:
            return False
        why = barred(work, letter)
        if why:
            _withdraw(work, letter, why)
            return False
        return True


def _withdraw(work: Work, letter: Letter, why: str) -> None:
    work.change(letter, state=LetterState.WITHDRAWN, send_after=None, error=f"Not sent: {why}.")
    work.words = f"The letter to {letter.to_name or letter.to_address} was not sent: {why}"


@dataclass(frozen=True, kw_only=True)
class BeginSending(Command[bool]):
    """From now on nobody knows whether the letter left. False: do not send it after all."""

    letter_id: int
    holder: str
    from_address: str = ""
    undoable: ClassVar[bool] = False

    def by_itself(self) -> bool:
        """The program does it."""
        return True

    def handle(self, work: Work) -> bool:
        """Checked here, in one transaction with the mark: still queued, still due, still allowed, still our outbox."""
        if not work.post.take(self.holder, work.now + timedelta(seconds=LEASE_S)):
            return False
        letter = work.get(Letter, self.letter_id)
        due = letter.send_after is None or letter.send_after <= work.now
        if letter.state is not LetterState.QUEUED or not due:
            return False
        why = barred(work, letter)
        if why:
            _withdraw(work, letter, why)
            return False
        work.words = f"Sending the letter to {letter.to_name or letter.to_address}"
        work.change(letter, state=LetterState.SENDING, sending_at=work.now, from_address=self.from_address)
        return True


@dataclass(frozen=True, kw_only=True)
class RecordSending(Command[Letter]):
    """What the mail server said.

    `away_s` says that no server was reached at all: the letter loses none of its tries, and nothing is tried for so
    many seconds. A laptop that was offline for a week catches up.
    """

    letter_id: int
    result: SendResult
    away_s: int = 0
    undoable: ClassVar[bool] = False

    def by_itself(self) -> bool:
        """The program does it."""
        return True

    def handle(self, work: Work) -> Letter:
        """A letter that was declared uncertain meanwhile becomes sent if it was."""
        letter = work.get(Letter, self.letter_id)
        name = letter.to_name or letter.to_address
        if letter.state not in (LetterState.QUEUED, LetterState.SENDING, LetterState.UNCERTAIN):
            return letter
        result = self.result
        if result.verdict is Verdict.SENT:
            work.words = f"Letter to {name} sent"
            return _sent(work, letter, result)
        if result.verdict is Verdict.UNCERTAIN:
            work.words = f"Whether the letter to {name} left is not known"
            return work.change(letter, state=LetterState.UNCERTAIN, error=result.words, reply=result.reply)
        if result.verdict is Verdict.NEVER:
            work.words = f"The letter to {name} was not taken"
            return work.change(
                letter, state=LetterState.FAILED, send_after=None, error=result.words, reply=result.reply
            )
        if result.verdict is Verdict.HALT:
            work.post.pause(work.now + timedelta(seconds=PAUSE_S), result.words)
            return work.change(letter, state=LetterState.QUEUED, error=result.words, reply=result.reply)
        if result.verdict is Verdict.WITHDRAWN:
            return letter
        if self.away_s:
            work.post.pause(work.now + timedelta(seconds=self.away_s), result.words)
            return work.change(letter, state=LetterState.QUEUED, error=result.words)
        return _later(work, letter, result)


def _sent(work: Work, letter: Letter, result: SendResult) -> Letter:
    for lead in work.find(Lead, id=letter.lead_id):
        work.change(lead, touches=lead.touches + 1)
    work.post.pause(None, "")
    return work.change(letter, state=LetterState.SENT, sent_at=work.now, send_after=None, error="", reply=result.reply)


def _later(work: Work, letter: Letter, result: SendResult) -> Letter:
    """Wait twice as long each time; past `letters.give_up_hours` the letter has failed and says why."""
    tries = letter.tries + 1
    waited = waits_before(tries)
    name = letter.to_name or letter.to_address
    if waited >= work.settings.number("letters.give_up_hours") * 3600:
        work.words = f"The letter to {name} could not be sent"
        return work.change(
            letter, state=LetterState.FAILED, tries=tries, send_after=None, error=result.words, reply=result.reply
        )
    work.words = f"The letter to {name} waits"
    return work.change(
        letter,
        state=LetterState.QUEUED,
        tries=tries,
        send_after=work.now + timedelta(seconds=wait_after(tries)),
        error=result.words,
        reply=result.reply,
    )


def wait_after(tries: int) -> int:
    """Seconds to wait after so many temporary errors."""
    return min(FIRST_WAIT_S << min(tries - 1, 20), LONGEST_WAIT_S)


def waits_before(tries: int) -> int:
    """Seconds waited in all before this many errors."""
    return sum(wait_after(n) for n in range(1, tries))
