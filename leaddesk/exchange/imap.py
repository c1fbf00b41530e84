"""A mailbox looked into by IMAP (RFC 3501) without changing anything in it.

The folder is opened by EXAMINE and letters are fetched by PEEK, so nothing becomes seen and nothing stops being recent.
No exception that leaves this module was near a password.
"""

from __future__ import annotations

import base64
import contextlib
import imaplib
import re
import socket
import ssl
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from leaddesk.exchange.loopback import is_loopback
from leaddesk.workflow.errors import Unavailable
from leaddesk.workflow.mail import MailboxMark, Security

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leaddesk.workflow.mail import ServerSettings
    from leaddesk.workflow.ports import Clock

WHOLE_BYTES = 5_000_000
"""A larger letter is not fetched whole: its size is that of attachments nobody reads here."""
BEGINNING_BYTES = 204_800
FIRST_DAYS = 14
"""How far back a mailbox is read that was never read before, or whose numbers are no longer the ones we know."""
_WHERE = "Settings → Letters"
_SIZES, _LETTERS, _BATCH_BYTES = 500, 20, 4_000_000
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_BROKEN = (imaplib.IMAP4.error, OSError, ValueError)
"""What a wire breaks with; ValueError (and UnicodeError) are hosts that cannot be asked for and answers that are none."""
_UID = re.compile(rb"\bUID (\d+)", re.IGNORECASE)
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)", re.IGNORECASE)


