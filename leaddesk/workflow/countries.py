"""Countries as people write them, and as they are called in a language. Names come from CLDR through `babel`, late."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LANGUAGES = [
    "en",
    "ru",
    "uk",
    "hu",
    "et",
    "az",
    "fa",
    "de",
    "fr",
    "es",
    "pt",
    "it",
    "pl",
    "tr",
    "ka",
    "hy",
    "kk",
    "uz",
    "be",
    "ro",
    "cs",
    "sk",
    "bg",
    "sr",
    "hr",
    "sl",
    "lt",
    "lv",
    "fi",
    "sv",
    "nb",
    "da",
    "nl",
    "el",
    "he",
    "ar",
    "zh",
    "ja",
    "ko",
    "hi",
    "vi",
    "th",
    "id",
]
"""Where a name means two countries in two languages, the earlier language is believed."""

_SPOKEN = {
    "GB": "uk, great britain, britain, england, scotland, wales, northern ireland, u.k., англия, великобритания, англія",
    "US": "u.s., u.s.a., america, united states of america, сша, америка, amerika, usa",
    "RU": "россия, рф, российская федерация, russian federation, росія",
    "UA": "україна, украина",
    "AE": "uae, u.a.e., оаэ, emirates",
    "KR": "south korea, korea, republic of korea, южная корея, корея",
    "KP": "dprk, кндр, северная корея",
    "CZ": "czech republic, czechia, чехия, česko",
    "TR": "turkey, turkiye, турция",
    "NL": "holland, голландия, the netherlands",
    "MK": "macedonia, македония",
    "BY": "белоруссия, byelorussia, belorussia",
    "MD": "молдавия, moldavia, republic of moldova",
    "KG": "киргизия, kirgizia",
    "TM": "туркмения",
    "HK": "hong kong, гонконг",
    "MO": "macau, macao, макао",
    "CI": "ivory coast",
    "CD": "dr congo, drc, democratic republic of the congo",
    "CG": "republic of the congo, congo",
    "VA": "vatican, holy see",
    "SY": "syrian arab republic",
    "IR": "islamic republic of iran, persia",
    "VN": "viet nam",
    "LA": "lao pdr",
    "TZ": "united republic of tanzania",
    "CV": "cape verde",
    "SZ": "swaziland",
    "MM": "burma",
    "PS": "palestine",
    "CN": "prc, people's republic of china, кнр",
    "TW": "taiwan",
    "BN": "brunei darussalam",
    "BA": "bosnia",
    "GR": "el, hellas",
}
_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


@lru_cache(maxsize=4096)
def country_code(text: str) -> str | None:
    """ISO 3166 two letters for a code of two or three letters or a name in any of many languages; None if unknown."""
    name = _folded(text)
    if not name:
        return None
    return _in_english().get(name) or _by_name().get(name)


def country_name(iso2: str, language: str = "en") -> str:
    """The country's name in a language; in English where that language is unknown, the code for no known country."""
    from babel import Locale, UnknownLocaleError

    code = iso2.upper()
    try:
        names = Locale.parse(language, sep="-" if "-" in language else "_").territories
    except (UnknownLocaleError, ValueError, TypeError):
        names = Locale.parse("en").territories
    return str(names.get(code, code))


@lru_cache(maxsize=1)
def country_codes() -> tuple[str, ...]:
    """All countries and territories with a code of their own."""
    from babel import Locale

    return tuple(
        sorted(
            code
            for code in map(str, Locale.parse("en").territories)
            if re.fullmatch("[A-Z]{2}", code) and code not in _NO_COUNTRIES
        )
    )


@lru_cache(maxsize=1)
def _in_english() -> dict[str, str]:
    """Codes, and names in English and in common speech: most lists need no more, and forty languages take a while."""
    from babel.core import get_global

    codes = frozenset(country_codes())
    names = {code.casefold(): code for code in codes}
    for code, spoken in _SPOKEN.items():
        names.update((_folded(name), code) for name in spoken.split(","))
    for alias, targets in get_global("territory_aliases").items():
        if re.fullmatch("[A-Z]{3}", str(alias)) and len(targets) == 1 and targets[0] in codes:
            names.setdefault(str(alias).casefold(), targets[0])
    return names | {name: code for name, code in _called("en") if name not in names}


def _called(language: str) -> list[tuple[str, str]]:
    """Names in a language with their codes."""
    from babel import Locale

    codes = frozenset(country_codes())
    names = Locale.parse(language).territories.items()
    return [(_folded(str(name)), str(code)) for code, name in names if code in codes]


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    names = dict(_in_english())
    for language in _LANGUAGES:
        for name, code in _called(language):
            names.setdefault(name, code)
    return names


def _folded(text: str) -> str:
    """Case, marks, dashes and "the" do not count."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
    words = re.sub(r"[’`´ʻʼ]", "'", re.sub(r"[-‐‑–—_()\"]", " ", plain)).replace("&", " and ").split()
    return " ".join(words[1:] if words[:1] == ["the"] else words).strip(" .,")
