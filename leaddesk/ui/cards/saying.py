"""Moments and spans as the cards say them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from leaddesk.workflow.when import DAY_NAMES, MONTH_NAMES

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


def day_and_time(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Short, for the edge of a list: "10:12" today, "Fri 11:20" this week, "12 Nov", "3 Feb 2024"."""
    here, today = moment.astimezone(zone), now.astimezone(zone)
    days = (today.date() - here.date()).days
    if days == 0:
        return f"{here:%H:%M}"
    if 0 < days < 7:
        return f"{DAY_NAMES[here.weekday()]} {here:%H:%M}"
    return day_only(moment, now, zone)


def due_words(moment: datetime, now: datetime, zone: ZoneInfo, *, exact: bool) -> str:
    """When something is due: "today 14:30", "tomorrow", "27 Nov 11:00"."""
    here, today = moment.astimezone(zone), now.astimezone(zone)
    days = (here.date() - today.date()).days
    day = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days) or day_only(moment, now, zone)
    return f"{day} {here:%H:%M}" if exact or abs(days) <= 1 else day


def day_only(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A day: "12 Nov", with the year where it is another."""
    here, today = moment.astimezone(zone), now.astimezone(zone)
    year = f" {here.year}" if here.year != today.year else ""
    return f"{here.day} {MONTH_NAMES[here.month - 1]}{year}"


def ago(span: timedelta) -> str:
    """How long ago: "just now", "5 min ago", "2 days ago"."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 24 * 60:
        return f"{minutes // 60} h ago"
    days = minutes // 1440
    return "yesterday" if days == 1 else f"{days} days ago"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its word."""
    return f"{number} {one if number == 1 else many or one + 's'}"
