"""Opening: what is ours is opened, made or migrated; what is not stays as it was to the byte."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, func, inspect, select, text

from leaddesk.db import schema as shape
from leaddesk.db.check import check
from leaddesk.db.engines import making_engine
from leaddesk.db.opening import open_store
from leaddesk.db.schema import OURS, Schema
from leaddesk.db.store import DbStore
from leaddesk.db.tables import app_user, lead, outcome
from leaddesk.workflow.errors import Refused, Unavailable
from leaddesk.workflow.outcomes import DEFAULT_OUTCOMES
from tests.db.commands import Do
from tests.engines import Databases, TestClock, sit_down


def folder_bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def counts(store: DbStore) -> dict[str, int]:
    with store.reader.connect() as connection:
        named = {"app_user": app_user, "lead": lead, "outcome": outcome}
        return {name: connection.scalar(select(func.count()).select_from(table)) or 0 for name, table in named.items()}


def driver(path: Path, *statements: str) -> None:
    """Change a file behind LeadDesk's back."""
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(str(path), isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "Отдел продаж 100%"
    folder.mkdir()
    return folder


@pytest.fixture
def file(folder: Path, template_file: Path) -> Path:
    return Path(shutil.copy(template_file, folder / "leads.db"))


def test_a_missing_file_is_made_with_its_folders(tmp_path: Path, clock: TestClock) -> None:
    store = open_store(tmp_path / "нет ещё" / "a b" / "leads.db", clock)
    assert counts(store) == {"app_user": 0, "lead": 0, "outcome": len(DEFAULT_OUTCOMES)}
    assert check(store) == []
    store.close()
    assert [path.name for path in (tmp_path / "нет ещё" / "a b").iterdir()] == ["leads.db"]


def test_a_file_of_no_bytes_is_a_new_one(folder: Path, clock: TestClock) -> None:
    (folder / "leads.db").touch()
    store = open_store(str(folder / "leads.db"), clock)
    assert check(store) == []
    store.close()


def test_an_empty_sqlite_file_is_a_new_one(folder: Path, clock: TestClock) -> None:
    driver(folder / "leads.db", "VACUUM")
    driver(folder / "leads.db", "PRAGMA journal_mode = WAL")
    store = open_store(folder / "leads.db", clock)
    assert check(store) == []
    store.close()


def test_a_url_of_a_file_is_a_file(file: Path, clock: TestClock) -> None:
    url = f"sqlite:///{file.as_posix()}"
    store = open_store(url, clock, create=False)
    assert store.path == file
    store.close()


def test_nothing_is_made_unasked(folder: Path, clock: TestClock) -> None:
    with pytest.raises(Refused, match="There is no database"):
        open_store(folder / "missing" / "leads.db", clock, create=False)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"name,phone\nAnna,+380671234567\n", "not a LeadDesk database"),
        (b"\x00", "not a LeadDesk database"),
        (bytes(range(256)) * 64, "encrypted"),
        (b"SQLite format 3\x00" + b"\x00" * 20, "not a LeadDesk|damaged|no LeadDesk|another program"),
        (b"SQLite format 3\x00" + bytes(range(256)) * 32, "another program|cut short|damaged|not a LeadDesk"),
    ],
)
def test_garbage_is_refused_and_left_alone(folder: Path, clock: TestClock, content: bytes, words: str) -> None:
    (folder / "leads.db").write_bytes(content)
    with pytest.raises((Refused, Unavailable), match=words):
        open_store(folder / "leads.db", clock)
    assert folder_bytes(folder) == {"leads.db": content}


def test_a_folder_is_refused(folder: Path, clock: TestClock) -> None:
    with pytest.raises(Refused, match="is a folder"):
        open_store(folder, clock)


def test_another_programs_file_is_refused_and_left_alone(folder: Path, clock: TestClock) -> None:
    driver(folder / "x.db", "PRAGMA journal_mode = WAL", "CREATE TABLE lead (id)", "INSERT INTO lead VALUES (1)")
    before = folder_bytes(folder)
    with pytest.raises(Refused, match="another program"):
        open_store(folder / "x.db", clock)
    assert folder_bytes(folder) == before


def test_a_newer_schema_is_refused_and_left_alone(file: Path, clock: TestClock) -> None:
    driver(file, f"PRAGMA user_version = {OURS.version + 1}")
    before = folder_bytes(file.parent)
    with pytest.raises(Refused, match=r"newer LeadDesk .*Update this program"):
        open_store(file, clock)
    assert folder_bytes(file.parent) == before


