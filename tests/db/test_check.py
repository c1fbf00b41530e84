"""`check` sees each kind of damage and says so; a whole database has nothing to say."""

from pathlib import Path

import pytest
from sqlalchemy import text

from leaddesk.db.check import check
from leaddesk.db.store import DbStore
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Client, ContactPoint, Lead, Task
from leaddesk.workflow.ports import Work
from leaddesk.workflow.undo import Undo
from leaddesk.workflow.vocabulary import Channel, Status
from tests.db.commands import Do
from tests.engines import START


def fill(work: Work) -> None:
    client = work.add(Client(name="Ivan"))
    work.add(Lead(name="Anna"))
    lead = work.add(Lead(name="Ivan", status=Status.CONVERTED, client_id=client.id))
    work.add(ContactPoint(lead_id=lead.id, channel=Channel.PHONE, value="+380671234567"))
    work.add(Task(lead_id=lead.id, due_at=START))


def damage(store: DbStore, statement: str) -> None:
    with store.writer.connect() as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        if store.is_sqlite:
            driver.execute("PRAGMA foreign_keys = OFF")
        connection.execute(text(statement))
        connection.commit()
        if store.is_sqlite:
            driver.execute("PRAGMA foreign_keys = ON")


def test_a_whole_database(desk: Desk, store: DbStore) -> None:
    desk.do(Do(fill))
    desk.do(Do(fill))
    desk.do(Undo())
    assert check(store) == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE lead SET client_id = NULL WHERE client_id = 1", "1 × lead: converted, but without a client"),
        ("UPDATE lead SET status = 'new' WHERE client_id = 1", "1 × lead: linked to a client, but not converted"),
        ("UPDATE contact_point SET lead_id = NULL", "1 × contact_point: of nobody's card"),
        ("DELETE FROM task", "1 × task: the journal says otherwise"),
        ("DELETE FROM search_doc WHERE id = 2", "The search knows 1 of 2 leads"),
        ("DROP INDEX ix_lead_list", "The index ix_lead_list is missing"),
        ("DROP TABLE draft", "The table draft is missing"),
        ("ALTER TABLE lead ADD COLUMN shoe_size integer", "The column lead.shoe_size is unknown"),
        ("UPDATE alembic_version SET version_num = '0099'", "marked as revision 0099"),
    ],
)
def test_damage_is_seen(desk: Desk, store: DbStore, statement: str, words: str) -> None:
    desk.do(Do(fill))
    damage(store, statement)
    assert words in "\n".join(check(store))


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE task SET lead_id = 99", "1 × task.lead_id points at a missing lead"),
        ("PRAGMA user_version = 0", "The schema is version 0"),
        ("UPDATE search_doc SET text = 'something else'", "search index does not fit"),
    ],
)
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_damage_only_a_file_can_have(desk: Desk, store: DbStore, statement: str, words: str) -> None:
    desk.do(Do(fill))
    damage(store, statement)
    assert words in "\n".join(check(store))


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_damaged_page_is_seen(desk: Desk, store: DbStore, target: Path) -> None:
    desk.do(Do(lambda work: work.add_many([Lead(name=f"Lead {n}", address="x" * 200) for n in range(500)])))
    store.close()
    data = bytearray(target.read_bytes())
    middle = len(data) // 8192 * 4096
    for page in range(middle, middle + 30 * 4096, 4096):
        data[page + 8 : page + 200] = bytes(range(192))
    target.write_bytes(bytes(data))
    assert any("damaged" in problem for problem in check(store))


def test_what_the_journal_ended_is_not_there_again(desk: Desk, store: DbStore) -> None:
    desk.do(Do(fill))
    desk.do(Do(lambda work: work.add(Task(lead_id=1, due_at=START))))
    desk.do(Undo())
    damage(store, "INSERT INTO task (id, lead_id, due_at) VALUES (2, 1, 0)")
    assert check(store) == ["1 × task: the journal says otherwise than the table about what is there."]


def test_the_journal_speaks_of_no_table_there_is_not(desk: Desk, store: DbStore) -> None:
    desk.do(Do(fill))
    damage(store, "INSERT INTO change (operation_id, tbl, row_id) VALUES (1, 'shoe', 1)")
    assert check(store) == ["The journal speaks of a table shoe that there is not."]


def test_a_check_says_how_far_it_is(desk: Desk, store: DbStore) -> None:
    told: list[tuple[int, int]] = []
    desk.do(Do(fill))
    assert check(store, progress=lambda done, of: told.append((done, of))) == []
    assert [done for done, _ in told] == list(range(told[0][1] + 1))
    assert {of for _, of in told} == {told[0][1]}
