"""One way to make a message (RFC 5322), whichever way out it takes: a mail server, a file, a mailto: link.

Headers are written here and not by the standard library's folding, which differs between versions of Python and has
been known to put encoded words into addresses. The parts below the headers are the standard library's.
"""

from __future__ import annotations

import re
import unicodedata
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote

from leaddesk.workflow.emails import parse_email
from leaddesk.workflow.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from leaddesk.workflow.mail import Attachment, Outgoing

LONGEST_MAILTO = 2000
"""Characters of a mailto: link: Windows hands a program no more than 2083, some programs take less."""

_UNPRINTABLE = ("Cc", "Cs", "Zl", "Zp")
"""Controls, halves of characters, line and paragraph separators: what may stand for a new line somewhere."""
_SEVEN_BIT = SMTP.clone(cte_type="7bit")
_LINE = 76
_ATOMS = re.compile(r"[\w!#$%&'*+\-/?^`{|}~ ]+", re.ASCII)
_MESSAGE_ID = re.compile(r"<[!-;=?A-~]{1,200}@[!-;=?A-~]{1,200}>")
_UNSUBSCRIBE = re.compile(r"(?:mailto|https):[!-;=?-~]{1,900}", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_MIME = re.compile(r"(?!message/|multipart/)[a-z0-9][\w.+-]*/[a-z0-9][\w.+-]*", re.ASCII | re.IGNORECASE)
_UNSAFE_IN_NAMES = re.compile('[<>:"/\\\\|?*\u202a-\u202e\u2066-\u2069]')
"""What no file system takes, and what turns a name around so that it seems to end otherwise."""
_RESERVED_NAME = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)
_CUT = "\r\n[…]"


def message_of(letter: Outgoing, date: datetime, *, unsent: bool = False, international: bool = False) -> bytes:
    """The letter as it travels: CRLF, 7 bit, no line over 998 octets, the same bytes for the same letter and date.

    `unsent` makes a draft, which mail programs open for sending, and which alone may lack a sender. `international`
    writes local parts outside ASCII as they are (RFC 6532), for a server that offers SMTPUTF8. Raises `Refused` for a
    header value with a line break in it, which could smuggle in headers, and for addresses that are none.
    """
    headers = [f"{name}: {value}\r\n" for name, value in _headers(letter, date, unsent, international)]
    return "".join(headers).encode("utf-8") + _body(letter).as_bytes()


def envelope_of(letter: Outgoing) -> tuple[str, str]:
    """Sender and recipient as MAIL and RCPT want them, without angle brackets. Raises `Refused`."""
    return mail_address("sender", letter.sender_address), mail_address("recipient", letter.to_address)


def only_international(letter: Outgoing) -> str:
    """Why only a server that offers SMTPUTF8 (RFC 6531) can take the letter, "" if any can."""
    for address in (letter.to_address, letter.sender_address, letter.reply_to):
        if not address.rpartition("@")[0].isascii():
            return (
                f"“{address}” has letters before the @ that this mail server cannot write to. "
                "Use an address in Latin letters."
            )
    return ""


def mailto_of(letter: Outgoing) -> str:
    """The letter as a link (RFC 6068) that opens the mail program: recipient, subject and text, nothing else.

    A text that is too long is cut between words and ends in […]; see `fits_mailto`. Raises `Refused`.
    """
    start, body = _mailto(letter)
    if len(start) + len(quote(body, safe="")) <= LONGEST_MAILTO:
        return start + quote(body, safe="")
    room = LONGEST_MAILTO - len(start) - len(quote(_CUT, safe=""))
    kept = ""
    for word in re.findall(r"\s*\S+", body):
        room -= len(quote(word, safe=""))
        if room < 0:
            break
        kept += word
    return start + quote(kept + _CUT, safe="")


def fits_mailto(letter: Outgoing) -> bool:
    """Whether `mailto_of` holds the whole letter: its text uncut, and no files, which links cannot carry."""
    start, body = _mailto(letter)
    return len(start) + len(quote(body, safe="")) <= LONGEST_MAILTO and not letter.attachments


def mail_address(what: str, address: str) -> str:
    """An address as headers and envelope carry it, its domain in ASCII (IDNA). Raises `Refused` where it is none."""
    read = parse_email(header_line(what, address))
    plain = unicodedata.normalize("NFC", address)
    if not read.valid or read.address.casefold() != plain.casefold():
        raise Refused(_nomail_address(what, address), field="to" if what == "recipient" else what)
    local, _, domain = read.address.rpartition("@")
    if local.endswith("."):
        local = f'"{local}"'
    return f"{local}@{domain.encode('idna').decode('ascii').lower()}"


def header_line(what: str, value: str) -> str:
    """The value, fit for a header. Raises `Refused` for line breaks and controls, naming what has them."""
    if any(unicodedata.category(sign) in _UNPRINTABLE for sign in value):
        raise Refused(
            f"The letter's {what} contains a line break or another sign that cannot be. Correct it.", field=what
        )
    return value