def test_a_newer_schema_that_lies_in_the_wal_is_seen(file: Path, clock: TestClock) -> None:
    from sqlcipher3 import dbapi2

    open_store(file, clock).close()
    keeper = dbapi2.connect(str(file), isolation_level=None)
    keeper.execute("PRAGMA wal_autocheckpoint = 0")
    keeper.execute(f"PRAGMA user_version = {OURS.version + 1}")
    assert int.from_bytes(file.read_bytes()[60:64], "big") == OURS.version
    before = {name: data for name, data in folder_bytes(file.parent).items() if not name.endswith("-shm")}
    with pytest.raises(Refused, match="newer LeadDesk"):
        open_store(file, clock)
    assert {n: d for n, d in folder_bytes(file.parent).items() if not n.endswith("-shm")} == before
    keeper.close()


def test_a_file_cut_short_is_told(file: Path, clock: TestClock) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])
    with pytest.raises(Unavailable, match="cut short"):
        open_store(file, clock)
    assert folder_bytes(file.parent) == {"leads.db": data[: len(data) // 2]}


def test_a_broken_page_is_told(file: Path, clock: TestClock) -> None:
    data = bytearray(file.read_bytes())
    data[100:4096] = bytes(range(256)) * 15 + bytes(156)
    file.write_bytes(bytes(data))
    with pytest.raises(Unavailable, match="damaged"):
        open_store(file, clock)


def test_a_file_that_may_not_be_read_is_told(file: Path, clock: TestClock) -> None:
    file.chmod(0)
    if os.access(file, os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(Unavailable, match="cannot be read"):
        open_store(file, clock)


MAKE = """
import sys
from leaddesk.db.opening import open_store
from leaddesk.db.check import check
from leaddesk.workflow.ports import SystemClock
sys.stdin.readline()
store = open_store(sys.argv[1], SystemClock())
problems = check(store)
assert problems == [], problems
"""


def starters(count: int, target: str) -> list[subprocess.Popen[bytes]]:
    return [
        subprocess.Popen([sys.executable, "-c", MAKE, target], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(count)
    ]


def ends(processes: list[subprocess.Popen[bytes]]) -> list[tuple[int, str]]:
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60)[1].decode("utf-8", "replace") for process in processes]
    return [(process.returncode, words) for process, words in zip(processes, said, strict=True)]


def test_processes_that_make_one_file_at_once_all_get_it(folder: Path, clock: TestClock) -> None:
    assert ends(starters(3, str(folder / "leads.db"))) == [(0, "")] * 3
    store = open_store(folder / "leads.db", clock, create=False)
    assert counts(store)["outcome"] == len(DEFAULT_OUTCOMES)
    store.close()


def test_opening_what_is_up_to_date_imports_no_alembic(file: Path) -> None:
    code = (
        "import sys; from leaddesk.db.opening import open_store; from leaddesk.workflow.ports import SystemClock;"
        "open_store(sys.argv[1], SystemClock()).close(); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]


# Migrations: one more revision of the test's own

ADDS = f"""
import sqlalchemy as sa
from alembic import op

revision = "{OURS.version + 1:04d}"
down_revision = "{OURS.revision}"


def upgrade():
    op.add_column("lead", sa.Column("shoe_size", sa.Integer))
    op.create_index("ix_lead_shoe_size", "lead", ["shoe_size"])
    op.execute("UPDATE lead SET shoe_size = 41")
"""  # noqa: S608 - a migration of the test's own
REMAKES = """
    with op.batch_alter_table("lead") as batch:
        batch.alter_column("score", type_=sa.BigInteger)
"""
FAILS = """
    raise ValueError("half-way")
"""
FORGETS = """
    op.drop_index("ix_lead_shoe_size")
"""


def second(folder: Path, *more: str) -> Schema:
    """The schema with a shoe size, and the revision leading there."""
    revisions = folder / "ревизии 2; 100%"
    revisions.mkdir(parents=True)
    (revisions / "two.py").write_text(ADDS + "".join(more), encoding="utf-8", newline="\n")
    metadata = MetaData(naming_convention=OURS.metadata.naming_convention)
    for table in OURS.metadata.sorted_tables:
        table.to_metadata(metadata)
    metadata.tables["lead"].append_column(Column("shoe_size", Integer, index=True))
    return Schema(OURS.version + 1, metadata, (*OURS.revisions, revisions))


def with_leads(target: str | Path, clock: TestClock) -> None:
    from leaddesk.workflow.entities import Lead

    store = open_store(target, clock, create=False)
    sit_down(store, clock).do(Do(lambda work: work.add_many([Lead(name=f"Lead {n}") for n in range(3)])))
    with store.writing() as connection:
        connection.execute(text("INSERT INTO lease (lead_id, user_id, taken_at, until) VALUES (1, 1, 0, 1)"))
        connection.commit()
    store.close()


@pytest.mark.parametrize("more", ["", REMAKES])
def test_an_older_schema_is_brought_up_to_date(target: str | Path, tmp_path: Path, clock: TestClock, more: str) -> None:
    with_leads(target, clock)
    newer = second(tmp_path, more)
    store = open_store(target, clock, create=False, schema=newer)
    with store.reader.connect() as connection:
        assert connection.scalars(text("SELECT shoe_size FROM lead")).all() == [41, 41, 41]
        assert connection.scalar(text("SELECT count(*) FROM lease")) == 1
        assert shape.version(connection) == newer.version
        assert "ix_lead_shoe_size" in {index["name"] for index in inspect(connection).get_indexes("lead")}
    assert check(store, newer) == []
    store.close()
    open_store(target, clock, create=False, schema=newer).close()
    if isinstance(target, Path):
        copies = list((target.parent / "backups").iterdir())
        assert [copy.name for copy in copies] == [f"leads-20260302T090000000Z-before-v{OURS.version + 1}.db"]
        copy = open_store(copies[0], clock, create=False)
        assert counts(copy)["lead"] == 3
        assert check(copy) == []
        copy.close()


@pytest.mark.parametrize(("more", "why"), [(FAILS, "half-way"), (FORGETS, "ix_lead_shoe_size is missing")])
def test_a_migration_that_fails_leaves_all_as_it_was(
    target: str | Path, tmp_path: Path, clock: TestClock, more: str, why: str
) -> None:
    with_leads(target, clock)
    before = target.read_bytes() if isinstance(target, Path) else b""
    with pytest.raises(Unavailable, match=rf"could not be brought up to date: .*{why}"):
        open_store(target, clock, create=False, schema=second(tmp_path, more))
    store = open_store(target, clock, create=False)
    assert counts(store)["lead"] == 3
    assert check(store) == []
    store.close()
    if isinstance(target, Path):
        assert target.read_bytes() == before
        assert len(list((target.parent / "backups").glob(f"*-before-v{OURS.version + 1}.db"))) == 1


def test_no_migration_while_an_older_program_has_the_file(
    file: Path, tmp_path: Path, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from leaddesk.db import opening

    older = open_store(file, clock)
    monkeypatch.setattr(opening, "making_engine", partial(making_engine, patience_s=0))
    with pytest.raises(Unavailable, match="another LeadDesk has it open"):
        open_store(file, clock, schema=second(tmp_path))
    assert counts(older)["app_user"] == 2
    older.close()
    assert not (file.parent / "backups").exists()


# PostgreSQL


@pytest.fixture
def empty_url(databases: Databases) -> Iterator[str]:
    url = databases.empty()
    yield url
    databases.drop(url)


def test_an_empty_server_database_is_made_once_by_many(empty_url: str, clock: TestClock) -> None:
    with pytest.raises(Refused, match="no LeadDesk in this database"):
        open_store(empty_url, clock, create=False)
    assert ends(starters(2, empty_url)) == [(0, "")] * 2
    store = open_store(empty_url, clock, create=False)
    assert counts(store)["outcome"] == len(DEFAULT_OUTCOMES)
    store.close()


def test_a_server_database_of_another_program_is_refused(
    empty_url: str, clock: TestClock, databases: Databases
) -> None:
    import psycopg

    with psycopg.connect(empty_url.replace("+psycopg", "", 1)) as connection:
        connection.execute("CREATE TABLE lead (id integer)")
    with pytest.raises(Refused, match="another program's tables"):
        open_store(empty_url, clock)


def test_a_newer_server_schema_is_refused(databases: Databases, clock: TestClock) -> None:
    import psycopg

    url = databases.copy()
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        connection.execute("UPDATE leaddesk_schema SET version = 99")
    with pytest.raises(Refused, match="newer LeadDesk"):
        open_store(url, clock)
    databases.drop(url)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://somewhere/leads", "not on “mysql”"),
        ("postgresql://user@server:door/leads", "cannot be read"),
        ("postgresql://nobody:secret@127.0.0.1:1/leads?connect_timeout=2", "cannot be reached"),
    ],
)
def test_addresses_that_lead_nowhere_are_told(url: str, words: str, clock: TestClock) -> None:
    with pytest.raises((Refused, Unavailable), match=words) as told:
        open_store(url, clock)
    assert "secret" not in str(told.value)
