"""People written as vCards, as phones and mail programs import them: version 3.0 (RFC 2426) or 4.0 (RFC 6350).

3.0 is what every telephone and Outlook read; 4.0 is for programs that ask for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from leaddesk.exchange.writers import unknown_suffix, whole_or_not_at_all

_FOLD = 75  # octets of a line without its end, RFC 6350 3.2


@dataclass(frozen=True, slots=True)
class Phone:
    """A number, E.164 where valid, and what it is for: cell, work, home, fax or nothing."""

    number: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What of a person goes into an address book."""

    name: str
    first_name: str = ""
    last_name: str = ""
    middle_name: str = ""
    salutation: str = ""
    company: str = ""
    role: str = ""
    phones: tuple[Phone, ...] = ()
    emails: tuple[str, ...] = ()
    messengers: tuple[str, ...] = ()  # as addresses: “tg://resolve?domain=…”, “skype:…”
    websites: tuple[str, ...] = ()
    address: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    language: str = ""
    zone: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    uid: str = ""


def write_vcards(path: Path, cards: Iterable[Card], version: str = "3.0") -> int:
    """Write the cards to a .vcf file and return how many there were. Raises Refused and Unavailable as write_table."""
    if path.suffix.lower() != ".vcf":
        raise unknown_suffix(path)
    count = 0
    with (
        whole_or_not_at_all(path) as unfinished,
        unfinished.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file,
    ):
        for card in cards:
            for line in _lines(card, version):
                file.write(fold(line))
            count += 1
    return count


def _lines(card: Card, version: str) -> Iterator[str]:
    yield "BEGIN:VCARD"
    yield f"VERSION:{version}"
    name = card.name or " ".join(part for part in (card.first_name, card.last_name) if part) or card.company or "?"
    yield f"FN:{escape(name)}"
    parts = (card.last_name, card.first_name, card.middle_name, card.salutation, "")
    if any(parts):
        yield f"N:{_parts(parts)}"
    elif version == "3.0":  # which demands it
        yield f"N:{escape(name)};;;;"
    for key, value in (("ORG", card.company), ("TITLE", card.role)):
        if value:
            yield f"{key}:{escape(value)}"
    yield from (_phone(phone, version) for phone in card.phones)
    kind = ";TYPE=INTERNET" if version == "3.0" else ""
    yield from (f"EMAIL{kind}:{escape(email)}" for email in card.emails)
    yield from (f"IMPP:{_one_line(messenger)}" for messenger in card.messengers)
    yield from (f"URL:{_one_line(website)}" for website in card.websites)
    address = ("", "", card.address, card.city, card.region, card.postal_code, card.country)
    if any(address):
        yield f"ADR:{_parts(address)}"
    zone = "TZ;VALUE=text" if version == "3.0" else "TZ"
    for key, value in (("LANG", card.language), (zone, card.zone), ("NOTE", card.note), ("UID", card.uid)):
        if value:
            yield f"{key}:{escape(value)}"
    if card.tags:
        yield f"CATEGORIES:{','.join(escape(tag) for tag in card.tags)}"
    yield "END:VCARD"


def _phone(phone: Phone, version: str) -> str:
    """A number as a telephone dials it; 4.0 says it as an address where it is one (RFC 3966), extension included."""
    types = f";TYPE={phone.kind.upper() if version == '3.0' else phone.kind}" if phone.kind else ""
    number, _, extension = phone.number.partition(" ext. ")
    is_uri = number.startswith("+") and number[1:].isascii() and number[1:].isdigit()
    if version == "3.0" or not is_uri:
        return f"TEL{types}:{escape(phone.number)}"
    return f"TEL{types};VALUE=uri:tel:{number}" + (f";ext={extension}" if extension else "")


def escape(text: str) -> str:
    """Write text so that commas, semicolons, backslashes and new lines in it part nothing."""
    text = text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return text.replace("\r\n", "\\n").replace("\r", "\\n").replace("\n", "\\n").replace("\x00", "")


def fold(line: str) -> str:
    """Break a line at 75 octets, never inside a letter; what follows a break begins with a blank."""
    out: list[str] = []
    room = _FOLD
    for letter in line:
        size = len(letter.encode("utf-8", errors="backslashreplace"))
        if size > room:
            out.append("\r\n ")
            room = _FOLD - 1
        out.append(letter)
        room -= size
    return "".join(out) + "\r\n"


def _parts(parts: Iterable[str]) -> str:
    return ";".join(escape(part) for part in parts)


def _one_line(address: str) -> str:
    return "".join(address.split())
