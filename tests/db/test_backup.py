"""Copies are whole, verified, and never cost anybody a file."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from leaddesk.db.backup import KEPT_DAYS, backup, backup_if_due
from leaddesk.db.check import check
from leaddesk.db.opening import open_store
from leaddesk.db.store import DbStore
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import Lead
from leaddesk.workflow.errors import Refused, Unavailable
from tests.db.commands import Do
from tests.engines import TestClock, sit_down


def names(store: DbStore) -> list[str]:
    with store.reader.connect() as connection:
        return list(connection.scalars(text("SELECT name FROM lead ORDER BY id")))


def add(desk: Desk, count: int) -> None:
    desk.do(Do(lambda work: work.add_many([Lead(name=f"Lead {n}") for n in range(count)])))


@pytest.fixture
def file_store(template_file: Path, tmp_path: Path, clock: TestClock) -> DbStore:
    path = tmp_path / "Отдел [1]" / "leads.db"
    path.parent.mkdir()
    path.write_bytes(template_file.read_bytes())
    return open_store(path, clock)


def test_a_copy_holds_what_was_committed_and_stands_alone(file_store: DbStore, clock: TestClock) -> None:
    add(sit_down(file_store, clock), 50)
    done = backup(file_store, None, clock)
    assert file_store.path is not None
    assert done.file == file_store.path.parent / "backups" / "leads-20260302T090000000Z.db"
    assert done.bytes == done.file.stat().st_size
    assert [path.name for path in done.file.parent.iterdir()] == [done.file.name]
    copy = open_store(done.file, clock, create=False)
    assert names(copy) == names(file_store)
    assert len(names(copy)) == 50
    assert check(copy) == []
    copy.close()
    file_store.close()


def test_a_copy_can_be_made_while_others_write(file_store: DbStore, clock: TestClock, tmp_path: Path) -> None:
    desk = sit_down(file_store, clock)
    add(desk, 3000)
    ready, stop = threading.Event(), threading.Event()

    def write() -> None:
        while not stop.is_set():
            add(desk, 1)
            ready.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert ready.wait(30)
        done = backup(file_store, tmp_path / "copy.db", clock)
    finally:
        stop.set()
        writer.join()
    copy = open_store(done.file, clock, create=False)
    assert len(names(copy)) > 3000
    assert check(copy) == []
    copy.close()
    file_store.close()


def test_the_place_of_a_copy(file_store: DbStore, clock: TestClock, tmp_path: Path) -> None:
    assert backup(file_store, tmp_path, clock).file == tmp_path / "leads-20260302T090000000Z.db"
    deep = tmp_path / "новая папка" / "копия.db"
    assert backup(file_store, deep, clock).file == deep
    assert backup(file_store, deep, clock).file == deep, "an older copy may be replaced"
    sheet = tmp_path / "prices.csv"
    sheet.write_bytes(b"a,b\n" * 100)
    with pytest.raises(Refused, match="no LeadDesk database"):
        backup(file_store, sheet, clock)
    assert sheet.read_bytes() == b"a,b\n" * 100
    with pytest.raises(Refused, match="the database itself"):
        backup(file_store, file_store.path, clock)
    with pytest.raises(Unavailable, match="cannot be written"):
        backup(file_store, sheet / "copy.db", clock)
    assert not list(tmp_path.rglob("*.part"))
    file_store.close()


def test_one_copy_a_day_and_a_fortnight_of_them(file_store: DbStore, clock: TestClock) -> None:
    assert file_store.path is not None
    folder = file_store.path.parent / "backups"
    kept = backup(file_store, None, clock).file
    for day in range(KEPT_DAYS + 2):
        done = backup_if_due(file_store, clock)
        assert done is not None, day
        assert backup_if_due(file_store, clock) is None
        clock.forward(days=1)
    daily = sorted(path.name for path in folder.glob("leads-daily-*"))
    assert (len(daily), daily[0], daily[-1]) == (KEPT_DAYS, "leads-daily-20260304.db", "leads-daily-20260317.db")
    assert kept.exists(), "only daily copies are let go of"
    file_store.close()


def test_a_server_is_backed_up_by_its_own_means(
    databases: object, request: pytest.FixtureRequest, clock: TestClock
) -> None:
    url = request.getfixturevalue("databases").copy()
    store = open_store(url, clock)
    with pytest.raises(Refused, match="pg_dump"):
        backup(store, None, clock)
    assert backup_if_due(store, clock) is None
    store.close()
