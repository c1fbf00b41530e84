"""Letters handed to a mail server (RFC 5321), one command at a time, so that it is known where it broke.

The standard library keeps the wire and reads the replies; which command is due, and what a broken wire means at that
point, is decided here. Nothing is logged, and no exception that leaves this module was near a password.
"""

from __future__ import annotations

import base64
import contextlib
import re
import smtplib
import socket
import ssl
from typing import TYPE_CHECKING

from leaddesk.exchange.loopback import is_loopback
from leaddesk.exchange.mail_message import envelope_of, mail_address, message_of, only_international
from leaddesk.exchange.smtp_words import (
    WHERE,
    Stage,
    judged,
    mechanisms_unknown,
    reply_of,
    too_large,
    uncertain,
    unreachable,
)
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.mail import Security, SendResult, Verdict
from leaddesk.workflow.ports import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from leaddesk.workflow.mail import Outgoing, ServerSettings
    from leaddesk.workflow.ports import Clock

LETTERS_PER_CONNECTION = 50
"""Then the connection is renewed: many servers drop one that has brought 100."""
PATIENCE_S = 600
"""How long the reply to the text is waited for: RFC 5321 4.5.3.2.6. Giving up sooner makes letters uncertain."""

_BROKEN = (smtplib.SMTPException, OSError, ValueError)
"""What a wire breaks with; ValueError (and UnicodeError) are hosts that cannot be asked for."""
_PIECE = 65536
_FAREWELL_S = 5


class _Stop(Exception):
    """The talk is over. `gone`: so is the connection, and a fresh one might do better."""

    def __init__(self, result: SendResult, *, gone: bool) -> None:
        super().__init__(result.words)
        self.result = result
        self.gone = gone


