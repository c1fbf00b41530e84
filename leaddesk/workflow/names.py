"""People's names: put together, taken apart, and what to call a lead by."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from leaddesk.workflow.name_words import UNUSUAL, is_first_before_last

_REMEMBERED = 65536


class NameParts(NamedTuple):
    """A name as the card keeps it; any part may be empty."""

    first: str
    middle: str
    last: str


def full_name(first: str, middle: str, last: str) -> str:
    """The parts that are there, in the order they are spoken."""
    return " ".join(part for part in (_clean(first), _clean(middle), _clean(last)) if part)


@lru_cache(maxsize=_REMEMBERED)
def split_name(text: str, country: str = "", language: str = "") -> NameParts:
    """Take a name of one cell apart: "Olena Hrytsenko", "Smith, John", "Гриценко Олена Петрівна", "Nagy Erzsébet".

    `country` (ISO, two letters) and `language` tell whose order it is where the name does not. Nothing is lost among
    the parts: titles and nicknames go to the middle, so that first and last are what people are greeted and found
    by; suffixes stay with the last name. A single word is a first name. What is no person's name (an address, a
    company, a number) is left whole, as the last name, so that no letter greets it. Never raises.
    """
    words = text.split()
    if len(words) == 2 and not country and not language:
        first, last = words
        if first.istitle() and last.istitle() and first.isalpha() and last.isalpha():
            quick = (first.isascii() and last.isascii()) or is_first_before_last(first, last)
            if quick and first.lower() not in UNUSUAL and last.lower() not in UNUSUAL:
                return NameParts(first, "", last)
    if len(words) < 2 and text.isascii() and text.isalpha():
        return NameParts(words[0], "", "")
    from leaddesk.workflow.name_cultures import take_apart

    return NameParts(*take_apart(words, country.upper(), language.lower()[:2]))


def title_of(name: str, company: str, phone: str, email: str, external_id: str, lead_id: int | str) -> str:
    """The best there is to call a lead by; its number in the list it came from, or here, when nothing else is known."""
    return next((text for text in map(_clean, (name, company, phone, email)) if text), "") or (
        f"Lead {_clean(external_id) or lead_id}"
    )


def _clean(text: str) -> str:
    return " ".join(text.split())
