"""What a person waits for reads no table from end to end on a server with a million leads, with values known and unknown.

The server plans by what it counted. So it is told that the few thousand rows of these tests are millions.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from leaddesk.db.schema import OURS
from leaddesk.db.store import DbStore
from leaddesk.ui.columns import LEADS
from leaddesk.workflow.assignment import AssignLeads
from leaddesk.workflow.calls import LogCall, OutcomePreview
from leaddesk.workflow.cards import CardMatches, Filter, LeadCard, LeadIds, LeadRows, Search
from leaddesk.workflow.clients import ConvertLead
from leaddesk.workflow.desk import Command, Desk, Question
from leaddesk.workflow.duplicates import Lookalikes
from leaddesk.workflow.leads import AddLead, AddNote, EditLead
from leaddesk.workflow.parking import DeferLead
from leaddesk.workflow.points import PointInput
from leaddesk.workflow.queue import Drawable, Hold, Queue, QueueRowOf, ReleaseLeads, TakeNext
from leaddesk.workflow.refusals import RefuseLead
from leaddesk.workflow.suppressions import Suppress
from leaddesk.workflow.tasks import AddTask, DoneTask
from leaddesk.workflow.undo import Redo, Undo
from leaddesk.workflow.vocabulary import Channel, TaskKind
from tests.engines import START
from tests.workflow.making import KYIV, add

pytestmark = pytest.mark.parametrize("engine_name", ["postgresql"])

MILLION = 1_000_000
GROWN = {
    "lead": MILLION, "contact_point": 2 * MILLION, "search_doc": MILLION, "call": 10 * MILLION, "task": 3 * MILLION,
    "note": MILLION, "due": MILLION // 2, "change": 20 * MILLION, "operation": 5 * MILLION, "refusal": MILLION // 5, "letter": MILLION // 5,
    "client": MILLION // 20, "lead_extra": MILLION,
}  # fmt: skip
"""How many rows the server believes each table to have."""

CROWD = """
    INSERT INTO app_user (login, name, role, state)
    SELECT 'u' || n, 'User ' || n, 'operator', 'active' FROM generate_series(1, 40) n;
    INSERT INTO lead (name, company, status, temperature, score, owner_id, reach, zone_key, name_key, created_at, changed_at,
        last_call_at, retry_at, came_back_at)
    SELECT 'Name ' || n, 'Company ' || n % 700, (ARRAY['new', 'in_progress', 'qualified', 'refused'])[n % 4 + 1],
        (ARRAY['hot', 'warm', 'cold'])[n % 3 + 1], n % 90, CASE WHEN n % 5 > 0 THEN n % 42 + 1 END, 'phone',
        'UA|Europe/Kyiv', 'name' || n, 1000 + n, 1000 + n, CASE WHEN n % 4 > 0 THEN 2000 + n END,
        CASE WHEN n % 4 = 1 THEN 3000 + n END, CASE WHEN n % 50 = 1 THEN 3000 + n END
    FROM generate_series(1, 3000) n;
    INSERT INTO contact_point (lead_id, channel, value, key)
    SELECT id, 'phone', '+38067' || id, '+38067' || id FROM lead WHERE id > 1;
    INSERT INTO task (lead_id, owner_id, kind, title, due_at, promised, done_at)
    SELECT id, owner_id, (ARRAY['call', 'offer'])[id % 2 + 1], 'Task', 4000 + id, id % 3 / 2,
        CASE WHEN id % 4 > 0 THEN 5000 + id END FROM lead, generate_series(1, 2);
    INSERT INTO call (lead_id, user_id, started_at, outcome) SELECT id, owner_id, 6000 + id, 'no_answer' FROM lead;
    INSERT INTO note (lead_id, user_id, at, text) SELECT id, owner_id, 6000 + id, 'said' FROM lead;
    INSERT INTO operation (at, user_id, command, words) SELECT 7000 + n, n % 42 + 1, 'LogCall', '' FROM generate_series(1, 3000) n;
    INSERT INTO change (operation_id, tbl, row_id, lead_id, cols, before, after)
    SELECT id, 'lead', id % 3000 + 1, id % 3000 + 1, 'score', '{}', '{}' FROM operation;
    INSERT INTO search_doc (id, text)
    SELECT id * 2, 'name ' || md5(id::text) || ' company +38067' || id FROM lead WHERE id > 1;
    INSERT INTO lead_extra (id, fields) SELECT id, '{"shoe": "42"}' FROM lead;
    INSERT INTO client (name, company, changed_at) SELECT 'Client ' || n, 'Firm ' || n, n FROM generate_series(1, 2000) n;
    INSERT INTO refusal (lead_id, user_id, at, reason) SELECT id, owner_id, 8000 + id, 'price' FROM lead;
    INSERT INTO letter (lead_id, refusal_id, state, created_at, kind)
    SELECT lead_id, id, 'sent', 9000 + id, 'farewell' FROM refusal;
    ANALYZE;
