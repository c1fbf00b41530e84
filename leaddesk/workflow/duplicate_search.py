"""The search through all leads for those that may be one person. Imports numpy: import this late."""

from __future__ import annotations

from collections import defaultdict
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from leaddesk.workflow.duplicate_blocking import pairs_in
from leaddesk.workflow.duplicate_scoring import KEPT, Scoring
from leaddesk.workflow.duplicate_words import reasons
from leaddesk.workflow.duplicates import FoundPairs, LeadsToCompare, Pair, PairsFound
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from leaddesk.workflow.desk import Desk
    from leaddesk.workflow.duplicate_columns import Leads

AT_ONCE = 400_000
"""Pairs weighed at a time: some 100 MB."""

MOST = 500_000
"""Pairs kept at most, the best ones: nobody looks at more."""

READ = 40
"""Percent of the whole that reading takes, for whoever watches."""


class Cancelled(Exception):
    """Whoever watches has had enough. Nothing was written."""


def search_duplicates(
    desk: Desk, progress: Callable[[int, int], None], cancelled: Callable[[], bool] = lambda: False
) -> PairsFound:
    """Look for duplicates among all leads and keep the pairs found, in place of those of the last search.

    `progress` is told percent of 100. Nothing of it is history: it can be had again. Raises `Refused` for an
    operator; if `cancelled` says so, the pairs of the last search stay, and `at` is None.
    """
    if not desk.user.role.covers(Role.TEAM_LEAD):
        raise Refused("Only a team lead may look for duplicates in all leads. Ask yours.")
    begun = monotonic()

    def watch(done: int, total: int) -> None:
        if cancelled():
            raise Cancelled
        progress(READ * done // max(total, 1), 100)

    try:
        leads: Leads = desk.read(LeadsToCompare(watch))
        pairs = duplicates_among(leads, lambda done, total: watch(READ * total + (100 - READ) * done, READ * total))
    except Cancelled:
        return PairsFound()
    desk.store.keep_pairs(pairs, len(leads), desk.clock.now(), int(monotonic() - begun))
    progress(100, 100)
    return desk.read(FoundPairs())


def duplicates_among(leads: Leads, watch: Callable[[int, int], None] = lambda _done, _total: None) -> list[Pair]:
    """Pairs that may be one person, the best first, at most `MOST`."""
    scoring = Scoring(leads)
    shared = shared_by(leads)
    codes = _together([*pairs_in(leads), np.array(sorted(shared), np.int64)])
    kept = []
    for start in range(0, len(codes), AT_ONCE):
        watch(start, len(codes))
        kept.append(_weighed(leads, scoring, codes[start : start + AT_ONCE], shared))
    if not kept:
        return []
    code, score, certain = (np.concatenate(parts) for parts in zip(*kept, strict=True))
    best = np.lexsort((code, -score))[:MOST]
    return list(_as_pairs(leads, scoring, code[best], score[best], certain[best], shared))


def shared_by(leads: Leads) -> dict[int, dict[str, tuple[str, int]]]:
    """Pairs (as `a * len + b`) that share numbers or mailboxes: the first of each channel, and on how many cards."""
    found: dict[int, dict[str, tuple[str, int]]] = defaultdict(dict)
    s = leads.shared
    codes = s.a.astype(np.int64) * len(leads) + s.b
    for code, channel, key, cards in zip(codes.tolist(), s.channel, s.key, s.cards.tolist(), strict=True):
        found[code].setdefault(channel, (key, cards))
    return found


def _together(parts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """All that is in any of the sorted parts, once; two at a time, so that memory holds little more than the result."""
    whole = np.zeros(0, np.int64)
    for part in parts:
        whole = np.union1d(whole, part)
    return whole


def _weighed(
    leads: Leads, scoring: Scoring, codes: NDArray[np.int64], shared: dict[int, dict[str, tuple[str, int]]]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]:
    a, b = np.divmod(codes, len(leads))
    known = np.zeros(len(codes), np.float32)
    if shared:
        for place, code in enumerate(codes.tolist()):
            if code in shared:
                known[place] = scoring.known_bits({channel: cards for channel, (_, cards) in shared[code].items()})
    weighed = scoring.weigh(a.astype(np.int32), b.astype(np.int32), known)
    kept = weighed.score >= KEPT
    return codes[kept], weighed.score[kept], weighed.certain[kept]


def _as_pairs(
    leads: Leads,
    scoring: Scoring,
    codes: NDArray[np.int64],
    scores: NDArray[np.float64],
    certain: NDArray[np.bool_],
    shared: dict[int, dict[str, tuple[str, int]]],
) -> Iterator[Pair]:
    for start in range(0, len(codes), 50_000):
        some = codes[start : start + 50_000]
        a, b = (rows.astype(np.int32) for rows in np.divmod(some, len(leads)))
        keys = [{channel: key for channel, (key, _) in shared.get(code, {}).items()} for code in some.tolist()]
        why = reasons(leads, scoring, a, b, keys)
        ids = leads.ids[a].tolist(), leads.ids[b].tolist()
        rest = scores[start : start + 50_000].tolist(), certain[start : start + 50_000].tolist()
        for one, two, score, words, sure in zip(*ids, rest[0], why, rest[1], strict=True):
            yield Pair(one, two, round(score, 3), words, sure)
