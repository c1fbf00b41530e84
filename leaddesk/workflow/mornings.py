"""The day a parked lead comes back, as a moment: the morning of that day by the lead's own clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from leaddesk.workflow.calling_hours import hours_for, opening, parse_zone_key
from leaddesk.workflow.settings import hours_in
from leaddesk.workflow.vocabulary import PARKED_STATUSES
from leaddesk.workflow.zones import country_zones, zone_info

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from leaddesk.workflow.entities import Lead
    from leaddesk.workflow.settings import Settings

NINE = timedelta(hours=9)
"""After midnight: the morning of those of whom it is not known when they may be called."""
NOWHERE = "|"
"""The zone key of somebody of whom nothing is known."""


def morning_of(day: date, zone_key: str, settings: Settings) -> datetime:
    """The moment that day opens for the lead: its first calling minute, by its own clock.

    A day that is closed, such as a Sunday, means the next that is open. Where no zone is known the floor's own country
    stands in (`phones.region`), else UTC, and nine o'clock.
    """
    country, zones = parse_zone_key(zone_key)
    hours = hours_for(country, hours_in(settings))
    if not zones:
        steps = (day + timedelta(days=n) for n in range(7))
        opens = next((one for one in steps if hours.weekly[one.weekday()] is not None), day)
        return _midnight(opens, clock_of(zone_key, settings)) + NINE
    midnight = _midnight(day, zone_info(zones[0]))
    is_open, opens_at = opening(zones, hours, midnight)
    return midnight if is_open else opens_at or midnight + NINE


def own_morning(moment: datetime, zone_key: str, settings: Settings) -> datetime:
    """`moment`, but a bare date means the morning of that day: midnight by the lead's own clock, or by UTC.

    Programs and files that know no time of day write midnight; nobody wants to be called then.
    """
    for zone in (clock_of(zone_key, settings), UTC):
        local = moment.astimezone(zone)
        if local.time() == time():
            return morning_of(local.date(), zone_key, settings)
    return moment


def each_morning(moment: datetime, zone_key: str, settings: Settings) -> datetime:
    """One day said for many leads: the morning of whom nothing is known stands for the day, and each has its own."""
    day = moment.astimezone(clock_of(NOWHERE, settings)).date()
    if moment == morning_of(day, NOWHERE, settings):
        return morning_of(day, zone_key, settings)
    return own_morning(moment, zone_key, settings)


def moved_along(lead: Lead, zone_key: str, settings: Settings) -> datetime | None:
    """When a parked lead comes back, now that its zone turns out to be `zone_key` (`lead` still has the old one).

    People choose a day, or an hour of a day, by the lead's clock; that is kept, and the moment follows. A moment that
    was chosen by our own clock, when the lead's was not known, stays.
    """
    if lead.return_at is None or lead.status not in PARKED_STATUSES or lead.zone_key == zone_key:
        return lead.return_at
    local = lead.return_at.astimezone(clock_of(lead.zone_key, settings))
    if lead.return_at == morning_of(local.date(), lead.zone_key, settings):
        return morning_of(local.date(), zone_key, settings)
    if not parse_zone_key(lead.zone_key)[1] or not parse_zone_key(zone_key)[1]:
        return lead.return_at
    return local.replace(tzinfo=clock_of(zone_key, settings)).astimezone(UTC)


def clock_of(zone_key: str, settings: Settings) -> ZoneInfo:
    """The clock a lead's days are told by: the first of its zones, the floor's country's, or UTC."""
    _country, zones = parse_zone_key(zone_key)
    floor = country_zones(settings.text("phones.region"))
    return zone_info((*zones, *floor, "UTC")[0])


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
