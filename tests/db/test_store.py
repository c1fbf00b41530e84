"""The connections are what they are said to be."""

from pathlib import Path

import pytest
from sqlalchemy import text

from leaddesk.db.errors import translated
from leaddesk.db.store import DbStore
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.errors import Unavailable
from tests.db.commands import Do

only_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@only_sqlite
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 15000),
        ("temp_store", 2),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
    ],
)
def test_pragmas_are_in_force(store: DbStore, pragma: str, value: object) -> None:
    for engine, reads_only in ((store.writer, 0), (store.reader, 1)):
        with engine.connect() as connection:
            assert connection.scalar(text(f"PRAGMA {pragma}")) == value
            assert connection.scalar(text("PRAGMA query_only")) == reads_only


@only_sqlite
def test_readers_cannot_write(store: DbStore) -> None:
    with pytest.raises(Unavailable, match="cannot be written"), translated(), store.reader.connect() as connection:
        connection.execute(text("UPDATE app_user SET name = 'x'"))


@only_sqlite
def test_a_disk_that_is_full_is_told_and_nothing_is_lost(desk: Desk, store: DbStore) -> None:
    desk.do(Do(lambda work: work.add(Lead(name="Kept"))))
    with store.writer.connect() as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        pages = connection.scalar(text("PRAGMA page_count"))
        driver.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(Unavailable, match="disk is full"):
        desk.do(Do(lambda work: work.add_many([Lead(name="x" * 5000) for _ in range(100)])))
    assert [lead.name for lead in desk.do(Do(lambda work: work.find(Lead))).value] == ["Kept"]


@only_sqlite
def test_a_file_gone_bad_while_open_is_told(desk: Desk, store: DbStore, target: Path) -> None:
    desk.do(Do(lambda work: work.add_many([Lead(name=f"Lead {n}", address="x" * 300) for n in range(2000)])))
    store.close()
    with target.open("r+b") as file:
        file.seek(4096 * 20)
        file.write(b"\xff" * 4096 * 100)
    with pytest.raises(Unavailable, match="damaged"):
        desk.do(Do(lambda work: work.find(Lead)))


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_a_server_that_hung_up_is_told_and_come_back_to(desk: Desk, store: DbStore) -> None:
    def hang_up(work: object) -> None:
        with store.reader.connect() as other:
            other.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        work.add(Lead(name="never"))  # type: ignore[attr-defined]

    with pytest.raises(Unavailable, match="cannot be reached"):
        desk.do(Do(hang_up))
    assert desk.do(Do(lambda work: work.find(Lead))).value == []
