"""Times as operators type them ("tomorrow 14:30", "через 3 месяца") and as they are said back."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from leaddesk.workflow.errors import Refused

MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_EXAMPLES = {
    "en": "“14:30”, “tomorrow 14:30”, “mon 10:00”, “in 2 h”, “in 3 months”, “1 Sep” or “2027-09-01”",
    "ru": "«14:30», «завтра 14:30», «пн 10:00», «через 2 ч», «через 3 месяца», «1 сен» или «01.09.2027»",
}
_MONTHS = {
    **{name.lower(): number for number, name in enumerate(MONTH_NAMES, 1)},
    **{
        name: number
        for number, name in enumerate(
            ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"], 1
        )
    },
    "мая": 5,
}
_MONTH_WORD = re.compile(
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|янв(?:ар[ья])?|фев(?:рал[ья])?|март?а?|апр(?:ел[ья])?|ма[йя]|июн[ья]?|июл[ья]?"
    r"|авг(?:уста?)?|сент?(?:ябр[ья])?|окт(?:ябр[ья])?|ноя(?:бр[ья])?|дек(?:абр[ья])?)"
)
_WEEKDAY_WORDS = (
    "mon monday пн понедельник", "tue tues tuesday вт вторник", "wed weds wednesday ср среда среду",
    "thu thur thurs thursday чт четверг", "fri friday пт пятница пятницу", "sat saturday сб суббота субботу",
    "sun sunday вс воскресенье",
)  # fmt: skip
_WEEKDAYS = {word: day for day, words in enumerate(_WEEKDAY_WORDS) for word in words.split()}
_NAMED_DAYS = {
    "today": 0, "сегодня": 0, "tomorrow": 1, "tmr": 1, "завтра": 1, "day after tomorrow": 2, "послезавтра": 2,
    "yesterday": -1, "вчера": -1,
}  # fmt: skip
_UNIT_WORDS = {
    "minutes": "m min mins minute minutes м мин минута минуту минуты минут",
    "hours": "h hr hrs hour hours ч час часа часов",
    "days": "d day days д день дня дней",
    "weeks": "w wk week weeks н нед неделя неделю недели недель",
    "months": "mo mon month months мес месяц месяца месяцев",
    "years": "y yr year years г год года лет",
}
_UNITS = {word: unit for unit, words in _UNIT_WORDS.items() for word in words.split()}

_TIME = re.compile(
    r"(?:\b(?:at|в|о)\s+)?(?<![\d.:-])(?:(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?\s*(?P<half>[ap]\.?m\.?)?(?![\d:])"
    r"|(?P<only>\d{1,2})\s*(?P<only_half>[ap]\.?m\.?)(?!\w))"
)
_BARE_HOUR = re.compile(r"^(?P<day>.*?)(?:\s+(?:at|в)\s+|^(?:at|в)\s+|\s+)(?P<hour>\d{1,2})(?:\s*(?:h|ч))?$")
_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}(?::?\d{2}){0,2}(?:[.,]\d+)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?", re.IGNORECASE
)
_AHEAD = re.compile(r"(?:\+|in\s+|через\s+)\s*(?P<count>\d{1,6}|an?|half\s+an|пол)?\s*(?P<unit>[a-zа-я]+)\.?")


@dataclass(frozen=True)
class Moment:
    """A local time, in the zone of the `now` it was read against. Not `exact`: only the day was meant, time is 00:00."""

    local: datetime
    exact: bool


def parse_moment(text: str, now_local: datetime, *, language: str = "en") -> Moment:
    """Read a time typed in English or Russian. `language` chooses the examples when it is refused.

    A time without a day that has passed is tomorrow's; a day without a year that has passed is next year's; a weekday is
    the next one. A time that a change of clocks skips is moved on by the gap. Raises Refused with examples.
    """
    typed = " ".join(text.lower().replace(",", " ").replace("ё", "е").split())
    try:
        moment = _iso(text.strip(), now_local) or _ahead(typed, now_local) or _day_and_time(typed, now_local, language)
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        examples = _EXAMPLES.get(language, _EXAMPLES["en"])
        if language == "ru":
            raise Refused(f"Время «{text.strip()}» не понято. Напишите, например, {examples}.")
        raise Refused(f"“{text.strip()}” is not understood as a time. Write it like {examples}.")
    return moment


def say_when(local: datetime, now_local: datetime, *, exact: bool | None = None) -> str:
    """The time in words: "today 14:30", "tomorrow 11:00", "Thu 27 Nov 11:00", "1 Sep 2027".

    Without `exact` the time of day is said unless it is midnight, which stands for the whole day.
    """
    days = (local.date() - now_local.date()).days
    with_time = local.time() != time() if exact is None else exact
    said = f" {local:%H:%M}" if with_time else ""
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days)
    if near:
        return near + said
    day = f"{local.day} {MONTH_NAMES[local.month - 1]}"
    if local.year == now_local.year:
        return f"{DAY_NAMES[local.weekday()]} {day}{said}"
    return f"{day} {local.year}{said}"


def add_months(day: date, months: int) -> date:
    """The same day some months on; the month's last day where that month is shorter. Raises ValueError past year 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _iso(text: str, now: datetime) -> Moment | None:
    if not _ISO.fullmatch(text):
        return None
    read = datetime.fromisoformat(text.upper())
    if read.tzinfo is not None and now.tzinfo is not None:
        read = read.astimezone(now.tzinfo)
    elif read.tzinfo is None:
        read = _at(read.date(), read.time(), now)
    return Moment(read, len(text) > len("2027-09-01"))


