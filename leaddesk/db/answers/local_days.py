"""Days of somebody's own clock in SQL, over any number of changes of that clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, case, literal

from leaddesk.db.mapping import from_ms, to_ms

if TYPE_CHECKING:
    from datetime import tzinfo
    from typing import Any

    from sqlalchemy import ColumnElement

DAY_MS = 86_400_000
_EPOCH = date(1970, 1, 1)


def day_number(column: ColumnElement[Any], zone: tzinfo, low: int, high: int) -> ColumnElement[int]:
    """The local day of stored instants, counted from 1970, exact for those from `low` to `high` (both stored)."""
    return (column + _offset_of(column, offsets(zone, low, high))) // literal(DAY_MS, BigInteger)


def _offset_of(column: ColumnElement[Any], spans: list[tuple[int, int]]) -> ColumnElement[int]:
    """By halving: ten years of changing clocks are asked in five comparisons for each row, not in twenty."""
    if len(spans) == 1:
        return literal(spans[0][1], BigInteger)
    middle = len(spans) // 2
    before = column < spans[middle - 1][0]
    return case((before, _offset_of(column, spans[:middle])), else_=_offset_of(column, spans[middle:]))


def offsets(zone: tzinfo, low: int, high: int) -> list[tuple[int, int]]:
    """The offsets from UTC in milliseconds, each with the instant it ends at; the last one has no real end.

    Looked at once a week: no clock is put forward and back within one.
    """
    spans = []
    at, offset = low, _offset(zone, low)
    while at < high:
        then = min(at + 7 * DAY_MS, high)
        other = _offset(zone, then)
        if other != offset:
            spans.append((_change(zone, at, then, offset), offset))
            offset = other
        at = then
    return [*spans, (high, offset)]


def _change(zone: tzinfo, before: int, after: int, offset: int) -> int:
    """The first instant that has another offset."""
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: tzinfo, stored: int) -> int:
    return (from_ms(stored).astimezone(zone).utcoffset() or timedelta()) // timedelta(milliseconds=1)


def as_date(number: int) -> date:
    """The day meant by its number."""
    return _EPOCH + timedelta(days=number)


def month_of(number: int) -> str:
    """The month of a day: "2026-03"."""
    return f"{as_date(number):%Y-%m}"


def start_of(day: date, zone: tzinfo) -> int:
    """The instant a day begins, as stored."""
    return to_ms(datetime.combine(day, time(0), zone))


def within(
    column: ColumnElement[Any], since: date | None, until: date | None, zone: tzinfo
) -> list[ColumnElement[bool]]:
    """From the first moment of `since` to the last of `until`."""
    here: list[ColumnElement[bool]] = []
    if since is not None:
        here.append(column >= start_of(since, zone))
    if until is not None:
        here.append(column < start_of(until + timedelta(days=1), zone))
    return here
