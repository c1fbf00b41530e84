"""The lines of address book files (vCard 2.1, RFC 2426, RFC 6350), card by card and never a picture in memory.

Phones and mail programs break lines in three ways: a blank before the rest, a soft break of quoted-printable, and
nothing at all in base64; all are joined here. A line that belongs nowhere is taken for the rest of the text before it.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

TEXT_LIMIT = 1 << 20  # letters of one property; the rest is left out with words
_PIECE = 1 << 16
_ADDRESS_OF_A_PICTURE = 4_096  # letters; a picture itself is passed over
_PROPERTIES = 5_000  # of one card
_HEAD = re.compile(r'(?:([\w.-]+)\.)?([A-Za-z][A-Za-z0-9_-]*)((?:;(?:[^":;]|"[^"]*")*)*):')
_PARAMETER = re.compile(r';((?:[^":;]|"[^"]*")*)')
_ESCAPED = re.compile(r'\\([\\,;:"nN])')
_PARTED = re.compile(r"\\.|;", re.DOTALL)
_HEAVY = frozenset({"PHOTO", "LOGO", "SOUND", "KEY", "X-MS-CARDPICTURE", "X-MS-OL-DESIGN"})
_CUT_OFF = "The card is not closed; what there is of it was read."
_TOO_LONG = "A text in this card is longer than a million letters; the rest of it was left out."
_TOO_MANY = "The card has more than 5,000 entries; the rest of them were left out."


@dataclass(frozen=True, slots=True)
class Property:
    """One entry of a card. `types` are what it is for (work, cell, fax…), in small letters; `raw` is still escaped."""

    name: str
    raw: str
    types: frozenset[str] = frozenset()
    parameters: dict[str, str] = field(default_factory=dict)
    group: str = ""
    charset: str = "utf-8"

    def parts(self) -> list[str]:
        """Return the components of a name, an address or an organisation, decoded."""
        return [self._decoded(part) for part in _split(self.raw)]

    def text(self) -> str:
        """Return the whole value, decoded."""
        return self._decoded(self.raw)

    def _decoded(self, raw: str) -> str:
        encoding = self.parameters.get("ENCODING", "").upper()
        text = raw
        if encoding == "QUOTED-PRINTABLE":
            text = _to_text(quopri.decodestring(raw.encode("utf-8")), self.parameters.get("CHARSET"), self.charset)
        elif encoding in {"B", "BASE64"}:
            try:
                text = _to_text(base64.b64decode(raw), self.parameters.get("CHARSET"), self.charset)
            except (binascii.Error, ValueError):
                text = raw
        text = _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()


@dataclass(slots=True)
class RawCard:
    """The entries of one card, the line it begins on, what is wrong, and how many pictures and keys were passed."""

    number: int
    properties: list[Property] = field(default_factory=list)
    problem: str | None = None
    passed: int = 0


def read_cards(file: TextIO, charset: str) -> Iterator[RawCard]:
    """Yield the cards of a file; `charset` is for quoted letters that do not say theirs. Never raises for content."""
    card: RawCard | None = None
    agents = 0  # cards inside the card, as of an assistant
    for number, found, cut in _properties(file, charset):
        marks_card = found.raw.strip().upper() == "VCARD"
        if found.name == "BEGIN" and marks_card:
            if card is not None and card.properties and card.properties[-1].name == "AGENT":
                agents += 1
                continue
            if card is not None:
                card.problem = _CUT_OFF
                yield card
            card, agents = RawCard(number), 0
        elif found.name == "END" and marks_card:
            if agents:
                agents -= 1
            elif card is not None:
                yield card
                card = None
        elif card is not None:
            _take(card, found, cut=cut)
    if card is not None:
        card.problem = _CUT_OFF
        yield card


def _take(card: RawCard, found: Property, *, cut: bool) -> None:
    if is_heavy(found):
        card.passed += 1
        return
    if cut:
        card.problem = _TOO_LONG
    if len(card.properties) < _PROPERTIES:
        card.properties.append(found)
    else:
        card.problem = _TOO_MANY


def is_heavy(found: Property) -> bool:
    """Whether an entry is a picture, a sound or a key itself, and not the address of one."""
    encoded = found.parameters.get("ENCODING", "").upper() in {"B", "BASE64"}
    return found.name in _HEAVY and (encoded or not re.match(r"\s*https?:", found.raw))


def _properties(file: TextIO, charset: str) -> Iterator[tuple[int, Property, bool]]:
    """Yield each entry with the number of its first line, and whether its value had to be cut."""
    held: _Held | None = None
    for number, line, whole in _physical_lines(file):
        if held is not None and held.goes_on(line):
            held.add(line, whole=whole)
            continue
        head = _HEAD.match(line)
        if head is None:
            if held is not None and line.strip():
                held.add("\n" + line, whole=whole)
            continue
        if held is not None:
            yield held.finished(charset)
        held = _Held(number, head, line[head.end() :], cut=not whole)
    if held is not None:
        yield held.finished(charset)


class _Held:
    """An entry whose value may go on in the next line."""

    def __init__(self, number: int, head: re.Match[str], value: str, *, cut: bool) -> None:
        self.number = number
        self.group, self.name = (head[1] or "").lower(), head[2].upper()
        self.parameters, self.types = _parameters(head[3])
        encoding = self.parameters.get("ENCODING", "").upper()
        self._quoted = encoding == "QUOTED-PRINTABLE"
        self._base64 = encoding in {"B", "BASE64"}
        self._keep = _ADDRESS_OF_A_PICTURE if self.name in _HEAVY else TEXT_LIMIT
        self._pieces = [value[: self._keep]]
        self._size = len(self._pieces[0])
        self._cut = cut or len(value) > self._keep
        self._soft = self._quoted and value.endswith("=")

    def goes_on(self, line: str) -> bool:
        """Whether this line is the rest of the entry's value."""
        if self._soft:
            return True
        if line[:1] in {" ", "\t"}:
            return True
        return self._base64 and bool(line.strip()) and ":" not in line

    def add(self, line: str, *, whole: bool) -> None:
        """Take the line as the rest, up to the limit."""
        if self._soft and self._pieces[-1].endswith("="):
            self._pieces[-1] = self._pieces[-1][:-1]
        elif line[:1] in {" ", "\t"}:
            line = line[1:]
        self._soft = self._quoted and line.endswith("=")
        room = self._keep - self._size
        self._cut = self._cut or not whole or len(line) > room
        if room > 0:
            self._pieces.append(line[:room])
            self._size += len(line[:room])

    def finished(self, charset: str) -> tuple[int, Property, bool]:
        """Return the entry, its first line and whether its value was cut."""
        raw = "".join(self._pieces)
        found = Property(self.name, raw, frozenset(self.types), self.parameters, self.group, charset)
        return self.number, found, self._cut


