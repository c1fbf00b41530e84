"""What SQLite may hold of a file in memory is bounded, however many connections read."""

from pathlib import Path
from random import Random
from string import ascii_lowercase
from typing import cast

import pytest
from sqlalchemy.pool import QueuePool

from leaddesk.db.engines import ALONE_CACHE_KB, READER_CACHE_KB, READERS, WRITER_CACHE_KB
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
            connection.commit()
        written = Path(str(store.path)).read_bytes()
        store.settle()
        assert Path(str(store.path)).read_bytes() != written


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("alone", [True, False])
def test_the_search_index_of_a_chunk_is_one_piece_and_the_file_keeps_nothing_of_that(
    store: DbStore, alone: bool
) -> None:
    dice = Random(1)
    texts = [(n, "".join(dice.choices(ascii_lowercase, k=300))) for n in range(1, 8001)]
    if alone:
        store.make_room()
    with store.writing() as connection:
        connection.exec_driver_sql("INSERT INTO search_fts(rowid, text) VALUES (?, ?)", texts)
        connection.commit()
    with store.reader.connect() as reader:
        # The number of a piece stands above the numbers of its pages (fts5_index.c).
        pieces = reader.exec_driver_sql(
            "SELECT count(DISTINCT id >> 37) FROM search_fts_data WHERE id > 10"
        ).scalar_one()
        told = reader.exec_driver_sql("SELECT k FROM search_fts_config").scalars().all()
    assert (pieces == 1) == alone
    assert told == ["version"]


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
