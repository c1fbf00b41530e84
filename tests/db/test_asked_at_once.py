"""A server is asked together what a card is sure to read: a card is a few ways there and back, not twenty."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from psycopg.pq import Trace
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from leaddesk.db.prepared import at_once, said
from leaddesk.db.store import DbStore
from leaddesk.workflow.calls import LogCall
from leaddesk.workflow.cards import CardMatches, LeadCard
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.leads import AddNote
from leaddesk.workflow.tasks import AddTask
from leaddesk.workflow.vocabulary import TaskKind
from tests.engines import START
from tests.workflow.making import KYIV, add

on_a_server = pytest.mark.parametrize("engine_name", ["postgresql"])


@contextmanager
def ways(store: DbStore, log: Path) -> Iterator[list[int]]:
    """How often the reader waited for the server: a Sync of the protocol each time."""
    found: list[int] = []
    with log.open("w+b") as file:

        def begin(driver: Any, _record: Any, _proxy: Any) -> None:
            driver.pgconn.trace(file.fileno())
            driver.pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)

        def end(driver: Any, _record: Any) -> None:
            driver.pgconn.untrace()

        event.listen(store.reader, "checkout", begin)
        event.listen(store.reader, "checkin", end)
        yield found
        event.remove(store.reader, "checkout", begin)
        event.remove(store.reader, "checkin", end)
        file.seek(0)
        found.append(sum(line.startswith(b"F") and b"Sync" in line for line in file))


@on_a_server
def test_a_card_is_a_few_ways_to_the_server(desk: Desk, store: DbStore, tmp_path: Path) -> None:
    lead = add(desk, KYIV, "olena@klochkivska.example", name="Olena Hrytsenko")
    desk.do(AddTask(lead_id=lead.id, kind=TaskKind.OFFER, due_at=START + timedelta(days=1)))
    desk.do(AddNote("said", lead_id=lead.id))
    desk.do(LogCall(lead_id=lead.id, outcome="no_answer"))
    # The second time each statement is told to be kept ready, which is a way of its own.
    whole = [desk.read(LeadCard(lead.id, matches=False)) for _ in range(2)][-1]
    with ways(store, tmp_path / "trace") as found:
        assert desk.read(LeadCard(lead.id, matches=False)) == whole
    # Together; then whose numbers are barred, the calls nobody answered, namesakes at the number, names of people.
    assert 0 < found[0] <= 7


def test_a_card_says_the_same_however_it_is_asked_for(desk: Desk, store: DbStore) -> None:
    lead = add(desk, KYIV, name="Olena Hrytsenko")
    add(desk, "+380 67 123 45 99", name="Olena Hrytsenko")
    desk.do(AddNote("said", lead_id=lead.id))
    together = desk.read(LeadCard(lead.id)), desk.read(CardMatches(lead.id))

    def heard(*_: Any) -> None:
        """Whoever listens hears each statement by itself."""

    event.listen(store.reader, "before_cursor_execute", heard)
    assert (desk.read(LeadCard(lead.id)), desk.read(CardMatches(lead.id))) == together
    event.remove(store.reader, "before_cursor_execute", heard)


@on_a_server
def test_an_answer_is_given_once_and_only_while_it_is_new(store: DbStore) -> None:
    counted = said("SELECT count(*) FROM app_user WHERE login <> :but")
    one_more = text("INSERT INTO app_user (login, name, role, state) VALUES ('x', 'X', 'operator', 'active')")
    with store.writing() as connection:
        before = counted.scalar(connection, but="nobody")
        with at_once(connection, (counted, {"but": "nobody"})):
            connection.execute(one_more)
            assert counted.scalar(connection, but="x") == before
            assert counted.scalar(connection, but="nobody") == before
            assert counted.scalar(connection, but="nobody") == before + 1
        with at_once(connection, (counted, {"but": "nobody"})):
            pass
        connection.execute(text("DELETE FROM app_user WHERE login = 'x'"))
        assert counted.scalar(connection, but="nobody") == before


@on_a_server
def test_what_the_server_refuses_is_said_as_ever(store: DbStore) -> None:
    wrong = said("SELECT 1 / :nothing")
    fine = said("SELECT 1")
    with store.reader.connect() as connection:
        connection.begin()
        with (
            pytest.raises(DBAPIError, match="division by zero"),
            at_once(connection, (fine, {}), (wrong, {"nothing": 0})),
        ):
            pytest.fail("It was refused before")
        connection.rollback()
        assert fine.scalar(connection) == 1


@on_a_server
def test_what_is_asked_again_is_prepared_already(desk: Desk, store: DbStore) -> None:
    """The driver forgets what it had prepared after a rollback, and the server would plan a card's statements each time."""
    lead = add(desk, KYIV)
    for _ in range(3):
        desk.read(LeadCard(lead.id))
    with store.reader.connect() as connection:
        kept = connection.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert any("contact_point" in statement for statement in kept)
