"""Words from files brought to one form, so that “E-mail”, “e_mail” and “EMAIL:” are the same word."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from importlib import resources
from typing import Any

_SAME_LETTERS = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ك": "ک",
        "ة": "ه",
        "ı": "i",
        "ß": "ss",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)
_CUSTOM = re.compile(r"__c$", re.IGNORECASE)  # what one CRM puts behind fields its users made
_NUMBERS = re.compile(r"\d+")


def plain(text: str) -> str:
    """Keep letters and digits only, in small letters, without accents and without the differences of keyboards."""
    folded = unicodedata.normalize("NFKD", _CUSTOM.sub("", text.strip()).casefold())
    return "".join(letter for letter in folded.translate(_SAME_LETTERS) if letter.isalnum())


def without_number(word: str) -> tuple[str, int]:
    """Part “phone2value” into “phonevalue” and 2; 1 where there is no number or a long one."""
    found = _NUMBERS.findall(word)
    if len(found) != 1 or len(found[0]) > 2:
        return word, 1
    return _NUMBERS.sub("", word), int(found[0]) or 1


@cache
def dictionary(name: str) -> Any:
    """Read one of the dictionaries in resources/headers, once."""
    file = resources.files("leaddesk") / "resources" / "headers" / f"{name}.json"
    return json.loads(file.read_text(encoding="utf-8"))


@cache
def languages() -> tuple[str, ...]:
    """Name the languages there is a dictionary of headers for, English first."""
    folder = resources.files("leaddesk") / "resources" / "headers"
    found = {file.name.removesuffix(".json") for file in folder.iterdir() if file.name.endswith(".json")}
    return tuple(sorted((name for name in found if len(name) == 2), key=lambda name: (name != "en", name)))
