"""When a person may be called: hours by country, judged by the clock on every wall he may have.

A call is allowed only while it is within hours in *all* candidate zones. Times are computed on stretches of constant
UTC offset, so that gaps and folds of daylight saving need no special case.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from leaddesk.workflow.errors import Refused
from leaddesk.workflow.when_saying import DAY_NAMES, MONTH_NAMES, clock_words
from leaddesk.workflow.zones import candidate_zones, zone_info

__all__ = [
    "DEFAULT_HOURS", "CallingState", "Hours", "HoursSettings", "OpenKeys", "calling_state", "candidate_zones", "hours_for",
    "open_zone_keys", "opening", "parse_hours", "parse_zone_key", "part_of_day", "say_hours", "zone_key",
]  # fmt: skip

DAY = 86_400
"""Seconds."""
DAYS_LOOKED_AHEAD = 14
MINUTES_OF_A_DAY = 1440

UNKNOWN_WORDS = "time zone unknown: ask where they are"


@dataclass(frozen=True)
class Hours:
    """Local calling hours, Monday first: minutes after midnight from and to (not included), None for a closed day."""

    weekly: tuple[tuple[int, int] | None, ...]


@dataclass(frozen=True)
class HoursSettings:
    """The floor's hours, and those of countries (ISO 3166 two letters) that differ."""

    default: Hours
    by_country: Mapping[str, Hours] = field(default_factory=dict)


@dataclass(frozen=True)
class CallingState:
    """Whether a call is allowed now. `opens_at` and `closes_at` are UTC; at most one of them is set.

    `local_times` has each candidate zone with its wall clock, earliest first.
    """

    open: bool
    known: bool
    local_times: tuple[tuple[str, datetime], ...]
    opens_at: datetime | None
    closes_at: datetime | None
    words: str


@dataclass(frozen=True)
class OpenKeys:
    """Zone keys that may be called now, and when each of the others may (None: never, or not known)."""

    open: frozenset[str]
    opens_at: Mapping[str, datetime | None]


def hours_of(days: Iterable[int], start: int, end: int) -> Hours:
    """The same hours, in minutes after midnight, on each of `days` (0 is Monday)."""
    chosen = set(days)
    return Hours(tuple((start, end) if day in chosen else None for day in range(7)))


DEFAULT_HOURS = hours_of(range(6), 8 * 60, 20 * 60)
"""Monday to Saturday, 8:00-20:00."""
DEFAULT_SETTINGS = HoursSettings(DEFAULT_HOURS)


def hours_for(country: str | None, settings: HoursSettings = DEFAULT_SETTINGS) -> Hours:
    """The hours kept for people in `country`, the default for those in none."""
    return settings.by_country.get((country or "").upper(), settings.default)


def parse_hours(text: str) -> Hours:
    """Read "Mon-Fri 09:00-18:00; Sat 10:00-14:00". Raises Refused naming the part that cannot be read."""
    week: list[tuple[int, int] | None] = [None] * 7
    for part in filter(None, (piece.strip() for piece in re.split(r"[;\n]", text))):
        found = re.fullmatch(r"(\w{3})(?:\s*[-–]\s*(\w{3}))?\s+(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})", part)
        names = [name.title() for name in found.groups()[:2] if name] if found else []
        if not found or any(name not in DAY_NAMES for name in names):
            raise Refused(
                f"“{part}” is not understood as calling hours. Write them like “Mon-Fri 09:00-18:00; Sat 10:00-14:00”."
            )
        first, last = DAY_NAMES.index(names[0]), DAY_NAMES.index(names[-1])
        start, end = int(found[3]) * 60 + int(found[4]), int(found[5]) * 60 + int(found[6])
        if not 0 <= start < end <= MINUTES_OF_A_DAY or int(found[4]) > 59 or int(found[6]) > 59:
            raise Refused(f"“{part}”: the hours must begin before they end, between 00:00 and 24:00 of one day.")
        for step in range((last - first) % 7 + 1):
            week[(first + step) % 7] = (start, end)
    return Hours(tuple(week))


