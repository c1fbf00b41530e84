"""Dates and times as people and programs write them, read into UTC."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from functools import cache

from leaddesk.exchange.words import dictionary, plain
from leaddesk.workflow.jalali import from_jalali

_TIME = r"(?:[T,\s]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?\s*(?P<half>[AaPp]\.?\s?[Mm]\.?)?)?"
_ZONE = r"\s*(?P<zone>Z|z|(?:UTC|GMT)?[+-]\d{1,2}:?\d{2}|(?:UTC|GMT)?[+-]\d{1,2}|UTC|GMT)?"
_MARKS = r"\u0300-\u036f\u064b-\u0652\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"  # of Arabic and Thai: part of no letter
_WORD = rf"(?P<word>[\u0621-\u064a]+\s[\u0621-\u064a]+|(?:[^\W\d_]|[{_MARKS}])+)"
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
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[\s/-]*(?:de\s+)?{_WORD}\.?,?[\s/-]*(?:de\s+)?(?P<year>\d{{4}}|\d{{2}})(?:\s?г\.?)?{_TIME}{_ZONE}"
)
_WORD_DAY = re.compile(rf"{_WORD}\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_TIME}{_ZONE}")
_YEAR_WORD = re.compile(rf"(?P<year>\d{{4}})[.,]?[\s-]+{_WORD}\.?[\s-]+(?P<day>\d{{1,2}})\.?{_TIME}{_ZONE}")
_EAST = re.compile(rf"(?P<year>\d{{4}})[年년]\s?(?P<month>\d{{1,2}})[月월]\s?(?P<day>\d{{1,2}})[日일]?{_TIME}{_ZONE}")
_WEEKDAY = re.compile(r"^[^\W\d_]{2,12}\.?,\s+(?=\d|[^\W\d_])|^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\s+(?=[A-Z][a-z]{2}\s\d)")
_NAMED_ZONE = re.compile(r"\s*(?:\([^()]*\)|\[[\w/+-]+\])$")
_FORMS = (_YEAR_FIRST, _DOTTED, _EITHER, _DAY_WORD, _WORD_DAY, _YEAR_WORD, _COMPACT, _EAST)
_JALALI_YEARS = range(1300, 1500)  # 1921 to 2121 of ours; nobody imports dates of the Middle Ages
_BUDDHIST_YEARS = range(2443, 2644)
_BUDDHIST = 543
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_MOST = 0.8
_NUMBER = re.compile(r"\d{5,13}(?:\.\d+)?")


class DateOrder(StrEnum):
    """Which of two numbers parted by slashes or dashes is the day."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class Numbers(StrEnum):
    """What a bare number in a column of times counts."""

    DAYS_FROM_1900 = "days_from_1900"
    DAYS_FROM_1904 = "days_from_1904"
    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"


def parse_when(
    text: str, order: DateOrder | None = None, zone: tzinfo = UTC, numbers: Numbers | None = None
) -> datetime | None:
    """Return the moment in UTC, or None where it cannot be told.

    A time that names no zone is `zone`'s; a day without a time begins at its midnight. 12/10/2026 is told only by
    `order`; 31/12/2026, and dates with dots, are day first by themselves. Years of the Iranian and of the Thai
    calendar are known by their size. A bare number is a time only where `numbers` says what it counts.
    """
    text = text.strip()
    if numbers is not None and _NUMBER.fullmatch(text):
        return _counted(float(text), numbers, zone)
    text = _WEEKDAY.sub("", _NAMED_ZONE.sub("", text) if text[-1:] in (")", "]") else text)
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


def learn_numbers(samples: Iterable[str]) -> Numbers | None:
    """Tell what the numbers in a column of times count, by their size; None where most cells are no such numbers.

    Days are taken from 1900, as nearly all spreadsheets count; that a file counts from 1904 only the file can say.
    """
    texts = [text for text in map(str.strip, samples) if text]
    found = [number for number in texts if _NUMBER.fullmatch(number)]
    if not found or len(found) < _MOST * len(texts):
        return None
    sizes = {_counts(float(number)) for number in found}
    return sizes.pop() if len(sizes) == 1 else None


def _counts(number: float) -> Numbers | None:
    if 14_000 <= number < 90_000:  # 1938 to 2146
        return Numbers.DAYS_FROM_1900
    if 300_000_000 <= number < 4_000_000_000:
        return Numbers.SECONDS
    return Numbers.MILLISECONDS if 300_000_000_000 <= number < 4_000_000_000_000 else None


def _counted(number: float, numbers: Numbers, zone: tzinfo) -> datetime | None:
    """Seconds are of UTC; a spreadsheet's days are by the clock of who filled it in."""
    try:
        if numbers in (Numbers.SECONDS, Numbers.MILLISECONDS):
            scale = 1000 if numbers is Numbers.MILLISECONDS else 1
            return datetime.fromtimestamp(number / scale, UTC)
        start = datetime(1904, 1, 1) if numbers is Numbers.DAYS_FROM_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - zone below
        moment = start + timedelta(seconds=round(number * 86_400))
        return moment.replace(tzinfo=zone).astimezone(UTC) if moment.year <= _LAST_YEAR else None
    except (ValueError, OverflowError, OSError):
        return None


def _moment(found: re.Match[str], order: DateOrder | None, zone: tzinfo) -> datetime | None:
    parts = found.groupdict()
    if "first" in parts:
        day_month = _by_order(int(parts["first"]), int(parts["other"]), order)
        if day_month is None:
            return None
        day, month = day_month
    else:
        day = int(parts["day"])
        month = int(parts["month"]) if "month" in parts else _month(parts["word"], int(parts["year"]))
    year = int(parts["year"])
    if len(parts["year"]) == 2:
        year += 2000 if year < 70 else 1900
    hour = _hour(parts)
    if hour is None:
        return None
    try:
        year, month, day = _our_day(year, month, day)
        moment = datetime(
            year, month, day, hour, int(parts["minute"] or 0), int(parts["second"] or 0),
            int((parts["part"] or "0")[:6].ljust(6, "0")), tzinfo=_zone(parts["zone"]) or zone,
        )  # fmt: skip
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _our_day(year: int, month: int, day: int) -> tuple[int, int, int]:
    """The day by our calendar. Raises ValueError for years nobody has dealt in, and days there are not."""
    if year in _JALALI_YEARS:
        ours = from_jalali(year, month, day)
        return ours.year, ours.month, ours.day
    if year in _BUDDHIST_YEARS:
        year -= _BUDDHIST
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"no year {year} in a list of leads")
    return year, month, day


def _month(word: str, year: int) -> int:
    """0 for a word that is no month."""
    return (_jalali_months() if year in _JALALI_YEARS else _months()).get(plain(word), 0)


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
    text = text.upper().removeprefix("UTC").removeprefix("GMT")
    sign = -1 if text[0] == "-" else 1
    hours, _, minutes = text[1:].partition(":")
    if len(hours) > 2:
        hours, minutes = hours[:-2], hours[-2:]
    return timezone(sign * timedelta(hours=int(hours), minutes=int(minutes or 0)))


@cache
def _jalali_months() -> dict[str, int]:
    return {plain(word): int(number) for number, words in dictionary("jalali_months").items() for word in words}


@cache
def _months() -> dict[str, int]:
    return {plain(word): int(number) for number, words in dictionary("months").items() for word in words}
