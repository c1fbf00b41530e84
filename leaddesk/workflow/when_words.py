"""The words of time of each language: `resources/when/<language>.json`, and the names of months and days from CLDR."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

LANGUAGES = ("en", "ru", "hu", "et", "az", "fa")
"""Languages in which times are read and said."""

Width = Literal["wide", "abbreviated"]
WIDTHS: tuple[Width, ...] = ("wide", "abbreviated")

_ALIKE = str.maketrans({
    "ə": "e", "Ə": "e", "ı": "i", "ي": "ی", "ك": "ک", ",": " ", "،": " ", "٫": ".",
    **dict.fromkeys("\u200c\u200d\u200e\u200f\u2066\u2067\u2068\u2069\u061c", ""),
})  # fmt: skip


@dataclass(frozen=True)
class Words:
    """What one language calls things; the keys are `plain`, as typed text is before it is read.

    `phrases` stand for a span such as "2 days", or "week": the first day of the next one. `parts` of the day are found
    by the longest first. `month_first`: two numbers with a dot between would be read month first there.
    """

    months: dict[str, int]
    jalali_months: dict[str, int]
    weekdays: dict[str, int]
    units: dict[str, str]
    numbers: dict[str, int]
    half: frozenset[str]
    before_span: tuple[str, ...]
    after_span: tuple[str, ...]
    phrases: dict[str, str]
    next: tuple[str, ...]
    before_day: tuple[str, ...]
    after_day: tuple[str, ...]
    before_month: tuple[str, ...]
    before_time: frozenset[str]
    hour_signs: frozenset[str]
    oclock: frozenset[str]
    parts: tuple[tuple[str, str], ...]
    fillers: frozenset[str]
    first_weekday: int
    month_first: bool


@lru_cache(maxsize=16)
def raw_words(language: str) -> dict[str, Any]:
    """The file of a language; English for one there is no file of."""
    name = language if language in LANGUAGES else "en"
    file = resources.files("leaddesk") / "resources" / "when" / f"{name}.json"
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return read


@lru_cache(maxsize=16)
def words(language: str) -> Words:
    """The words of a language, ready to be looked up."""
    raw = raw_words(language)
    months = _numbered(raw["months"], first=1, endings=raw["month_endings"])
    weekdays = _numbered(raw["weekdays"])
    for width in WIDTHS:
        months |= _told_apart(month_names(language, width), first=1)
        weekdays |= _told_apart(weekday_names(language, width), first=0)
    return Words(
        months=months,
        jalali_months=_numbered([[name] for name in raw.get("jalali_months", ())], first=1),
        weekdays=weekdays,
        units={plain(word): unit for unit, names in raw["units"].items() for word in names},
        numbers={plain(word): number for word, number in (raw["numbers"] | raw["ordinals"]).items()},
        half=frozenset(map(plain, raw["half"])),
        phrases={plain(phrase): span for phrase, span in raw["phrases"].items()},
        parts=_longest_first((plain(phrase), part) for part, names in raw["parts"].items() for phrase in names),
        first_weekday=raw.get("first_weekday", 0),
        month_first=raw.get("month_first", False),
        before_span=tuple(map(plain, raw["before_span"])),
        after_span=tuple(map(plain, raw["after_span"])),
        next=tuple(map(plain, raw["next"])),
        before_day=tuple(map(plain, raw["before_day"])),
        after_day=tuple(map(plain, raw["after_day"])),
        before_month=tuple(map(plain, raw["before_month"])),
        before_time=frozenset(map(plain, raw["before_time"])),
        hour_signs=frozenset(map(plain, raw["hour_signs"])),
        oclock=frozenset(map(plain, raw["oclock"])),
        fillers=frozenset(map(plain, raw["fillers"])),
    )


def plain(text: str) -> str:
    """Text as it is compared: small letters without accents, plain digits, one blank between words, no full stops after.

    What stands in brackets at the end goes, and so does an ending tied to a number ("10-го", "1-jén"); letters that
    follow a number stand apart ("3d", "1st").
    """
    text = unicodedata.normalize("NFKD", text.strip().translate(_ALIKE).casefold()).translate(_ALIKE)
    text = "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text if not unicodedata.combining(sign)
    )
    text = re.sub(r"\s*\([^()]*\)$", "", text)
    text = re.sub(r"(?<=\d)[-\u2011][^\W\d]+", "", text)
    text = re.sub(r"(?<=\d)\.*(?=[^\W\d])|(?<=[^\W\d])\.?(?=\d)", " ", text)
    text = re.sub(r"^\+", "+ ", text)
    return " ".join(word.rstrip(".") or word for word in text.split())


@lru_cache(maxsize=32)
def month_names(language: str, width: Width) -> tuple[str, ...]:
    """January to December as CLDR has them within a date. `width` is wide or abbreviated."""
    from babel.dates import get_month_names

    # Babel mixes up the languages of stand-alone names, depending on which was asked for first.
    names = get_month_names(width, "format", _known(language))
    return tuple(names[number] for number in range(1, 13))


@lru_cache(maxsize=32)
def weekday_names(language: str, width: Width) -> tuple[str, ...]:
    """Monday to Sunday as CLDR has them. `width` is wide or abbreviated."""
    from babel.dates import get_day_names

    names = get_day_names(width, "format", _known(language))
    return tuple(names[number] for number in range(7))


def counted_form(forms: dict[str, str], number: int, language: str) -> str:
    """The form of words that goes with a number in this language, by CLDR's rules."""
    from babel import Locale

    return forms.get(Locale(_known(language)).plural_form(number), forms["other"])


def native_digits(text: str, language: str) -> str:
    """The same with the digits of the language."""
    digits = raw_words(language).get("digits")
    return text.translate(str.maketrans("0123456789", digits)) if digits else text


def _known(language: str) -> str:
    return language if language in LANGUAGES else "en"


def _numbered(rows: list[list[str]], *, first: int = 0, endings: tuple[str, ...] | list[str] = ("",)) -> dict[str, int]:
    return {plain(name + end): number for number, row in enumerate(rows, first) for name in row for end in endings}


def _told_apart(names: tuple[str, ...], *, first: int) -> dict[str, int]:
    """Without those that are alike when plain: Azerbaijani abbreviates Tuesday “Ç.a.” and Thursday “C.a.”."""
    alike = Counter(map(plain, names))
    return {plain(name): number for number, name in enumerate(names, first) if alike[plain(name)] == 1}


def _longest_first(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))
