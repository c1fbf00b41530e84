"""Which country the numbers of a list without country codes come from, judged by the numbers themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaddesk.workflow.phones import parse_phone, split_phones

if TYPE_CHECKING:
    from collections.abc import Iterable

LIKELY = tuple(
    "US CA GB DE FR ES IT PL HU EE AZ UA RU BY KZ GE AM UZ IR TR IN BR MX AU NL AT CH CZ SK RO BG LT LV FI SE NO DK".split()
)
"""Countries whose numbers are tried; a list from elsewhere is asked about as before."""

SAMPLE = 40
SURE = 0.8
"""Share of the sample that must be valid numbers of one country."""


def guess_region(cells: Iterable[str], asked_first: str = "") -> str:
    """Two letters, or "" when the numbers do not tell: too few, or as good in several countries.

    `asked_first` is where the floor itself is; it wins a tie.
    """
    numbers = []
    for cell in cells:
        numbers += [part for part in split_phones(cell) if part and not part.lstrip().startswith(("+", "00"))]
        if len(numbers) >= SAMPLE:
            break
    if len(numbers) < 3:
        return ""
    fits = {region: _fitting(numbers, region) for region in dict.fromkeys((asked_first, *LIKELY)) if region}
    best = max(fits.values())
    winners = [region for region, fitting in fits.items() if fitting == best]
    if best < SURE * len(numbers) or (len(winners) > 1 and asked_first not in winners):
        return ""
    return asked_first if asked_first in winners else winners[0]


def _fitting(numbers: list[str], region: str) -> int:
    phones = (parse_phone(number, region) for number in numbers)
    return sum(phone.valid and phone.region == region for phone in phones)
