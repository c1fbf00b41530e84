"""A day and a time in words. Reading what is typed is in `when`, which takes longer to import."""

from __future__ import annotations

from datetime import date, datetime, time

from leaddesk.workflow.when_words import month_names, native_digits, raw_words, weekday_names

MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def clock_words(moment: datetime) -> str:
    """A time of day as a clock shows it: "09:05". Python's own formatting takes five times as long."""
    return f"{moment.hour:02}:{moment.minute:02}"


def say_when(local: datetime, now_local: datetime, *, exact: bool | None = None, language: str = "en") -> str:
    """The time in words: "today 14:30", "tomorrow 11:00", "Thu 27 Nov 11:00", "1 Sep 2027".

    Without `exact` the time of day is said unless it is midnight, which stands for the whole day.
    """
    days = (local.date() - now_local.date()).days
    with_time = local.time() != time() if exact is None else exact
    said = native_digits(f" {clock_words(local)}", language) if with_time else ""
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days)
    if near:
        return str(raw_words(language)["say"][near]) + said
    return _say_date(local.date(), "this_year" if local.year == now_local.year else "year", language) + said


def say_day(day: date, language: str = "en") -> str:
    """A day in full: "1 Sep 2027", "1 сент. 2027 г.", "2027. szept. 1."."""
    return _say_date(day, "year", language)


def say_short_day(day: date, language: str = "en") -> str:
    """A day whose year goes without saying: "1 Sep", "szept. 1."."""
    return _say_date(day, "day", language)


def _say_date(day: date, form: str, language: str) -> str:
    raw = raw_words(language)
    english = raw is raw_words("en")  # lists say thousands of them
    months = MONTH_NAMES if english else month_names(language, raw["month_names"])
    weekdays = DAY_NAMES if english else weekday_names(language, raw["weekday_names"])
    said = raw["say"][form].format(
        day=day.day, month=months[day.month - 1], year=day.year, weekday=weekdays[day.weekday()]
    )
    return native_digits(said, language)