class SmtpServer:
    """A `MailServer` reached by SMTP. Belongs to one thread, but for `hang_up`."""

    def __init__(
        self,
        server: ServerSettings,
        clock: Clock,
        *,
        context: ssl.SSLContext | None = None,
        letters_per_connection: int = LETTERS_PER_CONNECTION,
        patience_s: float = PATIENCE_S,
    ) -> None:
        """`context` is for an authority of one's own; without, those the machine trusts are trusted.

        `patience_s` is how long the reply to the text is waited for, the settings' time goes for everything else.
        """
        self._server = server
        self._clock = clock
        self._context = context
        self._most = letters_per_connection
        self._patience_s = patience_s
        self._wire: smtplib.SMTP | None = None
        self._letters = 0

    def __repr__(self) -> str:
        """Where to, without the password."""
        return f"SmtpServer({self._server.host}:{self._server.port})"

    def send(self, letter: Outgoing, about_to_send: Callable[[], bool]) -> SendResult:
        """Hand one letter over, see `MailServer.send`. A header that cannot be is NEVER, with nothing sent.

        LATER with an empty `reply` means that the server was not reached, or went away: the next letter will fare
        no better. What `about_to_send` raises is passed on, with nothing sent.
        """
        try:
            sender, recipient = envelope_of(letter)
            text = message_of(letter, self._clock.now(), international=True)
        except Refused as no:
            ours = (no.field or "").startswith("sender")  # and so in every other letter
            return SendResult(Verdict.HALT if ours else Verdict.NEVER, no.words)
        try:
            wire = self._accepted(letter, sender, recipient, len(text))
            if not about_to_send():
                self._take_back(wire)
                return SendResult(Verdict.WITHDRAWN, "Taken back before it was sent.")
            self._command(wire, Stage.DATA, "DATA", 354)
            return self._hand_over(wire, text)
        except _Stop as stop:
            if stop.gone or stop.result.verdict is Verdict.HALT:
                self._drop()
            return stop.result
        except BaseException:
            self._drop()
            raise

    def check(self, sender_address: str = "") -> SendResult:
        """Whether the server takes us, and the sender: SENT if it does. No letter is sent."""
        try:
            sender = mail_address("sender", sender_address) if sender_address else ""
            wire = self._open()
            if sender:
                self._command(wire, Stage.SENDER, f"MAIL FROM:<{sender}>", 250)
            self._command(wire, Stage.RESET, "RSET", 250)
        except Refused as no:
            return SendResult(Verdict.HALT, no.words)
        except _Stop as stop:
            self._drop()
            return stop.result
        self.close()
        return SendResult(Verdict.SENT, f"The mail server {self._server.host} takes your letters.")

    def close(self) -> None:
        """Say goodbye, without waiting long for an answer."""
        wire, self._wire = self._wire, None
        if wire is None:
            return
        with contextlib.suppress(*_BROKEN):
            if wire.sock:
                wire.sock.settimeout(min(_FAREWELL_S, self._server.timeout_s))
            wire.docmd("QUIT")
        wire.close()

    def hang_up(self) -> None:
        """Break off whatever is being waited for. May be called from another thread; `send` then gives its verdict."""
        wire = self._wire
        if wire is not None and isinstance(wire.sock, socket.socket):
            with contextlib.suppress(OSError):
                # Below TLS, whose own state belongs to the other thread.
                socket.socket.shutdown(wire.sock, socket.SHUT_RDWR)

    def _accepted(self, letter: Outgoing, sender: str, recipient: str, size: int) -> smtplib.SMTP:
        """A connection on which sender and recipient were accepted. A kept one may turn out to be dead: once more."""
        kept = self._wire is not None and self._letters < self._most
        try:
            return self._envelope(self._again() if kept else self._open(), letter, sender, recipient, size)
        except _Stop as stop:
            if not kept or not stop.gone:
                raise
        return self._envelope(self._open(), letter, sender, recipient, size)

    def _envelope(self, wire: smtplib.SMTP, letter: Outgoing, sender: str, recipient: str, size: int) -> smtplib.SMTP:
        options = ""
        if wire.has_extn("size"):
            most = wire.esmtp_features["size"]
            if most.isdecimal() and 0 < int(most) < size:
                raise _Stop(too_large(self._server, size, int(most)), gone=False)
            options = f" SIZE={size}"
        if only_international(letter):
            if not wire.has_extn("smtputf8"):
                ours = not sender.isascii()
                words = only_international(letter)
                raise _Stop(SendResult(Verdict.HALT if ours else Verdict.NEVER, words), gone=False)
            options += " SMTPUTF8 BODY=8BITMIME"
            wire.command_encoding = "utf-8"
        self._command(wire, Stage.SENDER, f"MAIL FROM:<{sender}>{options}", 250)
        self._command(wire, Stage.RECIPIENT, f"RCPT TO:<{recipient}>", 250, 251, 252)
        return wire

    def _hand_over(self, wire: smtplib.SMTP, text: bytes) -> SendResult:
        """The text, and then the dot that ends it.

        Without the dot a server must throw the text away (RFC 5321 4.1.1.4), so what breaks before is LATER. What
        breaks from the dot on, before a reply was read, is UNCERTAIN.
        """
        sock = wire.sock
        if sock is None:
            raise _Stop(unreachable(ConnectionError(), Stage.TEXT, self._server), gone=True)
        stuffed = re.sub(rb"(?m)^\.", b"..", text)
        try:
            for start in range(0, len(stuffed), _PIECE):  # a slow wire may take its time for each piece
                sock.sendall(stuffed[start : start + _PIECE])
        except OSError as error:
            raise _Stop(self._broken_text(wire, error), gone=True) from None
        try:
            sock.settimeout(self._patience_s)
            sock.sendall(b".\r\n")
            reply = reply_of(*wire.getreply())
            if wire.sock:
                wire.sock.settimeout(self._server.timeout_s)
        except _BROKEN:
            raise _Stop(uncertain(self._server), gone=True) from None
        self._letters += 1
        if 200 <= reply.code < 300:
            return SendResult(Verdict.SENT, "", str(reply))
        result = judged(Stage.TEXT, reply, self._server)
        raise _Stop(result, gone=reply.code == 421 or result.verdict is Verdict.UNCERTAIN)

    def _broken_text(self, wire: smtplib.SMTP, error: OSError) -> SendResult:
        """Servers that hang up on a text often say why first."""
        if not isinstance(error, TimeoutError):
            with contextlib.suppress(*_BROKEN):
                reply = reply_of(*wire.getreply())
                if 400 <= reply.code < 600:
                    return judged(Stage.TEXT, reply, self._server)
        return unreachable(error, Stage.TEXT, self._server)

    def _take_back(self, wire: smtplib.SMTP) -> None:
        try:
            self._command(wire, Stage.RESET, "RSET", 250)
        except _Stop:
            self._drop()

    def _again(self) -> smtplib.SMTP:
        """The kept connection, swept clean: the only way to learn that it is still there."""
        wire = self._wire
        if wire is None:
            return self._open()
        wire.command_encoding = "ascii"
        try:
            self._command(wire, Stage.RESET, "RSET", 250)
        except _Stop as stop:
            raise _Stop(stop.result, gone=True) from None
        return wire

    def _open(self) -> smtplib.SMTP:
        """A new connection, greeted, encrypted and signed in; one that got only half way there is not kept."""
        self.close()
        self._check_settings()
        wire = smtplib.SMTP(local_hostname="localhost", timeout=self._server.timeout_s)  # else it asks the network
        self._wire, self._letters = wire, 0
        try:
            self._connect(wire)
            if self._server.user:
                self._sign_in(wire)
        except _Stop:
            self._drop()
            raise
        return wire

    def _check_settings(self) -> None:
        """What no server needs to be asked for."""
        server = self._server
        if not server.host.strip() or not 0 < server.port < 65536:
            words = f"No mail server is known to send through. Enter its name and port in {WHERE}."
            raise _Stop(SendResult(Verdict.HALT, words), gone=True)
        if server.user and server.security is Security.NONE and not is_loopback(server.host):
            words = f"Your password would go to {server.host} unencrypted. Choose STARTTLS or TLS in {WHERE}."
            raise _Stop(SendResult(Verdict.HALT, words), gone=True)
        if server.user and not server.password:
            words = f"There is no password for {server.user} at {server.host}. Enter it in {WHERE}."
            raise _Stop(SendResult(Verdict.HALT, words), gone=True)

    def _connect(self, wire: smtplib.SMTP) -> None:
        server, stage = self._server, Stage.GREETING
        try:
            sock = socket.create_connection((server.host, server.port), server.timeout_s)
            wire.sock = sock
            # The dot that ends a letter is a small packet of its own: it must not wait for others.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if server.security is Security.TLS:
                wire.sock = self._encrypted(sock)
            self._expect(Stage.GREETING, wire.getreply(), 220)
            stage = Stage.HELLO
            self._hello(wire)
            if server.security is Security.STARTTLS:
                stage = Stage.ENCRYPT
                self._start_tls(wire)
        except _BROKEN as error:
            raise _Stop(unreachable(error, stage, server), gone=True) from None

    def _hello(self, wire: smtplib.SMTP) -> None:
        address = wire.sock.getsockname()[0].partition("%")[0] if wire.sock else "127.0.0.1"
        self._expect(Stage.HELLO, wire.ehlo(f"[IPv6:{address}]" if ":" in address else f"[{address}]"), 250)

    def _start_tls(self, wire: smtplib.SMTP) -> None:
        host = self._server.host
        if not wire.has_extn("starttls") or wire.sock is None:
            words = f"{host} offers no encryption at port {self._server.port}. Check port and encryption in {WHERE}."
            raise _Stop(SendResult(Verdict.HALT, words), gone=True)
        self._expect(Stage.ENCRYPT, wire.docmd("STARTTLS"), 220)
        wire.sock = self._encrypted(wire.sock)
        wire.file = None  # what was said in the open, or slipped in behind it, is forgotten (RFC 3207 4.2)
        self._hello(wire)

    def _encrypted(self, sock: socket.socket) -> ssl.SSLSocket:
        context = self._context or ssl.create_default_context()
        return context.wrap_socket(sock, server_hostname=self._server.host)

    def _sign_in(self, wire: smtplib.SMTP) -> None:
        """PLAIN (RFC 4616), else LOGIN, both in UTF-8, which smtplib's own would not take."""
        user, secret = self._server.user, self._server.password
        offered = wire.esmtp_features.get("auth", "").upper().split()
        plain = _b64(f"\0{user}\0{secret}")
        ways = {"PLAIN": [f"AUTH PLAIN {plain}"], "LOGIN": ["AUTH LOGIN", _b64(user), _b64(secret)]}
        result = mechanisms_unknown(self._server, " ".join(dict.fromkeys(offered)))
        for way in (name for name in ways if name in offered):
            try:
                for line in ways[way]:
                    code, said = wire.docmd(line)
                    if code != 334:
                        break
            except _BROKEN as error:
                raise _Stop(unreachable(error, Stage.SIGN_IN, self._server), gone=True) from None
            if code == 235:
                return
            result = judged(Stage.SIGN_IN, reply_of(code, said, secrets=(plain, _b64(secret), secret)), self._server)
            if code not in range(500, 505):  # a wrong password is wrong in any way; trying on locks people out
                break
        raise _Stop(result, gone=True)

    def _command(self, wire: smtplib.SMTP, stage: Stage, line: str, *hoped_for: int) -> None:
        try:
            answer = wire.docmd(line)
        except _BROKEN as error:
            raise _Stop(unreachable(error, stage, self._server), gone=True) from None
        self._expect(stage, answer, *hoped_for)

    def _expect(self, stage: Stage, answer: tuple[int, bytes], *hoped_for: int) -> None:
        if answer[0] not in hoped_for:
            gone = not 400 <= answer[0] < 600 or answer[0] == 421
            raise _Stop(judged(stage, reply_of(*answer), self._server), gone=gone)

    def _drop(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()


def check(server: ServerSettings, *, sender_address: str = "", context: ssl.SSLContext | None = None) -> SendResult:
    """For a button “Test connection”: SENT if the server takes us. Raises nothing, sends no letter."""
    return SmtpServer(server, SystemClock(), context=context).check(sender_address)


def _b64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8")).decode("ascii")
