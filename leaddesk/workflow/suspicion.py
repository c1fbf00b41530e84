"""Signs that a lead is no real person: test numbers, mashed keys, throw-away mail.

A sign keeps the lead out of the queue until somebody confirms it, so that each rule prefers to miss a joker rather than
to hold back a Ng, a Szczęsny or a Bhrgv.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from leaddesk.workflow.emails import Email
from leaddesk.workflow.phones import Phone

SUBSCRIBER_DIGITS = 7
"""The end of a number that its holder was given, behind country and area code."""
FEWEST_LETTERS_WITHOUT_VOWEL = 6
"""Shorter names without a vowel are real (Krk, Smrk, Bhrgv)."""
LONGEST_REPEATED_BLOCK = 3

_KEYBOARD_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
_BOTH_WAYS = tuple(row[::way] for row in _KEYBOARD_ROWS for way in (1, -1))
_FIVE_KEYS = frozenset(row[start : start + 5] for row in _BOTH_WAYS for start in range(len(row) - 4))
_SHORT_MASHES = frozenset({"asd", "qwe", "zxc", "йцу", "фыв", "ячс"})
_REAL_THOUGH_ON_ONE_ROW = frozenset({"wert", "trew"})
_VOWELS = frozenset("aeiouyəɪаеёиоуыэюяіїєўәөүұıæøœαεηιουω")
_PLACEHOLDERS = frozenset(
    [
        "test",
        "testing",
        "teste",
        "prueba",
        "тест",
        "тестовый",
        "тестов",
        "проба",
        "demo",
        "none",
        "null",
        "unknown",
        "anonymous",
        "noname",
        "nobody",
        "аноним",
        "нет",
        "имя",
        "фамилия",
        "фио",
        "никто",
        "xxx",
        "abc",
        "абв",
        "foo",
        "bar",
        "baz",
        "lorem",
        "ipsum",
        "user",
        "admin",
        "name",
        "firstname",
        "lastname",
        "first",
        "last",
        "your",
        "lead",
        "no",
    ]
)
_LINK = re.compile(r"https?:|www\.|\[url|<a ", re.IGNORECASE)
_KEPT_FOR_FICTION = re.compile(r"\+44(1632\d{6}|7700900\d{3}|8081570\d{3}|9098790\d{3}|3069990\d{3})")
"""British numbers for stage and screen (Ofcom), invalid for the number tables, as a demonstration's should be."""


@dataclass(frozen=True)
class Suspicion:
    """One sign: `key` to count and confirm by, `words` to show, `weight` of a hundred."""

    key: str
    words: str
    weight: int = 100


def weight_of(signs: Iterable[Suspicion]) -> int:
    """What the signs weigh together, at most a hundred."""
    return min(100, sum(sign.weight for sign in signs))


def suspicions(name: str, company: str, phones: Sequence[Phone], emails: Sequence[Email]) -> tuple[Suspicion, ...]:
    """Every sign found on a lead, none for a lead that looks real."""
    return (*_of_name(name), *_of_company(company), *_of_phones(phones), *_of_emails(emails))


def _of_name(name: str) -> Iterator[Suspicion]:
    if not name.strip():
        return
    if _LINK.search(name):
        yield Suspicion("link_in_name", "the name holds a link, as spam does")
        return
    words = _words(name)
    if not words:
        yield Suspicion("no_name", f"“{name.strip()}” has no letters")
    elif all(word in _PLACEHOLDERS for word in words):
        yield Suspicion("placeholder_name", f"“{name.strip()}” is a placeholder, not a name")
    elif all(len(word) == 1 and _is_alphabetic(word) for word in words):
        yield Suspicion("short_name", f"“{name.strip()}” is too short for a name")
    elif any(_is_mashed(word) for word in words) or any(_lacks_vowels(word) for word in _words(name, fold=False)):
        yield Suspicion("mashed_name", f"“{name.strip()}” looks like keys hit at random")


def _of_company(company: str) -> Iterator[Suspicion]:
    """Three equal letters are a legal form or a trick for the phone book: ООО, AAA."""
    words = _words(company)
    tests = all(word in {"test", "тест"} or _is_mashed(word) for word in words)
    if words and (tests or any(len(word) > 3 and _is_mashed(word) for word in words)):
        yield Suspicion("mashed_company", f"“{company.strip()}” is no real company name")


