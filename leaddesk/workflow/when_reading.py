"""A typed time taken apart: the words of one language (`when_words`), the numbers of all."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from leaddesk.workflow.jalali import FIRST_YEAR, LAST_YEAR, days_in_month, from_jalali, jalali_year

if TYPE_CHECKING:
    from leaddesk.workflow.when_words import Words

PART_HOURS = {"morning": 9, "noon": 12, "afternoon": 15, "evening": 18}
"""What a part of the day means where no hour is said."""

_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}(?::?\d{2}){0,2}(?:[.,]\d+)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?", re.IGNORECASE
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
_SPAN = {"days": 1, "weeks": 7, "months": 1, "years": 12}


@dataclass(frozen=True)
class Moment:
    """A local time, in the zone of the `now` it was read against. Not `exact`: only the day was meant, time is 00:00."""

    local: datetime
    exact: bool


class TwoDaysError(ValueError):
    """Which number is the month cannot be told."""


def add_months(day: date, months: int) -> date:
    """The same day some months on; the month's last day where that month is shorter. Raises ValueError past year 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def read_in(typed: str, known: Words, now: datetime) -> Moment | None:
    """Read `plain` text in one language; None if it is no time there. Raises TwoDaysError."""
    try:
        return _plainly(typed, known, now) or _with_part_of_day(typed, known, now)
    except TwoDaysError:
        raise
    except (ValueError, OverflowError):
        return None


def _plainly(typed: str, known: Words, now: datetime) -> Moment | None:
    """A time as clocks show it with a day or without; or a day, with a bare hour or without."""
    rest, clock = _clock(typed.split(), known)
    if clock is not None:
        return _resolve(rest, clock, known, now) if rest else _next_time(clock, now)
    return _resolve(typed, None, known, now) or _at_bare_hour(typed, "", known, now)


def _with_part_of_day(typed: str, known: Words, now: datetime) -> Moment | None:
    """Read "tomorrow morning", "2 pm", "в 7 вечера"."""
    for phrase, part in known.parts:
        before, found, after = f" {typed} ".partition(f" {phrase} ")
        if not found:
            continue
        before, after = before.strip(), after.strip()
        rest = f"{before} {after}".strip()
        if part in {"am", "pm"}:
            return _in_half_day(before.split(), after, part, known, now)
        without, clock = _clock(rest.split(), known)
        if clock is not None:
            clock = clock.replace(hour=_hour(clock.hour, part))
            return _resolve(without, clock, known, now) if without else _next_time(clock, now)
        usual = time(PART_HOURS[part])
        if not rest:
            return _next_time(usual, now)
        return _resolve(rest, usual, known, now) or _at_bare_hour(rest, part, known, now)
    return None


def _in_half_day(before: list[str], after: str, half: str, known: Words, now: datetime) -> Moment | None:
    """The twelve hours of English: the number stands right before."""
    if not before:
        return None
    said = _CLOCK.fullmatch(before[-1]) or re.fullmatch(r"(\d{1,2})()", before[-1])
    if said is None or not 1 <= int(said[1]) <= 12:
        return None
    clock = time(int(said[1]) % 12 + (12 if half == "pm" else 0), int(said[2] or 0))
    rest = " ".join([*_without_last(before[:-1], known.before_time), *after.split()])
    return _resolve(rest, clock, known, now) if rest else _next_time(clock, now)


def _clock(tokens: list[str], known: Words) -> tuple[str, time | None]:
    """What is left without the time, and the time. Raises ValueError for two of them, or hours that clocks do not have."""
    at = [number for number, token in enumerate(tokens) if ":" in token]
    if not at:
        return " ".join(tokens), None
    found = _CLOCK.fullmatch(tokens[at[0]])
    if len(at) > 1 or found is None:
        raise ValueError("no one time")
    after = tokens[at[0] + 1 :]
    if after and after[0] in known.hour_signs | known.oclock:
        after = after[1:]
    return " ".join([*_without_last(tokens[: at[0]], known.before_time), *after]), time(int(found[1]), int(found[2]))


