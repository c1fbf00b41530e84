"""How names are built in different cultures.

Rules of our own where order or patronymics decide; `nameparser` for titles, suffixes, nicknames, particles, and names
in Chinese, Korean and Arabic letters. It takes some 0.1 ms a name, so plain names do not reach it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from leaddesk.workflow.name_words import (
    IBERIAN,
    JAPANESE,
    LEGAL,
    PARTICLES,
    PERSIAN_ENDS,
    SONS,
    SUFFIXES,
    TITLES,
    UNUSUAL,
    VIETNAMESE,
    is_given,
    only_hungarian,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nameparser import Parser

Parts = tuple[str, str, str]

_PATRONYMIC = re.compile(r".{2,}(?:вич|вна|ична|ївна|інична|инична|ьич|кузьмич|ильич|фомич|лукич)", re.IGNORECASE)
_PATRONYMIC_LATIN = re.compile(r".{2,}(?:ovi[ct]h|evi[ct]h|ovych|yovych|ovna|evna|ivna|yivna)", re.IGNORECASE)
_SLAVIC_SURNAME = re.compile(
    r".+(?:ов|ев|ёв|ова|ева|ёва|ин|ына|ина|ский|ська|ський|ская|цкий|цкая|цький|цька|енко|чук|щук|шин|дзе|швили|швілі|ян|янц|юк)",
    re.IGNORECASE,
)
_ASIAN = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_HAN = re.compile(r"[\u3400-\u9fff々]+")
_KANA = re.compile(r"[\u3040-\u30ff]")
_DIGITS = re.compile(r"\d.*\d.*\d.*\d")
_LETTERS = re.compile(r"[^\W_]+")
_PERSIAN = re.compile(r"[پچژگیک]")
_FAMILY_FIRST = frozenset({"HU", "CN", "TW", "KR", "KP", "hu", "zh", "ko"})
_SPANISH = frozenset("ES MX AR CO PE CL VE EC GT CU BO DO HN PY SV NI CR PA UY PR PT BR AO MZ es pt".split())
_DOTTED_COMPANY = re.compile(r"\b(?:s\.r\.o|s\.a|s\.l|d\.o\.o|a\.s|s\.p\.a|z\s?o\.\s?o|a\.ş)\b", re.IGNORECASE)


def take_apart(words: Sequence[str], country: str, language: str) -> Parts:
    """First, middle and last of the words of a name; `country` in capitals, `language` in small letters."""
    text = " ".join(words)
    if _is_no_person(text, words):
        return "", "", text
    found = _by_culture(list(words), text, {country, language} - {""})
    return found if _same_words(text, found) else _simply(list(words))


def _by_culture(words: list[str], text: str, hints: set[str]) -> Parts:
    if _ASIAN.search(text):
        return _asian(words, text, hints)
    if len(words) < 2:
        return text, "", ""
    if "," in text:
        return _with_comma(text)
    if words[0] in PARTICLES and words[0].isascii():
        return "", "", text
    if _folded(words[0]) in TITLES and len(words) > 2:
        return _titled(words, hints)
    if any(_folded(word) in SONS for word in words):
        return _by_library(text)
    rules = (_capitals, _vietnamese, _hungarian, _slavic, _persian, _family_first, _iberian, _plainly)
    return next(filter(None, (rule(words, hints) for rule in rules)), None) or _by_library(text)


def _is_no_person(text: str, words: Sequence[str]) -> bool:
    if "@" in text or "://" in text or _DIGITS.search(text):
        return True
    if len(words) < 2:
        return False
    return any(word.casefold().strip('.,"«»“”()') in LEGAL for word in words) or bool(_DOTTED_COMPANY.search(text))


def _is_plain(word: str) -> bool:
    return word.replace("-", "").replace("'", "").replace("’", "").isalpha() and _folded(word) not in UNUSUAL


def _folded(word: str) -> str:
    return word.casefold().strip(".,")


def _with_comma(text: str) -> Parts:
    """“Smith, John Paul”; “Davis, Jr.” is no such thing."""
    before, _, after = (piece.strip() for piece in text.partition(","))
    if "," in after or not before or not after or _folded(after) in SUFFIXES or _folded(after.split()[-1]) in SUFFIXES:
        return _by_library(text)
    given = after.split()
    if len(before.split()) > 1 and _folded(before.split()[0]) in TITLES:
        return _by_library(text)
    if _folded(given[0]) in TITLES and len(given) > 1:
        return given[1], " ".join([given[0], *given[2:]]), before
    return given[0], " ".join(given[1:]), before


def _titled(words: list[str], hints: set[str]) -> Parts:
    """Titles before the name go to the middle; what is left is a name like any other."""
    at = 0
    while at < len(words) - 1 and _folded(words[at]) in TITLES:
        at += 1
    titles, left = words[:at], words[at:]
    if len(left) < 2:
        return "", " ".join(titles), " ".join(left)
    first, middle, last = _by_culture(left, " ".join(left), hints)
    return first, " ".join(filter(None, (*titles, middle))), last


def _capitals(words: list[str], _hints: set[str]) -> Parts | None:
    """“DUPONT Jean”: the one word in capitals is the surname, wherever it stands."""
    loud = [at for at, word in enumerate(words) if len(word) > 2 and word.isupper() and _folded(word) not in UNUSUAL]
    if loud != [0] or not all(word[:1].isupper() and _is_plain(word) for word in words):
        return None
    return words[1], " ".join(words[2:]), words[0]


def _vietnamese(words: list[str], hints: set[str]) -> Parts | None:
    """Family, middle, given: “Nguyễn Văn An”."""
    known = words[0].casefold() in VIETNAMESE and not words[0].isascii()
    if len(words) > 1 and (known or hints & {"VN", "vi"}) and all(map(str.isalpha, words)):
        return words[-1], " ".join(words[1:-1]), words[0]
    return None


def _hungarian(words: list[str], hints: set[str]) -> Parts | None:
    """Family first: “Nagy Erzsébet”, “Kovács Jánosné”, “Kovácsné Nagy Erzsébet”."""
    wives = [at for at, word in enumerate(words) if len(word) > 4 and word.casefold().endswith("né")]
    if not all(map(_is_plain, words)):
        return None
    told = bool(hints & {"HU", "hu"})
    if not told and not wives and (words[-1].casefold() not in only_hungarian() or is_given(words[0])):
        return None
    if wives and not told and is_given(words[0]):
        return None
    start = 2 if wives[:1] == [0] and len(words) > 2 else 1
    return words[start], " ".join(words[start + 1 :]), " ".join(words[:start])


def _slavic(words: list[str], hints: set[str]) -> Parts | None:
    """A patronymic tells the order; else a given name, else a surname by its ending."""
    if not all(map(_is_plain, words)):
        return None
    cyrillic = "\u0400" <= words[0][0] <= "\u04ff"
    if len(words) == 3:
        middle, end = _is_patronymic(words[1]), _is_patronymic(words[2])
        western = not cyrillic and is_given(words[0]) and is_given(words[1])
        if end and not middle and not western:
            return words[1], words[2], words[0]
        return (words[0], words[1], words[2]) if middle else None
    if len(words) != 2 or not cyrillic:
        return None
    one, other = words
    if is_given(one) and _is_patronymic(other) and not hints & {"RS", "ME", "BA", "HR", "sr", "hr"}:
        return (one, other, "") if _comes_from_a_name(other) else (one, "", other)
    if is_given(other) and not is_given(one):
        return other, "", one
    if not is_given(one) and _SLAVIC_SURNAME.fullmatch(one) and not _SLAVIC_SURNAME.fullmatch(other):
        return other, "", one
    return one, "", other


def _is_patronymic(word: str) -> bool:
    return bool(_PATRONYMIC.fullmatch(word) or _PATRONYMIC_LATIN.fullmatch(word))


def _comes_from_a_name(word: str) -> bool:
    """“Петрович” comes from “Пётр”, “Андрухович” from nobody; a woman's form is never a surname."""
    if word.casefold().endswith(("вна", "чна")):
        return True
    stem = re.sub(r"(?:ович|евич|йович|ич)$", "", word.casefold())
    ends = ("", "й", "ь", "ий", "ей", "о", "а", "я")
    return any(is_given(stem + end) for end in ends) or is_given(stem.removesuffix("ь") + "ий")


