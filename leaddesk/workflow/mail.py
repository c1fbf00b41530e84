"""Mail as the workflow sees it: what goes out, what came of it, and what came in. The wires are in `exchange/`.

Plain values only: a handler never holds a connection, and a mail server never sees an entity.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter, such as the price list."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One letter ready to be handed to a mail server.

    `message_id` has its angle brackets and was written down before anything is sent. `reply_to` is the
    plus-address answers come to, "" for the sender's own. `html` "" is made from `text`. `unsubscribe` is
    the URI a reader's mail program may use to be left alone (`mailto:` or `https:`), "" for none.
    """

    message_id: str
    sender_name: str
    sender_address: str
    to_address: str
    subject: str
    text: str
    to_name: str = ""
    reply_to: str = ""
    html: str = ""
    language: str = ""
    unsubscribe: str = ""
    attachments: tuple[Attachment, ...] = ()


class Verdict(StrEnum):
    """What came of handing a letter over.

    `LATER`: a temporary error, try again. `NEVER`: the server will not take this letter. `HALT`: the server
    will not take anything from us (password, certificate, wrong host), so no other letter is tried either.
    `UNCERTAIN`: the text was handed over and no reply came; only a person may send it again. `WITHDRAWN`:
    we ourselves said no at the last moment, nothing was handed over.
    """

    SENT = "sent"
    LATER = "later"
    NEVER = "never"
    HALT = "halt"
    UNCERTAIN = "uncertain"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class SendResult:
    """The verdict with words for people and the server's own reply (never a password)."""

    verdict: Verdict
    words: str = ""
    reply: str = ""


class MailServer(Protocol):
    """Where letters are handed over. One connection may serve several letters."""

    def send(self, letter: Outgoing, about_to_send: Callable[[], bool]) -> SendResult:
        """Hand one letter over. Never raises for what servers and networks do.

        `about_to_send` is called when the recipient was accepted and right before the text goes out: it writes
        down, durably, that from now on nobody knows. False means: do not send after all.
        """
        ...

    def close(self) -> None:
        """Say goodbye."""
        ...

    def hang_up(self) -> None:
        """Break off whatever is being waited for. May be called from another thread; `send` then gives its verdict."""
        ...


class Secrets(Protocol):
    """Where passwords are kept: the system's own keyring. Never the database, never a log."""

    def get(self, name: str) -> str | None:
        """A password, or None."""
        ...

    def put(self, name: str, secret: str) -> None:
        """Keep a password; "" forgets it. Raises `Unavailable` where the machine has no keyring."""
        ...


class Security(StrEnum):
    """How the wire is kept private."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """How to reach an SMTP or IMAP server. `user` "" means without signing in."""

    host: str
    port: int
    security: Security = Security.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    timeout_s: int = 30


class IncomingKind(StrEnum):
    """What a letter in the mailbox is. `AUTO`: out of office and the like, nobody wrote it."""

    REPLY = "reply"
    BOUNCE = "bounce"
    OPT_OUT = "opt_out"
    AUTO = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One letter found in the mailbox.

    `refers_to` are the Message-IDs it answers (In-Reply-To, References, or the one a bounce returns), newest
    first; `token` what stood behind the plus in the address it was sent to. `text` is what they wrote, without
    what they quoted; `answers` the numbered ones among it, by number. Of a bounce: `address` it failed for,
    `permanent`, and `words`, why.
    """

    kind: IncomingKind
    message_id: str
    from_address: str = ""
    from_name: str = ""
    subject: str = ""
    text: str = ""
    sent_at: datetime | None = None
    refers_to: tuple[str, ...] = ()
    token: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    address: str = ""
    permanent: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class MailboxMark:
    """How far a mailbox has been read: everything up to `uid` under this `validity` (RFC 3501, UIDVALIDITY)."""

    validity: int = 0
    uid: int = 0


class Mailbox(Protocol):
    """A mailbox, looked into without changing it."""

    def newer(self, mark: MailboxMark) -> Iterator[tuple[MailboxMark, bytes]]:
        """Every message after `mark`, oldest first, with the mark to remember once it is dealt with.

        Raises `Unavailable` in words where the mailbox cannot be read.
        """
        ...
