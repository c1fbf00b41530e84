"""Names and the keys they are typed with: a hand that slid over a row of keys leaves no name.

The rows of the keyboards that leads are typed on stand in resources/suspicion/keyboards.json.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

RUN = 5
"""So many keys side by side are no chance, wherever in a word they stand."""

_VOWELS = frozenset("aeiouyəɪwаеёиоуыэюяіїєўәөүұıæøœαεηιουω")
"""With the w of Welsh names (Cwmdwr), and the ў that ends Belarusian ones."""
_WORD = re.compile(r"[^\W\d_]+")
_ABJADS = ("ARABIC", "HEBREW")
"""Scripts without vowels, in which a few keys of a row are a word, or a part of one, soon enough."""


@dataclass(frozen=True)
class Keyboards:
    """All rows, each from both ends, what is left of them when cut into runs, and what is known by heart."""

    rows: tuple[str, ...]
    runs: frozenset[str]
    short: frozenset[str]
    real: frozenset[str]
    shortest: int
    shortest_without_vowels: int


@lru_cache(maxsize=1)
def keyboards() -> Keyboards:
    """The keyboards as the resource has them."""
    from importlib.resources import files

    said = json.loads(
        files("leaddesk").joinpath("resources", "suspicion", "keyboards.json").read_text(encoding="utf-8")
    )
    one_way = dict.fromkeys(row for rows in said["layouts"].values() for row in rows)
    rows = tuple(row[::way] for row in one_way for way in (1, -1))
    real = frozenset(said["real"])
    runs = {row[start : start + RUN] for row in rows for start in range(len(row) - RUN + 1)}
    return Keyboards(
        rows,
        frozenset(runs - real),
        frozenset(said["short"]),
        real,
        said["shortest"],
        said["shortest_without_vowels"],
    )


@lru_cache(maxsize=16384)
def is_mashed(word: str) -> bool:
    """Keys of one row in their order, or one letter or row piece over and over. `word` is case-folded."""
    if len(word) < 3 or not word.isalpha():
        return False
    keys = keyboards()
    if word in keys.short or (len(set(word)) == 1 and word != "iii" and is_alphabetic(word)):
        return True
    abjad = unicodedata.name(word[0], "").startswith(_ABJADS)
    if word in keys.real or len(word) < (keys.shortest_without_vowels if abjad else keys.shortest):
        return False
    if any(word in row for row in keys.rows):
        return True
    if not abjad and any(word[start : start + RUN] in keys.runs for start in range(len(word) - RUN + 1)):
        return True
    return any(
        word == (word[:size] * len(word))[: len(word)] and any(word[:size] in row for row in keys.rows)
        for size in (3, 4)
        if len(word) >= 2 * size
    )


@lru_cache(maxsize=16384)
def lacks_vowels(word: str, fewest: int, longest: int) -> bool:
    """A word of `fewest` consonants or more and nothing else, or with more than `longest` of them in a row.

    Shorter names without a vowel are real (Krk, Smrk, Bhrgv); capitals throughout are an abbreviation.
    """
    if len(word) < fewest or word.isupper() or not is_alphabetic(word):
        return False
    bare = "".join(sign for sign in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(sign))
    runs = re.split(f"[{''.join(_VOWELS)}]", bare)
    return len(runs) == 1 or max(map(len, runs)) > longest


def is_alphabetic(word: str) -> bool:
    """Written in Latin, Cyrillic or Greek: scripts in which a name is more than one letter and has vowels."""
    return all(unicodedata.name(letter, "").startswith(("LATIN", "CYRILLIC", "GREEK")) for letter in word)


@lru_cache(maxsize=1024)
def words_of(text: str, *, fold: bool = True) -> tuple[str, ...]:
    """The letters of each word, digits and signs cut. Every rule asks for the words of one and the same name."""
    return tuple(_WORD.findall(text.casefold() if fold else text))
