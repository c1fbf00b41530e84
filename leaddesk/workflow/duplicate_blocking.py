"""Which leads are worth comparing: those that share something rare, told by several keys; never all pairs.

Each pass puts leads into blocks by a key and pairs them within. A block too large to pair is parted by another field,
in several ways; what is still too large after that says nothing about who is whom. Imports numpy: import this late.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from leaddesk.workflow.duplicate_columns import EXTRA
from leaddesk.workflow.name_keys import skeleton

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from leaddesk.workflow.duplicate_columns import Leads

    Keys = NDArray[np.uint64]
    PairCodes = NDArray[np.int64]

BLOCK = 24
"""Leads in a block that are paired with each other; 276 pairs."""

_MIX = np.uint64(0x9E3779B97F4A7C15)

PASSES: tuple[tuple[str, ...], ...] = (
    ("sound",),
    ("family", "postal_code"),
    ("family_sound", "city"),
    ("given", "postal_code"),
    ("given_sound", "company"),
    ("family_sound", "company"),
    ("family_head", "given_head", "city"),
    ("family_head", "given_head", "postal_code"),
    ("company",),
    ("address",),
    ("address", "family_head"),
)
"""What is shared in each pass. `sound` is the skeletons of the name's words in any order, `…_head` two first letters."""

PARTED_BY = ("given_sound", "family_sound", "postal_code", "city", "company", "address")
"""What a large block is parted by, each by itself."""


def pairs_in(leads: Leads) -> Iterator[PairCodes]:
    """Pairs of rows worth comparing, pass by pass, each as `a * len(leads) + b` with a < b, sorted; may repeat."""
    keys = _keys(leads)
    extras = tuple((name,) for name in leads.columns if name.startswith(EXTRA))
    for fields in (*PASSES, *extras):
        if all(field in keys for field in fields):
            yield _pass(keys, fields, len(leads))


def _keys(leads: Leads) -> dict[str, Keys]:
    """A number per lead and field, 0 where there is nothing; equal numbers are equal values."""
    keys = {name: column.codes.astype(np.uint64) for name, column in leads.columns.items() if column.codes.any()}
    given, family = leads.columns["given"].codes, leads.columns["family"].codes
    sounds = _numbered([" ".join(sorted({skeleton(part) for part in word.split()})) for word in leads.names])
    heads = _numbered([word[:2] for word in leads.names])
    keys |= {
        "given_sound": sounds[given],
        "family_sound": sounds[family],
        "given_head": heads[given],
        "family_head": heads[family],
    }
    one, two = np.minimum(sounds[given], sounds[family]), np.maximum(sounds[given], sounds[family])
    keys["sound"] = np.where(one > 0, _together(one, two), np.uint64(0))
    return keys


def _numbered(texts: list[str]) -> Keys:
    numbers: dict[str, int] = {"": 0}
    return np.fromiter((numbers.setdefault(text, len(numbers)) for text in texts), np.uint64, len(texts))


def _together(one: Keys, two: Keys) -> Keys:
    """One number for two: 0 if either is nothing."""
    mixed = (one * _MIX) ^ ((two + np.uint64(1)) * _MIX >> np.uint64(17)) ^ (two << np.uint64(40))
    mixed = (mixed ^ (mixed >> np.uint64(31))) * _MIX
    return np.where((one == 0) | (two == 0), np.uint64(0), mixed | np.uint64(1))


def _pass(keys: dict[str, Keys], fields: tuple[str, ...], count: int) -> PairCodes:
    key = keys[fields[0]]
    for field in fields[1:]:
        key = _together(key, keys[field])
    found, large = _paired(key, np.flatnonzero(key).astype(np.int64), count)
    parts = [found]
    if len(large):
        for other in PARTED_BY:
            if other in keys and other not in fields:
                finer = _together(key[large], keys[other][large])
                parts.append(_paired(finer, large, count, keyed=True)[0])
    return np.unique(np.concatenate(parts))


def _paired(
    key: Keys, rows: NDArray[np.int64], count: int, *, keyed: bool = False
) -> tuple[PairCodes, NDArray[np.int64]]:
    """All pairs within blocks of equal keys, and the rows of blocks that are too large.

    `key` is per lead, or, `keyed`, per row of `rows`.
    """
    own = key if keyed else key[rows]
    there = own > 0
    own, rows = own[there], rows[there]
    order = np.argsort(own, kind="stable")
    own, rows = own[order], rows[order]
    starts = np.flatnonzero(np.concatenate(([True], own[1:] != own[:-1]))) if len(own) else np.zeros(0, np.int64)
    sizes = np.diff(np.append(starts, len(own)))
    found = []
    for size in range(2, BLOCK + 1):
        here = starts[sizes == size]
        if len(here):
            left, right = np.triu_indices(size, 1)
            a, b = rows[here[:, None] + left].ravel(), rows[here[:, None] + right].ravel()
            found.append(np.minimum(a, b) * count + np.maximum(a, b))
    large = np.repeat(sizes > BLOCK, sizes)
    return (np.concatenate(found) if found else np.zeros(0, np.int64)), rows[large]
