"""The tour's own world of mail: a server that takes every letter and sends none, and a mailbox with one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaddesk.exchange.post_office import PostOffice
from leaddesk.exchange.posting import Postman
from leaddesk.workflow.mail import Incoming, IncomingKind, MailboxMark, SendResult, Verdict
from leaddesk.workflow.replies import TakeIn

if TYPE_CHECKING:
    from collections.abc import Callable

    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.mail import Outgoing
    from leaddesk.workflow.sending import Round

HOST = "smtp.nordwind.example"
ANSWER = "1. The price, twice what we pay now\n2. 10% less would do\n3. In May, when our budget is made"
ANSWERS = {"1": "The price, twice what we pay now", "2": "10% less would do", "3": "In May, when our budget is made"}


class NoKeyring:
    """A keyring with nothing in it: the tour signs in nowhere."""

    def get(self, name: str) -> str | None:  # noqa: ARG002 - nothing is kept under any name
        """Nothing is kept."""
        return None

    def put(self, name: str, secret: str) -> None:
        """Nothing is kept."""


class TakesAll:
    """A `MailServer` that takes every letter and sends none; `sent` are those it took."""

    def __init__(self) -> None:
        """Nothing taken yet."""
        self.sent: list[Outgoing] = []

    def send(self, letter: Outgoing, about_to_send: Callable[[], bool]) -> SendResult:
        """Take it, if it is still to go."""
        if not about_to_send():
            return SendResult(Verdict.WITHDRAWN)
        self.sent.append(letter)
        return SendResult(Verdict.SENT, reply="250 2.0.0 OK")

    def hang_up(self) -> None:
        """Nobody is kept waiting."""

    def close(self) -> None:
        """Nothing to close."""


class TourPost(PostOffice):
    """The post office of the tour."""

    def __init__(self) -> None:
        """With a keyring and a server of its own."""
        super().__init__(NoKeyring())
        self.server = TakesAll()
        self.answering = False

    def send(self, desk: Desk, stopped: Callable[[], bool] = lambda: False) -> Round:
        """Hand what is due to the server that sends nothing."""
        return Postman(desk, lambda _how: self.server, self.keyring).round(stopped)

    def collect(self, desk: Desk, stopped: Callable[[], bool] = lambda: False) -> int:  # noqa: ARG002 - the door's form
        """Find the one answer, once there is to be one."""
        if not self.answering or not self.server.sent:
            return 0
        self.answering = False
        letter = self.server.sent[-1]
        incoming = Incoming(
            kind=IncomingKind.REPLY,
            message_id="<answer@tour.example>",
            from_address=letter.to_address,
            from_name=letter.to_name,
            subject=f"Re: {letter.subject}",
            text=ANSWER,
            refers_to=(letter.message_id,),
            answers=ANSWERS,
        )
        desk.do(TakeIn(incoming=incoming, mark=MailboxMark(1, 1)))
        return 1
