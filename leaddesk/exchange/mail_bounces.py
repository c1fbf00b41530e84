"""Letters that came back: delivery reports (RFC 3464) and what servers wrote before there were any."""

from __future__ import annotations

import re
from dataclasses import dataclass

from leaddesk.exchange.mail_parts import Part, addresses_in, content, parse, parse_headers, walk, words_of, written

_WORDS = 300
_ID = re.compile(r"<[^<>\s]{1,250}>")
_SERVERS = ("mailer-daemon", "mailerdaemon", "mail-daemon", "maildaemon", "postmaster", "mdaemon", "mmdf")
_RETURNED = {
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/global-headers",
    "message/rfc822-headers",
}
_STATUS = re.compile(r"(?<![\d.])([245])\.\d{1,3}\.\d{1,3}(?![\d.])")
_REPLY = re.compile(r"(?<![\d.@-])([45])\d\d[ \-#:]")
_ENHANCED = re.compile(r"^[^;]{0,40};\s?")
_NOT_YET = (
    "will retry", "will be retried", "will keep trying", "still trying", "still being", "not yet been delivered", "delayed",
    "do not need to resend", "no action is required", "delivery is delayed", "temporary", "warning: ",
)  # fmt: skip
_NEVER = (
    "permanent", "given up", "giving up", "unknown user", "user unknown", "no such user", "no mailbox", "does not exist",
    "doesn't exist", "wasn't found", "couldn't be found", "address rejected", "mailbox unavailable", "undeliverable",
)  # fmt: skip
_FAILED = (
    *_NEVER, "not be delivered", "wasn't delivered", "couldn't be delivered", "unable to deliver", "failed", "failure",
    "returned mail", "returned to sender", "rejected", "не доставлено", "не удалось", "не может быть доставлено",
    "kézbesíthetetlen", "kohaletoimetamata", "unzustellbar", "çatdırılmadı",
)  # fmt: skip
_MEANS = {
    "1": "no such address",
    "2": "the mailbox cannot take it",
    "4": "the way there is broken",
    "7": "refused by policy",
}


@dataclass(frozen=True, slots=True)
class Bounce:
    """For which address, for good or not yet, why, and which of our letters it was (newest first)."""

    address: str
    permanent: bool
    words: str
    refers_to: tuple[str, ...] = ()
    returned: Part | None = None


def bounce(letter: Part) -> Bounce | None:
    """Read a letter as one that came back; None where it is none."""
    parts = walk(letter)
    returned = _returned(parts)
    for part in parts:
        if part.mime in {"message/delivery-status", "message/global-delivery-status"}:
            return _reported(part, returned)
    if letter.mime == "multipart/report" and letter.parameters.get("report-type", "").casefold() != "delivery-status":
        return None
    return _told(letter, parts, returned)


def is_report_of_success(letter: Part) -> bool:
    """A delivery report that says the letter arrived, was passed on, or was read."""
    return letter.mime == "multipart/report"


def comes_from_a_server(letter: Part) -> bool:
    """Whether a mail server speaks: by its name, or as nobody to answer to."""
    return _is_named_as_server(letter) or has_no_sender(letter)


def has_no_sender(letter: Part) -> bool:
    """Whether it went out in nobody's name, so that nobody answers it (RFC 5321, 4.5.5)."""
    return letter.get("return-path").strip() == "<>"


def _is_named_as_server(letter: Part) -> bool:
    sender = letter.get("from")
    return "mailer-daemon" in sender.casefold() or any(_is_server(address) for address in addresses_in(sender))


def ids_in(*headers: str) -> list[str]:
    """Message-IDs in their order of standing, with brackets."""
    return [found for header in headers for found in _ID.findall(header)]


def _returned(parts: list[Part]) -> Part | None:
    for part in parts:
        if part.mime in _RETURNED:
            inner = parse(content(part))
            if inner.headers:
                return inner
    return None


def _ids(returned: Part | None) -> tuple[str, ...]:
    return tuple(ids_in(returned.get("message-id"))) if returned else ()


# -- by the standard ---------------------------------------------------------------------------------------------------


