"""When to try again somebody who did not answer.

The rules: not more often a day and in all than the settings say, no number more often than its own cap,
never outside calling hours, and each time in another part of the lead's own day, because a person who is
out in the morning is out in the morning.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from leaddesk.workflow.calling_hours import Hours, calling_state, part_of_day
from leaddesk.workflow.vocabulary import Channel, PartOfDay

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
class Tried:
    """The unanswered calls since the last talk, newest included. `zones` are the lead's candidate zones."""

    calls: Sequence[Call]
    zones: tuple[str, ...]

    def local(self, moment: datetime) -> datetime:
        """The lead's own clock, as near as we know it."""
        return moment.astimezone(ZoneInfo(self.zones[0]) if self.zones else UTC)

    def on(self, day: date, phone: str | None = None) -> int:
        """How many fell on a day of the lead's own, on one number or on all."""
        return sum(self.local(c.started_at).date() == day and phone in (None, c.phone) for c in self.calls)

    def failed_parts(self) -> Counter[PartOfDay]:
        """How often each part of the day failed."""
        return Counter(PartOfDay(part_of_day(self.local(c.started_at))) for c in self.calls)


def plan_retry(
    tried: Tried, phones: Sequence[str], hours: Hours, now: datetime, settings: Settings, *, busy: bool
) -> Retry:
    """The next attempt after the ones made; `phones` are the keys that may be dialled."""
    attempts, most = len(tried.calls), settings.number("cadence.in_all")
    if attempts >= most:
        return Retry(None, attempts, most, True, f"no answer after {attempts} attempts")
    wait = settings.number("cadence.busy_minutes" if busy else "cadence.minutes")
    earliest = now + timedelta(minutes=wait)
    at = _first_fit(tried, phones, hours, earliest, settings, any_part=busy)
    return Retry(at, attempts + 1, most, False, _words(tried, at, busy=busy))


def _first_fit(
    tried: Tried, phones: Sequence[str], hours: Hours, earliest: datetime, settings: Settings, *, any_part: bool
) -> datetime | None:
    failed = tried.failed_parts()
    fewest = min((failed[part] for part in PartOfDay), default=0)
    first_day = tried.local(earliest).date()
    for day in (first_day + timedelta(days=n) for n in range(DAYS_AHEAD)):
        if not _may_on(tried, phones, day, settings):
            continue
        for part in PartOfDay:
            if not any_part and failed[part] > fewest:
                continue
            at = _open_in(tried, hours, day, part, earliest)
            if at is not None:
                return at
    if any_part:
        return None
    return _first_fit(tried, phones, hours, earliest, settings, any_part=True)


def _may_on(tried: Tried, phones: Sequence[str], day: date, settings: Settings) -> bool:
    if tried.on(day) >= settings.number("cadence.per_day"):
        return False
    per_phone = settings.number("cadence.per_phone_day")
    return not phones or any(tried.on(day, phone) < per_phone for phone in phones)


def _open_in(tried: Tried, hours: Hours, day: date, part: PartOfDay, earliest: datetime) -> datetime | None:
    """The first instant of that part of that day of the lead's own that is open and not before `earliest`."""
    zone = ZoneInfo(tried.zones[0]) if tried.zones else UTC
    start = max(datetime.combine(day, PART_STARTS[part], zone).astimezone(UTC), earliest)
    local = tried.local(start)
    if local.date() != day or part_of_day(local) != part:
        return None
    if not tried.zones:
        return start if local.hour >= 9 else start.replace(hour=9, minute=0, second=0, microsecond=0)
    state = calling_state(tried.zones, hours, start)
    if state.open:
        return start
    opens = state.opens_at
    if opens is None:
        return None
    local = tried.local(opens)
    return opens if local.date() == day and part_of_day(local) == part else None


def _words(tried: Tried, at: datetime | None, *, busy: bool) -> str:
    if at is None:
        return "no calling hours fit"
    if busy:
        return "busy, so soon again"
    failed = tried.failed_parts()
    part = PartOfDay(part_of_day(tried.local(at)))
    names = [f"{p}s" for p in PartOfDay if failed[p] and p is not part]
    return f"{' and '.join(names)} failed, so {part}" if names else f"in the {part}"


def next_number(points: Sequence[ContactPoint], tried: Tried, barred: frozenset[str], day: date) -> ContactPoint | None:
    """The number to dial next: usable, least tried today, then least tried at all, then as ordered on the card."""
    numbers = [p for p in points if p.channel is Channel.PHONE and p.usable and p.key not in barred]
    return min(
        numbers,
        key=lambda p: (tried.on(day, p.key or p.value), p.attempts if tried.calls else 0, not p.preferred, p.position),
        default=None,
    )
