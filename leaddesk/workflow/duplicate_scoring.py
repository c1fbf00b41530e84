"""How likely two leads are one person: evidence field by field, added up.

Fellegi and Sunter's model (A Theory for Record Linkage, 1969): agreeing on a value speaks for one person the more,
the rarer the value is in the file (log2 of m/u bits), differing speaks against it, an empty field says nothing; what
two leads taken at random start from is how few pairs of a file are one person. Whole arrays of pairs are weighed at
once: texts are compared by rapidfuzz, each pair of different texts once. Imports numpy: import this late.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, JaroWinkler

from leaddesk.workflow.duplicate_columns import EXTRA
from leaddesk.workflow.name_keys import skeleton

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leaddesk.workflow.duplicate_columns import Column, Leads, Rows

    Bits = NDArray[np.float32]
    Levels = NDArray[np.int8]

MISSING, DIFFERENT, SLIGHT, NEAR, SAME = range(5)


@dataclass(frozen=True)
class Weight:
    """What one field is worth, in bits.

    `kind` says how texts are compared: name, text or code. `most` bounds what agreement is worth, however rare the
    value, and `usual` is what it is worth where nothing is known of the file; `less` is taken off where the texts are
    only near; `differ` is what different values are worth.
    """

    kind: str
    group: str
    most: float
    usual: float
    less: float
    differ: float


WEIGHTS = {
    "given": Weight("name", "name", 11, 6, 1.5, -4),
    "family": Weight("name", "name", 13, 9, 1.5, -4),
    "company": Weight("text", "company", 14, 13, 1.5, -3),
    "city": Weight("text", "place", 9, 7, 1.5, -1.5),
    "region": Weight("text", "place", 4, 3, 1, -1),
    "postal_code": Weight("code", "place", 10, 9, 7, -2),
    "address": Weight("text", "place", 13, 11, 1.5, -2),
    "country": Weight("text", "place", 2, 1, 1, -4),
}
"""Bits by field. The bounds are log2 of how many people share a common value of such a field in a country's file;
what differing is worth is log2 of how often such a field is wrong or changed on cards of one person: a name in some
6 % of them, where somebody lives or works in 15 to 35 % (Winkler, Overview of Record Linkage, 2006, chapter 3). A postal
code that is nearly the same is mostly the next one of the same town: it says little that the town does not."""

_NUMBERS = re.compile(r"\d+")

ANY_EXTRA = Weight("code", "extra", 14, 8, 2, -2)
"""A column of the list that the program knows nothing about."""

NAMES = (-8, 24)
GROUPS = {"company": (-3, 14), "place": (-5, 20), "extra": (-8, 26)}
"""The least and the most that the name, and the fields of one group, are worth together: they follow from each other
to a part."""

CROSSED_BELOW = 4
"""Bits of a name below which it is looked at crosswise."""

SWAPPED = 1.5
"""Bits taken off where given name and surname agree crosswise."""

COMMON = 0.02
"""A value of an extra column on a larger share of leads says "kind of" (industry, month, yes), not "who"."""

SHARED_BITS = {"phone": 2.0, "email": 3.0}
"""What one number, one mailbox is worth, beside as many bits as it takes to tell one lead of the file from all: a
colleague or a spouse may have the number, hardly the mailbox."""

SHARED_TOO = 8.0
"""What the second of them is worth."""

ONE_PERSON_IN = 0.1
"""How many of a file's leads have another card, twice over: 5 % is what lists of customers are found to have."""

FEWEST = 1000
"""A file of fewer leads is weighed as one of so many: what is rare in a handful is not rare in the world."""

SPREAD = 2.0
"""Bits of evidence per doubling of the odds that the score shows: so that the best do not all read 1.000."""

SUGGEST = 0.9
"""Pairs from this score on are shown to be looked at. Fixed once for all files."""

CERTAIN = 0.98
"""Pairs from this score on, with more than the name to speak for them, are merged without being looked at."""

KEPT = 0.7
"""Pairs from this score on are kept by a search, for those who want to look further."""

CORROBORATED = 6.0
"""Bits that something else than the name must be worth before a pair is certain."""

PERSONAL = 12.0
"""Bits that the list's own columns (date of birth, customer number) must be worth where a name differs: a household or an
office shares numbers, addresses and a surname, but not those."""

HOME = 16.0
"""Bits that no town, region and country come to without a street or a postal code: one person's, or one house's."""

TOWN = 3.0
"""Bits of a place that is more than the same country."""

WORKPLACE = 6.0
"""Bits of a company that is the same: beside the same name in the same place they are one person's."""


WORTH_THREADS = 10_000
"""Pairs from which comparing them takes longer than starting threads for it."""


@dataclass(frozen=True)
class Weighed:
    """Pairs with their score; `certain` says which may be merged unseen. Arrays of one length."""

    a: Rows
    b: Rows
    score: NDArray[np.float64]
    certain: NDArray[np.bool_]


