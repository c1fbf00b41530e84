"""What SQLite may hold of a file in memory is bounded, however many connections read."""

from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection
from sqlalchemy.pool import QueuePool

from leaddesk.db.engines import ALONE_CACHE_KB, ALONE_FTS_BYTES, READER_CACHE_KB, READERS, WRITER_CACHE_KB
from leaddesk.db.store import DbStore
from leaddesk.workflow.team import Users
from tests.engines import ADMIN, START

BUDGET_KB = 100 * 1024
"""Of the window's 350 MB."""


def test_all_page_caches_together_stay_within_their_budget() -> None:
    assert WRITER_CACHE_KB + READERS * READER_CACHE_KB <= BUDGET_KB


def test_each_connection_has_the_cache_it_was_given(store: DbStore) -> None:
    if store.is_sqlite:
        with store.writer.connect() as writer, store.reader.connect() as reader:
            sizes = [one.exec_driver_sql("PRAGMA cache_size").scalar() for one in (writer, reader)]
        assert sizes == [-WRITER_CACHE_KB, -READER_CACHE_KB]
        assert cast("QueuePool", store.reader.pool).size() >= READERS


def test_an_import_without_a_window_may_take_more(store: DbStore) -> None:
    store.make_room()
    if store.is_sqlite:
        with store.writer.connect() as writer, store.reader.connect() as reader:
            sizes = [one.exec_driver_sql("PRAGMA cache_size").scalar() for one in (writer, reader)]
        assert sizes == [-ALONE_CACHE_KB, -READER_CACHE_KB]
        with store.writing() as connection:
            connection.exec_driver_sql("UPDATE app_user SET name = name || '!'")
            assert said(connection) == [("hashsize", ALONE_FTS_BYTES)]
            connection.commit()
        written = Path(str(store.path)).read_bytes()
        store.settle()
        assert Path(str(store.path)).read_bytes() != written
        with store.reader.connect() as reader:
            assert said(reader) == []


def said(connection: Connection) -> list[Any]:
    """What the search index was told."""
    told = connection.exec_driver_sql("SELECT k, v FROM search_fts_config WHERE k <> 'version'")
    return [tuple(row) for row in told]


def test_one_reader_after_the_other_reads_from_the_same_warm_pages(store: DbStore) -> None:
    if store.is_sqlite:
        connections = [store.reader.connect() for _ in range(3)]
        last = [connection.connection.dbapi_connection for connection in connections][-1]
        for connection in connections:
            connection.close()
        for _ in range(5):
            with store.reader.connect() as reader:
                assert reader.connection.dbapi_connection is last
    assert store.read(Users(), ADMIN, START) != []
