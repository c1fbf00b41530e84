"""The first page is the head of the queue, word for word, or there is none; and it leaves the database alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, text

from leaddesk.db import first_line
from leaddesk.db.first_page import FirstPage, Member, read
from leaddesk.db.mapping import mapper
from leaddesk.db.store import DbStore
from leaddesk.db.version import SCHEMA_VERSION
from leaddesk.workflow.entities import Call, Lead, Source
from leaddesk.workflow.errors import Refused
from leaddesk.workflow.queue import Queue
from leaddesk.workflow.vocabulary import PartOfDay, Reach, Section, Status
from tests.engines import START, TestClock, sit_down
from tests.properties.floor import fast_store, fresh_file
from tests.properties.test_queue import One, desks, fill, moments, ones, rows_of

ROOT = Path(__file__).resolve().parents[2]


def page(path: str | Path, login: str, now: datetime, most: int = 20) -> FirstPage | None:
    return read(path, lambda people: next(one for one in people if one.login == login), now, most)


@settings(max_examples=80, deadline=None)
@given(st.lists(ones, max_size=14), moments, st.sampled_from([1, 2, 3, 5, 20]), desks)
def test_it_is_the_head_of_the_queue_word_for_word(many: list[One], now: datetime, most: int, who: str) -> None:
    path = fresh_file()
    store = fast_store(path)
    try:
        fill(store, *rows_of(many, now))
        the_same_words(store, now, most, who)
    finally:
        store.close()
        shutil.rmtree(path.parent, ignore_errors=True)


@pytest.mark.parametrize("engine_name", ["postgresql"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(many=st.lists(ones, max_size=14), now=moments, most=st.sampled_from([1, 2, 3, 5, 20]), who=desks)
def test_on_a_server_too(store: DbStore, many: list[One], now: datetime, most: int, who: str) -> None:
    with store.writing() as connection:
        connection.execute(text("TRUNCATE lead, task, due, lease CASCADE"))
        connection.commit()
    fill(store, *rows_of(many, now))
    the_same_words(store, now, most, who)


def the_same_words(store: DbStore, now: datetime, most: int, who: str) -> None:
    desk = sit_down(store, TestClock(now), who)
    due = tuple(row for row in desk.read(Queue()).rows if row.section is not Section.LATER)
    found = page(store.target, who, now, most)
    if found is None:
        assert due == ()
        return
    assert found.user_id == desk.user.id
    assert found.rows == due[: len(found.rows)]
    # One lead may have several tasks; whether others follow after as many as were asked for is not known.
    assert len(found.rows) == len(due) or most <= 5
    assert found.rows


def add(store: DbStore, *rows: Lead | Call | Source) -> None:
    with store.writing() as connection:
        for row in rows:
            m = mapper(type(row))
            connection.execute(insert(m.table), [m.stored(row)])
        connection.commit()


def fill_with_two(made: DbStore) -> None:
    hour = timedelta(hours=1)
    lead = Lead(
        id=7,
        name="Olena",
        company="Svitanok",
        status=Status.IN_PROGRESS,
        reach=Reach.PHONE,
        zone_key="UA|Europe/Kyiv",
        source_id=1,
        attempts=2,
        retry_at=START - hour,
        last_call_at=START - hour,
    )
    noted = Lead(
        id=8, company="Zorya", reach=Reach.PHONE, zone_key="UA|Europe/Kyiv", source_id=1, score=5, created_at=START
    )
    add(made, Source(id=1, name="Fair in Lviv"), lead, noted)
    for number, part in enumerate((PartOfDay.MORNING, PartOfDay.EVENING)):
        at = START - hour * (2 - number)
        add(made, Call(id=number + 1, lead_id=7, started_at=at, outcome="no_answer", part=part, note="gate code 7"))


@pytest.fixture
def filled() -> DbStore:
    made = fast_store(fresh_file())
    fill_with_two(made)
    return made


def test_calls_sources_and_scores_are_told_as_the_queue_tells_them(store: DbStore) -> None:
    fill_with_two(store)
    desk = sit_down(store, TestClock(START), "boss")
    full = desk.read(Queue()).rows
    found = page(store.target, "boss", START)
    assert found is not None
    assert found.rows == full
    assert [row.why for row in full] == [
        "Fair in Lviv, 5 points. Incomplete: ask who decides",
        "Attempt 3 of 6. Mornings and evenings failed",
    ]


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_server_of_another_schema_or_of_none_is_left_to_the_desk(store: DbStore) -> None:
    fill_with_two(store)
    here = store.target
    assert page(here, "boss", START) is not None
    assert page(here.replace("postgresql+psycopg", "postgresql"), "boss", START) == page(here, "boss", START)
    assert page(here.replace("postgresql+psycopg", "mysql"), "boss", START) is None
    with store.writing() as connection:
        connection.execute(text("UPDATE leaddesk_schema SET version = version + 1"))
        connection.commit()
    assert page(here, "boss", START) is None
    with store.writing() as connection:
        connection.execute(text("DROP TABLE leaddesk_schema"))
        connection.commit()
    assert page(here, "boss", START) is None


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_what_takes_a_server_too_long_in_all_is_left_to_the_desk(
    store: DbStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_with_two(store)
    assert page(store.target, "boss", START) is not None
    # No time at all: to the server's own clock that is no bound for any one question.
    monkeypatch.setattr(first_line, "LATE_S", 0)
    assert page(store.target, "boss", START) is None


def test_it_reads_beside_an_open_window_and_after_one_that_was_killed(filled: DbStore) -> None:
    path = filled.path
    assert path is not None
    log = path.with_name(path.name + "-wal")
    assert log.stat().st_size > 0
    before = page(path, "boss", START)
    assert before is not None
    killed = path.with_name("killed.db")
    for ending in ("", "-wal"):
        shutil.copy(path.with_name(path.name + ending), killed.with_name(killed.name + ending))
    found = page(killed, "boss", START)
    assert found in (before, None)
    filled.close()
    assert not log.exists()
    assert page(path, "boss", START) == before
    assert not log.exists()


@pytest.mark.parametrize("version", [SCHEMA_VERSION - 1, SCHEMA_VERSION + 1])
def test_another_schema_is_left_to_the_desk(filled: DbStore, version: int) -> None:
    path = filled.path
    assert path is not None
    with filled.writing() as connection:
        connection.execute(text(f"PRAGMA user_version = {version}"))
        connection.commit()
    assert page(path, "boss", START) is None
    filled.close()
    before = path.read_bytes()
    assert page(path, "boss", START) is None
    assert path.read_bytes() == before
    assert [other.name for other in path.parent.iterdir()] == [path.name]


def test_what_is_no_file_of_ours_is_left_to_the_desk(filled: DbStore, tmp_path: Path) -> None:
    path = filled.path
    assert path is not None
    filled.close()
    nothing, words, half = tmp_path / "none.db", tmp_path / "words.db", tmp_path / "half.db"
    words.write_text("name;phone\n" * 50, encoding="utf-8")
    shutil.copy(path, half)
    half.with_name("half.db-journal").write_bytes(b"x" * 600)

    def refuse(_people: object) -> Member:
        raise Refused("Say who you are.")

    assert [page(one, "boss", START) for one in (nothing, words, half, tmp_path)] == [None] * 4
    assert read("postgresql://127.0.0.1:1/leads", refuse, START) is None
    assert read(path, refuse, START) is None
    assert not nothing.exists()


def test_nobody_due_is_left_to_the_desk(filled: DbStore) -> None:
    path = filled.path
    assert path is not None
    assert page(path, "boss", datetime(2026, 3, 8, 23, tzinfo=UTC)) is None
    filled.close()


def test_it_needs_none_of_what_a_desk_is_made_of(filled: DbStore) -> None:
    path = filled.path
    assert path is not None
    filled.close()
    code = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC\n"
        "from leaddesk.bootstrap import read_first_page\n"
        "found = read_first_page(Path(sys.argv[1]), 'boss', datetime(2026, 3, 2, 9, tzinfo=UTC))\n"
        "print(len(found.rows), sorted({n.partition('.')[0] for n in sys.modules} & {'sqlalchemy', 'PySide6', 'phonenumbers',"
        " 'babel'}), 'leaddesk.workflow.entities' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[0] == "2 [] False"
