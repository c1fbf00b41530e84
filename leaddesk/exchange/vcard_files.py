"""An address book as a table: one row per card, columns of plain English words that every list may have.

Read by our own reader (`vcard_lines`): the libraries there are give up a whole file at one broken line, and decode
every picture in it.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from leaddesk.exchange import encodings
from leaddesk.exchange.encodings import Encoding
from leaddesk.exchange.lost_digits import mend
from leaddesk.exchange.records import refuse_endless_line
from leaddesk.exchange.tables import Row, Table, cannot_open, no_table
from leaddesk.exchange.vcard_lines import Property, RawCard, read_cards
from leaddesk.workflow.errors import Unavailable

Cell = tuple[str, str]
"""A column's plain name and what stands under it."""

_FIRST = (
    "Name", "First Name", "Last Name", "Middle Name", "Prefix", "Suffix", "Nickname", "Company", "Department", "Title",
    "Role", "E-mail", "Phone", "Mobile Phone", "Work Phone", "Home Phone", "Other Phone", "Fax", "Pager", "Street",
    "City", "Region", "Postal Code", "Country", "PO Box", "Website", "Telegram", "WhatsApp", "Viber", "Skype",
    "LinkedIn", "Facebook", "Language", "Time Zone", "Birthday", "Anniversary", "Note", "Categories", "UID",
)  # fmt: skip
_SIMPLE = {
    "FN": "Name", "NICKNAME": "Nickname", "TITLE": "Title", "ROLE": "Role", "NOTE": "Note", "UID": "UID",
    "LANG": "Language", "TZ": "Time Zone", "URL": "Website", "LABEL": "Mailing Label", "GENDER": "Gender",
    "BDAY": "Birthday", "ANNIVERSARY": "Anniversary", "CATEGORIES": "Categories", "RELATED": "Related",
}  # fmt: skip
_MESSENGERS = {
    "skype": "Skype", "telegram": "Telegram", "tg": "Telegram", "whatsapp": "WhatsApp", "viber": "Viber",
    "icq": "ICQ", "aim": "AIM", "xmpp": "Jabber", "jabber": "Jabber", "gtalk": "Jabber", "msn": "MSN",
    "msnim": "MSN", "yahoo": "Yahoo", "ymsgr": "Yahoo", "linkedin": "LinkedIn", "facebook": "Facebook", "qq": "QQ",
    "twitter": "Twitter",
}  # fmt: skip
_ADDRESS = ("PO Box", "", "Street", "City", "Region", "Postal Code", "Country")
_NAME = ("Last Name", "First Name", "Middle Name", "Prefix", "Suffix")
_OF_THE_FILE = frozenset({"VERSION", "PRODID", "REV", "BEGIN", "END", "AGENT", "X-ABLABEL", "X-ETAG", "SORT-STRING"})
_VENDOR = re.compile(r"^X-(?:EVOLUTION-|MS-OL-|MS-|AB(?=[A-Z]{4})|MOZILLA-|KADDRESSBOOK-|ANDROID-|)?")
_APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_")
_SEVERAL = 20  # columns of one kind; what is beyond stands in the last of them
_KINDS = 300  # kinds of columns; what is beyond stands under “Other”


def is_address_book(start: bytes) -> bool:
    """Whether a file's first bytes begin a card, in any of the encodings phones write."""
    return start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:11].lower() == b"begin:vcard"


def open_address_book(path: Path, *, encoding: str | None = None) -> Table:
    """Learn which columns the cards of a file need. Raises Refused where there is no card."""
    try:
        refuse_endless_line(path)
        how = encodings.given(path, encoding) if encoding else encodings.detect(path)
        counts: Counter[str] = Counter()
        order: dict[str, None] = dict.fromkeys(_FIRST)
        cards = passed = 0
        for card in _cards(path, how):
            cards += 1
            passed += card.passed
            here = Counter(_kind(name, order) for name, _ in cells_of(card))
            for name, times in here.items():
                counts[name] = max(counts[name], min(times, _SEVERAL))
    except OSError as error:
        raise cannot_open(path, error) from error
    if not counts:
        raise no_table(path.name, "it begins as an address book and has no entry in it")
    kinds = {name: counts[name] for name in order if counts[name]}
    columns = tuple(_numbered(name, at) for name, times in kinds.items() for at in range(times))
    notes = [f"An address book: {cards:,} {'entry' if cards == 1 else 'entries'}."]
    if passed:
        notes.append("Pictures, sounds and keys in it are left out.")
    if how.note:
        notes.append(how.note)
    return Table(columns, lambda: _rows(path, how, kinds), encoding=how.name, notes=tuple(notes), headed=True)


def _kind(name: str, order: dict[str, None]) -> str:
    """Return the column's name, new ones in the order they come; “Other” where there are too many."""
    if name not in order:
        if len(order) >= _KINDS:
            name = "Other"
        order[name] = None
    return name


def _numbered(name: str, at: int) -> str:
    return name if at == 0 else f"{name} ({at + 1})"


def _rows(path: Path, how: Encoding, kinds: dict[str, int]) -> Iterator[Row]:
    first = {}
    width = 0
    for name, times in kinds.items():
        first[name] = width
        width += times
    for card in _cards(path, how):
        cells = [""] * width
        seen: Counter[str] = Counter()
        for name, text in cells_of(card):
            column = name if name in kinds else "Other"
            if column not in kinds:
                continue
            at = first[column] + min(seen[column], kinds[column] - 1)
            seen[column] += 1
            said = text if column == name else f"{name}: {text}"
            cells[at] = f"{cells[at]}\n{said}" if cells[at] else said
        flaws = mend(cells)
        yield Row(card.number, tuple(cells), card.problem, (), flaws)


