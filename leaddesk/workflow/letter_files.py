"""The letters the program comes with: which there are, in which languages, and which language to write in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from leaddesk.workflow.errors import Refused

LETTER_LANGUAGES = ("en", "ru", "hu", "et", "az", "fa")
LETTER_KINDS = ("farewell", "greeting", "offer", "comeback")
FAREWELL_REASONS = ("price", "budget", "plans", "competitor", "no_need", "ignores", "not_now", "other")
"""A farewell is a letter for one reason; for a reason not among these, "other" is written."""

LETTER_KEYS = (*(f"farewell.{reason}" for reason in FAREWELL_REASONS), *LETTER_KINDS[1:])
"""What a template is asked for by. "farewell" alone means "farewell.other"."""


@dataclass(frozen=True, slots=True)
class ShippedTemplate:
    """A letter template as shipped. `reason` is "" where the kind is no farewell."""

    key: str
    kind: str
    reason: str
    language: str
    text: str


@lru_cache(maxsize=1)
def shipped() -> tuple[ShippedTemplate, ...]:
    """Every shipped template, by key and language in the order of `LETTER_KEYS` and `LETTER_LANGUAGES`."""
    folder = resources.files("leaddesk") / "resources" / "letters"
    made = []
    for key in LETTER_KEYS:
        kind, _, reason = key.partition(".")
        for language in LETTER_LANGUAGES:
            text = (folder / f"{key}.{language}.txt").read_text(encoding="utf-8")
            made.append(ShippedTemplate(key, kind, reason, language, text))
    return tuple(made)


@lru_cache(maxsize=1)
def _by_key() -> dict[tuple[str, str], ShippedTemplate]:
    return {(t.key, t.language): t for t in shipped()}


def full_key(key: str) -> str:
    """The key of a template by its short name: "farewell" is the one for any reason."""
    return "farewell.other" if key == "farewell" else key


def shipped_text(key: str, language: str) -> str:
    """A shipped template's text. Raises `Refused`, naming what there is, where there is none."""
    found = _by_key().get((full_key(key), language))
    if found is None:
        keys, languages = ", ".join(LETTER_KEYS), ", ".join(LETTER_LANGUAGES)
        words = f"There is no letter template “{key}” in “{language}”. There are {keys}; in {languages}."
        raise Refused(words, field="letter")
    return found.text


def best(key: str, language: str) -> ShippedTemplate:
    """A shipped template, else the one nearest to it: a reason of one's own gets "other", a language English.

    Raises `Refused` for a kind of letter that there is not.
    """
    wanted = full_key(key)
    if wanted not in LETTER_KEYS and wanted.startswith("farewell."):
        wanted = "farewell.other"
    there = language if language in LETTER_LANGUAGES else "en"
    shipped_text(wanted, there)
    return _by_key()[wanted, there]


@lru_cache(maxsize=1)
def _titles() -> dict[str, dict[str, str]]:
    file = resources.files("leaddesk") / "resources" / "letters" / "titles.json"
    titles: dict[str, dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return titles


def letter_title(key: str, language: str = "en") -> str:
    """What a kind of letter or a template is called on the screen; its key where it is nobody we know."""
    names = _titles().get(key, {})
    return names.get(language) or names.get("en") or key


_BY_COUNTRY = {
    **dict.fromkeys(("RU", "BY", "KZ", "KG"), "ru"),
    **dict.fromkeys(("IR", "AF"), "fa"),
    "HU": "hu",
    "EE": "et",
    "AZ": "az",
}

_NAMES = {
    "en": "en eng english английский angol inglise ingilis انگلیسی",
    "ru": "ru rus russian русский orosz vene rus russki российский روسی",
    "hu": "hu hun hungarian magyar венгерский ungari macar مجاری مجارستانی",
    "et": "et est estonian eesti эстонский észt eston استونیایی",
    "az": "az aze azj azerbaijani azeri azərbaycan azərbaycanca азербайджанский azerbajdzsáni aserbaidžaani آذربایجانی",
    "fa": "fa fas per pes prs persian farsi dari персидский фарси perzsa pärsia fars فارسی دری پارسی",
}
"""What files call a language: its codes (ISO 639-1, 639-2, 639-3) and its names in the languages we write in."""

_CODES = {name: code for code, names in _NAMES.items() for name in names.split()}


@lru_cache(maxsize=1024)
def spoken(words: str) -> str:
    """The language of ours meant by a code or name ("hu-HU", "Hungarian", "magyar nyelv"), or ""."""
    parts = re.split(r"[^\w]+|_", words.casefold().replace("\u0307", ""))
    return next((_CODES[part] for part in parts if part in _CODES), "")


def language_of(wanted: str, lead_language: str, country: str) -> str:
    """The language to write in: as asked, else the lead's, else their country's (ISO 3166, "HU"), else English."""
    return spoken(wanted) or spoken(lead_language) or _BY_COUNTRY.get(country.upper(), "en")
