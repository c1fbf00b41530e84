"""Letters as .eml files: any mail program opens one, ready to be sent."""

from __future__ import annotations

import os
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import TYPE_CHECKING
from unicodedata import category

from leaddesk.workflow.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from leaddesk.workflow.entities import Letter

_UNPRINTABLE = ("Cc", "Cs", "Zl", "Zp")
"""Controls, halves of characters, line and paragraph separators: what may stand for a new line somewhere."""
OUR_DOMAIN = "leaddesk.invalid"
"""Right-hand side of a Message-ID where the sender has no address; RFC 2606 keeps .invalid from being anybody's."""


def eml_bytes(
    letter: Letter, sender_name: str, sender_address: str, date: datetime, *, recipient_name: str = ""
) -> bytes:
    """The letter as a message (RFC 5322, UTF-8). Without a sender's address the mail program puts its own.

    Raises `Refused` for a header value with a line break in it, which could smuggle in headers, and for an
    address that is none.
    """
    message = EmailMessage(policy=SMTP)
    if sender_address:
        message["From"] = _address("sender", sender_name, sender_address)
    message["To"] = _address("recipient", recipient_name, letter.to_address)
    message["Subject"] = _line("subject", letter.subject)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = _message_id(letter, sender_address, date)
    # Mail programs that know it open the letter for sending, not for reading.
    message["X-Unsent"] = "1"
    body = letter.body.encode("utf-8", "replace").decode("utf-8")
    message.set_content(body, subtype="plain", charset="utf-8", cte="quoted-printable")
    if letter.language:
        message["Content-Language"] = _line("language", letter.language)
    return message.as_bytes()


def save_eml(file: Path, letter: Letter, sender_name: str, sender_address: str, date: datetime) -> None:
    """Write the letter whole or not at all. Raises `Refused` as `eml_bytes`, or `OSError`."""
    text = eml_bytes(letter, sender_name, sender_address, date)
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        part.write_bytes(text)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _line(what: str, value: str) -> str:
    if any(category(sign) in _UNPRINTABLE for sign in value):
        raise Refused(
            f"The letter's {what} contains a line break or another sign that cannot be. Correct it.", field=what
        )
    return value


def _address(what: str, name: str, address: str) -> Address:
    try:
        return Address(_line(what, name), addr_spec=_ascii(_line(what, address)))
    except (ValueError, IndexError, UnicodeError, MessageError) as error:
        raise Refused(f"“{address}” is no address a letter can go to. Correct the card first.", field="to") from error


def _ascii(address: str) -> str:
    """An international domain in the form headers carry."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode('ascii')}" if not domain.isascii() else address


def _message_id(letter: Letter, sender_address: str, date: datetime) -> str:
    """The same letter saved twice is one message to a mail program."""
    words = f"{letter.id}\n{letter.to_address}\n{letter.subject}\n{letter.body}\n{date.isoformat()}"
    domain = sender_address.rpartition("@")[2]
    return f"<{sha256(words.encode()).hexdigest()[:32]}@{domain if domain.isascii() and domain else OUR_DOMAIN}>"
