"""A database of version 1, as the first LeadDesk laid it, brought up to date on both engines with nothing lost."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text
from sqlcipher3 import dbapi2

from leaddesk.db.check import check
from leaddesk.db.opening import open_store
from leaddesk.db.version import APPLICATION_ID
from leaddesk.workflow.cards import LeadCard, Search
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Lead, Refusal
from leaddesk.workflow.letter_entities import Letter
from leaddesk.workflow.refusals import Reasons
from leaddesk.workflow.undo import Journal, Redo, Undo
from leaddesk.workflow.vocabulary import LetterKind, LetterState, RefusalKind, Role, Status
from tests.db.commands import Do
from tests.engines import Databases, TestClock, sit_down

DATA = Path(__file__).parents[1] / "data" / "v1"
STAMP = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY); INSERT INTO alembic_version VALUES ('0001');"


def rows() -> dict[str, list[dict[str, Any]]]:
    return json.loads((DATA / "rows.json").read_text(encoding="utf-8"))


def lay_file(path: Path) -> None:
    connection = dbapi2.connect(str(path))
    connection.executescript((DATA / "sqlite.sql").read_text(encoding="utf-8") + STAMP)
    for table, lines in rows().items():
        marks = ", ".join("?" * len(lines[0]))
        names = ", ".join(lines[0])
        connection.executemany(
            " ".join(("INSERT INTO", table, f"({names}) VALUES ({marks})")), [tuple(line.values()) for line in lines]
        )
    connection.execute("INSERT INTO search_fts (search_fts) VALUES ('rebuild')")
    # The lead that was undone had an id, and ids are never used twice.
    connection.execute("UPDATE sqlite_sequence SET seq = 6 WHERE name = 'lead'")
    connection.commit()
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 1")
    connection.close()


def lay_server(url: str) -> None:
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        connection.execute((DATA / "postgresql.sql").read_bytes())
        connection.execute(
            STAMP.encode()
            + b"CREATE TABLE leaddesk_schema (version integer NOT NULL); INSERT INTO leaddesk_schema VALUES (1)"
        )
        for table, lines in rows().items():
            names = [sql.Identifier(name) for name in lines[0]]
            insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                sql.Identifier(table), sql.SQL(", ").join(names), sql.SQL(", ").join([sql.Placeholder()] * len(names))
            )
            for line in lines:
                connection.execute(insert, tuple(line.values()))
            if "id" in lines[0] and table != "search_doc":
                connection.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
                    (table, max(line["id"] for line in lines) + 1),
                )


@pytest.fixture
def old(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str | Path]:
    """A database of version 1 with five leads, one of them refused, one a client, one parked, and one undone."""
    if engine_name == "sqlite":
        file = tmp_path / "старый файл.db"
        lay_file(file)
        yield file
        return
    databases: Databases = request.getfixturevalue("databases")
    url = databases.empty()
    lay_server(url)
    yield url
    databases.drop(url)


@pytest.fixture
def old_desk(old: str | Path, clock: TestClock) -> Iterator[Desk]:
    """The desk at it, once it is brought up to date."""
    clock.forward(days=1)
    store = open_store(old, clock, create=False)
    yield sit_down(store, clock, "admin")
    assert check(store) == []
    store.close()


def test_what_was_there_is_there(old_desk: Desk) -> None:
    leads = old_desk.do(Do(lambda work: work.find(Lead))).value
    assert [lead.status for lead in leads] == [
        Status.REFUSED,
        Status.CONVERTED,
        Status.DEFERRED,
        Status.NEW,
        Status.NEW,
    ]
    [refusal] = old_desk.do(Do(lambda work: work.find(Refusal))).value
    assert (refusal.kind, refusal.reason, refusal.words) == (RefusalKind.FULL, "price", "too dear")
    [letter] = old_desk.do(Do(lambda work: work.find(Letter))).value
    assert (letter.kind, letter.state, letter.refusal_id) == (LetterKind.FAREWELL, LetterState.DRAFT, refusal.id)
    assert "Person 0" in letter.body
    assert old_desk.read(LeadCard(leads[0].id)).lead.name == "Person 0"


def test_when_a_lead_was_converted_is_read_from_the_journal(old_desk: Desk) -> None:
    converted = old_desk.do(Do(lambda work: work.find(Lead, status=Status.CONVERTED))).value[0]
    [operation] = [o for o in old_desk.read(Journal()) if o.command == "ConvertLead"]
    assert converted.converted_at == operation.at


def test_reasons_get_their_letters_and_the_new_ones_are_there(old_desk: Desk) -> None:
    reasons = {row.reason.key: row.reason for row in old_desk.read(Reasons())}
    assert reasons["price"].letter == "farewell.price"
    assert reasons["other"].letter == "farewell.other"
    assert (reasons["ignores"].kind, reasons["ignores"].digit) == (RefusalKind.IGNORES, 6)
    assert (reasons["not_now"].kind, reasons["not_now"].digit) == (RefusalKind.NOT_NOW, 7)
    assert reasons["do_not_call"].letter == ""


def test_what_was_undone_before_can_be_done_again(old_desk: Desk) -> None:
    """The journal's row knows nothing of columns that came later: they get what a new row gets."""
    assert old_desk.user.role is Role.ADMIN
    old_desk.do(Redo())
    lead = old_desk.do(Do(lambda work: work.get(Lead, 6))).value
    assert (lead.name, lead.greet, lead.converted_at) == ("Undone", False, None)


def test_old_work_can_still_be_undone(old_desk: Desk) -> None:
    refused = next(o for o in old_desk.read(Journal()) if o.command == "RefuseLead")
    old_desk.do(Undo(refused.id))
    assert old_desk.do(Do(lambda work: work.get(Lead, 1))).value.status is Status.NEW
    assert old_desk.do(Do(lambda work: work.find(Letter))).value == []


def test_the_files_own_copy_is_kept(tmp_path: Path, clock: TestClock) -> None:
    file = tmp_path / "leads.db"
    lay_file(file)
    open_store(file, clock, create=False).close()
    [copy] = (tmp_path / "backups").iterdir()
    with dbapi2.connect(str(copy)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute(str(text("SELECT count(*) FROM lead"))).fetchone() == (5,)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_numbers_are_found_as_they_are_dialled_at_home(old: Path, clock: TestClock) -> None:
    with dbapi2.connect(str(old)) as connection:
        number = ("+36 30 123 4569", "+36301234569", 4)
        connection.execute(
            "UPDATE contact_point SET value = ?, raw = ? WHERE lead_id = ? AND channel = 'phone'", number
        )
    connection.close()
    clock.forward(days=1)
    store = open_store(old, clock, create=False)
    assert [hit.id for hit in sit_down(store, clock, "admin").read(Search("06 30 123"))] == [4]
    assert check(store) == []
    store.close()