def _reported(part: Part, returned: Part | None) -> Bounce | None:
    """The recipient it failed for; the one it is late for where none failed; None where all went well."""
    text = content(part).replace(b"\r\n", b"\n").strip(b"\n")
    groups = [parse_headers(group) for group in re.split(rb"\n[ \t]*\n", text)[:40]]
    recipients = [group for group in groups if "final-recipient" in group or "action" in group]
    for action in ("failed", "delayed"):
        for group in recipients:
            said = _first(group, "action").casefold()
            if said.startswith(action) or (action == "failed" and not said and _status(group)[:1] in {"4", "5"}):
                return _of_recipient(group, failed=action == "failed", returned=returned)
    return None


def _of_recipient(group: dict[str, list[str]], *, failed: bool, returned: Part | None) -> Bounce:
    address = _typed(_first(group, "original-recipient")) or _typed(_first(group, "final-recipient"))
    if not address and returned:
        address = next(iter(addresses_in(returned.get("to"))), "")
    status = _status(group)
    reason = " ".join(words_of(_ENHANCED.sub("", _first(group, "diagnostic-code"), count=1)).split())
    if not reason:
        reason = f"{status} {_MEANS.get(status[2:3], '')}".strip()
    return Bounce(address, failed and status[:1] != "4", reason[:_WORDS], _ids(returned), returned)


def _first(group: dict[str, list[str]], name: str) -> str:
    return next(iter(group.get(name, ())), "")


def _typed(recipient: str) -> str:
    """The address of "rfc822; somebody@example.com"."""
    return next(iter(addresses_in(recipient.partition(";")[2] or recipient)), "")


def _status(group: dict[str, list[str]]) -> str:
    """Status, else what the other server said; 5.0.0 says nothing, so a more exact word of theirs goes first."""
    given = _STATUS.search(_first(group, "status"))
    said = _first(group, "diagnostic-code")[:1_000]
    if given and not given.group().endswith(".0.0"):
        return given.group()
    exact = _STATUS.search(said)
    if exact:
        return exact.group()
    code = _REPLY.search(said)
    return given.group() if given else f"{code.group(1)}.0.0" if code else ""


# -- before the standard -----------------------------------------------------------------------------------------------


def _told(letter: Part, parts: list[Part], returned: Part | None) -> Bounce | None:
    """A server's words for people, with our letter's headers below them (qmail, Exim, old Gmail and Exchange)."""
    failed_for = letter.get("x-failed-recipients")
    named = _is_named_as_server(letter)
    if not failed_for and not named and not has_no_sender(letter):
        return None
    texts = [written(part) for part in parts if part.mime == "text/plain"]
    whole = "\n".join(texts[:3])
    ids = _ids(returned) or tuple(_ids_below(whole))
    said = whole[: _where_ours_begins(whole)][:6_000]
    folded = f"{words_of(letter.get('subject'))}\n{said}".casefold().replace("’", "'")
    addresses = addresses_in(failed_for) or [address for address in addresses_in(said) if not _is_server(address)]
    if not failed_for and not named and not ids:
        return None  # such as an automatic answer, which nobody shall answer either
    if not failed_for and not (addresses and any(word in folded for word in (*_FAILED, *_NOT_YET))):
        return None
    code = _STATUS.search(said) or _REPLY.search(said)
    late = any(word in folded for word in _NOT_YET) and not (code and code.group(1) == "5")
    permanent = not late and (code.group(1) == "5" if code else any(word in folded for word in _NEVER))
    return Bounce(next(iter(addresses), ""), permanent, _reason(said), ids, returned)


def _is_server(address: str) -> bool:
    return address.casefold().startswith(_SERVERS)


def _where_ours_begins(text: str) -> int:
    """The returned letter starts at its trace or at the line a server draws above it."""
    folded = text.casefold()
    marks = (
        "\n--- below this line",
        "\n------ this is a copy",
        "\nreturn-path:",
        "\nreceived:",
        "\n----- original message",
        "\nmessage-id:",
    )
    found = [at for mark in marks if (at := folded.find(mark)) >= 0]
    return min(found, default=len(text))


def _ids_below(text: str) -> list[str]:
    lines = [line for line in text.split("\n")[:4_000] if line[:11].casefold() == "message-id:"]
    return ids_in(*lines[:3])


def _reason(said: str) -> str:
    """The paragraph with the code, else the one with the address, in one line."""
    paragraphs = [" ".join(piece.split()) for piece in re.split(r"\n[ \t]*\n", said) if piece.strip()]
    for wanted in (_STATUS, _REPLY, re.compile("@")):
        for paragraph in paragraphs:
            if wanted.search(paragraph):
                return paragraph[:_WORDS]
    return (paragraphs[0] if paragraphs else "")[:_WORDS]