class ImapMailbox:
    """A `Mailbox` reached by IMAP. Belongs to one thread, but for `hang_up`."""

    def __init__(
        self,
        server: ServerSettings,
        clock: Clock,
        *,
        folder: str = "INBOX",
        first_days: int = FIRST_DAYS,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """`context` is for certificates of one's own authority; the machine's are trusted without."""
        self._server = server
        self._clock = clock
        self._folder = folder or "INBOX"
        self._first_days = first_days
        self._context = context
        self._wire: imaplib.IMAP4 | None = None

    def __repr__(self) -> str:
        """Where, without the password."""
        return f"ImapMailbox({self._server.host}:{self._server.port}, {self._folder!r})"

    def newer(self, mark: MailboxMark) -> Iterator[tuple[MailboxMark, bytes]]:
        """Every letter after `mark`, see `Mailbox.newer`. The connection lives as long as the iteration.

        A mailbox that was made anew (another UIDVALIDITY) is read from `first_days` ago, as one never read: letters
        come a second time then, and are known by their Message-ID.
        """
        with self._opened() as wire, self._in_words():
            validity, following = self._examine(wire)
            anew = not mark.uid or mark.validity != validity
            if not anew and 0 < following <= mark.uid + 1:
                return
            found = self._search(wire, "SINCE", self._first_day()) if anew else self._later(wire, mark.uid)
            for start in range(0, len(found), _SIZES):
                for uid, message in self._fetch(wire, found[start : start + _SIZES]):
                    yield MailboxMark(validity, uid), message

    def check(self) -> str:
        """Sign in and open the folder; return words for people. Raises `Unavailable` in words where that fails."""
        with self._opened() as wire, self._in_words():
            self._examine(wire)
            count = _number(wire, "EXISTS")
        letters = "one letter" if count == 1 else f"{count} letters"
        return f"The mailbox at {self._server.host} can be read: {letters} in {self._folder}."

    def hang_up(self) -> None:
        """Break off whatever is being waited for. May be called from another thread; `newer` then is `Unavailable`."""
        wire = self._wire
        if wire is not None:
            with contextlib.suppress(OSError, AttributeError):
                # Below TLS, whose own state belongs to the other thread.
                socket.socket.shutdown(wire.sock, socket.SHUT_RDWR)

    # -- reading -------------------------------------------------------------------------------------------------------

    def _examine(self, wire: imaplib.IMAP4) -> tuple[int, int]:
        """Open the folder to look only; return its UIDVALIDITY and UIDNEXT, 0 where the server keeps quiet."""
        verdict, said = wire.select(_quoted(folder_name(self._folder)), readonly=True)
        if verdict != "OK":
            host = self._server.host
            raise Unavailable(
                f"There is no folder “{self._folder}” in the mailbox at {host}, or it may not be read: {self._said(said)}. "
                f"Check its name in {_WHERE}."
            )
        return _number(wire, "UIDVALIDITY"), _number(wire, "UIDNEXT")

    def _first_day(self) -> str:
        """A day more than asked for: servers count days in zones of their own."""
        day = self._clock.now() - timedelta(days=self._first_days + 1)
        return f"{day.day:02d}-{_MONTHS[day.month - 1]}-{day.year}"

    def _later(self, wire: imaplib.IMAP4, uid: int) -> list[int]:
        """The numbers after `uid`. "n:*" always names the last letter, also where its number is smaller than n."""
        return [found for found in self._search(wire, "UID", f"{uid + 1}:*") if found > uid]

    def _search(self, wire: imaplib.IMAP4, *criteria: str) -> list[int]:
        verdict, said = wire.uid("SEARCH", *criteria)
        if verdict != "OK":
            raise Unavailable(f"The mailbox at {self._server.host} cannot be searched: {self._said(said)}")
        return sorted({int(number) for line in said if line for number in line.split()})

    def _fetch(self, wire: imaplib.IMAP4, uids: list[int]) -> Iterator[tuple[int, bytes]]:
        """The letters with these numbers, in order, several at a time. What was deleted meanwhile is passed over."""
        sizes = self._sizes(wire, uids)
        for batch, what in _batches(sizes):
            verdict, said = wire.uid("FETCH", ",".join(map(str, batch)), f"(UID {what})")
            if verdict != "OK":
                raise Unavailable(
                    f"The mailbox at {self._server.host} does not hand out its letters: {self._said(said)}"
                )
            bodies = _bodies(said)
            for uid in batch:
                if uid in bodies:
                    yield uid, bodies[uid]

    def _sizes(self, wire: imaplib.IMAP4, uids: list[int]) -> dict[int, int]:
        verdict, said = wire.uid("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)")
        if verdict != "OK":
            raise Unavailable(f"The mailbox at {self._server.host} does not list its letters: {self._said(said)}")
        sizes = {}
        for line in said:
            uid, size = (pattern.search(line) if isinstance(line, bytes) else None for pattern in (_UID, _SIZE))
            if uid and size:
                sizes[int(uid.group(1))] = int(size.group(1))
        return {uid: sizes[uid] for uid in uids if uid in sizes}

    # -- connecting ----------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        """A connection that is signed in; a broken one is left without a goodbye, which nobody would answer."""
        self._check_settings()
        self._wire = wire = self._connect()
        try:
            self._sign_in(wire)
            yield wire
        except GeneratorExit:
            self._leave(wire)
            raise
        except BaseException:
            self._drop(wire)
            raise
        else:
            self._leave(wire)

    def _check_settings(self) -> None:
        """What no server needs to be asked for."""
        server = self._server
        if not server.host.strip() or not 0 < server.port < 65536:
            raise Unavailable(f"No mailbox to read answers from is known. Enter its server and port in {_WHERE}.")
        if not server.user or not server.password:
            raise Unavailable(f"A mailbox needs a user and a password. Enter both in {_WHERE}.")
        if server.security is Security.NONE and not is_loopback(server.host):
            raise Unavailable(
                f"Your password would go to {server.host} unencrypted. Choose STARTTLS or TLS in {_WHERE}."
            )

    def _connect(self) -> imaplib.IMAP4:
        server = self._server
        context = self._context or ssl.create_default_context()
        with self._in_words():
            if server.security is Security.TLS:
                return imaplib.IMAP4_SSL(server.host, server.port, ssl_context=context, timeout=server.timeout_s)
            wire = imaplib.IMAP4(server.host, server.port, timeout=server.timeout_s)
            if server.security is Security.NONE:
                return wire
            if "STARTTLS" not in wire.capabilities:
                self._leave(wire)
                raise Unavailable(
                    f"{server.host} offers no encryption at port {server.port}. Check port and encryption in {_WHERE}."
                )
            try:
                wire.starttls(context)
            except BaseException:
                self._drop(wire)
                raise
            return wire

    def _sign_in(self, wire: imaplib.IMAP4) -> None:
        """PLAIN in UTF-8 (RFC 4616), else LOGIN, which knows ASCII only. Raises `Unavailable` in words."""
        server = self._server
        plain = f"\0{server.user}\0{server.password}".encode()
        offers_plain = "AUTH=PLAIN" in wire.capabilities
        if not offers_plain and ("LOGINDISABLED" in wire.capabilities or not plain.isascii()):
            raise Unavailable(f"{server.host} takes no passwords here. Ask whoever runs it for an app password.")
        try:
            with self._in_words():
                if offers_plain:
                    wire.authenticate("PLAIN", lambda _challenge: plain)
                else:
                    wire.login(_quoted(server.user), server.password)
        except imaplib.IMAP4.error as error:
            words = self._said(error.args)
        else:
            return
        raise Unavailable(
            f"The mailbox at {server.host} did not accept the password of {server.user}: {words}. Check it in {_WHERE}."
        )

    def _leave(self, wire: imaplib.IMAP4) -> None:
        with contextlib.suppress(*_BROKEN):
            wire.logout()
        self._drop(wire)

    def _drop(self, wire: imaplib.IMAP4) -> None:
        self._wire = None
        with contextlib.suppress(*_BROKEN):
            wire.shutdown()

    # -- words ---------------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _in_words(self) -> Iterator[None]:
        """Turn what wires and servers do into `Unavailable`; a refusal (`IMAP4.error` itself) while signing in passes."""
        server = self._server
        try:
            yield
        except Unavailable:
            raise
        except imaplib.IMAP4.abort as error:
            raise Unavailable(self._broken(error)) from None
        except imaplib.IMAP4.error as error:
            if self._wire is not None and self._wire.state == "NONAUTH":
                raise
            raise Unavailable(f"The mail server {server.host} refused: {self._said(error.args)}") from None
        except (OSError, ValueError) as error:
            raise Unavailable(self._unreachable(error)) from None

    def _broken(self, error: Exception) -> str:
        server = self._server
        cause = error.__context__
        while cause is not None and not isinstance(cause, OSError):
            cause = cause.__context__
        if cause is not None:
            return self._unreachable(cause)
        if "unexpected response" in str(error):
            return f"What answers at {server.host}, port {server.port}, is no mailbox (IMAP). Check both in {_WHERE}."
        return f"The connection to the mailbox at {server.host} broke off. The next attempt goes on where it was."

    def _unreachable(self, error: Exception) -> str:
        host, port = self._server.host, self._server.port
        if isinstance(error, ssl.SSLCertVerificationError):
            return (
                f"{host} could not prove that it is {host}: {error.verify_message}. "
                f"Check the server's name in {_WHERE}, or ask whoever runs it to renew its certificate."
            )
        if isinstance(error, ssl.SSLError) and not isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
            return f"{host} does not speak TLS at port {port} ({error.reason}). Check port and encryption in {_WHERE}."
        if isinstance(error, (socket.gaierror, UnicodeError)):
            return (
                f"The mail server {host} was not found. Check its name in {_WHERE} and the connection to the internet."
            )
        if isinstance(error, ConnectionRefusedError):
            return (
                f"Nothing answers at {host}, port {port}. Check both in {_WHERE}; the server may be down for a while."
            )
        if isinstance(error, TimeoutError):
            hint = ""
            if port == 993 and self._server.security is not Security.TLS:
                hint = f" Port 993 wants TLS from the start: choose it in {_WHERE}."
            return f"The mail server {host} did not answer within {self._server.timeout_s} seconds.{hint}"
        if isinstance(error, ValueError):
            return f"What {host} answers at port {port} makes no sense. Check both in {_WHERE}."
        return f"The connection to the mailbox at {host} broke off. The next attempt goes on where it was."

    def _said(self, said: Any) -> str:
        """The server's words in one line, without the password, which some echo."""
        words = " ".join(
            piece.decode("utf-8", "replace") if isinstance(piece, bytes) else str(piece) for piece in said if piece
        )
        secret = self._server.password
        for hidden in (secret, base64.b64encode(f"\0{self._server.user}\0{secret}".encode()).decode()):
            words = words.replace(hidden, "…") if hidden else words
        return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())[:300].rstrip(".")


