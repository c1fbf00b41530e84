"""The holidays people are greeted on, by country and in the language of the letter.

Days come from the `holidays` library: public holidays of the whole country. Which of them one greets on is data
(`resources/greetings/days.json`, where it is said how they were chosen): whatever is not named there is no occasion.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources
from typing import Any

RUN_DAYS = 10
"""Days of one holiday stand together, sometimes with another in between: one greets on the first of them."""
_ASIDE = re.compile(r"\s*\((?:estimated|observed|observed, estimated)\)$")
_MOVED = re.compile(r"\((?:observed|observed, estimated|substitut)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Occasion:
    """A holiday on a day. Its `key` is kept with the letter, so that nobody is greeted twice for it."""

    day: date
    name: str

    @property
    def key(self) -> str:
        """Such as "2026-12-25 Christmas Day"."""
        return f"{self.day.isoformat()} {self.name}"


def occasion_of(key: str) -> Occasion:
    """The occasion a key stands for. `ValueError` for what is no key."""
    day, _, name = key.partition(" ")
    return Occasion(date.fromisoformat(day), name)


@lru_cache(maxsize=1024)
def occasions(country: str, year: int) -> tuple[Occasion, ...]:
    """What one greets on there that year, by day; () for countries nobody knows the holidays of.

    `country` as ISO 3166, "HU". Days moved to the Monday after are left out: one greets on the day itself.
    """
    found: list[Occasion] = []
    for day, names in sorted(_calendar(country, year, "en").items()):
        for name in names:
            kind = None if _MOVED.search(name) else _kind(country, _ASIDE.sub("", name))
            if kind and not any(o.name == kind and (day - o.day).days <= RUN_DAYS for o in found):
                found.append(Occasion(day, kind))
    return tuple(found)


def ahead(country: str, today: date, days: int) -> list[Occasion]:
    """The occasions there from today for so many days, the nearest first."""
    last = today + timedelta(days=days)
    years = sorted({today.year, last.year})
    return [one for year in years for one in occasions(country, year) if today <= one.day <= last]


@lru_cache(maxsize=4096)
def name_in(occasion: Occasion, country: str, language: str) -> str:
    """What the holiday is called in a language: by our own words, else by the library's, else in English."""
    for entry in _data()["days"]:
        if entry["name"] == occasion.name and language in entry.get("in", {}):
            return str(entry["in"][language])
    there = _calendar(country, occasion.day.year, language).get(occasion.day, ()) if language != "en" else ()
    # Of several holidays on a day nobody can tell which is which in another language.
    return _ASIDE.sub("", there[0]) if len(there) == 1 else occasion.name


@lru_cache(maxsize=256)
def _calendar(country: str, year: int, language: str) -> dict[date, tuple[str, ...]]:
    """Public holidays by day, in a language; nothing where the library does not speak it."""
    # Some megabytes of calendars: only for whoever is about to greet.
    import holidays

    if country not in holidays.list_supported_countries():
        return {}
    kind: Any = getattr(holidays, country)
    spoken = (*(kind.supported_languages or ()), kind.default_language or "")
    words = next((one for one in ("en_US", *spoken) if one and one.split("_")[0] == language and one in spoken), None)
    if words is None and (language != "en" or kind.supported_languages):
        return {}
    of = _data()["categories"].get(country)
    categories = tuple(c for c in of if c in kind.supported_categories) if of else None
    made = kind(years=year, language=words, categories=categories)
    return {day: tuple(made.get_list(day)) for day in made}


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    file = resources.files("leaddesk") / "resources" / "greetings" / "days.json"
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return read


def _kind(country: str, name: str) -> str | None:
    for entry in _data()["days"]:
        if name in entry["called"] and country in entry.get("only", (country,)):
            return str(entry["name"])
    return None
