"""A letter from the mailbox as the sales floor sees it: a reply, a bounce, a wish to be left alone, or a machine's.

Nothing in a letter is trusted and none may stop the poll: sizes, depth and counts are bounded, and what cannot be read
is read as far as it can.
"""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256

from leaddesk.exchange.mail_answers import numbered_answers
from leaddesk.exchange.mail_bounces import Bounce, bounce, comes_from_a_server, ids_in, is_report_of_success
from leaddesk.exchange.mail_parts import Part, addresses_of, parse, words_of
from leaddesk.exchange.mail_quotes import own_text, told_apart
from leaddesk.exchange.mail_text import text_of
from leaddesk.exchange.mail_wishes import is_out_of_office, wants_no_letters
from leaddesk.workflow.mail import Incoming, IncomingKind

_log = logging.getLogger(__name__)
_REFERENCES = 50
_SUBJECT = 500
_TEXT = 50_000
_FEW_WORDS = 300
# Where the address it was sent to stands, the surest first: others' plus-addresses may be among To and Cc.
_SENT_TO = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc")
_TOKEN = re.compile(r"[A-Za-z0-9._=-]{1,64}")


def read(message: bytes) -> Incoming | None:
    """Read one letter. None where it is no letter at all. Never raises, whatever the bytes."""
    try:
        return read_strictly(message)
    except Exception as error:  # noqa: BLE001 - one strange letter must not stop the whole mailbox, for ever
        _log.warning("a letter of %d bytes cannot be read: %s", len(message), type(error).__name__)
        return None


def read_strictly(message: bytes) -> Incoming | None:
    """As `read`, without its net: what the tests hold against damaged letters."""
    letter = parse(message)
    if not {"from", "to", "subject", "message-id", "received", "date"} & letter.headers.keys():
        return None
    back = bounce(letter)
    if back:
        return _bounced(letter, message, back)
    subject = words_of(letter.get("subject"))[:_SUBJECT]
    lines = told_apart(text_of(letter))
    text = own_text(lines)[:_TEXT]
    kind = _kind(letter, subject, text)
    name, address = _sender(letter)
    return Incoming(
        kind=kind,
        message_id=_message_id(letter, message),
        from_address=address,
        from_name=name,
        subject=subject,
        text=text,
        sent_at=_sent_at(letter),
        refers_to=_refers_to(letter),
        token=_token(letter),
        answers=numbered_answers(lines) if kind is IncomingKind.REPLY else {},
    )


def _bounced(letter: Part, message: bytes, back: Bounce) -> Incoming:
    name, address = _sender(letter)
    returned_to = back.returned.headers.get("reply-to", []) if back.returned else []
    return Incoming(
        kind=IncomingKind.BOUNCE,
        message_id=_message_id(letter, message),
        from_address=address,
        from_name=name,
        subject=words_of(letter.get("subject"))[:_SUBJECT],
        text=text_of(letter).strip()[:2_000],
        sent_at=_sent_at(letter),
        refers_to=tuple(dict.fromkeys((*back.refers_to, *_refers_to(letter))))[:_REFERENCES],
        token=_token(letter) or _token_of(returned_to),
        address=back.address,
        permanent=back.permanent,
        words=back.words,
    )


def _kind(letter: Part, subject: str, text: str) -> IncomingKind:
    """A wish to be left alone goes before everything: mail programs send it by themselves, as machines do."""
    if wants_no_letters(subject) and len(text) <= _FEW_WORDS:
        return IncomingKind.OPT_OUT
    if _is_automatic(letter) or is_out_of_office(subject):
        return IncomingKind.AUTO
    return IncomingKind.OPT_OUT if wants_no_letters(text) else IncomingKind.REPLY


def _is_automatic(letter: Part) -> bool:
    """Nobody wrote it (RFC 3834 and what came before it)."""
    said = letter.get("auto-submitted").partition(";")[0].strip().casefold()
    if said not in {"", "no", "auto-forwarded"}:  # what is passed on, somebody wrote
        return True
    if letter.get("precedence").strip().casefold() in {"auto_reply", "auto-reply", "bulk", "junk"}:
        return True
    if {"x-autoreply", "x-auto-reply", "x-autorespond", "x-autoresponder", "x-mail-autoreply"} & letter.headers.keys():
        return True
    # Who asks for no automatic answer may be a machine; it is one where nothing of ours is answered either.
    quiet = letter.get("x-auto-response-suppress").casefold()
    if ("all" in quiet or "autoreply" in quiet) and not _refers_to(letter):
        return True
    return is_report_of_success(letter) or comes_from_a_server(letter)


def _sender(letter: Part) -> tuple[str, str]:
    found = addresses_of(letter.headers.get("from", []) or letter.headers.get("sender", []))
    name, address = found[0] if found else ("", "")
    return name[:200], address[:320]


def _message_id(letter: Part, message: bytes) -> str:
    """Its own, or one made of its bytes, so that the same letter is known again."""
    own = ids_in(letter.get("message-id"))
    return own[0] if own else f"<{sha256(message).hexdigest()[:32]}@leaddesk.invalid>"


def _refers_to(letter: Part) -> tuple[str, ...]:
    older = ids_in(*letter.headers.get("references", ())[:5])
    ids = [*ids_in(letter.get("in-reply-to")), *reversed(older)]
    return tuple(dict.fromkeys(ids))[:_REFERENCES]


def _token(letter: Part) -> str:
    return next(filter(None, (_token_of(letter.headers.get(name, [])) for name in _SENT_TO)), "")


def _token_of(headers: list[str]) -> str:
    for _, address in addresses_of(headers):
        token = address.rpartition("@")[0].partition("+")[2]
        if _TOKEN.fullmatch(token):
            return token
    return ""


def _sent_at(letter: Part) -> datetime | None:
    """The sender's own date, UTC; one that names no zone is taken as UTC (RFC 5322, "-0000")."""
    try:
        moment = parsedate_to_datetime(letter.get("date")[:200])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