def _at_bare_hour(typed: str, part: str, known: Words, now: datetime) -> Moment | None:
    """Read "1 Dec 10", "at 17", "holnap 10 órakor": an hour alone, of a part of the day where one was said."""
    tokens = typed.split()
    for number, token in enumerate(tokens):
        marked = number > 0 and tokens[number - 1] in known.before_time
        following = tokens[number + 1] if number + 1 < len(tokens) else ""
        named = following in known.oclock
        last = number == len(tokens) - 1 or (number == len(tokens) - 2 and following in known.hour_signs)
        if not (re.fullmatch(r"\d{1,2}", token) and (marked or named or last)):
            continue
        before = _without_last(tokens[:number], known.before_time)
        after = tokens[number + 1 + (named or following in known.hour_signs) :]
        clock, rest = time(_hour(int(token), part)), " ".join([*before, *after])
        if not rest:
            return _next_time(clock, now) if marked or named or part else None
        moment = _resolve(rest, clock, known, now)
        if moment is not None:
            return moment
    return None


def _hour(hour: int, part: str) -> int:
    """By 24 hours: five in the evening is 17."""
    later = part in {"afternoon", "evening"} or (part == "noon" and hour < 6)
    return hour + 12 if later and 1 <= hour < 12 else hour


def _next_time(clock: time, now: datetime) -> Moment:
    later = _at(now.date(), clock, now)
    return Moment(later if later > now else _at(now.date() + timedelta(days=1), clock, now), exact=True)


def _resolve(rest: str, clock: time | None, known: Words, now: datetime) -> Moment | None:
    """The day these words mean, at that time; or some minutes or hours from now."""
    span = known.phrases.get(rest) or _span(rest, known)
    if span and span != "week":
        count, unit = span.split()
        if unit in {"minutes", "hours"}:
            later = _later(now, timedelta(**{unit: int(count)})).replace(second=0, microsecond=0)
            return Moment(later, exact=True) if clock is None else None
    day = _spanned(span, known, now.date()) if span else _day(rest, clock, known, now)
    return None if day is None else Moment(_at(day, clock or time(), now), clock is not None)


def _spanned(span: str, known: Words, today: date) -> date:
    """`span` is "3 days", "2 months" or "week": the first day of the next one."""
    if span == "week":
        return today + timedelta(days=7 - (today.weekday() - known.first_weekday) % 7)
    count, unit = span.split()
    if unit in {"days", "weeks"}:
        return today + timedelta(days=int(count) * _SPAN[unit])
    return add_months(today, int(count) * _SPAN[unit])


def _span(text: str, known: Words) -> str:
    """Read "in 2 h", "+3d", "через неделю", "3 hónap múlva" into "2 hours"; "" if it is none.

    Days and longer units are also read without the word that says they are ahead, if they are counted.
    """
    text = _stripped(text, known.before_day, ())
    said = _stripped(text, ("+", *known.before_span), known.after_span)
    *counted, word = said.split() or [""]
    unit, count = known.units.get(word, ""), " ".join(counted)
    if not unit or (said == text and (not count or unit in {"minutes", "hours"})):
        return ""
    if count in known.half:
        return {"hours": "30 minutes", "years": "6 months"}.get(unit, "")
    if count.isdecimal() and len(count) <= 6:
        return f"{int(count)} {unit}"
    number = known.numbers.get(count) if count else 1
    return f"{number} {unit}" if number else ""


def _day(text: str, clock: time | None, known: Words, now: datetime) -> date | None:
    today = now.date()
    said = _stripped(text, known.before_day, known.after_day)
    if said in known.phrases:
        return _spanned(known.phrases[said], known, today)
    weekday = known.weekdays.get(_stripped(said, known.next, known.next))
    if weekday is not None:
        days = (weekday - today.weekday()) % 7
        if days == 0 and (clock is None or said not in known.weekdays or _at(today, clock, now) <= now):
            days = 7
        return today + timedelta(days=days)
    if clock is None:
        month = _month_alone(_stripped(text, (*known.before_month, *known.before_day), known.after_day), known, today)
        if month is not None:
            return month
    named = sorted((name for name in known.weekdays if f" {name} " in f" {said} "), key=len, reverse=True)
    return _calendar_day(_stripped(said, named, named), known, today)


def _month_alone(text: str, known: Words, today: date) -> date | None:
    """Read "in September", "сентябрь 2027": its first day."""
    name, _, year = " ".join(token for token in text.split() if token not in known.fillers).partition(" ")
    if year and not re.fullmatch(r"\d{4}", year):
        return None
    if name in known.months:
        return _in_year(known.months[name], 1, year, today)
    return _in_jalali_year(known.jalali_months[name], 1, year, today) if name in known.jalali_months else None


