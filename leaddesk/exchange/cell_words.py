"""A cell's value in words, as a person would type it: 5 and not 5.0, dates in ISO form, yes and no."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from math import copysign, isfinite

_EXACT = 1 << 53  # whole numbers up to here are exact in a sheet's floating point
_DIGITS = 15  # of a whole number that is surely exact
_DAY = 86_400_000  # milliseconds
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?)?|\d\d:\d\d:\d\d(?:\.\d+)?")
_CLOCK = re.compile(r"PT(\d{1,2})H(\d{1,2})M(\d{1,2})(\.\d+)?S")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BEGINNING = datetime(1899, 12, 30)  # noqa: DTZ001  a sheet's clock has no zone
_LATER = 1462  # days from Excel's first day to the Macintosh's, 1904-01-01
_NO_LEAP_DAY = 60  # Excel counts a 29th of February 1900


def words(value: float | time | date | datetime | timedelta) -> str:
    """Write a value of Python's."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def number_words(text: str) -> str:
    """Write a number as it stands in a sheet's XML; what is none is left as it is."""
    if text.isdigit() and len(text) <= _DIGITS and text.isascii() and text[0] != "0":
        return text
    value = _number(text)
    return text if value is None else words(value)


@lru_cache(maxsize=8192)
def date_words(text: str, *, old_epoch: bool) -> str:
    """Write a day, a moment or a time of day that is counted in days, from 1900 on or (`old_epoch`) from 1904."""
    value = _number(text)
    if value is None:
        return text
    days = value + _LATER if old_epoch else value
    if days < _NO_LEAP_DAY:
        days += 1
    try:
        moment = _BEGINNING + _span(days)
    except OverflowError:
        return words(value)
    if value < 1:
        return words(moment.time())
    return words(moment.date() if value.is_integer() else moment)


@lru_cache(maxsize=8192)
def span_words(text: str) -> str:
    """Write a span of time that is counted in days, as in cells of the form [h]:mm."""
    value = _number(text)
    if value is None:
        return text
    try:
        return words(_span(value))
    except OverflowError:
        return words(value)


@lru_cache(maxsize=8192)
def iso_words(text: str) -> str:
    """Write a day, moment or time of ISO 8601, as ODF and strict OOXML have them; others are left as they are."""
    try:
        if (clock := _CLOCK.fullmatch(text)) is not None:
            hour, minute, second, rest = clock.groups()
            return words(time.fromisoformat(f"{hour:0>2}:{minute:0>2}:{second:0>2}{rest or ''}"))
        if _MOMENT.fullmatch(text) is None:
            return text
        if "T" in text:
            return words(datetime.fromisoformat(text))
        return words(time.fromisoformat(text) if ":" in text else date.fromisoformat(text))
    except ValueError:
        return text


def unescaped(text: str) -> str:
    """Put the characters for which Excel writes _x000D_ (ECMA-376 part 1, 22.9.2.19); half of a pair stays as it is."""
    return _ESCAPE.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code < 0xE000 else chr(code)


def _number(text: str) -> float | None:
    if _NUMBER.fullmatch(text) is None:
        return None
    value = float(text)
    return value if isfinite(value) else None


def _span(days: float) -> timedelta:
    """Round to milliseconds, halves away from nought. Raises OverflowError for more than Python counts."""
    return timedelta(milliseconds=int(days * _DAY + copysign(0.5, days)))