def check(server: ServerSettings, clock: Clock, folder: str = "INBOX", *, context: ssl.SSLContext | None = None) -> str:
    """What a button "Test connection" says. Raises `Unavailable` in words."""
    return ImapMailbox(server, clock, folder=folder, context=context).check()


def folder_name(name: str) -> str:
    """A folder's name as IMAP writes it: "&" and what is not ASCII in modified UTF-7 (RFC 3501, 5.1.3)."""

    def shifted(run: re.Match[str]) -> str:
        if run.group() == "&":
            return "&-"
        signs = base64.b64encode(run.group().encode("utf-16-be", "surrogatepass")).decode("ascii")
        return f"&{signs.rstrip('=').replace('/', ',')}-"

    return re.sub(r"&|[^\x20-\x7e]+", shifted, name)


def _number(wire: imaplib.IMAP4, name: str) -> int:
    """What the server said of the folder it opened last, 0 where it kept quiet."""
    said = wire.untagged_responses.get(name) or [b"0"]
    return int(said[-1]) if isinstance(said[-1], bytes) else 0


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _batches(sizes: dict[int, int]) -> Iterator[tuple[list[int], str]]:
    """Which letters are asked for together, and what of them. Large ones come alone, and only their beginning."""
    batch: list[int] = []
    weight = 0
    for uid, size in sizes.items():
        large = size > WHOLE_BYTES
        if batch and (large or len(batch) == _LETTERS or weight + size > _BATCH_BYTES):
            yield batch, "BODY.PEEK[]"
            batch, weight = [], 0
        if large:
            yield [uid], f"BODY.PEEK[]<0.{BEGINNING_BYTES}>"
        else:
            batch, weight = [*batch, uid], weight + size
    if batch:
        yield batch, "BODY.PEEK[]"


def _bodies(said: list[Any]) -> dict[int, bytes]:
    """The letters in what FETCH answered: the number stands before the text or after it."""
    found = {}
    for index, piece in enumerate(said):
        if not isinstance(piece, tuple) or b"BODY[" not in piece[0].upper():
            continue
        following = said[index + 1] if index + 1 < len(said) and isinstance(said[index + 1], bytes) else b""
        uid = _UID.search(piece[0]) or _UID.search(following)
        if uid:
            found[int(uid.group(1))] = piece[1]
    return found