def _of_phones(phones: Sequence[Phone]) -> Iterator[Suspicion]:
    for phone in phones:
        pattern = _pattern(phone)
        if pattern:
            yield Suspicion("test_phone", f"phone {phone.display} {pattern}")
    read = [phone for phone in phones if phone.e164 is not None]
    if read and not any(phone.valid or _KEPT_FOR_FICTION.fullmatch(phone.e164 or "") for phone in read):
        yield Suspicion("invalid_phone", f"phone {read[0].display} cannot exist in its country")


def _of_emails(emails: Sequence[Email]) -> Iterator[Suspicion]:
    for email in emails:
        local = email.address.partition("@")[0].casefold()
        if email.throwaway:
            yield Suspicion("throwaway_email", f"{email.domain} gives out throw-away mailboxes")
        elif _is_mashed(local) or (local == "test" and email.domain.startswith("test.")):
            yield Suspicion("mashed_email", f"{email.address} looks made up")


def _pattern(phone: Phone) -> str:
    """What is too regular about the number, in words; "" for an ordinary one. A few repeats are ordinary."""
    national = _national_digits(phone)
    subscriber = national[-SUBSCRIBER_DIGITS:]
    if len(national) < SUBSCRIBER_DIGITS:
        return ""
    if len(set(subscriber)) == 1:
        return "repeats one digit"
    if any(_is_run(digits) for digits in (national, subscriber, national[:9])):
        return "counts up or down"
    if len(national) > SUBSCRIBER_DIGITS + 1 and _is_repeated_block(national, LONGEST_REPEATED_BLOCK):
        return "repeats one group of digits"
    return ""


def _national_digits(phone: Phone) -> str:
    digits = "".join(str(int(sign)) for sign in phone.raw if sign.isdecimal())
    if phone.e164 is None:
        return digits
    # The international format parts the country code by a blank; nothing else knows how long it is.
    return "".join(sign for sign in phone.display.partition(" ext.")[0].partition(" ")[2] if sign.isdecimal())


def _is_run(digits: str) -> bool:
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(digits)}
    return steps in ({1}, {9})


def _is_repeated_block(text: str, longest: int) -> bool:
    """Whether the text is one short block over and over ("123123123"), the last time perhaps cut off."""
    return any(
        len(text) >= 2 * size and text == (text[:size] * (len(text) // size + 1))[: len(text)]
        for size in range(1, longest + 1)
    )


@lru_cache(maxsize=16384)
def _is_mashed(word: str) -> bool:
    """Keys of one row in their order, or one letter or row piece over and over."""
    if len(word) < 3 or not word.isalpha():
        return False
    if word in _SHORT_MASHES or (len(set(word)) == 1 and word != "iii" and _is_alphabetic(word)):
        return True
    if len(word) < 4 or word in _REAL_THOUGH_ON_ONE_ROW:
        return False
    if any(word in row for row in _BOTH_WAYS):
        return True
    if any(word[start : start + 5] in _FIVE_KEYS for start in range(len(word) - 4)):
        return True
    return any(
        word == (word[:size] * len(word))[: len(word)] and any(word[:size] in row for row in _BOTH_WAYS)
        for size in (3, 4)
        if len(word) >= 2 * size
    )


@lru_cache(maxsize=16384)
def _lacks_vowels(word: str) -> bool:
    """A long word of consonants alone; capitals throughout are an abbreviation."""
    if len(word) < FEWEST_LETTERS_WITHOUT_VOWEL or word.isupper() or not _is_alphabetic(word):
        return False
    return not any(letter in _VOWELS for letter in _without_marks(word.casefold()))


def _is_alphabetic(word: str) -> bool:
    """Written in Latin, Cyrillic or Greek: scripts in which a name is more than one letter and has vowels."""
    return all(unicodedata.name(letter, "").startswith(("LATIN", "CYRILLIC", "GREEK")) for letter in word)


def _without_marks(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


def _words(text: str, *, fold: bool = True) -> list[str]:
    """The letters of each word, digits and signs cut."""
    return re.findall(r"[^\W\d_]+", text.casefold() if fold else text)
