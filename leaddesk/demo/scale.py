"""How large a demo is, and what follows: a small one is this month's floor, a large one ten years of the same floor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

IN_HAND = 20_000
"""Leads the made-up people can have in hand; of a larger demo the others were settled in years gone by."""
NEVER_CALLED = 0.25
"""The share of leads nobody has called yet."""
BLOCK = 2000
"""Leads made from one seed, and stored in one go: memory stays the same however many there are."""
RECENT_DAYS = 170
"""Days back to the oldest last call of a lead in hand."""
YEARS_DAYS = 3650
"""Days back to the oldest call of a lead settled long ago."""
SETTLED_DAYS = 30
"""Days since the youngest last call of such a lead."""
_JOKERS = 0.006
_MOST_JOKERS = 300
"""Jokers share a handful of numbers; thousands of them would look like a mistake."""
_LONG_TAIL = 1.3
"""Pareto's exponent of how often a lead of a crowd is called: most a few times, one in two hundred for years on end."""
_SHORTEST, _LONGEST = 0.29, 30
"""The fewest and the most calls of a lead, as a part of the mean; with that exponent they keep it the mean."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The shape of a demo of so many leads and calls; `in_hand` is how many leads the floor works on."""

    leads: int
    calls: int
    in_hand: int = IN_HAND

    @property
    def crowd(self) -> bool:
        """Whether it is too large for the journal: each row would be written twice."""
        return self.leads > self.in_hand or self.calls > 10 * self.in_hand

    @property
    def live(self) -> float:
        """The share of called leads that are still in hand."""
        return min(1.0, self.in_hand / self.leads)

    @property
    def jokers(self) -> float:
        """The share of jokers among leads never called."""
        return min(_JOKERS, _MOST_JOKERS / self.leads) / NEVER_CALLED

    @property
    def waiting_s(self) -> tuple[float, float]:
        """Seconds a lead not called yet has waited, on average and at most."""
        slower = self.live**-0.5
        return 200_000 * slower, 12 * 86_400 * slower

    @property
    def variety(self) -> float:
        """The share of people and firms with longer names: the short ones do for some thousands."""
        return 1 - self.live

    @property
    def blocks(self) -> int:
        """How many blocks the leads come in."""
        return -(-self.leads // BLOCK)

    def counts(self, random: Random) -> Iterator[int]:
        """How often each lead was called: calls in all, exactly, about a quarter of the leads never."""
        calls = self.calls
        for left in range(self.leads, 0, -1):
            if left == 1:
                count = calls
            else:
                mean = calls / (left * (1 - NEVER_CALLED))
                count = 0 if random.random() < NEVER_CALLED else min(calls, self._around(random, mean, left))
            calls -= count
            yield count

    def _around(self, random: Random, mean: float, left: int) -> int:
        """A whole number about the mean; near the end only small ones, so that leftovers stay small."""
        if self.live < 1 and left > BLOCK:
            return round(mean * min(_LONGEST, _SHORTEST * random.paretovariate(_LONG_TAIL)))
        low = int(mean * random.uniform(0.2, 1.8))
        return low + (random.random() < mean - int(mean) if low else random.random() < min(1.0, mean))


def parted(counts: Iterator[int]) -> Iterator[tuple[int, ...]]:
    """The counts, a block at a time."""
    block: list[int] = []
    for count in counts:
        block.append(count)
        if len(block) == BLOCK:
            yield tuple(block)
            block = []
    if block:
        yield tuple(block)