def weight_of(column: str) -> Weight:
    """What a column is worth."""
    return ANY_EXTRA if column.startswith(EXTRA) else WEIGHTS[column]


def level_of(kind: str, left: list[str], right: list[str]) -> Levels:
    """How near texts are that are not the same, pair by pair."""
    if kind == "name":
        likeness = process.cpdist(left, right, scorer=JaroWinkler.similarity, dtype=np.float32, workers=_workers(left))
        return _heard(_levels(likeness >= 0.9, likeness >= 0.8), left, right)
    if kind == "text":
        likeness = process.cpdist(left, right, scorer=fuzz.token_sort_ratio, dtype=np.float32, workers=_workers(left))
        return _counted(_levels(likeness >= 85, likeness >= 70), left, right)
    slips = process.cpdist(left, right, scorer=OSA.distance, dtype=np.int32, workers=_workers(left))
    longest = np.maximum(lengths(left), lengths(right))
    return _levels((slips <= np.maximum(1, longest * 0.2)) & (longest > 3), slips <= longest * 0.34)


def _workers(pairs: list[str]) -> int:
    """Every processor for many pairs; starting threads takes longer than comparing a few."""
    return -1 if len(pairs) > WORTH_THREADS else 1


def _levels(near: NDArray[np.bool_], slight: NDArray[np.bool_]) -> Levels:
    return np.where(near, NEAR, np.where(slight, SLIGHT, DIFFERENT)).astype(np.int8)


def _counted(levels: Levels, left: list[str], right: list[str]) -> Levels:
    """`SLIGHT` where the numbers in texts that are near differ: houses of one street, branches of one chain."""
    for place in np.flatnonzero(levels == NEAR).tolist():
        one, two = (set(_NUMBERS.findall(side[place])) for side in (left, right))
        if one and two and one != two:
            levels[place] = SLIGHT
    return levels


def _heard(levels: Levels, left: list[str], right: list[str]) -> Levels:
    """`NEAR` where somewhat alike names sound the same, `SLIGHT` where one is the other's first letter."""
    for place in np.flatnonzero(levels == SLIGHT).tolist():
        if skeleton(left[place]) == skeleton(right[place]):
            levels[place] = NEAR
    short = np.minimum(lengths(left), lengths(right)) == 1
    for place in np.flatnonzero(short).tolist():
        if left[place][:1] == right[place][:1]:
            levels[place] = SLIGHT
    return levels


def lengths(texts: list[str]) -> NDArray[np.int32]:
    """Letters of each."""
    return np.fromiter(map(len, texts), np.int32, len(texts))