def _headers(letter: Outgoing, date: datetime, unsent: bool, international: bool) -> list[tuple[str, str]]:
    no = only_international(letter)
    if no and not international:
        raise Refused(no, field="to")
    found = []
    if letter.sender_address or not unsent:
        found.append(("From", _mailbox("From", "sender", letter.sender_name, letter.sender_address)))
    found.append(("To", _mailbox("To", "recipient", letter.to_name, letter.to_address)))
    if letter.reply_to:
        found.append(("Reply-To", mail_address("reply address", letter.reply_to)))
    found += [
        ("Subject", _words("Subject", header_line("subject", letter.subject))),
        ("Date", format_datetime(date)),
        ("Message-ID", _checked("message number", letter.message_id, _MESSAGE_ID)),
    ]
    if letter.unsubscribe:
        link = _checked("unsubscribe link", letter.unsubscribe, _UNSUBSCRIBE)
        found.append(("List-Unsubscribe", f"<{link}>"))
        if link.lower().startswith("https:"):  # RFC 8058: one click, without a page that asks again
            found.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    if letter.language:
        found.append(("Content-Language", _checked("language", letter.language, _LANGUAGE)))
    if unsent:
        # Mail programs that know it open the letter for sending, not for reading.
        found.append(("X-Unsent", "1"))
    return found


def _body(letter: Outgoing) -> EmailMessage:
    message = EmailMessage(policy=_SEVEN_BIT)
    _put_text(message, letter.text, "plain")
    if letter.html:
        message.make_alternative()
        _put_text(_part_of(message), letter.html, "html")
    if letter.attachments:
        message.make_mixed()
    for attachment in letter.attachments:
        maintype, _, subtype = _mime(attachment).partition("/")
        name = safe_name(attachment.name)
        message.add_attachment(attachment.content, maintype=maintype, subtype=subtype, filename=name)
    message["MIME-Version"] = "1.0"
    seed = sha256(letter.message_id.encode("utf-8", "replace")).hexdigest()[:24]
    for depth, part in enumerate(part for part in message.walk() if part.is_multipart()):
        # "=_" is found in neither quoted-printable nor base64.
        part.set_boundary(f"=_{depth}_{seed}")
    return message


def _part_of(message: EmailMessage) -> EmailMessage:
    part = EmailMessage(policy=_SEVEN_BIT)
    message.attach(part)
    return part


def _put_text(part: EmailMessage, text: str, subtype: str) -> None:
    """Quoted-printable where most of it stays readable, base64 where that is the shorter."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    mostly_ascii = len(whole.encode("utf-8")) < 1.2 * len(whole) + 1
    part.set_content(whole, subtype=subtype, charset="utf-8", cte="quoted-printable" if mostly_ascii else "base64")
    del part["MIME-Version"]


def _mime(attachment: Attachment) -> str:
    kind = header_line("attachment", attachment.mime)
    return kind if _MIME.fullmatch(kind) else "application/octet-stream"


def safe_name(name: str) -> str:
    """A file name any system can save: no folders, no reserved names, not hidden. Raises `Refused` for controls."""
    clean = _UNSAFE_IN_NAMES.sub("_", header_line("attachment name", name)).strip(" .")
    stem, dot, ending = clean.rpartition(".")
    short = f"{stem[:120]}{dot}{ending[:20]}" if dot else clean[:120]
    return f"_{short}" if _RESERVED_NAME.match(short) else short or "attachment"


def _mailbox(header: str, what: str, name: str, address: str) -> str:
    spec = f"<{mail_address(what, address)}>"
    phrase = _phrase(header, header_line(f"{what}'s name", name).strip())
    if not phrase:
        return spec[1:-1]
    last = phrase.rpartition("\r\n")[2]
    gap = " " if len(header) + len(last) + len(spec) + 3 <= _LINE else "\r\n "
    return f"{phrase}{gap}{spec}"


def _phrase(header: str, name: str) -> str:
    if not name.isascii() or len(name) > _LINE - len(header) - 4:
        return _encoded(header, name)
    if _ATOMS.fullmatch(name) and "  " not in name:
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' if name and "=?" not in name else name and _encoded(header, name)


def _words(header: str, value: str) -> str:
    """Unstructured text: plain and folded at blanks where it can be, else encoded words (RFC 2047)."""
    words = value.split(" ")
    foldable = all(0 < len(word) <= _LINE - 2 for word in words) or not value
    if not value.isascii() or "=?" in value or not foldable:
        return _encoded(header, value)
    lines = [words[0]]
    for word in words[1:]:
        used = len(lines[-1]) + (len(header) + 2 if len(lines) == 1 else 1)
        if used + 1 + len(word) > _LINE:
            lines.append(word)
        else:
            lines[-1] += f" {word}"
    return "\r\n ".join(lines)


def _encoded(header: str, value: str) -> str:
    return Header(value, charset="utf-8", header_name=header, maxlinelen=_LINE).encode(linesep="\r\n")


def _nomail_address(what: str, address: str) -> str:
    if what == "recipient":
        return f"“{address}” is no address a letter can go to. Correct the card first."
    return f"“{address}” is no address a letter can come from. Correct the {what} in Settings → Letters."


def _checked(what: str, value: str, shape: re.Pattern[str]) -> str:
    if not shape.fullmatch(header_line(what, value)):
        raise Refused(f"The letter's {what} “{value}” cannot be written into a letter. Correct it.", field=what)
    return value


def _mailto(letter: Outgoing) -> tuple[str, str]:
    address = quote(mail_address("recipient", letter.to_address), safe="@!$'*-._~")
    subject = quote(header_line("subject", letter.subject).encode("utf-8", "replace"), safe="")
    text = letter.text.encode("utf-8", "replace").decode("utf-8")
    return f"mailto:{address}?subject={subject}&body=", "\r\n".join(text.splitlines())
