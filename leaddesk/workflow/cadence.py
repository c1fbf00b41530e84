"""When to try again somebody who did not answer.

The rules: not more often a day and in all than the settings say, no number more often than its own cap,
never outside calling hours, and each time in another part of the lead's own day, because a person who is
out in the morning is out in the morning.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from leaddesk.workflow.calling_hours import Hours, opening, part_of_day
from leaddesk.workflow.vocabulary import Channel, PartOfDay
from leaddesk.workflow.zones import zone_info

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaddesk.workflow.entities import Call, ContactPoint
    from leaddesk.workflow.settings import Settings

PART_STARTS = {PartOfDay.MORNING: time(0), PartOfDay.AFTERNOON: time(12), PartOfDay.EVENING: time(17)}
DAYS_AHEAD = 21
"""Farther than any two closed days in a row; past this there are no calling hours at all."""


@dataclass(frozen=True, slots=True)
class Retry:
    """When to try again. `at` None: the attempts are used up (`exhausted`), or no hours fit."""

    at: datetime | None
    attempt: int
    of: int
    exhausted: bool
    why: str


@dataclass(frozen=True, slots=True)
class Failures:
    """How many unanswered calls fell on each day of the lead's own, on each of its numbers that day, on each part."""

    days: Counter[date]
    numbers: Counter[tuple[date, str]]
    parts: Counter[PartOfDay]


@dataclass(frozen=True, slots=True)
class Tried:
    """The unanswered calls since the last talk, newest included. `zones` are the lead's candidate zones."""

    calls: Sequence[Call]
    zones: tuple[str, ...]

    @property
    def clock(self) -> tzinfo:
        """The lead's own clock, as near as we know it."""
        return zone_info(self.zones[0]) if self.zones else UTC

    def local(self, moment: datetime) -> datetime:
        """A moment by the lead's own clock."""
        return moment.astimezone(self.clock)

    def on(self, day: date, phone: str | None = None) -> int:
        """How many fell on a day of the lead's own, on one number or on all."""
        return sum(self.local(c.started_at).date() == day and phone in (None, c.phone) for c in self.calls)

    def told(self) -> Failures:
        """When the calls were, by the lead's own clock."""
        zone = self.clock
        moments = [(call.started_at.astimezone(zone), call.phone) for call in self.calls]
        return Failures(
            Counter(local.date() for local, _ in moments),
            Counter((local.date(), phone) for local, phone in moments),
            Counter(PartOfDay(part_of_day(local)) for local, _ in moments),
        )


def plan_retry(
    tried: Tried, phones: Sequence[str], hours: Hours, now: datetime, settings: Settings, *, busy: bool
) -> Retry:
    """The next attempt after the ones made; `phones` are the keys that may be dialled."""
    attempts, most = len(tried.calls), settings.number("cadence.in_all")
    if attempts >= most:
        return Retry(None, attempts, most, True, f"no answer after {attempts} attempts")
    wait = settings.number("cadence.busy_minutes" if busy else "cadence.minutes")
    earliest = now + timedelta(minutes=wait)
    failed = tried.told()
    at = _first_fit(tried, failed, phones, hours, earliest, settings, any_part=busy)
    return Retry(at, attempts + 1, most, False, _words(tried, failed, at, busy=busy))


def _first_fit(
    tried: Tried,
    failed: Failures,
    phones: Sequence[str],
    hours: Hours,
    earliest: datetime,
    settings: Settings,
    *,
    any_part: bool,
) -> datetime | None:
    fewest = min((failed.parts[part] for part in PartOfDay), default=0)
    first_day = tried.local(earliest).date()
    for day in (first_day + timedelta(days=n) for n in range(DAYS_AHEAD)):
        if not _may_on(failed, phones, day, settings):
            continue
        for part in PartOfDay:
            if not any_part and failed.parts[part] > fewest:
                continue
            at = _open_in(tried, hours, day, part, earliest)
            if at is not None:
                return at
    if any_part:
        return None
    return _first_fit(tried, failed, phones, hours, earliest, settings, any_part=True)


def _may_on(failed: Failures, phones: Sequence[str], day: date, settings: Settings) -> bool:
    if failed.days[day] >= settings.number("cadence.per_day"):
        return False
    per_phone = settings.number("cadence.per_phone_day")
    return not phones or any(failed.numbers[day, phone] < per_phone for phone in phones)


def _open_in(tried: Tried, hours: Hours, day: date, part: PartOfDay, earliest: datetime) -> datetime | None:
    """The first instant of that part of that day of the lead's own that is open and not before `earliest`."""
    start = max(datetime.combine(day, PART_STARTS[part], tried.clock).astimezone(UTC), earliest)
    local = tried.local(start)
    if local.date() != day or part_of_day(local) != part:
        return None
    if not tried.zones:
        return start if local.hour >= 9 else start.replace(hour=9, minute=0, second=0, microsecond=0)
    is_open, opens = opening(tried.zones, hours, start)
    if is_open or opens is None:
        return start if is_open else None
    local = tried.local(opens)
    return opens if local.date() == day and part_of_day(local) == part else None


def _words(tried: Tried, failed: Failures, at: datetime | None, *, busy: bool) -> str:
    if at is None:
        return "no calling hours fit"
    if busy:
        return "busy, so soon again"
    part = PartOfDay(part_of_day(tried.local(at)))
    names = [f"{p}s" for p in PartOfDay if failed.parts[p] and p is not part]
    return f"{' and '.join(names)} failed, so {part}" if names else f"in the {part}"


def next_number(points: Sequence[ContactPoint], tried: Tried, barred: frozenset[str], day: date) -> ContactPoint | None:
    """The number to dial next: usable, least tried today, then least tried at all, then as ordered on the card."""
    numbers = [p for p in points if p.channel is Channel.PHONE and p.usable and p.key not in barred]
    return min(
        numbers,
        key=lambda p: (tried.on(day, p.key or p.value), p.attempts if tried.calls else 0, not p.preferred, p.position),
        default=None,
    )
