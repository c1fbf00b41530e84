"""What made-up people are made of, read from resources/demo."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

T = TypeVar("T")


def pick(random: Random, among: Sequence[T]) -> T:
    """One of them: `random.choice` in a third of its time, which counts where ten million calls are drawn."""
    return among[int(random.random() * len(among))]


def between(random: Random, low: int, high: int) -> int:
    """A whole number, both ends included: `random.randint` in a fifth of its time."""
    return low + int(random.random() * (high - low + 1))


@dataclass(frozen=True, slots=True)
class Word:
    """A word in its own script and in Latin letters, for addresses."""

    own: str
    latin: str

    @classmethod
    def of(cls, text: str) -> Word:
        """Read "Київ/Kyiv"; one spelling stands for both."""
        own, _, latin = text.partition("/")
        return cls(own, latin or own)


@dataclass(frozen=True, slots=True)
class Country:
    """How people, firms and places of a country are called. `mixed` is the share that writes itself in Latin."""

    code: str
    weight: int
    language: str
    mixed: float
    men: tuple[Word, ...]
    women: tuple[Word, ...]
    last: tuple[tuple[Word, Word], ...]
    cities: tuple[Word, ...]
    stems: tuple[Word, ...]
    trades: tuple[Word, ...]
    company: Word
    legal: str
    street: str
    post: tuple[int, ...]
    last_first: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Numbers that begin alike: `digits` more follow. A fixed line stands in a city. Each is only equal to itself."""

    country: str
    prefix: str
    digits: int
    city: Word | None
    region: str


def _text(name: str) -> str:
    return files("leaddesk").joinpath("resources", "demo", name).read_text(encoding="utf-8")


def _last(text: str) -> tuple[Word, Word]:
    """A family name as men and as women bear it."""
    his, _, hers = text.partition("|")
    return Word.of(his), Word.of(hers or his)


@lru_cache(maxsize=1)
def countries() -> dict[str, Country]:
    """The countries by code."""
    found = {}
    for code, said in json.loads(_text("countries.json")).items():
        for name in ("men", "women", "cities", "stems", "trades"):
            said[name] = tuple(map(Word.of, said[name]))
        said["last"] = tuple(map(_last, said["last"]))
        said["company"] = Word.of(said["company"])
        said["post"] = tuple(said["post"])
        found[code] = Country(code=code, **said)
    return found


@lru_cache(maxsize=1)
def blocks() -> tuple[Block, ...]:
    """Every block of numbers."""
    lines = (line.split(",") for line in _text("numbers.csv").splitlines() if line and not line.startswith("#"))
    return tuple(
        Block(c, prefix, int(digits), Word.of(city) if city else None, r) for c, prefix, digits, city, r in lines
    )


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """Interests, notes, sources, people of the floor."""
    said: dict[str, Any] = json.loads(_text("words.json"))
    return said
