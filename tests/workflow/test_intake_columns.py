"""Rows come out of their journey as they went in."""

import copy

from hypothesis import given
from hypothesis import strategies as st

from leaddesk.workflow.intake_columns import by_columns, by_rows, joined, picked

CELL = st.none() | st.text(max_size=3) | st.tuples(st.booleans(), st.booleans()) | st.lists(st.text(max_size=2))


@given(st.integers(1, 5).flatmap(lambda width: st.lists(st.tuples(*[CELL] * width), max_size=6)))
def test_every_row_is_there_again(rows: list[tuple[object, ...]]) -> None:
    assert list(by_rows(copy.deepcopy(by_columns(rows)))) == rows


@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(st.tuples(*[CELL] * width), min_size=1, max_size=4), min_size=1, max_size=4)
    ),
    st.data(),
)
def test_some_rows_of_several_pieces_make_one(pieces: list[list[tuple[object, ...]]], data: st.DataObject) -> None:
    taken = [sorted(data.draw(st.sets(st.integers(0, len(piece) - 1), min_size=1))) for piece in pieces]
    some = [picked(by_columns(piece), at) for piece, at in zip(pieces, taken, strict=True)]
    wanted = [piece[i] for piece, at in zip(pieces, taken, strict=True) for i in at]
    assert list(by_rows(joined(some))) == wanted
    assert joined(some).rows == len(wanted)


def test_what_all_rows_say_travels_once_but_each_keeps_a_list_of_its_own() -> None:
    there = by_columns([("DE", [], n) for n in range(3)])
    assert there.values == ["DE", [[], [], []], [0, 1, 2]]
    first, second, _ = by_rows(there)
    first[1].append("odd")
    assert second == ("DE", [], 1)
