"""People's names: put together, taken apart, and what to call a lead by."""

from __future__ import annotations

import re
from typing import NamedTuple

_PATRONYMIC = re.compile(r"(?:вич|вна|ична|ївна|ич|инична|оглы|оглу|кызы|oğlu|qızı|vich|vych|vna|ivna)$", re.IGNORECASE)
_PARTICLES = frozenset(
    [
        "van",
        "von",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "das",
        "du",
        "la",
        "le",
        "bin",
        "ibn",
        "al",
        "el",
        "ter",
        "ten",
        "zu",
        "af",
        "av",
    ]
)
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md"})


class NameParts(NamedTuple):
    """A name as the card keeps it; any part may be empty."""

    first: str
    middle: str
    last: str


def full_name(first: str, middle: str, last: str) -> str:
    """The parts that are there, in the order they are spoken."""
    return " ".join(part for part in (_clean(first), _clean(middle), _clean(last)) if part)


def split_name(text: str) -> NameParts:
    """Take a name of one cell apart: "Olena Hrytsenko", "Smith, John", "Гриценко Олена Петрівна".

    A patronymic tells which word is the surname; a particle ("van") begins one. A single word is a first name.
    """
    before, comma, after = _clean(text).partition(",")
    if comma and after.strip() and after.strip(" .").casefold() not in _SUFFIXES:
        first, _, middle = after.strip().partition(" ")
        return NameParts(first, middle.strip(), before.strip())
    words = _clean(text).split()
    if len(words) < 2:
        return NameParts(words[0] if words else "", "", "")
    if len(words) == 3 and _PATRONYMIC.search(words[2]) and not _PATRONYMIC.search(words[1]):
        return NameParts(words[1], words[2], words[0])
    start = len(words) - 1
    if words[start].strip(".,").casefold() in _SUFFIXES and start > 1:
        start -= 1
    while start > 1 and words[start - 1].casefold() in _PARTICLES:
        start -= 1
    return NameParts(words[0], " ".join(words[1:start]), " ".join(words[start:]))


def title_of(name: str, company: str, phone: str, email: str, external_id: str, lead_id: int | str) -> str:
    """The best there is to call a lead by; its number in the list it came from, or here, when nothing else is known."""
    return next((text for text in map(_clean, (name, company, phone, email)) if text), "") or (
        f"Lead {_clean(external_id) or lead_id}"
    )


def _clean(text: str) -> str:
    return " ".join(text.split())
