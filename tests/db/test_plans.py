"""What undo and redo cost follows from the work undone, never from all that ever happened: no plan reads a whole table."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from leaddesk.db.store import DbStore
from leaddesk.workflow.calls import LogCall
from leaddesk.workflow.clients import ConvertLead
from leaddesk.workflow.desk import Command, Desk
from leaddesk.workflow.entities import Task
from leaddesk.workflow.leads import AddLead, EditLead
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.suppressions import Suppress
from leaddesk.workflow.tasks import AddTask, DoneTask
from leaddesk.workflow.undo import Redo, Undo
from leaddesk.workflow.vocabulary import Channel, TaskKind
from tests.db.commands import Do
from tests.workflow.making import KYIV, add

WHOLE = re.compile(r"SCAN (change|lead|letter|operation|later|mine|contact_point|task|c|l|o|t)\b|\(tbl=\?\)")
"""A scan of a table that grows with the floor, or a seek by no more than a table's name."""

DEEDS: dict[str, Callable[[int], Command[Any]]] = {
    "call": lambda lead: LogCall(lead_id=lead, outcome="no_answer"),
    "refusal": lambda lead: RefuseLead(lead_id=lead, reason="price"),
    "conversion": lambda lead: ConvertLead(lead_id=lead),
    "task": lambda _lead: DoneTask(task_id=1, idle=True),
    "edit": lambda lead: EditLead(lead_id=lead, values={"company": "Acme", "country": "UA"}),
    "new lead": lambda _lead: AddLead(values={"name": "Ada"}, points=(PointInput(Channel.EMAIL, "ada@x.example"),)),
    "suppression": lambda _lead: Suppress(KYIV),
}


@contextmanager
def asked(store: DbStore) -> Iterator[list[tuple[str, Any]]]:
    """The statements of a transaction with their parameters."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.lstrip().startswith(("SELECT", "UPDATE", "DELETE", "INSERT")) and not many:
            found.append((statement, parameters))

    event.listen(store.writer, "before_cursor_execute", note)
    yield found
    event.remove(store.writer, "before_cursor_execute", note)


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_undo_and_redo_read_by_index_alone(desk: Desk, store: DbStore, deed: str) -> None:
    lead = add(desk, KYIV, "olena@klochkivska.example")
    desk.do(AddTask(lead_id=lead.id, kind=TaskKind.OFFER, due_at=desk.clock.now()))
    assert desk.do(Do(lambda work: work.find(Task))).value[0].id == 1
    desk.do(DEEDS[deed](lead.id))
    for turn in (Undo(), Redo()):
        with asked(store) as statements:
            desk.do(turn)
        assert len(statements) > 10
        with store.reader.connect() as connection:
            plans = {
                (line[3], statement)
                for statement, parameters in statements
                for line in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            }
        assert not [plan for plan in plans if WHOLE.search(plan[0])]
