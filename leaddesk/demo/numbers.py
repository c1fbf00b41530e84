"""Telephone numbers for made-up people: each once, none twice, never one that looks like a joker's."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from leaddesk.demo.data import blocks, countries, pick
from leaddesk.workflow.entities import ContactPoint
from leaddesk.workflow.points import PointInput, new_point
from leaddesk.workflow.vocabulary import Channel

if TYPE_CHECKING:
    from random import Random

    from leaddesk.demo.data import Block

STEP = 7919
"""Prime to every power of ten: serial numbers jump about, and come back only when all were given."""
FEWEST_DIFFERENT_DIGITS = 4
_UP = "01234567890123456789"
_RUNS = (_UP, _UP[::-1])


class Numbers:
    """Gives numbers out of the blocks of each country until they are used up."""

    def __init__(self, random: Random, share: int = 0, shares: int = 1) -> None:
        """The order of blocks follows `random`. Of several `shares` no two ever give the same number."""
        self._random = random
        self._shares = shares
        self._given: dict[Block, int] = dict.fromkeys(blocks(), share)
        self._free = {code: [b for b in blocks() if b.country == code] for code in countries()}

    def countries_left(self) -> list[str]:
        """Countries that still have numbers."""
        return [code for code, free in self._free.items() if free]

    def take(self, country: str, near: Block | None = None) -> tuple[str, Block] | None:
        """The next number (E.164) and its block, `near` another's town; None when there are no more."""
        free = self._free[country]
        if near is not None:
            free = [b for b in free if b.city is None or b.city == near.city]
        while free:
            block = pick(self._random, free)
            number = self._next(block)
            if number is None:
                self._free[country].remove(block)
                free = [b for b in free if b is not block]
            elif _ordinary(number):
                return number, block
        return None

    def _next(self, block: Block) -> str | None:
        room = 10**block.digits
        count = self._given[block]
        if count >= room:
            return None
        self._given[block] = count + self._shares
        return f"{block.prefix}{(count * STEP + 1237) % room:0{block.digits}d}"


def phone_point(number: str, block: Block, label: str = "", position: int = 0) -> ContactPoint:
    """The number as `new_point` reads it; all numbers of a block are written and placed alike, so one is read."""
    pattern, line_type, zones = _written(block)
    return ContactPoint(
        channel=Channel.PHONE,
        value=pattern.format(*number[1:]),
        key=number,
        raw=number,
        label=label,
        position=position,
        line_type=line_type,
        zones=zones,
    )


@lru_cache(maxsize=1024)
def _written(block: Block) -> tuple[str, str, tuple[str, ...]]:
    """How a number of the block is shown ("{}" for each digit), its type and its zones."""
    point = new_point(PointInput(Channel.PHONE, f"{block.prefix}{'2' * block.digits}"), None)
    pattern = "".join("{}" if sign.isdecimal() else sign for sign in point.value)
    return pattern, point.line_type, point.zones


def _ordinary(number: str) -> bool:
    """Nothing a wary reader would take for a test number; see `workflow.suspicion`."""
    end = number[-7:]
    return len(set(number[-9:])) >= FEWEST_DIFFERENT_DIGITS and not any(end in run for run in _RUNS)
