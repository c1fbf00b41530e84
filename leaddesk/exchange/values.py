"""What the words in a foreign list's cells mean: statuses, temperatures, outcomes of calls, yes and no, and blanks."""

from __future__ import annotations

from functools import cache

from leaddesk.exchange.words import dictionary, plain

LONGEST_BLANK = 24
"""Letters of the longest word that says only that nothing is known."""


def parse_status(text: str) -> str | None:
    """Return our status for another program's word, as “Lost Lead” is refused; None where the word is not known."""
    return _meaning("statuses").get(plain(text)) if text else None


def parse_temperature(text: str) -> str | None:
    """Return cold, warm or hot; None where the word is not known."""
    return _meaning("temperatures").get(_mark(text)) if text else None


def parse_outcome(text: str) -> str | None:
    """Return the key of our outcome for another program's call result, as “CALLBK” is callback; None if not known.

    Codes are VICIDIAL's; its “NA” is no answer, while “N/A” says nothing. The key is one of `DEFAULT_OUTCOMES`.
    """
    word = text.strip()
    if not word or (not word.isalnum() and means_empty(word)):
        return None
    return _meaning("outcomes").get(plain(word))


def parse_yes_no(text: str) -> bool | None:
    """Return what a tick, a word or a number says; None where it says neither, as in an empty cell."""
    said = _meaning("answers").get(_mark(text)) if text else None
    return {"yes": True, "no": False}.get(said or "")


def means_empty(text: str) -> bool:
    """Whether a cell says only that nothing is known: “Select”, “-”, “N/A”, “не указано”, blanks.

    For deciding whether a field has a value; what the file said is kept as it was said.
    """
    word = text.strip().casefold()
    return not word or word in _placeholders()


def _mark(text: str) -> str:
    """Even a word out; a lone sign, such as a tick, is its own word."""
    return plain(text) or text.strip()


@cache
def _meaning(name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, words in dictionary(name).items():
        for word in words:
            found.setdefault(_mark(word), key)
    return found


@cache
def _placeholders() -> frozenset[str]:
    return frozenset(word.casefold() for word in dictionary("answers")["empty"])