def _persian(words: list[str], hints: set[str]) -> Parts | None:
    """“محمد رضا احمدی”: two given names make one; “علی زاده” is one surname in two words."""
    if len(words) < 3 or not "\u0600" <= words[0][0] <= "\u06ff" or not all(map(_is_plain, words)):
        return None
    if not hints & {"IR", "AF", "fa"} and not _PERSIAN.search("".join(words)):
        return None
    end = len(words) - (2 if words[-1] in PERSIAN_ENDS and len(words) > 2 else 1)
    start = 2 if end > 1 and is_given(words[0]) and is_given(words[1]) else 1
    return " ".join(words[:start]), " ".join(words[start:end]), " ".join(words[end:])


def _iberian(words: list[str], hints: set[str]) -> Parts | None:
    """Two surnames: “Juan Carlos García López”, “Maria da Silva Santos”."""
    if len(words) < 3 or not all(map(_is_iberian_word, words)):
        return None
    groups = _grouped(words)
    known = len(groups) > 2 and _folded(groups[-2].split()[-1]) in IBERIAN and is_given(groups[0])
    if len(groups) < 3:
        return (groups[0], "", groups[1]) if len(groups) == 2 and hints & _SPANISH else None
    if not known and (not hints & _SPANISH or (is_given(groups[-2]) and len(groups) == 3)):
        return None
    return groups[0], " ".join(groups[1:-2]), " ".join(groups[-2:])


