"""Who looks like the person being typed or shown. Imports numpy: import this late."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leaddesk.workflow.duplicate_columns import Gathering
from leaddesk.workflow.duplicate_scoring import DIFFERENT, Scoring, score_of
from leaddesk.workflow.duplicate_words import reasons
from leaddesk.workflow.duplicates import COMPARED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leaddesk.workflow.duplicates import Candidate

SHOWN = 0.15
"""A card is worth a glance from this score on: one in some six such is the person. It costs a line on the screen."""

WEIGHED = 300
"""Cards that are weighed at most; others with these names are too many to be told apart by them."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A card that may be the person, how likely it is, and why."""

    id: int
    score: float
    why: str


def alike(wanted: Candidate, candidates: list[Candidate], file: int, limit: int) -> list[Likeness]:
    """The likeliest of the candidates for `wanted`, best first; the file has so many leads."""
    weighed = _worth_weighing(wanted, candidates)
    if not weighed:
        return []
    gathering = Gathering()
    for place, card in enumerate([wanted, *weighed]):
        gathering.add(place, card.name, card.last, card.values, {})
    leads = gathering.done()
    scoring = Scoring(leads, max(file, 1))
    a, b = np.zeros(len(weighed), np.int32), np.arange(1, len(weighed) + 1, dtype=np.int32)
    names, differ = scoring.names(a, b)
    bits = scoring.start + _as_rare_as(names, weighed, candidates, scoring) + scoring.beside(a, b)
    scores = score_of(bits)
    scores[differ & (scoring.levels("given", "given", a, b) == DIFFERENT) & (names <= 0)] = 0
    best = [place for place in np.argsort(-scores, kind="stable")[:limit].tolist() if scores[place] >= SHOWN]
    why = reasons(leads, scoring, a[best], b[best], [{} for _ in best])
    return [
        Likeness(weighed[place].id, round(float(scores[place]), 3), "; ".join(words[:3]))
        for place, words in zip(best, why, strict=True)
    ]


def _worth_weighing(wanted: Candidate, candidates: list[Candidate]) -> list[Candidate]:
    """Those that agree in more than the name before those that do not, the same name before one that is near."""
    company, city = (COMPARED.index(name) for name in ("company", "city"))

    def rank(card: Candidate) -> tuple[int, bool]:
        agree = sum(
            bool(wanted.values[place]) and wanted.values[place].casefold() == card.values[place].casefold()
            for place in (company, city)
        )
        return -agree, card.key != wanted.key

    return sorted(candidates, key=rank)[:WEIGHED]


def _as_rare_as(
    names: NDArray[np.float32],
    weighed: list[Candidate],
    candidates: list[Candidate],
    scoring: Scoring,
) -> NDArray[np.float32]:
    """What the names are worth, as rare as they are found to be: a name's key on many cards tells little."""
    often = Counter(card.key for card in candidates)
    most = np.array([scoring.rarest - np.log2(often[card.key]) for card in weighed], np.float32)
    return np.minimum(names, most)
