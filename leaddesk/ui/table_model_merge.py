"""How a list of ids becomes the newer one with as little moving about as can be."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

SORTED_OUT_AT_MOST = 50_000
"""Past so many ids in question (or so many pieces) they are replaced as one block: sorting them out would be felt."""
PIECES_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Removal:
    """Take out `count` ids from `at` on."""

    at: int
    count: int


@dataclass(frozen=True, slots=True)
class Insertion:
    """Put `ids` in at `at`."""

    at: int
    ids: array[int]


def merge_steps(old: array[int], new: array[int]) -> list[Removal | Insertion]:
    """Steps, to be taken in this order, that drop what is gone from `old` and bring in what came.

    An id in both stays where it is even if `new` has it elsewhere: a card edited in a list sorted by its last
    change would otherwise run away from under the hand. Only a difference too large to sort out takes `new`'s order.
    """
    if old == new:
        return []
    head = _common(old, new, from_end=False)
    tail = _common(old[head:], new[head:], from_end=True)
    was, now = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(was) + len(now) > SORTED_OUT_AT_MOST:
        return _replaced(head, was, now)
    gone, came = set(was) - set(now), set(now) - set(was)
    steps: list[Removal | Insertion] = []
    kept = array("q")
    at = len(was)
    while at:
        end = at
        while at and was[at - 1] in gone:
            at -= 1
        if end > at:
            steps.append(Removal(head + at, end - at))
        while at and was[at - 1] not in gone:
            kept.append(was[at - 1])
            at -= 1
    kept.reverse()
    steps += _insertions(head, kept, now, came)
    return steps if len(steps) <= PIECES_AT_MOST else _replaced(head, was, now)


def _insertions(head: int, kept: array[int], now: array[int], came: set[int]) -> list[Removal | Insertion]:
    """Bring each newcomer in behind the one it follows in `now`, the last first so that places stay true."""
    place = {lead_id: at for at, lead_id in enumerate(kept)}
    runs: list[tuple[int, array[int]]] = []
    after = -1
    run: array[int] | None = None
    for lead_id in now:
        if lead_id not in came:
            after, run = place[lead_id], None
        elif run is None:
            run = array("q", [lead_id])
            runs.append((after + 1, run))
        else:
            run.append(lead_id)
    return [Insertion(head + at, ids) for at, ids in sorted(runs, key=lambda pair: -pair[0])]


def _replaced(at: int, was: array[int], now: array[int]) -> list[Removal | Insertion]:
    out: list[Removal | Insertion] = [Removal(at, len(was))] if was else []
    return [*out, Insertion(at, now)] if now else out


def _common(one: array[int], other: array[int], *, from_end: bool) -> int:
    """How many ids both begin (or end) with, by halving: comparing bytes is a thousand times faster than items."""
    a, b, size = one.tobytes(), other.tobytes(), one.itemsize
    sure, most = 0, min(len(one), len(other))
    while sure < most:
        middle = (sure + most + 1) // 2
        if from_end:
            same = a[len(a) - middle * size : len(a) - sure * size] == b[len(b) - middle * size : len(b) - sure * size]
        else:
            same = a[sure * size : middle * size] == b[sure * size : middle * size]
        sure, most = (middle, most) if same else (sure, middle - 1)
    return sure
