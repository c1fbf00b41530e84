"""What nobody waits for any more is stopped in the middle, and its connection serves the next question."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text

from leaddesk.db.stopping import stop_here, stoppable
from leaddesk.db.store import DbStore
from leaddesk.workflow.cards import LeadIds
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.patience import Patience, PatienceLost, current

FOR_EVER = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
    "postgresql": "SELECT pg_sleep(600)",
}
UNDER_WAY = text("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(600)'")


@contextmanager
def once_under_way(store: DbStore, lose: Callable[[], None]) -> Iterator[None]:
    """Lose patience when the statement runs."""
    if store.is_sqlite:
        event.listen(store.reader, "before_cursor_execute", lambda *_: lose())
        yield
        return

    def watch() -> None:
        with store.reader.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while not connection.scalar(UNDER_WAY):
                pass
        lose()

    thread = threading.Thread(target=watch)
    thread.start()
    yield
    thread.join()


def test_a_statement_is_stopped_and_its_connection_goes_on(desk: Desk, store: DbStore, engine_name: str) -> None:
    patience = Patience()
    with store.reader.connect() as connection:
        with (
            once_under_way(store, patience.lose),
            pytest.raises(PatienceLost),
            patience.kept(),
            stoppable(connection),
        ):
            connection.execute(text(FOR_EVER[engine_name]))
        connection.rollback()
        assert connection.scalar(text("SELECT 7")) == 7
    assert list(desk.read(LeadIds())) == []


def test_without_patience_nothing_is_begun(desk: Desk) -> None:
    patience = Patience()
    patience.lose()
    with patience.kept():
        assert current() is patience
        with pytest.raises(PatienceLost):
            desk.read(LeadIds())
        with pytest.raises(PatienceLost):
            stop_here()
    assert current() is None
    assert list(desk.read(LeadIds())) == []


def test_what_is_over_is_not_stopped() -> None:
    patience, stopped = Patience(), []
    with patience.stopping(lambda: stopped.append("early")):
        pass
    with patience.stopping(lambda: stopped.append("in time")):
        patience.lose()
    assert patience.is_lost
    assert stopped == ["in time"]
