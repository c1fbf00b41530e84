"""The name as duplicates are looked for by it: people write the same name in many ways."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

_VOWELS = frozenset("aeiouyаеёиоуыэюяіїє")


@lru_cache(maxsize=65536)
def name_key(name: str, company: str = "") -> str:
    """What names that may be one person's share; the company's where no person is named. "" for neither.

    Case, accents, order of the words, vowels and doubled letters do not count.
    """
    words = re.findall(r"[^\W\d_]+", _bare(name or company))
    return " ".join(sorted({_skeleton(word) for word in words}))


def _bare(text: str) -> str:
    parted = unicodedata.normalize("NFD", text.casefold())
    return "".join(sign for sign in parted if not unicodedata.combining(sign))


def _skeleton(word: str) -> str:
    kept = [word[0]]
    kept += [letter for before, letter in pairwise(word) if letter not in _VOWELS and letter != before]
    return "".join(kept)