"""
TAKE_FOR_MORE = """
    CREATE TEMP TABLE grown ON COMMIT DROP AS SELECT key::regclass AS oid, value::int AS rows FROM json_each_text(%s);
    UPDATE pg_class c SET reltuples = c.reltuples * grown.rows / greatest(t.reltuples, 1)
    FROM pg_index x, grown, pg_class t WHERE c.oid = x.indexrelid AND x.indrelid = grown.oid AND t.oid = grown.oid;
    UPDATE pg_class c SET reltuples = grown.rows FROM grown WHERE c.oid = grown.oid
"""
PLACE = re.compile(r"%\((\w+)\)s")
Plan = dict[str, Any]
LEADING = {
    str(index.name): index.columns[0].name
    for name in GROWN
    for index in OURS.metadata.tables[name].indexes
    if index.dialect_options["postgresql"]["where"] is None
}
"""The first column of each index of all rows: unless it is asked for, the index is read from end to end."""


@pytest.fixture
def floor(desk: Desk, store: DbStore) -> Desk:
    """A lead of the admin's to do things to, among what the server takes for a million."""
    lead = add(desk, KYIV, "olena@klochkivska.example", name="Olena Hrytsenko", company="Klochkivska", city="Kharkiv")
    assert lead.id == 1
    desk.do(AddTask(lead_id=1, kind=TaskKind.OFFER, due_at=START))
    with store.writing() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute(CROWD)
        # One by one: only a statement alone takes values.
        for statement in TAKE_FOR_MORE.split(";"):
            driver.execute(statement, [json.dumps(GROWN)] if "%s" in statement else None)
        connection.commit()
    return desk


