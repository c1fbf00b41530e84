"""Letters as .eml files: any mail program opens one, ready to be sent."""

from __future__ import annotations

import os
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from leaddesk.exchange.mail_message import message_of
from leaddesk.workflow.mail import Outgoing

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from leaddesk.workflow.letter_entities import Letter

OUR_DOMAIN = "leaddesk.invalid"
"""Right-hand side of a Message-ID where the sender has no address; RFC 2606 keeps .invalid from being anybody's."""


def eml_bytes(
    letter: Letter, sender_name: str, sender_address: str, date: datetime, *, recipient_name: str = ""
) -> bytes:
    """The letter as a message (RFC 5322, UTF-8). Without a sender's address the mail program puts its own.

    Raises `Refused` for a header value with a line break in it, which could smuggle in headers, and for an
    address that is none.
    """
    draft = Outgoing(
        message_id=_message_id(letter, sender_address, date),
        sender_name=sender_name,
        sender_address=sender_address,
        to_address=letter.to_address,
        to_name=recipient_name,
        subject=letter.subject,
        text=letter.body,
        language=letter.language,
    )
    return message_of(draft, date, unsent=True)


def save_eml(file: Path, letter: Letter, sender_name: str, sender_address: str, date: datetime) -> None:
    """Write the letter whole or not at all. Raises `Refused` as `eml_bytes`, or `OSError`."""
    _write(file, eml_bytes(letter, sender_name, sender_address, date))


def save_outgoing(file: Path, letter: Outgoing, date: datetime) -> None:
    """Write a letter with its HTML and files, as it would be sent. Raises `Refused`, or `OSError`."""
    if not letter.message_id:
        letter = replace(
            letter, message_id=_made_id(f"{letter.to_address}\n{letter.subject}\n{letter.text}", letter.sender_address)
        )
    _write(file, message_of(letter, date, unsent=True))


def _write(file: Path, text: bytes) -> None:
    """Whole or not at all."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        part.write_bytes(text)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _message_id(letter: Letter, sender_address: str, date: datetime) -> str:
    """The same letter saved twice is one message to a mail program."""
    words = f"{letter.id}\n{letter.to_address}\n{letter.subject}\n{letter.body}\n{date.isoformat()}"
    return _made_id(words, sender_address)


def _made_id(words: str, sender_address: str) -> str:
    domain = sender_address.rpartition("@")[2]
    known = domain if domain.isascii() and domain else OUR_DOMAIN
    return f"<{sha256(words.encode('utf-8', 'replace')).hexdigest()[:32]}@{known}>"
