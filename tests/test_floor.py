"""Eight operators at one server, as in `benchmarks/floor_of_100.py`, but for some leads each."""

from datetime import timedelta
from typing import Any

import pytest

from benchmarks import floor_of_100 as floor
from leaddesk.db.store import DbStore
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.queue import TakeNext
from tests.db.commands import Do
from tests.engines import START
from tests.workflow.making import add

OPERATORS, LEADS_EACH, PROCESSES = 8, 6, 2


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_nobody_is_given_what_another_holds_and_nothing_is_lost(desk: Desk, store: DbStore, target: str) -> None:
    for number in range(OPERATORS * LEADS_EACH * 2):
        add(desk, f"+38067{4410000 + number}", name=f"Olena {number}")
    ahead = START - floor.datetime.now(floor.UTC)
    wish = floor.Wish(target, OPERATORS, ahead + timedelta(minutes=1), leads_each=LEADS_EACH)
    floor.prepare(wish, own_leads=2)
    store.close()
    found: dict[str, Any] = floor.run(wish, PROCESSES)
    assert found["problems"] == {}
    assert found["refused_words"] == {}
    assert found["by_action"]["next"]["count"] == OPERATORS * LEADS_EACH
    assert found["drawn_by_an_operator"]["least"] == LEADS_EACH
    assert found["server"]["deadlocks"] == 0


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_who_finds_another_drawing_draws_the_next_at_once(desk: Desk, operator_desk: Desk) -> None:
    first, second = (add(desk, f"+38067441000{n}", name=f"Olena {n}") for n in (1, 2))
    later = desk.clock.now() + timedelta(minutes=15)

    def draw_while_another_does(work: Any) -> int | None:
        assert work.take_lease(first.id, later)
        row = operator_desk.do(TakeNext()).value.row
        return row.lead_id if row else None

    assert desk.do(Do(draw_while_another_does)).value == second.id


def test_a_lead_held_twice_would_be_found() -> None:
    one = {1: [(7, 10.0, 20.0), (8, 20.0, 30.0)], 2: [(7, 20.0, 25.0), (8, 10.0, 19.0)]}
    assert floor.held_twice(one) == []
    assert floor.held_twice({**one, 3: [(8, 29.0, 40.0)]}) == ["lead 8 was held by floor0001 and floor0003 at a time"]