@contextmanager
def asked(store: DbStore) -> Iterator[list[tuple[str, Any]]]:
    """What is sent to the server, with its values."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if statement.lstrip().startswith(("SELECT", "UPDATE", "DELETE", "INSERT", "WITH")):
            found.append((statement, values[0] if many else values))

    engines = (store.reader, store.writer)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield found
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def planned(store: DbStore, statements: list[tuple[str, Any]], told: str = "") -> Iterator[tuple[str, Plan]]:
    """The plan of each for its values, and the plan for any, of a server told so."""
    assert statements
    for statement, values in statements:
        with store.writer.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute(told)
            yield statement, driver.execute(f"EXPLAIN (FORMAT JSON) {statement}", values).fetchone()[0][0]["Plan"]
            places = list(dict.fromkeys(PLACE.findall(statement)))
            for_any = PLACE.sub(lambda found, p=places: f"${p.index(found[1]) + 1}", statement).replace("%%", "%")
            driver.execute("SET LOCAL plan_cache_mode = force_generic_plan")
            driver.execute(f"PREPARE one AS {for_any}")
            nothing = f"({', '.join(['NULL'] * len(places))})" if places else ""
            yield statement, driver.execute(f"EXPLAIN (FORMAT JSON) EXECUTE one{nothing}").fetchone()[0][0]["Plan"]
            driver.execute("DEALLOCATE one")


def read_whole(plan: Plan, *, under_limit: bool = False) -> Iterator[str]:
    """The large tables a plan reads from end to end: the table itself, or all of an index and the rows it names."""
    kind, table = plan["Node Type"], plan.get("Relation Name") or plan.get("Index Name", "")
    if kind == "Seq Scan" and table in GROWN:
        yield table
    elif not under_limit and plan.get("Index Name") in LEADING:
        sought = re.sub(r"\w+ IS NOT NULL", "", plan.get("Index Cond", ""))
        if not re.search(rf"\b{LEADING[plan['Index Name']]} ", sought):
            yield plan["Index Name"]
    # What is sorted, hashed or counted first is read to its end.
    stops_early = kind == "Limit" or (under_limit and kind not in ("Sort", "Hash", "Aggregate"))
    for part in plan.get("Plans", ()):
        yield from read_whole(part, under_limit=stops_early)


def scanned(plan: Plan) -> Iterator[tuple[str, str]]:
    """How a plan reads tables: the kind of each scan, and its index."""
    if plan["Node Type"].endswith("Scan"):
        yield plan["Node Type"], plan.get("Index Name", "")
    for part in plan.get("Plans", ()):
        yield from scanned(part)


ORDERED_BY = {
    **dict.fromkeys(("temperature", "country"), "ix_lead_words"),
    **dict.fromkeys(("score", "next", "last_call", "touches", "attempts"), "ix_lead_figures"),
}
"""What orders of all leads are read off that no index has in order."""
LATER = START + timedelta(days=3)
QUESTIONS: dict[str, Question[Any]] = {
    "card": LeadCard(1),
    "matches": CardMatches(1),
    "then": OutcomePreview(1, "no_answer"),
    "queue": Queue(later=False),
    "drawable": Drawable(20),
    "passed over": Drawable(20, (5, 6)),
    "why": QueueRowOf(9),
    "rows": LeadRows((1, 2, 3)),
    "own": LeadIds(limit=200),
    "lookalikes": Lookalikes(((Channel.PHONE, KYIV),), "Olena Hrytsemko", "Klochkivska", "Kharkiv"),
    **{f"search {typed}": Search(typed) for typed in ("o", "ol", "klochk", "067 123", "zzzz", "olena klo")},
}
COMMANDS: dict[str, Callable[[], Command[Any]]] = {
    "next": TakeNext,
    "hold": lambda: Hold(1),
    "release": ReleaseLeads,
    "call": lambda: LogCall(lead_id=1, outcome="no_answer", note="rings"),
    "callback": lambda: LogCall(lead_id=1, outcome="callback", at=LATER),
    "refuse": lambda: RefuseLead(lead_id=1, reason="price", words="twice what they pay", until=LATER),
    "convert": lambda: ConvertLead(lead_id=1),
    "task done": lambda: DoneTask(task_id=1, idle=True),
    "task": lambda: AddTask(lead_id=1, kind=TaskKind.CALL, due_at=LATER),
    "park": lambda: DeferLead(lead_id=1, until=LATER),
    "edit": lambda: EditLead(lead_id=1, values={"company": "Acme"}),
    "note": lambda: AddNote("said", lead_id=1),
    "new": lambda: AddLead(values={"name": "Ada"}, points=(PointInput(Channel.EMAIL, "ada@x.example"),)),
    "assign": lambda: AssignLeads(lead_ids=(1,), owner_id=2),
    "bar": lambda: Suppress(KYIV),
}


def test_no_question_a_person_waits_for_reads_a_table_from_end_to_end(
    floor: Desk, operator_desk: Desk, store: DbStore
) -> None:
    whole = []
    for who in (floor, operator_desk):
        for name, question in QUESTIONS.items():
            if who is operator_desk and name in ("card", "then"):
                continue
            with asked(store) as statements:
                who.read(question)
            for statement, plan in planned(store, statements):
                whole += [(name, found, statement) for found in read_whole(plan)]
    assert sorted({(name, found, said[:1500]) for name, found, said in whole}) == []


def test_no_command_of_a_person_reads_a_table_from_end_to_end(floor: Desk, store: DbStore) -> None:
    whole = []
    for name, command in COMMANDS.items():
        with asked(store) as statements:
            done = floor.do(command())
            if done.operation:
                floor.do(Undo())
                floor.do(Redo())
                floor.do(Undo())
        for statement, plan in planned(store, statements):
            whole += [(name, found, statement) for found in read_whole(plan)]
    assert sorted({(name, found, said[:1500]) for name, found, said in whole}) == []


def test_orders_of_all_leads_are_read_off_narrow_indexes(floor: Desk, store: DbStore) -> None:
    with store.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE lead"))
    questions = [LeadIds(sort=column.sort, limit=limit) for column in LEADS if column.sort for limit in (0, 100)]
    for question in (*questions, LeadIds(Filter(owner_id=2))):
        with asked(store) as statements:
            floor.read(question)
        # Of these few rows it would read the table, which is as small.
        plans = planned(store, statements, "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        used = [found for _, plan in plans for found in scanned(plan)]
        assert used
        assert {kind for kind, _ in used} == {"Index Only Scan"}, question
        indexes = {index for _, index in used}
        if question.filter.owner_id or question.sort in ORDERED_BY:
            assert ORDERED_BY.get(question.sort, "ix_lead_figures") in indexes
            assert "ix_lead_list" not in indexes


def test_a_word_is_found_by_trigrams_where_the_server_has_them(
    floor: Desk, operator_desk: Desk, store: DbStore
) -> None:
    with store.reader.connect() as connection:
        has_them = connection.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'"))
        indexes = connection.scalars(text("SELECT indexname FROM pg_indexes WHERE tablename = 'search_doc'")).all()
    assert ("ix_search_doc_text" in indexes) == bool(has_them)
    for who in (floor, operator_desk):
        with asked(store) as statements:
            assert who.read(Search("lochkivs"))
        used = [str(plan) for _, plan in planned(store, statements)]
        assert any("ix_search_doc_text" in plan for plan in used) or not has_them


def test_without_trigrams_the_answers_are_the_same(floor: Desk, store: DbStore) -> None:
    typed = ("klochk", "lena hry", "067 441", "olena@", "CHKIVSKA", "x" * 30, "100%", "_")
    with_them = [floor.read(Search(one)) for one in typed]
    with store.writing() as connection:
        connection.execute(text("DROP EXTENSION IF EXISTS pg_trgm CASCADE"))
        connection.commit()
    assert [floor.read(Search(one)) for one in typed] == with_them
    assert with_them[0]