def _parameters(text: str) -> tuple[dict[str, str], set[str]]:
    """Part `;TYPE=work,voice;CHARSET=utf-8`; of vCard 2.1's bare words, encodings are known and the rest are types."""
    named: dict[str, str] = {}
    types: set[str] = set()
    for piece in _PARAMETER.findall(text):
        key, sign, value = piece.partition("=")
        value = value.strip().strip('"')
        if not sign:
            bare = key.strip().upper()
            if bare in {"QUOTED-PRINTABLE", "BASE64", "B"}:
                named["ENCODING"] = bare
            elif bare:
                types.add(bare.lower())
        elif key.strip().upper() == "TYPE":
            types.update(word.strip().lower() for word in value.split(",") if word.strip())
        else:
            named.setdefault(key.strip().upper(), value)
    return named, types


def _physical_lines(file: TextIO) -> Iterator[tuple[int, str, bool]]:
    """Yield lines without their ends, numbered; of one longer than the limit the first letters, with False."""
    number = 0
    while piece := file.readline(_PIECE):
        number += 1
        pieces, size, whole = [piece], len(piece), True
        while not piece.endswith("\n") and (piece := file.readline(_PIECE)):
            whole = whole and size < TEXT_LIMIT
            if whole:
                pieces.append(piece)
                size += len(piece)
        yield number, "".join(pieces).rstrip("\r\n"), whole


def _split(raw: str) -> list[str]:
    """Part at semicolons that are not escaped."""
    if "\\" not in raw:
        return raw.split(";")
    return _PARTED.sub(_marked, raw.replace("\x01", "")).split("\x01")


def _marked(found: re.Match[str]) -> str:
    return "\x01" if found[0] == ";" else found[0]


def _to_text(content: bytes, named: str | None, charset: str) -> str:
    for name in (named, "utf-8", charset):
        try:
            if name:
                return content.decode(name)
        except (UnicodeError, LookupError):
            continue
    return content.decode("utf-8", errors="backslashreplace")
