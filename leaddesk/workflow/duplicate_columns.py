"""What duplicates are told by, column by column: each text once, each lead a row of small numbers.

A million leads fit in some hundred megabytes this way, equal texts are equal numbers, and how rare a value is in the
file is a count. Imports numpy, so whoever needs it imports this late.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from leaddesk.workflow.duplicates import COMPARED
from leaddesk.workflow.name_keys import plain, words_of
from leaddesk.workflow.names import split_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Rows = NDArray[np.int32]

EXTRA = "extra: "
"""Before the header of a column of the list that fits no field."""

LONGEST = 80
"""Letters of a value that are compared: what is alike so far is alike."""

EXTRA_COLUMNS = 40
EXTRA_VALUES = 2_000_000
"""Different values of all extra columns together that are kept; past it the column with the most is left out."""

_SIGNS = re.compile(r"[\W_]+")
_LEGAL_FORMS = frozenset(
    "ab ag aps as bv co company corp corporation doo dooel gmbh inc incorporated kft kg limited llc llp lp ltd ltda mbh "
    "nv oao ooo oy oyj plc pp pte pty pvt sa sarl sas sia sl sp spa spol srl sro tov too uab ug zao zoo zrt the und".split()
)
"""Ways to say "limited" and words around them: lists write them or leave them out."""

_STREETS = {
    "street": "st",
    "str": "st",
    "strasse": "st",
    "avenue": "ave",
    "road": "rd",
    "place": "pl",
    "vulytsya": "vul",
}
"""Abbreviations of addresses, either way written."""


@dataclass(frozen=True)
class Column:
    """One column of all leads. `codes` has a number per lead, 0 for nothing; `words[code]` is the text, plain."""

    codes: Codes
    words: list[str]

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many leads have each value."""
        return np.bincount(self.codes, minlength=len(self.words))


@dataclass(frozen=True)
class Shared:
    """Pairs of leads that share a number or an address: rows of `Leads`, the channel and on how many cards it is."""

    a: Rows
    b: Rows
    channel: list[str]
    key: list[str]
    cards: NDArray[np.int32]


@dataclass(frozen=True)
class Leads:
    """Every lead that duplicates are looked for among. `given` and `family` share one list of words."""

    ids: NDArray[np.int64]
    columns: dict[str, Column]
    shared: Shared
    names: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.ids)