def cells_of(card: RawCard) -> list[Cell]:
    """Sort what a card says under plain column names; nothing that holds text is left out."""
    labels = {
        found.group: _APPLE_LABEL.sub(r"\1", found.text())
        for found in card.properties
        if found.name == "X-ABLABEL" and found.group
    }
    cells: list[Cell] = []
    addresses = 0
    for found in card.properties:
        if found.name == "ADR":
            cells.extend((_numbered(name, addresses), text) for name, text in _address(found))
            addresses += 1
        if found.name not in _OF_THE_FILE:
            cells.extend(_cells(found, labels.get(found.group, "") if found.group else ""))
    cells = [(name, text) for name, text in cells if text]
    if cells and not any(name == "Name" for name, _ in cells):
        said = dict(reversed(cells))
        parts = [said.get(name, "") for name in ("Prefix", "First Name", "Middle Name", "Last Name", "Suffix")]
        whole = " ".join(filter(None, parts))
        if whole:
            cells.insert(0, ("Name", whole))
    return cells


def _cells(found: Property, label: str) -> Iterator[Cell]:
    name = found.name
    if name == "N":
        yield from zip(_NAME, found.parts(), strict=False)
    elif name == "ORG":
        company, *departments = found.parts()
        yield "Company", company
        yield "Department", ", ".join(filter(None, departments))
    elif name == "TEL":
        yield from _phone(found, label)
    elif name == "EMAIL":
        yield "E-mail", re.sub(r"(?i)^mailto:", "", found.text())
        yield from _labelled(label, found.text())
    elif name == "ADR":
        yield from _labelled(label, ", ".join(filter(None, found.parts())))
    elif name in {"IMPP", "X-SOCIALPROFILE"}:
        yield _messenger(found)
    elif name == "CATEGORIES":
        yield "Categories", ", ".join(part.strip() for part in found.text().split(",") if part.strip())
    elif name in {"BDAY", "ANNIVERSARY"}:
        yield _SIMPLE[name], _day(found.text())
    elif name in _SIMPLE:
        yield _SIMPLE[name], found.text()
        yield from _labelled(label, found.text())
    else:
        yield _other(name, label), _day(found.text()) if "ANNIVERSARY" in name else found.text()


def _labelled(label: str, text: str) -> Iterator[Cell]:
    """Keep the word a person has put on a number or an address; Apple's and Google's own words say nothing more."""
    if label and label.lower() not in {"homepage", "home", "work", "other", "profile"}:
        yield "Labels", f"{label}: {text}"


def _phone(found: Property, label: str) -> Iterator[Cell]:
    text = re.sub(r"(?i)^tel:", "", found.text())
    text = re.sub(r"(?i);ext=(\w+)", r" ext. \1", text)
    words = " ".join(found.types)
    if "fax" in words:
        column = "Fax"
    elif found.types & {"cell", "mobile", "iphone", "car"}:
        column = "Mobile Phone"
    elif "pager" in words:
        column = "Pager"
    elif "work" in words:
        column = "Work Phone"
    elif "home" in words:
        column = "Home Phone"
    else:
        column = "Other Phone" if label or found.types - {"voice", "pref", "main"} else "Phone"
    yield column, text
    yield from _labelled(label, text)


def _address(found: Property) -> Iterator[Cell]:
    """Part an address; a flat or floor follows the street, and where a program put all into one part, that is it."""
    parts = [*found.parts(), *[""] * len(_ADDRESS)]
    street = ", ".join(part for part in (parts[2].rstrip(" ,"), parts[1].rstrip(" ,")) if part)
    for column, text in zip(_ADDRESS, parts, strict=False):
        if column:
            yield column, street if column == "Street" else text


def _messenger(found: Property) -> Cell:
    """Tell the service by what the entry says of itself, then by the address's scheme."""
    text = found.text()
    scheme, _, rest = text.partition(":")
    said = found.parameters.get("X-SERVICE-TYPE", "").lower()
    service = next((word for word in (said, *sorted(found.types), scheme.lower()) if word in _MESSENGERS), None)
    if service is None:
        return "Messenger", text
    if scheme.lower() in _MESSENGERS and not rest.startswith("//"):
        text = rest
    elif text.lower().startswith("tg://resolve?domain="):
        text = "@" + text.partition("=")[2]
    return _MESSENGERS[service], text


def _other(name: str, label: str) -> str:
    """Name the column of an entry that programs have made up, as X-SKYPE-USERNAME or X-EVOLUTION-SPOUSE."""
    if label:
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", label)
    bare = _VENDOR.sub("", name) or name
    service = bare.lower().removesuffix("-username").removesuffix("-id")
    if service in _MESSENGERS:
        return _MESSENGERS[service]
    return {"IMADDRESS": "Messenger", "MAIDENNAME": "Maiden Name"}.get(bare, bare.replace("-", " ").title())


def _day(text: str) -> str:
    """Write 19800322 as 1980-03-22; other forms stay."""
    found = re.fullmatch(r"(\d{4})(\d\d)(\d\d)(?:T.*)?", text)
    return "-".join(found.groups()) if found else text


@contextmanager
def _reading(path: Path, how: Encoding) -> Iterator[TextIO]:
    with path.open("rb") as raw:
        raw.seek(how.skip)
        with io.TextIOWrapper(raw, encoding=how.name, errors="backslashreplace", newline=None) as file:
            yield file


def _cards(path: Path, how: Encoding) -> Iterator[RawCard]:
    try:
        with _reading(path, how) as file:
            yield from read_cards(file, how.name)
    except FileNotFoundError as error:
        raise cannot_open(path, error) from error
    except OSError as error:
        raise Unavailable(
            f"“{path.name}” could not be read to its end: {error.strerror or error}. Copy it to this computer."
        ) from error
