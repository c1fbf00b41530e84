"""A sender at a mail server of this machine, for the tests of sending."""

import contextlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from leaddesk.exchange.smtp import SmtpServer
from leaddesk.workflow.mail import Attachment, Outgoing, Security, SendResult, ServerSettings
from tests.exchange.letters_in_languages import letter_in
from tests.mail_server import LoopbackSmtp, client_context

DATE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LETTER = letter_in("ru")
HUGE = replace(LETTER, attachments=(Attachment("all.pdf", "application/pdf", b"\x00\xff" * 6_000_000),))
"""16 MB: more than any loopback buffers, so that a sender notices when nobody reads on."""


class Noon:
    def now(self) -> datetime:
        return DATE


class Outbox:
    """What the sender's loop does about a letter: it writes down that it is on its way, and asks once."""

    def __init__(self, server: SmtpServer) -> None:
        self.server = server
        self.written: list[str] = []

    def send(self, letter: Outgoing = LETTER, *, go: bool = True) -> SendResult:
        def about_to_send() -> bool:
            self.written.append(letter.message_id)
            return go

        return self.server.send(letter, about_to_send)


def settings(server: LoopbackSmtp, **values: Any) -> ServerSettings:
    usual = {"host": server.host, "port": server.port, "security": Security.NONE, "timeout_s": 20}
    return ServerSettings(**{**usual, **values})


def outbox(
    stack: contextlib.ExitStack, server: LoopbackSmtp, *, most: int = 50, patience_s: float = 20, **values: Any
) -> Outbox:
    smtp = SmtpServer(
        settings(server, **values),
        Noon(),
        context=client_context(),
        letters_per_connection=most,
        patience_s=patience_s,
    )
    stack.callback(smtp.close)
    return Outbox(smtp)