class Gathering:
    """Takes leads one by one as they are read, and keys in the order of their text."""

    def __init__(self) -> None:
        self._ids = array("q")
        self._names: dict[str, int] = {"": 0}
        self._given, self._family = array("i"), array("i")
        self._words: dict[str, dict[str, int]] = {name: {"": 0} for name in COMPARED}
        self._codes: dict[str, array[int]] = {name: array("i") for name in COMPARED}
        self._left_out: set[str] = set()
        self._values = 0
        self._a, self._b, self._cards = array("i"), array("i"), array("i")
        self._channels: list[str] = []
        self._keys: list[str] = []

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, lead_id: int, name: str, last: str, values: Iterable[str], extras: Mapping[str, str]) -> None:
        """Take a lead: its name and what the list called the surname, `values` in the order of `COMPARED`."""
        given, family = name_parts(name, last)
        self._ids.append(lead_id)
        names = self._names
        self._given.append(names.setdefault(given, len(names)))
        self._family.append(names.setdefault(family, len(names)))
        for column, value in zip(COMPARED, values, strict=True):
            words = self._words[column]
            self._codes[column].append(words.setdefault(_PLAIN[column](value), len(words)) if value else 0)
        for header, value in extras.items():
            if value:
                self._add_extra(EXTRA + header, value)

    def _add_extra(self, column: str, value: str) -> None:
        words = self._words.get(column)
        if words is None:
            if column in self._left_out or len(self._words) >= len(COMPARED) + EXTRA_COLUMNS:
                return
            words = self._words[column] = {"": 0}
            self._codes[column] = array("i")
        codes = self._codes[column]
        missing = len(self._ids) - 1 - len(codes)
        if missing < 0:
            return
        if missing:
            codes.frombytes(bytes(missing * codes.itemsize))
        before = len(words)
        codes.append(words.setdefault(plain_value(value), before))
        self._values += len(words) - before
        if self._values > EXTRA_VALUES:
            self._leave_out()

    def _leave_out(self) -> None:
        largest = max((c for c in self._words if c.startswith(EXTRA)), key=lambda c: len(self._words[c]))
        self._values -= len(self._words.pop(largest)) - 1
        del self._codes[largest]
        self._left_out.add(largest)

    def share(self, lead_ids: list[int], channel: str, key: str, cards: int) -> None:
        """These leads are reached by one number or address, on `cards` cards. Leads were added by rising id."""
        rows = [bisect_left(self._ids, lead_id) for lead_id in lead_ids]
        for place, a in enumerate(rows):
            for b in rows[place + 1 :]:
                self._a.append(min(a, b))
                self._b.append(max(a, b))
                self._cards.append(cards)
                self._channels.append(channel)
                self._keys.append(key)

    def done(self) -> Leads:
        """All that was taken, as columns; takes no more."""
        count = len(self._ids)
        names = list(self._names)
        columns = {
            "given": Column(np.frombuffer(self._given, np.int32), names),
            "family": Column(np.frombuffer(self._family, np.int32), names),
        }
        for column in list(self._words):
            codes = self._codes.pop(column)
            codes.frombytes(bytes((count - len(codes)) * codes.itemsize))
            words = list(self._words.pop(column))
            if column in COMPARED or telling(np.frombuffer(codes, np.int32), len(words)):
                columns[column] = Column(np.frombuffer(codes, np.int32), words)
        shared = Shared(
            np.frombuffer(self._a, np.int32),
            np.frombuffer(self._b, np.int32),
            self._channels,
            self._keys,
            np.frombuffer(self._cards, np.int32),
        )
        return Leads(np.frombuffer(self._ids, np.int64), columns, shared, names)


def telling(codes: Codes, values: int) -> bool:
    """Whether an extra column can tell people apart and together.

    One in which no value ever comes twice counts rows and says nothing about people; one with a single value neither.
    """
    filled = int(np.count_nonzero(codes))
    return 2 < values <= filled


@lru_cache(maxsize=65536)
def name_parts(name: str, last: str) -> tuple[str, str]:
    """The first given name and the surname, plain; a name of one word is taken for a surname, as lists have it."""
    if last:
        surname = " ".join(words_of(last))
        rest = words_of(name)
        family = set(surname.split())
        return next((word for word in rest if word not in family), ""), surname[:LONGEST]
    parts = split_name(name)
    if not parts.last:
        return "", " ".join(words_of(parts.first))[:LONGEST]
    return "".join(words_of(parts.first)[:1]), " ".join(words_of(parts.last))[:LONGEST]


@lru_cache(maxsize=65536)
def plain_value(value: str) -> str:
    """A value of any column as it is compared: letters and digits, words parted by one blank."""
    return _SIGNS.sub(" ", plain(value[:LONGEST])).strip()


@lru_cache(maxsize=65536)
def plain_company(company: str) -> str:
    """A company without its legal form, unless that is all there is to it."""
    words = _SIGNS.sub(" ", plain(company[:LONGEST]).replace(".", "")).split()
    return " ".join([word for word in words if word not in _LEGAL_FORMS] or words)


@lru_cache(maxsize=65536)
def plain_address(address: str) -> str:
    """An address with its kinds of streets abbreviated."""
    return " ".join(_STREETS.get(word, word) for word in plain_value(address).split())


@lru_cache(maxsize=65536)
def plain_code(code: str) -> str:
    """A postal code in any spelling: no blanks, no hyphens."""
    return plain_value(code).replace(" ", "")


_PLAIN = {
    "company": plain_company,
    "city": plain_value,
    "region": plain_value,
    "postal_code": plain_code,
    "address": plain_address,
    "country": plain_value,
}
