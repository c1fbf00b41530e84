"""Days of the Iranian calendar (“10 Shahrivar 1406”) as days of ours.

The year begins at the spring equinox of Tehran. Leap years follow the table of breaks in the 33-year cycle by
K. M. Borkowski, “The Persian calendar for 3000 years” (Earth, Moon, and Planets 74, 1996), which keeps to the equinox
from 1178 to 1633; that is every year a date on a card can have.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

FIRST_YEAR, LAST_YEAR = 1178, 1632
_BREAKS = (-61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210, 1635)


def from_jalali(year: int, month: int, day: int) -> date:
    """The day of our calendar. Raises ValueError where there is no such day, or the year is out of the table."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)):
        raise ValueError(f"no day {day} of month {month} in {year}")
    before = (month - 1) * 31 - max(0, month - 7)
    return _new_year(year) + timedelta(days=before + day - 1)


def days_in_month(year: int, month: int) -> int:
    """Six months of 31 days, five of 30, and the last of 29, or 30 in a leap year."""
    if month <= 6:
        return 31
    return 30 if month <= 11 or (_new_year(year + 1) - _new_year(year)).days == 366 else 29


def jalali_year(day: date) -> int:
    """The Iranian year a day falls in."""
    year = day.year - 621
    return year if day >= _new_year(year) else year - 1


def _new_year(year: int) -> date:
    """1 Farvardin, which is a day from 19 to 22 March."""
    leaps, start = -14, _BREAKS[0]
    for start, end in pairwise(_BREAKS):
        if year < end:
            break
        leaps += (end - start) // 33 * 8 + (end - start) % 33 // 4
    into = year - start
    leaps += into // 33 * 8 + (into % 33 + 3) // 4
    if (end - start) % 33 == 4 and end - into - start == 4:
        leaps += 1
    ours = year + 621
    our_leaps = ours // 4 - (ours // 100 + 1) * 3 // 4 - 150
    return date(ours, 3, 20 + leaps - our_leaps)