def say_hours(hours: Hours) -> str:
    """The hours as `parse_hours` reads them."""
    parts: list[str] = []
    day = 0
    while day < 7:
        last = day
        while last < 6 and hours.weekly[last + 1] == hours.weekly[day]:
            last += 1
        span = hours.weekly[day]
        if span is not None:
            days = DAY_NAMES[day] if last == day else f"{DAY_NAMES[day]}-{DAY_NAMES[last]}"
            parts.append(f"{days} {_clock(span[0])}-{_clock(span[1])}")
        day = last + 1
    return "; ".join(parts)


def calling_state(zones: Iterable[str], hours: Hours, now_utc: datetime) -> CallingState:
    """May a person in any one of `zones` be called at `now_utc`, and if not, when?"""
    places = tuple(zones)
    if not places:
        return CallingState(False, False, (), None, None, UNKNOWN_WORDS)
    clocks = tuple(sorted(((zone, now_utc.astimezone(zone_info(zone))) for zone in places), key=_wall))
    here = _time_range(clocks)
    span = _span_at(places, hours, now_utc)
    if span is None:
        why = "their hours never overlap: ask where they are" if len(places) > 1 else "no calling hours"
        return CallingState(False, True, clocks, None, None, f"{here} there · {why}")
    start, end = (datetime.fromtimestamp(second, UTC) for second in span)
    if start <= now_utc and end - now_utc > timedelta(days=DAYS_LOOKED_AHEAD):
        return CallingState(True, True, clocks, None, None, f"{here} there · open at all hours")
    if start <= now_utc:
        latest = max((end.astimezone(zone_info(zone)) for zone in places), key=_naive)
        return CallingState(True, True, clocks, None, end, f"{here} there · open till {_end_clock(latest)}")
    place, first = min(((zone, start.astimezone(zone_info(zone))) for zone in places), key=_wall)
    day = _day_words(first, now_utc.astimezone(zone_info(place)))
    return CallingState(False, True, clocks, start, None, f"{here} there · opens {day}{clock_words(first)}")


def opening(zones: tuple[str, ...], hours: Hours, now_utc: datetime) -> tuple[bool, datetime | None]:
    """Whether a person in any one of `zones` may be called at `now_utc`, and if not, when: `calling_state` without words."""
    span = _span_at(zones, hours, now_utc) if zones else None
    if span is None:
        return False, None
    start = datetime.fromtimestamp(span[0], UTC)
    return (True, None) if start <= now_utc else (False, start)


def part_of_day(local: datetime) -> str:
    """Morning till noon, afternoon till five, evening after: for trying again in another part of the day."""
    if local.hour < 12:
        return "morning"
    return "afternoon" if local.hour < 17 else "evening"


def zone_key(country: str | None, zones: Iterable[str]) -> str:
    """What is stored with a lead to choose the callable ones by: "UA|Europe/Kyiv", "|" when nothing is known."""
    return f"{(country or '').upper()}|{','.join(sorted(set(zones)))}"


@lru_cache(maxsize=8192)
def parse_zone_key(key: str) -> tuple[str, tuple[str, ...]]:
    """Country ("" for none) and zones of a stored key."""
    country, _, zones = key.partition("|")
    return country, tuple(filter(None, zones.split(",")))


def open_zone_keys(all_keys: Iterable[str], settings: HoursSettings, now_utc: datetime) -> OpenKeys:
    """Which of the stored zone keys may be called now, and when the others may.

    Openings are kept per key and UTC day, so that asking again costs a lookup for each key.
    """
    open_now: set[str] = set()
    later: dict[str, datetime | None] = {}
    for key in all_keys:
        country, zones = parse_zone_key(key)
        span = _span_at(zones, hours_for(country, settings), now_utc) if zones else None
        if span is None:
            later[key] = None
        elif span[0] <= now_utc.timestamp():
            open_now.add(key)
        else:
            later[key] = datetime.fromtimestamp(span[0], UTC)
    return OpenKeys(frozenset(open_now), later)


