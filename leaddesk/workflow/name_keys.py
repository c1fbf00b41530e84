"""The name as duplicates are looked for by it: people write the same name in many ways."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from operator import itemgetter

_VOWELS = frozenset("aeiouy")
_WORDS = re.compile(r"[^\W\d_]+")
_DOUBLED = re.compile(r"(.)\1+")
_ONCE = itemgetter(1)
"""What a doubled letter becomes. A template in its place would be read, and its reader imported, at each use."""
_TOO_LONG = 40
"""Letters of a word, and words of a name, past which more of them tell nothing: hostile files hold a page in a cell."""

_LATIN = str.maketrans(
    {
        **dict(zip("абвгґдеёєзиіїйклмнопрстуўфхыэъь", "abvggdeeeziiiyklmnoprstuufhye  ", strict=True)),
        "ж": "zh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "shch",
        "ю": "yu",
        "я": "ya",
        "ъ": "",
        "ь": "",
        **dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True)),
        "θ": "th",
        "χ": "h",
        "ψ": "ps",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "’": "",
        "'": "",
        "ʼ": "",
        "`": "",
    }
)
"""Letters of other scripts as passports write them, and those that no accent can be taken from."""

_SOUNDS = re.compile(r"ph|kh|ck|sch|tsch|w|g")
_SPOKEN = {"ph": "f", "kh": "h", "ck": "k", "sch": "sh", "tsch": "ch", "w": "v", "g": "h"}
"""Spellings of one sound; the Cyrillic Г is written G or H."""

_CONSONANTS = "bcdfhjklmnpqrstvxz"
"""Letters of skeletons."""


@lru_cache(maxsize=65536)
def name_key(name: str, company: str = "") -> str:
    """What names that may be one person's share; the company's where no person is named. "" for neither.

    Case, accents, script, order of the words, vowels and doubled letters do not count.
    """
    return " ".join(sorted({skeleton(word) for word in _WORDS.findall(plain(name or company))[:_TOO_LONG]}))


def plain(text: str) -> str:
    """Text as it is compared: lower case, Latin letters without accents, no apostrophes."""
    if text.isascii() and "'" not in text and "`" not in text:
        return text.lower()
    parted = unicodedata.normalize("NFD", text.casefold().translate(_LATIN))
    return "".join(sign for sign in parted if not unicodedata.combining(sign)).translate(_LATIN)


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: letters only."""
    return _WORDS.findall(plain(text))


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """A plain word without what is misspelt or misheard most: its first letter and its consonants, none doubled."""
    spoken = _SOUNDS.sub(lambda found: _SPOKEN[found[0]], word[:_TOO_LONG])
    return _DOUBLED.sub(_ONCE, spoken[0] + "".join(letter for letter in spoken[1:] if letter not in _VOWELS))


def keys_near(name: str, company: str = "", at_most: int = 800) -> tuple[str, ...]:
    """The name's key first, then the keys of names one letter away: dropped, added, another one, or two swapped.

    So a misspelt name is found by the index of keys itself, whatever else the card says. The longer words come
    last to be varied, for a long name is told by its other letters; `at_most` keys are made.
    """
    found = dict.fromkeys([name_key(name, company)])
    words = sorted({skeleton(word) for word in words_of(name or company)[:_TOO_LONG]})
    if words == []:
        return ()
    for place, word in sorted(enumerate(words), key=lambda one: len(one[1])):
        others = words[:place] + words[place + 1 :]
        for variant in _variants(word):
            found.setdefault(" ".join(sorted({*others, variant})))
            if len(found) >= at_most:
                return tuple(found)
    return tuple(found)


def _variants(word: str) -> dict[str, None]:
    """What a skeleton becomes by one slip. A vowel heads it as well as a consonant."""
    found: dict[str, None] = {}
    letters = f"{_CONSONANTS}aeiouy"
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        made = [head + tail[1:]] if tail else []
        if len(tail) > 1:
            made.append(head + tail[1] + tail[0] + tail[2:])
        for letter in letters if not place else _CONSONANTS:
            made += [head + letter + tail, head + letter + tail[1:]]
        found.update(dict.fromkeys([_DOUBLED.sub(_ONCE, one) for one in made if one]))
    found.pop(word, None)
    return found
