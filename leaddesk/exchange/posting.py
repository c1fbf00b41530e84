"""The sender: takes what is due out of the outbox and hands it to the mail server, one letter after the other.

It decides nothing: which letter is due and what a verdict means stand in `workflow/sending.py`, what the wire says in
`smtp.py`. One round may be asked for as often as one likes, in any number of windows and processes.
"""

from __future__ import annotations

import os
import secrets
import socket
from typing import TYPE_CHECKING, Any

from leaddesk.workflow.errors import Refused
from leaddesk.workflow.mail import SendResult, ServerSettings, Verdict
from leaddesk.workflow.outbox import can_send, smtp_settings
from leaddesk.workflow.sending import (
    BeginSending,
    LeaveOutbox,
    NextLetter,
    NextToSend,
    OutgoingLetter,
    Prepare,
    RecordSending,
    Round,
    TakeOutbox,
)
from leaddesk.workflow.settings import SettingsNow

if TYPE_CHECKING:
    from collections.abc import Callable

    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.mail import MailServer, Outgoing, Secrets, ServerSettings

FIRST_AWAY_S = 30
LONGEST_AWAY_S = 900
"""How long nothing is tried after no server was reached, doubled each time up to this."""


class Postman:
    """Sends for one process. `connect` makes a connection to the mail server the settings name."""

    def __init__(self, desk: Desk, connect: Callable[[ServerSettings], MailServer], keyring: Secrets) -> None:
        """`desk` may be shared with others: each step is a command of its own."""
        self._desk = desk
        self._connect = connect
        self._keyring = keyring
        self._away = 0
        self._server: MailServer | None = None
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"

    def round(self, stopped: Callable[[], bool] = lambda: False) -> Round:
        """Send all that is due, unless `stopped` says to end after the letter in hand."""
        settings = self._desk.read(SettingsNow())
        done = Round()
        if not can_send(settings):
            return done
        how = smtp_settings(settings, self._keyring)
        if how.user and not how.password:
            done.why = "There is no password for the mail server in this machine’s keyring."
            return done
        if not self._desk.do(TakeOutbox(holder=self.holder)).value:
            done.why = "Another LeadDesk is sending."
            return done
        server = self._server = self._connect(how)
        try:
            while not stopped() and self._one(server, done):
                pass
        finally:
            self._server = None
            server.close()
            self._desk.do(LeaveOutbox(self.holder))
        return done

    def hang_up(self) -> None:
        """Wait no longer for what the server has yet to say. May be called from another thread."""
        server = self._server
        if server is not None:
            server.hang_up()

    def _one(self, server: MailServer, done: Round) -> bool:
        """Send the next letter; False when the round is over."""
        due: NextLetter = self._desk.read(NextToSend())
        done.next_at = due.at
        if not due.letter_id:
            return False
        if not self._desk.do(Prepare(due.letter_id)).value:
            done.withdrawn += 1
            return True
        try:
            letter = self._desk.read(OutgoingLetter(due.letter_id))
        except Refused as refused:
            self._record(due.letter_id, SendResult(Verdict.NEVER, refused.words), done)
            return True
        return self._record(due.letter_id, self._hand_over(server, due.letter_id, letter), done)

    def _hand_over(self, server: MailServer, letter_id: int, letter: Outgoing) -> SendResult:
        begin = BeginSending(letter_id=letter_id, holder=self.holder, from_address=letter.sender_address)
        return server.send(letter, lambda: bool(self._desk.do(begin).value))

    def _record(self, letter_id: int, result: SendResult, done: Round) -> bool:
        nobody_there = result.verdict is Verdict.LATER and (not result.reply or result.reply.startswith("421"))
        self._away = min(max(2 * self._away, FIRST_AWAY_S), LONGEST_AWAY_S) if nobody_there else 0
        self._desk.do(RecordSending(letter_id=letter_id, result=result, away_s=self._away))
        counted: dict[Any, str] = {
            Verdict.SENT: "sent",
            Verdict.NEVER: "failed",
            Verdict.UNCERTAIN: "uncertain",
            Verdict.LATER: "waiting",
        }
        name = counted.get(result.verdict)
        if name:
            setattr(done, name, getattr(done, name) + 1)
        if result.verdict not in (Verdict.SENT, Verdict.WITHDRAWN):
            done.why = result.words
        if nobody_there or result.verdict in (Verdict.HALT, Verdict.WITHDRAWN):
            done.next_at = self._desk.read(NextToSend()).at
            return False
        return True