def _calendar_day(text: str, known: Words, today: date) -> date | None:
    tokens = [token for token in text.split() if token not in known.fillers]
    numbers = re.fullmatch(r"(\d{1,4})([./ -])(\d{1,2})(?:\2(\d{4}|\d{1,2}))?", " ".join(tokens))
    if numbers is not None:
        one, sign, other, last = numbers.groups()
        return _numbers(one, other, last or "", sign, known, today)
    named = [token for token in tokens if token in known.months or token in known.jalali_months]
    rest = [str(known.numbers.get(token, token)) for token in tokens if token not in named]
    if len(named) != 1 or not 1 <= len(rest) <= 2 or not all(token.isdecimal() for token in rest):
        return None
    day, year = rest[0], rest[1] if len(rest) == 2 else ""
    if len(day) == 4 and tokens[-1] == year:
        day, year = year, day
    if len(day) > 2 or (year and len(year) != 4):
        return None
    if named[0] in known.months:
        return _in_year(known.months[named[0]], int(day), year, today)
    return _in_jalali_year(known.jalali_months[named[0]], int(day), year, today)


def _numbers(one: str, other: str, last: str, sign: str, known: Words, today: date) -> date | None:
    """Read "2027-09-01", "01.09.2027", "1.9.27", "31/12/2027", "۱۴۰۶/۶/۱۰". Raises TwoDaysError."""
    if len(one) == 4 and len(last) in {1, 2}:
        return _in_year(int(other), int(last), one, today)
    if len(one) > 2 or len(last) == 1 or sign == "-" or (sign == " " and len(last) != 4):
        return None
    first, second = int(one), int(other)
    if sign == "/" or (known.month_first and not last):
        if first <= 12 and second <= 12 and first != second:
            raise TwoDaysError
        first, second = max(first, second), min(first, second)
    return _in_year(second, first, last, today)


def _in_year(month: int, day: int, year: str, today: date) -> date:
    """The day in the year written, two digits meaning this century; else its next coming. Raises ValueError if none."""
    if year:
        number = int(year) + (2000 if len(year) == 2 else 0)
        return from_jalali(number, month, day) if FIRST_YEAR <= number <= LAST_YEAR else date(number, month, day)
    candidates = range(today.year, today.year + 9)  # 29 February may be eight years away
    for candidate in candidates:
        if day <= monthrange(candidate, month)[1] and date(candidate, month, day) >= today:
            return date(candidate, month, day)
    raise ValueError(f"no day {day} in month {month}")


def _in_jalali_year(month: int, day: int, year: str, today: date) -> date:
    """The same by the Iranian calendar, whose years begin in March."""
    if year:
        return from_jalali(int(year), month, day)
    this_year = jalali_year(today)
    for candidate in range(this_year, this_year + 7):  # 30 Esfand may be five years away
        if day <= days_in_month(candidate, month) and from_jalali(candidate, month, day) >= today:
            return from_jalali(candidate, month, day)
    raise ValueError(f"no day {day} in Iranian month {month}")


def read_iso(text: str, now: datetime) -> Moment | None:
    """A day or an instant as machines write it. Raises ValueError where there is no such day."""
    if not _ISO.fullmatch(text) or FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        return None
    read = datetime.fromisoformat(text.upper())
    if read.tzinfo is not None and now.tzinfo is not None:
        read = read.astimezone(now.tzinfo)
    elif read.tzinfo is None:
        read = _at(read.date(), read.time(), now)
    return Moment(read, len(text) > len("2027-09-01"))


def _stripped(text: str, before: tuple[str, ...] | list[str], after: tuple[str, ...] | list[str]) -> str:
    """Without one of these words before and one of those after; what would leave nothing stays."""
    for word in sorted(before, key=len, reverse=True):
        if text.startswith(f"{word} "):
            text = text[len(word) + 1 :]
            break
    for word in sorted(after, key=len, reverse=True):
        if text.endswith(f" {word}"):
            return text[: -len(word) - 1]
    return text


def _without_last(tokens: list[str], these: frozenset[str]) -> list[str]:
    return tokens[:-1] if tokens and tokens[-1] in these else tokens


def _at(day: date, clock: time, now: datetime) -> datetime:
    """The wall-clock time in the zone of `now`, moved on where a change of clocks skips it."""
    local = datetime.combine(day, clock, now.tzinfo)
    return local if now.tzinfo is None else local.astimezone(UTC).astimezone(now.tzinfo)


def _later(now: datetime, span: timedelta) -> datetime:
    """Time that passes, whatever the clocks do meanwhile."""
    return now + span if now.tzinfo is None else (now.astimezone(UTC) + span).astimezone(now.tzinfo)
