"""Headers that are nearly a known word: misspelt, or with words around it that say nothing.

Never for very short words, and never for words known to mean something else (“contract” is not “contact”).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from leaddesk.exchange.headers import fields_of, listed, meanings
from leaddesk.exchange.words import dictionary, languages, plain, without_number

_SHORTEST = 6
"""Letters below which a slip of one letter makes another word."""
_LONG, _LONGEST = 11, 18
"""Letters from which two slips may be forgiven, and three."""
NO_FIELDS = ("noise", "generic", "none", "others")
"""Sections of the dictionaries whose words are no field."""
_SAYS_NOTHING = re.compile(r"(?:column|col|field|unnamed|f|колонка|столбец|поле|spalte|colonne|columna)?[\s:_-]*\d*")
_BRACKETS = re.compile(r"[(\[{（].*?[)\]}）]")
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CAMEL = re.compile(r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ])")


@dataclass(frozen=True, slots=True)
class Near:
    """The known word, the fields it may mean, how sure; `certain` where only idle words were left out."""

    word: str
    fields: tuple[str, ...]
    confidence: float
    certain: bool


def is_of_others(column: str) -> bool:
    """Whether it names somebody or something else (“Assistant’s phone”, “Oracle id”): its cells are not the lead's."""
    return any(plain(word) in listed("others") for word in _WORDS.findall(_CAMEL.sub(" ", column.replace("_", " "))))


def says_nothing(column: str) -> bool:
    """Whether a header is blank or a number, so that its cells are free to say what they are."""
    text = column.strip().casefold()
    return not plain(text) or bool(_SAYS_NOTHING.fullmatch(text))


def nearest(column: str) -> Near | None:
    """The known word a header nearly is; None where there is none, or two that mean different things are as near."""
    return _without_idle_words(column) or (None if is_of_others(column) else _misspelt(column))


def _without_idle_words(column: str) -> Near | None:
    """“Your phone number *”, “Телефон клиента (для связи)”, “contact.email” → the word that is left."""
    bare = _BRACKETS.sub(" ", column).split("?")[0]
    words = [word.casefold() for word in _WORDS.findall(_CAMEL.sub(" ", bare))]
    left = [word for word in words if plain(word) not in listed("noise")]
    tries = [words, left] if left else [words]
    for kept in tries:
        word = plain(" ".join(kept))
        if len(word) < 3 or word in listed("none"):
            continue
        if word in listed("names"):
            return Near(" ".join(kept), ("name",), 0.85, certain=True)
        if word in listed("generic"):
            continue
        fields = fields_of(word, weak=False) or fields_of(_turned().get(_turn(" ".join(kept)), ""), weak=False)
        if fields:
            return Near(" ".join(kept), tuple(fields), 0.85, certain=True)
    return None


def _misspelt(column: str) -> Near | None:
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    word, _ = without_number(plain(column))
    if len(word) < _SHORTEST or word in listed("none"):
        return None
    slips = 1 + (len(word) >= _LONG) + (len(word) >= _LONGEST)
    near = extract(word, _words(), scorer=OSA.distance, score_cutoff=slips, limit=8)
    found = [(known, round(far)) for known, far, _ in near if known[0] == word[0] and len(known) >= _SHORTEST]
    if not found or any(OSA.distance(word, other, score_cutoff=3) <= found[0][1] for other in listed("none")):
        return None
    nearest_ones = [known for known, far in found if far == found[0][1]]
    meant = {fields_of(known)[0] for known in nearest_ones}
    if len(meant) != 1:
        return None
    share = 1 - found[0][1] / len(word)
    confidence = 0.6 if len(word) < 8 else min(0.85, share)
    return Near(
        _written().get(nearest_ones[0], nearest_ones[0]), tuple(fields_of(nearest_ones[0])), confidence, certain=False
    )


@cache
def _words() -> tuple[str, ...]:
    return tuple(meanings())


def _turn(words: str) -> tuple[str, ...]:
    """The words in an order of their own, for “Owner, Lead” is “Lead owner”."""
    return tuple(sorted(filter(None, map(plain, _WORDS.findall(words)))))


@cache
def _turned() -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for language in languages():
        for key, words in dictionary(language).items():
            if key not in NO_FIELDS:
                for word in words:
                    if len(turned := _turn(word)) > 1:
                        found.setdefault(turned, word)
    return found


@cache
def _written() -> dict[str, str]:
    """Known words as people write them, for saying what a header looks like."""
    found: dict[str, str] = {}
    for language in languages():
        for key, words in dictionary(language).items():
            if key not in NO_FIELDS:
                for word in words:
                    found.setdefault(plain(word), word[:1].upper() + word[1:])
    return found
