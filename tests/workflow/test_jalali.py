from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaddesk.workflow.jalali import days_in_month, from_jalali, jalali_year


@pytest.mark.parametrize(
    ("iranian", "ours"),
    [
        ((1357, 11, 22), date(1979, 2, 11)),
        ((1375, 12, 30), date(1997, 3, 20)),
        ((1399, 12, 30), date(2021, 3, 20)),
        ((1403, 12, 30), date(2025, 3, 20)),
        ((1404, 1, 1), date(2025, 3, 21)),
        ((1405, 1, 1), date(2026, 3, 21)),
        ((1406, 6, 10), date(2027, 9, 1)),
        ((1408, 12, 30), date(2030, 3, 20)),
    ],
)
def test_known_days(iranian: tuple[int, int, int], ours: date) -> None:
    assert from_jalali(*iranian) == ours
    assert jalali_year(ours) == iranian[0]


@pytest.mark.parametrize(
    "wrong", [(1404, 12, 30), (1404, 13, 1), (1404, 7, 31), (1404, 1, 0), (1100, 1, 1), (1700, 1, 1)]
)
def test_days_there_are_none_of_are_refused(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no day"):
        from_jalali(*wrong)


@given(st.integers(1178, 1630), st.integers(1, 12))
def test_the_last_of_a_month_is_followed_by_the_first_of_the_next(year: int, month: int) -> None:
    last = from_jalali(year, month, days_in_month(year, month))
    following = from_jalali(year + month // 12, month % 12 + 1, 1)
    assert last + timedelta(days=1) == following
    assert jalali_year(last) == year
