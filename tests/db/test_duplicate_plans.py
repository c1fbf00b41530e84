"""Who looks alike, and which pairs still hold, is answered by index whatever the size of the file."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text

from leaddesk.db.store import DbStore
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.duplicate_search import search_duplicates
from leaddesk.workflow.duplicates import FoundPairs, Lookalikes
from leaddesk.workflow.vocabulary import Channel
from tests.workflow.making import KYIV, KYIV_TOO, add

WHOLE = re.compile(r"SCAN (lead|contact_point|not_same|app_user|client)\b|Seq Scan on (lead|contact_point|not_same)\b")
"""A scan of a table that grows with the file."""

QUESTION = Lookalikes(((Channel.PHONE, KYIV),), "Olena Hrytsemko", "Klochkivska Trade", "Kharkiv", but_lead=2)


@contextmanager
def asked(store: DbStore) -> Iterator[list[tuple[str, Any]]]:
    """The statements a question sends, with their parameters."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.lstrip().startswith("SELECT"):
            found.append((statement, parameters))

    event.listen(store.reader, "before_cursor_execute", note)
    yield found
    event.remove(store.reader, "before_cursor_execute", note)


@pytest.fixture
def floor(desk: Desk) -> Desk:
    """Two leads that may be one person."""
    for number in (KYIV, KYIV_TOO):
        add(desk, number, "o@klochkivska.example", name="Olena Hrytsenko", company="Klochkivska Trade", city="Kharkiv")
    search_duplicates(desk, lambda _done, _total: None)
    return desk


@pytest.mark.parametrize("question", [QUESTION, FoundPairs()], ids=["lookalikes", "found pairs"])
def test_it_reads_by_index_alone(floor: Desk, store: DbStore, question: Any) -> None:
    with asked(store) as statements:
        assert floor.read(question)
    assert len(statements) > 2
    with store.reader.connect() as connection:
        if not store.is_sqlite:
            # A handful of rows is read whole for good reason; the plan of a million is wanted.
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN" if store.is_sqlite else "EXPLAIN"
        plans = {
            (str(line[-1]), statement)
            for statement, parameters in statements
            for line in connection.exec_driver_sql(f"{explain} {statement}", parameters)
        }
    assert not [plan for plan in plans if WHOLE.search(plan[0])]
    if isinstance(question, Lookalikes):
        assert any("ix_lead_name_key" in plan for plan, _ in plans)
        assert any("ix_lead_company" in plan for plan, _ in plans)
