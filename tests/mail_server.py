"""A real SMTP server on loopback that can be told to misbehave, for every test that sends letters.

    with LoopbackSmtp() as server:
        server.on(Step.RCPT, "550 5.1.1 No such user", to="gone@x.example")   # refuse one address, for ever
        server.on(Step.DATA, "451 4.3.0 Try later", times=1)                  # refuse once, take it the next time
        server.on(Step.DOT, drop=True, times=1)                               # take the letter, and never say so
        server.on(Step.MAIL, drop=True, skip=3)                               # hang up at the fourth letter
        ... LeadDesk sends to server.host, server.port, in this process or in a child ...
        assert [m.to for m in server.messages] == [...]

It is aiosmtpd in a thread of this process, so it lives on when a child process is killed:

        server.on(Step.DOT, stall=True)      # the text is there, no reply is given
        child = subprocess.Popen(…)
        server.wait_for(Step.DOT)            # the child has handed a letter over
        child.kill()                         # now nobody knows; at the next start it must be uncertain
        server.forgive()                     # from here on the server behaves
        assert len(server.messages) == 1     # and still 1 after LeadDesk was started again

What counts as arrived: `messages` holds every text of which the dot that ends it was seen, unless the server refused
it at `Step.DOT`. So a letter dropped or stalled at DOT has arrived, as it may in life, and one cut in `Step.TEXT` has
not. `seen` counts each step, `commands` lists them in order.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

DATA = Path(__file__).parent / "data" / "mail"
PASSWORD = "пароль-s3cret"


class Step(StrEnum):
    """Where the server can be told to misbehave, in the order of a session."""

    CONNECT = "connect"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"  # the command
    TEXT = "text"  # after 354 and some 300 octets of text, hangs up whatever it is told
    DOT = "dot"  # the whole text was read, the reply is due
    RSET = "rset"
    QUIT = "quit"


@dataclass(frozen=True)
class Received:
    """A letter that arrived: its envelope and its octets, without what SMTP adds."""

    sender: str
    to: str
    content: bytes
    user: str = ""
    encrypted: bool = False
    options: tuple[str, ...] = ()

    def parsed(self) -> EmailMessage:
        """As a mail program reads it."""
        message = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message


@dataclass
class _Trick:
    """`reply` is said instead of the right one; a 421 or 221 hangs up after it, and so does `drop` with a reply."""

    step: Step
    reply: str
    drop: bool
    stall: bool
    to: str
    skip: int
    left: float = field(default=float("inf"))


class LoopbackSmtp:
    """See the module. All public names may be used from any thread."""

    host = "127.0.0.1"
    port = 0

    def __init__(
        self,
        *,
        starttls: bool = False,
        smtps: bool = False,
        certificate: str = "server",
        user: str = "",
        password: str = PASSWORD,
        mechanisms: tuple[str, ...] = ("PLAIN", "LOGIN"),
        auth_without_tls: bool = False,
        smtputf8: bool = False,
        largest: int = 33_554_432,
    ) -> None:
        """`user` makes signing in compulsory. `certificate` names a file of tests/data/mail. `largest` in octets."""
        self.user = user
        self.password = password
        self.messages: list[Received] = []
        self.commands: list[Step] = []
        self.connections = 0
        self._tricks: list[_Trick] = []
        self._change = threading.Condition()
        self._context = _server_context(certificate) if starttls or smtps else None
        self._implicit = smtps
        self._options: dict[str, Any] = {
            "hostname": "loopback.example",
            "enable_SMTPUTF8": smtputf8,
            "tls_context": self._context if starttls else None,
            "auth_require_tls": not (auth_without_tls or smtps),
            "auth_exclude_mechanism": [way for way in ("PLAIN", "LOGIN") if way not in mechanisms],
            "authenticator": self._authenticated,
            "data_size_limit": largest,
        }
        self._sessions: set[_Session] = set()
        self._loop = asyncio.new_event_loop()
        self._forgiven = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_forever, name="loopback-smtp", daemon=True)

    def on(
        self,
        step: Step,
        reply: str = "",
        *,
        drop: bool = False,
        stall: bool = False,
        to: str = "",
        skip: int = 0,
        times: float = float("inf"),
    ) -> None:
        """Misbehave at `step`: say `reply`, hang up, or stall until `forgive` (then it goes on as if nothing were).

        `to` only for a recipient (RCPT, DATA, TEXT, DOT), `skip` not the first so many times, `times` no more often.
        """
        with self._change:
            self._tricks.append(_Trick(step, reply, drop, stall, to.casefold(), skip, times))

    def forgive(self) -> None:
        """Behave from now on, and let go of what was stalled."""
        with self._change:
            self._tricks.clear()
        self._loop.call_soon_threadsafe(self._forgiven.set)

    def seen(self, step: Step) -> int:
        """How often a step was reached, in all connections."""
        return self.commands.count(step)

    def wait_for(self, step: Step, times: int = 1, timeout_s: float = 30) -> None:
        """Wait until a step was reached so often. Fails the test if it is not."""
        with self._change:
            reached = self._change.wait_for(lambda: self.seen(step) >= times, timeout_s)
        assert reached, f"{step} was reached {self.seen(step)} times, not {times}: {self.commands}"

    def wait_for_commands(self, count: int, timeout_s: float = 30) -> None:
        """Wait until so many commands came in all. Fails the test if they do not."""
        with self._change:
            reached = self._change.wait_for(lambda: len(self.commands) >= count, timeout_s)
        assert reached, f"{len(self.commands)} commands came, not {count}"

    def letters_to(self, address: str) -> list[Received]:
        """What arrived for one address."""
        return [letter for letter in self.messages if letter.to == address]

    def __enter__(self) -> Self:
        """Listen at a free port."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(30)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hang up on everybody."""
        self.stop()

    def stop(self) -> None:
        """Stop listening: from now on connections are refused."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)
        self._loop.close()

    async def _start(self) -> None:
        encrypted = self._context if self._implicit else None
        self._listener = await self._loop.create_server(lambda: _Session(self), self.host, 0, ssl=encrypted)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        self._listener.close()
        while self._sessions:
            for session in list(self._sessions):
                if session.transport is not None:
                    session.transport.abort()
            await asyncio.sleep(0)
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _authenticated(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth_data: Any
    ) -> AuthResult:
        assert isinstance(auth_data, LoginPassword)
        right = auth_data.login == self.user.encode() and auth_data.password == self.password.encode()
        return AuthResult(success=right, handled=False, auth_data=self.user)

    def _reached(self, step: Step, to: str) -> _Trick | None:
        with self._change:
            self.commands.append(step)
            self._change.notify_all()
            for trick in self._tricks:
                if trick.step is step and trick.left > 0 and trick.to in ("", to.casefold()):
                    if trick.skip:
                        trick.skip -= 1
                        continue
                    trick.left -= 1
                    return trick
        return None


class _Session(SMTP):
    """One connection. aiosmtpd finds its commands by name (smtp_*), which is where the tricks come in."""

    def __init__(self, home: LoopbackSmtp) -> None:
        self._home = home
        super().__init__(self, loop=home._loop, **home._options)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A connection, or the same one again when it was encrypted."""
        self._home._sessions.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._home._sessions.discard(self)
        super().connection_lost(error)

    async def _handle_client(self) -> None:
        self._home.connections += 1
        if not await self._tricked(Step.CONNECT):
            await super()._handle_client()

    async def smtp_EHLO(self, arg: str) -> None:
        if not await self._tricked(Step.EHLO):
            await super().smtp_EHLO(arg)

    async def smtp_STARTTLS(self, arg: str) -> None:
        if not await self._tricked(Step.STARTTLS):
            await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg: str) -> None:
        if not await self._tricked(Step.AUTH):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:
        if await self._tricked(Step.MAIL):
            return
        if self._home.user and not self.session.authenticated:
            await self.push("530 5.7.0 Authentication required")
            return
        await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        address = (arg or "").partition("<")[2].partition(">")[0]
        if not await self._tricked(Step.RCPT, address):
            await super().smtp_RCPT(arg)

    async def smtp_RSET(self, arg: str) -> None:
        if not await self._tricked(Step.RSET):
            await super().smtp_RSET(arg)

    async def smtp_QUIT(self, arg: str) -> None:
        if not await self._tricked(Step.QUIT):
            await super().smtp_QUIT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if await self._tricked(Step.DATA, self._to()):
            return
        trick = self._home._reached(Step.TEXT, self._to())
        if trick:
            await self.push("354 Go on")
            await self._reader.readexactly(300)
            await self._play(trick)
            self.transport.abort()
            return
        await super().smtp_DATA(arg)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """The dot was read: what to say."""
        trick = self._home._reached(Step.DOT, self._to())
        if trick and trick.reply:
            if trick.drop or trick.reply.startswith("421"):
                self._home._loop.call_soon(self.transport.close)
            return trick.reply
        user = session.auth_data if session.authenticated else ""
        content = bytes(envelope.original_content or b"")
        encrypted = self.transport.get_extra_info("ssl_object") is not None
        options = tuple(envelope.mail_options)
        received = Received(envelope.mail_from or "", self._to(), content, user, encrypted, options)
        self._home.messages.append(received)
        if trick:
            await self._play(trick)
        return "250 2.0.0 Taken"

    def _to(self) -> str:
        return self.envelope.rcpt_tos[0] if self.envelope and self.envelope.rcpt_tos else ""

    async def _tricked(self, step: Step, to: str = "") -> bool:
        trick = self._home._reached(step, to)
        return trick is not None and await self._play(trick)

    async def _play(self, trick: _Trick) -> bool:
        """Whether the command was dealt with."""
        if trick.stall:
            await self._home._forgiven.wait()
            return False
        if trick.reply:
            await self.push(trick.reply)
            if not trick.drop and not trick.reply.startswith(("421", "221")):
                return True
            self.transport.close()
        else:
            self.transport.abort()
        return await self._home._loop.create_future()  # cancelled when the connection is gone


def client_context() -> ssl.SSLContext:
    """Trusts the authority that signed the certificates of tests/data/mail, and nobody else."""
    return ssl.create_default_context(cafile=str(DATA / "authority.pem"))


def _server_context(certificate: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(DATA / f"{certificate}.pem")
    return context
