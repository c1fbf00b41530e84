"""Rows come out of their journey as they went in."""

import copy

from hypothesis import given
from hypothesis import strategies as st

from leaddesk.workflow.intake_columns import by_columns, by_rows

CELL = st.none() | st.text(max_size=3) | st.tuples(st.booleans(), st.booleans()) | st.lists(st.text(max_size=2))


@given(st.integers(1, 5).flatmap(lambda width: st.lists(st.tuples(*[CELL] * width), max_size=6)))
def test_every_row_is_there_again(rows: list[tuple[object, ...]]) -> None:
    assert list(by_rows(copy.deepcopy(by_columns(rows)))) == rows


def test_what_all_rows_say_travels_once_but_each_keeps_a_list_of_its_own() -> None:
    there = by_columns([("DE", [], n) for n in range(3)])
    assert there.values == ["DE", [[], [], []], [0, 1, 2]]
    first, second, _ = by_rows(there)
    first[1].append("odd")
    assert second == ("DE", [], 1)