def _ahead(typed: str, now: datetime) -> Moment | None:
    """Read "in 2 h", "+3d", "через неделю": minutes and hours give a time, longer units a day."""
    if typed in {"half an hour", "через полчаса", "полчаса"}:
        typed = "+30m"
    timed = _TIME.search(typed)
    rest = _without(typed, timed) if timed else typed
    found = _AHEAD.fullmatch(rest)
    unit = _UNITS.get(found["unit"]) if found else None
    if found is None or unit is None:
        return None
    if (found["count"] or "").startswith(("half", "пол")):
        return _ahead("+30m", now) if unit == "hours" else None
    count = int(found["count"]) if (found["count"] or "").isdecimal() else 1
    if unit in {"minutes", "hours"}:
        if timed:
            return None
        return Moment(_later(now, timedelta(**{unit: count})).replace(second=0, microsecond=0), exact=True)
    day = now.date()
    if unit in {"days", "weeks"}:
        day += timedelta(**{unit: count})
    else:
        day = add_months(day, count * (12 if unit == "years" else 1))
    clock = _time_of(timed) if timed else None
    return Moment(_at(day, clock or time(), now), clock is not None)


def _day_and_time(typed: str, now: datetime, language: str) -> Moment | None:
    timed = _TIME.search(typed)
    rest = _without(typed, timed) if timed else typed
    clock = _time_of(timed) if timed else None
    if clock is not None and not rest:
        later = _at(now.date(), clock, now)
        return Moment(later if later > now else _at(now.date() + timedelta(days=1), clock, now), exact=True)
    day = _day(rest, clock, now, language)
    if day is None and clock is None:
        hour = _BARE_HOUR.fullmatch(rest)
        if hour:
            clock = time(int(hour["hour"]))
            if not hour["day"]:
                return _day_and_time(f"{clock:%H:%M}", now, language)
            day = _day(hour["day"], clock, now, language)
    return None if day is None else Moment(_at(day, clock or time(), now), clock is not None)


def _day(text: str, clock: time | None, now: datetime, language: str) -> date | None:
    words = re.sub(r"^(?:on|at|в|во|до|till|until)\s+", "", text)
    today = now.date()
    if words in _NAMED_DAYS:
        return today + timedelta(days=_NAMED_DAYS[words])
    if words in {"next week", "на следующей неделе", "следующая неделя", "на след. неделе", "след. неделя"}:
        return today + timedelta(days=7 - today.weekday())
    if words in {"next month", "в следующем месяце", "следующий месяц", "следующем месяце"}:
        return add_months(today, 1)
    if words in {"next year", "в следующем году", "следующий год", "следующем году"}:
        return add_months(today, 12)
    weekday = _WEEKDAYS.get(re.sub(r"^(?:next|следующ\w+|след\.)\s+", "", words).rstrip("."))
    if weekday is not None:
        days = (weekday - today.weekday()) % 7
        if days == 0 and (clock is None or words.startswith(("next", "след")) or _at(today, clock, now) <= now):
            days = 7
        return today + timedelta(days=days)
    first, _, after = words.partition(" ")
    return _calendar_day(after if after and first.rstrip(".") in _WEEKDAYS else words, today, language)


def _calendar_day(words: str, today: date, language: str) -> date | None:
    slashed = re.fullmatch(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?", words)
    if slashed:
        one, other = int(slashed[1]), int(slashed[2])
        if one <= 12 and other <= 12 and one != other:
            raise Refused(
                f"«{words}» может значить два разных дня. Напишите, например, «1 сен» или «01.09.2027»."
                if language == "ru"
                else f"“{words}” may be either of two days. Write it like “1 Sep” or “2027-09-01”."
            )
        return _in_year(min(one, other) if one > 12 else one, max(one, other), slashed[3], today)
    dotted = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.?(?:(\d{4}|\d{2})\.?)?(?:\s*г\.?)?", words)
    if dotted:
        return _in_year(int(dotted[2]), int(dotted[1]), dotted[3], today)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", words):
        return date.fromisoformat(words)
    for pattern in (
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|-?го)?\.?\s*(?:of\s+)?(?P<month>{_MONTH_WORD.pattern})\.?",
        rf"(?P<month>{_MONTH_WORD.pattern})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?",
    ):
        named = re.fullmatch(pattern + r"(?:\s+(?P<year>\d{4}))?(?:\s*г\.?)?", words)
        if named:
            return _in_year(_MONTHS[named["month"][:3]], int(named["day"]), named["year"], today)
    return None


def _in_year(month: int, day: int, year: str | None, today: date) -> date:
    """The day in the year written, two digits meaning this century; else its next coming. Raises ValueError if none."""
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    candidates = range(today.year, today.year + 9)  # 29 February may be eight years away
    for candidate in candidates:
        if day <= monthrange(candidate, month)[1] and date(candidate, month, day) >= today:
            return date(candidate, month, day)
    raise ValueError(f"no day {day} in month {month}")


def _time_of(found: re.Match[str]) -> time:
    hour, minute = int(found["hour"] or found["only"]), int(found["minute"] or 0)
    half = found["half"] or found["only_half"]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("twelve hours to each half of the day")
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return time(hour, minute)


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()].strip()} {text[found.end() :].strip()}".strip()


def _at(day: date, clock: time, now: datetime) -> datetime:
    """The wall-clock time in the zone of `now`, moved on where a change of clocks skips it."""
    local = datetime.combine(day, clock, now.tzinfo)
    return local if now.tzinfo is None else local.astimezone(UTC).astimezone(now.tzinfo)


def _later(now: datetime, span: timedelta) -> datetime:
    """Time that passes, whatever the clocks do meanwhile."""
    return now + span if now.tzinfo is None else (now.astimezone(UTC) + span).astimezone(now.tzinfo)
