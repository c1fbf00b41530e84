"""Times as operators type them ("tomorrow 14:30", "через 3 месяца") and as they are said back.

What is typed is read with the words of the screen's language (`resources/when`), else of English, else of the others
where they do not disagree.
"""

from __future__ import annotations

from datetime import date, datetime

from leaddesk.workflow.errors import Refused
from leaddesk.workflow.when_reading import Moment, TwoDaysError, add_months, read_in, read_iso
from leaddesk.workflow.when_saying import DAY_NAMES, MONTH_NAMES, clock_words, say_day, say_short_day, say_when
from leaddesk.workflow.when_words import LANGUAGES, counted_form, native_digits, plain, raw_words, words

__all__ = [
    "DAY_NAMES",
    "MONTH_NAMES",
    "Moment",
    "add_months",
    "clock_words",
    "parse_moment",
    "say_ahead",
    "say_day",
    "say_day_and_distance",
    "say_distance",
    "say_short_day",
    "say_when",
]


def parse_moment(text: str, now_local: datetime, *, language: str = "en") -> Moment:
    """Read a time typed in any language there are words of; `language`, the screen's, is tried first and refuses.

    A time without a day that has passed is tomorrow's; a day without a year that has passed is next year's; a weekday is
    the next one. A time that a change of clocks skips is moved on by the gap. Iranian months, and years from 1178 to
    1632, are of the Iranian calendar. Raises Refused with examples.
    """
    try:
        moment = read_iso(_latin_digits(text.strip()), now_local) or _in_any_language(plain(text), now_local, language)
    except TwoDaysError:
        raise Refused(raw_words(language)["two_days"].format(text=text.strip())) from None
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raw = raw_words(language)
        raise Refused(raw["refused"].format(text=text.strip(), examples=raw["examples"]))
    return moment


def say_day_and_distance(day: date, today: date, language: str = "en") -> str:
    """A day and how far off it is: "1 Sep 2027 (in 9 months)". The distance is rounded down; the past has none."""
    return say_day(day, language) + (f" ({say_distance(day, today, language)})" if day > today else "")


def say_distance(day: date, today: date, language: str = "en") -> str:
    """How far off a coming day is, in the largest whole unit: "in 9 months"."""
    days = (day - today).days
    months = (day.year - today.year) * 12 + day.month - today.month
    months -= add_months(today, months) > day
    if months >= 12 and (months % 12 == 0 or months > 24):
        return say_ahead(months // 12, "years", language)
    if months:
        return say_ahead(months, "months", language)
    return say_ahead(days // 7, "weeks", language) if days >= 14 else say_ahead(days, "days", language)


def say_ahead(count: int, unit: str, language: str = "en") -> str:
    """A span from now as it is typed: "in 3 months". `unit` is days, weeks, months or years."""
    form = counted_form(raw_words(language)["ahead"][unit], count, language)
    return native_digits(form.format(n=count), language)


def _in_any_language(typed: str, now: datetime, language: str) -> Moment | None:
    first = dict.fromkeys((language if language in LANGUAGES else "en", "en"))
    for name in first:
        moment = read_in(typed, words(name), now)
        if moment is not None:
            return moment
    others = {read_in(typed, words(name), now) for name in LANGUAGES if name not in first} - {None}
    return others.pop() if len(others) == 1 else None


def _latin_digits(text: str) -> str:
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)
