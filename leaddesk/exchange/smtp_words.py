"""What a mail server said, judged and put into words for people."""

from __future__ import annotations

import re
import socket
import ssl
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from leaddesk.workflow.mail import Security, SendResult, Verdict

if TYPE_CHECKING:
    from leaddesk.workflow.mail import ServerSettings

WHERE = "Settings → Letters"
_LONGEST_REPLY = 400

_ABOUT_US = re.compile(
    r"\b5\.1\.[78]\b"  # RFC 3463: bad sender's address
    r"|\b5\.7\.(?:57|60|139)\b"  # Microsoft 365: not signed in, may not send as this sender, signing in switched off
    r"|sender (?:address )?(?:rejected|denied|not allowed|verify failed)"
    r"|relay(?:ing)? (?:access )?(?:denied|prohibited|not (?:permitted|allowed))|unable to relay"
    r"|authentication (?:is )?required|not (?:authenticated|logged in)"
    r"|client host .{0,80}(?:blocked|rejected)"
    r"|\b5\.4\.5\b|sending (?:quota|limit)",  # Google: as many letters as it takes in a day
    re.IGNORECASE,
)
"""Servers such as Postfix put off until RCPT or DATA what they hold against the sender or the connection. Taken for a
fault of the recipient it would strike out every letter in the outbox."""
_HUNG_UP = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
_TOO_LARGE = re.compile(r"\b[45]\.[23]\.[34]\b|\bsize\b|too (?:large|big|much)", re.IGNORECASE)


class Stage(StrEnum):
    """How far the talk with the server has come."""

    GREETING = "greeting"
    HELLO = "hello"
    ENCRYPT = "encrypt"
    SIGN_IN = "sign in"
    RESET = "reset"
    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's reply; `code` -1 is no SMTP."""

    code: int
    words: str

    def __str__(self) -> str:
        """As people see it, in one line."""
        return f"{self.code} {self.words}".strip() if self.code > 0 else self.words


def reply_of(code: int, said: bytes, *, secrets: tuple[str, ...] = ()) -> Reply:
    """The reply in one printable line; a server that echoes `secrets` does not get them into our words."""
    text = said.decode("utf-8", "replace")
    for secret in secrets:
        text = text.replace(secret, "…")
    printable = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    return Reply(code, " ".join(printable.split())[:_LONGEST_REPLY])


def judged(stage: Stage, reply: Reply, server: ServerSettings) -> SendResult:
    """What a reply other than the one hoped for means (RFC 5321 4.2.1: the first digit decides)."""
    if 400 <= reply.code < 500:
        return SendResult(
            Verdict.LATER, f"The mail server {server.host} cannot take it now: {reply.words or reply.code}", str(reply)
        )
    if 500 <= reply.code < 600:
        return SendResult(*_for_good(stage, reply, server), str(reply))
    if stage is Stage.TEXT:
        return uncertain(server, str(reply))
    if stage in (Stage.GREETING, Stage.HELLO):
        words = f"What answers at {server.host}, port {server.port}, is no mail server. Check both in {WHERE}."
        return SendResult(Verdict.HALT, words, str(reply))
    words = f"The mail server {server.host} gave an answer that makes no sense here: {reply}"
    return SendResult(Verdict.LATER, words, str(reply))


def uncertain(server: ServerSettings, reply: str = "") -> SendResult:
    """The text was handed over and nobody said that it arrived."""
    words = (
        f"The letter was handed to {server.host}, but no answer came: it may have been sent or not. "
        "Look into the mailbox before sending it again."
    )
    return SendResult(Verdict.UNCERTAIN, words, reply)


def unreachable(error: Exception, stage: Stage, server: ServerSettings) -> SendResult:
    """What broke on the wire before any text was handed over."""
    host, port = server.host, server.port
    if isinstance(error, ssl.SSLCertVerificationError):
        words = (
            f"{host} could not prove that it is {host}: {error.verify_message}. "
            f"Check the server's name in {WHERE}, or ask whoever runs it to renew its certificate."
        )
        return SendResult(Verdict.HALT, words)
    if isinstance(error, ssl.SSLError) and not isinstance(error, _HUNG_UP):
        words = f"{host} does not speak TLS at port {port} ({error.reason}). Check port and encryption in {WHERE}."
        return SendResult(Verdict.HALT, words)
    if isinstance(error, (socket.gaierror, ValueError)):
        words = f"The mail server {host} was not found. Check its name in {WHERE} and the connection to the internet."
    elif isinstance(error, ConnectionRefusedError):
        words = f"Nothing answers at {host}, port {port}. Check both in {WHERE}; the server may be down for a while."
    elif isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        words = f"The mail server {host} did not answer within {server.timeout_s} seconds.{_hint(stage, server)}"
    else:
        words = f"The connection to the mail server {host} broke off ({stage.value}).{_hint(stage, server)}"
    return SendResult(Verdict.LATER, words)


def mechanisms_unknown(server: ServerSettings, offered: str) -> SendResult:
    """No way of signing in that a password is good for."""
    if not offered:
        words = f"{server.host} offers no signing in at port {server.port}. Check port and encryption in {WHERE}."
    else:
        words = f"{server.host} takes no passwords (it offers {offered}). Ask whoever runs it for an app password."
    return SendResult(Verdict.HALT, words)


def too_large(server: ServerSettings, size: int, most: int) -> SendResult:
    """`size` and `most` in octets."""
    words = (
        f"The letter has {size / 1e6:.1f} MB, and {server.host} takes no more than {most / 1e6:.1f} MB. "
        "Attach a smaller file."
    )
    return SendResult(Verdict.NEVER, words)


def _hint(stage: Stage, server: ServerSettings) -> str:
    """Port 465 keeps silent until it is spoken to in TLS."""
    if stage is Stage.GREETING and server.security is not Security.TLS and server.port == 465:
        return f" Port 465 wants TLS from the start: choose it in {WHERE}."
    return ""


def _for_good(stage: Stage, reply: Reply, server: ServerSettings) -> tuple[Verdict, str]:
    host, said = server.host, reply.words or str(reply.code)
    if stage is Stage.SIGN_IN:
        return (
            Verdict.HALT,
            f"The mail server {host} did not accept the password of {server.user}. Check it in {WHERE}.",
        )
    if stage is Stage.ENCRYPT:
        return Verdict.HALT, f"The mail server {host} refused to encrypt: {said}. Check the port in {WHERE}."
    if stage in (Stage.GREETING, Stage.HELLO, Stage.RESET):
        return Verdict.HALT, f"The mail server {host} does not take letters from here: {said}"
    if stage is Stage.SENDER and (reply.code == 552 or _TOO_LARGE.search(reply.words)):
        return Verdict.NEVER, f"The mail server {host} finds the letter too large: {said}"
    if reply.code == 530:
        return Verdict.HALT, f"The mail server {host} wants a user and a password. Enter them in {WHERE}."
    if stage is Stage.SENDER or _ABOUT_US.search(reply.words):
        return Verdict.HALT, f"The mail server {host} takes no letters from you: {said}"
    if stage is Stage.RECIPIENT:
        return Verdict.NEVER, f"The mail server {host} does not take letters for this address: {said}"
    return Verdict.NEVER, f"The mail server {host} refused the letter: {said}"