def _span_at(zones: tuple[str, ...], hours: Hours, now_utc: datetime) -> tuple[int, int] | None:
    """The stretch open in all zones that is now or comes next (seconds since 1970), None if none comes in a fortnight."""
    now = now_utc.timestamp()
    openings, ends = _openings(zones, hours, int(now // DAY))
    index = bisect_right(ends, now)
    if index == len(openings) or openings[index][0] > now + DAYS_LOOKED_AHEAD * DAY:
        return None
    return openings[index]


@lru_cache(maxsize=16384)
def _openings(zones: tuple[str, ...], hours: Hours, day: int) -> tuple[tuple[tuple[int, int], ...], tuple[int, ...]]:
    """Stretches open in all zones around the UTC day, in order, and their ends for searching."""
    common = _windows(zones[0], hours, day)
    for zone in zones[1:]:
        common = _overlap(common, _windows(zone, hours, day))
    return common, tuple(end for _, end in common)


def _overlap(ours: tuple[tuple[int, int], ...], theirs: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    both: list[tuple[int, int]] = []
    one = other = 0
    while one < len(ours) and other < len(theirs):
        start, end = max(ours[one][0], theirs[other][0]), min(ours[one][1], theirs[other][1])
        if start < end:
            both.append((start, end))
        if ours[one][1] <= theirs[other][1]:
            one += 1
        else:
            other += 1
    return tuple(both)


@lru_cache(maxsize=8192)
def _windows(zone: str, hours: Hours, day: int) -> tuple[tuple[int, int], ...]:
    """The zone's open stretches from a day before the UTC day to a day past the search, touching ones joined."""
    spans: list[tuple[int, int]] = []
    for start, end, offset in _stretches(zone, (day - 1) * DAY, (day + DAYS_LOOKED_AHEAD + 2) * DAY):
        for local_day in range((start + offset) // DAY, (end - 1 + offset) // DAY + 1):
            span = hours.weekly[(local_day + 3) % 7]  # 1 January 1970 was a Thursday
            if span is None:
                continue
            midnight = local_day * DAY - offset
            opens, closes = max(start, midnight + span[0] * 60), min(end, midnight + span[1] * 60)
            if opens < closes:
                if spans and spans[-1][1] == opens:
                    opens = spans.pop()[0]
                spans.append((opens, closes))
    return tuple(spans)


def _stretches(zone: str, start: int, end: int) -> list[tuple[int, int, int]]:
    """Stretches of constant UTC offset between two instants: (from, to, offset), all in seconds."""
    place = zone_info(zone)
    found: list[tuple[int, int, int]] = []
    since, offset = start, _offset(place, start)
    for second in range(start, end, DAY):
        later = _offset(place, min(second + DAY, end))
        if later == offset:
            continue
        before, after = second, min(second + DAY, end)
        while after - before > 1:
            middle = (before + after) // 2
            before, after = (middle, after) if _offset(place, middle) == offset else (before, middle)
        found.append((since, after, offset))
        since, offset = after, later
    found.append((since, end, offset))
    return found


def _offset(place: ZoneInfo, second: int) -> int:
    shift = datetime.fromtimestamp(second, place).utcoffset() or timedelta()
    return int(shift.total_seconds())


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None, fold=0)


def _wall(clock: tuple[str, datetime]) -> datetime:
    return _naive(clock[1])


def _time_range(clocks: tuple[tuple[str, datetime], ...]) -> str:
    earliest, latest = clock_words(clocks[0][1]), clock_words(clocks[-1][1])
    return earliest if earliest == latest else f"{earliest}–{latest}"


def _day_words(then: datetime, now: datetime) -> str:
    days = (then.date() - now.date()).days
    if days <= 0:
        return ""
    if days == 1:
        return "tomorrow "
    return f"{DAY_NAMES[then.weekday()]} " if days < 7 else f"{then.day} {MONTH_NAMES[then.month - 1]} "


def _end_clock(moment: datetime) -> str:
    return "24:00" if (moment.hour, moment.minute) == (0, 0) else clock_words(moment)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
