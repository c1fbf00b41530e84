"""Dates and times as people and programs write them, read into UTC."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from functools import cache

from leaddesk.exchange.words import dictionary, plain

_TIME = r"(?:[T,\s]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?\s*(?P<half>[AaPp]\.?\s?[Mm]\.?)?)?"
_ZONE = r"\s*(?P<zone>Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?"
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})(?P<mark>[-/.])\s?(?P<month>\d{{1,2}})(?P=mark)\s?(?P<day>\d{{1,2}})\.?{_TIME}{_ZONE}"
)
_COMPACT = re.compile(rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}}){_TIME}{_ZONE}")
_DOTTED = re.compile(
    rf"(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>\d{{4}}|\d{{2}})(?:\s?г\.?)?{_TIME}{_ZONE}"
)
_EITHER = re.compile(
    rf"(?P<first>\d{{1,2}})(?P<mark>[/-])(?P<other>\d{{1,2}})(?P=mark)(?P<year>\d{{4}}|\d{{2}}){_TIME}{_ZONE}"
)
_DAY_WORD = re.compile(
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[\s/-]*(?:de\s+)?(?P<word>[^\W\d_]+)\.?,?[\s/-]*(?:de\s+)?(?P<year>\d{{4}}|\d{{2}})(?:\s?г\.?)?{_TIME}{_ZONE}"
)
_WORD_DAY = re.compile(
    rf"(?P<word>[^\W\d_]+)\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_TIME}{_ZONE}"
)
_YEAR_WORD = re.compile(rf"(?P<year>\d{{4}})[.,]?[\s-]+(?P<word>[^\W\d_]+)\.?[\s-]+(?P<day>\d{{1,2}})\.?{_TIME}{_ZONE}")
_WEEKDAY = re.compile(r"^[^\W\d_]{2,12}\.?,\s+(?=\d|[^\W\d_])")
_FORMS = (_YEAR_FIRST, _DOTTED, _EITHER, _DAY_WORD, _WORD_DAY, _YEAR_WORD, _COMPACT)


class DateOrder(StrEnum):
    """Which of two numbers parted by slashes or dashes is the day."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


def parse_when(text: str, order: DateOrder | None = None, zone: tzinfo = UTC) -> datetime | None:
    """Return the moment in UTC, or None where it cannot be told.

    A time that names no zone is `zone`'s; a day without a time begins at its midnight. 12/10/2026 is told only by
    `order`; 31/12/2026, and dates with dots, are day first by themselves.
    """
    text = _WEEKDAY.sub("", text.strip())
    if not text or len(text) > 60 or not any(letter.isdigit() for letter in text):
        return None
    for form in _FORMS:
        found = form.fullmatch(text)
        if found:
            return _moment(found, order, zone)
    return None


def learn_date_order(samples: Iterable[str]) -> DateOrder | None:
    """Tell from a column's cells whether its dates are day first; None where nothing tells, or cells disagree."""
    seen: set[DateOrder] = set()
    for sample in samples:
        found = _EITHER.fullmatch(sample.strip())
        if found:
            first, other = int(found["first"]), int(found["other"])
            if first > 12 >= other:
                seen.add(DateOrder.DAY_FIRST)
            elif other > 12 >= first:
                seen.add(DateOrder.MONTH_FIRST)
    return seen.pop() if len(seen) == 1 else None


def _moment(found: re.Match[str], order: DateOrder | None, zone: tzinfo) -> datetime | None:
    parts = found.groupdict()
    if "first" in parts:
        day_month = _by_order(int(parts["first"]), int(parts["other"]), order)
        if day_month is None:
            return None
        day, month = day_month
    else:
        day = int(parts["day"])
        month = int(parts["month"]) if "month" in parts else _months().get(plain(parts["word"]), 0)
    year = int(parts["year"])
    if len(parts["year"]) == 2:
        year += 2000 if year < 70 else 1900
    hour = _hour(parts)
    if not 1900 <= year <= 2200 or hour is None:
        return None
    try:
        moment = datetime(
            year, month, day, hour, int(parts["minute"] or 0), int(parts["second"] or 0),
            int((parts["part"] or "0")[:6].ljust(6, "0")), tzinfo=_zone(parts["zone"]) or zone,
        )  # fmt: skip
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _by_order(first: int, other: int, order: DateOrder | None) -> tuple[int, int] | None:
    """Return day and month."""
    if first > 12 or first == other:
        return first, other
    if other > 12:
        return other, first
    if order is None:
        return None
    return (first, other) if order is DateOrder.DAY_FIRST else (other, first)


def _hour(parts: dict[str, str]) -> int | None:
    hour = int(parts["hour"] or 0)
    if not parts["half"]:
        return hour
    if not 1 <= hour <= 12:
        return None
    return hour % 12 + (12 if parts["half"][0] in "Pp" else 0)


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text.upper() in {"Z", "UTC", "GMT"}:
        return UTC
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "").ljust(4, "0")
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))


@cache
def _months() -> dict[str, int]:
    return {plain(word): int(number) for number, words in dictionary("months").items() for word in words}
