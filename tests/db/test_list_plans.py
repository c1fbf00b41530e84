"""What lists and the search read of a large file: never the table of leads from end to end, and no row by row from an index."""

import re
from typing import Any

import pytest
from sqlalchemy import text

from leaddesk.db.store import DbStore
from leaddesk.ui.columns import LEADS
from leaddesk.workflow.cards import ClientIds, ClientRows, Filter, LeadIds, LeadRows, Search
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.vocabulary import Status, Temperature
from tests.db.test_duplicate_plans import asked
from tests.engines import START
from tests.workflow.making import KYIV, add

WHOLE = re.compile(r"SCAN (lead|other|client|contact_point|task|search_doc)\b(?! USING COVERING INDEX)")
"""A table read from end to end; a narrow index of it may be, for an order of all."""
LOOKED_UP = re.compile(r"SEARCH lead USING INDEX ix_lead_(status|source|batch|created|changed)\b")
"""The row of each lead an index finds, where one pass over the narrow one has it all."""
BY_SERVER = re.compile(r"Seq Scan on (contact_point|task|client|lead)\b")
SORTED = [column.sort for column in LEADS if column.sort]
CHIPS = {
    "all": Filter(),
    "status": Filter(statuses=(Status.NEW,)),
    "owner": Filter(owner_id=2),
    "pool": Filter(owner_id=0),
    "source": Filter(source_id=1),
    "readiness": Filter(temperatures=(Temperature.HOT,)),
    "came": Filter(created_from=START),
    "score": Filter(min_score=50),
    "one import": Filter(batch_id=1),
    "tag": Filter(tag="fair"),
    "incomplete": Filter(incomplete=True),
    "suspicious": Filter(suspicious=True),
    "rare and common": Filter(statuses=(Status.DISQUALIFIED,), temperatures=(Temperature.COLD,), source_id=1, tag="x"),
    "text": Filter(text="klochkivska"),
}


@pytest.fixture
def floor(desk: Desk) -> Desk:
    add(desk, KYIV, "olena@klochkivska.example", name="Olena Hrytsenko", company="Klochkivska")
    return desk


def plans(store: DbStore, desk: Desk, *questions: Any) -> list[tuple[str, str]]:
    with asked(store) as statements:
        for question in questions:
            desk.read(question)
    assert statements
    with store.reader.connect() as connection:
        if not store.is_sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN" if store.is_sqlite else "EXPLAIN"
        return [
            (str(line[-1]), statement)
            for statement, parameters in statements
            for line in connection.exec_driver_sql(f"{explain} {statement}", parameters)
        ]


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_no_list_reads_the_leads_themselves(floor: Desk, operator_desk: Desk, store: DbStore, chip: str) -> None:
    questions = [LeadIds(CHIPS[chip], sort, limit=limit) for sort in SORTED for limit in (0, 200)]
    for who in (floor, operator_desk):
        found = plans(store, who, *questions)
        assert [plan for plan in found if WHOLE.search(plan[0]) or LOOKED_UP.search(plan[0])] == []


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_an_operators_leads_are_a_stretch_of_an_index(operator_desk: Desk, store: DbStore) -> None:
    for wanted in (Filter(), Filter(owner_id=operator_desk.user.id), Filter(owner_id=0)):
        for limit in (0, 200):
            found = plans(store, operator_desk, LeadIds(wanted, limit=limit))
            assert any("SEARCH lead USING COVERING INDEX ix_lead_list (owner_id=?)" in plan for plan, _ in found)
            assert not any(plan.startswith("SCAN lead") for plan, _ in found)


@pytest.mark.parametrize(
    "question",
    [
        LeadRows((1, 2)), ClientRows((1, 2)), Search("klochk"), Search("057 705"), Search("olena@"), Search("ol"), Search("o"),
        Search("zzzz"), Search("12"), ClientIds(), ClientIds(sort="title"), ClientIds("klochk"),
    ],
    ids=str,
)  # fmt: skip
def test_blocks_of_rows_and_the_search_go_by_index(
    floor: Desk, operator_desk: Desk, store: DbStore, question: Any
) -> None:
    for who in (floor, operator_desk):
        found = plans(store, who, question)
        assert [plan for plan in found if WHOLE.search(plan[0]) or BY_SERVER.search(plan[0])] == []
        assert not [plan for plan, _ in found if "SEARCH lead USING COVERING INDEX ix_lead_list (owner_id" in plan]
