"""The table of who has what to do follows the tasks and their leads, whatever writes them, on both engines."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from leaddesk.db import due
from leaddesk.db.check import check
from leaddesk.db.places import FOR_A_DAY, PLANNED, PLANNED_CALL, POOL, PROMISED, TO_THE_MINUTE
from leaddesk.db.store import DbStore
from leaddesk.workflow.assignment import AssignLeads
from leaddesk.workflow.calls import LogCall
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Lead, Task
from leaddesk.workflow.merging import MergeCards
from leaddesk.workflow.queue import Queue
from leaddesk.workflow.tasks import AddTask, DoneTask
from leaddesk.workflow.undo import Redo, Undo
from leaddesk.workflow.vocabulary import TaskKind
from tests.db.commands import Do
from tests.engines import START
from tests.workflow.making import KYIV, add

LATER = START + timedelta(days=1)


def lines(store: DbStore) -> list[tuple[int, ...]]:
    """(owner, place, lead) of what is due, in the order of the tasks."""
    with store.reader.connect() as connection:
        assert due.drifted(connection) == 0
        return [tuple(row) for row in connection.execute(text("SELECT owner_id, place, lead_id FROM due ORDER BY id"))]


@pytest.mark.parametrize(
    ("kind", "promised", "exact", "place"),
    [
        ("call", True, True, TO_THE_MINUTE),
        ("call", True, False, FOR_A_DAY),
        ("call", False, False, PLANNED_CALL),
        ("call", False, True, PLANNED_CALL),
        ("offer", False, False, PLANNED),
        ("offer", True, True, PROMISED),
    ],
)
def test_each_task_stands_at_its_place(
    desk: Desk, store: DbStore, kind: str, promised: bool, exact: bool, place: int
) -> None:
    lead = add(desk, KYIV)
    task = Task(lead_id=lead.id, kind=TaskKind(kind), due_at=LATER, promised=promised, exact=exact)
    desk.do(Do(lambda work: work.add(task)))
    assert lines(store) == [(POOL, place, lead.id)]


def test_it_follows_calls_tasks_and_owners_there_and_back(desk: Desk, operator_desk: Desk, store: DbStore) -> None:
    lead = add(desk, KYIV)
    me = operator_desk.user.id
    desk.do(LogCall(lead_id=lead.id, outcome="callback", at=LATER))
    promised = lines(store)
    assert len(promised) == 1
    assert promised[0][1] in (TO_THE_MINUTE, FOR_A_DAY)
    desk.do(AddTask(lead_id=lead.id, kind=TaskKind.OFFER, due_at=LATER))
    desk.do(AssignLeads(lead_ids=(lead.id,), owner_id=me))
    assert [row[0] for row in lines(store)] == [me, me]
    desk.do(Undo())
    before = lines(store)
    assert len(before) == 2
    assert me not in {row[0] for row in before}
    desk.do(Redo())
    assert [row[0] for row in lines(store)] == [me, me]
    [offer] = desk.do(Do(lambda work: work.find(Task, kind=TaskKind.OFFER))).value
    desk.do(DoneTask(task_id=offer.id, idle=True))
    assert [row[1] for row in lines(store)] == [before[0][1]]
    desk.do(Undo())
    assert [row[1] for row in lines(store)] == [row[1] for row in before]


def test_it_follows_many_at_once_and_cards_that_are_merged(desk: Desk, store: DbStore) -> None:
    leads = desk.do(Do(lambda work: work.add_many([Lead(name=f"Name {n}") for n in range(30)]))).value
    desk.do(Do(lambda work: work.add_many([Task(lead_id=one.id, due_at=LATER) for one in leads])))
    desk.do(AssignLeads(lead_ids=tuple(one.id for one in leads), owner_id=desk.user.id))
    assert {row[0] for row in lines(store)} == {desk.user.id}
    desk.do(MergeCards(keep=leads[0].id, lose=leads[1].id))
    assert [row[2] for row in lines(store)][:2] == [leads[0].id, leads[0].id]
    desk.do(Undo())
    desk.do(Undo())
    assert {row[0] for row in lines(store)} == {POOL}
    assert [row[2] for row in lines(store)] == [one.id for one in leads]


def test_a_check_sees_that_it_drifted(desk: Desk, store: DbStore) -> None:
    lead = add(desk, KYIV)
    desk.do(AddTask(lead_id=lead.id, kind=TaskKind.OFFER, due_at=LATER))
    assert check(store) == []
    with store.writing() as connection:
        connection.execute(text("UPDATE due SET owner_id = 77"))
        connection.commit()
    assert check(store) == ["1 × due: not as it follows from the tasks and their leads."]


def test_a_check_sees_that_nothing_keeps_it(desk: Desk, store: DbStore) -> None:
    with store.writing() as connection:
        due.let_go(connection)
        connection.commit()
    names = due.triggers("sqlite" if store.is_sqlite else "postgresql")
    assert sorted(check(store)) == sorted(f"The trigger {name} is missing." for name in names)


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_task_made_while_its_lead_is_handed_on_goes_along(desk: Desk, store: DbStore) -> None:
    """Else the trigger of each side would see what the other is about to leave behind."""
    lead = add(desk, KYIV)
    task = text("INSERT INTO task (lead_id, kind, due_at) VALUES (:lead, 'call', 1)")
    made = threading.Event()

    def make() -> None:
        with store.writing() as connection:
            connection.execute(task, {"lead": lead.id})
            connection.commit()
        made.set()

    with store.writing() as connection:
        handed = {"me": desk.user.id, "lead": lead.id}
        connection.execute(text("UPDATE lead SET owner_id = :me WHERE id = :lead"), handed)
        other = threading.Thread(target=make)
        other.start()
        waits = text(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        with store.reader.connect() as reader:
            while not made.is_set() and not reader.scalar(waits):
                reader.rollback()
        assert not made.is_set()
        connection.commit()
    other.join()
    assert lines(store) == [(desk.user.id, PLANNED_CALL, lead.id)]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_an_operators_queue_reads_nobody_elses_tasks(operator_desk: Desk, store: DbStore) -> None:
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        found.append((statement, values))

    event.listen(store.reader, "before_cursor_execute", note)
    operator_desk.read(Queue(later=False))
    event.remove(store.reader, "before_cursor_execute", note)
    with store.reader.connect() as connection:
        plans = [
            line[3]
            for statement, values in found
            if "FROM due" in statement
            for line in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    seeks = [plan for plan in plans if re.search(r"\bdue\b", plan)]
    assert len(seeks) == 2 * 5
    assert all("ix_due_order (owner_id=? AND place=? AND due_at<?)" in plan for plan in seeks)