class Scoring:
    """Weighs pairs of leads of one file."""

    def __init__(self, leads: Leads, file: int = 0) -> None:
        """`file` is how many leads the file has, where `leads` are only some of them: then values are taken as usual."""
        self._leads = leads
        self._some = bool(file)
        self.start = float(np.log2(ONE_PERSON_IN / max(file or len(leads), FEWEST)))
        self._rarity = {name: self._bits_of(name, column) for name, column in leads.columns.items()}
        self._by_chance = {name: self._chance(name) for name in leads.columns}

    def _bits_of(self, name: str, column: Column) -> Bits:
        """What agreeing on each value of a column is worth, by its code."""
        if self._some:
            return np.full(len(column.words), weight_of(name).usual, np.float32)
        filled = max(int(np.count_nonzero(column.codes)), 1)
        share = np.maximum(column.counts - 1, 1) / max(filled, FEWEST)
        bits = np.log2(0.9 / share)
        weight = weight_of(name)
        if weight.group == "extra":
            bits[column.counts > max(COMMON * filled, 2)] = 0.5
        return np.clip(bits, 0.1, weight.most).astype(np.float32)

    def _chance(self, name: str, tries: int = 50_000) -> float:
        """What being near is worth at most: how seldom two leads taken at random are, by trying."""
        count = len(self._leads)
        if self._some or count < FEWEST:
            return weight_of(name).most
        dice = np.random.default_rng(1)
        a, b = dice.integers(0, count, tries, dtype=np.int32), dice.integers(0, count, tries, dtype=np.int32)
        levels = self.levels(name, name, a[a != b], b[a != b])
        met = np.count_nonzero(levels == NEAR)
        return float(np.log2(0.3 / ((met + 1) / (np.count_nonzero(levels) + 1))))

    def levels(self, left: str, right: str, a: Rows, b: Rows) -> Levels:
        """How column `left` of leads `a` agrees with column `right` of leads `b`."""
        one, two = self._leads.columns[left], self._leads.columns[right]
        x, y = one.codes[a], two.codes[b]
        found = np.where((x == 0) | (y == 0), MISSING, np.where(x == y, SAME, DIFFERENT)).astype(np.int8)
        unlike = np.flatnonzero(found == DIFFERENT)
        if len(unlike):
            low, high = np.minimum(x[unlike], y[unlike]), np.maximum(x[unlike], y[unlike])
            together = low.astype(np.int64) * max(len(one.words), len(two.words)) + high
            different, back = np.unique(together, return_inverse=True)
            first, second = np.divmod(different, max(len(one.words), len(two.words)))
            words = one.words
            texts = [words[i] for i in first.tolist()], [words[i] for i in second.tolist()]
            found[unlike] = level_of(weight_of(left).kind, *texts)[back]
        return found

    def bits(self, left: str, right: str, a: Rows, b: Rows) -> Bits:
        """What their agreement is worth."""
        return self.worth(left, right, self.levels(left, right, a, b), a, b)

    def worth(self, left: str, right: str, levels: Levels, a: Rows, b: Rows) -> Bits:
        """What agreement of these levels is worth."""
        weight = weight_of(left)
        rarity = np.minimum(
            self._rarity[left][self._leads.columns[left].codes[a]],
            self._rarity[right][self._leads.columns[right].codes[b]],
        )
        near = np.minimum(rarity - weight.less, self._by_chance[left])
        worth = [
            np.zeros_like(rarity),
            np.full_like(rarity, weight.differ),
            np.full_like(rarity, weight.differ / 4),
            np.maximum(near, 0),
            rarity,
        ]
        return np.choose(levels, worth).astype(np.float32)

    def names(self, a: Rows, b: Rows) -> tuple[Bits, NDArray[np.bool_]]:
        """What the names are worth, the better of straight and crosswise, and whether a part of them differs."""
        given, family = (self.levels(part, part, a, b) for part in ("given", "family"))
        bits = self.worth("given", "given", given, a, b) + self.worth("family", "family", family, a, b)
        differ = (given == DIFFERENT) | (family == DIFFERENT)
        crossed = np.flatnonzero(bits < CROSSED_BELOW)
        if len(crossed):
            x, y = a[crossed], b[crossed]
            other = self.bits("given", "family", x, y) + self.bits("family", "given", x, y) - SWAPPED
            better = other > np.maximum(bits[crossed], 0)
            bits[crossed[better]] = other[better]
            differ[crossed[better]] = False
        return bits, differ

    def groups(self, a: Rows, b: Rows) -> dict[str, Bits]:
        """What the fields beside the name are worth, group by group."""
        groups = {group: np.zeros(len(a), np.float32) for group in GROUPS}
        for name in self._leads.columns:
            if name not in {"given", "family"}:
                groups[weight_of(name).group] += self.bits(name, name, a, b)
        return {group: np.clip(bits, *GROUPS[group]) for group, bits in groups.items()}

    def beside(self, a: Rows, b: Rows) -> Bits:
        """What all fields beside the name are worth together."""
        return sum(self.groups(a, b).values(), np.zeros(len(a), np.float32))

    @property
    def rarest(self) -> float:
        """Bits that tell one lead of the file from all others."""
        return float(np.log2(ONE_PERSON_IN)) - self.start

    def known_bits(self, channels: dict[str, int]) -> float:
        """What sharing a number or a mailbox, each on so many cards, is worth."""
        telling = [SHARED_BITS[channel] - float(np.log2(max(cards - 1, 1))) for channel, cards in channels.items()]
        return self.rarest + max(telling) + SHARED_TOO * (len(telling) - 1)

    def weigh(self, a: Rows, b: Rows, known: Bits | None = None) -> Weighed:
        """Score pairs; `known` has the bits of numbers and addresses they share."""
        groups = self.groups(a, b)
        names, differ = self.names(a, b)
        names = np.clip(names, *NAMES)
        beside = sum(groups.values(), np.zeros(len(a), np.float32))
        contact = np.zeros(len(a), np.float32) if known is None else known
        score = score_of(self.start + names + beside + contact)
        score = np.where(contact > 0, np.maximum(score, SUGGEST), score)
        named = (names > 0) | ((names == 0) & (groups["company"] > 0))
        told_apart = differ & (groups["extra"] < PERSONAL)
        certain = (score >= CERTAIN) & (beside + contact >= CORROBORATED) & named & ~told_apart
        certain &= (contact > 0) | self._backed(groups)
        return Weighed(a, b, score, certain)

    @staticmethod
    def _backed(groups: dict[str, Bits]) -> NDArray[np.bool_]:
        """Whether something of the person's own speaks for a pair without a number or an address in common.

        A town full of people has several Karen Youngs: at two companies they are two.
        """
        company, place, own = groups["company"], groups["place"], groups["extra"]
        at_work = (company >= WORKPLACE) & (place >= TOWN)
        return (own >= PERSONAL) | ((company >= 0) & (at_work | (place + own >= HOME)))


def score_of(bits: Bits) -> NDArray[np.float64]:
    """The odds in bits as a score from 0 to 1."""
    return 1 / (1 + np.exp2(-bits.astype(np.float64) / SPREAD))