def _family_first(words: list[str], hints: set[str]) -> Parts | None:
    """Where the country says so: “Wang Xiaoming”, “Kim Min-jun”."""
    if not hints & _FAMILY_FIRST or not all(map(_is_plain, words)):
        return None
    return words[1], " ".join(words[2:]), words[0]


def _plainly(words: list[str], _hints: set[str]) -> Parts | None:
    """Up to four words without anything to mind; longer ones need care."""
    return _simply(words) if len(words) <= 4 and all(map(_is_plain, words)) else None


def _is_iberian_word(word: str) -> bool:
    return _is_plain(word) or word.casefold() in PARTICLES


def _grouped(words: list[str]) -> list[str]:
    """Particles with the word they lead to: “de la Cruz”; “y” binds both sides."""
    groups: list[str] = []
    pending: list[str] = []
    for at, word in enumerate(words):
        if word.casefold() in PARTICLES and 0 < at < len(words) - 1:
            pending.append(word)
            continue
        if pending and pending[0].casefold() in ("y", "e", "i") and len(groups) > 1:
            groups[-1] = " ".join([groups[-1], *pending, word])
        else:
            groups.append(" ".join([*pending, word]))
        pending = []
    return groups


def _asian(words: list[str], text: str, hints: set[str]) -> Parts:
    """Family first, often without a blank; “约翰·史密斯” is a foreigner's name, given first."""
    if len(words) > 1 and not any(mark in text for mark in "·・,，"):
        return _by_library(text) if len(words) > 2 else (words[1], "", words[0])
    for mark in "·・":
        if mark in text and len(words) == 1:
            first, _, last = text.partition(mark)
            middle, _, last = last.rpartition(mark)
            return first, middle, last
    if not _HAN.fullmatch(text):
        return ("", "", text) if _KANA.search(text) else _by_library(text)
    chinese = bool(hints & {"CN", "TW", "HK", "SG", "zh"})
    for length in () if chinese else (3, 2, 1):
        if text[:length] in JAPANESE and len(text) > length and (hints & {"JP", "ja"} or length + 1 < len(text)):
            if length == 1 and not hints & {"JP", "ja"}:
                break  # 林, 森 and 原 are Chinese too, where one is enough
            return text[length:], "", text[:length]
    if len(text) == 4 and hints & {"JP", "ja"}:
        return text[2:], "", text[:2]
    return ("", "", text) if hints & {"JP", "ja"} or len(text) > 4 else _by_library(text)


def _by_library(text: str) -> Parts:
    """Titles, nicknames and maiden names to the middle; suffixes to the last name, behind a comma if they were."""
    try:
        name = _parser().parse(text)
    except Exception:  # noqa: BLE001 - whatever a cell holds, an import goes on
        return _simply(text.split())
    comma = ", " if name.suffix and re.search(r",\s*" + re.escape(name.suffix.split(",")[0]), text) else " "
    last = comma.join(filter(None, (name.family, name.suffix)))
    middle = " ".join(filter(None, (name.title, name.middle, name.nickname, name.maiden)))
    return name.given, middle, last


@cache
def _parser() -> Parser:
    from nameparser import locales, parser_for

    return parser_for(locales.RU, locales.TR_AZ, locales.ZH)


def _simply(words: list[str]) -> Parts:
    """The first word, the last word, and what is between."""
    if len(words) < 2:
        return " ".join(words), "", ""
    return words[0], " ".join(words[1:-1]), words[-1]


def _same_words(text: str, parts: Parts) -> bool:
    """Whether the parts hold every letter of the name, and no more."""
    whole, split = "".join(_LETTERS.findall(text)), "".join(_LETTERS.findall("".join(parts)))
    return sorted(whole) == sorted(split)
